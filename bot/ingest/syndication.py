"""RSS 0.9x, 1.0, 2.0, RDF, Atom 0.3 and 1.0, and CDF: a root element to a Feed.

An empty element never hides a filled one (see `fields` for which is asked first).
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache

from bot.ingest import dates, elements, fields, links, prose
from bot.ingest.elements import (
    Children,
    Document,
    Element,
    attribute,
    children,
    first,
    markup,
    name,
)
from bot.ingest.fields import Fields
from bot.ingest.newest import Newest
from bot.ingest.nouns import Entry, Feed

LONGEST_TITLE = 500  # characters
_TITLE_MARKUP = 10_000  # characters of HTML that are looked at for a title
LONGEST_TEXT = 500_000  # characters of HTML in one entry
_MOST_PEOPLE = 20
_MOST_TAGS = 50

_CONTAINERS = frozenset(("channel", "items"))
_ITEMS = frozenset(("item", "a:entry", "entry", "a:item", "?:item", "?:entry"))


_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}
_DAYS = {
    day: n
    for n, day in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())
}
_PERSON = re.compile(r"[^()<>]{0,200}\(([^()]{1,200})\)")
_ADDRESS = re.compile(r"[^<>]{0,200}<[^<>]{0,200}>")


Base = Callable[[Element], str]  # the address that an element's links are relative to


def is_feed(root: Element, entries: int) -> bool:
    """Whether an element is the root of a feed of a kind that is known here."""
    local = name(root).rpartition(":")[2]
    return local in ("rss", "rdf", "feed", "channel") or (
        entries > 0 and local not in ("html", "opml")
    )


def read(document: Document, *, url: str, zone: str | None, has_base: bool) -> Feed:
    """The feed in a document. `url` resolves relative links, `zone` zoneless dates; `has_base`
    says that an xml:base stands somewhere. RSS's links are relative to the site, where a large
    document names it before its items."""
    # lxml resolves xml:base, but the walk to the root costs: only where one is used.
    base_of: Base = (lambda e: e.base or url) if has_base else (lambda _: url)
    newest, item_base = Newest(), None
    for item in document.items(_Places()):
        if item_base is None:
            item_base = base_of if has_base else _base(document.root, base_of, url)
        _offer(newest, item, item_base, zone)
    root = document.root
    home = _site(root, base_of, url)
    if item_base is None:  # no item stands where items belong
        item_base = base_of if has_base else _base(root, base_of, url)
        for item in [e for e in root.iter() if name(e) in _ITEMS]:
            _offer(newest, item, item_base, zone)
    head = _head(root)
    found = children(head)
    filled = fields.of(found)
    return Feed(
        title=_title(found, filled),
        url=home,
        self_url=_related(found, "self", url),
        hub=_related(found, "hub", url),
        moved_to=links.absolute(first(found, "itunes:new-feed-url"), url),
        lang=_lang(head, found) or _own_lang(root),
        published=_date(found, filled.published, zone),
        updated=_date(found, filled.updated, zone) or dates.read(attribute(head, "lastmod"), zone),
        ttl=_ttl(found),
        skip_hours=_skipped(found, "skiphours", _hour),
        skip_days=_skipped(found, "skipdays", lambda text: _DAYS.get(text.lower())),
        entries=newest.entries,
        dropped=newest.dropped,
    )


def _head(root: Element) -> Element:
    for child in root:
        if name(child).rpartition(":")[2] == "channel":
            return child
    return root


def _site(root: Element, base_of: Base, url: str) -> str:
    """The page that a feed belongs to, as far as it was read."""
    head = _head(root)
    return _head_link(children(head), base_of(head), base_of) or links.absolute(
        attribute(head, "href"), url
    )


def _base(root: Element, base_of: Base, url: str) -> Base:
    """RSS's links are relative to the site, Atom's to the feed."""
    base = url if name(root).startswith("a:") else _site(root, base_of, url) or url
    return lambda _: base


class _Places:
    """Whether an element is an item that stands where items belong: under the root, its channel or
    its `items`. All items of most feeds have one parent, which is judged once."""

    def __init__(self) -> None:
        self._last: Element = None

    def __call__(self, element: Element) -> bool:
        if name(element) not in _ITEMS:
            return False
        parent = element.getparent()
        if parent is None or (parent is not self._last and not self._is_place(parent)):
            return False
        self._last = parent
        return True

    def _is_place(self, parent: Element) -> bool:
        above = parent.getparent()
        if above is None:
            return True
        return above.getparent() is None and name(parent).rpartition(":")[2] in _CONTAINERS


def _offer(newest: Newest, item: Element, base_of: Base, zone: str | None) -> None:
    found = children(item)
    filled = fields.of(found)
    published = _date(found, filled.published, zone) if filled.published else None
    updated = _date(found, filled.updated, zone) if filled.updated else None
    if updated is None and item.keys():
        updated = dates.read(attribute(item, "lastmod"), zone)
    at = published or updated
    moment = at.timestamp() if at else 0.0
    if newest.wants(moment):
        if published is None and filled.created:
            published = _date(found, filled.created, zone)
        newest.add(moment, _entry(item, found, filled, base_of, published, updated))


# --- one entry ---------------------------------------------------------------------------------


def _entry(
    item: Element,
    found: Children,
    filled: Fields,
    base_of: Base,
    published: datetime | None,
    updated: datetime | None,
) -> Entry:
    if "media:group" in found or "media:content" in found:
        _lift_media(found)
        filled = fields.of(found)
    guid, guid_link = _guid(item, found, filled, base_of)
    return Entry(
        guid=guid,
        link=_link(item, found, filled, base_of, guid_link),
        title=_title(found, filled),
        summary=_markup(found, filled.summary),
        content=_markup(found, filled.content) if filled.content else "",
        published=published,
        updated=updated,
        authors=_authors(found, filled) if filled.authors else (),
        tags=_tags(found, filled) if filled.categories else (),
        lang=_lang(item, found),
    )


def _lift_media(found: Children) -> None:
    """What stands inside media groups counts as standing in the item, unless it says it itself."""
    for key in ("media:group", "media:content"):
        for group in found.get(key, ()):
            for inner, inside in children(group).items():
                found.setdefault(inner, inside)


def _guid(item: Element, found: Children, filled: Fields, base_of: Base) -> tuple[str, str]:
    """The identifier, and the link that it stands for where it is a permanent link."""
    for key in filled.guids:
        for element in found[key]:
            text = elements.plain(element)
            if text:
                if key == "a:id" and "/" in text and ":" not in text:
                    text = links.absolute(text, base_of(element)) or text
                permalink = key.endswith("guid") and _is_permalink(element)
                return text, text if permalink and text.lower().startswith("http") else ""
    about = item.get(elements.RDF_ABOUT, "").strip() if item.keys() else ""
    return about, about if about.lower().startswith("http") else ""


def _is_permalink(element: Element) -> bool:
    return attribute(element, "ispermalink").lower() != "false"


def _link(item: Element, found: Children, filled: Fields, base_of: Base, guid_link: str) -> str:
    for element in found.get("feedburner:origlink", ()):
        original = links.absolute(elements.plain(element), base_of(element))
        if original:
            return original
    return (
        _best_link(found, filled, base_of)
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


def _best_link(found: Children, filled: Fields, base_of: Base) -> str:
    """The first link to a page in HTML, else the first to the page in any format."""
    best = ""
    for key in filled.links:
        for element in found[key]:
            url, rank = _candidate(element, base_of)
            if url and rank == 0:
                return url
            best = best or (url if rank == 1 else "")
    return best


def _candidate(element: Element, base_of: Base) -> tuple[str, int]:
    """A link's URL and how good it is: 0 the page itself, 1 the page in another format, 2 no."""
    # Most links have no attribute, and to ask for one costs more than to ask whether there is any.
    href = element.keys() and (element.get("href") or element.get(elements.RDF_RESOURCE))
    if not href:
        return links.absolute(elements.plain(element), base_of(element)), 0
    rel = (element.get("rel") or "alternate").strip().lower()
    kind = (element.get("type") or "text/html").lower()
    if rel.rpartition("/")[2] != "alternate":
        return "", 2
    return links.absolute(href, base_of(element)), 0 if "html" in kind else 1


