"""One round for one source: what is new is kept, what changed is updated, what fails is counted."""

import html
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.app import collect as collecting
from bot.app.collect import Collected, collect
from bot.errors import BotError, FetchError, ParseError
from bot.model import Article, SourceState
from tests.app.scene import BRIDGE, CHIPS, FEED_URL, NEWS, SOURCE, Scene, at_once, page, rss
from tests.conftest import NOW

PAGE = """<!doctype html><html><head><title>{title}</title></head><body><article><h1>{title}</h1>
<p>{body}</p></article></body></html>"""
CONSENT = """<!doctype html><html><head><title>Before you continue</title></head><body>
<p>We use cookies. Accept all cookies or reject all. Our partners value your privacy and your
consent: manage options, privacy policy, accept all, reject all, vendors, consent.</p>
</body></html>"""


async def articles(scene: Scene) -> list[Article]:
    async with scene.store.read() as tx:
        found = await tx.articles.between([SOURCE.id], NOW - timedelta(1), NOW + timedelta(9), 99)
    return sorted(found, key=lambda a: a.guid)


async def state(scene: Scene) -> SourceState:
    async with scene.store.read() as tx:
        return await tx.sources.state(SOURCE.id)


async def test_new_articles_are_kept_with_their_figures(scene: Scene) -> None:
    await scene.lists()
    assert await scene.news() == Collected(new=2)
    first, _ = await articles(scene)
    assert (first.title, first.partial) == ("Marlin trains a model", False)
    async with scene.store.read() as tx:
        figures = (await tx.articles.figures([first.id]))[first.id]
    assert [(f.quote.exact, f.unit) for f in figures][:2] == [
        ("8,192 chips", "chip"),
        ("16 days", "day"),
    ]
    assert all(first.text[f.quote.start : f.quote.end] == f.quote.exact for f in figures)


async def test_a_feed_that_did_not_change_costs_no_reading(scene: Scene) -> None:
    await scene.lists()
    scene.fetch.pages[FEED_URL] = page(
        FEED_URL, rss(*NEWS), etag='"1"', last_modified="Mon, 02 Mar 2026 07:00:00 GMT"
    )
    await scene.collect(SOURCE)
    scene.clock.move(timedelta(hours=1))
    assert await scene.collect(SOURCE) == Collected()
    assert scene.fetch.asked[-1] == (FEED_URL, '"1"', "Mon, 02 Mar 2026 07:00:00 GMT")
    found = await state(scene)
    assert (found.etag, found.checked_at) == ('"1"', scene.clock())
    assert found.next_check_at is not None
    assert found.next_check_at > scene.clock()


async def test_validators_of_an_old_answer_are_dropped_with_it(scene: Scene) -> None:
    """RFC 9110: a new answer without an ETag has none; asking with the old one would lie."""
    await scene.lists()
    scene.fetch.pages[FEED_URL] = page(FEED_URL, rss(*NEWS), etag='"1"')
    await scene.collect(SOURCE)
    scene.fetch.pages[FEED_URL] = page(FEED_URL, rss(*NEWS))
    await scene.collect(SOURCE)
    assert (await state(scene)).etag is None


async def test_the_same_articles_again_are_neither_new_nor_updated(scene: Scene) -> None:
    await scene.news()
    before = await articles(scene)
    touch(scene)
    assert await scene.collect(SOURCE) == Collected()
    assert await articles(scene) == before


async def test_an_edited_article_is_updated_under_its_id_with_its_figures(scene: Scene) -> None:
    await scene.news()
    before = await articles(scene)
    edited = [("Marlin trains a model", CHIPS.replace("8,192", "9,999")), NEWS[1]]
    assert await scene.news(edited) == Collected(updated=1)
    after = await articles(scene)
    assert [a.id for a in after] == [a.id for a in before]
    assert "9,999" in after[0].text
    async with scene.store.read() as tx:
        figures = (await tx.articles.figures([after[0].id]))[after[0].id]
        (former,) = await tx.articles.revisions(after[0].id)
    assert figures[0].quote.exact == "9,999 chips"
    assert figures[0].quote.article_id == after[0].id
    assert "8,192" in former.text


async def test_an_article_under_a_new_guid_is_the_same_one_by_its_link_and_headline(
    scene: Scene,
) -> None:
    await scene.news()
    before = await articles(scene)
    renamed = rss((NEWS[0][0], CHIPS.replace("8,192", "9,999"))).replace(b">1<", b">other<")
    scene.fetch.pages[FEED_URL] = page(FEED_URL, renamed)
    assert await scene.collect(SOURCE) == Collected(updated=1)
    after = {a.id: a for a in await articles(scene)}
    assert set(after) == {a.id for a in before}
    async with scene.store.read() as tx:
        figures = (await tx.articles.figures([before[0].id]))[before[0].id]
    assert [f.quote.article_id for f in figures] == [before[0].id] * len(figures)
    assert figures[0].quote.exact == "9,999 chips"


