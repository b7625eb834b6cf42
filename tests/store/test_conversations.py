from dataclasses import replace
from decimal import Decimal

import pytest

from bot.errors import StoreError
from bot.model import Answer, Conflict, Question, Thread
from bot.store import Store
from tests.store.samples import (
    CHAT,
    MINUTE,
    NOW,
    TEAM,
    article,
    delivery,
    digest,
    figure,
    seed,
    subscription,
)

THREAD = Thread(id="t1", channel=CHAT, digest_id="d1", root_message_id="100")


def question(number: int = 1, thread_id: str = "t1") -> Question:
    return Question(
        id=f"q{number}",
        thread_id=thread_id,
        author_id="u1",
        text="いくら？",
        lang="ja",
        asked_at=NOW + number * MINUTE,
    )


def answer(number: int = 1) -> Answer:
    one = figure(article())
    return Answer(
        question_id=f"q{number}",
        text="6,300億円",
        lang="ja",
        quotes=(one.quote,),
        figures=(one,),
        conflicts=(Conflict(kind="scale", figures=(one, one), ratio=Decimal(10)),),
        written_by="model-1",
    )


async def test_a_thread_is_found_by_its_messages_wherever_in_the_chat(opened: Store) -> None:
    async with opened.begin() as tx:
        await tx.threads.save(THREAD)
        await tx.threads.link(CHAT, "101", "t1")
    async with opened.read() as tx:
        assert await tx.threads.get("t1") == THREAD
        assert await tx.threads.by_message(CHAT, "100") == THREAD
        assert await tx.threads.by_message(replace(CHAT, thread_id="100"), "101") == THREAD
        assert await tx.threads.by_message(CHAT, "102") is None
        assert await tx.threads.by_message(TEAM, "100") is None
        assert await tx.threads.get("t2") is None


async def test_the_latest_thread_is_the_one_begun_last(opened: Store) -> None:
    second = replace(THREAD, id="t2", root_message_id="200")
    async with opened.begin() as tx:
        await tx.threads.save(THREAD)
        await tx.threads.save(second)
        await tx.threads.save(replace(THREAD, digest_id="d9"))
        assert await tx.threads.latest(CHAT) == second
        assert await tx.threads.latest(TEAM) is None
        assert await tx.threads.get("t1") == replace(THREAD, digest_id="d9")


async def test_a_message_of_an_unknown_thread_leads_nowhere(opened: Store) -> None:
    async with opened.begin() as tx:
        assert not await tx.threads.link(CHAT, "100", "t1")
        assert await tx.threads.by_message(CHAT, "100") is None


async def test_memory_holds_the_last_questions_and_answers_oldest_first(opened: Store) -> None:
    async with opened.begin() as tx:
        await tx.threads.save(THREAD)
        assert await tx.questions.add(question(1), answer(1))
        assert await tx.questions.add(question(2))
        assert not await tx.questions.add(question(2), answer(2))
        assert await tx.questions.add(question(3))
        await tx.questions.answer("q3", answer(3))
        assert await tx.questions.memory("t1", 2) == [(question(2), None), (question(3), answer(3))]
        assert await tx.questions.memory("t1", 9) == [
            (question(1), answer(1)),
            (question(2), None),
            (question(3), answer(3)),
        ]
        assert await tx.questions.memory("t2", 9) == []


async def test_a_question_in_an_unknown_thread_is_refused(opened: Store) -> None:
    with pytest.raises(StoreError):
        async with opened.begin() as tx:
            await tx.questions.add(question())


async def test_an_event_is_new_once(opened: Store) -> None:
    async with opened.begin() as tx:
        assert await tx.inbound.first("telegram:1", NOW)
    async with opened.begin() as tx:
        assert not await tx.inbound.first("telegram:1", NOW + MINUTE)
        assert await tx.inbound.first("telegram:2", NOW)


async def test_a_chat_takes_all_that_is_its_own_to_its_new_id(opened: Store) -> None:
    await seed(opened)
    topic, other = replace(CHAT, thread_id="7"), replace(CHAT, chat_id="-10011")
    moved = replace(CHAT, chat_id="-100:9%")
    async with opened.begin() as tx:
        for number, channel in enumerate((CHAT, topic, other), start=1):
            await tx.subscriptions.save(subscription(number, channel=channel))
            await tx.outbox.add([delivery(number, channel=channel)])
            await tx.digests.add(digest(number), channel)
            await tx.threads.save(replace(THREAD, id=f"t{number}", channel=channel))
        await tx.move(topic, moved.chat_id)
    async with opened.read() as tx:
        places = [moved, replace(topic, chat_id=moved.chat_id), other]
        assert [u.channel for u in await tx.subscriptions.all()] == places
        assert [d.channel for d in await tx.outbox.list("pending", 9)] == places
        assert await tx.digests.latest(moved) == digest(1)
        assert await tx.digests.latest(CHAT) is None
        assert await tx.threads.latest(moved) == replace(THREAD, channel=moved)


async def test_subscriptions_and_deliveries_can_move_alone(opened: Store) -> None:
    await seed(opened)
    async with opened.begin() as tx:
        await tx.subscriptions.save(subscription())
        await tx.outbox.add([delivery()])
        await tx.subscriptions.move(CHAT, "5")
        await tx.outbox.move(CHAT, "6")
        assert [u.channel for u in await tx.subscriptions.all()] == [replace(CHAT, chat_id="5")]
        assert [d.channel.chat_id for d in await tx.outbox.list("pending", 9)] == ["6"]
