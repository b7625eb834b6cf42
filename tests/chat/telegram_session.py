"""A Telegram adapter that is connected to the loopback server, and what came in through it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from bot.chat.telegram import Telegram
from bot.model import Channel, Inbound
from tests.servers.telegram import TelegramServer


class Inbox:
    """What was handed over, in order; `take` waits for the next."""

    def __init__(self) -> None:
        self.all: list[Inbound] = []
        self._new: asyncio.Queue[Inbound] = asyncio.Queue()

    async def __call__(self, inbound: Inbound) -> None:
        self.all.append(inbound)
        self._new.put_nowait(inbound)

    async def take(self) -> Inbound:
        async with asyncio.timeout(10):
            return await self._new.get()

    async def several(self, count: int) -> list[Inbound]:
        """The next few, in the order of their updates: they are handled side by side."""
        return sorted([await self.take() for _ in range(count)], key=lambda i: i.id)

    async def nothing(self, seconds: float = 0.1) -> None:
        """Nothing more comes in for a while."""
        await asyncio.sleep(seconds)
        assert self._new.empty(), self.all


async def until(condition: Callable[[], bool]) -> None:
    """Waits for what happens in another task."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - what is waited for rings no bell
            await asyncio.sleep(0.01)


class Time:
    """Monotonic seconds that pass by sleeping only."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


def adapter(tg: TelegramServer, clock: Callable[[], datetime], **options: Any) -> Telegram:
    time = options.pop("time", None) or Time()
    given = {"base_url": tg.url, "proxy": None, "clock": clock, **options}
    given = {"tick": time, "sleep": time.sleep, **given}
    return Telegram(given.pop("token", tg.token), **given)


@asynccontextmanager
async def connected(
    tg: TelegramServer, clock: Callable[[], datetime], **options: Any
) -> AsyncIterator[tuple[Telegram, Inbox]]:
    chat, inbox = adapter(tg, clock, **options), Inbox()
    await chat.start(inbox)
    try:
        yield chat, inbox
    finally:
        await chat.stop()


def at(chat_id: int, thread: int | None = None) -> Channel:
    return Channel(
        platform="telegram", chat_id=str(chat_id), thread_id=str(thread) if thread else None
    )
