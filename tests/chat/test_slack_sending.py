"""Posting to Slack: once, in its place, and known again by its key."""

import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.chat.base import Reconciles
from bot.chat.slack import Slack
from bot.errors import (
    ChannelGone,
    ChatError,
    ConfigError,
    MessageRejected,
    RateLimited,
    Uncertain,
)
from bot.model import Button, Channel, Message
from tests.chat.messages import digest, note
from tests.chat.slack_session import HERE, adapter, connected
from tests.fakes import FakeClock
from tests.servers.slack import Fault, SlackServer, limited
from tests.servers.slack_world import visible


@pytest.fixture
def clock(now: datetime) -> FakeClock:
    return FakeClock(now)


@pytest.fixture
async def slack(clock: FakeClock) -> AsyncIterator[SlackServer]:
    async with SlackServer(clock=clock) as server:
        server.world.channel("C1")
        yield server


@pytest.fixture
def chat(slack: SlackServer, clock: FakeClock) -> Slack:
    """An adapter that only sends: it needs no connection."""
    return adapter(slack, clock)


def posts(slack: SlackServer, channel: str = "C1") -> list[dict[str, Any]]:
    return slack.world.rooms[channel].posts


# --- one message -------------------------------------------------------------------------------


async def test_a_post_has_a_summary_a_mark_and_no_previews(slack: SlackServer, chat: Slack) -> None:
    ts = await chat.send(HERE, digest(1), key="d1:0")
    (call,) = slack.made("chat.postMessage")
    assert call["text"] == "ニュース · News"
    assert (call["unfurl_links"], call["unfurl_media"]) == (False, False)
    assert call["metadata"] == {
        "event_type": "digest",
        "event_payload": {"delivery_id": "d1:0"},
    }
    assert "thread_ts" not in call
    assert [post["ts"] for post in posts(slack)] == [ts]


async def test_a_reply_goes_under_what_it_answers(slack: SlackServer, chat: Slack) -> None:
    root = await chat.send(HERE, note("root"), key="k0")
    await chat.send(HERE, note("reply"), key="k1", reply_to=root)
    assert posts(slack)[1]["thread_ts"] == root


async def test_in_a_thread_the_root_counts_and_not_the_reply(
    slack: SlackServer, chat: Slack
) -> None:
    root = await chat.send(HERE, note("root"), key="k0")
    question = await slack.say("C1", "U1", "how many?", thread=root)
    thread = Channel(platform="slack", chat_id="C1", thread_id=root)
    await chat.send(thread, note("8,192"), key="k1", reply_to=question)
    assert posts(slack)[-1]["thread_ts"] == root  # the server complains of a reply's ts


async def test_an_edit_replaces_text_and_blocks(slack: SlackServer, chat: Slack) -> None:
    ts = await chat.send(HERE, note("before"), key="k")
    await chat.edit(HERE, ts, note("after"))
    (post,) = posts(slack)
    assert (post["text"], visible(post["blocks"])) == ("after", "after")


async def test_the_messages_of_others_cannot_be_edited(slack: SlackServer, chat: Slack) -> None:
    theirs = await slack.say("C1", "U1", "mine")
    for ts in (theirs, "1.000001"):
        with pytest.raises(MessageRejected):
            await chat.edit(HERE, ts, note("x"))


async def test_a_summary_cannot_call_the_channel(slack: SlackServer, chat: Slack) -> None:
    await chat.send(HERE, note("<!channel> R&D"), key="k")
    assert posts(slack)[0]["text"] == "&lt;!channel&gt; R&amp;D"
    assert visible(posts(slack)[0]["blocks"]) == "<!channel> R&D"


# --- the ladder --------------------------------------------------------------------------------


def kinds(post: dict[str, Any]) -> set[str]:
    return {block["type"] for block in post["blocks"]}


async def test_containers_that_take_no_rich_text_get_plain_sections(
    slack: SlackServer, chat: Slack
) -> None:
    slack.api.strict = True
    await chat.send(HERE, digest(1), key="k")
    (post,) = posts(slack)
    (container,) = (block for block in post["blocks"] if block["type"] == "container")
    assert container["child_blocks"][0]["type"] == "section"
    await chat.send(HERE, digest(1), key="k2")
    assert len(slack.made("chat.postMessage")) == 3  # it was learnt


