"""Text that means to be XML, to text that an XML parser reads whole.

Every repair is named, so that an admin can be told what was wrong with a feed. Nothing here
expands a declared entity into another: an entity bomb stays as small as it was sent.
"""

import html.entities
import re

from bot.errors import ParseError

_XML_ENTITIES = frozenset(("amp", "lt", "gt", "quot", "apos"))
_HTML_ENTITIES = {
    name.rstrip(";"): value for name, value in html.entities.html5.items() if name.endswith(";")
}
_START = re.compile(r"<(?:[?!]|[A-Za-z_])")
_PROLOG = re.compile(r"\s+|<!--.*?-->|<\?[^<>]{0,1000}>", re.DOTALL)
_ROOT = re.compile(r"<[A-Za-z_][\w.-]*(?::[\w.-]+)?(\s[^<>]{0,4000})>")
_UNQUOTED = re.compile(r"(\s[\w:.-]{1,64}\s{0,8}=\s{0,8})([^\s\"'<>=]{1,256})(?=[\s>]|\Z)")
# Elements that hold text alone, up to their end or to where another of them begins.
_LEAF = re.compile(
    r"(<(title|description|summary|link|guid|content:encoded)(?:\s[^<>]{0,1000})?>)"
    r"((?:[^<]|<(?!/?(?:item|entry|channel|feed)\b|/?\2\b))*+)</\2\s*>",
    re.IGNORECASE,
)
_MOST_ISOLATED = 2_000_000  # characters; the search costs a second for every ten million
# U+0080-U+009F are control characters that writers of Windows-1252 did not mean.
_C1 = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_DOCTYPE = re.compile(r"<!DOCTYPE\b", re.IGNORECASE)
_ENTITY = re.compile(
    r"<!ENTITY\s+([\w.:-]{1,64})\s+(?:\"([^\"<>&%]{0,256})\"|'([^'<>&%]{0,256})')\s*>"
)
_INVALID = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTROL_BYTES = bytes(set(range(32)) - set(b"\t\n\r"))
# In UTF-8: U+0080-U+009F, surrogates, U+FFFE and U+FFFF.
_ODD_BYTES = re.compile(rb"\xc2[\x80-\x9f]|\xed[\xa0-\xbf]|\xef\xbf[\xbe\xbf]")
_SUSPECT = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)")
_REFERENCE = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    r"|&(?:(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][\w.:-]{0,63});)?",
    re.DOTALL,
)
_MOST_ENTITIES = 256
_MOST_DOCTYPES = 2  # one is allowed
_MOST_REFERENCES = 1_000_000  # of one document; ten times what a large escaped feed has


def mend(text: str) -> tuple[str, tuple[str, ...]]:
    """XML text without declaration and document type, and the names of the repairs made to it.

    Names: ``junk_before``, ``control_characters``, ``entities`` (undeclared or HTML ones),
    ``ampersands`` (bare ones). Raises ParseError (``parse.too_large``) for absurd numbers of them.

    >>> mend("\\n<?xml version='1.0'?><t>R&D &eacute;</t>")
    ('<t>R&amp;D é</t>', ('junk_before', 'ampersands', 'entities'))
    """
    made: dict[str, None] = {}
    start = _START.search(text)
    if start and text[: start.start()].strip("\ufeff"):
        made["junk_before"] = None
    text = text[start.start() if start else 0 :]
    text, own = _without_doctypes(_without_prolog(text))
    text = _with_quotes(text)
    cleaned = _without_controls(text)
    if len(cleaned) != len(text):
        made["control_characters"] = None
    if _SUSPECT.search(cleaned):
        cleaned = _References(own, made).apply(cleaned)
    return cleaned, tuple(made)


def _without_controls(text: str) -> str:
    """The text without characters that XML 1.0 §2.2 excludes, Windows' mapped to what they mean.
    Nearly all texts have none, and bytes tell so ten times faster than characters."""
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw.translate(None, _CONTROL_BYTES)) == len(raw) and not _ODD_BYTES.search(raw):
        return text
    return _INVALID.sub("", text.translate(_C1))


def isolate(text: str) -> str:
    """XML text with the markup inside its leaf elements escaped: an open ``<b>`` in a title must
    not swallow the link after it. For texts that a parser found broken."""
    return _LEAF.sub(_escape_leaf, text) if len(text) <= _MOST_ISOLATED else text


def _escape_leaf(match: re.Match[str]) -> str:
    start, inner = match.group(1), match.group(3)
    if "<" not in inner or "<![CDATA[" in inner:
        return match.group()
    return f"{start}{inner.replace('<', '&lt;')}</{match.group(2)}>"


def _without_prolog(text: str) -> str:
    """The text from its document type or root on: comments and instructions say nothing here."""
    at = 0
    while found := _PROLOG.match(text, at):
        at = found.end()
    return text[at:]


def _with_quotes(text: str) -> str:
    """The text with quotes around the attribute values of its root that lack them."""
    root = _ROOT.match(text)
    if not root:
        return text
    start, end = root.span(1)
    return text[:start] + _UNQUOTED.sub(r'\1"\2"', text[start:end]) + text[end:]


def _without_doctypes(text: str) -> tuple[str, dict[str, str]]:
    """The text without its document types, and the plain entities that they declared."""
    own: dict[str, str] = {}
    for _ in range(_MOST_DOCTYPES):
        match = _DOCTYPE.match(text)
        if match is None:
            break
        end = _doctype_end(text, match.end())
        for entity in _ENTITY.finditer(text, match.end(), end):
            if len(own) < _MOST_ENTITIES:
                own[entity.group(1)] = entity.group(2) or entity.group(3) or ""
        text = _without_prolog(text[end:])
    return text, own


def _doctype_end(text: str, start: int) -> int:
    bracket, close = text.find("[", start), text.find(">", start)
    if close < 0:
        return len(text)
    if 0 <= bracket < close:
        inner = re.compile(r"\]\s*>").search(text, bracket)
        return inner.end() if inner else len(text)
    return close + 1


class _References:
    """Rewrites the references of one document; outside CDATA sections and comments only."""

    def __init__(self, own: dict[str, str], made: dict[str, None]) -> None:
        self._own = own
        self._made = made

    def apply(self, text: str) -> str:
        text, count = _REFERENCE.subn(self._rewrite, text, count=_MOST_REFERENCES)
        if count == _MOST_REFERENCES:
            raise ParseError(f"more than {count} references", code="parse.too_large")
        return text

    def _rewrite(self, match: re.Match[str]) -> str:
        whole, name = match.group(), match.group(1)
        if whole[0] == "<" or name in _XML_ENTITIES:
            return whole
        if name is None:
            self._made["ampersands"] = None
            return "&amp;"
        if name[0] == "#":
            return self._numeric(name)
        value = self._own.get(name, _HTML_ENTITIES.get(name))
        self._made["entities"] = None
        return f"&amp;{name};" if value is None else _escaped(value)

    def _numeric(self, name: str) -> str:
        char = html.unescape(f"&{name};")  # maps the Windows-1252 range as browsers do
        if not char or _INVALID.search(char):
            self._made["control_characters"] = None
            return ""
        return _escaped(char)


def _escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
