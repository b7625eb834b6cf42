from dataclasses import replace

from bot.model import Delivery
from bot.store import Store
from tests.store.samples import CHAT, MINUTE, NOW, TEAM, chat, delivery, receipt

LATER = NOW + MINUTE


async def owe(store: Store, *owed: Delivery) -> None:
    async with store.begin() as tx:
        await tx.outbox.add(owed)


async def lease(store: Store, limit: int = 10, platform: str | None = None) -> list[Delivery]:
    async with store.begin() as tx:
        return await tx.outbox.lease(NOW, LATER, limit, platform=platform)


async def keys(store: Store, limit: int = 10) -> list[str]:
    return [d.key for d in await lease(store, limit)]


async def settle(store: Store, sent: Delivery, message_id: str = "17") -> bool:
    async with store.begin() as tx:
        return await tx.outbox.settle(sent, receipt(sent, message_id))


async def test_a_leased_delivery_is_the_one_that_was_owed_and_is_leased_once(opened: Store) -> None:
    whole = delivery(
        channel=replace(CHAT, thread_id="9"), digest_id="d1", reply_to="4", seq=2, priority=1
    )
    await owe(opened, whole)
    leased = replace(whole, state="sending", attempts=1, epoch=1, lease_until=LATER)
    assert await lease(opened) == [leased]
    assert await lease(opened) == []
    async with opened.read() as tx:
        assert await tx.outbox.get("m1") == leased
        assert await tx.outbox.get("m2") is None


async def test_a_key_is_owed_once(opened: Store) -> None:
    await owe(opened, delivery(1), delivery(2, key="k1"))
    await owe(opened, delivery(3, key="k1"), delivery(4, channel=TEAM))
    await owe(opened)
    async with opened.read() as tx:
        assert [d.id for d in await tx.outbox.list("pending", 10)] == ["m1", "m4"]


async def test_a_delivery_is_not_due_before_its_time(opened: Store) -> None:
    await owe(opened, delivery(next_attempt_at=LATER))
    assert await lease(opened) == []
    async with opened.begin() as tx:
        assert len(await tx.outbox.lease(LATER, LATER + MINUTE, 1)) == 1


async def test_each_channel_gets_one_at_a_time_in_the_order_of_seq(opened: Store) -> None:
    await owe(opened, delivery(1, seq=2), delivery(2, seq=1), delivery(3, seq=1))
    await owe(opened, delivery(4, channel=TEAM))
    first = await lease(opened)
    assert [d.key for d in first] == ["k2", "k4"]
    assert await keys(opened) == []
    assert await settle(opened, first[0])
    second = await lease(opened)
    assert [d.key for d in second] == ["k3"]
    await settle(opened, second[0])
    assert await keys(opened) == ["k1"]


async def test_a_head_that_waits_for_its_retry_holds_its_channel_alone(opened: Store) -> None:
    await owe(opened, delivery(1), delivery(2), delivery(3, channel=TEAM))
    held = (await lease(opened, 1))[0]
    async with opened.begin() as tx:
        assert await tx.outbox.retry(held, LATER, "chat.rate_limited")
    assert await keys(opened) == ["k3"]
    async with opened.read() as tx:
        waiting = await tx.outbox.get("m1")
    assert waiting is not None
    assert (waiting.state, waiting.error, waiting.attempts) == ("pending", "chat.rate_limited", 1)
    assert (waiting.next_attempt_at, waiting.lease_until) == (LATER, None)


async def test_a_reply_overtakes_a_broadcast_in_its_channel_and_in_others(opened: Store) -> None:
    await owe(opened, *(delivery(n, channel=chat(n)) for n in (1, 2, 3)))
    await owe(opened, delivery(4, channel=chat(3), priority=1))
    await owe(opened, delivery(5, channel=chat(5), priority=1))
    assert await keys(opened, 3) == ["k4", "k5", "k1"]


async def test_of_equals_the_longest_due_goes_first(opened: Store) -> None:
    for number in (1, 2, 3):
        due = NOW - number * MINUTE
        await owe(opened, delivery(number, channel=chat(number), next_attempt_at=due))
    assert await keys(opened) == ["k3", "k2", "k1"]


async def test_a_platform_leases_its_own(opened: Store) -> None:
    await owe(opened, delivery(1), delivery(2, channel=TEAM))
    assert [d.key for d in await lease(opened, platform="slack")] == ["k2"]
    assert [d.key for d in await lease(opened, platform="telegram")] == ["k1"]


