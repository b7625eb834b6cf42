"""A Slack adapter that is connected to the loopback Slack, and what came in through it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from bot.chat.slack import Slack
from bot.model import Channel, Inbound
from tests.servers.slack import SlackServer

QUICK = timedelta(seconds=0.1)  # between pings, so that a lost connection is noticed soon
HERE = Channel(platform="slack", chat_id="C1")


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

    async def nothing(self, seconds: float = 0.1) -> None:
        """Nothing more comes in for a while."""
        await asyncio.sleep(seconds)
        assert self._new.empty(), self.all


def adapter(slack: SlackServer, clock: Callable[[], datetime], **options: Any) -> Slack:
    """An adapter for a server; `options` replace what it is made with."""
    given: dict[str, Any] = {
        "bot_token": slack.bot_token,
        "app_token": slack.app_token,
        "base_url": slack.url,
        "clock": clock,
        "heartbeat": QUICK,
        **options,
    }
    return Slack(**given)


@asynccontextmanager
async def connected(
    slack: SlackServer, clock: Callable[[], datetime], **options: Any
) -> AsyncIterator[tuple[Slack, Inbox]]:
    chat, inbox = adapter(slack, clock, **options), Inbox()
    await chat.start(inbox)
    try:
        yield chat, inbox
    finally:
        await asyncio.wait_for(chat.stop(), 20)
