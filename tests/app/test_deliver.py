"""Sending: in order, each once, and what each failure of a platform means."""

from datetime import datetime, timedelta

import pytest

from bot.app.deliver import LONGEST_RETRY, RETRIES, deliver
from bot.app.publish import name
from bot.errors import (
    BotError,
    ChannelGone,
    ChannelMoved,
    ChatError,
    ConfigError,
    MessageRejected,
    RateLimited,
    Uncertain,
)
from bot.model import Channel, Delivery, Message, Paragraph, Run
from tests.app.scene import GROUP, Scene
from tests.conftest import NOW
from tests.fakes import RecordingChat

OTHER = Channel(platform="telegram", chat_id="-200")


def message(words: str) -> Message:
    return Message(summary=words, blocks=(Paragraph(runs=(Run(text=words),)),))


async def owe(scene: Scene, *words: str, channel: Channel = GROUP, **fields: object) -> None:
    async with scene.store.begin() as tx:
        await tx.outbox.add(
            Delivery(
                id=name(str(channel), word),
                key=f"{channel}:{word}",
                channel=channel,
                message=message(word),
                next_attempt_at=scene.clock(),
                **fields,  # type: ignore[arg-type]
            )
            for word in words
        )


async def test_messages_of_a_channel_arrive_in_their_order(scene: Scene) -> None:
    await owe(scene, "one", "two", "three")
    counts = await scene.deliver()
    assert scene.chat.texts == ["one", "two", "three"]
    assert (counts.sent, counts.postponed, counts.failed) == (3, 0, 0)
    assert await scene.deliver() == type(counts)()


async def test_a_channel_that_must_wait_waits_in_order_and_holds_up_no_other(scene: Scene) -> None:
    await owe(scene, "a1", "a2")
    await owe(scene, "b1", channel=OTHER)
    scene.chat.faults.append(RateLimited("slow", retry_after=timedelta(seconds=30)))
    counts = await scene.deliver()
    assert scene.chat.texts == ["b1"]
    assert (counts.sent, counts.postponed) == (1, 1)
    scene.clock.move(timedelta(seconds=29))
    assert (await scene.deliver()).sent == 0
    scene.clock.move(timedelta(seconds=1))
    await scene.deliver()
    assert scene.chat.texts == ["b1", "a1", "a2"]


async def test_a_channel_that_is_gone_gets_nothing_more_and_its_subscriptions_rest(
    scene: Scene,
) -> None:
    await scene.admitted()
    made = await scene.subscribed()
    async with scene.store.begin() as tx:
        await tx.subscriptions.set_next_run(made.id, NOW)
    await owe(scene, "one")
    scene.chat.faults.append(ChannelGone("blocked"))
    assert (await scene.deliver()).failed == 1
    assert await scene.owed() == {"dead": 1}
    async with scene.store.read() as tx:
        assert await tx.subscriptions.due(NOW) == []
        assert (await tx.outbox.list("dead", 5))[0].error == "chat.gone"


async def test_a_chat_with_a_new_id_is_followed_there(scene: Scene) -> None:
    await scene.admitted()
    await scene.subscribed()
    await owe(scene, "one", "two")
    scene.chat.faults.append(ChannelMoved("-100777"))
    await scene.deliver()
    assert [(s.channel.chat_id, s.message.summary) for s in scene.chat.sent] == [
        ("-100777", "one"),
        ("-100777", "two"),
    ]
    async with scene.store.read() as tx:
        (moved,) = await tx.subscriptions.all()
        workspace = await tx.workspaces.get("telegram:-100777")
    assert (moved.channel.chat_id, moved.workspace_id) == ("-100777", "telegram:-100777")
    assert workspace is not None
    assert workspace.access == "admitted"


async def test_chats_that_point_at_each_other_are_given_up(scene: Scene) -> None:
    await owe(scene, "one")
    scene.chat.faults.extend(ChannelMoved("-1" if n % 2 else "-2") for n in range(2 * RETRIES))
    await scene.deliver()
    assert await scene.owed() == {"dead": 1}
    assert len(scene.chat.tries) == RETRIES


async def test_a_message_that_the_platform_refuses_dies_alone(scene: Scene) -> None:
    await scene.admitted()
    made = await scene.subscribed()
    async with scene.store.begin() as tx:
        await tx.subscriptions.set_next_run(made.id, NOW)
    await owe(scene, "bad", "good")
    scene.chat.faults.append(MessageRejected("can't parse entities"))
    await scene.deliver()
    assert scene.chat.texts == ["good"]
    assert await scene.owed() == {"dead": 1, "sent": 1}
    async with scene.store.read() as tx:
        assert len(await tx.subscriptions.due(NOW)) == 1, "the channel itself is fine"


async def test_what_may_have_arrived_is_never_sent_again(scene: Scene) -> None:
    await owe(scene, "one")
    scene.chat.faults.append(Uncertain("time-out"))
    assert (await scene.deliver()).failed == 1
    for _ in range(30):
        scene.clock.move(timedelta(hours=1))
        await scene.deliver()
    assert len(scene.chat.tries) == 1
    assert await scene.owed() == {"uncertain": 1}


