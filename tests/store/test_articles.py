from dataclasses import replace

import pytest
from sqlalchemy import func, select

from bot.errors import StoreError
from bot.model import Article
from bot.store import Store
from bot.store.tables import revisions
from tests.store.samples import MINUTE, NOW, article, figure, seed

FULL = Article(
    id="a1",
    source_id="s1",
    url="https://example.org/1",
    title="見出し",
    text="見出し\n本文 🎌",
    lang="ja",
    fetched_at=NOW,
    published_at=NOW - MINUTE,
    authors=("山田", "Lee"),
    guid="tag:1",
    content_hash="h",
    partial=True,
    is_based_on="https://example.org/0",
    translated_from="en",
)


async def test_an_article_and_its_figures_come_back_as_they_were_added(opened: Store) -> None:
    await seed(opened)
    async with opened.begin() as tx:
        assert await tx.articles.add(FULL, [figure(FULL)])
    async with opened.read() as tx:
        assert await tx.articles.get("a1") == FULL
        assert await tx.articles.get("a2") is None
        assert await tx.articles.figures(["a1", "a2"]) == {"a1": (figure(FULL),), "a2": ()}


async def test_a_known_article_is_not_added_again(opened: Store) -> None:
    await seed(opened)
    async with opened.begin() as tx:
        assert await tx.articles.add(FULL)
        assert not await tx.articles.add(replace(FULL, title="other"), [figure(FULL)])
        assert await tx.articles.get("a1") == FULL
        assert await tx.articles.figures(["a1"]) == {"a1": ()}


async def test_an_article_of_an_unknown_source_is_refused(opened: Store) -> None:
    with pytest.raises(StoreError):
        async with opened.begin() as tx:
            await tx.articles.add(FULL)


async def test_an_edited_article_keeps_its_former_text_as_a_revision(opened: Store) -> None:
    await seed(opened)
    edited = replace(FULL, text="改訂した半導体の本文", content_hash="h2", fetched_at=NOW + MINUTE)
    async with opened.begin() as tx:
        await tx.articles.add(FULL, [figure(FULL)])
        assert await tx.articles.update(edited, [figure(edited, "1"), figure(edited, "2")])
    async with opened.read() as tx:
        assert await tx.articles.get("a1") == edited
        assert await tx.articles.revisions("a1") == [FULL]
        assert await tx.articles.former_figures("a1") == [(figure(FULL),)]
        assert len((await tx.articles.figures(["a1"]))["a1"]) == 2
        assert await tx.articles.search(["s1"], "半導体", 5) == [edited]
        assert await tx.articles.search(["s1"], "🎌 見出し 本文 無関係", 5) == [edited]


async def test_each_edit_is_remembered_with_its_figures(opened: Store) -> None:
    await seed(opened)
    texts = [replace(FULL, text=f"改訂{n}") for n in range(4)]
    async with opened.begin() as tx:
        await tx.articles.add(texts[0], [figure(texts[0], "0")])
        for n in (1, 2, 3):
            await tx.articles.update(texts[n], [figure(texts[n], str(n))] * n)
    async with opened.read() as tx:
        assert await tx.articles.revisions("a1") == texts[:3]
        former = await tx.articles.former_figures("a1")
        assert [[str(f.value) for f in figures] for figures in former] == [["0"], ["1"], ["2", "2"]]
        assert await tx.articles.former_figures("a2") == []


async def test_an_article_leaves_the_search_under_its_former_words(opened: Store) -> None:
    await seed(opened)
    async with opened.begin() as tx:
        await tx.articles.add(article(text="zeppelin over Lake Constance"))
        await tx.articles.update(article(text="airship over the lake"))
        assert await tx.articles.search(["s1"], "zeppelin", 5) == []
        assert await tx.articles.search(["s1"], "airship", 5) == [
            article(text="airship over the lake")
        ]


async def test_former_texts_go_with_their_article(opened: Store) -> None:
    await seed(opened)
    async with opened.begin() as tx:
        await tx.articles.add(FULL, [figure(FULL)])
        await tx.articles.update(replace(FULL, text="改訂", content_hash="h2"))
        await tx.sources.remove("s1")
    async with opened.read() as tx:
        kept = await tx._connection.execute(select(func.count()).select_from(revisions))
        assert kept.scalar() == 0


async def test_an_unchanged_text_makes_no_revision(opened: Store) -> None:
    await seed(opened)
    async with opened.begin() as tx:
        await tx.articles.add(FULL)
        assert await tx.articles.update(replace(FULL, guid="tag:2"), [figure(FULL)])
        assert await tx.articles.revisions("a1") == []
        assert (await tx.articles.figures(["a1"]))["a1"] == (figure(FULL),)
        assert await tx.articles.get("a1") == replace(FULL, guid="tag:2")


async def test_an_unknown_article_is_not_updated(opened: Store) -> None:
    await seed(opened)
    async with opened.begin() as tx:
        assert not await tx.articles.update(FULL)
        assert await tx.articles.get("a1") is None
        assert await tx.articles.revisions("a1") == []


async def test_many_articles_come_in_the_order_asked(opened: Store) -> None:
    await seed(opened)
    async with opened.begin() as tx:
        for number in (1, 2, 3):
            await tx.articles.add(article(number))
        assert await tx.articles.many(["a3", "unknown", "a1"]) == [article(3), article(1)]
        assert await tx.articles.many([]) == []


async def test_a_window_holds_its_start_but_not_its_end_newest_first(opened: Store) -> None:
    await seed(opened, sources=3)
    async with opened.begin() as tx:
        for number in range(1, 6):
            await tx.articles.add(article(number, source_id=f"s{1 + number % 2}"))
        await tx.articles.add(article(6, source_id="s3", fetched_at=NOW + 2 * MINUTE))
        window = (NOW + 2 * MINUTE, NOW + 5 * MINUTE)
        between = tx.articles.between
        assert [a.id for a in await between(["s1", "s2"], *window, 9)] == ["a4", "a3", "a2"]
        assert [a.id for a in await between(["s1", "s2"], *window, 2)] == ["a4", "a3"]
        assert [a.id for a in await between(["s2"], *window, 9)] == ["a3"]
        assert await between([], *window, 9) == []


async def test_keys_are_remembered_for_each_source(opened: Store) -> None:
    await seed(opened, sources=2)
    async with opened.begin() as tx:
        await tx.articles.add(article(1))
        await tx.articles.remember("s1", ["guid", "https://example.org/1"], "a1")
        await tx.articles.remember("s1", ["guid", "dropped"])  # the first article keeps a key
        await tx.articles.remember("s1", ["elsewhere"], "not stored")
        await tx.articles.remember("s1", [])
    async with opened.read() as tx:
        keys = ["guid", "https://example.org/1", "dropped", "elsewhere", "new"]
        assert await tx.articles.seen("s1", keys) == set(keys) - {"new"}
        assert await tx.articles.known("s1", keys) == {
            "guid": "a1",
            "https://example.org/1": "a1",
            "dropped": None,
            "elsewhere": None,
        }
        assert await tx.articles.seen("s2", keys) == set()


async def test_what_no_database_can_hold_is_replaced_at_equal_length(opened: Store) -> None:
    await seed(opened)
    async with opened.begin() as tx:
        await tx.articles.add(article(title="a\x00b", text="x\ud800y"))
        found = await tx.articles.get("a1")
    assert found is not None
    assert (found.title, found.text) == ("a\ufffdb", "x\ufffdy")
