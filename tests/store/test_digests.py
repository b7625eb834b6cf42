from dataclasses import replace

import pytest
from sqlalchemy import func, select

from bot.errors import StoreError
from bot.store import Store
from bot.store.tables import blobs
from tests.store.samples import CHAT, MINUTE, NOW, TEAM, article, digest


async def test_a_digest_comes_back_as_it_was_added(opened: Store) -> None:
    whole = digest(1, [article(1), article(2)])
    async with opened.begin() as tx:
        await tx.digests.add(whole, CHAT)
        await tx.digests.add(digest(2), CHAT)
    async with opened.read() as tx:
        assert await tx.digests.get("d1") == whole
        assert await tx.digests.get("d2") == digest(2)
        assert await tx.digests.get("d3") is None


async def test_the_languages_of_a_headline_keep_their_order(opened: Store) -> None:
    async with opened.begin() as tx:
        await tx.digests.add(digest(1, [article()]), CHAT)
        found = await tx.digests.get("d1")
    assert found is not None
    assert list(found.items[0].headline) == ["ja", "en"]


async def test_the_latest_digest_is_the_one_added_last_in_that_very_channel(opened: Store) -> None:
    topic = replace(CHAT, thread_id="5")
    async with opened.begin() as tx:
        for number, channel in enumerate((CHAT, CHAT, topic, TEAM), start=1):
            await tx.digests.add(digest(number), channel)
    async with opened.read() as tx:
        assert await tx.digests.latest(CHAT) == digest(2)
        assert await tx.digests.latest(topic) == digest(3)
        assert await tx.digests.latest(replace(CHAT, chat_id="0")) is None


async def test_a_channel_has_what_its_digests_showed_in_the_version_shown_last(
    opened: Store,
) -> None:
    async with opened.begin() as tx:
        await tx.digests.add(digest(1, [article(1), article(2)]), CHAT)
        await tx.digests.add(digest(2, [article(2, content_hash="edited")]), CHAT)
        await tx.digests.add(digest(3, [article(3)]), TEAM)
    async with opened.read() as tx:
        assert await tx.digests.delivered(CHAT) == {"a1": "h1", "a2": "edited"}
        assert await tx.digests.delivered(CHAT, NOW + 2 * MINUTE) == {"a2": "edited"}
        assert await tx.digests.delivered(TEAM) == {"a3": "h3"}


async def test_one_story_for_many_channels_is_stored_once(opened: Store) -> None:
    async with opened.begin() as tx:
        for number in range(1, 11):
            await tx.digests.add(digest(number, [article()]), CHAT)
        count = select(func.count()).select_from(blobs)
        assert (await tx.digests._connection.execute(count)).scalar() == 1


async def test_an_id_is_taken_once(opened: Store) -> None:
    async with opened.begin() as tx:
        await tx.digests.add(digest(), CHAT)
    with pytest.raises(StoreError):
        async with opened.begin() as tx:
            await tx.digests.add(digest(), TEAM)
    async with opened.read() as tx:
        assert await tx.digests.latest(TEAM) is None
