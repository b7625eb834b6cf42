"""Telegram's rates are kept, and used to the full; one chat's wait is no other's."""

import asyncio
import heapq
from collections import deque
from datetime import timedelta

import pytest

from bot.chat import limits
from bot.chat.telegram.admins import KNOWN, Admins
from bot.chat.telegram.pacing import REMEMBERED, Pace
from bot.errors import ChatError, RateLimited
from tests.chat.telegram_session import Time
from tests.servers.telegram_methods import Rates
from tests.servers.telegram_world import Room


class Virtual:
    """Time that jumps to the next sleeper when nobody has anything else to do."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = 0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._count += 1
        heapq.heappush(self._sleepers, (self.now + seconds, self._count, woken))
        await woken

    async def run(self, tasks: list[asyncio.Task[None]]) -> None:
        while not all(task.done() for task in tasks):
            await asyncio.sleep(0)
            if self._sleepers:
                self.now, _, woken = heapq.heappop(self._sleepers)
                woken.set_result(None)
                await asyncio.sleep(0)
        for task in tasks:
            task.result()


async def test_a_fan_out_meets_no_429_and_uses_the_rate() -> None:
    time = Virtual()
    pace, rates = Pace(tick=time, sleep=time.sleep), Rates(time)
    chats = [f"{n}" for n in range(1, 10_001)] + [f"-{n}" for n in range(1, 201)] * 2
    owed = deque(chats)
    kinds = {True: "supergroup", False: "private"}

    async def sender() -> None:
        while owed:
            chat = owed.popleft()
            await pace.turn(chat)
            rates.take(Room(int(chat), kinds[chat.startswith("-")]))  # type: ignore[arg-type]

    await time.run([asyncio.create_task(sender()) for _ in range(30)])
    rate = len(chats) / time.now
    assert 0.97 * limits.PER_SECOND <= rate <= limits.PER_SECOND, rate


async def test_a_group_gets_twenty_a_minute_and_then_a_time_to_come_back() -> None:
    time = Time()
    pace = Pace(tick=time, sleep=time.sleep)
    begun = time.now
    for _ in range(limits.PER_GROUP_MINUTE):
        await pace.turn("-5")
    with pytest.raises(RateLimited) as caught:
        await pace.turn("-5")
    wait = caught.value.retry_after
    assert wait is not None
    assert time.now + wait.total_seconds() - begun == pytest.approx(60 * limits.STRETCH)
    await pace.turn("-6")  # another group is free
    await pace.turn("5")
    await time.sleep(wait.total_seconds())
    await pace.turn("-5")


@pytest.mark.parametrize("chat", ["-1005", "@news"])
async def test_channels_are_held_to_the_rate_of_groups(chat: str) -> None:
    time = Time()
    pace = Pace(tick=time, sleep=time.sleep)
    for _ in range(limits.PER_GROUP_MINUTE):
        await pace.turn(chat)
    with pytest.raises(RateLimited):
        await pace.turn(chat)


async def test_a_hold_ends_by_itself() -> None:
    time = Time()
    pace = Pace(tick=time, sleep=time.sleep)
    pace.hold("5", timedelta(seconds=60))
    with pytest.raises(RateLimited) as caught:
        await pace.turn("5")
    assert caught.value.retry_after == timedelta(seconds=60)
    await pace.turn("6")
    time.now += 58
    await pace.turn("5")  # two seconds are waited for
    assert time.slept == [2]


async def test_idle_chats_are_forgotten() -> None:
    time = Time()
    pace = Pace(tick=time, sleep=time.sleep)
    for number in range(REMEMBERED + 100):
        time.now += 0.05
        await pace.turn(str(number + 1))
    assert len(pace._chats) < REMEMBERED


async def test_administrators_are_asked_for_once_a_minute_and_not_for_ever() -> None:
    time, asked = Time(), []

    async def ask(chat: str) -> frozenset[str]:
        asked.append(chat)
        if chat == "-0":
            raise ChatError("not now")
        return frozenset({"7"})

    admins = Admins(ask, tick=time)
    for chat in ("-1", "-1", "-2"):
        assert await admins.of(chat) == {"7"}
    time.now += limits.ADMINS_FRESH
    await admins.of("-1")
    for _ in range(2):
        with pytest.raises(ChatError):
            await admins.of("-0")
    assert asked == ["-1", "-2", "-1", "-0", "-0"]
    for number in range(KNOWN):
        await admins.of(f"-{number + 10}")
    asked.clear()
    await admins.of("-1")
    assert asked == ["-1"]
