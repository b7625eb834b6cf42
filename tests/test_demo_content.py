"""The bundled news: what it states is what it is meant to state, and the server serves it."""

import json
import re
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot import ingest, text
from bot.demo import QUESTIONS, Site, sources
from bot.digest.injection import suspicious
from bot.model import LANGS, Article, Fetched, Source
from tests.conftest import NOW

TABLE = json.loads((Path(__file__).parent / "cases" / "demo_facts.json").read_text("utf-8"))
STORIES: list[dict[str, Any]] = TABLE["stories"]
FACTS: list[dict[str, Any]] = [fact for story in STORIES for fact in story["facts"]]
FEEDS = {
    "ja/rss.xml": "application/rss+xml",
    "zh-Hans/atom.xml": "application/atom+xml",
    "zh-Hant/rss.xml": "application/rss+xml",
    "en/rss.xml": "application/rss+xml",
    "en/feed.json": "application/feed+json",
}


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site(now=NOW) as opened:
        yield opened


async def get(url: str) -> tuple[int, str, bytes]:
    async with aiohttp.ClientSession() as client, client.get(url) as response:
        return response.status, response.content_type, await response.read()


async def read(source: Source) -> tuple[ingest.Feed, tuple[Article, ...]]:
    status, content_type, body = await get(source.url)
    fetched = Fetched(
        url=source.url, status=status, body=body, content_type=content_type, fetched_at=NOW
    )
    feed = ingest.parse(fetched, source=source)
    return feed, ingest.articles(feed, source=source, now=NOW)


@pytest.fixture
async def articles(site: Site) -> dict[str, Article]:
    """All articles by the name that the table of facts gives them."""
    found = [a for source in sources(site.url) for a in (await read(source))[1]]
    return {a.guid.rpartition(":")[2]: a for a in found}


# --- the server --------------------------------------------------------------------------------


async def test_the_site_serves_every_feed_in_its_format_and_it_needs_no_repair(site: Site) -> None:
    for source, (path, kind) in zip(sources(site.url), FEEDS.items(), strict=True):
        assert source.url == f"{site.url}/{path}"
        assert (await get(source.url))[:2] == (200, kind)
        feed, _ = await read(source)
        assert feed.title == source.title
        assert feed.repairs == ()
        assert 3 <= len(feed.entries) <= 4


async def test_every_article_has_a_page_under_its_link(
    site: Site, articles: Mapping[str, Article]
) -> None:
    for name, article in articles.items():
        assert article.url == f"{site.url}/{name}"
        status, kind, body = await get(article.url)
        assert (status, kind) == (200, "text/html")
        page = ingest.page(
            Fetched(url=article.url, status=200, body=body, content_type=kind, fetched_at=NOW),
            now=NOW,
        )
        assert page.title == article.title
        assert article.text.rpartition("\n")[2] in page.text


async def test_an_unknown_path_is_not_found(site: Site) -> None:
    assert (await get(f"{site.url}/ja/nothing"))[0] == 404


async def test_the_site_listens_on_loopback_and_only_while_it_is_open() -> None:
    site = Site(now=NOW)
    with pytest.raises(RuntimeError, match="not open"):
        _ = site.port
    async with site:
        url = site.url
        assert url.startswith("http://127.0.0.1:")
    with pytest.raises(aiohttp.ClientConnectionError):
        await get(url)


async def test_the_news_is_always_of_the_last_day(articles: Mapping[str, Article]) -> None:
    ages = [NOW - a.published_at for a in articles.values() if a.published_at]
    assert len(ages) == len(articles)
    assert len(set(ages)) == len(ages)  # so no order hangs on ids, which hang on the port
    assert timedelta(0) < min(ages)
    assert max(ages) < timedelta(days=1)


async def test_an_article_says_the_same_whenever_it_is_served() -> None:
    seen = []
    for moment in (NOW, NOW + timedelta(days=40)):
        async with Site(now=moment) as opened:
            found = [await read(s) for s in sources(opened.url)]
            seen.append([(a.guid, a.content_hash) for _, arts in found for a in arts])
    assert seen[0] == seen[1]


def test_no_marker_is_left_unknown_and_all_feeds_ship_in_the_package() -> None:
    folder = resources.files("bot.demo") / "feeds"
    for path in FEEDS:
        body = (folder / path).read_text("utf-8")
        rest = re.sub(r"\{\{site\}\}|\{\{published:-\d+[hm]\}\}", "", body)
        assert "{{" not in rest


# --- the articles ------------------------------------------------------------------------------


async def test_the_articles_are_in_their_language_and_whole(
    articles: Mapping[str, Article],
) -> None:
    for name, article in articles.items():
        lang = name.partition("/")[0]
        assert article.lang == text.detect(article.text) == lang
        assert not article.partial
        body = text.sentences(article.text)[1:]
        assert 4 <= len(body) <= 9, name
    assert {a.lang for a in articles.values()} == set(LANGS)


async def test_the_table_names_every_article_once(articles: Mapping[str, Article]) -> None:
    named = [name for story in STORIES for name in story["articles"]]
    assert sorted(named) == sorted(articles)


def test_the_stories_cross_the_languages_as_the_demo_needs() -> None:
    langs = {s["id"]: {a.partition("/")[0] for a in s["articles"]} for s in STORIES}
    assert {"ja", "en", "zh-Hans"} <= langs["marlin-2"]
    assert {"zh-Hant", "ja"} <= langs["yaolan"]
    assert {"zh-Hans", "zh-Hant"} <= langs["langji-q3"]
    assert sum(len(several) > 1 for several in langs.values()) >= 4
    assert langs["metro"] == {"zh-Hans"}


