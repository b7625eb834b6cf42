"""Nobody is flooded: not by a long feed at first, not by what was missed in a pause."""

from datetime import datetime, timedelta
from email.utils import format_datetime

from bot import phrases
from bot.app.collect import FEW, newest
from bot.model import Article, Source
from tests.app.scene import FEED_URL, Scene, page
from tests.conftest import NOW

DAY = timedelta(days=1)


def feed(first: int, last: int, *, upwards: bool = False) -> bytes:
    """The items `first` to `last`, one an hour, each a story of its own, newest on top."""
    items = [
        f"<item><guid>{n}</guid><title>Place {n} opens its quay {n * 37}</title>"
        f"<link>https://news.example/story-{n}</link>"
        f"<pubDate>{format_datetime(NOW - timedelta(hours=400 - n))}</pubDate>"
        f"<description>The town of number {n} spent {n + 3} million yen on it.</description></item>"
        for n in range(first, last + 1)
    ]
    ordered = items if upwards else items[::-1]
    return (
        f'<rss version="2.0"><channel><title>Wire</title>{"".join(ordered)}</channel></rss>'
    ).encode()


def serve(scene: Scene, first: int, last: int, *, upwards: bool = False) -> None:
    scene.fetch.pages[FEED_URL] = page(FEED_URL, feed(first, last, upwards=upwards))


async def the_source(scene: Scene) -> Source:
    async with scene.store.read() as tx:
        found = await tx.sources.by_url(FEED_URL)
    assert found is not None
    return found


async def stored(scene: Scene) -> list[Article]:
    source = await the_source(scene)
    async with scene.store.read() as tx:
        return await tx.articles.between([source.id], datetime.min.replace(tzinfo=NOW.tzinfo),
                                         scene.clock() + DAY, 999)  # fmt: skip


async def subscribed(scene: Scene) -> None:
    """A chat that follows a feed of sixty items."""
    await scene.admitted()
    serve(scene, 1, 60)
    await scene.say(f"/sources add {FEED_URL}")
    await scene.say("/subscribe")


async def digests(scene: Scene) -> int:
    """How many stories a digest that is asked for now brings."""
    scene.clock.move(timedelta(minutes=1))
    async with scene.store.read() as tx:
        (subscription,) = await tx.subscriptions.all()
    made = await scene.publish(subscription)
    return len(made.items) if made else 0


async def test_the_first_look_at_a_long_feed_offers_the_newest_few(scene: Scene) -> None:
    await scene.admitted()
    serve(scene, 1, 200)
    (text,) = await scene.say(f"/sources add {FEED_URL}")
    assert f"{FEW} articles" in text
    assert "Place 200" in text
    assert sorted(a.guid for a in await stored(scene)) == [str(n) for n in range(196, 201)]
    await scene.say("/subscribe")
    async with scene.store.read() as tx:
        (subscription,) = await tx.subscriptions.all()
        made = await tx.digests.latest(subscription.channel)
    assert made is not None
    assert len(made.items) == FEW
    assert await digests(scene) == 0


async def test_what_was_there_at_first_is_never_news(scene: Scene) -> None:
    await scene.admitted()
    serve(scene, 1, 200)
    await scene.say(f"/sources add {FEED_URL}")
    source = await the_source(scene)
    for last in (201, 40, 120):  # one is new; then old ones slide back into a shorter window
        serve(scene, max(1, last - 60), last)
        scene.clock.move(timedelta(hours=1))
        outcome = await scene.collect(source)
        assert outcome.new == (1 if last == 201 else 0), last
    assert len(await stored(scene)) == FEW + 1


async def test_the_newest_are_taken_whichever_way_a_feed_runs(scene: Scene) -> None:
    await scene.admitted()
    serve(scene, 1, 200, upwards=True)
    await scene.say(f"/sources add {FEED_URL}")
    assert sorted(a.guid for a in await stored(scene)) == [str(n) for n in range(196, 201)]
    assert newest([None, NOW], 1) == [0]


async def test_a_source_that_comes_back_after_a_pause_brings_one_capped_digest(
    scene: Scene,
) -> None:
    await subscribed(scene)
    assert await scene.say("/sources remove 1") == [
        phrases.say("en", "sources.removed", title="Wire")
    ]
    scene.clock.move(7 * DAY)
    serve(scene, 61, 210)
    (text,) = await scene.say(f"/sources add {FEED_URL}")
    assert f"{FEW} articles" in text
    assert await digests(scene) == FEW
    assert await digests(scene) == 0
    serve(scene, 62, 211)
    await scene.collect(await the_source(scene))
    assert await digests(scene) == 1, "from then on, what is new"


async def test_a_subscription_that_comes_back_after_a_pause_gets_one_capped_digest(
    scene: Scene,
) -> None:
    await subscribed(scene)
    source = await the_source(scene)
    async with scene.store.begin() as tx:
        (subscription,) = await tx.subscriptions.all()
        await tx.subscriptions.pause(subscription.channel)
    for last in range(70, 220, 10):  # fifteen looks in five days
        scene.clock.move(timedelta(hours=8))
        serve(scene, last - 40, last)
        assert (await scene.collect(source)).new == 10
    async with scene.store.begin() as tx:
        await tx.subscriptions.resume(subscription.channel)
    assert await digests(scene) == subscription.max_stories
    scene.clock.move(DAY)
    assert await digests(scene) == 0, "what was missed does not come day after day"
