"""What a test may do with any platform: a stage has a chat on it and a person before it."""

import asyncio
import io
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TextIO

from bot.chat.base import Chat, Handler
from bot.chat.slack import Slack
from bot.chat.telegram import Telegram
from bot.chat.terminal import Terminal
from bot.model import Channel, Platform, Role
from tests.chat.telegram_session import Time
from tests.fakes import FakeClock
from tests.servers.slack import SlackServer
from tests.servers.telegram import TelegramServer

PERSON = 8


@dataclass
class Stage:
    """`say` is the person writing in their private chat, `shown` what they see of the bot's
    messages (one text for each), `person` their id. `edits` says that an edit replaces a message;
    the terminal shows it again."""

    platform: Platform
    chat: Chat
    private: Channel
    person: str
    say: Callable[[str], Awaitable[object]]
    shown: Callable[[], list[str]]
    edits: bool = True
    role: Role = "admin"  # of the person there: a Slack team is more than a direct message


@asynccontextmanager
async def telegram(clock: FakeClock) -> AsyncIterator[Stage]:
    async with TelegramServer(clock=clock) as tg:
        room, time = tg.world.private(PERSON, lang="ja"), Time()
        chat = Telegram(
            tg.token, base_url=tg.url, proxy=None, clock=clock, tick=time, sleep=time.sleep
        )
        yield Stage(
            platform="telegram",
            chat=chat,
            private=Channel(platform="telegram", chat_id=str(PERSON)),
            person=str(PERSON),
            say=lambda text: tg.say(PERSON, PERSON, text),
            shown=lambda: [post["text"] for post in room.posts],
        )


class Screen(io.StringIO):
    """A terminal's screen that remembers each message."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []

    def write(self, text: str) -> int:
        self.messages.append(text)
        return super().write(text)


@asynccontextmanager
async def terminal(clock: FakeClock) -> AsyncIterator[Stage]:
    reading, writing = os.pipe()
    screen = Screen()

    async def say(text: str) -> None:
        os.write(writing, f"{text}\n".encode())

    stdin: TextIO
    with os.fdopen(reading, encoding="utf-8") as stdin:
        try:
            yield Stage(
                platform="terminal",
                chat=Terminal(stdin, screen, lang="ja", clock=clock, width=4_000),
                private=Channel(platform="terminal", chat_id="local"),
                person="you",
                say=say,
                shown=lambda: screen.messages,
                edits=False,
            )
        finally:
            os.close(writing)


@asynccontextmanager
async def slack(clock: FakeClock) -> AsyncIterator[Stage]:
    async with SlackServer(clock=clock) as server:
        server.world.channel("D1", kind="im")
        chat = Slack(server.bot_token, server.app_token, base_url=server.url, clock=clock)
        yield Stage(
            platform="slack",
            chat=chat,
            private=Channel(platform="slack", chat_id="D1"),
            person="U1",
            say=lambda text: server.say("D1", "U1", text),
            shown=lambda: [str(p) for p in server.world.rooms["D1"].posts if p.get("bot_id")],
            role="member",
        )


STAGES = {"telegram": telegram, "terminal": terminal, "slack": slack}


@asynccontextmanager
async def playing(stage: Stage, handle: Handler) -> AsyncIterator[Chat]:
    await stage.chat.start(handle)
    try:
        yield stage.chat
    finally:
        await asyncio.wait_for(stage.chat.stop(), 20)
