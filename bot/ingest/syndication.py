"""RSS 0.9x, 1.0, 2.0, RDF, Atom 0.3 and 1.0, and CDF: a root element to a Feed.

Where a feed says one thing twice, the element of its own format wins, then Dublin Core, then media
and podcast extensions; an empty element never hides a filled one.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.ingest import dates, elements, links, prose
from bot.ingest.elements import Children, Element, attribute, children, first, markup, name
from bot.ingest.nouns import Entry, Feed

MOST_ENTRIES = 500  # the newest are kept; more is an archive, not news
LONGEST_TITLE = 500  # characters
_TITLE_MARKUP = 10_000  # characters of HTML that are looked at for a title
LONGEST_TEXT = 500_000  # characters of HTML in one entry
_MOST_PEOPLE = 20
_MOST_TAGS = 50

_ITEMS = frozenset(("item", "a:entry", "entry", "a:item", "?:item", "?:entry"))


class _Names:
    """Element names in the order of their worth."""

    def __init__(self, *names: str) -> None:
        self._order = names
        self._all = frozenset(names)

    def among(self, found: Children) -> list[Element]:
        """The elements of these names, the worthiest name first."""
        if self._all.isdisjoint(found):  # most items have none: one set operation tells
            return []
        return [element for key in self._order if key in found for element in found[key]]

    def corrected(self, found: Children) -> list[Element]:
        """The same, and of two elements of one name the later one first."""
        if self._all.isdisjoint(found):
            return []
        return [element for key in self._order if key in found for element in reversed(found[key])]


_TITLE = _Names("title", "a:title", "dc:title", "media:title", "itunes:title", "?:title")
_SUMMARY = _Names(
    "description", "a:summary", "a:tagline", "a:subtitle", "dc:description", "abstract",
    "media:description", "itunes:summary", "itunes:subtitle", "summary", "?:description",
)  # fmt: skip
_CONTENT = _Names(
    "content:encoded", "a:content", "content", "xhtml:body", "body", "fullitem", "xhtml:div",
    "content_encoded", "?:encoded", "?:body",
)  # fmt: skip
_PUBLISHED = _Names(
    "pubdate", "a:published", "a:issued", "dcterms:issued", "published", "a:pubdate", "?:pubdate",
    "dc:issued",
)  # fmt: skip
_UPDATED = _Names(
    "a:updated", "dcterms:modified", "a:modified", "lastbuilddate", "dc:date", "dc:modified",
    "updated", "?:date",
)  # fmt: skip
_CREATED = _Names("a:created", "dcterms:created", "dc:created", "dcterms:date", "date")
_AUTHORS = _Names("a:author", "dc:creator", "author", "itunes:author", "creator")
_CATEGORIES = _Names("category", "a:category", "dc:subject")
_GUIDS = _Names("guid", "a:id", "id", "?:guid", "dc:identifier")
_LINKS = _Names("link", "a:link", "?:link")
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}
_DAYS = {
    day: n
    for n, day in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())
}
_PERSON = re.compile(r"[^()<>]{0,200}\(([^()]{1,200})\)")
_ADDRESS = re.compile(r"[^<>]{0,200}<[^<>]{0,200}>")


def is_feed(root: Element) -> bool:
    """Whether an element is the root of a feed of a kind that is known here."""
    local = name(root).rpartition(":")[2]
    if local in ("rss", "rdf", "feed", "channel"):
        return True
    return local not in ("html", "opml") and any(name(e) in _ITEMS for e in root.iter())


def read(root: Element, *, url: str, zone: str | None, has_base: bool) -> Feed:
    """The feed below a root element. `url` resolves relative links, `zone` zoneless dates;
    `has_base` says that an xml:base stands somewhere."""
    head = _head(root)
    found = children(head)
    # lxml resolves xml:base, but the walk to the root costs: only where one is used.
    base_of: Callable[[Element], str] = (lambda e: e.base or url) if has_base else (lambda _: url)
    site = _head_link(found, base_of(head), base_of) or links.absolute(attribute(head, "href"), url)
    is_atom = name(head).startswith("a:")
    items = _items(root)
    kept = _newest(items, zone)
    item_base = base_of if is_atom or has_base or not site else (lambda _: site)
    entries = [_entry(item, item_base, zone) for item in kept]
    return Feed(
        title=_title(found),
        url=site,
        self_url=_related(found, "self", url),
        hub=_related(found, "hub", url),
        moved_to=links.absolute(first(found, "itunes:new-feed-url"), url),
        lang=_lang(head, found) or _own_lang(root),
        published=_date(found, _PUBLISHED, zone),
        updated=_date(found, _UPDATED, zone) or dates.read(attribute(head, "lastmod"), zone),
        ttl=_ttl(found),
        skip_hours=_skipped(found, "skiphours", _hour),
        skip_days=_skipped(found, "skipdays", lambda text: _DAYS.get(text.lower())),
        entries=tuple(entries),
        dropped=len(items) - len(kept),
    )


def _head(root: Element) -> Element:
    for child in root:
        if name(child).rpartition(":")[2] == "channel":
            return child
    return root


def _items(root: Element) -> list[Element]:
    items = [child for child in root if name(child) in _ITEMS]
    for child in root:
        if name(child).rpartition(":")[2] in ("channel", "items"):
            items.extend(e for e in child if name(e) in _ITEMS)
    return items or [e for e in root.iter() if name(e) in _ITEMS]


def _newest(items: list[Element], zone: str | None) -> list[Element]:
    """At most MOST_ENTRIES items in document order: the newest, undated ones as if oldest."""
    if len(items) <= MOST_ENTRIES:
        return items

    def moment(index: int) -> float:
        found = children(items[index])
        at = _date(found, _PUBLISHED, zone) or _date(found, _UPDATED, zone)
        return at.timestamp() if at else 0.0

    ranked = sorted(range(len(items)), key=lambda i: (-moment(i), i))
    return [items[i] for i in sorted(ranked[:MOST_ENTRIES])]


# --- one entry ---------------------------------------------------------------------------------


def _entry(item: Element, base_of: Callable[[Element], str], zone: str | None) -> Entry:
    found = children(item)
    if "media:group" in found or "media:content" in found:
        _lift_media(found)
    guid, guid_link = _guid(item, found, base_of)
    published = _date(found, _PUBLISHED, zone)
    updated = _date(found, _UPDATED, zone)
    if updated is None and item.attrib:
        updated = dates.read(attribute(item, "lastmod"), zone)
    return Entry(
        guid=guid,
        link=_link(item, found, base_of, guid_link),
        title=_title(found),
        summary=_markup(found, _SUMMARY),
        content=_markup(found, _CONTENT),
        published=published or _date(found, _CREATED, zone),
        updated=updated,
        authors=_authors(found),
        tags=_tags(found),
        lang=_lang(item, found),
    )


def _lift_media(found: Children) -> None:
    """What stands inside media groups counts as standing in the item, unless it says it itself."""
    for key in ("media:group", "media:content"):
        for group in found.get(key, ()):
            for inner, inside in children(group).items():
                found.setdefault(inner, inside)


def _guid(item: Element, found: Children, base_of: Callable[[Element], str]) -> tuple[str, str]:
    """The identifier, and the link that it stands for where it is a permanent link."""
    for element in _GUIDS.among(found):
        text = elements.plain(element)
        if text:
            key = name(element)
            if key == "a:id" and "/" in text and ":" not in text:
                text = links.absolute(text, base_of(element)) or text
            permalink = key.endswith("guid") and _is_permalink(element)
            return text, text if permalink and text.lower().startswith("http") else ""
    about = item.get(elements.RDF_ABOUT, "").strip()
    return about, about if about.lower().startswith("http") else ""


def _is_permalink(element: Element) -> bool:
    return attribute(element, "ispermalink").lower() != "false"


def _link(item: Element, found: Children, base_of: Callable[[Element], str], guid_link: str) -> str:
    for element in found.get("feedburner:origlink", ()):
        original = links.absolute(elements.plain(element), base_of(element))
        if original:
            return original
    return (
        _best_link(found, base_of)
        or links.absolute(guid_link, base_of(item))
        or links.absolute(attribute(item, "href"), base_of(item))
        or links.absolute(_identifier(found), base_of(item))
        or _enclosed(found, base_of(item))
    )


def _identifier(found: Children) -> str:
    text = first(found, "a:id")
    return text if text.lower().startswith("http") else ""


def _enclosed(found: Children, base: str) -> str:
    """A podcast's item may have no page, only a file."""
    urls = (links.absolute(attribute(e, "url"), base) for e in found.get("enclosure", ()))
    return next(filter(None, urls), "")


