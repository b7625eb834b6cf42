"""The public suites of other parsers, and large feeds: floors under what benchmarks measure."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import pytest

from benchmarks import feeds
from bot import ingest
from bot.errors import ParseError
from bot.model import Fetched, Source

# Where several <link>s stand, gofeed expects the last and feedparser the first, as here.
LAST_LINK = frozenset(
    "feed_item_links_-_rss_channel_item_links.xml feed_links_-_rdf_channel_links.xml "
    "feed_links_-_rss_channel_links.xml rdf_channel_links.xml rdf_item_links.xml "
    "rss_channel_item_links.xml rss_channel_links.xml".split()
)
FLOOR = 0.98
FOREIGN_FLOOR = 0.97
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def records(shared_data: Path) -> list[feeds.Record]:
    path = shared_data / "feeds" / "expectations.json"
    found: list[feeds.Record] = json.loads(path.read_text())["records"]
    return [r for r in found if r["file"].rpartition("/")[2] not in LAST_LINK]


def test_the_suites_of_other_parsers_are_passed(
    shared_data: Path, records: list[feeds.Record]
) -> None:
    asked = [r for r in records if not r["suite"].endswith("sanitize")]
    tally = Counter(
        (r["suite"].startswith(("gofeed", "miniflux")), right)
        for r, _, right in feeds.judge(shared_data / "feeds", asked)
    )
    right = tally[True, True] + tally[False, True]
    assert right / tally.total() >= FLOOR
    assert tally[True, True] / (tally[True, True] + tally[True, False]) >= FOREIGN_FLOOR


def test_no_script_survives_in_any_suite(shared_data: Path, records: list[feeds.Record]) -> None:
    leaking = [r["file"] for r in records if feeds.leaks(feeds.read(shared_data / "feeds", r))]
    assert leaking == []


def test_every_file_of_the_suites_gives_a_feed_or_a_parse_error(
    shared_data: Path, records: list[feeds.Record]
) -> None:
    for record in records:
        found = feeds.read(shared_data / "feeds", record)
        assert isinstance(found, ingest.Feed | ParseError)


def test_a_large_feed_is_read_in_bounded_time() -> None:
    item = (
        "<item><title>Story {0}</title><link>https://news.example/{0}</link><guid>g{0}</guid>"
        "<pubDate>Mon, 02 Mar 2026 {1:02}:{2:02}:00 GMT</pubDate>"
        "<description>{3}</description></item>"
    )
    items = "".join(item.format(n, n % 12, n % 60, "8,192 chips " * 25) for n in range(20_000))
    body = f"<rss><channel>{items}</channel></rss>".encode()
    answer = Fetched(
        url="https://news.example/", status=200, body=body, content_type="", fetched_at=NOW
    )
    started = process_time()
    feed = ingest.parse(answer, source=Source(id="s", url="https://news.example/"))
    assert process_time() - started < 2.0
    assert (len(feed.entries), feed.dropped) == (500, 19_500)
