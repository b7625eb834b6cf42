"""What is planted is found, on both engines, whatever a query contains."""

import pytest
from sqlalchemy import func, select, update

from bot.model import Article
from bot.store import Store, search
from bot.store.tables import settings
from tests.store.samples import MINUTE, NOW, article, seed

FILLER = (
    "日本経済新聞社調査部門責任者説明会場今年度予算案国会審議入本格化見通政府与党内慎重論根強残"
)
KANA = "のはをがにでとしたるこれもなっいすまか"
ENGLISH = "the of and market company today which shares government report over rising plan".split()
NEEDLES = ("芯片", "関税", "蘋果", "半導体", "電気自動車", "6300億", "TPUv4", "8192", "zeppelin")


def filler(number: int) -> str:
    """Text of a Japanese, Chinese or English kind, the same for the same number."""
    steps = range(number, number + 120)
    if number % 3 == 0:
        return "".join(FILLER[i * 7 % len(FILLER)] + KANA[i * 5 % len(KANA)] for i in steps)
    if number % 3 == 1:
        return "".join(FILLER[i * i % len(FILLER)] for i in steps)
    return " ".join(ENGLISH[i * 3 % len(ENGLISH)] for i in steps)


def planted(number: int) -> Article:
    """An article with the needle whose turn it is, in the middle of its text."""
    needle = NEEDLES[number % len(NEEDLES)]
    glue = " " if number % 3 == 2 or needle.isascii() else ""
    text = filler(number)
    return article(number, text=f"{text[:60]}{glue}{needle}{glue}{text[60:]}")


async def stored(store: Store, *articles: Article, sources: int = 1) -> None:
    await seed(store, sources=sources)
    async with store.begin() as tx:
        for one in articles:
            assert await tx.articles.add(one)


async def found(store: Store, query: str, limit: int = 50) -> list[str]:
    async with store.read() as tx:
        return [a.id for a in await tx.articles.search(["s1"], query, limit)]


async def test_each_planted_word_is_found_in_all_articles_that_have_it_and_no_others(
    opened: Store,
) -> None:
    await stored(opened, *(planted(n) for n in range(len(NEEDLES) * 9)))
    for turn, needle in enumerate(NEEDLES):
        expected = {f"a{n}" for n in range(turn, len(NEEDLES) * 9, len(NEEDLES))}
        assert set(await found(opened, needle, limit=9)) == expected, needle


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("億", "売上は6,300億円"),
        ("6300億", "売上は6,300億円"),
        ("６３００億", "売上は6,300億円"),
        ("6,300億円", "売上は6300億円"),
        ("ﾁｯﾌﾟ", "TPUv4チップ"),
        ("tpuV4", "TPUv4チップ"),
        ("O'Neil", "said O'Neil-Smith, O'Neil."),
        ("größe", "Die GRÖSSE der Größe"),
        ("반도체", "삼성 반도체 수출"),
    ],
)
async def test_a_word_is_found_in_the_forms_that_people_type(
    opened: Store, query: str, text: str
) -> None:
    await stored(opened, article(1, text=text), article(2, text="something else 其他"))
    assert await found(opened, query) == ["a1"]


async def test_a_number_is_not_found_inside_another(opened: Store) -> None:
    await stored(opened, article(1, text="8192 chips"), article(2, text="81923 chips"))
    assert await found(opened, "8,192") == ["a1"]


async def test_articles_with_all_words_come_before_those_with_any(opened: Store) -> None:
    await stored(
        opened,
        article(1, text="zeppelin zeppelin zeppelin zeppelin"),
        article(2, text="the zeppelin landed on the lake after a long and quiet flight"),
        article(3, text="lake lake lake"),
        article(4, text="nothing of it"),
    )
    result = await found(opened, "zeppelin lake")
    assert result[0] == "a2"
    assert set(result) == {"a1", "a2", "a3"}
    assert await found(opened, "zeppelin lake", limit=1) == ["a2"]