async def test_one_article_more_leaves_the_others_as_they_are(scene: Scene) -> None:
    await scene.news()
    more = (*NEWS, ("A third thing happens", "It happened on 3 of 12 ships, and cost $40 million."))
    assert await scene.news(more) == Collected(new=1)


async def test_an_article_that_the_store_no_longer_has_does_not_come_back(scene: Scene) -> None:
    """Identity keys outlive articles: a feed that shows an old one again shows no news."""
    await scene.news()
    first, second = await articles(scene)
    async with scene.store.begin() as tx:
        await tx.sources.remove(SOURCE.id)
        await tx.sources.save(SOURCE)
        await tx.articles.add(second)
        batch = collecting.read(page(FEED_URL, rss(*NEWS)), SOURCE, NOW)
        await tx.articles.remember(SOURCE.id, batch.keys[1], second.id)
    assert await scene.news() == Collected(new=1)
    assert [a.id for a in await articles(scene)] == [first.id, second.id]


async def test_a_source_takes_the_name_that_its_feed_gives_and_keeps_one_it_has(
    scene: Scene,
) -> None:
    nameless = replace(SOURCE, title="")
    await scene.news(source=nameless)
    async with scene.store.read() as tx:
        found = await tx.sources.get(SOURCE.id)
    assert found is not None
    assert found.title == "Wire"
    scene.fetch.pages[FEED_URL] = page(FEED_URL, rss(*NEWS, title="Renamed"))
    await scene.collect(found)
    async with scene.store.read() as tx:
        assert await tx.sources.get(SOURCE.id) == found


Item = tuple[str, str, str, str]  # guid, link, headline, body
THIRD = "It happened on 3 of 12 ships in the harbour, and will cost the owners $40 million in all."


def feed_of(*items: Item) -> bytes:
    return (
        '<rss version="2.0"><channel><title>Wire</title>'
        + "".join(
            f"<item><guid isPermaLink='false'>{guid}</guid><link>{html.escape(link)}</link>"
            f"<title>{title}</title><description>{body}</description></item>"
            for guid, link, title, body in items
        )
        + "</channel></rss>"
    ).encode()


SITE = "https://news.example"
ONE: Item = ("g1", f"{SITE}/2026/marlin-trains-a-model-69812345", "Marlin trains", CHIPS * 8)
TWO: Item = ("g2", f"{SITE}/2026/aster-bridge-closes-69812399", "Aster closes", BRIDGE * 8)
NEW: Item = ("g3", f"{SITE}/2026/ships-are-struck-69812444", "Ships are struck", THIRD * 18)


def changed(item: Item, **fields: str) -> Item:
    named = dict(zip(("guid", "link", "title", "body"), item, strict=True)) | fields
    return (named["guid"], named["link"], named["title"], named["body"])


@pytest.mark.parametrize(
    ("first", "then", "outcome"),
    [
        pytest.param(
            [ONE, TWO],
            [changed(ONE, guid="x1"), changed(TWO, guid="x2")],
            Collected(),
            id="guids that change with each fetch",
        ),
        pytest.param(
            [changed(ONE, guid="same"), changed(TWO, guid="same")],
            [changed(n, guid="same") for n in (NEW, ONE, TWO)],
            Collected(new=1),
            id="one guid for all",
        ),
        pytest.param(
            [ONE, TWO],
            [changed(NEW, guid="g1"), changed(ONE, guid="g2")],
            Collected(new=1),
            id="guids that are recycled",
        ),
        pytest.param(
            [ONE],
            [changed(ONE, title="Marlin trains a model at last")],
            Collected(updated=1),
            id="an edited headline",
        ),
        pytest.param(
            [changed(ONE, guid=ONE[1])],
            [
                changed(
                    ONE,
                    guid=f"{SITE}/2026/a-new-slug-69812345",
                    link=f"{SITE}/2026/a-new-slug-69812345",
                    title="A new headline",
                )
            ],
            Collected(updated=1),
            id="the headline in guid and link, edited",
        ),
        pytest.param(
            [ONE, TWO],
            [changed(n, link=n[1].replace(SITE, "https://www.moved.example")) for n in (ONE, TWO)],
            Collected(),
            id="another host",
        ),
        pytest.param(
            [ONE],
            [changed(ONE, guid="x", link=ONE[1] + "?utm_source=rss&spm=1.2&share_token=a")],
            Collected(),
            id="trackers in the link",
        ),
    ],
)
async def test_what_publishers_do_to_a_feed(
    scene: Scene, first: list[Item], then: list[Item], outcome: Collected
) -> None:
    await scene.lists()
    scene.fetch.pages[FEED_URL] = page(FEED_URL, feed_of(*first))
    assert (await scene.collect(SOURCE)).new == len(first)
    scene.fetch.pages[FEED_URL] = page(FEED_URL, feed_of(*then))
    assert await scene.collect(SOURCE) == outcome
    assert await scene.collect(SOURCE) == Collected()


