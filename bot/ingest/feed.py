"""Bytes of a feed to a Feed."""

import re
from collections import Counter
from dataclasses import replace
from operator import attrgetter

from bot.errors import ParseError
from bot.ingest import charset, discovery, elements, jsonfeed, links, listings, syndication
from bot.ingest.elements import Document
from bot.ingest.nouns import Entry, Feed, NotAFeed
from bot.ingest.repair import mend
from bot.model import Fetched, Source

MOST_TAGS = 1_000_000  # a feed of 30,000 entries has about 300,000
MOST_BYTES = 15 * 1024 * 1024  # after decompression; what the fetcher lets through at most
_HTML = re.compile(
    rb"(?:<\?xml[^>]{0,200}\?>|(?><!--.{0,2000}?-->)|\s)*+"
    rb"(?:<!doctype\s+html|<html\b|<head\b|<body\b)",
    re.IGNORECASE | re.DOTALL,
)
_FEED_ROOT = re.compile(rb"<(?:[\w-]+:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_END = re.compile(rb"</(?:[\w-]+:)?(?:rss|feed|rdf|channel|urlset)\s*>", re.IGNORECASE)
_TELLING = attrgetter("guid", "link", "title", "published")
_SNIFFED = 4096  # bytes that tell the kind
_BLANK = b"\0 \t\r\n"
_BOM = "\ufeff".encode()
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
    try:
        text, encoding = charset.transcode(fetched.body, fetched.content_type, MOST_BYTES)
    except ValueError as error:
        raise ParseError(str(error), code="parse.too_large") from error
    start = text[:_SNIFFED].replace(_BOM, b"").lstrip(_BLANK)
    if not start and not text.replace(_BOM, b"").strip(_BLANK):
        raise ParseError("the body is blank", code="parse.empty")
    if start[:1] in (b"{", b"["):
        feed = jsonfeed.read(text.removeprefix(_BOM), url=fetched.url, zone=source.timezone)
        return _finish(feed, fetched, encoding, (), "json")
    if _HTML.match(text) and not _FEED_ROOT.search(text, 0, _SNIFFED):
        kind = "telegram" if listings.TELEGRAM in text else "page"
        return _finish(_from_page(text, fetched, source), fetched, encoding, (), kind)
    if b"<" not in text:
        raise ParseError("no element in the text", code="parse.not_xml")
    if len(text) > MOST_TAGS and text.count(b"<") > MOST_TAGS:
        raise ParseError(f"more than {MOST_TAGS} tags", code="parse.too_large")
    is_cut = not _END.search(text[-200:])
    text, repairs = mend(text)
    feed, found = _from_xml(text, fetched, source)
    if found.is_stopped:
        repairs = (*repairs, "incomplete")
    elif found.is_damaged:
        repairs = (*repairs, "incomplete" if is_cut else "markup")
    return _finish(feed, fetched, encoding, repairs, _kind(found.root))


def _from_page(html: bytes, fetched: Fetched, source: Source) -> Feed:
    if listings.TELEGRAM in html:
        return listings.telegram(html, url=fetched.url)
    if source.kind == "page":
        return listings.index(html, url=fetched.url, zone=source.timezone)
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


def _from_xml(xml: bytes, fetched: Fetched, source: Source) -> tuple[Feed, Document]:
    document, zone = Document(xml, fetched.url), source.timezone
    if listings.is_sitemap(xml):
        feed = listings.sitemap(document, zone=zone)
    else:
        has_base = b"base=" in xml
        feed = syndication.read(document, url=fetched.url, zone=zone, has_base=has_base)
        if not syndication.is_feed(document.root, len(feed.entries)):
            raise NotAFeed(f"<{elements.name(document.root)}> is not the root of a feed")
    if document.is_stopped and not feed.entries:
        raise ParseError("more markup than a feed may hold", code="parse.too_large")
    return feed, document


def _kind(root: elements.Element) -> str:
    """The format that the root of a document names."""
    local = elements.name(root).rpartition(":")[2]
    return {"feed": "atom", "channel": "cdf", "urlset": "sitemap"}.get(local, local)


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
    if not any(map(_is_repeated, zip(*map(_TELLING, entries), strict=True))):
        return entries
    fields = [_telling(entry) for entry in entries]
    total = Counter(pair for pairs in fields for pair in pairs)
    return tuple(
        replace(entry, shared=frozenset(kind for kind, value in pairs if total[kind, value] > 1))
        for entry, pairs in zip(entries, fields, strict=True)
    )


def _is_repeated(values: tuple[object, ...]) -> bool:
    given = [*filter(None, values)]
    return len(set(given)) < len(given)


def _telling(entry: Entry) -> list[tuple[str, object]]:
    kinds = ("guid", "link", "title", "date")
    return [pair for pair in zip(kinds, _TELLING(entry), strict=True) if pair[1]]
