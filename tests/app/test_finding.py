"""What people paste becomes a source: recipes, the feeds that pages name, well-known places, and
pages watched for headlines."""

import pytest

from bot import phrases
from bot.app import catalogue, finding
from bot.app.catalogue import Wish
from bot.app.finding import PageOnly
from bot.errors import FetchError, SourceError
from bot.ingest import NotAFeed
from bot.ingest.discovery import WELL_KNOWN
from bot.model import Fetched
from tests.app.scene import FEED_URL, NEWS, Scene, page, rss
from tests.app.test_sources import HOME, listed

SITE = "https://news.example/"
HEADLINES = [f"The harbour opens its new quay number {n}" for n in range(1, 6)]
INDEX = (
    "<!doctype html><html lang='en'><head><title>Harbour Post</title></head><body>"
    + "".join(f"<h2><a href='/story-{n}'>{t}</a></h2>" for n, t in enumerate(HEADLINES))
    + "</body></html>"
).encode()
TELEGRAM = b"""<!doctype html><html><head><meta property="og:title" content="Chips daily"></head>
<body><div class="tgme_widget_message" data-post="chips/7">
<div class="tgme_widget_message_text">Marlin trains a model on 8,192 chips.</div>
</div></body></html>"""
SITEMAP = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://news.example/a-long-story-1</loc><lastmod>2026-03-01</lastmod></url></urlset>"""
MAPS = b"""<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://news.example/news-map.xml</loc></sitemap></sitemapindex>"""


def say(key: str, **args: object) -> str:
    return phrases.say("en", key, **args)


def html(scene: Scene, url: str, body: bytes) -> None:
    scene.fetch.pages[url] = page(url, body, kind="text/html")


@pytest.mark.parametrize(
    ("pasted", "feed"),
    [
        ("r/LocalLLaMA", "https://www.reddit.com/r/LocalLLaMA/.rss"),
        ("https://news.ycombinator.com/", "https://news.ycombinator.com/rss"),
        ("arxiv:cs.CL", "https://rss.arxiv.org/rss/cs.CL"),
        ("https://github.com/a/b", "https://github.com/a/b/releases.atom"),
        (
            "news: chips page",
            "https://news.google.com/rss/search?q=chips+page&hl=en-US&gl=US&ceid=US:en",
        ),
        (
            "https://www.youtube.com/playlist?list=PL1",
            "https://www.youtube.com/feeds/videos.xml?playlist_id=PL1",
        ),
    ],
)
async def test_a_recipe_turns_what_is_pasted_into_its_feed(
    scene: Scene, pasted: str, feed: str
) -> None:
    await scene.admitted()
    scene.fetch.pages[feed] = page(feed, rss(*NEWS))
    (text,) = await scene.say(f"/sources add {pasted}")
    assert feed in text
    assert text.startswith(say("sources.added", title="Wire", count=2, newest=NEWS[0][0]))
    assert await listed(scene) == [feed]
    assert [url for url, *_ in scene.fetch.asked] == [feed], "asked once"
    assert await scene.say(f"/sources add {pasted}") == [say("sources.known", title="Wire")]


async def test_a_telegram_channel_is_followed_by_its_preview(scene: Scene) -> None:
    await scene.admitted()
    html(scene, "https://t.me/s/chips", TELEGRAM)
    (text,) = await scene.say("/sources add https://t.me/chips")
    assert "Chips daily" in text
    assert "Marlin trains a model on 8,192 chips." in text
    assert await listed(scene) == ["https://t.me/s/chips"]


async def test_a_feed_that_is_itself_what_a_recipe_names_is_added_without_a_word(
    scene: Scene,
) -> None:
    await scene.admitted()
    url = "https://github.com/a/b/releases.atom"
    scene.fetch.pages[url] = page(url, rss(*NEWS))
    (text,) = await scene.say(f"/sources add {url}")
    assert text == say("sources.added", title="Wire", count=2, newest=NEWS[0][0])


async def test_a_bare_host_is_asked_by_https(scene: Scene) -> None:
    await scene.admitted()
    scene.fetch.pages[FEED_URL] = page(FEED_URL, rss(*NEWS))
    await scene.say("/sources add news.example/feed")
    assert await listed(scene) == [FEED_URL]


async def test_the_feed_that_a_page_names_is_taken_and_the_others_are_told(scene: Scene) -> None:
    await scene.admitted()
    html(scene, SITE, HOME)
    scene.fetch.pages[FEED_URL] = page(FEED_URL, rss(*NEWS))
    (text,) = await scene.say(f"/sources add {SITE}")
    assert say("sources.by_name", url=FEED_URL) in text
    assert say("sources.others", urls="https://news.example/atom") in text
    assert await listed(scene) == [FEED_URL]
    assert [url for url, *_ in scene.fetch.asked] == [SITE, FEED_URL]
    await scene.say(f"/sources add {SITE}")
    assert await listed(scene) == [FEED_URL], "the page leads to a feed that is listed already"


