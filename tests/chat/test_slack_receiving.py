"""What people do in Slack, as Inbound: each once, from the right person, in the right place."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.chat.slack import Slack, files
from bot.chat.slack.inbound import Bot, spoken
from bot.chat.slack.people import KNOWN, People, language
from bot.chat.slack.recent import Recent
from bot.errors import ChatError, ConfigError
from bot.model import Button, Channel, Inbound, Role
from tests.chat.messages import note
from tests.chat.slack_session import HERE, Inbox, adapter, connected
from tests.fakes import FakeClock
from tests.servers.slack import BOT, Fault, SlackServer, limited

MENTION = f"<@{BOT}>"


@pytest.fixture
def clock(now: datetime) -> FakeClock:
    return FakeClock(now)


@pytest.fixture
async def slack(clock: FakeClock) -> AsyncIterator[SlackServer]:
    async with SlackServer(clock=clock) as server:
        server.world.channel("C1")
        yield server


@pytest.fixture
async def talk(slack: SlackServer, clock: FakeClock) -> AsyncIterator[tuple[Slack, Inbox]]:
    async with connected(slack, clock) as pair:
        yield pair


# --- messages ----------------------------------------------------------------------------------


async def test_a_message_in_a_channel_is_not_for_the_bot(
    slack: SlackServer, talk: tuple[Slack, Inbox], now: datetime
) -> None:
    ts = await slack.say("C1", "U1", "R&amp;D is &lt;3")
    got = await talk[1].take()
    assert (got.kind, got.text, got.channel, got.message_id) == ("text", "R&D is <3", HERE, ts)
    assert (got.workspace_id, got.received_at) == ("slack:T01", now)
    assert (got.addressed, got.private, got.reply_to) == (False, False, None)
    assert slack.made("users.info") == []  # the talk of a channel costs no calls


@pytest.mark.parametrize("kind", ["channel", "group"])
async def test_a_mention_is_two_events_and_one_question(
    slack: SlackServer, talk: tuple[Slack, Inbox], kind: str
) -> None:
    slack.world.channel("C1", kind=kind)
    ts = await slack.say("C1", "U1", f"hey {MENTION}, how many chips?")
    got = await talk[1].take()
    assert got.addressed
    assert (got.text, got.id) == ("hey how many chips?", f"slack:T01:C1:{ts}")
    assert len(slack.sockets.acks) == 2
    await talk[1].nothing()


async def test_the_same_event_twice_is_one_question(
    slack: SlackServer, talk: tuple[Slack, Inbox]
) -> None:
    event = {"type": "message", "user": "U1", "text": "x", "ts": "1.000001", "channel": "C1"}
    payload = slack.world.event({**event, "channel_type": "channel"})
    for _ in range(3):
        await (await slack.sockets.put("events_api", payload)).done.wait()
    await talk[1].take()
    await talk[1].nothing()


async def test_a_direct_message_is_for_the_bot_and_makes_nobody_an_admin(
    slack: SlackServer, talk: tuple[Slack, Inbox]
) -> None:
    direct = slack.world.direct("U1")
    await slack.say(direct, "U1", "how many?")
    got = await talk[1].take()
    assert got.addressed
    assert got.private
    assert (got.author.role, got.author.name, got.author.lang) == ("member", "hanako", "ja")
    await talk[1].nothing()


async def test_a_reply_under_a_message_of_the_bot_is_for_the_bot(
    slack: SlackServer, talk: tuple[Slack, Inbox]
) -> None:
    chat, inbox = talk
    root = await chat.send(HERE, note("digest"), key="k")
    await slack.say("C1", "U1", "how many?", thread=root)
    got = await inbox.take()
    assert got.addressed
    assert got.reply_to == root
    assert got.channel == Channel(platform="slack", chat_id="C1", thread_id=root)


async def test_so_is_one_whose_event_does_not_name_the_root_s_author(
    slack: SlackServer, talk: tuple[Slack, Inbox]
) -> None:
    root = await talk[0].send(HERE, note("digest"), key="k")
    event = {"type": "message", "user": "U1", "text": "x", "ts": "9.000001", "channel": "C1"}
    await slack.emit({**event, "channel_type": "channel", "thread_ts": root})
    assert (await talk[1].take()).addressed


async def test_a_reply_under_somebody_else_s_message_is_not(
    slack: SlackServer, talk: tuple[Slack, Inbox]
) -> None:
    root = await slack.say("C1", "U2", "lunch?")
    await slack.say("C1", "U1", "yes", thread=root)
    got = [await talk[1].take() for _ in range(2)]
    assert not any(inbound.addressed for inbound in got)


async def test_the_bot_does_not_answer_itself_or_other_bots(
    slack: SlackServer, talk: tuple[Slack, Inbox]
) -> None:
    chat, inbox = talk
    ts = await chat.send(HERE, note("mine"), key="k")
    await chat.edit(HERE, ts, note("changed"))
    for more in (
        {"bot_id": "B7"},
        {"subtype": "bot_message"},
        {"subtype": "channel_join"},
        {"subtype": "message_deleted", "hidden": True},
        {"hidden": True},
    ):
        await slack.say("C1", "U1", "not a person's word", **more)
    await slack.say("C1", "U1", f"{MENTION} from a bot", bot_id="B7")
    slack.world.person("USLACKBOT", name="slackbot")
    await slack.say("C1", "USLACKBOT", "reminder")
    await slack.emit({"type": "message", "channel": "C1", "channel_type": "channel"})
    await inbox.nothing()


async def test_a_person_s_edit_is_no_new_question(
    slack: SlackServer, talk: tuple[Slack, Inbox]
) -> None:
    await slack.say("C1", "U1", "x", subtype="message_changed")
    await talk[1].nothing()


async def test_a_reply_that_is_shown_to_the_channel_too_counts_once(
    slack: SlackServer, talk: tuple[Slack, Inbox]
) -> None:
    root = await slack.say("C1", "U1", "root")
    await talk[1].take()
    await slack.say("C1", "U1", "for all", thread=root, subtype="thread_broadcast")
    assert (await talk[1].take()).text == "for all"
    await talk[1].nothing()


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (f"{MENTION}: how many?", "how many?"),
        (f"please {MENTION} go", "please go"),
        (f"<@{BOT}|news> go", "go"),
        ("/sources add <https://a.example/feed>", "/sources add https://a.example/feed"),
        (
            "<https://a.example|a.example> <mailto:a@b.example|a@b.example>",
            "https://a.example a@b.example",
        ),
        ("<@U2> <#C1|general> <#C2> <!here> <!subteam^S1|@team>", "@U2 #general #C2 @here @team"),
        ("&lt;b&gt; &amp;amp;", "<b> &amp;"),
    ],
)
def test_slack_s_markup_becomes_what_the_person_sees(sent: str, shown: str) -> None:
    assert spoken(sent, Bot("T01", BOT)) == shown


# --- commands, presses, forms ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("subscribe chips", "/subscribe chips"),
        ("", "/help"),
        ("  ", "/help"),
        ("/lang ja en", "/lang ja en"),
        ("sources add https://a.example/f?a=1", "/sources add https://a.example/f?a=1"),
    ],
)
async def test_the_slash_command_is_a_command_of_the_table(
    slack: SlackServer, talk: tuple[Slack, Inbox], typed: str, text: str
) -> None:
    await slack.command("C1", "U2", typed)
    got = await talk[1].take()
    assert (got.kind, got.text, got.channel) == ("text", text, HERE)
    assert (got.addressed, got.private, got.message_id) == (True, False, None)
    assert (got.author.id, got.author.role) == ("U2", "admin")
    assert slack.sockets.acks[-1].keys() == {"envelope_id"}  # nothing is shown


async def test_a_command_in_a_direct_message_is_private(
    slack: SlackServer, talk: tuple[Slack, Inbox]
) -> None:
    await slack.command(slack.world.direct("U1"), "U1", "help")
    got = await talk[1].take()
    assert got.private
    assert got.author.role == "member"


async def test_a_press_in_a_thread_stays_in_the_thread(
    slack: SlackServer, talk: tuple[Slack, Inbox]
) -> None:
    chat, inbox = talk
    root = await chat.send(HERE, note("root"), key="k0")
    row = (Button(label="Evidence", verb="evidence", value="f3"),)
    ts = await chat.send(HERE, note("card", row), key="k1", reply_to=root)
    await slack.press("C1", ts, "Evidence", "U1")
    got = await inbox.take()
    assert (got.kind, got.action, dict(got.values)) == ("press", "evidence", {"value": "f3"})
    assert (got.message_id, got.reply_to, got.channel.thread_id) == (ts, root, root)
    assert (got.author.id, got.author.role, got.addressed) == ("U1", "member", True)


async def test_a_form_brings_its_values_and_the_chat_it_came_from(
    slack: SlackServer, talk: tuple[Slack, Inbox]
) -> None:
    values: dict[str, dict[str, Any]] = {
        "topic": {"type": "plain_text_input", "value": "chips"},
        "none": {"type": "plain_text_input", "value": None},
        "time": {"type": "timepicker", "selected_time": "08:00"},
        "pair": {"type": "static_select", "selected_option": {"value": "ja en"}},
        "days": {
            "type": "checkboxes",
            "selected_options": [{"value": "mon"}, {"value": "tue"}],
        },
        "rooms": {"type": "multi_channels_select", "selected_channels": ["C1", "C2"]},
        "to": {"type": "conversations_select", "selected_conversation": "C1"},
    }
    await slack.submit("U2", "subscribe", values, "C1 7.000001")
    got = await talk[1].take()
    assert (got.kind, got.action) == ("form", "subscribe")
    assert got.channel == Channel(platform="slack", chat_id="C1", thread_id="7.000001")
    assert dict(got.values) == {
        "topic": "chips",
        "none": "",
        "time": "08:00",
        "pair": "ja en",
        "days": "mon,tue",
        "rooms": "C1,C2",
        "to": "C1",
    }
    assert not got.private
    await slack.submit("U1", "settings", {})
    got = await talk[1].take()
    assert (got.channel.chat_id, got.private) == ("U1", True)


async def test_what_is_not_known_is_acknowledged_and_left_alone(
    slack: SlackServer, talk: tuple[Slack, Inbox]
) -> None:
    for kind, payload in (
        ("interactive", {"type": "message_action", "callback_id": "x", "trigger_id": "1.1.1"}),
        ("interactive", {"type": "block_actions", "trigger_id": "1.1.2", "actions": [{}]}),
        ("events_api", slack.world.event({"type": "reaction_added", "user": "U1"})),
        ("events_api", slack.world.event({"type": "channel_deleted", "channel": {"id": "C1"}})),
        ("slash_commands", {"command": "/news"}),  # a broken one
    ):
        envelope = await slack.sockets.put(kind, {"team_id": "T01", "user_id": "U1", **payload})
        await asyncio.wait_for(envelope.done.wait(), 5)
    await talk[1].nothing()


# --- membership --------------------------------------------------------------------------------


async def test_coming_into_a_channel_and_leaving_it_are_told(
    slack: SlackServer, talk: tuple[Slack, Inbox]
) -> None:
    slack.world.channel("C2", bot=False)
    await slack.invite("C2")
    added = await talk[1].take()
    assert (added.kind, added.action, added.channel.chat_id) == ("membership", "added", "C2")
    assert (added.author.id, added.author.role) == ("U2", "admin")
    await slack.remove("C2")
    assert (await talk[1].take()).action == "removed"
    await slack.archive("C1", by="U1")
    closed = await talk[1].take()
    assert (closed.action, closed.author.role) == ("removed", "member")
    await slack.emit({"type": "channel_unarchive", "channel": "C1", "user": "U1"})
    assert (await talk[1].take()).action == "added"


async def test_other_people_s_coming_is_no_news(
    slack: SlackServer, talk: tuple[Slack, Inbox]
) -> None:
    await slack.invite("C1", user="U1")
    await talk[1].nothing()


async def test_a_deleted_channel_without_an_actor_is_told(
    slack: SlackServer, talk: tuple[Slack, Inbox]
) -> None:
    await slack.emit({"type": "channel_deleted", "channel": "C1"})
    got = await talk[1].take()
    assert (got.action, got.author.id, got.author.role) == ("removed", "", "member")


# --- people ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("user", "role"), [("U1", "member"), ("U2", "admin"), ("U9", "member"), ("U3", "admin")]
)
async def test_the_workspace_says_who_is_an_admin(
    slack: SlackServer, talk: tuple[Slack, Inbox], user: str, role: Role
) -> None:
    slack.world.person("U3", name="owner", is_owner=True)
    assert await talk[0].role(HERE, user) == role
    assert await talk[0].role(Channel(platform="slack", chat_id="DU1"), user) == role


async def test_a_deleted_admin_is_none(slack: SlackServer, clock: FakeClock) -> None:
    slack.world.person("U2", name="gone", is_admin=True, deleted=True)
    assert await adapter(slack, clock).role(HERE, "U2") == "member"


async def test_a_role_is_believed_for_a_minute(
    slack: SlackServer, talk: tuple[Slack, Inbox], clock: FakeClock
) -> None:
    assert await talk[0].role(HERE, "U2") == "admin"
    slack.world.people["U2"]["is_admin"] = False
    clock.move(timedelta(seconds=59))
    assert await talk[0].role(HERE, "U2") == "admin"
    clock.move(timedelta(seconds=2))
    assert await talk[0].role(HERE, "U2") == "member"
    assert len(slack.made("users.info")) == 2


async def test_who_cannot_be_looked_up_is_a_member(
    slack: SlackServer, talk: tuple[Slack, Inbox]
) -> None:
    slack.plan("users.info", limited(30))
    await slack.say("C1", "U2", f"{MENTION} hello")
    got = await talk[1].take()
    assert (got.author.id, got.author.role, got.author.lang) == ("U2", "member", None)
    slack.plan("users.info", Fault(error="user_not_found"))
    with pytest.raises(ChatError):
        await talk[0].role(HERE, "U8")


@pytest.mark.parametrize(
    ("locale", "lang"),
    [
        ("ja-JP", "ja"),
        ("en-GB", "en"),
        ("zh-CN", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("fr-FR", "fr"),
        ("", None),
        (None, None),
    ],
)
def test_a_locale_is_a_language(locale: str | None, lang: str | None) -> None:
    assert language(locale) == lang


async def test_people_are_forgotten_when_there_are_too_many(clock: FakeClock) -> None:
    asked: list[str] = []

    async def ask(user: str) -> dict[str, Any]:
        asked.append(user)
        return {"id": user}

    people = People(ask, clock=clock)
    for number in range(KNOWN + 1):
        await people.get(f"U{number}", team_id="T01")
    await people.get("U5", team_id="T01")
    await people.get("U0", team_id="T01")
    assert asked[-1] == "U0"
    assert len(asked) == KNOWN + 2


def test_keys_are_forgotten_by_number_and_by_time(clock: FakeClock) -> None:
    recent = Recent(clock=clock, keep=timedelta(minutes=1), most=2)
    assert [recent.add(key) for key in ("a", "a", "b", "c")] == [True, False, True, True]
    assert "a" not in recent
    clock.move(timedelta(minutes=2))
    assert recent.add("b")
    assert recent.within("nothing here") is None


# --- files -------------------------------------------------------------------------------------

OPML = b"<opml version='2.0'/>"


async def test_a_text_file_comes_along(slack: SlackServer, talk: tuple[Slack, Inbox]) -> None:
    await slack.say("C1", "U1", "my feeds", files=[("feeds.opml", "text/x-opml", OPML)])
    got = await talk[1].take()
    assert (got.kind, got.text) == ("file", "my feeds")
    assert [(f.name, f.content_type, f.body) for f in got.files] == [
        ("feeds.opml", "text/x-opml", OPML)
    ]


@pytest.mark.parametrize(
    ("name", "kind", "body"),
    [
        ("photo.png", "image/png", b"png"),
        ("huge.txt", "text/plain", b"x" * (files.LARGEST + 1)),
        ("cut.opml", "text/xml", b"never arrives"),
    ],
)
async def test_what_is_no_small_text_is_left_out(
    slack: SlackServer, talk: tuple[Slack, Inbox], name: str, kind: str, body: bytes
) -> None:
    await slack.say("C1", "U1", "look", files=[(name, kind, body)])
    got = await talk[1].take()
    assert (got.kind, got.files, got.text) == ("text", (), "look")


async def test_a_file_that_lies_about_its_size_is_left_out(slack: SlackServer) -> None:
    shared = slack._share("a.txt", "text/plain", b"x" * (files.LARGEST + 1)) | {"size": 1}
    found = await files.fetch([shared], token=slack.bot_token, api=slack.url, proxy=None)
    assert found == ()


async def test_a_file_that_is_refused_is_left_out(slack: SlackServer) -> None:
    shared = slack._share("a.txt", "text/plain", b"x")
    assert await files.fetch([shared], token="xoxb-other", api=slack.url, proxy=None) == ()


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/a.txt",
        "http://files.slack.com/a.txt",
        "https://files.slack.com.evil.example/a.txt",
        "https://files.slack.com:8443/a.txt",
        "https://[oops/a.txt",
        "",
    ],
)
async def test_the_token_goes_to_slack_alone(slack: SlackServer, url: str) -> None:
    file = {"name": "a.txt", "mimetype": "text/plain", "size": 1, "url_private": url}
    assert await files.fetch([file], token="t", api=slack.url, proxy=None) == ()
    assert not files._wanted(file, slack.url)
    good = {**file, "url_private": "https://files.slack.com/files-pri/T1-F1/a.txt"}
    assert files._wanted(good, slack.url)


# --- handlers and HTTP -------------------------------------------------------------------------


async def test_a_slow_handler_holds_up_neither_the_acknowledgement_nor_others(
    slack: SlackServer, clock: FakeClock
) -> None:
    done: list[str] = []
    may_end = asyncio.Event()

    async def handle(inbound: Inbound) -> None:
        if inbound.text == "slow":
            await may_end.wait()
        done.append(inbound.text)

    chat = adapter(slack, clock)
    await chat.start(handle)
    await slack.say("C1", "U1", "slow")
    await slack.say("C1", "U1", "quick")
    async with asyncio.timeout(5):
        while done != ["quick"]:  # noqa: ASYNC110 - a handler rings no bell
            await asyncio.sleep(0.01)
    may_end.set()
    await chat.stop()
    assert done == ["quick", "slow"]


def signed(secret: str, body: str, at: datetime) -> dict[str, str]:
    """The headers of a request of Slack."""
    stamp = int(at.timestamp())
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {
        "X-Slack-Request-Timestamp": str(stamp),
        "X-Slack-Signature": f"v0={digest}",
        "Content-Type": "application/json",
    }


async def test_over_http_only_what_slack_signed_lately_is_believed(
    slack: SlackServer, clock: FakeClock
) -> None:
    chat, inbox = adapter(slack, clock, app_token=None, signing_secret="s3cret"), Inbox()
    event = {"type": "message", "user": "U1", "text": "hi", "ts": "1.000001", "channel": "C1"}
    body = json.dumps(slack.world.event({**event, "channel_type": "channel"}))
    good = signed("s3cret", body, clock())
    assert await chat.receive(body, good) == (503, "")
    await chat.start(inbox)
    for wrong, headers in (
        (body + " ", good),
        (body, signed("other", body, clock())),
        (body, signed("s3cret", body, clock() - timedelta(minutes=6))),
        (body, {}),
        (body, {**good, "X-Slack-Request-Timestamp": "now"}),
        (body, {**good, "X-Slack-Signature": "v0=é"}),
    ):
        assert await chat.receive(wrong, headers) == (401, "")
    await inbox.nothing(0.05)
    retried = {**good, "X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
    assert await chat.receive(body, good) == (200, "")
    assert await chat.receive(body, retried) == (200, "")
    assert (await inbox.take()).text == "hi"
    await inbox.nothing(0.05)
    assert "apps.connections.open" not in [call.method for call in slack.calls]
    await chat.stop()


async def test_commands_and_presses_come_over_http_as_forms(
    slack: SlackServer, clock: FakeClock
) -> None:
    chat, inbox = adapter(slack, clock, app_token=None, signing_secret="s3cret"), Inbox()
    await chat.start(inbox)
    press = {
        "type": "block_actions",
        "user": {"id": "U1"},
        "team": {"id": "T01"},
        "channel": {"id": "C1"},
        "trigger_id": "1.2.3",
        "actions": [{"action_id": "more:0.0", "value": "d1"}],
    }
    for form in (
        {
            "command": "/news",
            "text": "help",
            "channel_id": "C1",
            "user_id": "U1",
            "team_id": "T01",
            "trigger_id": "1.1.1",
        },
        {"payload": json.dumps(press)},
    ):
        body = urlencode(form)
        form_type = {"Content-Type": "application/x-www-form-urlencoded"}
        headers = signed("s3cret", body, clock()) | form_type
        assert await chat.receive(body, headers) == (200, "")
    got = {inbound.kind: inbound for inbound in (await inbox.take(), await inbox.take())}
    assert got["text"].text == "/help"
    assert (got["press"].action, got["press"].values["value"]) == ("more", "d1")
    await chat.stop()


async def test_slack_s_question_whether_the_address_is_ours_is_answered(
    slack: SlackServer, clock: FakeClock
) -> None:
    chat = adapter(slack, clock, app_token=None, signing_secret="s3cret")
    await chat.start(Inbox())
    body = json.dumps({"type": "url_verification", "challenge": "c7", "token": "t"})
    status, answer = await chat.receive(body, signed("s3cret", body, clock()))
    assert (status, json.loads(answer)) == (200, {"challenge": "c7"})
    await chat.stop()


def test_a_bot_without_a_way_in_is_a_setting_to_mend(clock: FakeClock) -> None:
    with pytest.raises(ConfigError, match="SLACK_APP_TOKEN"):
        Slack("xoxb-x", clock=clock)