async def test_a_slack_without_containers_shows_everything_open(
    slack: SlackServer, chat: Slack
) -> None:
    slack.api.unsupported = {"container"}
    await chat.send(HERE, digest(1), key="k")
    assert "table" in kinds(posts(slack)[0])
    assert "Trained on 8,192 TPUv4 chips (1)" in visible(posts(slack)[0]["blocks"])
    await chat.send(HERE, note("x"), key="k2")
    await chat.send(HERE, digest(1), key="k3")
    assert len(slack.made("chat.postMessage")) == 5


async def test_a_slack_without_tables_gets_fields(slack: SlackServer, chat: Slack) -> None:
    slack.api.unsupported = {"table"}
    await chat.send(HERE, digest(1), key="k")
    assert kinds(posts(slack)[0]) >= {"section", "rich_text"}
    slack.api.unsupported = set()
    await chat.send(HERE, digest(1), key="k2")  # a table may be this message's own fault
    assert kinds(posts(slack)[1]) >= {"container", "table"}


async def test_the_last_rung_is_text_with_its_links(slack: SlackServer, chat: Slack) -> None:
    slack.api.unsupported = {"rich_text"}
    await chat.send(HERE, digest(1), key="k")
    (post,) = posts(slack)
    assert post["blocks"] == []
    assert "8,192 基" in post["text"]
    assert "Source (https://a.example/1?a=1&amp;b)" in post["text"]
    assert slack.made("chat.postMessage")[-1]["mrkdwn"] is False


async def test_every_try_of_the_ladder_bears_the_same_mark(slack: SlackServer, chat: Slack) -> None:
    slack.api.unsupported = {"rich_text"}
    await chat.send(HERE, digest(1), key="k")
    assert {
        c["metadata"]["event_payload"]["delivery_id"] for c in slack.made("chat.postMessage")
    } == {"k"}
    assert len(posts(slack)) == 1


@pytest.mark.parametrize(
    ("error", "lines"),
    [
        ("msg_blocks_too_long", ()),
        ("invalid_attachments", ("only_one_table_allowed",)),
        ("invalid_arguments", ("unsupported type: container [json-pointer:/blocks/0/type]",)),
    ],
)
async def test_what_the_blocks_are_to_blame_for_is_tried_more_plainly(
    slack: SlackServer, chat: Slack, error: str, lines: tuple[str, ...]
) -> None:
    slack.plan("chat.postMessage", Fault(error=error, lines=lines))
    await chat.send(HERE, digest(1), key="k")
    assert len(posts(slack)) == 1


async def test_a_message_that_is_refused_on_every_rung_is_rejected_and_not_tried_for_ever(
    slack: SlackServer, chat: Slack
) -> None:
    slack.plan("chat.postMessage", *[Fault(error="invalid_blocks")] * 9)
    with pytest.raises(MessageRejected, match="invalid_blocks"):
        await chat.send(HERE, digest(1), key="k")
    assert len(slack.made("chat.postMessage")) == 5


async def test_other_wrong_arguments_are_no_matter_of_the_ladder(
    slack: SlackServer, chat: Slack
) -> None:
    slack.plan("chat.postMessage", Fault(error="invalid_arguments"))
    with pytest.raises(MessageRejected):
        await chat.send(HERE, digest(1), key="k")
    assert len(slack.made("chat.postMessage")) == 1


async def test_a_long_digest_is_posted_in_parts_under_the_first(
    slack: SlackServer, chat: Slack
) -> None:
    parts = chat.parts(digest(55))
    root: str | None = None
    for number, part in enumerate(parts):
        ts = await chat.send(HERE, part, key=f"k{number}", reply_to=root)
        root = root or ts
    shown = " ".join(visible(post["blocks"]) for post in posts(slack))
    assert all(f"{number}. Apple" in shown for number in range(1, 56))
    assert {post.get("thread_ts") for post in posts(slack)[1:]} == {root}
    assert len(slack.made("chat.postMessage")) == len(parts)  # none needed the ladder


