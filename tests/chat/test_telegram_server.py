"""The loopback Bot API server is as strict as Telegram."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from tests.fakes import FakeClock
from tests.servers.telegram import CONFLICT, Fault, TelegramServer

Call = Callable[..., Coroutine[Any, Any, dict[str, Any]]]
READER, GROUP = 8, -100


@pytest.fixture
def clock(now) -> FakeClock:  # type: ignore[no-untyped-def]
    return FakeClock(now)


@pytest.fixture
async def tg(clock: FakeClock) -> AsyncIterator[TelegramServer]:
    async with TelegramServer(clock=clock, paced=True) as server:
        server.world.private(READER)
        yield server
        server.complaints.clear()


@pytest.fixture
async def call(tg: TelegramServer) -> AsyncIterator[Call]:
    async with aiohttp.ClientSession() as session:

        async def post(method: str, *, token: str = tg.token, **args: Any) -> dict[str, Any]:
            async with session.post(f"{tg.url}/bot{token}/{method}", json=args) as answer:
                found: dict[str, Any] = await answer.json()
                assert answer.status == found.get("error_code", 200)
                return found

        yield post


def _keyboard(**button: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "a", **button}]]}


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ({"chat_id": 404, "text": "x"}, "chat not found"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "📈" * 2049}, "message is too long"),
        ({"text": "&amp;" * 7_000, "parse_mode": "HTML"}, "text is too long"),
        ({"text": " \n "}, "message text is empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "a", "parse_mode": "Wiki"}, "unsupported parse_mode"),
        (
            {"text": "あ<br>", "parse_mode": "HTML"},
            'can\'t parse entities: Unsupported start tag "br" at byte offset 3',
        ),
        ({"text": "a", "message_thread_id": 1}, "message thread not found"),
        ({"text": "a", "reply_parameters": {"message_id": 5}}, "message to be replied not found"),
        ({"text": "a", "reply_markup": _keyboard(callback_data="x" * 65)}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "reply_markup": _keyboard(callback_data="")}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "reply_markup": _keyboard(url="javascript:x")}, "BUTTON_URL_INVALID"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_message_is_refused_in_telegrams_words(
    call: Call, args: dict[str, Any], told: str
) -> None:
    answer = await call("sendMessage", **{"chat_id": READER, **args})
    assert answer["description"] == f"Bad Request: {told}"


async def test_what_telegram_would_not_mention_is_a_complaint(
    call: Call, tg: TelegramServer
) -> None:
    quotes = "<blockquote>a<blockquote>b</blockquote></blockquote>"
    await call("sendMessage", chat_id=READER, text="x", disable_web_page_preview=True)
    await call("sendMessage", chat_id=9, text=quotes, parse_mode="HTML")
    await call("sendMessage", chat_id=9, text="<b>x</b> " * 101, parse_mode="HTML")
    await call("sendTelegram")
    assert [line.split(" ", 1)[0] for line in tg.complaints] == [
        "sendMessage",
        "a",
        "101",
        "sendTelegram",
    ]


async def test_complaints_fail_the_test(clock: FakeClock) -> None:
    with pytest.raises(AssertionError, match="a complaint"):
        async with TelegramServer(clock=clock) as tg:
            tg.complaints.append("a complaint")


async def test_a_wrong_token_is_unauthorized(call: Call, tg: TelegramServer) -> None:
    assert (await call("getMe", token="1:x"))["error_code"] == 401
    tg.revoked = True
    assert (await call("getMe"))["description"] == "Unauthorized"


async def test_too_much_is_refused_by_the_clock(
    call: Call, tg: TelegramServer, clock: FakeClock
) -> None:
    for person in range(20, 50):
        tg.world.private(person)
        assert (await call("sendMessage", chat_id=person, text="x"))["ok"]
    refused = await call("sendMessage", chat_id=READER, text="x")
    assert (refused["error_code"], refused["parameters"]) == (429, {"retry_after": 2})
    clock.move(timedelta(seconds=1))
    assert (await call("sendMessage", chat_id=READER, text="x"))["ok"]
    assert not (await call("sendMessage", chat_id=READER, text="x"))["ok"]
    tg.world.supergroup(GROUP)
    for _ in range(20):
        clock.move(timedelta(seconds=1))
        assert (await call("sendMessage", chat_id=GROUP, text="x"))["ok"]
    clock.move(timedelta(seconds=1))
    refused = await call("sendMessage", chat_id=GROUP, text="x")
    assert refused["parameters"]["retry_after"] > 30


async def test_a_callback_is_answered_once_and_in_time(
    call: Call, tg: TelegramServer, clock: FakeClock
) -> None:
    sent = await call(
        "sendMessage", chat_id=READER, text="x", reply_markup=_keyboard(callback_data="v:1")
    )
    number = sent["result"]["message_id"]
    first, late = [await tg.press(READER, number, "a", READER) for _ in range(2)]
    assert (await call("answerCallbackQuery", callback_query_id=first))["ok"]
    assert not (await call("answerCallbackQuery", callback_query_id=first))["ok"]
    clock.move(timedelta(seconds=16))
    assert "too old" in (await call("answerCallbackQuery", callback_query_id=late))["description"]


async def test_updates_come_again_until_they_are_confirmed(call: Call, tg: TelegramServer) -> None:
    await tg.say(READER, READER, "one")
    await tg.say(READER, READER, "two")
    first = (await call("getUpdates"))["result"]
    assert (await call("getUpdates"))["result"] == first
    left = (await call("getUpdates", offset=first[0]["update_id"] + 1))["result"]
    assert [u["message"]["text"] for u in left] == ["two"]
    assert (await call("getUpdates", offset=left[0]["update_id"] + 1))["result"] == []


async def test_a_second_poll_ends_the_first(call: Call, tg: TelegramServer) -> None:
    first = asyncio.create_task(call("getUpdates", timeout=20))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(call("getUpdates", timeout=20))
    assert (await first)["description"] == CONFLICT
    await tg.say(READER, READER, "hello")
    assert len((await second)["result"]) == 1


async def test_kinds_that_are_not_wanted_do_not_come(call: Call, tg: TelegramServer) -> None:
    await tg.block(READER)
    await tg.unblock(READER)
    await tg.say(READER, READER, "x")
    got = (await call("getUpdates", allowed_updates=["message"]))["result"]
    assert [set(u) - {"update_id"} for u in got] == [{"message"}]


async def test_a_document_can_be_sent_and_fetched(tg: TelegramServer) -> None:
    form = aiohttp.FormData()
    form.add_field("chat_id", str(READER))
    form.add_field("caption", "<b>OPML</b>")
    form.add_field("parse_mode", "HTML")
    form.add_field("document", b"<opml/>", filename="feeds.opml")
    async with aiohttp.ClientSession() as session:
        base = f"{tg.url}/bot{tg.token}"
        async with session.post(f"{base}/sendDocument", data=form) as answer:
            sent = (await answer.json())["result"]
        assert (sent["caption"], sent["document"]["file_name"]) == ("OPML", "feeds.opml")
        query = {"file_id": sent["document"]["file_id"]}
        async with session.get(f"{base}/getFile", params=query) as answer:
            path = (await answer.json())["result"]["file_path"]
        async with session.get(f"{tg.url}/file/bot{tg.token}/{path}") as answer:
            assert await answer.read() == b"<opml/>"
        async with session.get(f"{tg.url}/file/bot1:x/{path}") as answer:
            assert answer.status == 404


async def test_chats_say_who_they_are_and_can_be_left(call: Call, tg: TelegramServer) -> None:
    tg.world.supergroup(GROUP, admins=[7], topics=[3], title="News")
    chat = (await call("getChat", chat_id=GROUP))["result"]
    assert (chat["type"], chat["title"], chat["is_forum"]) == ("supergroup", "News", True)
    assert (await call("sendChatAction", chat_id=GROUP, message_thread_id=3, action="typing"))["ok"]
    for user, status in ((7, "administrator"), (8, "member")):
        member = (await call("getChatMember", chat_id=GROUP, user_id=user))["result"]
        assert member["status"] == status
    people = (await call("getChatAdministrators", chat_id=GROUP))["result"]
    assert [person["user"]["id"] for person in people] == [7]
    assert not (await call("getChatAdministrators", chat_id=READER))["ok"]
    assert (await call("leaveChat", chat_id=GROUP))["ok"]
    for method in ("getChat", "sendChatAction", "getChatAdministrators"):
        assert (await call(method, chat_id=GROUP))["error_code"] == 403


@pytest.mark.parametrize(
    ("menu", "told"),
    [
        ({"commands": [{"command": "Help!", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "a", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [], "language_code": "zh-Hant"}, "invalid language code specified"),
    ],
)
async def test_a_menu_is_checked(call: Call, menu: dict[str, Any], told: str) -> None:
    assert told in (await call("setMyCommands", **menu))["description"]


async def test_calls_and_planned_faults_are_kept_in_order(call: Call, tg: TelegramServer) -> None:
    tg.plan("getMe", None, Fault(500, "Internal Server Error"))
    assert [(await call("getMe"))["ok"] for _ in range(3)] == [True, False, True]
    assert tg.made("getMe") == [{}, {}, {}]
    assert json.dumps([c.method for c in tg.calls]) == '["getMe", "getMe", "getMe"]'
