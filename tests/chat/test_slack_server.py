"""The loopback Slack is as strict as the real one: what it lets pass may be believed."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest

from tests.fakes import FakeClock
from tests.servers.slack import SlackServer
from tests.servers.slack_blocks import judge


@pytest.fixture
def clock(now: datetime) -> FakeClock:
    return FakeClock(now)


@pytest.fixture
async def slack(clock: FakeClock) -> AsyncIterator[SlackServer]:
    async with SlackServer(clock=clock) as server:
        server.world.channel("C1")
        yield server


async def call(
    slack: SlackServer, method: str, *, token: str | None = None, form: bool = False, **args: Any
) -> Mapping[str, Any]:
    headers = {"Authorization": f"Bearer {token or slack.bot_token}"} if token != "" else {}
    body: dict[str, Any] = {"data": args} if form else {"json": args}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(slack.url + method, **body) as answer,
    ):
        found: dict[str, Any] = await answer.json()
        return found


async def fetched(slack: SlackServer, method: str, **args: str) -> Mapping[str, Any]:
    """The answer to a GET, with the token among the arguments."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(slack.url + method, params=args) as answer,
    ):
        found: dict[str, Any] = await answer.json()
        return found


def text(words: str, kind: str = "plain_text") -> dict[str, Any]:
    return {"type": kind, "text": words}


def rich(*parts: dict[str, Any]) -> dict[str, Any]:
    section = {"type": "rich_text_section", "elements": list(parts)}
    return {"type": "rich_text", "elements": [section]}


def table(rows: int, columns: int = 1, cell: str = "x") -> dict[str, Any]:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": cell}] * columns] * rows}


def actions(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(buttons)}


def button(name: str = "a", **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": name, "text": text("b"), **more}


HEADER = {"type": "header", "text": text("h")}
BOX = {"type": "container", "title": text("t"), "is_collapsible": True, "child_blocks": [HEADER]}


@pytest.mark.parametrize(
    ("block", "complaint"),
    [
        ({"type": "chart"}, "unsupported type: chart [json-pointer:/blocks/0/type]"),
        (
            {"type": "header", "text": text("h" * 151)},
            "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
        ),
        (
            {"type": "header", "text": text("h", "mrkdwn")},
            "failed to match all allowed schemas [json-pointer:/blocks/0/text]",
        ),
        (
            {**HEADER, "colour": "red"},
            "invalid additional property: colour [json-pointer:/blocks/0]",
        ),
        ({"type": "header"}, "missing required field: text [json-pointer:/blocks/0]"),
        ({**HEADER, "block_id": "b" * 256}, "must be less than 256 characters"),
        ({"type": "section"}, "must define either `text` or `fields` [json-pointer:/blocks/0]"),
        ({"type": "section", "text": text("x" * 3_001)}, "must be less than 3001 characters"),
        ({"type": "section", "fields": [text("x")] * 11}, "no more than 10 items allowed"),
        ({"type": "section", "fields": [text("x" * 2_001)]}, "must be less than 2001 characters"),
        (rich(text("", "text")), "must be more than 0 characters"),
        (rich({"type": "text", "text": "x", "style": {"huge": True}}), "invalid style"),
        (rich({"type": "link", "url": "javascript:x"}), "invalid url"),
        (rich({"type": "blink"}), "unsupported type: blink"),
        (rich(), "must have at least 1 item"),
        ({"type": "rich_text", "elements": [{"type": "list"}]}, "unsupported type: list"),
        (
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_list",
                        "style": "disc",
                        "elements": [{"type": "rich_text_quote", "elements": [{"type": "emoji"}]}],
                    }
                ],
            },
            "invalid style",
        ),
        ({"type": "context", "elements": []}, "must have 1 to 10 items"),
        ({"type": "context", "elements": [text("x")] * 11}, "must have 1 to 10 items"),
        (actions(), "must have 1 to 25 items"),
        (actions(*(button(str(n)) for n in range(26))), "must have 1 to 25 items"),
        (actions(button(), button()), "duplicate action_id: a"),
        (actions(button("a" * 256)), "must be less than 256 characters"),
        (actions(button(value="v" * 2_001)), "must be less than 2001 characters"),
        (actions(button(url="u" * 3_001)), "must be less than 3001 characters"),
        (actions({**button(), "text": text("b" * 76)}), "must be less than 76 characters"),
        (actions(button(style="blue")), "invalid style"),
        (actions({"type": "slider", "action_id": "a"}), "unsupported type: slider"),
        (table(101), "must have 1 to 100 items"),
        (table(1, 21), "must have 1 to 20 items"),
        (table(1, 1, ""), "must be more than 0 characters"),
        (table(2, 1, "x" * 5_001), "must be less than 10001 characters"),
        (
            {"type": "table", "rows": [[{"type": "number", "text": "1"}]]},
            "failed to match any allowed schemas [json-pointer:/blocks/0/rows/0/0]",
        ),
        ({**table(1), "column_settings": [{"width": 3}]}, "invalid additional property"),
        ({**table(1), "column_settings": [None] * 21}, "no more than 20 items allowed"),
        ({**BOX, "child_blocks": []}, "must have 1 to 10 items"),
        ({**BOX, "child_blocks": [HEADER] * 11}, "must have 1 to 10 items"),
        ({**BOX, "child_blocks": [BOX]}, "unsupported type: container"),
        ({**BOX, "title": text("t" * 151)}, "must be less than 151 characters"),
        (
            {**BOX, "is_collapsible": False, "default_collapsed": True},
            "default_collapsed requires is_collapsible",
        ),
    ],
)
def test_a_bad_block_is_told_with_its_place(block: dict[str, Any], complaint: str) -> None:
    error, lines = judge([block])
    assert error == "invalid_blocks"
    assert any(line.startswith(complaint) for line in lines), lines


