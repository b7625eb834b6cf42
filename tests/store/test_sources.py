from datetime import timedelta

import pytest

from bot.errors import StoreError
from bot.model import Listing, Source, SourceState, Workspace
from bot.store import Store
from tests.store.samples import (
    MINUTE,
    NOW,
    article,
    figure,
    seed,
    source,
    subscription,
    workspace,
)


async def test_a_source_comes_back_as_it_was_saved(opened: Store) -> None:
    full = Source(
        id="s1",
        url="https://example.org/フィード",
        title="新聞",
        kind="sitemap",
        lang="ja",
        timezone="Asia/Tokyo",
        interval=timedelta(minutes=7, microseconds=1),
        enabled=False,
    )
    async with opened.begin() as tx:
        await tx.sources.save(source())
        await tx.sources.save(full)
    async with opened.read() as tx:
        assert await tx.sources.get("s1") == full
        assert await tx.sources.by_url(full.url) == full
        assert await tx.sources.all() == [full]
        assert await tx.sources.get("s2") is None
        assert await tx.sources.by_url("https://example.org/other") is None


async def test_two_sources_cannot_have_one_url(opened: Store) -> None:
    await seed(opened)
    with pytest.raises(StoreError) as caught:
        async with opened.begin() as tx:
            await tx.sources.save(source(2, url=source(1).url))
    assert caught.value.code == "store.failed"
    assert not caught.value.transient


async def test_a_state_comes_back_in_utc_and_is_blank_before_the_first_fetch(opened: Store) -> None:
    await seed(opened)
    state = SourceState(
        source_id="s1",
        etag='"x"',
        last_modified="Mon, 02 Mar 2026 07:30:00 GMT",
        body_hash="b",
        checked_at=NOW,
        next_check_at=NOW + timedelta(microseconds=1),
        failures=3,
        error="fetch.timeout",
        moved_to="https://example.org/new",
        moved_since=NOW,
    )
    async with opened.begin() as tx:
        assert await tx.sources.state("s1") == SourceState(source_id="s1")
        await tx.sources.save_state(SourceState(source_id="s1"))
        await tx.sources.save_state(state)
    async with opened.read() as tx:
        found = await tx.sources.state("s1")
    assert found == state
    assert found.checked_at is not None
    assert found.checked_at.utcoffset() == timedelta(0)


async def test_due_sources_are_the_wanted_ones_whose_time_has_come_oldest_first(
    opened: Store,
) -> None:
    await seed(opened, sources=9)
    wanted = {1: NOW, 2: None, 3: NOW - MINUTE, 4: NOW + MINUTE, 5: NOW, 6: NOW, 7: NOW, 8: NOW}
    async with opened.begin() as tx:
        for number, when in wanted.items():
            await tx.sources.save_state(SourceState(source_id=f"s{number}", next_check_at=when))
        for number in (1, 2, 4):  # listed by a workspace, or shared
            owner = "w1" if number != 2 else None
            await tx.listings.save(Listing(workspace_id=owner, source_id=f"s{number}"))
        await tx.subscriptions.save(subscription(source_ids=("s3", "s5")))  # subscribed alone
        await tx.listings.save(Listing(workspace_id="w1", source_id="s5", paused=True))
        await tx.listings.save(Listing(workspace_id="w1", source_id="s6", paused=True))
        await tx.listings.save(Listing(workspace_id="w1", source_id="s7"))
        await tx.sources.save(source(7, enabled=False))
        await tx.listings.save(Listing(workspace_id="w1", source_id="s9"))  # never fetched
    async with opened.read() as tx:
        due = await tx.sources.due(NOW, 10)
        assert [s.id for s, _ in due] == ["s2", "s9", "s3", "s1", "s5"]
        assert [state.source_id for _, state in due] == ["s2", "s9", "s3", "s1", "s5"]
        assert due[2][1].next_check_at == NOW - MINUTE
        assert [s.id for s, _ in await tx.sources.due(NOW, 2)] == ["s2", "s9"]