async def test_an_article_that_slides_back_into_the_window_is_no_news(scene: Scene) -> None:
    await scene.lists()
    for items, new in (([ONE, TWO], 2), ([TWO, NEW], 1), ([ONE, TWO], 0), ([ONE, NEW], 0)):
        scene.fetch.pages[FEED_URL] = page(FEED_URL, feed_of(*items))
        assert await scene.collect(SOURCE) == Collected(new=new)


async def test_an_edit_does_not_move_the_time_of_publication(scene: Scene) -> None:
    await scene.lists()
    for text, at in (
        (CHIPS, "Sun, 01 Mar 2026 07:00:00 GMT"),
        (BRIDGE, "Mon, 02 Mar 2026 07:00:00 GMT"),
    ):
        feed = feed_of(changed(ONE, body=text * 8))
        dated = feed.replace(b"</item>", f"<pubDate>{at}</pubDate></item>".encode())
        scene.fetch.pages[FEED_URL] = page(FEED_URL, dated)
        await scene.collect(SOURCE)
    (kept,) = await articles(scene)
    assert "bridge" in kept.text
    assert kept.published_at == datetime(2026, 3, 1, 7, tzinfo=UTC)


async def test_a_page_says_what_it_translates(scene: Scene) -> None:
    await scene.lists()
    told = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "translationOfWork": {"url":'
        '"https://paper.example/zh/1", "inLanguage": "zh-CN"}}</script>'
    )
    excerpted(scene, PAGE.format(title="Marlin trains a model", body=CHIPS) + told)
    await scene.collect(SOURCE)
    (whole,) = await articles(scene)
    assert (whole.is_based_on, whole.translated_from) == ("https://paper.example/zh/1", "zh-Hans")


# --- failures ----------------------------------------------------------------------------------


async def test_each_failure_doubles_the_wait_up_to_a_day_and_success_ends_it(scene: Scene) -> None:
    await scene.lists()
    waits = []
    for _ in range(8):
        assert await scene.collect(SOURCE) == Collected(error="fetch.dns")
        found = await state(scene)
        assert found.next_check_at is not None
        waits.append(found.next_check_at - scene.clock())
    assert waits == sorted(waits)
    assert waits[1] == 2 * waits[0]
    assert timedelta(hours=6) < max(waits) <= timedelta(days=1)
    assert ((await state(scene)).failures, (await state(scene)).error) == (8, "fetch.dns")
    await scene.news()
    assert ((await state(scene)).failures, (await state(scene)).error) == (0, None)


async def test_chance_spreads_the_retries(scene: Scene) -> None:
    await scene.lists()
    waits = []
    for chance in (0.0, 0.9):
        async with scene.store.begin() as tx:
            await tx.sources.save_state(SourceState(source_id=SOURCE.id))
        await collect(
            SOURCE,
            store=scene.store,
            fetch=scene.fetch,
            work=at_once,
            now=NOW,
            chance=chance,
        )
        waits.append((await state(scene)).next_check_at)
    assert waits[0] is not None
    assert waits[1] is not None
    assert NOW < waits[0] < waits[1]


async def test_a_server_that_says_when_to_come_back_is_obeyed(scene: Scene) -> None:
    await scene.lists()
    busy = FetchError("busy", code="fetch.http_429", retry_after=timedelta(hours=5))
    scene.fetch.pages[FEED_URL] = busy
    await scene.collect(SOURCE)
    assert (await state(scene)).next_check_at == NOW + timedelta(hours=5)


async def test_bytes_that_are_no_feed_are_a_failure_and_harm_nothing(scene: Scene) -> None:
    await scene.news()
    scene.fetch.pages[FEED_URL] = page(FEED_URL, b"<html><body>Sorry</body></html>")
    assert (await scene.collect(SOURCE)).error == "parse.not_a_feed"
    assert len(await articles(scene)) == 2


# --- excerpts ----------------------------------------------------------------------------------

LEAD = ". ".join(CHIPS.split(". ")[:2]) + "."


