"""/sources: what a chat lists, adds and removes, and what it cannot touch; the shared catalogue."""

from dataclasses import replace

import pytest

from bot import phrases
from bot.app import catalogue
from bot.app.catalogue import Wish, picked
from bot.app.health import reason
from bot.errors import FetchError, ParseError, SourceError, UserError
from bot.model import Channel, Source
from tests.app.scene import FEED_URL, GROUP, NEWS, SOURCE, Scene, page, rss

HOME = b"""<!doctype html><html><head><title>Home</title>
<link rel="alternate" type="application/rss+xml" href="/feed">
<link rel="alternate" type="application/atom+xml" href="/atom">
</head><body>Welcome</body></html>"""
OWN = replace(SOURCE, id="own", url="https://own.example/feed", title="Own")


def say(key: str, **args: object) -> str:
    return phrases.say("en", key, **args)


async def listed(scene: Scene, workspace: str | None = "telegram:-100") -> list[str]:
    async with scene.store.read() as tx:
        return [source.url for _, source in await tx.listings.of(workspace)]


async def test_a_good_feed_is_added_with_what_it_holds(scene: Scene) -> None:
    await scene.admitted()
    scene.fetch.pages[FEED_URL] = page(FEED_URL, rss(*NEWS))
    (text,) = await scene.say(f"/sources add {FEED_URL}")
    assert text == say("sources.added", title="Wire", count=2, newest="Marlin trains a model")
    assert await listed(scene) == [FEED_URL]
    async with scene.store.read() as tx:
        (entry,) = await tx.audit.list(5)
    assert (entry.actor, entry.action, entry.workspace_id) == ("8", "source.add", "telegram:-100")


async def test_an_added_feed_of_one_chat_is_not_seen_by_another(scene: Scene) -> None:
    await scene.admitted()
    other = Channel(platform="telegram", chat_id="-200")
    await scene.admitted(other)
    scene.fetch.pages[FEED_URL] = page(FEED_URL, rss(*NEWS))
    await scene.say(f"/sources add {FEED_URL}")
    assert await scene.say("/sources", channel=other) == [say("sources.none")]
    assert await scene.say("/figures chips", channel=other) == [say("figures.none", term="chips")]
    assert await scene.say("/digest", channel=other) == [say("sources.none")]


async def test_a_second_chat_shares_what_the_first_has_fetched(scene: Scene) -> None:
    await scene.admitted()
    other = Channel(platform="telegram", chat_id="-200")
    await scene.admitted(other)
    scene.fetch.pages[FEED_URL] = page(FEED_URL, rss(*NEWS))
    await scene.say(f"/sources add {FEED_URL}")
    (text,) = await scene.say(f"/sources add {FEED_URL}", channel=other)
    assert "Marlin trains a model" in text
    async with scene.store.read() as tx:
        assert len(await tx.sources.all()) == 1


async def test_an_empty_feed_is_added_without_a_newest_article(scene: Scene) -> None:
    await scene.admitted()
    scene.fetch.pages[FEED_URL] = page(FEED_URL, rss(title="Quiet"))
    (text,) = await scene.say(f"/sources add {FEED_URL}")
    assert text == say("sources.added", title="Quiet", count=0, newest="–")


async def test_a_page_that_names_feeds_none_of_which_can_be_read_is_refused_with_them(
    scene: Scene,
) -> None:
    await scene.admitted()
    url = "https://news.example/"
    scene.fetch.pages[url] = page(url, HOME, kind="text/html")
    (text,) = await scene.say(f"/sources add {url}")
    assert text == say(
        "sources.candidates", urls="https://news.example/feed https://news.example/atom"
    )
    assert await listed(scene) == []
    async with scene.store.read() as tx:
        assert await tx.sources.all() == [], "nothing is kept of it"