# --- failures ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        Fault(after=True),
        Fault(before=True),
        Fault(body="<html>bad gateway</html>", status=502),
        Fault(body='{"ok": tr', content_type="application/json"),
        Fault(body="ok?", content_type="text/plain"),
        Fault(error="internal_error"),
        Fault(error="fatal_error", status=500),
    ],
)
async def test_a_post_without_an_answer_is_one_post_and_uncertain(
    slack: SlackServer, chat: Slack, fault: Fault
) -> None:
    slack.plan("chat.postMessage", fault)
    with pytest.raises(Uncertain):
        await chat.send(HERE, digest(1), key="k")
    assert len(slack.made("chat.postMessage")) == 1


async def test_an_answer_that_comes_too_late_is_uncertain(
    slack: SlackServer, clock: FakeClock
) -> None:
    chat = adapter(slack, clock, patience=timedelta(seconds=0.3))
    slack.plan("chat.postMessage", Fault(lag=5))
    with pytest.raises(Uncertain):
        await chat.send(HERE, note("x"), key="k")
    assert len(posts(slack)) == len(slack.made("chat.postMessage")) == 1


async def test_a_server_that_is_not_there_got_nothing(clock: FakeClock) -> None:
    chat = Slack("xoxb-x", "xapp-x", base_url="http://127.0.0.1:9/api/", clock=clock)
    with pytest.raises(ChatError) as caught:
        await chat.send(HERE, note("x"), key="k")
    assert (caught.value.code, caught.value.transient) == ("chat.unreachable", True)


@pytest.mark.parametrize(("given", "seconds"), [("37", 37), ("0", 1), ("soon", 30), (None, 30)])
async def test_a_429_says_how_long_to_wait(
    slack: SlackServer, chat: Slack, given: str | None, seconds: int
) -> None:
    headers = {"Retry-After": given} if given else None
    slack.plan("chat.postMessage", Fault(error="ratelimited", status=429, headers=headers))
    with pytest.raises(RateLimited) as caught:
        await chat.send(HERE, note("x"), key="k")
    assert caught.value.retry_after == timedelta(seconds=seconds)
    assert posts(slack) == []


async def test_after_the_wait_the_message_goes(clock: FakeClock) -> None:
    async with SlackServer(clock=clock, paced=True) as slack:
        slack.world.channel("C1")
        chat = adapter(slack, clock)
        await chat.send(HERE, note("1"), key="k1")
        with pytest.raises(RateLimited) as caught:
            await chat.send(HERE, note("2"), key="k2")
        assert caught.value.retry_after
        clock.move(caught.value.retry_after)
        await chat.send(HERE, note("2"), key="k2")
        assert [post["text"] for post in posts(slack)] == ["1", "2"]


@pytest.mark.parametrize("state", ["archived", "left", "unknown", "private"])
async def test_a_channel_that_is_closed_to_the_bot_is_gone(
    slack: SlackServer, chat: Slack, state: str
) -> None:
    room = slack.world.rooms["C1"]
    channel = HERE
    if state == "archived":
        room.archived = True
    elif state == "unknown":
        channel = Channel(platform="slack", chat_id="C404")
    else:
        slack.world.channel("C1", kind="group" if state == "private" else "channel", bot=False)
    with pytest.raises(ChannelGone):
        await chat.send(channel, note("x"), key="k")


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive"])
async def test_a_workspace_that_removed_the_app_is_gone(
    slack: SlackServer, chat: Slack, error: str
) -> None:
    slack.revoked = error
    with pytest.raises(ChannelGone):
        await chat.send(HERE, note("x"), key="k")
    with pytest.raises(ConfigError, match=error):
        await chat.check()


async def test_a_token_that_is_refused_waits_for_the_operator(
    slack: SlackServer, clock: FakeClock
) -> None:
    chat = adapter(slack, clock, bot_token="xoxb-wrong")
    with pytest.raises(ChatError) as caught:
        await chat.send(HERE, note("x"), key="k")
    assert (caught.value.code, caught.value.transient) == ("chat.unauthorized", True)


