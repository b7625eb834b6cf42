"""Text that means to be XML, to text that an XML parser reads whole.

Every repair is named, so that an admin can be told what was wrong with a feed. Nothing here
expands a declared entity into another: an entity bomb stays as small as it was sent. All is done
on UTF-8 and in one pass: as strings, the copies of 15 MB with one emoji take up 60 each.
"""

import html.entities
import re
from itertools import islice

from bot.errors import ParseError

_HTML_ENTITIES = {
    name.rstrip(";").encode(): value.encode()
    for name, value in html.entities.html5.items()
    if name.endswith(";")
}
_BOM, _REPLACEMENT = "\ufeff".encode(), "\ufffd".encode()
_START = re.compile(rb"<(?:[?!]|[A-Za-z_])")
_PROLOG = re.compile(rb"\s+|<!--.*?-->|<\?[^<>]{0,1000}>", re.DOTALL)
_ROOT = re.compile(rb"<[A-Za-z_][\w.-]*(?::[\w.-]+)?(\s[^<>]{0,4000})>")
_UNQUOTED = re.compile(rb"(\s[\w:.-]{1,64}\s{0,8}=\s{0,8})([^\s\"'<>=]{1,256})(?=[\s>]|\Z)")
# Elements that hold text alone, up to their end or to where another of them begins.
_LEAF = re.compile(
    rb"(<(title|description|summary|link|guid|content:encoded|category|dc:creator|dc:subject)(?:\s[^<>]{0,1000})?>)"
    rb"((?:[^<]|<(?!/?(?:item|entry|channel|feed)\b|/?\2\b))*+)</\2\s*>",
    re.IGNORECASE,
)
_DOCTYPE = re.compile(rb"<!DOCTYPE\b", re.IGNORECASE)
_DOCTYPE_END = re.compile(rb"\]\s*>")
_ENTITY = re.compile(
    rb"<!ENTITY\s+([\w.:-]{1,64})\s+(?:\"([^\"<>&%]{0,256})\"|'([^'<>&%]{0,256})')\s*>"
)
_INVALID = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTROL_BYTES = bytes(set(range(32)) - set(b"\t\n\r"))
# In UTF-8: U+0080-U+009F, which writers of Windows-1252 did not mean, U+FFFE and U+FFFF.
_ODD_BYTES = re.compile(rb"\xc2[\x80-\x9f]|\xef\xbf[\xbe\xbf]")
_MEANT = {b"\xc2%c" % c: bytes([c]).decode("cp1252", "ignore").encode() for c in range(128, 160)}
_MEANT |= {b"\xef\xbf\xbe": b"", b"\xef\xbf\xbf": b""}
_PIECE = 256 * 1024
_SUSPECT = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)")
_REFERENCE = re.compile(
    rb"<!\[CDATA\[(?:[^\]]++|\](?!\]>))*+(?:\]\]>|\Z)|<!--(?:[^-]++|-(?!->))*+(?:-->|\Z)"
    rb"|&(?!(?:amp|lt|gt|quot|apos);)(?:(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][\w.:-]{0,63});)?",
    re.DOTALL,
)
_AMPERSAND, _HASH = b"&#"
_MOST_ENTITIES = 256
_MOST_DOCTYPES = 2  # one is allowed
_MOST_REFERENCES = 500_000  # of one document, those of XML itself not counted


def mend(xml: bytes) -> tuple[bytes, tuple[str, ...]]:
    """XML in UTF-8 without declaration and document type, and the names of the repairs made to it.

    Names: ``junk_before``, ``control_characters``, ``bad_bytes`` (U+FFFD in place of them),
    ``entities`` (undeclared or HTML ones), ``ampersands`` (bare ones). Raises ParseError
    (``parse.too_large``) for absurd numbers of them.

    >>> mend(b"\\n<?xml version='1.0'?><t>R&D &eacute;</t>")
    (b'<t>R&amp;D \\xc3\\xa9</t>', ('junk_before', 'ampersands', 'entities'))
    """
    made: dict[str, None] = {}
    start = _START.search(xml)
    at = start.start() if start else 0
    if xml[:at].replace(_BOM, b""):
        made["junk_before"] = None
    at, own = _past_doctypes(xml, _past_prolog(xml, at))
    cleaned = _without_controls(_with_quotes(xml[at:]), made)
    if _SUSPECT.search(cleaned):
        cleaned = _References(own, made).apply(cleaned)
    return cleaned, tuple(made)


