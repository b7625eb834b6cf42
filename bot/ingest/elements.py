"""XML elements of RSS, RDF, Atom and CDF, as names, texts and markup.

One name per meaning, whatever the namespace's spelling: ``dc:creator``, ``title``, ``a:link`` for
Atom's elements. A prefix that was never declared means what it usually means.
"""

import base64
import binascii
import html
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lxml import etree

from bot.errors import ParseError
from bot.ingest.repair import isolate

Element = Any  # lxml ships no types
Children = dict[str, list[Element]]

_PREFIXES = {
    "http://www.w3.org/2005/atom": "a",
    "http://purl.org/atom/ns#": "a",
    "http://example.com/newformat#": "a",
    "http://example.com/necho": "a",
    "http://purl.org/echo/": "a",
    "uri/of/echo/namespace#": "a",
    "http://purl.org/pie/": "a",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/elements/1.0/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    "http://video.search.yahoo.com/mrss": "media",
    "http://video.search.yahoo.com/mrss/": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://example.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.w3.org/xml/1998/namespace": "xml",
    "http://purl.org/rss/1.0/modules/slash/": "slash",
    "http://purl.org/rss/1.0/modules/link/": "l",
    "http://xmlns.com/foaf/0.1/": "foaf",
}
_RSS = (
    "http://purl.org/rss/1.0/",
    "http://my.netscape.com/",
    "http://channel.netscape.com/",
    "http://backend.userland.com/",
    "http://blogs.law.harvard.edu/",
    "http://my.netscape.com/publish/formats/",
    "http://purl.org/net/rss1.1#",
    "http://cyber.law.harvard.edu/",
    "http://www.rssboard.org/",
)
_XML = "{http://www.w3.org/XML/1998/namespace}"
XML_LANG = f"{_XML}lang"
RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
RDF_RESOURCE = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource"
_NAMES: dict[str, str] = {}
_MOST_NAMES = 4096  # an attacker may invent names; the cache must not grow with them
_PLAIN = frozenset(("text", "text/plain", "plain"))
_LENIENT = {
    "recover": True,
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
    "strip_cdata": True,
    "encoding": "utf-8",
}
_ITEM_TAGS = [f"{{*}}{tag}" for tag in ("item", "entry", "url", "Item", "Entry", "ITEM", "ENTRY")]
_PIECE = 64 * 1024  # bytes given to the parser at a time
_MOST_AT_ONCE = 2_000_000  # bytes: below, one tree is faster
_MOST_HELD = 24 * 1024 * 1024  # bytes of memory for one item or head
_LIGHT = _MOST_HELD // 300  # bytes: so few cannot have that weight
_MOST_FAULTS = 20_000  # each costs half a kilobyte of log; an undeclared prefix is one


def tree(xml: bytes, url: str) -> Element:
    """The root element of repaired XML in UTF-8. Raises ParseError (``parse.not_xml``) where no
    element can be made out, ``parse.too_large`` where its tree would take too much memory.

    Limits are libxml2's: 256 levels of depth, 10 MB of one text; what lies beyond is dropped.
    """
    document = Document(xml, url)
    list(document.items(lambda _: False))
    if document.is_stopped:
        raise ParseError("more elements than fit", code="parse.too_large")
    return document.root


class Document:
    """Repaired XML in UTF-8. A large one is read piece by piece: an item is freed when it was
    looked at, so that memory is bounded by one item and the head, and not by the document.

    `root` is what is left of the tree. `is_damaged` says that the parser had to close or drop
    something, `is_stopped` that one item or the head was so large, or the faults were so many,
    that the rest was not read. Raises ParseError (``parse.not_xml``) where there is no element.
    """

    def __init__(self, xml: bytes, url: str) -> None:
        self._xml = xml
        self._url = url
        self.root: Element = None
        self.is_damaged = self.is_stopped = False

    @property
    def is_large(self) -> bool:
        """Whether it is read piece by piece: too large to be read twice."""
        size = len(self._xml)
        return size > _MOST_AT_ONCE or (size > _LIGHT and weight(self._xml) > _MOST_HELD)

    def items(self, is_item: Callable[[Element], bool]) -> Iterator[Element]:
        """The elements with one of the usual names of items that `is_item` accepts, each as soon
        as it is read. What is kept of one must be taken before the next is asked for."""
        self.root = None
        return self._by_piece(is_item) if self.is_large else self._at_once(is_item)

    def _at_once(self, is_item: Callable[[Element], bool]) -> Iterator[Element]:
        faults = self._close(_fed(self._xml))
        isolated = isolate(self._xml) if faults else self._xml
        if isolated != self._xml:
            first, self.root = self.root, None
            if self._close(_fed(isolated)) >= faults:
                self.root = first
        self.is_damaged = faults > 0
        return filter(is_item, self.root.iter(_ITEM_TAGS))

    def _by_piece(self, is_item: Callable[[Element], bool]) -> Iterator[Element]:
        parser = etree.XMLPullParser(events=("end",), tag=_ITEM_TAGS, **_LENIENT)
        last, held, size = None, 0, 0
        # It is read once, so that its beginning must tell whether its leaves need isolation.
        is_broken = _faults(_fed(self._xml[:_PIECE])) > 0
        xml = isolate(self._xml) if is_broken else self._xml
        for at in range(0, len(xml), _PIECE):
            piece = xml[at : at + _PIECE]
            parser.feed(piece)
            for _, element in parser.read_events():
                self._found(element)
                if is_item(element):
                    yield element
                    _free(element, last)
                    last = element
                    held = size = 0
            held, size = held + weight(piece), size + len(piece)
            if max(held - size, 4 * size) > _MOST_HELD or len(parser.feed_error_log) > _MOST_FAULTS:
                self.is_stopped = True
                break
        self.is_damaged = self._close(parser) > 0 or is_broken

    def _found(self, element: Element) -> None:
        """Note the root, and the address that relative ones are resolved against."""
        if self.root is None:
            place = element.getroottree()
            place.docinfo.URL = self._url
            self.root = place.getroot()

    def _close(self, parser: Any) -> int:
        """Note the root; the number of faults that the parser found."""
        try:
            root = parser.close()
        except etree.XMLSyntaxError as error:
            raise ParseError("no element in the text", code="parse.not_xml") from error
        if root is None:
            raise ParseError("no element in the text", code="parse.not_xml")
        self._found(root)
        return _faults(parser)


