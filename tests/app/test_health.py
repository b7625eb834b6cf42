"""What becomes of a source: moves, ends, the bytes that need no reading; one notice for a change
of health, to those who keep it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import phrases
from bot.app.health import RETIRE
from bot.app.notices import STARTER
from bot.chat.base import plain
from bot.errors import FetchError
from bot.model import Channel, Fetched, Listing, Source, SourceState, Workspace
from tests.app.scene import CHIPS, FEED_URL, GROUP, NEWS, OPERATOR, SOURCE, Scene, page, rss
from tests.app.test_sources import listed

NEW_URL = "https://new.example/feed"
DOWN = FetchError("down", code="fetch.http_5xx")
GONE = FetchError("gone", code="fetch.gone", transient=False)


def say(key: str, **args: object) -> str:
    return phrases.say("en", key, **args)


async def state(scene: Scene, source_id: str = SOURCE.id) -> SourceState:
    async with scene.store.read() as tx:
        return await tx.sources.state(source_id)


async def stored(scene: Scene) -> Source:
    async with scene.store.read() as tx:
        found = await tx.sources.get(SOURCE.id)
    assert found is not None
    return found


async def look(scene: Scene, times: int = 1) -> list[tuple[str, str]]:
    """Some looks, a day apart, at the source as it is stored; what was said, to whom."""
    before = len(scene.chat.sent)
    for _ in range(times):
        scene.clock.move(timedelta(days=1))
        await scene.collect(await stored(scene))
        await scene.deliver()
    return [(s.channel.chat_id, plain(s.message)) for s in scene.chat.sent[before:]]


def moved(*, etag: str | None = None, body: bytes | None = None) -> Fetched:
    return page(FEED_URL, body or rss(*NEWS), moved_to=NEW_URL, etag=etag)


# --- notices -----------------------------------------------------------------------------------


async def test_a_source_that_breaks_and_recovers_is_told_once_each(scene: Scene) -> None:
    await scene.admitted()
    await scene.lists(workspace="telegram:-100")
    scene.fetch.pages[FEED_URL] = DOWN
    assert await look(scene, 2) == []
    ((chat, text),) = await look(scene, 6)
    assert chat == GROUP.chat_id
    assert text.startswith("⚠️ The source “Wire” cannot be read: its server has a fault.")
    scene.fetch.pages[FEED_URL] = page(FEED_URL, rss(*NEWS))
    assert await look(scene, 3) == [(GROUP.chat_id, say("notice.recovered", title="Wire"))]
    scene.fetch.pages[FEED_URL] = DOWN
    assert len(await look(scene, 5)) == 1, "a second time is news again"


async def test_the_notice_speaks_the_language_and_the_zone_of_the_chat(scene: Scene) -> None:
    workspace = await scene.admitted(langs=("ja", "en"))
    async with scene.store.begin() as tx:
        await tx.workspaces.save(replace(workspace, timezone="Asia/Tokyo"))
    await scene.lists(workspace="telegram:-100")
    scene.fetch.pages[FEED_URL] = DOWN
    ((_, text),) = await look(scene, 3)
    coming = (await state(scene)).next_check_at
    assert coming is not None
    assert f"{coming + timedelta(hours=9):%Y-%m-%d %H:%M}" in text
    assert phrases.say("ja", "reason.fetch.http_5xx") in text


async def test_the_operator_hears_of_the_shared_catalogue_and_others_do_not(scene: Scene) -> None:
    await scene.admitted()
    await scene.lists()
    scene.fetch.pages[FEED_URL] = DOWN
    ((chat, _),) = await look(scene, 5)
    assert chat == OPERATOR


async def test_each_who_keeps_a_source_hears_of_it_and_nobody_else(scene: Scene) -> None:
    await scene.admitted()
    await scene.admitted(Channel(platform="telegram", chat_id="-200"), access="refused")
    await scene.admitted(Channel(platform="telegram", chat_id="-300"))
    await scene.admitted(Channel(platform="telegram", chat_id="-400"))
    team = Workspace(id="slack:T1", platform="slack", langs=("en",), access="admitted")
    async with scene.store.begin() as tx:
        await tx.sources.save(SOURCE)
        await tx.workspaces.save(team)
        for chat in ("-100", "-200", "-300"):
            entry = Listing(workspace_id=f"telegram:{chat}", source_id=SOURCE.id)
            await tx.listings.save(replace(entry, paused=chat == "-300"))
        for who in ("U7", ""):
            await tx.listings.save(
                Listing(workspace_id="slack:T1", source_id=SOURCE.id, added_by=who)
            )
        await tx.listings.save(Listing(workspace_id="slack:T1", source_id=SOURCE.id, added_by="U7"))
    scene.fetch.pages[FEED_URL] = DOWN
    for _ in range(3):
        await scene.collect(SOURCE)
    async with scene.store.read() as tx:
        owed = await tx.outbox.list("pending", 10)
    assert [str(d.channel) for d in owed] == ["telegram:-100", "slack:U7"]


async def test_where_nobody_is_known_nobody_is_told(scene: Scene) -> None:
    team = Workspace(id="slack:T1", platform="slack", langs=("en",), access="admitted")
    async with scene.store.begin() as tx:
        await tx.sources.save(SOURCE)
        await tx.workspaces.save(team)
        await tx.listings.save(Listing(workspace_id="slack:T1", source_id=SOURCE.id))
    scene.fetch.pages[FEED_URL] = DOWN
    assert await look(scene, 4) == []


async def test_two_rounds_at_once_say_it_once(scene: Scene) -> None:
    import asyncio

    await scene.admitted()
    await scene.lists(workspace="telegram:-100")
    scene.fetch.pages[FEED_URL] = DOWN
    await look(scene, 2)
    scene.clock.move(timedelta(days=1))
    await asyncio.gather(*(scene.collect(SOURCE) for _ in range(3)))
    await scene.deliver()
    assert len(scene.chat.sent) == 1


async def test_no_notice_shows_a_secret(scene: Scene) -> None:
    await scene.admitted()
    url = "https://news.example/feed?token=hush-hush-1"
    await scene.lists(Source(id=SOURCE.id, url=url), workspace="telegram:-100")
    scene.fetch.pages[url] = DOWN
    ((_, text),) = await look(scene, 4)
    assert "https://news.example/feed?token=***" in text
    assert "hush" not in text


async def test_a_pause_of_the_domain_is_no_failure_of_the_source(scene: Scene) -> None:
    await scene.admitted()
    await scene.lists(workspace="telegram:-100")
    wait = timedelta(hours=2)
    scene.fetch.pages[FEED_URL] = FetchError("later", code="fetch.postponed", retry_after=wait)
    assert await look(scene, 5) == []
    found = await state(scene)
    assert (found.failures, found.error, found.checked_at) == (0, None, None)
    assert found.next_check_at == scene.clock() + wait


# --- gone --------------------------------------------------------------------------------------


async def test_a_source_that_is_gone_is_retired_with_a_word(scene: Scene) -> None:
    await scene.admitted()
    await scene.lists(workspace="telegram:-100")
    scene.fetch.pages[FEED_URL] = GONE
    assert await look(scene) == [(GROUP.chat_id, say("notice.gone", title="Wire"))]
    assert not (await stored(scene)).enabled
    scene.clock.move(timedelta(days=9))
    async with scene.store.read() as tx:
        assert await tx.sources.due(scene.clock(), 9) == []
    (text,) = await scene.say("/sources")
    assert "Wire — ⛔ " + say("sources.gone") in text


async def test_a_source_that_was_gone_comes_back_when_it_is_added_again(scene: Scene) -> None:
    await scene.admitted()
    await scene.lists(workspace="telegram:-100")
    scene.fetch.pages[FEED_URL] = GONE
    await look(scene)
    scene.fetch.pages[FEED_URL] = page(FEED_URL, rss(*NEWS))
    (text,) = await scene.say(f"/sources add {FEED_URL}")
    assert "Added: Wire (2 articles" in text
    assert (await stored(scene)).enabled


async def test_a_dead_source_of_the_starter_catalogue_goes_quietly(scene: Scene) -> None:
    await scene.admitted()
    async with scene.store.begin() as tx:
        await tx.sources.save(SOURCE)
        await tx.listings.save(
            Listing(workspace_id="telegram:-100", source_id=SOURCE.id, added_by=STARTER)
        )
    scene.fetch.pages[FEED_URL] = DOWN
    assert await look(scene, RETIRE - 1) == []
    assert (await stored(scene)).enabled
    assert await look(scene) == []
    assert not (await stored(scene)).enabled
    (text,) = await scene.say("/sources")
    assert "Wire — ⛔ " + say("sources.retired") in text


async def test_a_dead_source_that_somebody_chose_is_tried_for_ever(scene: Scene) -> None:
    await scene.admitted()
    await scene.lists(workspace="telegram:-100")
    scene.fetch.pages[FEED_URL] = DOWN
    assert len(await look(scene, RETIRE + 2)) == 1
    assert (await stored(scene)).enabled


# --- moved -------------------------------------------------------------------------------------


async def test_a_move_is_stored_after_days_and_told_once(scene: Scene) -> None:
    await scene.admitted()
    await scene.lists(workspace="telegram:-100")
    scene.fetch.pages[FEED_URL] = moved()
    assert await look(scene, 3) == []
    assert (await stored(scene)).url == FEED_URL
    assert (await state(scene)).moved_to == NEW_URL
    scene.fetch.pages[NEW_URL] = page(NEW_URL, rss(*NEWS, ("A third thing", CHIPS)))
    said = await look(scene, 4)
    assert said == [(GROUP.chat_id, say("notice.moved", title="Wire", url=NEW_URL))]
    assert (await stored(scene)).url == NEW_URL
    assert (await state(scene)).moved_to is None
    async with scene.store.read() as tx:
        assert len(await tx.articles.between([SOURCE.id], scene.clock() - timedelta(9),
                                             scene.clock() + timedelta(1), 9)) == 3  # fmt: skip


async def test_a_move_that_leads_to_no_feed_now_and_then_is_not_believed(scene: Scene) -> None:
    await scene.admitted()
    await scene.lists(workspace="telegram:-100")
    for _ in range(4):
        scene.fetch.pages[FEED_URL] = moved()
        await look(scene, 2)
        scene.fetch.pages[FEED_URL] = page(FEED_URL, rss(("Not moved", CHIPS)))
        await look(scene)
    assert (await stored(scene)).url == FEED_URL


async def test_a_move_to_a_source_that_is_there_merges_the_two(scene: Scene) -> None:
    other = Source(id="other", url=NEW_URL, title="New wire", enabled=False)
    both = Channel(platform="telegram", chat_id="-200")
    await scene.admitted()
    await scene.admitted(both)
    await scene.lists(workspace="telegram:-100")
    for workspace in ("telegram:-200", None):
        await scene.lists(other, workspace=workspace)
    await scene.lists(workspace="telegram:-200")
    subscription = await scene.subscribed(source_ids=(SOURCE.id,))
    scene.fetch.pages[NEW_URL] = page(NEW_URL, rss(*NEWS))
    await scene.collect(replace(other, enabled=True))
    scene.fetch.pages[FEED_URL] = moved()
    await look(scene)
    scene.clock.move(timedelta(minutes=1))
    assert await scene.publish(subscription) is not None
    await look(scene, 2)
    said = await look(scene, 1)
    assert [chat for chat, _ in said] == [GROUP.chat_id, both.chat_id]
    async with scene.store.read() as tx:
        assert [s.id for s in await tx.sources.all()] == ["other"]
        found = await tx.sources.get("other")
        assert found is not None
        assert found.enabled
        (kept,) = await tx.subscriptions.all()
    assert kept.source_ids == ("other",)
    assert await listed(scene) == [NEW_URL]
    assert await listed(scene, "telegram:-200") == [NEW_URL]
    async with scene.store.begin() as tx:  # as if it had all come in today
        for article in await tx.articles.between(["other"], scene.clock() - timedelta(30),
                                                 scene.clock(), 9):  # fmt: skip
            await tx.articles.update(replace(article, fetched_at=scene.clock()))
    scene.clock.move(timedelta(minutes=1))
    assert await scene.publish(kept) is None, "what one brought, the other does not bring again"


# --- what is not read again --------------------------------------------------------------------


async def test_the_same_bytes_are_not_read_again(scene: Scene) -> None:
    await scene.lists()
    scene.fetch.pages[FEED_URL] = page(FEED_URL, rss(*NEWS))
    assert (await scene.collect(SOURCE)).new == 2
    scene.reads = 0
    for _ in range(3):
        await look(scene)
    assert scene.reads == 0
    scene.fetch.pages[FEED_URL] = page(FEED_URL, rss(*NEWS, ("One more", CHIPS)))
    await look(scene)
    assert scene.reads == 1


async def test_what_the_feed_asks_for_bounds_the_next_look(scene: Scene) -> None:
    await scene.lists()
    body = rss(*NEWS).replace(b"<item>", b"<ttl>600</ttl><item>", 1)
    scene.fetch.pages[FEED_URL] = page(FEED_URL, body)
    await scene.collect(SOURCE)
    coming = (await state(scene)).next_check_at
    assert coming is not None
    assert coming >= scene.clock() + timedelta(minutes=600)


# --- dates -------------------------------------------------------------------------------------

ZONELESS = (
    b'<rss version="2.0"><channel><title>Wire</title><item><guid>%d</guid><title>%s</title>'
    b"<pubDate>2026-03-01 21:00:00</pubDate><description>It is said.</description></item>"
    b"</channel></rss>"
)


async def test_an_admin_sets_the_zone_of_dates_without_one(scene: Scene) -> None:
    await scene.admitted()
    scene.fetch.pages[FEED_URL] = page(FEED_URL, ZONELESS % (1, b"One"), etag='"1"')
    await scene.say(f"/sources add {FEED_URL}")
    (text,) = await scene.say("/sources zone 1 Asia/Tokyo")
    assert text == say("sources.zone_done", title="Wire", zone="Asia/Tokyo")
    async with scene.store.read() as tx:
        ((_, source),) = await tx.listings.of("telegram:-100")
        after = await tx.sources.state(source.id)
    assert (after.etag, after.body_hash) == (None, ""), "the next look is a whole one"
    scene.fetch.pages[FEED_URL] = page(FEED_URL, ZONELESS % (2, b"Two"))
    await scene.collect(source)
    async with scene.store.read() as tx:
        found = await tx.articles.between(
            [source.id], scene.clock() - timedelta(1), scene.clock() + timedelta(1), 9
        )
    assert {a.title: a.published_at for a in found} == {
        "One": None,  # no zone, no time: a wrong one in silence would be worse
        "Two": datetime(2026, 3, 1, 12, tzinfo=UTC),
    }


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("1", "sources.zone_usage"),
        ("1 Mars/Base", "sources.zone_usage"),
        ("1 ../../etc/passwd", "sources.zone_usage"),
        ("9 Asia/Tokyo", "sources.which"),
        ("1 Asia/Tokyo", "sources.shared"),
    ],
)
async def test_a_zone_that_cannot_be_set_is_refused(scene: Scene, typed: str, key: str) -> None:
    await scene.admitted()
    await scene.lists()
    assert await scene.say(f"/sources zone {typed}") == [say(key)]
    assert (await stored(scene)).timezone is None


async def test_the_operator_sets_the_zone_of_what_is_shared(scene: Scene) -> None:
    await scene.admitted()
    await scene.lists()
    (text,) = await scene.say("/sources zone 1 Asia/Tokyo", role="operator")
    assert "Asia/Tokyo" in text
    assert (await stored(scene)).timezone == "Asia/Tokyo"


async def test_what_was_seen_first_never_moves_and_the_future_is_now(scene: Scene) -> None:
    await scene.lists()

    async def published(body: str) -> object:
        ahead = "Tue, 03 Mar 2026 06:00:00 GMT"
        feed = (
            '<rss version="2.0"><channel><title>W</title><item><guid>1</guid><title>One</title>'
            f"<link>https://news.example/story-1</link><pubDate>{ahead}</pubDate>"
            f"<description>{body}</description></item></channel></rss>"
        )
        scene.fetch.pages[FEED_URL] = page(FEED_URL, feed.encode())
        await scene.collect(SOURCE)
        async with scene.store.read() as tx:
            (article,) = await tx.articles.between(
                [SOURCE.id], scene.clock() - timedelta(9), scene.clock() + timedelta(1), 9
            )
        assert body in article.text
        return article.published_at

    first = scene.clock()
    assert await published("Sales rose by 3%.") == first, "a date in the future is clamped"
    scene.clock.move(timedelta(hours=5))
    assert await published("Sales rose by 4%.") == first, "an edit does not make it younger"
