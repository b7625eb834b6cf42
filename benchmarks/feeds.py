"""Judges a folder of feeds by its expectations.json, through bot.ingest alone."""

import html
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from benchmarks import hostile
from bot import ingest
from bot.errors import ParseError
from bot.ingest import article, nouns, prose
from bot.model import Fetched, Source

NOW = datetime(2024, 7, 30, 12, tzinfo=UTC)
DEFAULT_BASE = "http://127.0.0.1:8097/"
Record = dict[str, Any]
Check = tuple[str, object, object]  # name, wanted, got


def fetched(body: bytes, record: Record) -> Fetched:
    """The HTTP answer that a record describes."""
    sent = record.get("headers") or record.get("serve") or {}
    headers = {name.lower(): value for name, value in sent.items()}
    base = record.get("base") or record.get("url") or DEFAULT_BASE
    location = urljoin(base, headers.get("content-location", ""))
    return Fetched(
        url=location if location.startswith("http") else base,
        status=200,
        body=body,
        content_type=headers.get("content-type", ""),
        fetched_at=NOW,
        links=headers.get("link", ""),
    )


def read(folder: Path, record: Record) -> nouns.Feed | ParseError:
    body = (folder / record["file"]).read_bytes()
    answer = fetched(body, record)
    try:
        return ingest.parse(answer, source=Source(id="s", url=answer.url))
    except ParseError as error:
        return error


def text(value: object) -> str:
    """What two values are compared as: text without tags, blanks collapsed."""
    if value is None:
        return ""
    return " ".join(html.unescape(prose.text_of(str(value))).split())


def moment(value: datetime | None) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if value else ""


def of_entry(entry: nouns.Entry) -> dict[str, object]:
    return {
        "id": entry.guid or entry.link,
        "title": html.escape(article.headline(entry), quote=False),
        "link": entry.link,
        "summary": entry.summary or entry.content,
        "content": entry.content or entry.summary,
        "published": moment(entry.published or entry.updated),
        "updated": moment(entry.updated),
    }


def checks(record: Record, feed: nouns.Feed | ParseError) -> Iterator[Check]:
    """The expectations that a record states, each with what was found."""
    wanted = record["expect"]
    if "error" in wanted:
        yield "error", True, isinstance(feed, ParseError)
        return
    if isinstance(feed, ParseError):
        feed = nouns.Feed()
    if "n_entries" in wanted:
        yield "n_entries", wanted["n_entries"], len(feed.entries)
    have = {
        "title": html.escape(feed.title, quote=False),
        "link": feed.url,
        "published": moment(feed.published),
        "updated": moment(feed.updated),
    }
    for key, value in wanted.get("feed", {}).items():
        yield f"feed.{key}", value, have[key]
    for index, fields in wanted.get("entries", {}).items():
        entry = feed.entries[int(index)] if int(index) < len(feed.entries) else nouns.Entry()
        for key, value in fields.items():
            yield from _entry_check(key, value, of_entry(entry))


def _entry_check(key: str, value: object, have: dict[str, object]) -> Iterator[Check]:
    either = {"content_or_summary": ("content", "summary"), "date": ("published", "updated")}
    options = [have[name] for name in either.get(key, (key,))]
    right = next((o for o in options if is_equal(key, value, o)), options[0])
    yield f"entry.{key}", value, right


def is_equal(key: str, wanted: object, got: object) -> bool:
    """Ids, links and dates to the letter; texts with or without what looks like their tags."""
    if key.rpartition(".")[2] in ("id", "link", "published", "updated", "date"):
        return str(wanted or "").strip() == str(got or "").strip()
    if isinstance(wanted, int):
        return wanted == got
    return text(wanted) == text(got) or text(wanted) == text(html.unescape(str(got)))


def judge(folder: Path, records: Iterable[Record]) -> Iterator[tuple[Record, Check, bool]]:
    for record in records:
        feed = read(folder, record)
        for check in checks(record, feed):
            yield record, check, is_equal(*check)


def leaks(feed: nouns.Feed | ParseError) -> bool:
    """Whether script or style text survives in what a reader would see."""
    if isinstance(feed, ParseError):
        return False
    seen = [
        feed.title,
        *(prose.text_of(e.summary + " " + e.content) + e.title for e in feed.entries),
    ]
    return any(re.search(r"location\.href|alert\(|@import|expression\(", s) for s in seen)


def main(folder: Path) -> int:
    """Judges a folder and prints each miss and a table of the suites; 1 where nothing was asked.

    Files are named in expectations.json relative to the folder, or to the one above it.
    """
    records = json.loads((folder / "expectations.json").read_text())["records"]
    base = folder if (folder / records[0]["file"]).exists() else folder.parent
    asked = [r for r in records if "expect" in r]
    found = [*judge(base, asked), *hostile.judge(base, [r for r in records if "expect" not in r])]
    tally: Counter[tuple[str, bool]] = Counter()
    for record, check, right in found:
        suite = record.get("suite", "hostile")
        tally[suite, right] += 1
        if not right:
            print(f"{record['file']} | {' | '.join(str(part)[:100] for part in check)}")
    for record in asked:
        if leaks(read(base, record)):
            print(f"{record['file']} | script text survives")
    for suite in sorted({suite for suite, _ in tally}):
        good, all_ = tally[suite, True], tally[suite, True] + tally[suite, False]
        print(f"{suite:40}{good:6} of {all_:5}{good / all_:8.1%}")
    good = sum(count for (_, right), count in tally.items() if right)
    print(f"{'all':40}{good:6} of {tally.total():5}{good / max(1, tally.total()):8.1%}")
    return 0 if found else 1
