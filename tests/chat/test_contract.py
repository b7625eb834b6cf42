"""What every platform keeps, whatever it is: the same assertions over each."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.model import Block, Bullets, Collapsed, Group, Inbound, Message, Table
from tests.chat.contract import STAGES, Stage, playing
from tests.chat.messages import digest, note
from tests.chat.telegram_session import Inbox, until
from tests.fakes import FakeClock


@pytest.fixture(params=STAGES)
async def stage(request: pytest.FixtureRequest, now) -> AsyncIterator[Stage]:  # type: ignore[no-untyped-def]
    async with STAGES[request.param](FakeClock(now)) as made:
        yield made


async def test_what_a_person_writes_comes_in_as_theirs(stage: Stage) -> None:
    inbox = Inbox()
    async with playing(stage, inbox) as chat:
        assert chat.platform == stage.platform
        await stage.say("チップは何基？")
        got = await inbox.take()
    assert (got.kind, got.text, got.channel) == ("text", "チップは何基？", stage.private)
    assert (got.author.id, got.author.role) == (stage.person, stage.role)
    assert got.addressed
    assert got.private
    assert got.workspace_id.startswith(f"{stage.platform}:")
    assert got.message_id


async def test_two_messages_are_two_inbounds(stage: Stage) -> None:
    inbox = Inbox()
    async with playing(stage, inbox):
        await stage.say("one")
        await stage.say("two")
        got = [await inbox.take() for _ in range(2)]
    assert {i.text for i in got} == {"one", "two"}
    assert len({i.id for i in got}) == len({i.message_id for i in got}) == 2


async def test_a_digest_is_shown_with_every_word(stage: Stage) -> None:
    async with playing(stage, Inbox()) as chat:
        for message in chat.parts(digest(2)):
            assert await chat.send(stage.private, message, key="k")
    shown = "\n".join(stage.shown())
    for words in (
        "ニュース · News",
        "1. Apple、AFM を TPU で訓練",
        "Apple trained AFM on TPUs",
        "8,192 基",
        "Trained on 8,192 TPUv4 chips (2)",
        "8,192 chips",
        "47 ページ",
        "記事内で桁が矛盾: 6.3兆 ≠ 6,300億",
        "Source",
    ):
        assert words in shown


async def test_each_message_has_an_id_of_its_own(stage: Stage) -> None:
    async with playing(stage, Inbox()) as chat:
        ids = [await chat.send(stage.private, note(f"n{n}"), key=f"k{n}") for n in range(3)]
    assert len(set(ids)) == 3
    assert len(stage.shown()) == 3


async def test_an_edit_shows_the_new_text(stage: Stage) -> None:
    async with playing(stage, Inbox()) as chat:
        sent = await chat.send(stage.private, note("before"), key="k")
        await chat.edit(stage.private, sent, note("after"))
    assert "after" in stage.shown()[-1]
    assert len(stage.shown()) == (1 if stage.edits else 2)


async def test_a_reply_can_be_sent_to_what_a_person_wrote(stage: Stage) -> None:
    inbox = Inbox()
    async with playing(stage, inbox) as chat:
        await stage.say("how many?")
        got = await inbox.take()
        await chat.send(got.channel, note("8,192"), key="k", reply_to=got.message_id)
    assert "8,192" in stage.shown()[-1]


@pytest.mark.parametrize("text", ["AFM <3B> & <br>", "*太字* _x_ `y` :tada: [a](b)"])
async def test_what_looks_like_markup_is_shown_as_it_is(stage: Stage, text: str) -> None:
    async with playing(stage, Inbox()) as chat:
        await chat.send(stage.private, note(text), key="k")
    assert text in stage.shown()[0]


async def test_the_person_of_a_private_chat_has_the_role_of_its_workspace(stage: Stage) -> None:
    async with playing(stage, Inbox()) as chat:
        assert await chat.role(stage.private, stage.person) == stage.role


async def test_a_check_says_who_the_bot_is(stage: Stage) -> None:
    assert await stage.chat.check()
    await stage.chat.stop()


async def test_a_failing_handler_ends_nothing(stage: Stage) -> None:
    inbox = Inbox()

    async def handle(inbound: Inbound) -> None:
        if inbound.text == "boom":
            raise RuntimeError("boom")
        await inbox(inbound)

    async with playing(stage, handle):
        await stage.say("boom")
        await stage.say("after")
        assert (await inbox.take()).text == "after"


async def test_a_stop_lets_what_is_being_handled_come_to_its_end(stage: Stage) -> None:
    begun, may_end, done = asyncio.Event(), asyncio.Event(), []

    async def slow(inbound: Inbound) -> None:
        begun.set()
        await may_end.wait()
        done.append(inbound.text)

    await stage.chat.start(slow)
    await stage.say("slow")
    await asyncio.wait_for(begun.wait(), 10)
    stopping = asyncio.create_task(stage.chat.stop())
    await asyncio.sleep(0.05)
    assert not done
    may_end.set()
    await asyncio.wait_for(stopping, 20)
    await until(lambda: done == ["slow"])


def _leaves(blocks: tuple[Block, ...]) -> str:
    said = []
    for block in blocks:
        match block:
            case Group() | Collapsed():
                said.append(_leaves(block.blocks))
            case Bullets():
                said += ["".join(run.text for run in item) for item in block.items]
            case Table():
                said += [cell for row in block.rows for cell in row]
            case _:
                said.append("".join(run.text for run in block.runs))
    return "".join(said)


@pytest.mark.parametrize(
    "message",
    [
        note("short"),
        digest(5),
        digest(60, "半導体の売上が伸びた。" * 30),
        note("📈" * 2_100),
        note("サーバー版の基盤モデルは八千百九十二基のチップで訓練された。" * 900),
    ],
    ids=["short", "digest", "long digest", "emoji", "japanese"],
)
async def test_parts_join_to_the_message_and_can_be_sent(stage: Stage, message: Message) -> None:
    async with playing(stage, Inbox()) as chat:
        split = chat.parts(message)
        for number, part in enumerate(split):
            await chat.send(stage.private, part, key=f"k{number}")
    assert "".join(_leaves(part.blocks) for part in split) == _leaves(message.blocks)
    assert len(stage.shown()) == len(split)