async def test_a_part_is_posted_under_the_message_it_follows(opened: Store) -> None:
    await owe(opened, delivery(1), delivery(2, follows="k1", seq=1))
    root = (await lease(opened))[0]
    assert await lease(opened) == []
    await settle(opened, root, "1234.5")
    part = (await lease(opened))[0]
    assert (part.key, part.reply_to) == ("k2", "1234.5")


async def test_a_part_goes_alone_when_what_it_follows_is_dead_or_unknown(opened: Store) -> None:
    await owe(opened, delivery(1), delivery(2, follows="k1"))
    await owe(opened, delivery(3, follows="gone", channel=TEAM))
    root, orphan = await lease(opened)
    assert (orphan.key, orphan.reply_to) == ("k3", None)
    async with opened.begin() as tx:
        assert await tx.outbox.fail(root, "chat.rejected")
    part = (await lease(opened))[0]
    assert (part.key, part.reply_to) == ("k2", None)


async def test_a_root_whose_fate_is_unknown_holds_up_nothing(
    opened: Store,
) -> None:
    await owe(opened, delivery(1), delivery(2, follows="k1"), delivery(3))
    root = (await lease(opened))[0]
    async with opened.begin() as tx:
        assert await tx.outbox.uncertain(root, "chat.uncertain")
    assert await keys(opened) == ["k2"]


async def test_who_lost_the_lease_changes_nothing(opened: Store) -> None:
    await owe(opened, delivery())
    old = (await lease(opened))[0]
    async with opened.begin() as tx:
        assert [d.key for d in await tx.outbox.recover(LATER)] == ["k1"]
        assert not await tx.outbox.retry(old, LATER, "late")
        assert not await tx.outbox.fail(old, "late")
        assert not await tx.outbox.uncertain(old, "late")
        assert await tx.outbox.requeue("m1", NOW)
    new = (await lease(opened))[0]
    assert (new.epoch, new.attempts) == (2, 2)
    async with opened.begin() as tx:
        assert not await tx.outbox.settle(old, receipt(old))
        assert not await tx.outbox.retry(old, NOW, "late")
        assert await tx.outbox.settle(new, receipt(new))
        assert not await tx.outbox.settle(new, receipt(new))
        assert not await tx.outbox.requeue("m1", NOW)


async def test_a_late_receipt_settles_what_was_uncertain_or_owed_again(opened: Store) -> None:
    await owe(opened, delivery(1), delivery(2, channel=TEAM))
    first, second = await lease(opened)
    async with opened.begin() as tx:
        await tx.outbox.recover(LATER)
        assert await tx.outbox.settle(first, receipt(first))
        assert await tx.outbox.requeue("m2", NOW)
        assert await tx.outbox.settle(second, receipt(second))
        assert await tx.outbox.counts() == {"sent": 2}
    assert await lease(opened) == []


async def test_only_an_expired_lease_is_recovered_unless_the_process_is_new(opened: Store) -> None:
    await owe(opened, delivery(1), delivery(2, channel=TEAM))
    await lease(opened)
    async with opened.begin() as tx:
        assert await tx.outbox.recover(NOW) == []
        assert [d.state for d in await tx.outbox.recover(NOW, everything=True)] == ["uncertain"] * 2
    assert await lease(opened) == []


async def test_states_are_counted_and_listed(opened: Store) -> None:
    await owe(opened, *(delivery(n, channel=chat(n)) for n in range(1, 6)))
    one, two, three, _ = await lease(opened, 4)
    await settle(opened, one)
    async with opened.begin() as tx:
        await tx.outbox.fail(two, "chat.gone")
        await tx.outbox.uncertain(three, "chat.uncertain")
    async with opened.read() as tx:
        assert await tx.outbox.counts() == {
            "sent": 1,
            "dead": 1,
            "uncertain": 1,
            "sending": 1,
            "pending": 1,
        }
        assert [(d.key, d.error) for d in await tx.outbox.list("dead", 9)] == [("k2", "chat.gone")]


async def test_a_receipt_is_found_by_key_once_there_is_one(opened: Store) -> None:
    await owe(opened, delivery())
    leased = (await lease(opened))[0]
    async with opened.read() as tx:
        assert await tx.outbox.receipt("k1") is None
    await settle(opened, leased, "99")
    async with opened.read() as tx:
        assert await tx.outbox.receipt("k1") == receipt(leased, "99")
        assert await tx.outbox.receipt("k2") is None
