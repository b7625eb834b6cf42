"""Every record of tests/cases/feeds/expectations.json: bombs, charsets, identities, dates, pages.

The files are test data of this project: each record says what a reader must get from its file.
"""

import json
import resource
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from bot import ingest
from bot.errors import FetchError, ParseError
from bot.fetcher.body import unpack
from bot.ingest import links, opml, prose
from bot.model import Article, Fetched, Source

CASES = Path(__file__).parents[1] / "cases" / "feeds"
RECORDS = json.loads((CASES / "expectations.json").read_text())["records"]
NOW = datetime(2024, 7, 30, 12, tzinfo=UTC)
MOST = 15 * 1024 * 1024


def named(path: Path | str) -> str:
    return str(path).removeprefix("hostile/")


def having(*fields: str, ext: tuple[str, ...] = ()) -> pytest.MarkDecorator:
    """The records with any of these fields, as parameters of a test: those of feeds, or of the
    files with these endings."""
    found = [
        r
        for r in RECORDS
        if any(f in r for f in fields)
        and (CASES / named(r["file"])).exists()
        and (r["file"].endswith(ext) if ext else not r["file"].endswith((".html", ".opml")))
    ]
    return pytest.mark.parametrize("record", found, ids=[named(r["file"]) for r in found])


def fetched(record: dict[str, Any]) -> Fetched:
    serve = record.get("serve", {})
    raw = (CASES / named(record["file"])).read_bytes()
    return Fetched(
        url=record.get("base") or record.get("url") or "https://news.example/feed",
        status=200,
        body=unpack(raw, serve.get("content-encoding", ""), most=MOST),
        content_type=serve.get("content-type", ""),
        fetched_at=NOW,
        links=serve.get("link", ""),
    )


def source(zone: str | None = None) -> Source:
    return Source(id="s1", url="https://news.example/feed", timezone=zone)


def read(
    record: dict[str, Any], zone: str | None = None
) -> tuple[ingest.Feed, tuple[Article, ...]]:
    feed = ingest.parse(fetched(record), source=source(zone))
    return feed, ingest.articles(feed, source=source(zone), now=NOW)


