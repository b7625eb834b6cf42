"""Bytes of a feed to a Feed."""

import re
from collections import Counter
from dataclasses import dataclass, replace

from bot.errors import ParseError
from bot.ingest import charset, discovery, elements, jsonfeed, links, listings, syndication
from bot.ingest.nouns import Entry, Feed, NotAFeed
from bot.ingest.repair import isolate, mend
from bot.model import Fetched, Source

MOST_TAGS = 500_000  # a feed of 30,000 entries has about 300,000; each costs 100 bytes of tree
MOST_BYTES = 15 * 1024 * 1024  # after decompression; what the fetcher lets through at most
_HTML = re.compile(
    r"(?:<\?xml[^>]{0,200}\?>|(?><!--.{0,2000}?-->)|\s)*+"
    r"(?:<!doctype\s+html|<html\b|<head\b|<body\b)",
    re.IGNORECASE | re.DOTALL,
)
_FEED_ROOT = re.compile(r"<(?:[\w-]+:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_END = re.compile(r"</(?:[\w-]+:)?(?:rss|feed|rdf|channel|urlset)\s*>", re.IGNORECASE)
_BINARY = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
_ENCRYPTED = (b"Salted__", b"-----BEGIN PGP", b"age-encryption.org/")  # OpenSSL, PGP, age


def parse(fetched: Fetched, *, source: Source) -> Feed:
    """The feed in an HTTP answer: RSS, RDF, Atom, CDF or JSON Feed, broken ones included; also a
    sitemap, a Telegram channel's preview and, for a source of kind "page", an index page.

    At most 500 entries, the newest, in the feed's order. Zoneless dates are read in the source's
    zone. Raises only ParseError: ``parse.empty``, ``parse.too_large`` (15 MB), ``parse.encrypted``,
    ``parse.bad_json``, ``parse.not_xml``, and NotAFeed (``parse.not_a_feed``) with the
    `candidates` that an HTML page names.
    """
    _refuse(fetched.body)
    text, encoding = charset.decode(fetched.body, fetched.content_type)
    if not text.strip("\ufeff\x00 \t\r\n"):
        raise ParseError("the body is blank", code="parse.empty")
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        feed = jsonfeed.read(text.lstrip("\ufeff"), url=fetched.url, zone=source.timezone)
        return _finish(feed, fetched, encoding, (), "json")
    if _HTML.match(text) and not _FEED_ROOT.search(text, 0, 4096):
        kind = "telegram" if listings.TELEGRAM in text else "page"
        return _finish(_from_page(text, fetched, source), fetched, encoding, (), kind)
    tags = text.count("<")
    if not tags:
        raise ParseError("no element in the text", code="parse.not_xml")
    if tags > MOST_TAGS:
        raise ParseError(f"more than {MOST_TAGS} tags", code="parse.too_large")
    document = _mended(text)
    del text  # a feed of 10 MB is held once as text and once as bytes, not three times
    return _from_xml(document, encoding, fetched, source)


def _from_page(text: str, fetched: Fetched, source: Source) -> Feed:
    if listings.TELEGRAM in text:
        return listings.telegram(text, url=fetched.url)
    if source.kind == "page":
        return listings.index(text, url=fetched.url, zone=source.timezone)
    raise NotAFeed("an HTML page, not a feed", discovery.discover(fetched))


def _refuse(body: bytes) -> None:
    if not body:
        raise ParseError("the body is empty", code="parse.empty")
    if len(body) > MOST_BYTES:
        raise ParseError(f"more than {MOST_BYTES} bytes", code="parse.too_large")
    if body.startswith(_ENCRYPTED):
        raise ParseError("the body is encrypted", code="parse.encrypted")
    if body.startswith(_BINARY):
        raise NotAFeed("a file of another kind, not a feed")


@dataclass(slots=True)
class _Document:
    """Repaired XML: its UTF-8 bytes, what was repaired, and whether its end is missing."""

    xml: bytes
    repairs: tuple[str, ...]
    is_cut: bool


def _mended(text: str) -> _Document:
    is_cut = not _END.search(text[-200:])
    has_bad_bytes = "\ufffd" in text
    mended, repairs = mend(text)
    if has_bad_bytes:
        repairs = (*repairs, "bad_bytes")
    return _Document(mended.encode("utf-8", "replace"), repairs, is_cut)


def _from_xml(document: _Document, encoding: str, fetched: Fetched, source: Source) -> Feed:
    repairs = document.repairs
    root, damaged = elements.tree(document.xml, fetched.url)
    if damaged:
        again, still = elements.tree(isolate(document.xml.decode()).encode(), fetched.url)
        root = root if still else again
    if listings.is_sitemap(root):
        feed = listings.sitemap(root, zone=source.timezone)
        return _finish(feed, fetched, encoding, repairs, "sitemap")
    if not syndication.is_feed(root):
        raise NotAFeed(f"<{elements.name(root)}> is not the root of a feed")
    has_base = b"base=" in document.xml
    feed = syndication.read(root, url=fetched.url, zone=source.timezone, has_base=has_base)
    if damaged:
        repairs = (*repairs, "incomplete" if document.is_cut else "markup")
    return _finish(feed, fetched, encoding, repairs, _kind(root))


def _kind(root: elements.Element) -> str:
    """The format that the root of a document names."""
    local = elements.name(root).rpartition(":")[2]
    return {"feed": "atom", "channel": "cdf"}.get(local, local)


def _finish(
    feed: Feed, fetched: Fetched, encoding: str, repairs: tuple[str, ...], kind: str
) -> Feed:
    if feed.dropped:
        repairs = (*repairs, "oldest_dropped")
    if not fetched.complete and "incomplete" not in repairs:
        repairs = (*repairs, "incomplete")
    home = feed.url or feed.self_url or fetched.url
    return replace(
        feed,
        kind=kind,
        title=feed.title or links.masked(home),
        url=home,
        encoding=encoding,
        repairs=repairs,
        entries=_marked(feed.entries),
    )


def _marked(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The entries, each with the names of what it shares with another."""
    fields = [_telling(entry) for entry in entries]
    total = Counter(pair for pairs in fields for pair in pairs)
    if len(total) == sum(map(len, fields)):
        return entries
    return tuple(
        replace(entry, shared=frozenset(kind for kind, value in pairs if total[kind, value] > 1))
        for entry, pairs in zip(entries, fields, strict=True)
    )


def _telling(entry: Entry) -> list[tuple[str, object]]:
    pairs = (
        ("guid", entry.guid),
        ("link", entry.link),
        ("title", entry.title),
        ("date", entry.published),
    )
    return [(kind, value) for kind, value in pairs if value]
