"""Socket Mode: what comes while the line is down is not lost, and the line comes up again."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

import pytest

from bot.chat.slack import Slack
from bot.chat.slack.connection import quiet, redact
from bot.errors import ChatError, ConfigError
from tests.chat.messages import note
from tests.chat.slack_session import HERE, QUICK, Inbox, adapter, connected
from tests.fakes import FakeClock
from tests.servers.slack import BOT, Fault, SlackServer

ASK = f"<@{BOT}> how many?"


@pytest.fixture
def clock(now: datetime) -> FakeClock:
    return FakeClock(now)


@pytest.fixture
async def slack(clock: FakeClock) -> AsyncIterator[SlackServer]:
    async with SlackServer(clock=clock, ack=0.3) as server:
        server.world.channel("C1")
        yield server


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - what is waited for rings no bell
            await asyncio.sleep(0.02)


async def test_after_a_drop_the_next_message_is_answered(
    slack: SlackServer, clock: FakeClock
) -> None:
    async with connected(slack, clock) as (_, inbox):
        slack.sockets.drop()
        await slack.say("C1", "U1", ASK)
        assert (await inbox.take()).text == "how many?"
        await inbox.nothing()
        assert slack.sockets.opened == 2


async def test_a_line_that_went_dead_in_silence_is_noticed(
    slack: SlackServer, clock: FakeClock
) -> None:
    async with connected(slack, clock) as (chat, inbox):
        slack.sockets.silence()
        await slack.say("C1", "U1", ASK)
        assert (await inbox.take()).text == "how many?"
        assert slack.sockets.opened == 2
        await until_alive(chat)


async def test_a_refresh_loses_nothing_and_doubles_nothing(
    slack: SlackServer, clock: FakeClock
) -> None:
    async with connected(slack, clock) as (chat, inbox):
        texts = [f"{ASK} {number}" for number in range(20)]
        for number, text in enumerate(texts):
            if number in (5, 12):
                await slack.sockets.refresh()
            await slack.say("C1", "U1", text)
        await until(lambda: len(inbox.all) >= len(texts))
        await asyncio.sleep(0.1)
        assert sorted(i.text for i in inbox.all) == sorted(t.split("> ")[1] for t in texts)
        assert slack.sockets.opened == 3
        assert slack.sockets.lost == []
        await until_alive(chat)


async def until_alive(chat: Slack) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                await chat.check()
            except ChatError:
                await asyncio.sleep(0.05)
            else:
                return


async def test_an_acknowledgement_that_is_lost_makes_no_second_answer(
    slack: SlackServer, clock: FakeClock
) -> None:
    async with connected(slack, clock) as (_, inbox):
        slack.sockets.stuck = True
        asking = asyncio.create_task(slack.say("C1", "U1", "hello"))
        await inbox.take()
        await asyncio.sleep(0.4)  # it is sent again meanwhile
        slack.sockets.stuck = False
        await asking
        await inbox.nothing()


async def test_a_line_whose_ticket_was_used_up_is_built_anew(
    slack: SlackServer, clock: FakeClock
) -> None:
    """The SDK dials an address again that is good for once only, for ever."""
    async with connected(slack, clock) as (chat, inbox):
        ticket = slack.sockets.ticket

        def spent() -> str:
            made = ticket()
            slack.sockets.forget_tickets()
            return made

        slack.sockets.ticket = spent  # type: ignore[method-assign]
        slack.sockets.drop()
        await asyncio.sleep(4 * QUICK.total_seconds())
        with pytest.raises(ChatError) as caught:
            await chat.check()
        assert caught.value.code == "chat.socket_down"
        slack.plan("apps.connections.open", *[Fault(error="internal_error")] * 2)
        slack.sockets.ticket = ticket  # type: ignore[method-assign]
        await slack.say("C1", "U1", ASK)
        assert (await inbox.take()).text == "how many?"
        await until_alive(chat)


async def test_a_check_names_the_bot_and_the_workspace(
    slack: SlackServer, clock: FakeClock
) -> None:
    async with connected(slack, clock) as (chat, _):
        assert await chat.check() == f"Slack: {BOT} in workspace T01"
    assert await chat.check() == f"Slack: {BOT} in workspace T01"  # as `doctor` asks, unconnected


@pytest.mark.parametrize("option", ["bot_token", "app_token"])
async def test_a_wrong_token_is_a_setting_to_mend(
    slack: SlackServer, clock: FakeClock, option: str
) -> None:
    chat = adapter(slack, clock, **{option: "xoxb-wrong"})
    with pytest.raises(ConfigError, match="SLACK_BOT_TOKEN and SLACK_APP_TOKEN"):
        await chat.start(Inbox())
    await chat.stop()


async def test_a_slack_that_is_down_at_the_start_says_so(
    slack: SlackServer, clock: FakeClock
) -> None:
    for method in ("auth.test", "apps.connections.open"):
        slack.plan(method, Fault(error="service_unavailable", status=503))
        chat = adapter(slack, clock)
        with pytest.raises(ChatError) as caught:
            await chat.start(Inbox())
        assert caught.value.transient
        await chat.stop()


async def test_a_socket_that_cannot_be_dialled_says_so(
    slack: SlackServer, clock: FakeClock
) -> None:
    ticket = slack.sockets.ticket
    slack.sockets.ticket = lambda: ticket() + "-wrong"  # type: ignore[method-assign]
    chat = adapter(slack, clock)
    with pytest.raises(ChatError) as caught:
        await chat.start(Inbox())
    assert caught.value.transient
    await chat.stop()


async def test_a_stop_during_a_drop_ends_at_once(slack: SlackServer, clock: FakeClock) -> None:
    chat = adapter(slack, clock, heartbeat=timedelta(seconds=30))
    await chat.start(Inbox())
    slack.sockets.drop()
    await asyncio.wait_for(chat.stop(), 6)
    await chat.stop()


async def test_it_may_be_started_again(slack: SlackServer, clock: FakeClock) -> None:
    chat = adapter(slack, clock)
    for _ in range(2):
        inbox = Inbox()
        await chat.start(inbox)
        await slack.say("C1", "U1", ASK)
        await inbox.take()
        await chat.send(HERE, note("8,192"), key="k")
        await chat.stop()


# --- what the SDK may log ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-1-2-abc",
        "xapp-1-A-abc",
        "xoxe.xoxp-1-abc",
        "wss://wss.slack.com/link/?ticket=abc-d&app_id=1",
        "https://hooks.slack.com/commands/T1/2/abc",
        "https://hooks.slack.com/actions/T1/2/abc",
    ],
)
def test_secrets_are_taken_out_of_a_text(secret: str) -> None:
    assert "abc" not in redact(f"failed for {secret} (again)")
    assert redact("nothing to hide (404)") == "nothing to hide (404)"


def test_an_error_of_the_sdk_is_logged_without_secrets_and_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    logger = quiet()
    assert quiet() is logger
    try:
        raise ValueError("wss://x/?ticket=abc")
    except ValueError as error:
        logger.exception("Failed: %s", error)
    logger.info("xoxb-abc")
    assert caplog.messages == ["Failed: wss://x/?ticket=…"]
    assert "abc" not in caplog.text
    assert logger.getEffectiveLevel() == logging.ERROR