async def test_a_network_that_fails_is_tried_again_ever_more_rarely_and_then_given_up(
    scene: Scene,
) -> None:
    await owe(scene, "one")
    scene.chat.faults.extend(ChatError("no route") for _ in range(99))
    began = scene.clock()
    for number in range(1, RETRIES + 1):
        await scene.deliver()
        assert len(scene.chat.tries) == number
        seconds = min(5 * 2 ** (number - 1), 3600)
        scene.clock.move(timedelta(seconds=seconds - 1))
        await scene.deliver()
        assert len(scene.chat.tries) == number
        scene.clock.move(timedelta(seconds=1))
    assert scene.clock() - began > timedelta(hours=12)
    assert await scene.owed() == {"dead": 1}


async def test_a_platform_that_asks_for_patience_is_never_given_up(scene: Scene) -> None:
    await owe(scene, "one")
    scene.chat.faults.extend(
        RateLimited("slow", retry_after=timedelta(minutes=1)) for _ in range(2 * RETRIES)
    )
    for _ in range(2 * RETRIES + 1):
        await scene.deliver()
        scene.clock.move(timedelta(minutes=1))
    assert scene.chat.texts == ["one"]


async def test_a_revoked_token_loses_no_message(scene: Scene) -> None:
    await owe(scene, "one")
    scene.chat.faults.extend(ConfigError("the token was refused") for _ in range(RETRIES + 2))
    for _ in range(RETRIES + 3):
        await scene.deliver()
        scene.clock.move(LONGEST_RETRY)
    assert scene.chat.texts == ["one"]


async def test_a_platform_that_is_not_connected_waits(scene: Scene) -> None:
    slack = Channel(platform="slack", chat_id="C1")
    await owe(scene, "one", channel=slack)
    assert (await scene.deliver()).postponed == 1
    chat = RecordingChat("slack")
    scene.clock.move(timedelta(seconds=5))
    await deliver(store=scene.store, chats={"slack": chat}, clock=scene.clock)
    assert chat.texts == ["one"]


@pytest.mark.parametrize(
    "fault", [None, Uncertain("time-out"), MessageRejected("no"), ChannelGone("blocked")]
)
async def test_what_follows_waits_for_the_root_of_its_thread(
    scene: Scene, fault: BotError | None
) -> None:
    """The parts of a digest stand under its first one; where that is known not to be there, they
    or nobody can tell, they go out by themselves."""
    await owe(scene, "root")
    await owe(scene, "part", follows=f"{GROUP}:root")
    scene.chat.faults.append(fault)
    await scene.deliver()
    part = [s for s in scene.chat.sent if s.message.summary == "part"]
    if fault is None:
        assert [s.reply_to for s in part] == [scene.chat.sent[0].message_id]
    else:
        assert [s.reply_to for s in part] == [None]


async def test_every_part_of_a_digest_leads_to_its_thread(scene: Scene) -> None:
    await scene.admitted()
    await scene.news()
    scene.chat.blocks = 1
    made = await scene.publish(await scene.subscribed())
    assert made is not None
    await scene.deliver()
    assert len(scene.chat.sent) > 2
    async with scene.store.read() as tx:
        threads = {(await tx.threads.by_message(s.channel, s.message_id)) for s in scene.chat.sent}
        assert len(threads) == 1
        (thread,) = threads
        assert thread is not None
        assert thread.digest_id == made.id
        assert thread.root_message_id == scene.chat.sent[0].message_id
        receipt = await tx.outbox.receipt(scene.chat.sent[0].key)
    assert receipt is not None
    assert receipt.message_id == scene.chat.sent[0].message_id


async def test_an_adapter_that_breaks_holds_up_no_channel(scene: Scene) -> None:
    await owe(scene, "one", "two")
    scene.chat.faults.append(ValueError("a fault of the program"))
    await scene.deliver()
    assert scene.chat.texts == ["two"]
    assert await scene.owed() == {"uncertain": 1, "sent": 1}


class Remembering(RecordingChat):
    """A platform that can tell what became of a post whose answer was lost."""

    def __init__(self, arrived: str | ChatError | None) -> None:
        super().__init__()
        self.arrived = arrived

    async def find(
        self, channel: Channel, key: str, since: datetime, *, reply_to: str | None = None
    ) -> str | None:
        if isinstance(self.arrived, ChatError):
            raise self.arrived
        return self.arrived


@pytest.mark.parametrize(
    ("arrived", "tries", "state"),
    [("77", 1, "sent"), (None, 2, "sent"), (ChatError("unreachable"), 1, "uncertain")],
)
async def test_a_platform_that_can_tell_is_asked_and_posts_exactly_once(
    scene: Scene, arrived: str | ChatError | None, tries: int, state: str
) -> None:
    await owe(scene, "one")
    chat = Remembering(arrived)
    chat.faults.append(Uncertain("time-out"))
    for _ in range(2):
        await deliver(store=scene.store, chats={"telegram": chat}, clock=scene.clock)
        scene.clock.move(timedelta(seconds=5))
    assert len(chat.tries) == tries
    assert await scene.owed() == {state: 1}
