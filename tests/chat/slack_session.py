"""A Slack adapter that is connected to the loopback Slack, and what came in through it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from bot.chat.slack import Slack
from bot.model import Bullets, Collapsed, Group, Heading, Inbound, Message, Note, Paragraph, Run
from tests.servers.slack import SlackServer

QUICK = timedelta(seconds=0.1)  # between pings, so that a lost connection is noticed soon


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

    async def nothing(self, seconds: float = 0.2) -> None:
        """Nothing more comes in for a while."""
        await asyncio.sleep(seconds)
        assert self._new.empty(), self._new


def adapter(slack: SlackServer, clock: Callable[[], datetime], **options: Any) -> Slack:
    given = {"base_url": slack.url, "clock": clock, "heartbeat": QUICK, **options}
    return Slack(given.pop("bot_token", slack.bot_token), slack.app_token, **given)


@asynccontextmanager
async def connected(
    slack: SlackServer, clock: Callable[[], datetime], **options: Any
) -> AsyncIterator[tuple[Slack, Inbox]]:
    chat, inbox = adapter(slack, clock, **options), Inbox()
    await chat.start(inbox)
    try:
        yield chat, inbox
    finally:
        await chat.stop()


def words(text: str) -> tuple[Run, ...]:
    return (Run(text=text),)


def note(text: str, **more: Any) -> Message:
    return Message(summary=text, blocks=(Paragraph(runs=words(text)),), **more)


def story(number: int, bullet: str = "サーバー版は TPUv4 8,192 基で訓練") -> Group:
    """A story as the digest lays it out: headline, bullets, the second language, sources."""
    return Group(
        blocks=(
            Heading(runs=words(f"{number}. Apple、AFM を TPU で訓練"), level=2),
            Paragraph(runs=(Run(text="Apple trained AFM on TPUs", italic=True),)),
            Bullets(items=((Run(text=bullet, bold=True),), words(f"要点 {number}"))),
            Collapsed(
                title="🇬🇧 English",
                blocks=(Bullets(items=(words(f"8,192 TPUv4 chips trained it ({number})"),)),),
            ),
            Note(kind="warning", runs=words(f"桁が矛盾 {number}")),
            Note(
                kind="footer",
                runs=(Run(text="Source", href=f"https://news.example/{number}"),),
            ),
        )
    )


def digest(stories: int, **more: Any) -> Message:
    title = Heading(runs=words("📰 News digest"))
    return Message(
        summary="ニュース · News",
        blocks=(title, *(story(n) for n in range(1, stories + 1))),
        **more,
    )
