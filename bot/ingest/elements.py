"""XML elements of RSS, RDF, Atom and CDF, as names, texts and markup.

One name per meaning, whatever the namespace's spelling: ``dc:creator``, ``title``, ``a:link`` for
Atom's elements. A prefix that was never declared means what it usually means.
"""

import base64
import binascii
import html
from collections.abc import Mapping
from typing import Any

from lxml import etree

from bot.errors import ParseError

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


def tree(xml: bytes, url: str) -> tuple[Element, bool]:
    """The root element of repaired XML in UTF-8, and whether the parser had to close or drop
    something. Raises ParseError (``parse.not_xml``) where no element can be made out.

    Limits are libxml2's: 256 levels of depth, 10 MB of one text; what lies beyond is dropped.
    """
    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        strip_cdata=True,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(xml, parser, base_url=url)
    except etree.XMLSyntaxError as error:
        raise ParseError("no element in the text", code="parse.not_xml") from error
    if root is None:
        raise ParseError("no element in the text", code="parse.not_xml")
    return root, _is_damaged(parser)


def _is_damaged(parser: Any) -> bool:
    # Prefixes without a declaration are so common that they are no damage worth a word.
    return any(entry.domain_name != "NAMESPACE" for entry in parser.error_log)


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
        found = next((v for k, v in element.items() if k.lower() == wanted), "")
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
    kind = (element.get("type") or "").strip().lower()
    if len(element):
        return _inner(element)
    text: str = element.text or ""
    if not text:
        return ""
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