def _head_link(found: Children, base: str, base_of: Base) -> str:
    return _best_link(found, fields.of(found), base_of) or links.absolute(_identifier(found), base)


def _related(found: Children, rel: str, base: str) -> str:
    for key in ("a:link", "link"):
        for element in found.get(key, ()):
            if (element.get("rel") or "").lower() == rel:
                return links.absolute(element.get("href") or "", base)
    return ""


def _title(found: Children, filled: Fields) -> str:
    for key in filled.title:
        for element in found[key]:
            title = prose.line_of(markup(element)[:_TITLE_MARKUP])
            if title:
                return title[:LONGEST_TITLE]
    return ""


def _markup(found: Children, names: tuple[str, ...]) -> str:
    for key in names:
        for element in found[key]:
            text = markup(element)
            if text and not text.isspace():
                return text[:LONGEST_TEXT].strip()
    return ""


def _date(found: Children, names: tuple[str, ...], zone: str | None) -> datetime | None:
    """The first date of these elements; of two of one name the later one is the correction."""
    for key in names:
        for element in reversed(found[key]):
            text = element.text or element.get("value") or ""
            moment = dates.read(text, zone) if text else None
            if moment:
                return moment
    return None


def _lang(element: Element, found: Children) -> str | None:
    own = element.get(elements.XML_LANG) if element.keys() else None
    if not own and ("language" in found or "dc:language" in found):
        own = first(found, "language", "dc:language")
    return own.strip().replace("_", "-") or None if own else None


def _own_lang(root: Element) -> str | None:
    return root.get(elements.XML_LANG) or None


def _authors(found: Children, filled: Fields) -> tuple[str, ...]:
    """The names in the worthiest element that has any."""
    for key in filled.authors:
        named = [_person(_named(e)[:400]) for e in found[key][:_MOST_PEOPLE]]
        if any(named):
            return tuple(dict.fromkeys(filter(None, named)))
    return ()


def _named(element: Element) -> str:
    if len(element) == 0:
        return element.text or ""
    return first(children(element), "a:name", "name", "?:name", "foaf:name")


@lru_cache(maxsize=1024)  # few people write a feed
def _person(text: str) -> str:
    """The name in ``mail@host (Name)`` or ``Name <mail@host>``; "" where only a mail stands."""
    text = " ".join(text.split())
    inside = _PERSON.fullmatch(text)
    if inside:
        return prose.line_of(inside.group(1))
    if _ADDRESS.fullmatch(text):
        text = text.partition("<")[0].strip(" \"'")
    return "" if "@" in text and " " not in text else prose.line_of(text)


def _tags(found: Children, filled: Fields) -> tuple[str, ...]:
    tags = [_tag(_labelled(e)[:200]) for key in filled.categories for e in found[key][:_MOST_TAGS]]
    return tuple(dict.fromkeys(filter(None, tags)))


def _labelled(element: Element) -> str:
    said = element.keys() and (element.get("label") or element.get("term"))
    return said or elements.plain(element)


@lru_cache(maxsize=1024)
def _tag(text: str) -> str:
    return prose.line_of(text)


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