async def test_a_page_without_feeds_is_refused_with_the_reason(scene: Scene) -> None:
    await scene.admitted()
    url = "https://news.example/"
    scene.fetch.pages[url] = page(url, b"<html><body>Hello there</body></html>", kind="text/html")
    (text,) = await scene.say(f"/sources add {url}")
    assert text == say("sources.bad", reason="it is not a feed")


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (FetchError("x", code="fetch.dns"), "its name is not known"),
        (FetchError("x", code="fetch.http_404"), "it answered with an error"),
        (FetchError("x", code="fetch.blocked_address"), "its address is not public"),
        (ParseError("x", code="parse.strange"), "it failed (parse.strange)"),
    ],
)
async def test_what_cannot_be_read_is_refused_in_plain_words(
    scene: Scene, error: SourceError, why: str
) -> None:
    await scene.admitted()
    scene.fetch.pages[FEED_URL] = error
    assert await scene.say(f"/sources add {FEED_URL}") == [say("sources.bad", reason=why)]
    assert await listed(scene) == []


async def test_adding_a_source_that_fails_takes_it_from_nobody_else(scene: Scene) -> None:
    await scene.admitted()
    await scene.lists(OWN, workspace="telegram:-100")
    other = Channel(platform="telegram", chat_id="-200")
    await scene.admitted(other)
    scene.fetch.pages[OWN.url] = FetchError("down for an hour", code="fetch.timeout")
    (text,) = await scene.say(f"/sources add {OWN.url}", channel=other)
    assert text == say("sources.bad", reason="it did not answer in time")
    assert await listed(scene) == [OWN.url]


async def test_a_source_that_is_listed_already_is_not_fetched_again(scene: Scene) -> None:
    await scene.admitted()
    await scene.lists()
    assert await scene.say(f"/sources add {FEED_URL}") == [say("sources.known", title="Wire")]
    assert scene.fetch.asked == []


async def test_adding_needs_an_address(scene: Scene) -> None:
    await scene.admitted()
    assert await scene.say("/sources add") == [say("sources.usage")]


async def test_the_list_says_how_each_source_is_doing(scene: Scene) -> None:
    await scene.admitted()
    assert await scene.say("/sources", role="member") == [say("sources.none")]
    await scene.news()
    await scene.lists(replace(SOURCE, id="bad", url="https://bad.example/feed", title=""))
    await scene.collect(replace(SOURCE, id="bad", url="https://bad.example/feed"))
    await scene.lists(OWN, workspace="telegram:-100")
    (text,) = await scene.say("/sources", role="member")
    assert text.splitlines()[2:] == [
        (
            "• 1. https://bad.example/feed — ⚠️ failing: its name is not known; "
            "next try 2026-03-02 08:02"
        ),
        "• 2. Own — ⏳ not fetched yet",
        "• 3. Wire — ✅ fine, next look 2026-03-02 08:34",
    ]
    (text,) = await scene.say("/sources", lang="ja")
    assert phrases.say("ja", "sources.healthy", time="2026-03-02 08:34") in text


@pytest.mark.parametrize("which", ["1", "１", OWN.url])
async def test_a_source_is_removed_by_its_number_or_its_address(scene: Scene, which: str) -> None:
    await scene.admitted()
    await scene.lists(OWN, workspace="telegram:-100")
    await scene.lists()
    assert await scene.say(f"/sources remove {which}") == [say("sources.removed", title="Own")]
    assert await listed(scene) == [FEED_URL]
    async with scene.store.read() as tx:
        (entry,) = await tx.audit.list(5)
    assert (entry.action, entry.detail) == ("source.remove", "own")


@pytest.mark.parametrize("which", ["", "0", "3", "-1", "²", "https://elsewhere.example/", "Own"])
async def test_what_is_not_in_the_list_cannot_be_removed(scene: Scene, which: str) -> None:
    await scene.admitted()
    await scene.lists(OWN, workspace="telegram:-100")
    assert await scene.say(f"/sources remove {which}") == [say("sources.which")]
    assert await listed(scene) == [OWN.url]