async def test_every_article_says_its_facts_in_the_words_of_the_table(
    articles: Mapping[str, Article],
) -> None:
    for story in STORIES:
        for fact in story["facts"]:
            assert set(fact["says"]) <= set(story["articles"])
            for name, surfaces in fact["says"].items():
                assert all(w in articles[name].text for w in surfaces), (name, fact["id"])


@pytest.mark.parametrize("story", STORIES, ids=lambda s: s["id"])
def test_the_words_of_a_fact_mean_its_value_in_every_language(story: dict[str, Any]) -> None:
    for fact in story["facts"]:
        expected = [Decimal(fact[key]) for key in ("value", "value_max") if key in fact]
        for surface in (w for surfaces in fact["says"].values() for w in surfaces):
            assert meant(surface) == expected, (fact["id"], surface)


async def test_no_number_of_an_article_is_missing_from_the_table(
    articles: Mapping[str, Article],
) -> None:
    """Digits that remain belong to names, years and ordinals alone."""
    known = re.compile(r"Marlin-2|H200|20\d\d年?|6号线")
    for name, article in articles.items():
        rest = known.sub("", article.text)
        surfaces = [w for f in FACTS for w in f["says"].get(name, ())]
        for surface in sorted(surfaces, key=len, reverse=True):
            rest = rest.replace(surface, "")
        assert not re.search(r"\d", rest), (name, rest)


async def test_only_one_sentence_gives_orders_to_a_machine(
    articles: Mapping[str, Article],
) -> None:
    orders = {
        name: exact
        for name, article in articles.items()
        for start, end in text.sentences(article.text)
        if suspicious(exact := article.text[start:end])
    }
    assert list(orders) == ["en/brantmoor"]
    forbidden = next(s["forbidden"] for s in STORIES if s["id"] == "brantmoor")
    assert {w for w in forbidden if w in orders["en/brantmoor"]} >= {"@everyone", "€500", "bonus"}
    rest = articles["en/brantmoor"].text.replace(orders["en/brantmoor"], "")
    assert not any(word in rest for word in forbidden)


def test_the_conflicts_of_the_table_are_as_far_apart_as_it_says() -> None:
    for story in STORIES:
        values = {f["id"]: Decimal(f["value"]) for f in story["facts"]}
        for conflict in story.get("conflicts", ()):
            one, other = (values[f] for f in conflict["facts"])
            assert max(one, other) / min(one, other) == Decimal(conflict["ratio"])


@pytest.mark.parametrize(
    ("story", "one", "other"),
    [
        ("marlin-2", "ja", "en"),
        ("marlin-2", "ja", "zh-Hans"),
        ("marlin-2", "zh-Hans", "en"),
        ("hoshimi", "ja", "en"),
        ("yaolan", "ja", "en"),
        ("yaolan", "zh-Hant", "ja"),
        ("langji-q3", "zh-Hans", "zh-Hant"),
        ("langji-q3", "zh-Hans", "en"),
        ("brantmoor", "ja", "en"),
    ],
)
async def test_most_sentences_have_a_native_twin_in_the_other_language(
    story: str, one: str, other: str, articles: Mapping[str, Article]
) -> None:
    names = next(s for s in STORIES if s["id"] == story)["articles"]
    left, right = (
        [facts for n in names if n.partition("/")[0] == lang for facts in told(n, articles[n])]
        for lang in (one, other)
    )
    alone = [facts for facts in left if facts not in right]
    assert len(alone) <= 1, alone


def told(name: str, article: Article) -> list[set[str]]:
    """The facts of each sentence of the body that states any."""
    spans = text.sentences(article.text)[1:]
    facts = [
        {f["id"] for f in FACTS for w in f["says"].get(name, ()) if stands(w, article.text[a:b])}
        for a, b in spans
    ]
    return [found for found in facts if found]


def stands(words: str, sentence: str) -> bool:
    """Whether words stand in a sentence, and not as the end of a longer number."""
    return re.search(rf"(?<![\d.,]){re.escape(words)}", sentence) is not None


def test_the_questions_are_in_english_and_japanese() -> None:
    assert [text.detect(q) for q in QUESTIONS] == ["en", "ja"]


# --- a second reader of numbers, independent of the product's ------------------------------------

_SCALES = {
    "trillion": 12, "billion": 9, "million": 6, "兆": 12, "億": 8, "亿": 8, "萬": 4, "万": 4,
}  # fmt: skip
_WORDS = {"three": "3", "four": "4", "five": "5", "三": "3"}
_NUMBER = re.compile(r"(\d[\d,]*(?:\.\d+)?)((?:\s?(?:trillion|billion|million)|[兆億亿萬万])*)")


def meant(surface: str) -> list[Decimal]:
    """The values of the words of a fact: one, or the two ends of a range.

    >>> texts = "6億4,000万ユーロ", "4.8万亿个", "10.5万至11万辆", "three companies"
    >>> [[int(value) for value in meant(words)] for words in texts]
    [[640000000], [4800000000000], [105000, 110000], [3]]
    """
    if surface in ("a third", "3分の1"):
        return [Decimal("33.333")]
    if surface == "两成":
        return [Decimal(20)]
    body = re.sub("^(three|four|five|三)", lambda m: _WORDS[m[0]], surface)
    ends: list[Decimal] = []
    last = 0
    for match in _NUMBER.finditer(body):
        power = sum(p * match[2].count(word) for word, p in _SCALES.items())
        value = Decimal(match[1].replace(",", "")) * 10**power
        joined = ends and not body[last : match.start()].strip()
        ends = [*ends[:-1], ends[-1] + value] if joined else [*ends, value]
        last = match.end()
    return ends