async def test_a_question_finds_the_article_with_its_rarest_words(opened: Store) -> None:
    crowd = [article(n, text="what is the price of the company in the report") for n in range(30)]
    await stored(opened, *crowd, article(99, text="a zeppelin is sold"))
    assert (await found(opened, "what is the price of the zeppelin?"))[0] == "a99"
    assert (await found(opened, "飛行船ではなくzeppelinはいくら？"))[0] == "a99"


async def test_words_that_are_everywhere_still_find_something(opened: Store) -> None:
    texts = ["news today", "news tomorrow"]
    await stored(opened, *(article(n, text=texts[n % 2]) for n in range(1100)))
    assert len(await found(opened, "news unheard", limit=5)) == 5
    assert len(await found(opened, "today tomorrow", limit=3)) == 3


async def test_of_two_equal_articles_the_newer_comes_first(opened: Store) -> None:
    await stored(opened, *(article(n, title="", text="同じ本文です") for n in (1, 2, 3)))
    assert await found(opened, "本文") == ["a3", "a2", "a1"]


async def test_a_title_counts(opened: Store) -> None:
    await stored(
        opened,
        article(1, title="", text="quiet zeppelin flights over the lake of today"),
        article(2, title="Zeppelin", text="quiet zeppelin flights over the lake of today"),
        article(3, title="", text="quiet zeppelin flights over the lake of today"),
    )
    assert (await found(opened, "zeppelin"))[0] == "a2"


async def test_only_the_named_sources_are_searched(opened: Store) -> None:
    mine, other = article(1, text="関税"), article(2, source_id="s2", text="関税と半導体")
    await stored(opened, mine, other, sources=3)
    async with opened.read() as tx:
        for query in ("関税", "関税 半導体", "半導体 蘋果"):
            one = await tx.articles.search(["s1", "s3"], query, 10)
            assert {a.source_id for a in one} <= {"s1"}
        assert await tx.articles.search(["s2"], "関税", 10) == [other]
        assert await tx.articles.search([], "関税", 10) == []


@pytest.mark.parametrize(
    "query",
    [
        *("", " ", "？！", '"', "'", "\\", "a'b", '"a" OR "b', "NEAR(a b)", "a* -b ^c", "col:a"),
        *("a & | !", "<->", "(", ":*", "%", "\x00", "\ud800", "🎌"),
        *("a" * 3000, "億" * 3000, "a b " * 3000),
    ],
)
async def test_nothing_in_a_query_is_syntax(opened: Store, query: str) -> None:
    await stored(opened, article(1, text="zeppelin"))
    assert await found(opened, query) == []


async def test_a_very_long_article_is_stored_and_found_by_its_beginning(opened: Store) -> None:
    long = "zeppelin " + "".join(chr(0x4E00 + i * 7919 % 20000) for i in range(400_000))
    await stored(opened, article(1, text=f"{'x' * 10_000} {long}"))
    assert await found(opened, "zeppelin") == ["a1"]
    async with opened.begin() as tx:
        assert await tx.articles.update(article(1, text="short"))
    assert await found(opened, "zeppelin") == []


async def test_the_index_is_made_anew_when_it_was_made_with_other_tokens(opened: Store) -> None:
    count = search.BATCH + 1
    await stored(opened, *(article(n, text="zeppelin") for n in range(count)))
    async with opened.begin() as tx:
        connection = tx._connection
        assert not await search.refresh(connection)
        await search._index(connection).clear(connection)
        stale = update(settings).where(settings.c.key == search.TOKENS_KEY).values(value="other")
        await connection.execute(stale)
        assert await search.refresh(connection)
        assert not await search.refresh(connection)
        rows = select(func.count()).select_from(settings)
        assert (await connection.execute(rows)).scalar() == 1
    assert len(await found(opened, "zeppelin", limit=2 * count)) == count


async def test_an_article_of_the_last_minute_is_found_at_once(opened: Store) -> None:
    await stored(opened)
    async with opened.begin() as tx:
        await tx.articles.add(article(1, text="半導体", fetched_at=NOW + MINUTE))
        assert len(await tx.articles.search(["s1"], "半導体", 5)) == 1
