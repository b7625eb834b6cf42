"""Judges records of the hostile kind: bombs, identities over several fetches, pages and lists.

A record says what its file must give: `entries` in order, `entries_at_least`, `error`, `dates`,
`new_items` and `updated_items` over a `sequence`, `distinct_items`, `feeds`, `page` and so on.
"""

import json
import resource
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import Any

from bot import ingest
from bot.errors import BotError, ParseError
from bot.fetcher.body import unpack
from bot.ingest import Feed, links, opml
from bot.model import Article, Fetched, Source

MOST = 15 * 1024 * 1024
NOW = datetime(2024, 7, 30, 12, tzinfo=UTC)
Record = dict[str, Any]
Check = tuple[str, object, object]


def judge(folder: Path, records: Iterable[Record]) -> Iterator[tuple[Record, Check, bool]]:
    """Each check of each record with its verdict. Sequences share what was seen before."""
    seen: dict[str, dict[str, str]] = {}
    for record in records:
        if record.get("list") or not (folder / record["file"]).exists():
            continue  # targets and routes of servers are for tests of the fetcher
        for check in _checks(folder, record, seen):
            yield record, check, check[1] == check[2]


def _checks(folder: Path, record: Record, seen: dict[str, dict[str, str]]) -> Iterator[Check]:
    name = record["file"].rpartition("/")[2]
    if "pairs" in record:
        if "tracking" in name:
            yield from _tracking(folder / record["file"])
    elif name.endswith(".opml"):
        yield from _list(folder / record["file"], record)
    elif name.startswith("page_"):
        yield from _page(folder, record)
    elif name.endswith(".html") and "feeds" in record:
        yield "feeds", record["feeds"], list(ingest.discover(answer(folder, record)))
    else:
        yield from _feed(folder, record, seen)


def answer(folder: Path, record: Record) -> Fetched:
    """The HTTP answer that a record describes, unpacked as the fetcher does."""
    serve = record.get("serve", {})
    raw = (folder / record["file"]).read_bytes()
    return Fetched(
        url=record.get("base") or record.get("url") or "https://news.example/feed",
        status=200,
        body=unpack(raw, serve.get("content-encoding", ""), most=MOST),
        content_type=serve.get("content-type", ""),
        fetched_at=NOW,
        links=serve.get("link", ""),
    )


def _feed(folder: Path, record: Record, seen: dict[str, dict[str, str]]) -> Iterator[Check]:
    source = Source(id=record.get("sequence", "s"), url="https://news.example/feed")
    started, memory = process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    feed, error = Feed(), ""
    try:
        feed = ingest.parse(answer(folder, record), source=source)
    except BotError as raised:
        error = raised.code
    articles = ingest.articles(feed, source=source, now=NOW)
    spent = (process_time() - started) * 1000
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024
    if "error" in record:
        yield "error", record["error"], bool(error)
    if "max_ms" in record:
        yield "max_ms", True, spent <= record["max_ms"]
    if "max_mb" in record:
        yield "max_mb", True, grown <= record["max_mb"]
    if "no_text" in record:
        yield "no_text", False, record["no_text"] in "".join(a.title + a.text for a in articles)
    if "flag" in record:
        yield "flag", True, record["flag"] in feed.repairs
    yield from _entries(record, feed, articles)
    yield from _dates(record, feed, articles)
    yield from _identity(record, feed, articles, source, seen)


def _entries(record: Record, feed: Feed, articles: tuple[Article, ...]) -> Iterator[Check]:
    told = {"title": feed.title, "hub": feed.hub, "self": feed.self_url, "language": feed.lang}
    for key, value in record.get("feed", {}).items():
        yield f"feed.{key}", value, told[key]
    wanted = record.get("entries") or record.get("entries_at_least") or []
    for number, want in enumerate(wanted):
        if number >= len(articles):
            yield "entry", want, None
            continue
        entry, article = feed.entries[number], articles[number]
        have = {
            "id": entry.guid,
            "title": entry.title,
            "link": entry.link or None,
            "published": iso(entry.published),
            "updated": iso(entry.updated),
        }
        for key, value in want.items():
            if key == "title_max_len":
                yield key, True, len(entry.title) <= value
            elif key == "text_contains":
                yield key, True, value in article.text
            elif key in have:
                got = have[key]
                yield key, _collapsed(value), _collapsed(got)


def _dates(record: Record, feed: Feed, articles: tuple[Article, ...]) -> Iterator[Check]:
    found = {entry.guid: iso(entry.published) for entry in feed.entries}
    for guid, value in record.get("dates", {}).items():
        wanted = None if value and value.startswith("ambiguous") else value
        yield f"date.{guid}", wanted, found.get(guid)
    moments = {article.guid: iso(article.published_at) for article in articles}
    for guid, policy in record.get("date_policy", {}).items():
        clamped = iso(NOW) if policy.startswith("clamped") else policy
        yield f"date.{guid}", None if policy.startswith("first seen") else clamped, moments[guid]


def _identity(
    record: Record,
    feed: Feed,
    articles: tuple[Article, ...],
    source: Source,
    seen: dict[str, dict[str, str]],
) -> Iterator[Check]:
    keys = [ingest.keys(entry, source) for entry in feed.entries]
    if "distinct_items" in record:
        yield "distinct", record["distinct_items"], len(ingest.recognise(articles, keys, {}))
    if "new_items" not in record:
        return
    known = seen.setdefault(source.id, {})
    settled = ingest.recognise(articles, keys, known)
    yield "new_items", record["new_items"], sum(new for _, new in settled)
    edited = sum(not new and known.get(f"hash {a.id}") != a.content_hash for a, new in settled)
    if "updated_items" in record:
        yield "updated_items", record["updated_items"], edited
    for (article, _), own in zip(settled, keys, strict=False):
        known.update(dict.fromkeys(own, article.id))
        known[f"hash {article.id}"] = article.content_hash


def _page(folder: Path, record: Record) -> Iterator[Check]:
    article, code = None, ""
    try:
        article = ingest.page(answer(folder, record), now=NOW)
    except ingest.PageRefused as refused:
        article, code = refused.teaser, refused.code
    except ParseError as error:
        code = error.code
    text = article.text if article else ""
    if "page" in record:
        yield "page", f"page.{record['page']}", code
    if "text_contains" in record:
        yield "text_contains", True, record["text_contains"] in text
    if "text_not_contains" in record:
        yield "text_not_contains", False, record["text_not_contains"] in text
    if "language" in record:
        yield "language", record["language"], (article.lang if article else "")[:2]
    if "canonical" in record:
        yield "canonical", record["canonical"], article.url if article else ""


def _list(path: Path, record: Record) -> Iterator[Check]:
    try:
        found = opml.read(path.read_bytes())
    except ParseError:
        yield "error", record.get("error", False), True
        return
    if "feeds" in record:
        yield "feeds", record["feeds"], [o.url for o in found.outlines]
    for url, folders in record.get("folders", {}).items():
        yield "folders", [tuple(folders)], [o.folders for o in found.outlines if o.url == url]
    if "refused" in record:
        yield "refused", record["refused"], [r.url for r in found.refused]
    if "no_text" in record:
        yield "no_text", False, record["no_text"] in repr(found)


def _tracking(path: Path) -> Iterator[Check]:
    for tracked, clean in json.loads(path.read_text()):
        yield "canonical", clean, links.canonical(tracked)


def iso(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _collapsed(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value