def _best_link(found: Children, base_of: Callable[[Element], str]) -> str:
    """The first link to a page in HTML, else the first to the page in any format."""
    best = ""
    for element in _LINKS.among(found):
        url, rank = _candidate(element, base_of)
        if url and rank == 0:
            return url
        best = best or (url if rank == 1 else "")
    return best


def _candidate(element: Element, base_of: Callable[[Element], str]) -> tuple[str, int]:
    """A link's URL and how good it is: 0 the page itself, 1 the page in another format, 2 no."""
    href = element.get("href") or element.get(elements.RDF_RESOURCE)
    if href is None:
        return links.absolute(elements.plain(element), base_of(element)), 0
    rel = (element.get("rel") or "alternate").strip().lower()
    kind = (element.get("type") or "text/html").lower()
    if rel.rpartition("/")[2] != "alternate":
        return "", 2
    return links.absolute(href, base_of(element)), 0 if "html" in kind else 1


def _head_link(found: Children, base: str, base_of: Callable[[Element], str]) -> str:
    return _best_link(found, base_of) or links.absolute(_identifier(found), base)


def _related(found: Children, rel: str, base: str) -> str:
    for key in ("a:link", "link"):
        for element in found.get(key, ()):
            if (element.get("rel") or "").lower() == rel:
                return links.absolute(element.get("href") or "", base)
    return ""


