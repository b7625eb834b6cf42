import pytest

from bot.errors import StoreError
from bot.model import Listing
from bot.store import Store
from tests.store.samples import seed


async def test_a_listing_comes_back_with_its_source(opened: Store) -> None:
    await seed(opened)
    full = Listing(
        workspace_id="w1",
        source_id="s1",
        title="経済",
        tags=("市場", "chips"),
        paused=True,
        full_text=False,
        added_by="u9",
    )
    async with opened.begin() as tx:
        await tx.listings.save(Listing(workspace_id="w1", source_id="s1"))
        await tx.listings.save(full)
    async with opened.read() as tx:
        assert await tx.listings.of("w1") == [(full, await tx.sources.get("s1"))]


async def test_a_workspace_sees_its_own_listings_and_the_shared_ones_and_no_others(
    opened: Store,
) -> None:
    await seed(opened, sources=4, workspaces=2)
    async with opened.begin() as tx:
        await tx.listings.save(Listing(workspace_id="w1", source_id="s1"))
        await tx.listings.save(Listing(workspace_id="w2", source_id="s2"))
        await tx.listings.save(Listing(workspace_id=None, source_id="s3"))
        await tx.listings.save(Listing(workspace_id="w1", source_id="s4", paused=True))
    async with opened.read() as tx:
        assert await tx.listings.sources("w1") == ("s1", "s3")
        assert await tx.listings.sources("w2") == ("s2", "s3")
        assert await tx.listings.sources("unknown") == ("s3",)
        assert await tx.listings.sources(None) == ("s3",)
        assert [s.id for _, s in await tx.listings.of("w1")] == ["s1", "s3", "s4"]


async def test_the_workspaces_own_listing_counts_before_the_shared_one(opened: Store) -> None:
    await seed(opened)
    shared = Listing(workspace_id=None, source_id="s1", title="shared")
    own = Listing(workspace_id="w1", source_id="s1", title="own", paused=True)
    async with opened.begin() as tx:
        await tx.listings.save(own)
        await tx.listings.save(Listing(workspace_id=None, source_id="s1"))
        await tx.listings.save(shared)
    async with opened.begin() as tx:
        assert [listing for listing, _ in await tx.listings.of("w1")] == [own]
        assert await tx.listings.sources("w1") == ()
        await tx.listings.remove("w1", "s1")
        assert [listing for listing, _ in await tx.listings.of("w1")] == [shared]
        await tx.listings.remove(None, "s1")
        assert await tx.listings.of("w1") == []


async def test_a_listing_of_an_unknown_source_is_refused(opened: Store) -> None:
    await seed(opened)
    with pytest.raises(StoreError) as caught:
        async with opened.begin() as tx:
            await tx.listings.save(Listing(workspace_id="w1", source_id="nowhere"))
    assert not caught.value.transient