async def test_a_chat_cannot_remove_a_source_of_the_catalogue_or_of_another_chat(
    scene: Scene,
) -> None:
    await scene.admitted()
    await scene.admitted(Channel(platform="telegram", chat_id="-200"))
    await scene.lists()
    await scene.lists(OWN, workspace="telegram:-200")
    for which in ("1", FEED_URL, OWN.url):
        assert await scene.say(f"/sources remove {which}") == [say("sources.which")]
    assert await listed(scene) == [FEED_URL]
    assert OWN.url in await listed(scene, "telegram:-200")


def test_a_source_is_named_by_number_in_the_order_shown() -> None:
    sources = [Source(id="a", url="https://a.example"), Source(id="b", url="https://b.example")]
    assert picked("2", sources) == sources[1]
    assert picked("https://a.example", sources) == sources[0]
    assert picked("", [Source(id="c", url="")]) is None


@pytest.mark.parametrize("lang", list(phrases.TABLES))
def test_every_reason_is_said_in_every_language(lang: str) -> None:
    for key in phrases.TABLES["en"]:
        if key.startswith("reason.") and key != "reason.other":
            assert reason(key.removeprefix("reason."), lang) == phrases.TABLES[lang][key]
    assert "fetch.odd" in reason("fetch.odd", lang)


# --- the catalogue -----------------------------------------------------------------------------


async def test_a_source_of_the_catalogue_is_seen_by_every_chat(scene: Scene) -> None:
    await scene.admitted()
    scene.fetch.pages[FEED_URL] = page(FEED_URL, rss(*NEWS))
    added = await catalogue.add(Wish(pasted=FEED_URL), tools=scene.tools)
    assert (added.source.title, added.outcome.new) == ("Wire", 2)
    assert await listed(scene) == [FEED_URL]
    assert GROUP.chat_id == "-100"


async def test_what_is_known_of_a_source_goes_into_the_catalogue(scene: Scene) -> None:
    scene.fetch.pages[FEED_URL] = page(FEED_URL, rss(*NEWS))
    like = replace(SOURCE, title="The Wire", timezone="Asia/Tokyo")
    added = await catalogue.add(Wish(pasted=FEED_URL, like=like), tools=scene.tools)
    assert (added.source.title, added.source.timezone) == ("The Wire", "Asia/Tokyo")


async def test_a_bad_source_is_kept_out_of_the_catalogue_with_a_reason(scene: Scene) -> None:
    with pytest.raises(SourceError) as caught:
        await catalogue.add(Wish(pasted=FEED_URL), tools=scene.tools)
    assert str(catalogue.refused(caught.value, FEED_URL)) == (
        "https://news.example/feed cannot be used: its name is not known."
    )
    assert await catalogue.listing(store=scene.store) == []


async def test_a_source_of_a_chat_that_fails_now_is_not_lost_to_the_chat(scene: Scene) -> None:
    await scene.admitted()
    await scene.lists(OWN, workspace="telegram:-100")
    with pytest.raises(SourceError):
        await catalogue.add(Wish(pasted=OWN.url), tools=scene.tools)
    assert await listed(scene) == [OWN.url]


async def test_the_catalogue_shows_the_health_of_each_source(scene: Scene) -> None:
    await scene.news()
    await scene.lists(replace(SOURCE, id="a", url="https://a.example/feed", title=""))
    await scene.collect(replace(SOURCE, id="a", url="https://a.example/feed", title=""))
    await scene.lists(OWN)
    assert await catalogue.listing(store=scene.store) == [
        (
            "1. (no title)  https://a.example/feed  [failing: its name is not known; "
            "next try 2026-03-02 08:01]"
        ),
        "2. Own  https://own.example/feed  [not fetched yet]",
        "3. Wire  https://news.example/feed  [fine, next look 2026-03-02 08:33]",
    ]


async def test_a_source_leaves_the_catalogue_by_number_or_address(scene: Scene) -> None:
    await scene.news()
    await scene.lists(OWN)
    assert (await catalogue.remove("2", store=scene.store)).url == FEED_URL
    assert (await catalogue.remove(OWN.url, store=scene.store)).id == "own"
    with pytest.raises(UserError):
        await catalogue.remove("1", store=scene.store)