def _without_controls(xml: bytes, made: dict[str, None]) -> bytes:
    """The bytes without characters that XML 1.0 §2.2 excludes, Windows' mapped."""
    if _has_controls(xml):
        xml = xml.translate(None, _CONTROL_BYTES)
        made["control_characters"] = None
    is_odd = b"\xef\xbf" in xml
    if is_odd and _REPLACEMENT in xml:
        made["bad_bytes"] = None
    if (is_odd or b"\xc2" in xml) and _ODD_BYTES.search(xml):
        for odd, meant in _MEANT.items():
            xml = xml.replace(odd, meant)
    return xml


def _has_controls(xml: bytes) -> bool:
    # Dropping bytes finds them ten times faster than a search does; by pieces it needs no copy.
    pieces = (xml[at : at + _PIECE] for at in range(0, len(xml), _PIECE))
    return any(len(piece.translate(None, _CONTROL_BYTES)) < len(piece) for piece in pieces)


def isolate(xml: bytes) -> bytes:
    """XML with the markup inside its leaf elements escaped: an open ``<b>`` in a title must not
    swallow the link after it. For texts that a parser found broken."""
    return _LEAF.sub(_escape_leaf, xml)


def _escape_leaf(match: re.Match[bytes]) -> bytes:
    start, name, inner = match.groups()
    if b"<" not in inner or b"<![CDATA[" in inner:
        return match[0]
    return b"%b%b</%b>" % (start, inner.replace(b"<", b"&lt;"), name)


def _past_prolog(xml: bytes, at: int) -> int:
    """Where the document type or the root begins: comments and instructions say nothing here."""
    while found := _PROLOG.match(xml, at):
        at = found.end()
    return at


def _with_quotes(xml: bytes) -> bytes:
    """The bytes with quotes around the attribute values of its root that lack them."""
    root = _ROOT.match(xml)
    if not root or not _UNQUOTED.search(root[1]):
        return xml
    start, end = root.span(1)
    return xml[:start] + _UNQUOTED.sub(rb'\1"\2"', xml[start:end]) + xml[end:]


def _past_doctypes(xml: bytes, at: int) -> tuple[int, dict[bytes, bytes]]:
    """Where the document types end, and the plain entities that they declared."""
    own: dict[bytes, bytes] = {}
    for _ in range(_MOST_DOCTYPES):
        match = _DOCTYPE.match(xml, at)
        if match is None:
            break
        end = _doctype_end(xml, match.end())
        for entity in islice(_ENTITY.finditer(xml, match.end(), end), _MOST_ENTITIES):
            own[entity[1]] = entity[2] or entity[3] or b""
        at = _past_prolog(xml, end)
    return at, own


def _doctype_end(xml: bytes, start: int) -> int:
    bracket, close = xml.find(b"[", start), xml.find(b">", start)
    if close < 0:
        return len(xml)
    if 0 <= bracket < close:
        inner = _DOCTYPE_END.search(xml, bracket)
        return inner.end() if inner else len(xml)
    return close + 1


class _References:
    """Rewrites the references of one document; outside CDATA sections and comments only."""

    def __init__(self, own: dict[bytes, bytes], made: dict[str, None]) -> None:
        self._own = own
        self._made = made

    def apply(self, xml: bytes) -> bytes:
        out, at = bytearray(), 0
        for count, match in enumerate(_REFERENCE.finditer(xml)):
            if count == _MOST_REFERENCES:
                raise ParseError(f"more than {count} references", code="parse.too_large")
            if match[0][0] == _AMPERSAND:
                out += xml[at : match.start()]
                out += self._rewritten(match[1])
                at = match.end()
        out += xml[at:]
        return bytes(out)

    def _rewritten(self, name: bytes | None) -> bytes:
        if name is None:
            self._made["ampersands"] = None
            return b"&amp;"
        if name[0] == _HASH:
            return self._numeric(name.decode())
        value = self._own.get(name, _HTML_ENTITIES.get(name))
        self._made["entities"] = None
        return b"&amp;%b;" % name if value is None else _escaped(value)

    def _numeric(self, name: str) -> bytes:
        char = html.unescape(f"&{name};")  # maps the Windows-1252 range as browsers do
        if not char or _INVALID.search(char):
            self._made["control_characters"] = None
            return b""
        return _escaped(char.encode())


def _escaped(value: bytes) -> bytes:
    return value.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")