def _fed(xml: bytes) -> Any:
    parser = etree.XMLParser(**_LENIENT)
    parser.feed(xml)
    return parser


def _faults(parser: Any) -> int:
    # Prefixes without a declaration are so common that they are no damage worth a word.
    return sum(e.domain_name != "NAMESPACE" for e in parser.feed_error_log)


def weight(markup: bytes) -> int:
    """A bound on the bytes that the tree of some markup takes up: what libxml2 needs for an
    element and the text after it, for an attribute with its value, and for the characters."""
    return len(markup) + 270 * markup.count(b"<") + 260 * markup.count(b"=")


def _free(element: Element, last: Element) -> None:
    """Empty an item, and take the one before it out of the tree. Never the latest: the parser may
    still be writing the text after it."""
    element.clear(keep_tail=True)
    if last is not None and last.getnext() is not None:
        last.getparent().remove(last)


def name(element: Element) -> str:
    """The name of an element: ``prefix:local`` in lower case, no prefix for RSS's own."""
    tag = element.tag
    try:
        return _NAMES[tag]
    except (KeyError, TypeError):
        found = _spell(tag) if isinstance(tag, str) else ""
        if len(_NAMES) < _MOST_NAMES:
            _NAMES[tag] = found
        return found


def _spell(tag: str) -> str:
    if tag[0] != "{":
        prefix, colon, local = tag.lower().rpartition(":")
        if not colon:
            return local
        return local if prefix == "rss" else f"{'a' if prefix == 'atom' else prefix}:{local}"
    namespace, _, local = tag[1:].partition("}")
    namespace, local = namespace.lower(), local.lower()
    prefix = _PREFIXES.get(namespace, "")
    if prefix:
        return f"{prefix}:{local}"
    return local if not namespace or namespace.startswith(_RSS) else f"?:{local}"


def children(element: Element) -> Children:
    """An element's children by name, in document order."""
    found: Children = {}
    for child in element:
        key = _NAMES.get(child.tag) or name(child)
        if key in found:
            found[key].append(child)
        else:
            found[key] = [child]
    return found


def attribute(element: Element, wanted: str) -> str:
    """An attribute's value whatever the case of its name, "" without one."""
    found: str | None = element.get(wanted)
    if found is None:
        # By name first: lxml looks for each value from the start, which is quadratic for all.
        spelled = next((k for k in element.keys() if k.lower() == wanted), "")  # noqa: SIM118
        found = element.get(spelled, "") if spelled else ""
    return found.strip()


def plain(element: Element) -> str:
    """The text of an element and of all below it, as written, stripped."""
    if len(element) == 0:
        return (element.text or "").strip()
    return "".join(element.itertext()).strip()


def first(found: Mapping[str, list[Element]], *names: str) -> str:
    """The first text that is not empty, of the elements of these names in this order."""
    for key in names:
        for element in found.get(key, ()):
            text = plain(element)
            if text:
                return text
    return ""


def markup(element: Element) -> str:
    """An element's content as HTML, whatever way it was put in: escaped, CDATA, inline XHTML,
    plain text or base64 (RFC 4287 §3.1, Atom 0.3 `mode`)."""
    if len(element):
        return _inner(element)
    text: str = element.text or ""
    said = element.get("type")
    if not text or (said is None and not name(element).startswith("a:")):
        return text
    kind = (said or "").strip().lower()
    if element.get("mode") == "base64" or _is_base64(element, kind):
        return _from_base64(text, kind)
    return html.escape(text, quote=False) if _is_plain(element, kind) else text


def _is_plain(element: Element, kind: str) -> bool:
    """Atom's texts are plain unless they say otherwise; RSS's are HTML whatever they say."""
    if not name(element).startswith("a:"):
        return kind in _PLAIN and not name(element).startswith("content:")
    if kind in _PLAIN:
        return True
    return not kind and element.get("mode") != "escaped"


def _is_base64(element: Element, kind: str) -> bool:
    """RFC 4287 §4.1.3.3: content of any other media type is base64."""
    return (
        name(element).startswith("a:")
        and "/" in kind
        and not kind.startswith("text/")
        and not kind.endswith(("xml", "json"))
    )


def _from_base64(text: str, kind: str) -> str:
    try:
        decoded = base64.b64decode(text).decode("utf-8")
    except (binascii.Error, ValueError):
        return html.escape(text, quote=False)
    return html.escape(decoded, quote=False) if kind in _PLAIN else decoded


def _inner(element: Element) -> str:
    parts = [html.escape(element.text or "", quote=False)]
    parts.extend(etree.tostring(child, encoding="unicode", method="html") for child in element)
    return "".join(parts)