def excerpted(scene: Scene, markup: str | BotError) -> None:
    """A feed of one excerpt, and its page."""
    scene.fetch.pages[FEED_URL] = page(FEED_URL, rss(("Marlin trains a model", LEAD), whole=False))
    url = "https://news.example/1"
    scene.fetch.pages[url] = (
        markup if isinstance(markup, BotError) else page(url, markup.encode(), kind="text/html")
    )


def touch(scene: Scene) -> None:
    """Other bytes that say the same: the same ones would not be read again."""
    served = scene.fetch.pages[FEED_URL]
    assert not isinstance(served, Exception)
    scene.fetch.pages[FEED_URL] = replace(served, body=served.body + b"<!-- now -->")


async def test_an_excerpt_is_completed_from_its_page(scene: Scene) -> None:
    await scene.lists()
    excerpted(scene, PAGE.format(title="Marlin trains a model", body=CHIPS))
    assert await scene.collect(SOURCE) == Collected(new=1)
    (whole,) = await articles(scene)
    assert "350 people" in whole.text
    assert whole.text.startswith("Marlin trains a model")
    assert (whole.partial, whole.source_id, whole.guid) == (False, SOURCE.id, "1")
    async with scene.store.read() as tx:
        figures = (await tx.articles.figures([whole.id]))[whole.id]
    assert "$12 million" in [f.quote.exact for f in figures]
    assert all(whole.text[f.quote.start : f.quote.end] == f.quote.exact for f in figures)


async def test_a_completed_article_stays_whole_and_its_page_is_read_once(scene: Scene) -> None:
    await scene.lists()
    excerpted(scene, PAGE.format(title="Marlin trains a model", body=CHIPS))
    await scene.collect(SOURCE)
    touch(scene)
    assert await scene.collect(SOURCE) == Collected()
    (whole,) = await articles(scene)
    assert "350 people" in whole.text
    assert [url for url, *_ in scene.fetch.asked].count("https://news.example/1") == 1


async def test_an_edited_excerpt_has_its_page_read_again_and_the_edit_is_remembered(
    scene: Scene,
) -> None:
    await scene.lists()
    excerpted(scene, PAGE.format(title="Marlin trains a model", body=CHIPS))
    await scene.collect(SOURCE)
    edited = LEAD.replace("16 days", "19 days")
    feed = rss(("Marlin trains a model", edited), whole=False)
    scene.fetch.pages[FEED_URL] = page(FEED_URL, feed)
    whole = PAGE.format(title="Marlin trains a model", body=CHIPS.replace("16 days", "19 days"))
    url = "https://news.example/1"
    scene.fetch.pages[url] = page(url, whole.encode(), kind="text/html")
    assert await scene.collect(SOURCE) == Collected(updated=1)
    assert await scene.collect(SOURCE) == Collected()
    (after,) = await articles(scene)
    assert "19 days" in after.text
    assert "350 people" in after.text
    assert [asked for asked, *_ in scene.fetch.asked].count(url) == 2
    async with scene.store.read() as tx:
        (former,) = await tx.articles.revisions(after.id)
        (figures,) = await tx.articles.former_figures(after.id)
    assert "16 days" in former.text
    assert "16 days" in [f.quote.exact for f in figures]


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param(CONSENT, id="a consent wall"),
        pytest.param(FetchError("gone", code="fetch.http_404"), id="no page"),
        pytest.param(ParseError("odd"), id="a page that cannot be parsed"),
        pytest.param(
            PAGE.format(title="Marlin trains a model", body=LEAD), id="a page that says no more"
        ),
        pytest.param(
            PAGE.format(
                title="The Wire", body=f"{BRIDGE}</p><p>{BRIDGE.replace('bridge', 'road')}"
            ),
            id="a page that tells another story",
        ),
    ],
)
async def test_without_a_better_page_the_excerpt_is_kept_as_such(
    scene: Scene, markup: str | BotError
) -> None:
    await scene.lists()
    excerpted(scene, markup)
    assert await scene.collect(SOURCE) == Collected(new=1)
    (kept,) = await articles(scene)
    assert kept.partial
    assert kept.text == f"Marlin trains a model\n\n{LEAD}"


async def test_the_headline_is_the_feeds_and_stands_once(scene: Scene) -> None:
    await scene.lists()
    title = "Marlin: the big training | The Wire of the Harbour"
    excerpted(scene, PAGE.format(title=title, body=f"{CHIPS}</p><p>{BRIDGE}"))
    await scene.collect(SOURCE)
    (whole,) = await articles(scene)
    assert whole.text.startswith("Marlin trains a model\n\nMarlin Labs said")