def test_a_message_has_limits_of_its_own() -> None:
    assert judge("x") == ("invalid_blocks_format", [])
    assert judge([{"type": "divider"}] * 51)[1] == [
        "no more than 50 items allowed [json-pointer:/blocks]"
    ]
    assert judge([HEADER | {"block_id": "b"}] * 2)[0] == "invalid_blocks"
    assert judge([table(1), table(1)]) == ("invalid_attachments", ["only_one_table_allowed"])
    assert judge([table(1), {**BOX, "child_blocks": [table(1)]}])[0] == "invalid_attachments"
    assert judge([rich(text("x" * 2_900, "text"))] * 5) == ("msg_blocks_too_long", [])
    assert judge([{**BOX, "child_blocks": [rich(text("x", "text"))]}]) == ("", [])
    assert judge([{**BOX, "child_blocks": [rich(text("x", "text"))]}], strict=True)[1] == [
        "unsupported type: rich_text [json-pointer:/blocks/0/child_blocks/0/type]"
    ]
    assert judge([BOX], unsupported=["container"])[0] == "invalid_blocks"
    good = [
        {"type": "image", "alt_text": "a", "image_url": "https://a.example/a.png"},
        {"type": "input", "label": text("l"), "element": {"type": "plain_text_input"}},
        {"type": "context", "elements": [text("x", "mrkdwn")]},
    ]
    assert judge(good) == ("", [])


async def test_tokens_are_checked(slack: SlackServer) -> None:
    assert (await call(slack, "auth.test", token=""))["error"] == "not_authed"
    assert (await call(slack, "auth.test", token="xoxb-no"))["error"] == "invalid_auth"
    assert (await call(slack, "apps.connections.open"))["error"] == "invalid_auth"
    assert (await fetched(slack, "auth.test", token=slack.bot_token))["ok"]


async def test_a_form_is_as_good_as_json(slack: SlackServer) -> None:
    blocks = '[{"type": "divider"}]'
    answer = await call(slack, "chat.postMessage", form=True, channel="C1", text="x", blocks=blocks)
    assert answer["message"]["blocks"] == [{"type": "divider"}]


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"channel": "C1"}, "no_text"),
        ({"channel": "C1", "text": "x" * 40_001}, "msg_too_long"),
        (
            {"channel": "C1", "text": "x", "metadata": {"event_type": "x"}},
            "invalid_metadata_format",
        ),
        ({"channel": "C1", "text": "x", "thread_ts": "1.1"}, "thread_not_found"),
        ({"channel": "C404", "text": "x"}, "channel_not_found"),
    ],
)
async def test_a_bad_post_is_refused(slack: SlackServer, args: dict[str, Any], error: str) -> None:
    assert (await call(slack, "chat.postMessage", **args))["error"] == error


