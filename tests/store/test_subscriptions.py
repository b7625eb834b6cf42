from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.errors import StoreError
from bot.model import Subscription
from bot.store import Store
from tests.store.samples import CHAT, MINUTE, NOW, TEAM, seed, subscription

FULL = Subscription(
    id="u1",
    workspace_id="w1",
    channel=replace(CHAT, thread_id="7"),
    langs=("zh-Hans", "en"),
    times=(time(8, 0), time(18, 30)),
    weekdays=(0, 2, 6),
    timezone="Australia/Lord_Howe",
    source_ids=("s1", "s2"),
    tags=("市場",),
    include=("半導体",),
    exclude=("スポーツ", "horoscope"),
    max_stories=9,
    paused=True,
)


async def test_a_subscription_comes_back_as_it_was_saved(opened: Store) -> None:
    await seed(opened, workspaces=2)
    other = subscription(2, workspace_id="w2", channel=TEAM)
    async with opened.begin() as tx:
        await tx.subscriptions.save(subscription())
        await tx.subscriptions.save(FULL)
        await tx.subscriptions.save(other)
    async with opened.read() as tx:
        assert await tx.subscriptions.get("u1") == FULL
        assert await tx.subscriptions.get("u3") is None
        assert await tx.subscriptions.all() == [FULL, other]
        assert await tx.subscriptions.of_channel(FULL.channel) == [FULL]
        assert await tx.subscriptions.of_channel(CHAT) == []
        assert await tx.subscriptions.of_workspace("w2") == [other]


async def test_due_subscriptions_are_those_whose_time_has_come_longest_overdue_first(
    opened: Store,
) -> None:
    await seed(opened)
    times = {1: NOW, 2: NOW - MINUTE, 3: NOW + MINUTE, 4: None, 5: NOW - 2 * MINUTE}
    async with opened.begin() as tx:
        for number, when in times.items():
            await tx.subscriptions.save(subscription(number, paused=number == 5))
            await tx.subscriptions.set_next_run(f"u{number}", when)
    async with opened.begin() as tx:
        assert [u.id for u in await tx.subscriptions.due(NOW)] == ["u2", "u1"]
        assert [u.id for u in await tx.subscriptions.due(NOW, 1)] == ["u2"]
        assert await tx.subscriptions.next_run("u2") == NOW - MINUTE
        await tx.subscriptions.save(subscription(2, max_stories=3))
        assert await tx.subscriptions.next_run("u2") == NOW - MINUTE
        await tx.subscriptions.set_next_run("u2", None)
        assert await tx.subscriptions.next_run("u2") is None
        assert [u.id for u in await tx.subscriptions.due(NOW)] == ["u1"]


async def test_a_removed_subscription_is_gone_with_its_runs(opened: Store) -> None:
    await seed(opened)
    day = date(2026, 3, 2)
    async with opened.begin() as tx:
        await tx.subscriptions.save(FULL)
        assert await tx.runs.claim("u1", day, time(8), NOW)
        await tx.subscriptions.remove("u1")
        assert await tx.subscriptions.all() == []
        assert await tx.sources.due(NOW, 5) == []
        await tx.subscriptions.save(FULL)
        assert await tx.runs.claim("u1", day, time(8), NOW)


async def test_a_subscription_of_an_unknown_workspace_is_refused(opened: Store) -> None:
    with pytest.raises(StoreError):
        async with opened.begin() as tx:
            await tx.subscriptions.save(FULL)


async def test_a_slot_runs_once_a_local_date(opened: Store) -> None:
    await seed(opened)
    day = date(2026, 11, 1)
    async with opened.begin() as tx:
        await tx.subscriptions.save(subscription(1))
        await tx.subscriptions.save(subscription(2))
        assert await tx.runs.claim("u1", day, time(1, 30), NOW)
    async with opened.begin() as tx:
        claim = tx.runs.claim
        assert not await claim("u1", day, time(1, 30), NOW + timedelta(hours=1))
        assert await claim("u1", day, time(1, 31), NOW)
        assert await claim("u1", day + timedelta(days=1), time(1, 30), NOW)
        assert await claim("u2", day, time(1, 30), NOW)


async def test_a_slot_of_an_unknown_subscription_is_refused(opened: Store) -> None:
    with pytest.raises(StoreError):
        async with opened.begin() as tx:
            await tx.runs.claim("nobody", date(2026, 3, 2), time(8), NOW)


async def test_the_subscriptions_of_a_lost_chat_rest_until_it_is_back(opened: Store) -> None:
    await seed(opened)
    topic = replace(CHAT, thread_id="7")
    longer = replace(CHAT, chat_id=CHAT.chat_id + "0")
    async with opened.begin() as tx:
        for number, channel in enumerate((CHAT, topic, longer, CHAT), start=1):
            await tx.subscriptions.save(subscription(number, channel=channel, paused=number == 4))
            await tx.subscriptions.set_next_run(f"u{number}", NOW)

        async def due() -> list[str]:
            return [u.id for u in await tx.subscriptions.due(NOW)]

        await tx.subscriptions.pause(topic)
        assert await due() == ["u1", "u3"]
        await tx.subscriptions.pause(CHAT)
        assert await due() == ["u3"]
        await tx.subscriptions.resume(CHAT)
        assert await due() == ["u1", "u2", "u3"]
        await tx.subscriptions.pause(CHAT)
        await tx.subscriptions.save(subscription(1))
        assert await due() == ["u1", "u3"]
