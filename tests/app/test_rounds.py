"""What a tick starts: due sources, due subscriptions, and the slots that were missed."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TypeVar

import pytest

from bot.app import rounds
from bot.app.collect import Collected
from bot.model import Source, Subscription
from tests.app.scene import NEWS, SOURCE, Scene, at_once, page, rss
from tests.conftest import NOW

T = TypeVar("T")


async def publish_due(scene: Scene) -> int:
    return await rounds.publish_due(
        store=scene.store, writer=scene.writer, parts=scene.parts, clock=scene.clock
    )


async def due_at(scene: Scene, when: datetime | None, number: int = 1, **fields: object) -> None:
    made = await scene.subscribed(number, **fields)
    async with scene.store.begin() as tx:
        await tx.subscriptions.set_next_run(made.id, when)


async def test_due_sources_are_collected_and_the_others_left_alone(scene: Scene) -> None:
    await scene.lists()
    later = replace(SOURCE, id="later", url="https://later.example/feed")
    await scene.lists(later)
    scene.fetch.pages[SOURCE.url] = page(SOURCE.url, rss(*NEWS))
    scene.fetch.pages[later.url] = page(later.url, rss(*NEWS))
    await scene.collect(later)
    scene.fetch.asked.clear()
    told: list[tuple[Source, Collected]] = []

    async def collect_due() -> int:
        return await rounds.collect_due(
            store=scene.store,
            fetch=scene.fetch,
            work=at_once,
            clock=scene.clock,
            chance=lambda: 0.5,
            done=lambda source, outcome: told.append((source, outcome)),
        )

    assert await collect_due() == 2
    assert [url for url, *_ in scene.fetch.asked] == [SOURCE.url]
    assert [(s.id, o.new) for s, o in told] == [("wire", 2)]
    scene.clock.move(timedelta(days=2))
    assert await collect_due() == 0
    assert len(scene.fetch.asked) == 3


async def test_one_source_that_fails_stops_no_other(scene: Scene) -> None:
    await scene.lists()
    await scene.lists(replace(SOURCE, id="bad", url="https://bad.example/feed"))
    scene.fetch.pages[SOURCE.url] = page(SOURCE.url, rss(*NEWS))
    found = await rounds.collect_due(
        store=scene.store,
        fetch=scene.fetch,
        work=at_once,
        clock=scene.clock,
        chance=lambda: 0.5,
    )
    assert found == 2


async def test_a_due_subscription_is_published_once_and_planned_again(scene: Scene) -> None:
    await scene.admitted()
    await scene.news()
    await due_at(scene, NOW, times=(time(7, 30), time(20, 0)))
    assert await publish_due(scene) == 1
    assert await publish_due(scene) == 0
    async with scene.store.read() as tx:
        assert await tx.subscriptions.next_run("s1") == NOW.replace(hour=20, minute=0)


async def test_a_due_subscription_without_news_is_planned_again(scene: Scene) -> None:
    await scene.admitted()
    await due_at(scene, NOW, times=(time(7, 30),))
    assert await publish_due(scene) == 0
    async with scene.store.read() as tx:
        assert await tx.subscriptions.next_run("s1") == NOW + timedelta(days=1)


async def test_slots_missed_while_the_bot_was_down_are_one_digest(scene: Scene) -> None:
    await scene.admitted()
    await scene.news()
    await due_at(scene, NOW, times=(time(7, 30), time(12, 0), time(18, 0)))
    scene.clock.move(timedelta(hours=14))
    await scene.news([*NEWS, ("Third", "A third thing cost $7 million in Asterville.")])
    assert await publish_due(scene) == 1
    async with scene.store.begin() as tx:
        (delivery,) = await tx.outbox.list("pending", 9)
        assert delivery.digest_id is not None
        for slot in (time(7, 30), time(12, 0), time(18, 0)):
            assert not await tx.runs.claim("s1", NOW.date(), slot, NOW)


async def test_a_slot_that_is_days_old_is_let_go_and_the_next_one_planned(scene: Scene) -> None:
    """A weekly digest whose hour passed while the bot was down for days comes next week, not at
    every tick from now on."""
    await scene.admitted()
    await scene.news()
    await due_at(scene, NOW, times=(time(7, 30),), weekdays=(0,))
    scene.clock.move(timedelta(days=4))
    assert await publish_due(scene) == 0
    assert await scene.owed() == {}
    async with scene.store.read() as tx:
        assert await tx.subscriptions.next_run("s1") == NOW + timedelta(days=7)


async def test_one_subscription_that_fails_stops_no_other_and_is_tried_again(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    await scene.admitted()
    await scene.news()
    await due_at(scene, NOW - timedelta(hours=1), times=(time(7, 30),), timezone="Mars/Base")
    await due_at(scene, NOW, number=2, times=(time(7, 30),))
    with caplog.at_level(logging.ERROR):
        assert await publish_due(scene) == 1
    (record,) = caplog.records
    assert record.getMessage() == "publish.failed subscription=s1 code=user.schedule.bad"
    assert [s.id for s in await _due(scene)] == ["s1"]


async def _due(scene: Scene) -> list[Subscription]:
    async with scene.store.read() as tx:
        return await tx.subscriptions.due(scene.clock())


async def test_a_subscription_that_rests_is_not_due(scene: Scene) -> None:
    await scene.admitted()
    await scene.news()
    await due_at(scene, NOW, paused=True)
    assert await publish_due(scene) == 0


async def test_a_source_that_breaks_the_program_stops_no_other(scene: Scene) -> None:
    await scene.lists()
    await scene.lists(replace(SOURCE, id="bad", url="https://bad.example/feed"))
    scene.fetch.pages[SOURCE.url] = page(SOURCE.url, rss(*NEWS))

    async def work(function: Callable[..., T], *args: object) -> T:
        if b"fault" in args[0].body:  # type: ignore[attr-defined]
            raise ValueError("a fault of the program")
        return function(*args)

    scene.fetch.pages["https://bad.example/feed"] = page("https://bad.example/feed", b"fault")
    found = await rounds.collect_due(
        store=scene.store,
        fetch=scene.fetch,
        work=work,
        clock=scene.clock,
        chance=lambda: 0.5,
    )
    assert found == 2
