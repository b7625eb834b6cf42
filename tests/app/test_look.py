"""Looking at a source before it is added: what it gives, what was mended, why it is refused."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import phrases
from bot.app import look
from bot.chat.base import plain
from bot.errors import FetchError
from bot.fetcher import Fetcher
from tests.app.scene import CHIPS, FEED_URL, NEWS, Scene, page, read_at_once, rss
from tests.app.test_sources import HOME
from tests.conftest import NOW
from tests.fakes import FakeFetch

CASES = Path(__file__).parents[1] / "cases" / "feeds"
ODD = f"""

<?xml version="1.0"?><rss version="2.0"><channel><title>R&D news</title>
<link>https://odd.example/</link><language>en</language><ttl>240</ttl>
<item><guid>7</guid><title>Caf&eacute; opens</title><link>https://odd.example/1</link>
<pubDate>Mon, 02 Mar 2026 06:00:00 GMT</pubDate><description>{CHIPS}</description></item>
<item><guid>7</guid><title>A day ahead</title><link>https://odd.example/2</link>
<pubDate>Tue, 03 Mar 2026 06:00:00 GMT</pubDate><description>{CHIPS}</description></item>
<item><guid>7</guid></item>
</channel></rss>"""


def say(key: str, **args: object) -> str:
    return phrases.say("en", key, **args)


async def looked(body: bytes, url: str = FEED_URL) -> look.Look:
    fetch = FakeFetch({url: page(url, body)})
    return await look.at_url(url, fetch=fetch, read=read_at_once, now=NOW)


async def test_a_look_as_data_tells_all_that_a_source_gives() -> None:
    told = look.data(await looked(ODD.encode()))
    assert json.loads(json.dumps(told)) == told
    assert (told["ok"], told["error"], told["candidates"]) == (True, None, [])
    assert (told["kind"], told["title"], told["language"]) == ("rss", "R&D news", "en")
    assert (told["encoding"], told["total"]) == ("utf-8", 3)
    assert told["next_poll"] == (NOW + timedelta(hours=4)).isoformat(), "its ttl is kept to"
    first, second, third = told["entries"]
    assert first == {
        "id": "7",
        "link": "https://odd.example/1",
        "date": "2026-03-02T06:00:00+00:00",
        "title": "Café opens",
        "language": "en",
        "full_text": False,
    }
    assert second["date"] == NOW.isoformat(), "the future counts as now"
    assert third["date"] is None
    assert [r["code"] for r in told["repairs"]] == [
        "junk_before",
        "ampersands",
        "entities",
        "future_dates",
        "same_ids",
        "no_text",
    ]
    assert told["repairs"][3]["text"] == say("repair.future_dates")


async def test_a_look_fits_a_phone() -> None:
    body = rss(*((f"Headline {n} " + "x" * 200, CHIPS) for n in range(200)))
    message = look.told(await looked(body), "en", zone="Asia/Tokyo")
    text = plain(message)
    assert len(text) < 1500
    assert text.count("Headline") == look.SHOWN
    assert say("look.entries", count=200, full=50, looked=50) in text
    assert "2026-03-02 17:30" in text, "the next look, in the zone of the chat"


async def test_an_empty_feed_is_a_source_all_the_same() -> None:
    seen = await looked(rss(title="Quiet"))
    assert plain(look.told(seen, "en")).startswith("Quiet\n\n• Format: RSS, language: –")
    assert look.data(seen)["entries"] == []


@pytest.mark.parametrize("lang", list(phrases.TABLES))
async def test_what_was_mended_is_said_in_the_persons_language(lang: str) -> None:
    text = plain(look.told(await looked(ODD.encode()), lang))
    assert phrases.say(lang, "repair.ampersands") in text
    assert phrases.say(lang, "look.excerpt") in text
    assert phrases.say(lang, "look.no_date") in text


async def test_a_page_is_answered_with_the_feeds_that_it_names() -> None:
    seen = await looked(HOME, "https://news.example/")
    assert look.data(seen)["candidates"] == [
        "https://news.example/feed",
        "https://news.example/atom",
    ]
    assert look.data(seen)["error"] == {"code": "parse.not_a_feed", "text": "it is not a feed"}
    text = plain(look.told(seen, "en"))
    assert text.startswith(say("sources.bad", reason="it is not a feed"))
    assert "https://news.example/atom" in text


async def test_a_page_without_feeds_and_a_dead_address_are_refused_with_the_cause() -> None:
    seen = await looked(b"<html><body>Hello</body></html>")
    assert plain(look.told(seen, "en")) == say("sources.bad", reason="it is not a feed")
    dead = await look.at_url("https://no.example/", fetch=FakeFetch(), read=read_at_once, now=NOW)
    assert look.data(dead)["error"] == {"code": "fetch.dns", "text": "its name is not known"}


@pytest.mark.parametrize("lang", list(phrases.TABLES))
async def test_every_repair_of_a_broken_feed_has_a_sentence(lang: str) -> None:
    found = set()
    for path in [*CASES.glob("*.xml"), *(CASES / "charset").glob("*.xml")]:
        seen = await looked(path.read_bytes())
        plain(look.told(seen, lang))
        found |= {r["code"] for r in look.data(seen, lang)["repairs"]}
        if seen.error is not None:
            assert f"reason.{seen.error.code}" in phrases.TABLES[lang]
    assert found >= {"entities", "ampersands", "control_characters", "incomplete", "markup"}


# --- in chat -----------------------------------------------------------------------------------


async def test_an_admin_looks_in_chat_and_nothing_is_kept(scene: Scene) -> None:
    await scene.admitted()
    scene.fetch.pages[FEED_URL] = page(FEED_URL, rss(*NEWS))
    (text,) = await scene.say(f"/sources test {FEED_URL}")
    assert "Marlin trains a model" in text
    async with scene.store.read() as tx:
        assert await tx.sources.all() == []
        (entry,) = await tx.audit.list(5)
    assert (entry.actor, entry.action, entry.detail) == ("8", "source.test", FEED_URL)
    assert await scene.say("/sources test") == [say("sources.usage")]


async def test_members_cannot_look(scene: Scene) -> None:
    await scene.admitted()
    assert await scene.say(f"/sources test {FEED_URL}", role="member") == [say("no.admin")]
    assert scene.fetch.asked == []


async def test_one_person_has_so_many_looks_in_an_hour(scene: Scene) -> None:
    await scene.admitted()
    scene.fetch.pages[FEED_URL] = page(FEED_URL, rss(*NEWS))
    for _ in range(10):
        (text,) = await scene.say(f"/sources test {FEED_URL}")
        assert "Marlin" in text
    assert await scene.say(f"/sources test {FEED_URL}") == [say("sources.slower", count=10)]
    assert len(scene.fetch.asked) == 10
    (text,) = await scene.say(f"/sources test {FEED_URL}", who="9")
    assert "Marlin" in text, "somebody else is not held up"
    scene.clock.move(timedelta(hours=1))
    (text,) = await scene.say(f"/sources test {FEED_URL}")
    assert "Marlin" in text


async def test_a_secret_in_an_address_is_not_written_down(scene: Scene) -> None:
    await scene.admitted()
    await scene.say("/sources test https://me:pw@news.example/feed?token=hush")
    async with scene.store.read() as tx:
        (entry,) = await tx.audit.list(5)
    assert entry.detail == "https://news.example/feed?token=***"


@pytest.fixture
async def guarded() -> AsyncIterator[Fetcher]:
    async with Fetcher(clock=lambda: NOW, user_agent="test") as fetcher:
        yield fetcher


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("file:///etc/passwd", "fetch.bad_url"),
        ("/etc/passwd", "fetch.bad_url"),
        ("feeds.opml", "fetch.bad_url"),
        ("ftp://news.example/feed", "fetch.bad_url"),
        ("http://127.0.0.1/feed", "fetch.blocked_address"),
    ],
)
async def test_no_file_and_no_inner_address_is_ever_looked_at(
    guarded: Fetcher, url: str, code: str
) -> None:
    seen = await look.at_url(url, fetch=guarded, read=read_at_once, now=NOW)
    assert isinstance(seen.error, FetchError)
    assert seen.error.code == code
    assert seen.batch is None
