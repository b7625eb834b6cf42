"""One story seen again and again: what publishers do to its fields between two looks, and how many
articles come of it."""

import html
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.app.collect import Collected
from bot.model import Article
from tests.app.scene import FEED_URL, SOURCE, Scene, page
from tests.conftest import NOW

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item of a feed; fields that are empty are left out."""

    guid: str = "tag:1"
    link: str = "https://news.example/2026/marlin-trains-a-model"
    title: str = "Marlin trains a model"
    body: str = "Marlin Labs said it had trained its new model on 8,192 chips in 16 days."
    date: str = "Mon, 02 Mar 2026 07:00:00 +0900"

    def xml(self) -> str:
        told = (
            ("guid", self.guid),
            ("link", self.link),
            ("title", self.title),
            ("content:encoded", self.body),
            ("pubDate", self.date),
        )
        parts = (f"<{tag}>{html.escape(value)}</{tag}>" for tag, value in told if value)
        return f"<item>{''.join(parts)}</item>"


ONE = Item()
TWO = Item(
    guid="tag:2",
    link="https://news.example/2026/aster-bridge-closes",
    title="Aster bridge closes",
    body="The old bridge over the Aster will be closed for 40 days, the city said on Monday.",
    date="Mon, 02 Mar 2026 08:00:00 +0900",
)
THREE = Item(
    guid="tag:3",
    link="https://news.example/2026/tram-line-opens",
    title="The tram line opens",
    body="A tram line of 12 stops opened in the north of the city after 3 years of work.",
    date="Mon, 02 Mar 2026 09:00:00 +0900",
)


def feed(*items: Item) -> bytes:
    return (
        '<?xml version="1.0"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Wire</title>'
        f"<link>https://news.example/</link>{''.join(i.xml() for i in items)}</channel></rss>"
    ).encode()


async def look(scene: Scene, *items: Item) -> Collected:
    """One more round, an hour later, in which the feed shows these items."""
    scene.clock.move(HOUR)
    scene.fetch.pages[FEED_URL] = page(FEED_URL, feed(*items))
    return await scene.collect(SOURCE)


async def stored(scene: Scene) -> list[Article]:
    async with scene.store.read() as tx:
        return await tx.articles.between([SOURCE.id], NOW, NOW + 99 * HOUR, 99)


def moved(item: Item, host: str) -> Item:
    return replace(item, link=item.link.replace("news.example", host))


CORRECTED = ONE.body.replace("8,192", "9,216")
SAME = [
    pytest.param([replace(ONE, guid=f"session-{n}") for n in range(3)], 0, id="a guid each time"),
    pytest.param(
        [replace(ONE, guid=f"s{n}", link=f"{ONE.link}?r={n}") for n in range(3)],
        0,
        id="a guid and a link each time",
    ),
    pytest.param(
        [ONE, replace(ONE, title="Marlin trains its largest model")], 1, id="an edited headline"
    ),
    pytest.param([ONE, replace(ONE, body=CORRECTED)], 1, id="an edited text"),
    pytest.param(
        [ONE, replace(ONE, title="Marlin trained a model", body=CORRECTED)],
        1,
        id="an edited headline and text",
    ),
    pytest.param(
        [
            replace(ONE, guid=f"https://news.example/{slug}/a-69812345", link="", title=slug)
            for slug in ("marlin-trains", "marlin-trained-it")
        ],
        1,
        id="the headline's words in the guid",
    ),
    pytest.param(
        [
            replace(ONE, guid=link, link=link, title=title)
            for title, link in (
                ("Marlin trains", "https://news.example/en/marlin-trains/a-69812345"),
                ("Marlin has trained", "https://news.example/en/marlin-has-trained/a-69812345"),
            )
        ],
        1,
        id="the headline's words in guid and link",
    ),
    pytest.param(
        [ONE, moved(ONE, "www.news.example"), moved(ONE, "new-news.example")], 0, id="another host"
    ),
    pytest.param(
        [ONE, replace(moved(ONE, "new.example"), guid="https://new.example/?p=1")],
        0,
        id="another host and guid",
    ),
    pytest.param(
        [ONE, replace(ONE, date="Mon, 02 Mar 2026 11:30:00 +0900")], 0, id="a date that moves"
    ),
    pytest.param([replace(ONE, date=""), ONE], 0, id="a date that comes later"),
    pytest.param(
        [
            replace(ONE, guid="", link=f"{ONE.link}?spm=1001.{n}&share_token={n}&id=5")
            for n in range(3)
        ],
        0,
        id="a tracker each time",
    ),
]


@pytest.mark.parametrize(("sightings", "edits"), SAME)
async def test_one_story_is_one_article_whatever_becomes_of_its_fields(
    scene: Scene, sightings: list[Item], edits: int
) -> None:
    await scene.lists()
    outcomes = [await look(scene, TWO, item) for item in sightings]
    assert [o.new for o in outcomes] == [2] + [0] * (len(sightings) - 1)
    assert sum(o.updated for o in outcomes) == edits
    assert len(await stored(scene)) == 2


async def test_items_under_one_guid_are_so_many_articles(scene: Scene) -> None:
    await scene.lists()
    shared = [replace(item, guid="https://news.example/") for item in (ONE, TWO, THREE)]
    assert await look(scene, *shared) == Collected(new=3)
    assert await look(scene, *reversed(shared)) == Collected()


async def test_a_recycled_guid_is_news(scene: Scene) -> None:
    """Some number their items by place: what was item 1 is item 2 at the next look."""
    await scene.lists()
    assert await look(scene, replace(ONE, guid="1"), replace(TWO, guid="2")) == Collected(new=2)
    slid = (replace(THREE, guid="1"), replace(ONE, guid="2"), replace(TWO, guid="3"))
    assert await look(scene, *slid) == Collected(new=1)
    assert {a.title: a.text.count("tram") for a in await stored(scene)} == {
        ONE.title: 0,
        TWO.title: 0,
        THREE.title: 2,
    }


async def test_an_old_item_that_slides_back_into_the_window_is_no_news(scene: Scene) -> None:
    await scene.lists()
    assert (await look(scene, ONE, TWO)).new == 2
    assert (await look(scene, TWO, THREE)).new == 1
    assert await look(scene, ONE, TWO) == Collected()  # the newest item was taken down
    assert len(await stored(scene)) == 3


async def test_every_edit_is_remembered_oldest_first_and_the_first_date_stays(
    scene: Scene,
) -> None:
    await scene.lists()
    await look(scene, ONE)
    (first,) = await stored(scene)
    texts = [ONE.body, CORRECTED, CORRECTED.replace("16 days", "18 days")]
    for body in texts[1:]:
        edited = replace(ONE, body=body, date="Mon, 02 Mar 2026 10:00:00 +0900")
        assert await look(scene, edited) == Collected(updated=1)
    (last,) = await stored(scene)
    async with scene.store.read() as tx:
        former = await tx.articles.revisions(first.id)
        figures = (await tx.articles.figures([first.id]))[first.id]
    assert [a.text.partition("\n\n")[2] for a in (*former, last)] == texts
    assert former[0] == first
    assert {a.published_at for a in (*former, last)} == {first.published_at}
    assert [f.quote.exact for f in figures] == ["9,216 chips", "18 days"]


async def test_an_edit_that_is_taken_back_is_an_edit_too(scene: Scene) -> None:
    await scene.lists()
    for body in (ONE.body, CORRECTED, ONE.body):
        await look(scene, replace(ONE, body=body))
    (last,) = await stored(scene)
    async with scene.store.read() as tx:
        former = await tx.articles.revisions(last.id)
    assert [("8,192" in a.text) for a in (*former, last)] == [True, False, True]


async def test_what_was_said_of_an_articles_origin_outlasts_an_edit(scene: Scene) -> None:
    """An excerpt's page names the original; the feed that is edited later does not."""
    await scene.lists()
    scene.fetch.pages[ONE.link] = page(ONE.link, ORIGIN.encode(), kind="text/html")
    excerpt = replace(ONE, body="Marlin Labs said it had trained its new model …")
    assert (await look(scene, excerpt)).new == 1
    (first,) = await stored(scene)
    assert (first.is_based_on, first.translated_from) == ("https://qianjiang.example/9", "zh-Hans")
    assert await look(scene, replace(ONE, body=f"{CORRECTED} {TWO.body}")) == Collected(updated=1)
    (last,) = await stored(scene)
    assert (last.is_based_on, last.translated_from) == (first.is_based_on, first.translated_from)


ORIGIN = f"""<!doctype html><html lang="en"><head><title>{ONE.title}</title>
<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{ONE.title}",
"translationOfWork":{{"@id":"https://qianjiang.example/9","inLanguage":"zh-CN"}}}}</script></head>
<body><article><h1>{ONE.title}</h1><p>{ONE.body} The cost was $12 million, said the company.</p>
<p>It employs 350 people in three cities and plans to hire more of them next year.</p></article>
</body></html>"""
