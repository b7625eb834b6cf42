"""Bytes to text, before any parser sees them.

A feed's label and its bytes often disagree, and parsers that trust the label (or give up at the
first bad byte) turn the whole feed into mojibake. The order here: byte order mark, the NUL pattern
of UTF-16 and UTF-32, the escapes of ISO-2022-JP, strict UTF-8 (which random bytes hardly ever
satisfy, so it wins over any label), the labels read strictly, the labels with a few bad bytes,
UTF-8 with a few bad bytes, and only then detection by statistics.
"""

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

import chardet

# What a label means in practice: each encoding is read as the superset that its writers use
# (WHATWG Encoding Standard §4.2, and Microsoft's code pages for CJK).
_SUPERSETS = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb-2312": "gb18030",
    "x-gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ms932": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "windows-949": "cp949",
    "big5": "cp950",
    "x-x-big5": "cp950",
    "big5-hkscs": "big5hkscs",
    "tis-620": "cp874",
    "x-euc-jp": "euc_jp",
}
_MULTI_BYTE = frozenset(
    "gb18030 cp932 shift_jisx0213 cp949 cp950 big5hkscs euc_jp euc_jisx0213 euc_kr johab hz".split()
)
# What pages are written in. Python knows more codecs, and some (punycode, unicode_escape) are slow
# or surprising on a stranger's bytes.
_WRITTEN = _MULTI_BYTE | frozenset(
    "utf-8 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 iso8859-2 iso8859-3 "
    "iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14 iso8859-15 "
    "iso8859-16 koi8-r koi8-u cp866 cp874 mac-roman mac-cyrillic cp437 cp850 cp852".split()
)
# Labels that bytes without NULs or a byte order mark cannot mean.
_WIDE = re.compile(r"utf[-_]?(16|32)|ucs[-_]?[24]|u16|u32", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HTTP_LABEL = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:+-]+)", re.IGNORECASE)
_XML_LABEL = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:+-]+)", re.IGNORECASE)
_META_LABEL = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:+-]+)", re.IGNORECASE)
_MARKUP = re.compile(rb"<[^<>]*>")
_JIS_ESCAPE = re.compile(rb"\x1b(?:\$[@B]|\([JI])")
# Characters that make up a third of any text in Chinese, Japanese or Korean.
_COMMON = re.compile(
    "[ぁ-んー、。，的一是不了在人有我他这個们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年過發後"
    "作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实"
    "這個們來為國說時會對過發學現當沒動還進樣開從實이다는을를에의로가고지하기사한도나인어서]"
)
_DECLARATION = 1024  # bytes: HTML wants its label within them (WHATWG HTML §4.2.5.4), XML earlier
_SAMPLE = 64 * 1024  # bytes given to the detector: more does not change its verdict
_PIECE = 256 * 1024  # bytes decoded at a time where the whole text is not needed as one
_TOLERANCE = 1000  # one unreadable character in so many is damage, not a wrong encoding
_FEW = 3  # and so many are damage in a text of any length


def decode(body: bytes, content_type: str = "") -> tuple[str, str]:
    """The text of a body and the Python name of the encoding it was read in.

    `content_type` is the HTTP header. Never fails: bytes that no encoding explains become U+FFFD.

    >>> decode("苹果".encode("gbk"), "text/xml; charset=gbk")
    ('苹果', 'gb18030')
    >>> decode("苹果".encode(), "text/xml; charset=gbk")
    ('苹果', 'utf-8')
    """
    found = _recognised(body, content_type)
    return body[found.start :].decode(found.codec, "replace"), found.name


def transcode(body: bytes, content_type: str, most: int) -> tuple[bytes, str]:
    """The same text in UTF-8, and the name of the encoding that it was in. ValueError where it
    has more than `most` bytes. Works in pieces: as a string, 15 MB may take up 60."""
    found = _recognised(body, content_type)
    if found.is_sound and found.codec == "utf-8":
        return body[found.start :], found.name
    out = bytearray()
    for piece in _decoded(body, found.codec, "replace", found.start):
        out += piece.encode("utf-8", "replace")
        if len(out) > most:
            raise ValueError(f"more than {most} bytes in UTF-8")
    return bytes(out), found.name


class _Encoding(NamedTuple):
    """What a body is in: the name to tell, the codec, where the text starts, and whether it is
    known to hold no bad bytes."""

    name: str
    codec: str
    start: int = 0
    is_sound: bool = False


def _recognised(body: bytes, content_type: str) -> _Encoding:
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _Encoding(name, name, len(mark), _is_strictly(body, name, len(mark)))
    wide = _wide(body[:64])
    if wide:
        return _Encoding(wide, wide)
    if b"\x1b" in body and _JIS_ESCAPE.search(body):
        return _Encoding("iso2022_jp", "iso2022_jp_ext")
    if _is_strictly(body, "utf-8"):
        return _Encoding("utf-8", "utf-8", is_sound=True)
    name = _guess(body, content_type)
    return _Encoding(name, name)


