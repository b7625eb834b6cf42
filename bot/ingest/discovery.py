"""An HTML page to the URLs of the feeds behind it."""

import re
from urllib.parse import urljoin, urlsplit

from bot.ingest import charset, links
from bot.model import Fetched

_TYPES = frozenset(
    "application/rss+xml application/atom+xml application/rdf+xml application/feed+json text/xml "
    "application/xml text/rss+xml application/x-rss+xml text/rss".split()
)
_JSON = "application/json"
_TAG = re.compile(
    r"<(link|base|a)\b((?:\"[^\"<]{0,4000}\"|'[^'<]{0,4000}'|[^<>\"'])*+)>", re.IGNORECASE
)
_ATTRIBUTE = re.compile(r"([\w-]{1,32})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_HEADER_LINK = re.compile(r"<([^<>]{1,2048})>([^<]*)")
_ANCHOR = re.compile(
    r"(?:\.(?:rss|atom|rdf)|/(?:rss|atom|feed)s?(?:/|\.xml|\.json)?|/(?:index|feed|rss|atom)\.(?:xml|json)"
    r"|[?&](?:feed|format|type)=(?:rss2?|atom))/?$",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"comment|コメント|评论|評論|/replies", re.IGNORECASE)
_MOST = 20
_LONGEST = 1_000_000  # characters of a page that are searched
# Where sites that name no feed keep one, most common first.
WELL_KNOWN = (
    "/feed", "/rss", "/atom.xml", "/rss.xml", "/feed.xml", "/index.xml", "/feed.json",
    "/index.rdf", "/rss/news.xml",
)  # fmt: skip


def discover(fetched: Fetched) -> tuple[str, ...]:
    """Feed URLs that a page names, best first: its Link header, its ``link rel=alternate`` and,
    where it has none of these, its anchors that look like feeds. Comment feeds come last."""
    text = charset.decode(fetched.body, fetched.content_type)[0][:_LONGEST]
    base, declared, anchors = fetched.url, _from_header(fetched), []
    for match in _TAG.finditer(text):
        attributes = _attributes(match.group(2))
        tag = match.group(1).lower()
        href = attributes.get("href", "")
        if tag == "base" and href:
            base = urljoin(fetched.url, href)
        elif tag == "link" and _is_feed_link(attributes):
            declared.append((links.absolute(href, base), attributes.get("title", "")))
        elif tag == "a" and _ANCHOR.search(href):
            anchors.append((links.absolute(href, base), ""))
    return _ranked(declared or anchors, fetched.url)


def guesses(url: str) -> tuple[str, ...]:
    """Where the feed of a site probably is, when its page names none."""
    parts = urlsplit(url)
    folder = parts.path.rstrip("/")
    roots = dict.fromkeys((folder, ""))
    return tuple(
        f"{parts.scheme}://{parts.netloc}{root}{path}" for path in WELL_KNOWN for root in roots
    )


def _attributes(text: str) -> dict[str, str]:
    return {
        m.group(1).lower(): (m.group(2) or m.group(3) or m.group(4) or "").strip()
        for m in _ATTRIBUTE.finditer(text)
    }


def _is_feed_link(attributes: dict[str, str]) -> bool:
    rels = attributes.get("rel", "").lower().split()
    kind = attributes.get("type", "").lower().partition(";")[0].strip()
    if "stylesheet" in rels or not {"alternate", "feed"} & set(rels):
        return False
    if kind == _JSON:  # WordPress names its API so; JSON Feed 1.0 used this type too
        return "feed" in attributes.get("href", "") and "wp-json" not in attributes.get("href", "")
    return kind in _TYPES or (not kind and "feed" in rels)


def _from_header(fetched: Fetched) -> list[tuple[str, str]]:
    """RFC 8288 links of the answer's header."""
    found = []
    for match in _HEADER_LINK.finditer(fetched.links):
        attributes = {**_attributes(match.group(2)), "href": match.group(1)}
        if _is_feed_link(attributes):
            found.append((links.absolute(match.group(1), fetched.url), ""))
    return found


def _ranked(found: list[tuple[str, str]], page: str) -> tuple[str, ...]:
    titles = {url: title for url, title in reversed(found) if url and url != page}
    urls = list(dict.fromkeys(url for url, _ in found if url in titles))
    urls.sort(key=lambda url: bool(_COMMENTS.search(url + titles[url])))
    return tuple(urls[:_MOST])
