"""Pages that list stories but are no feeds: sitemaps, Telegram channel previews, index pages."""

import re
from collections.abc import Iterator
from datetime import datetime

from lxml import etree
from lxml import html as lxml_html

from bot.errors import ParseError
from bot.ingest import dates, links, prose
from bot.ingest.elements import Children, Document, Element, children, first, name, weight
from bot.ingest.newest import Newest
from bot.ingest.nouns import Entry, Feed, NotAFeed
from bot.ingest.syndication import LONGEST_TEXT, LONGEST_TITLE
from bot.text import width

TELEGRAM = b"tgme_widget_message"  # the class that only channel previews have
_SITEMAP = re.compile(rb"<(?:[\w.-]+:)?(?:urlset|sitemapindex)\b", re.IGNORECASE)
_MOST_WEIGHT = 24 * 1024 * 1024  # bytes of memory for the tree of a page
_MOST_CANDIDATES = 20
_MOST_LINKS = 100
_FEWEST_HEADINGS = 3  # headlines in headings; with fewer, all links of the page are read
_SHORTEST_HEADLINE = 20  # columns: a CJK character is two
_ASIDE = frozenset(("nav", "footer", "aside", "header", "form"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4"))
_BLOCKS = frozenset(("article", "li", "section", "tr", "div"))


# --- sitemaps (sitemaps.org, and Google's news extension) --------------------------------------


def is_sitemap(xml: bytes) -> bool:
    """Whether repaired XML is a sitemap or an index of sitemaps."""
    return _SITEMAP.match(xml) is not None


def sitemap(document: Document, *, zone: str | None) -> Feed:
    """The stories in a sitemap. Those with a news title stand for themselves, others have only a
    link and the time of their last change. An index of sitemaps raises NotAFeed with the maps,
    news maps first and then the latest changed."""
    newest = Newest()
    for element in document.items(lambda e: _local(e) == "url"):
        entry = _page_entry(children(element), zone)
        moment = _seconds(entry.published or entry.updated)
        if newest.wants(moment):
            newest.add(moment, entry)
    if _local(document.root) == "sitemapindex":
        raise NotAFeed("an index of sitemaps", _maps(document.root, zone))
    return Feed(entries=newest.entries, dropped=newest.dropped)


def _local(element: Element) -> str:
    return name(element).rpartition(":")[2]


def _pick(found: Children, *locals_: str) -> str:
    return first({k.rpartition(":")[2]: v for k, v in found.items()}, *locals_)


def _maps(root: Element, zone: str | None) -> tuple[str, ...]:
    maps = []
    for element in root:
        found = children(element)
        url = links.absolute(_pick(found, "loc"), "")
        changed = dates.read(_pick(found, "lastmod"), zone)
        if url:
            maps.append(("news" not in url, -_seconds(changed), url))
    return tuple(url for _, _, url in sorted(maps)[:_MOST_CANDIDATES])


def _page_entry(found: Children, zone: str | None) -> Entry:
    news = next((children(e[0]) for k, e in found.items() if k.endswith(":news")), {})
    publication = next((children(e[0]) for k, e in news.items() if k.endswith("publication")), {})
    return Entry(
        link=links.absolute(_pick(found, "loc"), ""),
        title=prose.line_of(_pick(news, "title"))[:LONGEST_TITLE],
        published=dates.read(_pick(news, "publication_date"), zone),
        updated=dates.read(_pick(found, "lastmod"), zone),
        lang=_pick(publication, "language") or None,
    )


def _seconds(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0


# --- Telegram's public preview of a channel (t.me/s/NAME) --------------------------------------


def telegram(markup: bytes, *, url: str) -> Feed:
    """The posts on a channel's preview page, oldest first as there. A post's title is its first
    line; a post without text (a picture alone) is left out."""
    root = _document(markup)
    entries = [entry for post in root.xpath("//div[@data-post]") if (entry := _post(post))]
    if not entries:
        raise NotAFeed("a Telegram page without posts")
    title = root.xpath("string(//meta[@property='og:title']/@content)")
    return Feed(title=prose.line_of(title), url=url, entries=tuple(entries))


def _post(post: Element) -> Entry | None:
    bodies = post.xpath(".//div[contains(concat(' ', @class, ' '), ' tgme_widget_message_text ')]")
    content = _outer(bodies[-1]) if bodies else ""  # a quoted post comes before the reply to it
    text = prose.text_of(content)
    if not text:
        return None
    when = post.xpath("string(.//a[contains(@class, 'tgme_widget_message_date')]//@datetime)")
    author = post.xpath("string(.//*[contains(@class, '_from_author')])")
    return Entry(
        guid=post.get("data-post"),
        link=links.absolute(f"https://t.me/{post.get('data-post')}", ""),
        title=text.partition("\n")[0][:LONGEST_TITLE],
        content=content[:LONGEST_TEXT],
        published=dates.read(when),
        authors=tuple(filter(None, [prose.line_of(author)])),
    )


# --- index pages -------------------------------------------------------------------------------


def index(markup: bytes, *, url: str, zone: str | None) -> Feed:
    """The headlines that a page links to, in the page's order: those in headings where it has
    some, else all links long enough for a headline. Raises NotAFeed for a page without."""
    root = _document(markup)
    found = list(_headlines(root, url, zone))
    in_headings = [entry for entry, is_heading in found if is_heading]
    chosen = in_headings if len(in_headings) >= _FEWEST_HEADINGS else [entry for entry, _ in found]
    unique = {links.canonical(entry.link): entry for entry in reversed(chosen)}
    if not unique:
        raise NotAFeed("a page without headlines")
    kept = tuple(reversed(unique.values()))[:_MOST_LINKS]
    title = prose.line_of(root.xpath("string(//title)"))
    lang = root.xpath("string(/html/@lang)")
    return Feed(title=title[:LONGEST_TITLE], url=url, lang=lang or None, entries=kept)


def _headlines(root: Element, url: str, zone: str | None) -> Iterator[tuple[Entry, bool]]:
    page = links.canonical(url)
    for anchor in root.iter("a"):
        link = links.absolute(anchor.get("href") or "", url)
        text = prose.line_of(_outer(anchor))
        if not link or width(text) < _SHORTEST_HEADLINE or not links.is_telling(link):
            continue
        above = {e.tag for e in anchor.iterancestors()}
        if above & _ASIDE or links.canonical(link) == page:
            continue
        is_heading = bool(above & _HEADINGS) or any(e.tag in _HEADINGS for e in anchor.iter())
        entry = Entry(link=link, title=text[:LONGEST_TITLE], published=_time_near(anchor, zone))
        yield entry, is_heading


def _time_near(anchor: Element, zone: str | None) -> datetime | None:
    block = next((e for e in anchor.iterancestors() if e.tag in _BLOCKS), None)
    if block is None:
        return None
    times = block.xpath(".//time/@datetime")
    return dates.read(str(times[0]), zone) if len(times) == 1 else None


def _document(markup: bytes) -> Element:
    """The tree of a page in UTF-8."""
    if weight(markup) > _MOST_WEIGHT:
        raise ParseError("more markup than a page may hold", code="parse.too_large")
    parser = lxml_html.HTMLParser(encoding="utf-8")
    try:
        return lxml_html.document_fromstring(markup, parser=parser)
    except etree.ParserError as error:
        raise NotAFeed("an empty page") from error


def _outer(element: Element) -> str:
    return str(etree.tostring(element, encoding="unicode", method="html", with_tail=False))