def _title(found: Children) -> str:
    for element in _TITLE.among(found):
        title = prose.line_of(markup(element)[:_TITLE_MARKUP])
        if title:
            return title[:LONGEST_TITLE]
    return ""


def _markup(found: Children, names: _Names) -> str:
    for element in names.among(found):
        text = markup(element)
        if text and not text.isspace():
            return text[:LONGEST_TEXT].strip()
    return ""


def _date(found: Children, names: _Names, zone: str | None) -> datetime | None:
    for element in names.corrected(found):
        text = element.text or element.get("value") or ""
        moment = dates.read(text, zone) if text else None
        if moment:
            return moment
    return None


def _lang(element: Element, found: Children) -> str | None:
    own = element.get(elements.XML_LANG)
    if not own and ("language" in found or "dc:language" in found):
        own = first(found, "language", "dc:language")
    return own.strip().replace("_", "-") or None if own else None


def _own_lang(root: Element) -> str | None:
    return root.get(elements.XML_LANG) or None


def _authors(found: Children) -> tuple[str, ...]:
    people = _AUTHORS.among(found)
    if not people:
        return ()
    names = [(_person(_named(e)), name(e)) for e in people[:_MOST_PEOPLE]]
    best = next((kind for named, kind in names if named), "")
    return tuple(dict.fromkeys(named for named, kind in names if named and kind == best))


def _named(element: Element) -> str:
    if len(element) == 0:
        return element.text or ""
    return first(children(element), "a:name", "name", "?:name", "foaf:name")


def _person(text: str) -> str:
    """The name in ``mail@host (Name)`` or ``Name <mail@host>``; "" where only a mail stands."""
    text = " ".join(text[:400].split())
    inside = _PERSON.fullmatch(text)
    if inside:
        return prose.line_of(inside.group(1))
    if _ADDRESS.fullmatch(text):
        text = text.partition("<")[0].strip(" \"'")
    return "" if "@" in text and " " not in text else prose.line_of(text)


def _tags(found: Children) -> tuple[str, ...]:
    named = _CATEGORIES.among(found)[:_MOST_TAGS]
    tags = [e.get("label") or e.get("term") or elements.plain(e) for e in named]
    return tuple(dict.fromkeys(prose.line_of(tag[:200]) for tag in tags if tag.strip()))


# --- when to look again ------------------------------------------------------------------------


def _ttl(found: Children) -> timedelta | None:
    """RSS 2.0 `ttl` in minutes, or the syndication module's period and frequency."""
    minutes = first(found, "ttl")
    if minutes.isascii() and minutes.isdigit() and int(minutes[:6]) > 0:
        return timedelta(minutes=int(minutes[:6]))
    period = _PERIODS.get(first(found, "sy:updateperiod").lower())
    if period is None:
        return None
    times = first(found, "sy:updatefrequency")
    count = int(times[:4]) if times.isascii() and times.isdigit() else 1
    return timedelta(hours=period) / max(1, count)


def _skipped(found: Children, key: str, number: Callable[[str], int | None]) -> frozenset[int]:
    values = [
        number(elements.plain(e))
        for group in found.get(key, ())
        for e in group
        if elements.plain(e)
    ]
    return frozenset(v for v in values if v is not None)


def _hour(text: str) -> int | None:
    # RSS 0.91 counted 1 to 24, RSS 2.0 counts 0 to 23: 24 is midnight in both.
    return int(text) % 24 if text.isascii() and text.isdigit() and int(text[:3]) <= 24 else None