async def test_a_source_is_due_once_however_many_list_it(opened: Store) -> None:
    await seed(opened, workspaces=3)
    async with opened.begin() as tx:
        for owner in ("w1", "w2", "w3", None):
            await tx.listings.save(Listing(workspace_id=owner, source_id="s1"))
    async with opened.read() as tx:
        assert len(await tx.sources.due(NOW, 10)) == 1


async def test_a_removed_source_takes_all_that_is_its_own(opened: Store) -> None:
    await seed(opened, sources=2)
    kept = article(2, source_id="s2", text="半導体の輸出")
    async with opened.begin() as tx:
        gone = article(1, text="半導体の輸出")
        await tx.articles.add(gone, [figure(gone)])
        await tx.articles.add(kept)
        await tx.articles.remember("s1", ["guid"], "a1")
        await tx.listings.save(Listing(workspace_id="w1", source_id="s1"))
        await tx.sources.save_state(SourceState(source_id="s1", failures=1))
        await tx.sources.remove("s1")
    async with opened.begin() as tx:
        assert await tx.sources.get("s1") is None
        assert await tx.articles.get("a1") is None
        assert await tx.articles.figures(["a1"]) == {"a1": ()}
        assert await tx.articles.seen("s1", ["guid"]) == set()
        assert await tx.listings.of("w1") == []
        assert await tx.articles.search(["s1", "s2"], "半導体", 5) == [kept]
        await tx.sources.save(source())
        assert (await tx.sources.state("s1")).failures == 0


async def test_workspaces_come_back_as_they_were_saved(opened: Store) -> None:
    full = Workspace(
        id="w2", platform="slack", langs=("zh-Hant",), timezone="Asia/Taipei", access="admitted"
    )
    async with opened.begin() as tx:
        await tx.workspaces.save(workspace(2))
        await tx.workspaces.save(full)
        await tx.workspaces.save(workspace(1))
    async with opened.read() as tx:
        assert await tx.workspaces.get("w2") == full
        assert await tx.workspaces.all() == [workspace(1), full]
        assert await tx.workspaces.get("w3") is None


async def test_what_only_a_merged_source_had_is_still_found(opened: Store) -> None:
    await seed(opened, sources=2)
    async with opened.begin() as tx:
        for number, owner in ((1, "s1"), (2, "s1"), (3, "s2")):
            await tx.articles.add(article(number, source_id=owner))
        await tx.articles.add(article(4, source_id="s2", url=article(2).url))
        await tx.sources.merge("s1", "s2")
    async with opened.read() as tx:
        found = await tx.articles.between(["s2"], NOW, NOW + 9 * MINUTE, 9)
        assert sorted(a.id for a in found) == ["a1", "a3", "a4"]
        assert [a.id for a in await tx.articles.search(["s2"], "number 1", 1)] == ["a1"]


async def test_a_merged_source_leaves_its_place_to_the_other(opened: Store) -> None:
    await seed(opened)
    async with opened.begin() as tx:
        for number in (1, 2):
            await tx.sources.save(source(number))
        await tx.workspaces.save(workspace(2))
        for space in (workspace().id, workspace(2).id, None):
            await tx.listings.save(Listing(workspace_id=space, source_id="s1", title="old"))
        for space in (workspace().id, None):
            await tx.listings.save(Listing(workspace_id=space, source_id="s2", title="new"))
        await tx.subscriptions.save(subscription(source_ids=("s1", "s2")))
        await tx.articles.add(article(1))
        await tx.sources.merge("s1", "s2")
    async with opened.read() as tx:
        assert [s.id for s in await tx.sources.all()] == ["s2"]
        found = await tx.listings.holders("s2")
        assert {(entry.workspace_id, entry.title) for entry in found} == {
            (workspace().id, "new"),
            (workspace(2).id, "old"),
            (None, "new"),
        }
        assert await tx.listings.holders("s1") == []
        (kept,) = await tx.subscriptions.all()
        assert kept.source_ids == ("s2",)
        moved = await tx.articles.get(article(1).id)
        assert moved is not None
        assert moved.source_id == "s2"