def iso(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


@having("entries", "entries_at_least")
def test_the_entries_are_read_as_they_were_meant(record: dict[str, Any]) -> None:
    feed, articles = read(record)
    wanted = record.get("entries") or record["entries_at_least"]
    pairs = list(zip(feed.entries, articles, strict=True))
    assert len(pairs) >= len(wanted)
    for (entry, article), want in zip(pairs, wanted, strict=False):
        for key in ("title", "link"):
            if key in want:
                assert getattr(entry, key) == " ".join((want[key] or "").split())
        if "id" in want:
            assert entry.guid == want["id"]
        for key in ("published", "updated"):
            if key in want:
                assert iso(getattr(entry, key)) == want[key]
        assert want.get("text_contains", "") in article.text
        assert record.get("no_text", "\0") not in article.text + feed.title + entry.link


@having("feed")
def test_the_feed_tells_about_itself(record: dict[str, Any]) -> None:
    feed, _ = read(record)
    have = {"title": feed.title, "hub": feed.hub, "self": feed.self_url, "language": feed.lang}
    assert have == record["feed"]


@having("error")
def test_what_is_no_feed_is_refused_in_words(record: dict[str, Any]) -> None:
    with pytest.raises((ParseError, FetchError)) as raised:
        ingest.parse(fetched(record), source=source())
    assert raised.value.code.startswith(("parse.", "fetch."))
    assert str(raised.value)


@having("max_ms", "max_mb", "no_network", "no_text")
def test_a_hostile_feed_costs_little_and_opens_nothing(record: dict[str, Any]) -> None:
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, process_time()
    text = ""
    try:
        feed, articles = read(record)
        text = feed.title + "".join(a.title + a.text + a.url for a in articles)
    except ParseError as error:
        assert error.code  # noqa: PT017 - either a clear refusal or a clean feed
    assert process_time() - started < record.get("max_ms", 2000) / 1000
    assert (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        < record.get("max_mb", 64) * 1024
    )
    assert record.get("no_text", "\0") not in text


@having("distinct_items")
def test_items_that_share_a_field_stay_apart(record: dict[str, Any]) -> None:
    feed, articles = read(record)
    keys = [ingest.keys(entry, source()) for entry in feed.entries]
    assert len(ingest.recognise(articles, keys, {})) == record["distinct_items"]


@pytest.mark.parametrize("sequence", ["changing_guids", "title_fix"])
def test_a_sequence_of_fetches_brings_each_story_once(sequence: str) -> None:
    seen: dict[str, str] = {}
    hashes: dict[str, str] = {}
    for record in (r for r in RECORDS if r.get("sequence") == sequence):
        feed, articles = read(record)
        keys = [ingest.keys(entry, source()) for entry in feed.entries]
        settled = ingest.recognise(articles, keys, seen)
        assert sum(is_new for _, is_new in settled) == record["new_items"]
        updated = [a for a, new in settled if not new and hashes[a.id] != a.content_hash]
        assert len(updated) == record.get("updated_items", 0)
        for (article, _), own in zip(settled, keys, strict=True):
            seen.update(dict.fromkeys(own, article.id))
            hashes[article.id] = article.content_hash


@having("date_policy")
def test_future_dates_are_clamped_and_missing_ones_stay_missing(record: dict[str, Any]) -> None:
    _, articles = read(record)
    have = {a.guid: a.published_at for a in articles}
    for guid, policy in record["date_policy"].items():
        wanted = {"clamped to first seen": NOW}.get(policy)
        if policy.startswith("first seen"):
            assert have[guid] is None
        else:
            assert iso(have[guid]) == (iso(wanted) or policy)


@having("dates")
def test_odd_dates_are_right_or_none(record: dict[str, Any]) -> None:
    feed, _ = read(record)
    for entry in feed.entries:
        wanted = record["dates"][entry.guid]
        if wanted and wanted.startswith("ambiguous"):
            wanted = None
        assert iso(entry.published) == wanted, entry.guid


def test_the_source_zone_settles_zoneless_and_ambiguous_dates() -> None:
    record = next(r for r in RECORDS if "dates" in r)
    feed, _ = read(record, zone="Asia/Shanghai")
    have = {e.guid: iso(e.published) for e in feed.entries}
    assert have["d03"] == have["d06"] == have["d21"] == "2024-07-30T05:05:00Z"
    assert have["d04"] == "2024-07-29T16:00:00Z"
    assert have["d12"] is None


@having("flag")
def test_a_cut_feed_is_read_and_flagged(record: dict[str, Any]) -> None:
    feed, _ = read(record)
    assert record["flag"] in feed.repairs


@having("feeds", ext=(".html",))
def test_a_page_names_its_feeds_comments_last(record: dict[str, Any]) -> None:
    assert list(ingest.discover(fetched(record))) == record["feeds"]


@having("page", ext=(".html",))
def test_a_wall_is_never_an_article(record: dict[str, Any]) -> None:
    with pytest.raises(ingest.PageRefused) as raised:
        ingest.page(fetched(record), now=NOW)
    assert raised.value.code == f"page.{record['page']}"
    if "text_contains" in record:
        teaser = raised.value.teaser
        assert teaser is not None
        assert teaser.partial
        assert record["text_contains"] in teaser.text
        assert "会員限定" not in teaser.text


@having("text_not_contains", ext=(".html",))
def test_an_article_page_gives_its_text_without_boilerplate(record: dict[str, Any]) -> None:
    article = ingest.page(fetched(record), now=NOW)
    assert record["text_contains"] in article.text
    assert record["text_not_contains"] not in article.text
    assert article.lang.startswith(record["language"])
    assert article.url == record.get("canonical", article.url)


@pytest.mark.parametrize("name", ["opml_nested.opml", "opml_bare_ampersand.opml", "opml_xxe.opml"])
def test_a_list_of_sources_is_read_and_checked(name: str) -> None:
    record = next(r for r in RECORDS if r["file"].endswith(name))
    found = opml.read((CASES / name).read_bytes())
    if "feeds" in record:
        assert [o.url for o in found.outlines] == record["feeds"]
    for url, folders in record.get("folders", {}).items():
        assert next(o.folders for o in found.outlines if o.url == url) == tuple(folders)
    assert [r.url for r in found.refused] == record.get("refused", [])
    assert "root:" not in repr(found)


def test_a_list_that_is_none_is_refused() -> None:
    with pytest.raises(ParseError) as raised:
        opml.read((CASES / "opml_not_opml.opml").read_bytes())
    assert raised.value.code == "opml.not_opml"


def test_trackers_leave_links_and_keys() -> None:
    for tracked, clean in json.loads((CASES / "tracking_urls.json").read_text()):
        assert links.canonical(tracked) == links.canonical(clean) == clean
        assert "utm_" not in links.publishers(tracked)


def test_a_huge_title_is_cut() -> None:
    title = "x" * 400_000 + "長" * 200_000
    body = f"<rss><channel><item><guid>g1</guid><title>{title}</title></item></channel></rss>"
    answer = Fetched(
        url="https://news.example/", status=200, body=body.encode(), content_type="", fetched_at=NOW
    )
    feed = ingest.parse(answer, source=source())
    assert len(feed.entries[0].title) <= 1000


def test_text_of_never_shows_a_script() -> None:
    for markup in (
        "<script>alert(1)</script>a",
        "<SCRIPT src=x>alert(1)",
        "<style>@import 'x'</style >a",
        "a<script/x>alert(1)</script\n>",
        "<!-- alert(1) -->a",
    ):
        assert "alert" not in prose.text_of(markup)
        assert "@import" not in prose.text_of(markup)
