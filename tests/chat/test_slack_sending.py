"""Posting to Slack: once, in its place, and known again by its key."""

import pytest

from bot.model import Channel
from tests.chat.slack_session import connected, digest
from tests.fakes import FakeClock
from tests.servers.slack import SlackServer

HERE = Channel(platform="slack", chat_id="C1")


@pytest.fixture
def clock(now):  # type: ignore[no-untyped-def]
    return FakeClock(now)


async def test_smoke(clock: FakeClock) -> None:
    async with SlackServer(clock=clock) as slack:
        slack.world.channel("C1")
        async with connected(slack, clock) as (chat, inbox):
            ts = await chat.send(HERE, digest(2), key="k1")
            print(slack.world.rooms["C1"].posts)
            await slack.say("C1", "U1", "<@U0BOT> how many chips?", thread=ts)
            print(await inbox.take())
            await inbox.nothing()
            assert await chat.find(HERE, "k1", clock()) == ts