async def test_a_scope_that_is_missing_waits_for_the_operator(
    slack: SlackServer, chat: Slack
) -> None:
    slack.manifest["scopes"].remove("chat:write")
    with pytest.raises(ChatError) as caught:
        await chat.send(HERE, note("x"), key="k")
    assert caught.value.code == "chat.unauthorized"


async def test_a_service_that_is_down_is_tried_again(slack: SlackServer, chat: Slack) -> None:
    slack.plan("chat.postMessage", Fault(error="service_unavailable", status=503))
    with pytest.raises(ChatError) as caught:
        await chat.send(HERE, note("x"), key="k")
    assert caught.value.transient


async def test_a_thread_that_is_not_there_is_the_message_s_fault(
    slack: SlackServer, chat: Slack
) -> None:
    with pytest.raises(MessageRejected, match="thread_not_found"):
        await chat.send(HERE, note("x"), key="k", reply_to="1.000001")


# --- found again -------------------------------------------------------------------------------


async def test_a_post_whose_answer_was_lost_is_found_by_its_key(
    slack: SlackServer, chat: Slack, clock: FakeClock
) -> None:
    assert isinstance(chat, Reconciles)
    begun = clock()
    slack.plan("chat.postMessage", Fault(after=True), Fault(before=True))
    with pytest.raises(Uncertain):
        await chat.send(HERE, note("arrived"), key="k1")
    with pytest.raises(Uncertain):
        await chat.send(HERE, note("lost"), key="k2")
    assert await chat.find(HERE, "k1", begun) == posts(slack)[0]["ts"]
    assert await chat.find(HERE, "k2", begun) is None
    assert len(posts(slack)) == 1


async def test_a_lost_reply_is_found_in_its_thread(
    slack: SlackServer, chat: Slack, clock: FakeClock
) -> None:
    root = await chat.send(HERE, note("root"), key="k0")
    clock.move(timedelta(days=3))
    slack.plan("chat.postMessage", Fault(after=True))
    with pytest.raises(Uncertain):
        await chat.send(HERE, note("reply"), key="k1", reply_to=root)
    reply = posts(slack)[1]["ts"]
    again = adapter(slack, clock)  # the program was started anew
    assert await chat.find(HERE, "k1", clock()) == reply
    assert await again.find(HERE, "k1", clock(), reply_to=root) == reply
    thread = Channel(platform="slack", chat_id="C1", thread_id=root)
    assert await again.find(thread, "k1", clock()) == reply
    assert await again.find(HERE, "k1", clock()) is None


async def test_a_post_is_found_below_many_others(
    slack: SlackServer, chat: Slack, clock: FakeClock
) -> None:
    ts = await chat.send(HERE, note("x"), key="k")
    for number in range(250):
        slack.world.rooms["C1"].posts.append(
            {"type": "message", "user": "U1", "ts": slack.world.ts(), "text": str(number)}
        )
    assert await chat.find(HERE, "k", clock()) == ts
    assert len(slack.made("conversations.history")) == 3


async def test_the_metadata_of_other_apps_is_no_key(
    slack: SlackServer, chat: Slack, clock: FakeClock
) -> None:
    for mark in (
        {"event_type": "other", "event_payload": {"delivery_id": "k"}},
        {"event_type": "digest", "event_payload": {"delivery_id": 7}},
    ):
        posts(slack).append({"type": "message", "ts": slack.world.ts(), "metadata": mark})
    assert await chat.find(HERE, "k", clock()) is None


async def test_looking_too_often_is_asked_to_wait(clock: FakeClock) -> None:
    async with SlackServer(clock=clock, commercial=True) as slack:
        slack.world.channel("C1")
        chat = adapter(slack, clock)
        await chat.find(HERE, "k", clock())
        with pytest.raises(RateLimited):
            await chat.find(HERE, "k", clock())