async def test_the_second_candidate_is_taken_where_the_first_is_dead(scene: Scene) -> None:
    await scene.admitted()
    html(scene, SITE, HOME)
    atom = "https://news.example/atom"
    scene.fetch.pages[atom] = page(atom, rss(*NEWS))
    (text,) = await scene.say(f"/sources add {SITE}")
    assert say("sources.by_name", url=atom) in text


async def test_an_index_of_sitemaps_leads_to_its_news(scene: Scene) -> None:
    await scene.admitted()
    index, news = "https://news.example/sitemap.xml", "https://news.example/news-map.xml"
    scene.fetch.pages[index] = page(index, MAPS)
    scene.fetch.pages[news] = page(news, SITEMAP)
    await scene.say(f"/sources add {index}")
    assert await listed(scene) == [news]


async def test_well_known_places_are_tried_where_a_page_names_none(scene: Scene) -> None:
    await scene.admitted()
    html(scene, SITE, b"<html><body>Hello there</body></html>")
    for path in ("feed", "rss"):
        html(scene, SITE + path, b"<html><body>Hello there</body></html>")
    found = SITE + "atom.xml"
    scene.fetch.pages[found] = page(found, rss(*NEWS))
    (text,) = await scene.say(f"/sources add {SITE}")
    assert say("sources.by_guess", url=found) in text
    assert await listed(scene) == [found]


async def test_a_server_is_not_pestered_with_guesses(scene: Scene) -> None:
    await scene.admitted()
    html(scene, SITE, b"<html><body>Hello there</body></html>")
    for path in WELL_KNOWN:
        scene.fetch.pages[SITE[:-1] + path] = FetchError("no", code="fetch.http_4xx")
    await scene.say(f"/sources add {SITE}")
    assert len(scene.fetch.asked) == 1 + finding.GUESSES
    scene.fetch.asked.clear()
    scene.fetch.pages[SITE + "feed"] = FetchError("busy", code="fetch.http_5xx")
    await scene.say(f"/sources add {SITE}")
    assert len(scene.fetch.asked) == 2, "one that is unwell is left alone"


async def test_two_headlines_make_no_page_worth_watching(scene: Scene) -> None:
    few = "".join(f"<h2><a href='/story-{n}'>{t}</a></h2>" for n, t in enumerate(HEADLINES[:2]))
    html(scene, SITE, f"<html><body>{few}</body></html>".encode())
    with pytest.raises(NotAFeed) as refused:
        await catalogue.add(Wish(pasted=SITE), tools=scene.tools)
    assert not isinstance(refused.value, PageOnly)


async def test_a_page_with_headlines_is_watched_when_the_admin_was_told(scene: Scene) -> None:
    await scene.admitted()
    html(scene, SITE, INDEX)
    for path in WELL_KNOWN:
        scene.fetch.pages[SITE[:-1] + path] = FetchError("no", code="fetch.http_4xx")
    (text,) = await scene.say(f"/sources add {SITE}")
    assert text == say("sources.page_only", count=5, first=HEADLINES[0], url=SITE)
    assert await listed(scene) == []
    (text,) = await scene.say(f"/sources add {SITE} page")
    assert say("sources.as_page") in text
    assert "5 articles" in text
    async with scene.store.read() as tx:
        source = await tx.sources.by_url(SITE)
    assert source is not None
    assert (source.kind, source.title) == ("page", "Harbour Post")
    html(scene, SITE, INDEX.replace(b"</body>", b"<h2><a href='/story-9'>A ninth story of the "
                                    b"harbour appears</a></h2></body>"))  # fmt: skip
    assert (await scene.collect(source)).new == 1


async def test_on_the_command_line_a_refusal_says_what_to_do(scene: Scene) -> None:
    html(scene, SITE, INDEX)
    for path in WELL_KNOWN:
        scene.fetch.pages[SITE[:-1] + path] = FetchError("no", code="fetch.http_4xx")
    with pytest.raises(PageOnly) as only:
        await catalogue.add(Wish(pasted=SITE), tools=scene.tools)
    assert "--page" in str(catalogue.refused(only.value, SITE))
    html(scene, SITE, HOME)
    with pytest.raises(NotAFeed) as named:
        await catalogue.add(Wish(pasted=SITE), tools=scene.tools)
    assert FEED_URL in str(catalogue.refused(named.value, SITE))


async def test_a_page_that_moved_is_watched_where_it_is_now(scene: Scene) -> None:
    old = "https://news.example/old"
    scene.fetch.pages[old] = Fetched(
        url=SITE, status=200, body=INDEX, content_type="text/html", fetched_at=scene.clock()
    )
    wish = Wish(pasted=old, as_page=True)
    assert (await catalogue.add(wish, tools=scene.tools)).source.url == SITE
    html(scene, SITE, INDEX)
    assert (await catalogue.add(wish, tools=scene.tools)).found is None


async def test_what_is_no_feed_for_another_reason_is_refused_at_once(scene: Scene) -> None:
    scene.fetch.pages[FEED_URL] = page(FEED_URL, b"{ broken")
    with pytest.raises(SourceError) as broken:
        await catalogue.add(Wish(pasted=FEED_URL), tools=scene.tools)
    assert broken.value.code == "parse.bad_json"
    assert len(scene.fetch.asked) == 1