def _decoded(body: bytes, name: str, errors: str, start: int = 0) -> Iterator[str]:
    """The text in pieces. UnicodeDecodeError as from bytes.decode."""
    decoder = codecs.getincrementaldecoder(name)(errors)
    for at in range(start, len(body), _PIECE):
        yield decoder.decode(body[at : at + _PIECE], at + _PIECE >= len(body))


def _wide(head: bytes) -> str | None:
    """UTF-16 or UTF-32 without a byte order mark: markup begins with ASCII, so NULs tell."""
    for name, pattern in (
        ("utf-32-be", b"\0\0\0<"),
        ("utf-32-le", b"<\0\0\0"),
        ("utf-16-be", b"\0<\0"),
        ("utf-16-le", b"<\0"),
        ("utf-16-be", b"\0{\0"),
        ("utf-16-le", b"{\0"),
    ):
        if head.startswith(pattern):
            return name
    return None


def labels(body: bytes, content_type: str) -> tuple[str, ...]:
    """The encodings that the header and the document claim, as Python names, unknown ones left
    out, the header's first (RFC 7303 §3)."""
    head = body[:_DECLARATION]
    claims = [m.group(1) for m in [_HTTP_LABEL.search(content_type)] if m]
    for pattern in (_XML_LABEL, _META_LABEL):
        match = pattern.search(head)
        if match:
            claims.append(match.group(1).decode("ascii", "replace"))
    return tuple(dict.fromkeys(name for claim in claims if (name := _python_name(claim))))


def _python_name(label: str) -> str | None:
    label = label.strip().lower()
    if _WIDE.fullmatch(label):
        return None
    name = _SUPERSETS.get(label.replace("_", "-"), _SUPERSETS.get(label, label))
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):  # unknown, or not a name at all
        return None
    found = _SUPERSETS.get(found, found)
    return found if found in _WRITTEN else None


def _guess(body: bytes, content_type: str) -> str:
    claimed = [name for name in labels(body, content_type) if name != "utf-8"]
    # A single-byte encoding reads any bytes: strict success proves nothing where another claim
    # or the statistics say CJK, so multi-byte claims are tried first.
    claimed.sort(key=_is_single_byte)
    for name in claimed:
        if not _is_single_byte(name) and (strict := _strictly(body, name)):
            return _doubted(body, strict)
    sample = _dense(body)  # reading 15 MB of noise in five ways would take seconds
    for name in [*(n for n in claimed if not _is_single_byte(n)), "utf-8"]:
        if _is_nearly(sample.decode(name, "replace")):
            return name
    detected = _detect(body)
    for name in [n for n in claimed if _is_single_byte(n) and not _is_cjk(detected)]:
        if _is_strictly(body, name):
            return name
    candidates = [*([detected] if detected else []), *claimed, "utf-8", "cp1252"]
    return min(candidates, key=lambda name: _damage(sample.decode(name, "replace")))


def _doubted(body: bytes, name: str) -> str:
    """A CJK label that the body can be read under, or the detector's where that makes more of the
    commonest characters. GB18030 reads nearly all bytes, so that success alone proves little."""
    found = _detect(body)
    if found is None or found == name or not _is_cjk(found):
        return name
    other = _strictly(body, found)
    return other if other and _common(body, other) > 2 * _common(body, name) else name


def _common(body: bytes, name: str) -> int:
    return len(_COMMON.findall(body[: 4 * _SAMPLE].decode(name, "ignore")[:_SAMPLE]))


def _detect(body: bytes) -> str | None:
    # Without the markup, whose label the detector would believe, and whose ASCII hides the rest.
    found = chardet.detect(_MARKUP.sub(b" ", _dense(body)))["encoding"]
    return _python_name(found) if found else None


def _dense(body: bytes) -> bytes:
    """The window of a long body that begins shortly before its first non-ASCII byte; a short body
    whole."""
    if len(body) <= _SAMPLE:
        return body
    match = re.search(rb"[\x80-\xff]", body)
    start = match.start() & ~255 if match else 0  # even, for encodings of two bytes
    return body[start : start + _SAMPLE]


def _is_cjk(name: str | None) -> bool:
    return name in _MULTI_BYTE


def _is_single_byte(name: str) -> bool:
    return name not in _MULTI_BYTE


def _strictly(body: bytes, name: str) -> str | None:
    """The encoding, or its wider form, that reads a body without a bad byte."""
    # Pages from Hong Kong are often labelled plain Big5.
    names = (name, "big5hkscs") if name == "cp950" else (name,)
    return next((n for n in names if _is_strictly(body, n)), None)


def _is_strictly(body: bytes, name: str, start: int = 0) -> bool:
    try:
        for _ in _decoded(body, name, "strict", start):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _damage(text: str) -> int:
    return text.count("\ufffd")


def _is_nearly(text: str) -> bool:
    """Whether a reading has so few bad characters, beside good ones, that they are damage."""
    bad = _damage(text)
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    return bad < good and bad <= max(_FEW, len(text) // _TOLERANCE)
