"""Feeds read, side by side with feedparser and fastfeedparser in one run, and article pages.

python -m benchmarks.parse [parse | big | pages]
"""

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from time import process_time
from typing import Any, NamedTuple

import fastfeedparser
import feedparser

from benchmarks import bombs
from benchmarks.generated import KINDS, story
from benchmarks.report import line
from bot import ingest
from bot.model import Fetched, Source

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SOURCE = Source(id="s", url="https://news.example/feed")
ENTRIES, FEEDS = 30, 200  # of one feed, and of one kind
ROUNDS = 3
LARGE, MANY = 10_000_000, 20_000  # bytes, entries


def answer(body: bytes) -> Fetched:
    return Fetched(
        url="https://news.example/feed", status=200, body=body, content_type="", fetched_at=NOW
    )


def per_second(run: Callable[[], object], seconds: float = 1.0) -> float:
    """Runs a second of CPU time, after one to warm up."""
    run()
    count, started = 0, process_time()
    while process_time() - started < seconds:
        run()
        count += 1
    return count / (process_time() - started)


class Reading(NamedTuple):
    """Feeds of one kind read a second of CPU time, best of several rounds, by us and by others;
    0 where the other reads none of this kind."""

    ours: float
    with_articles: float
    feedparser: float
    fastfeedparser: float

    @property
    def times(self) -> float:
        return self.ours / self.feedparser if self.feedparser else 0.0


def readings(kind: str, *, feeds: int = FEEDS, rounds: int = ROUNDS) -> Reading:
    """All readers take turns, so that a busy machine slows each alike. Each feed is another one:
    nothing is in a cache but what publishers have in common."""
    bodies = [KINDS[kind](ENTRIES, first=number * ENTRIES) for number in range(feeds)]
    answers = [answer(body) for body in bodies]
    others = [] if kind == "JSON Feed" else bodies
    readers: list[tuple[Callable[[Any], object], Sequence[object], int]] = [
        (partial(ingest.parse, source=SOURCE), answers, feeds),
        (whole, answers, feeds // 5),
        (feedparser.parse, others, feeds // 10),
        (quick, others, feeds),
    ]
    best = [0.0] * len(readers)
    for _ in range(rounds):
        for number, (reader, inputs, count) in enumerate(readers):
            started = process_time()
            for each in inputs[:count]:
                reader(each)
            spent = process_time() - started
            best[number] = max(best[number], min(count, len(inputs)) / spent)
    return Reading(*best)


def whole(fetched: Fetched) -> object:
    return ingest.articles(ingest.parse(fetched, source=SOURCE), source=SOURCE, now=NOW)


def quick(body: bytes) -> object:
    """fastfeedparser, which refuses some broken feeds."""
    with suppress(ValueError):
        return fastfeedparser.parse(body)
    return None


def bench_parse() -> None:
    print(f"feeds of {ENTRIES} entries, each another: read a second of CPU time")
    print(f"{'':13}{'kB':>4}{'ours':>8}{'+articles':>11}{'feedparser':>12}{'fastfeedparser':>16}")
    found = {kind: readings(kind) for kind in KINDS}
    for kind, speed in found.items():
        size = len(KINDS[kind](ENTRIES)) / 1000
        row = f"{kind:13}{size:4.0f}{speed.ours:8,.0f}{speed.with_articles:11,.0f}"
        print(f"{row}{speed.feedparser:12,.1f}{speed.fastfeedparser:16,.0f}")
    for kind, speed in found.items():
        if speed.feedparser:
            line(f"{kind}, times feedparser's default", speed.times, "x", target=10)


def large(kind: str) -> Callable[[], bytes]:
    """What makes 10 MB of one kind, or 20,000 entries where these are up to 14 MB."""
    each = len(KINDS[kind](1000)) // 1000
    count = LARGE // each
    return partial(KINDS[kind], MANY if count < MANY < 1.4 * count else count)


def bench_big() -> None:
    print("10 MB of each kind, read in processes of their own")
    for kind in KINDS:
        cost = bombs.cost(large(kind))
        line(f"{kind}, {cost.outcome} kept", cost.seconds, "s", target=0.5, at_most=True)
        line(f"{kind}, beside its bytes", cost.megabytes, "MB", target=80, at_most=True)


def bench_pages() -> None:
    paragraphs = "".join(f"<p>{story(n)[1] * 3}</p>" for n in range(12))
    body = (
        "<html lang=ja><head><title>記事</title></head><body><nav><a href=/>Home</a></nav>"
        f"<article><h1>記事</h1>{paragraphs}</article><aside>関連記事</aside></body></html>"
    ).encode()
    got = replace(answer(body), url="https://news.example/1", content_type="text/html")
    print(f"article pages a second: {per_second(partial(ingest.page, got, now=NOW)):.0f}")


def main(names: Sequence[str] = ()) -> None:
    tasks = {"parse": bench_parse, "big": bench_big, "pages": bench_pages}
    for name in names or tasks:
        tasks[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