async def test_what_slack_would_bear_in_silence_fails_the_test(clock: FakeClock) -> None:
    slack = SlackServer(clock=clock)
    await slack.__aenter__()
    slack.world.channel("C1")
    await call(slack, "chat.postMessage", channel="C1", text="x", colour="red")
    await call(slack, "chat.shout")
    await call(slack, "chat.postMessage", channel="C1", blocks=[{"type": "divider"}])
    await fetched(slack, "chat.postMessage", token=slack.bot_token, channel="C1", text="x")
    with pytest.raises(AssertionError, match=r"knows no colour.*no method.*without text.*GET"):
        await slack.__aexit__(None, None, None)


async def test_ephemeral_messages_are_for_members(slack: SlackServer) -> None:
    given: dict[str, Any] = {"channel": "C1", "text": "x"}
    assert (await call(slack, "chat.postEphemeral", user="U1", **given))["ok"]
    error = (await call(slack, "chat.postEphemeral", user="U404", **given))["error"]
    assert error == "user_not_in_channel"
    assert slack.world.rooms["C1"].posts == []


async def test_a_person_s_id_opens_their_direct_messages(slack: SlackServer) -> None:
    assert (await call(slack, "chat.postMessage", channel="U1", text="x"))["channel"] == "DU1"


async def test_a_view_opens_once_within_three_seconds(slack: SlackServer, clock: FakeClock) -> None:
    view = {"type": "modal", "title": text("Settings"), "blocks": [HEADER]}
    trigger = slack._trigger()
    opened = await call(slack, "views.open", trigger_id=trigger, view=view)
    number = opened["view"]["id"]
    again = await call(slack, "views.open", trigger_id=trigger, view=view)
    assert again["error"] == "invalid_trigger_id"
    late = slack._trigger()
    clock.move(timedelta(seconds=4))
    assert (await call(slack, "views.open", trigger_id=late, view=view))["error"] == (
        "expired_trigger_id"
    )
    assert (await call(slack, "views.update", view_id=number, view=view))["ok"]
    assert (await call(slack, "views.update", view_id="V0", view=view))["error"] == "not_found"
    assert (await call(slack, "views.publish", user_id="U1", view={**view, "type": "home"}))["ok"]


@pytest.mark.parametrize(
    "change",
    [{"type": "page"}, {"title": text("t" * 25)}, {"private_metadata": "m" * 3_001}],
)
async def test_a_bad_view_is_refused(slack: SlackServer, change: dict[str, Any]) -> None:
    view = {"type": "modal", "title": text("Settings"), "blocks": [HEADER], **change}
    answer = await call(slack, "views.open", trigger_id=slack._trigger(), view=view)
    assert answer["error"] == "invalid_arguments"


async def test_history_is_paged_and_hides_metadata_unless_asked(slack: SlackServer) -> None:
    mark = {"event_type": "digest", "event_payload": {"delivery_id": "k"}}
    for number in range(3):
        await call(slack, "chat.postMessage", channel="C1", text=str(number), metadata=mark)
    page = await call(slack, "conversations.history", channel="C1", limit=2)
    assert [post["text"] for post in page["messages"]] == ["2", "1"]
    assert "metadata" not in page["messages"][0]
    cursor = page["response_metadata"]["next_cursor"]
    rest = await call(
        slack, "conversations.history", channel="C1", cursor=cursor, include_all_metadata=True
    )
    assert rest["messages"][0]["metadata"] == mark
    assert not rest["has_more"]
    answer = await call(slack, "conversations.history", channel="C404")
    assert answer["error"] == "channel_not_found"
    answer = await call(slack, "conversations.replies", channel="C1", ts="1.1")
    assert answer["error"] == "thread_not_found"
    slack.world.channel("C2", bot=False)
    answer = await call(slack, "conversations.history", channel="C2")
    assert answer["error"] == "not_in_channel"
    slack.manifest["scopes"].discard("channels:history")
    answer = await call(slack, "conversations.history", channel="C1")
    assert answer["error"] == "missing_scope"