async def test_a_look_that_fails_is_no_uncertain_post(slack: SlackServer, chat: Slack) -> None:
    slack.plan("conversations.history", *[Fault(before=True)] * 2)  # aiohttp repeats a GET once
    with pytest.raises(ChatError) as caught:
        await chat.find(HERE, "k", datetime.fromisoformat("2026-03-02T07:00:00+00:00"))
    assert not isinstance(caught.value, Uncertain)
    assert caught.value.transient


# --- where the bot is not ----------------------------------------------------------------------


async def test_a_command_is_answered_even_where_the_bot_is_not(
    slack: SlackServer, clock: FakeClock
) -> None:
    slack.world.channel("C2", bot=False)
    async with connected(slack, clock) as (chat, inbox):
        await slack.command("C2", "U1", "help")
        asked = await inbox.take()
        sent = await chat.send(asked.channel, note("help"), key=f"reply:{asked.id}:0")
        assert sent
        (answer,) = slack.answers
        assert (answer["response_type"], answer["text"]) == ("ephemeral", "help")
        with pytest.raises(ChannelGone):
            await chat.send(asked.channel, note("digest"), key="digest:1:0")


async def test_an_answer_that_has_come_too_late_is_rejected(
    slack: SlackServer, clock: FakeClock
) -> None:
    slack.world.channel("C2", bot=False)
    async with connected(slack, clock) as (chat, inbox):
        await slack.command("C2", "U1", "help")
        asked = await inbox.take()
        for _ in range(5):
            await chat.send(asked.channel, note("help"), key=f"reply:{asked.id}:0")
        with pytest.raises(MessageRejected):
            await chat.send(asked.channel, note("help"), key=f"reply:{asked.id}:0")
        clock.move(timedelta(minutes=31))
        with pytest.raises(ChannelGone):
            await chat.send(asked.channel, note("help"), key=f"reply:{asked.id}:0")


async def test_an_answer_to_a_command_that_is_cut_off_is_uncertain(
    slack: SlackServer, clock: FakeClock
) -> None:
    slack.world.channel("C2", bot=False)
    async with connected(slack, clock) as (chat, inbox):
        await slack.command("C2", "U1", "help")
        asked = await inbox.take()
        slack.plan("response", Fault(after=True))
        with pytest.raises(Uncertain):
            await chat.send(asked.channel, note("help"), key=f"reply:{asked.id}:0")


# --- secrets and buttons -----------------------------------------------------------------------


async def test_no_token_is_ever_logged(
    slack: SlackServer, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    slack.plan("chat.postMessage", None, Fault(after=True), limited(1), Fault(error="invalid_auth"))
    async with connected(slack, clock) as (chat, inbox):
        for number in range(4):
            try:
                await chat.send(HERE, digest(1), key=f"k{number}")
            except ChatError as error:
                caplog.handler.records.append(logging.makeLogRecord({"msg": repr(error)}))
        await slack.command("C1", "U1", "help")
        await slack.say("C1", "U1", "x", files=[("cut.opml", "text/xml", b"<opml/>")])
        await inbox.take()
        await inbox.take()
        slack.sockets.drop()
        await slack.say("C1", "U1", "<@U0BOT> still there?")
        await inbox.take()
    with pytest.raises(ConfigError) as caught:
        await adapter(slack, clock, bot_token="xoxb-canary-wrong").start(inbox)
    logged = "\n".join([caplog.text, repr(caught.value), *(str(r.msg) for r in caplog.records)])
    assert "canary" not in logged


async def test_a_press_of_a_posted_button_comes_back(slack: SlackServer, clock: FakeClock) -> None:
    row = (
        Button(label="More", verb="more", value="d1"),
        Button(label="Web", url="https://a.example"),
    )
    async with connected(slack, clock) as (chat, inbox):
        ts = await chat.send(HERE, Message(summary="x", blocks=(), actions=(row,)), key="k")
        await slack.press("C1", ts, "Web", "U1")
        await slack.press("C1", ts, "More", "U1")
        pressed = await inbox.take()
        assert (pressed.action, pressed.values, pressed.message_id) == ("more", {"value": "d1"}, ts)
        await inbox.nothing()
