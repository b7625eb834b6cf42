"""Posting to Telegram: once, in its place, as it was written; and what each failure is called."""

import logging
import socket
from datetime import timedelta

import pytest

from bot.chat import limits
from bot.chat.telegram import Telegram
from bot.errors import (
    BotError,
    ChannelGone,
    ChannelMoved,
    ChatError,
    ConfigError,
    MessageRejected,
    RateLimited,
    Uncertain,
)
from bot.model import Button, Channel, Message, Paragraph, Run
from tests.chat.messages import digest, note
from tests.chat.telegram_session import Inbox, Time, adapter, at, connected
from tests.fakes import FakeClock
from tests.servers.telegram import Fault, TelegramServer, flood

READER, OTHER, GROUP, FORUM = 8, 9, -100, -1_000_200


@pytest.fixture
def clock(now) -> FakeClock:  # type: ignore[no-untyped-def]
    return FakeClock(now)


async def _refused(
    clock: FakeClock, error: type[BotError], *faults: Fault | None, **options: float
) -> BotError:
    """The error of one send that meets these faults; it must have made one POST."""
    async with TelegramServer(clock=clock) as tg:
        tg.world.private(READER)
        tg.plan("sendMessage", *faults)
        chat = adapter(tg, clock, **options)
        with pytest.raises(error) as caught:
            await chat.send(at(READER), note("hello"), key="k")
        assert type(caught.value) is error
        assert len(tg.made("sendMessage")) == 1
        await chat.stop()
    return caught.value


# --- as it was written -------------------------------------------------------------------------


async def test_a_digest_arrives_with_its_markup_and_without_a_preview(clock: FakeClock) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (chat, _):
        room = tg.world.private(READER)
        sent = await chat.send(at(READER), digest(1), key="k")
        (post,) = room.posts
        assert sent == str(post["message_id"])
        assert "• サーバー版は TPUv4 8,192 基で訓練\n" in post["text"]
        kinds = {e["type"] for e in post["entities"]}
        assert kinds == {"bold", "italic", "expandable_blockquote", "text_link"}
        links = [e["url"] for e in post["entities"] if e["type"] == "text_link"]
        assert links == ["https://a.example/1?a=1&b"]
        assert tg.made("sendMessage")[0]["link_preview_options"] == {"is_disabled": True}


@pytest.mark.parametrize(
    "text",
    [
        "AFM <3B> & <br>",
        "C++ <T> & \"R&D\" [beta]_v2* 5>3 'q' &lt; &#39;",
        "</b></blockquote>電池 <a href='x'>",
        "a < b && c > d 👨‍👩‍👧 が",
    ],
)
async def test_what_looks_like_markup_stays_text(clock: FakeClock, text: str) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (chat, _):
        room = tg.world.private(READER)
        bold = Message(summary="x", blocks=(Paragraph(runs=(Run(text=text, bold=True),)),))
        await chat.send(at(READER), bold, key="k")
        assert room.posts[0]["text"] == text
        assert len(tg.made("sendMessage")) == 1


async def test_half_a_surrogate_pair_can_be_sent(clock: FakeClock) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (chat, _):
        room = tg.world.private(READER)
        await chat.send(at(READER), note("chart \ud83d here"), key="k")
        assert room.posts[0]["text"] == "chart \ufffd here"


async def test_a_message_without_a_word_is_its_summary(clock: FakeClock) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (chat, _):
        room = tg.world.private(READER)
        await chat.send(at(READER), Message(summary="<Hi>", blocks=()), key="k")
        await chat.send(at(READER), Message(summary=" ", blocks=()), key="k")
        assert [post["text"] for post in room.posts] == ["<Hi>", "…"]


async def test_refused_markup_is_sent_as_plain_text_once(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (chat, _):
        room = tg.world.private(READER)
        refusal = 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0'
        tg.plan("sendMessage", Fault(400, refusal))
        await chat.send(at(READER), digest(1), key="k")
        (post,) = room.posts
        assert "8,192 基" in post["text"]
        assert "entities" not in post
        assert [call.get("parse_mode") for call in tg.made("sendMessage")] == ["HTML", None]
        assert "telegram.markup_refused" in caplog.text
        tg.plan("sendMessage", Fault(400, refusal), Fault(400, refusal))
        with pytest.raises(MessageRejected):
            await chat.send(at(READER), note("again"), key="k")
        assert len(room.posts) == 1


async def test_plain_text_that_is_too_long_is_cut_to_the_limit(clock: FakeClock) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (chat, _):
        room = tg.world.private(READER)
        tg.plan("sendMessage", Fault(400, "Bad Request: can't parse entities: no"))
        await chat.send(at(READER), note("📈" * 3_000), key="k")
        assert room.posts[0]["text"] == "📈" * (limits.TEXT // 2)


# --- in its place ------------------------------------------------------------------------------


async def test_a_reply_stands_under_its_question_even_when_that_is_gone(clock: FakeClock) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (chat, inbox):
        room = tg.world.supergroup(GROUP)
        asked = await tg.say(GROUP, READER, "/ask")
        got = await inbox.take()
        await chat.send(got.channel, note("yes"), key="k", reply_to=got.message_id)
        await chat.send(got.channel, note("gone"), key="k2", reply_to="99999")
        await chat.send(got.channel, note("odd"), key="k3", reply_to="out1")
        answered = [p.get("reply_to_message", {}).get("message_id") for p in room.posts]
        assert answered == [asked, None, None]


async def test_buttons_come_back_as_they_were_given(clock: FakeClock) -> None:
    rows = (
        (Button(label="💬 Ask", verb="ask", value="d3f9"), Button(label="s", url="https://a.b/?x")),
        tuple(Button(label=str(n), verb="n", value=str(n)) for n in range(10)),
    )
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (chat, inbox):
        room = tg.world.private(READER)
        sent = await chat.send(at(READER), note("digest", *rows), key="k")
        keyboard = room.posts[0]["reply_markup"]["inline_keyboard"]
        assert [len(row) for row in keyboard] == [2, 8, 2]
        assert keyboard[0][1] == {"text": "s", "url": "https://a.b/?x"}
        await tg.press(READER, int(sent), "💬 Ask", READER)
        got = await inbox.take()
        assert (got.action, got.values["value"]) == ("ask", "d3f9")


async def test_a_button_that_telegram_would_refuse_is_left_out(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    row = (
        Button(label="long", verb="v", value="x" * 63),
        Button(label="fits", verb="v", value="あ" * 20),
        Button(label="no verb"),
        Button(label="no page", url="javascript:alert(1)"),
        Button(label="", verb="v", value=""),
        Button(label="L" * 100, verb="v"),
    )
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (chat, _):
        room = tg.world.private(READER)
        await chat.send(at(READER), note("digest", row), key="k")
        (shown,) = room.posts[0]["reply_markup"]["inline_keyboard"]
        assert [b["text"] for b in shown] == ["fits", "…", "L" * 63 + "…"]
        assert caplog.text.count("telegram.button_left_out") == 2


async def test_of_very_many_buttons_the_first_hundred_are_shown(clock: FakeClock) -> None:
    rows = tuple(tuple(Button(label=f"{y}.{x}", verb="v") for x in range(8)) for y in range(20))
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (chat, _):
        room = tg.world.private(READER)
        await chat.send(at(READER), note("digest", *rows), key="k")
        keyboard = room.posts[0]["reply_markup"]["inline_keyboard"]
        assert sum(map(len, keyboard)) == limits.BUTTONS


# --- editing -----------------------------------------------------------------------------------


async def test_an_edit_replaces_text_and_buttons(clock: FakeClock) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (chat, _):
        room = tg.world.private(READER)
        sent = await chat.send(at(READER), note("one", (Button(label="A", verb="v"),)), key="k")
        await chat.edit(at(READER), sent, note("two"))
        await chat.edit(at(READER), sent, note("two"))  # the same again is a success
        (post,) = room.posts
        assert post["text"] == "two"
        assert post["reply_markup"] is None
        assert len(tg.made("editMessageText")) == 2


async def test_an_edit_of_what_is_not_there_says_so(clock: FakeClock) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (chat, _):
        tg.world.private(READER)
        theirs = await tg.say(READER, READER, "hi")
        for message_id in ("99999", str(theirs)):
            with pytest.raises(MessageRejected) as caught:
                await chat.edit(at(READER), message_id, note("two"))
            assert caught.value.code == "chat.edit_gone"


# --- failures ----------------------------------------------------------------------------------


async def test_a_blocked_bot_is_gone_and_others_are_still_served(clock: FakeClock) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (chat, _):
        for person in (7, READER, OTHER):
            tg.world.private(person)
        tg.world.rooms[READER].state = "kicked"
        await chat.send(at(7), note("digest"), key="k7")
        with pytest.raises(ChannelGone, match="blocked by the user"):
            await chat.send(at(READER), note("digest"), key="k8")
        await chat.send(at(OTHER), note("digest"), key="k9")
        assert all(tg.world.rooms[person].posts for person in (7, OTHER))


async def test_a_chat_that_cannot_be_posted_to_is_gone(clock: FakeClock) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (chat, _):
        tg.world.supergroup(GROUP, state="kicked")
        tg.world.channel(-5, state="member")
        tg.world.supergroup(-6, refusal="Bad Request: not enough rights to send text messages")
        tg.world.group(-7, refusal="Forbidden: the group chat was deleted")
        tg.world.private(11).refusal = "Forbidden: user is deactivated"
        for place in (GROUP, -5, -6, -7, 11, 12345):
            with pytest.raises(ChannelGone) as caught:
                await chat.send(at(place), note("digest"), key="k")
            assert caught.value.code == "chat.gone"
            assert not caught.value.transient


async def test_a_closed_or_deleted_topic_is_told_from_a_lost_chat(clock: FakeClock) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (chat, _):
        room = tg.world.supergroup(FORUM, topics=[7])
        room.topics[7] = "closed"
        for topic in (7, 9):
            with pytest.raises(ChannelGone) as caught:
                await chat.send(at(FORUM, topic), note("digest"), key="k")
            assert caught.value.code == "chat.topic_gone"


async def test_a_group_that_moved_says_where(clock: FakeClock) -> None:
    async with TelegramServer(clock=clock) as tg:
        tg.world.group(GROUP)
        await tg.migrate(GROUP, FORUM)
        chat = adapter(tg, clock)
        with pytest.raises(ChannelMoved) as caught:
            await chat.send(at(GROUP), note("digest"), key="k")
        assert caught.value.new_chat_id == str(FORUM)
        await chat.stop()


async def test_a_message_that_is_never_taken_is_rejected(clock: FakeClock) -> None:
    error = await _refused(clock, MessageRejected, Fault(400, "Bad Request: message is too long"))
    assert not error.transient
    assert "too long" in str(error)


async def test_a_chat_of_another_platform_is_rejected(clock: FakeClock) -> None:
    async with TelegramServer(clock=clock) as tg:
        chat = adapter(tg, clock)
        elsewhere = Channel(platform="telegram", chat_id="C012345")
        with pytest.raises(MessageRejected):
            await chat.send(elsewhere, note("digest"), key="k")
        assert tg.calls == []
        await chat.stop()


async def test_a_flood_wait_holds_that_chat_alone(clock: FakeClock) -> None:
    async with TelegramServer(clock=clock) as tg:
        time = Time()
        async with connected(tg, clock, time=time) as (chat, _):
            tg.world.private(READER)
            tg.world.private(OTHER)
            tg.plan("sendMessage", flood(43_837))
            for _ in range(2):  # the second is not even asked
                with pytest.raises(RateLimited) as caught:
                    await chat.send(at(READER), note("digest"), key="k")
                assert caught.value.retry_after == timedelta(seconds=43_837)
                assert caught.value.transient
            assert len(tg.made("sendMessage")) == 1
            assert await chat.send(at(OTHER), note("digest"), key="k")
            time.now += 43_838
            assert await chat.send(at(READER), note("digest"), key="k")
            assert time.slept == []


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        ("<html>slow down</html>", 30),
        ("[]", 30),
        ('{"ok":false,"parameters":{"retry_after":"soon"}}', 30),
        ('{"ok":false,"parameters":{"retry_after":0}}', 1),
    ],
)
async def test_a_429_without_a_usable_time_waits_a_while(
    clock: FakeClock, body: str, seconds: int
) -> None:
    error = await _refused(clock, RateLimited, Fault(429, body=body))
    assert error.retry_after == timedelta(seconds=seconds)


async def test_a_drop_after_acceptance_is_uncertain_and_is_one_post(clock: FakeClock) -> None:
    error = await _refused(clock, Uncertain, Fault(after=True))
    assert not error.transient


async def test_an_answer_that_comes_too_late_is_uncertain_and_is_one_post(
    clock: FakeClock,
) -> None:
    await _refused(clock, Uncertain, Fault(lag=5), patience=0.1)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(500, "Internal Server Error: restart"),
        Fault(502, "Bad Gateway"),
        Fault(body="<html>a proxy's page</html>"),
        Fault(body='{"ok":true}'),
        Fault(body='{"ok":true,"result":{"message_id":1}}'),
    ],
    ids=str,
)
async def test_an_answer_that_does_not_say_is_uncertain(clock: FakeClock, fault: Fault) -> None:
    await _refused(clock, Uncertain, fault)


async def test_an_unavailable_server_has_done_nothing(clock: FakeClock) -> None:
    error = await _refused(clock, ChatError, Fault(503, "Service Unavailable"))
    assert (error.code, error.transient) == ("chat.unavailable", True)


async def test_a_server_that_cannot_be_reached_may_be_tried_again(clock: FakeClock) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    chat = Telegram(TelegramServer.token, base_url=url, proxy=None, clock=clock)
    with pytest.raises(ChatError) as caught:
        await chat.send(at(READER), note("hello"), key="k")
    assert (caught.value.code, caught.value.transient) == ("chat.unreachable", True)
    with pytest.raises(ChatError) as caught:
        await chat.start(Inbox())
    assert caught.value.code == "chat.unreachable"
    with pytest.raises(ChatError):
        await chat.check()
    await chat.stop()


async def test_a_base_that_is_no_address_may_be_mended(clock: FakeClock) -> None:
    chat = Telegram(TelegramServer.token, base_url="nowhere", proxy=None, clock=clock)
    with pytest.raises(ChatError) as caught:
        await chat.send(at(READER), note("hello"), key="k")
    assert caught.value.code == "chat.unreachable"
    await chat.stop()


async def test_a_webhook_that_cannot_be_removed_stops_the_start(clock: FakeClock) -> None:
    async with TelegramServer(clock=clock) as tg:
        tg.plan("deleteWebhook", Fault(502, "Bad Gateway"))
        chat = adapter(tg, clock)
        with pytest.raises(ChatError):
            await chat.start(Inbox())
        await chat.stop()


async def test_messages_to_one_chat_keep_its_rate(clock: FakeClock) -> None:
    async with TelegramServer(clock=clock) as tg:
        time = Time()
        async with connected(tg, clock, time=time) as (chat, _):
            tg.world.private(READER)
            for number in range(3):
                await chat.send(at(READER), note(f"{number}"), key=f"k{number}")
            assert [round(s, 6) for s in time.slept] == [limits.STRETCH] * 2


# --- the token ---------------------------------------------------------------------------------


async def test_a_wrong_token_is_a_setting_to_mend(clock: FakeClock) -> None:
    async with TelegramServer(clock=clock) as tg:
        tg.world.private(READER)
        chat = adapter(tg, clock, token="123456:another-token-9876543210")
        for attempt in (chat.check(), chat.start(Inbox())):
            with pytest.raises(ConfigError) as caught:
                await attempt
            assert "TELEGRAM_BOT_TOKEN" in str(caught.value)
            assert "another-token" not in str(caught.value)
        with pytest.raises(ChatError) as late:  # what is owed waits until the operator acts
            await chat.send(at(READER), note("hello"), key="k")
        assert (late.value.code, late.value.transient) == ("chat.unauthorized", True)
        await chat.stop()


@pytest.mark.parametrize("token", ["", "hunter2", "123456:with space", "12:a\n"])
def test_what_is_no_token_is_refused_at_once(clock: FakeClock, token: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Telegram(token, base_url=None, proxy=None, clock=clock)
    assert not token or token not in str(caught.value)


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1080", "nonsense://x"])
def test_a_proxy_that_cannot_be_used_is_a_setting_to_mend(clock: FakeClock, proxy: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Telegram(TelegramServer.token, base_url=None, proxy=proxy, clock=clock)
    assert "PROXY" in str(caught.value)


async def test_the_proxy_is_used(clock: FakeClock) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        proxy = f"http://127.0.0.1:{free.getsockname()[1]}"
    chat = Telegram(TelegramServer.token, base_url="http://a.invalid", proxy=proxy, clock=clock)
    with pytest.raises(ChatError) as caught:
        await chat.send(at(READER), note("hello"), key="k")
    assert caught.value.code == "chat.unreachable"
    await chat.stop()


async def test_the_token_is_in_no_log_and_in_no_error(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told = []
    async with TelegramServer(clock=clock) as tg:
        tg.world.private(READER)
        async with connected(tg, clock) as (chat, inbox):
            told.append(await chat.check())
            await tg.upload(READER, READER, "feeds.opml", b"<opml/>")
            await inbox.take()
            tg.plan("sendMessage", Fault(before=True), Fault(400, "Bad Request: no"), None)
            for number in range(3):
                try:
                    await chat.send(at(READER), note(f"{number}"), key="k")
                except ChatError as error:
                    told.append(f"{error!r} {error.__cause__!r}")
                    logging.getLogger("test").exception("failed")
        tg.revoked = True
        chat = adapter(tg, clock)
        with pytest.raises(ConfigError) as caught:
            await chat.start(Inbox())
        logging.getLogger("test").error("failed", exc_info=caught.value)
        told.append(str(caught.value))
        await chat.stop()
    secret = TelegramServer.token.partition(":")[2]
    assert secret not in caplog.text
    assert not any(secret in line for line in told), told
    assert len(told) == 4


# --- the menu ----------------------------------------------------------------------------------


async def test_the_menu_is_set_in_each_language_that_telegram_tells_apart(
    clock: FakeClock,
) -> None:
    menu = {
        "en": [("help", "Help"), ("sources add", "is no name for a menu"), ("empty", "")],
        "ja": [("help", "助け" * 200)],
        "zh-Hans": [("help", "帮助")],
        "zh-Hant": [("help", "說明")],
        "ru": [("help", "Помощь")],
    }
    async with TelegramServer(clock=clock) as tg, connected(tg, clock, commands=menu):
        assert tg.api.menus[""] == [{"command": "help", "description": "Help"}]
        assert tg.api.menus["zh"][0]["description"] == "帮助"
        assert len(tg.api.menus["ja"][0]["description"]) == limits.COMMAND_DESCRIPTION
        assert set(tg.api.menus) == {"", "ja", "zh"}


async def test_the_bot_works_without_its_menu(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with TelegramServer(clock=clock) as tg:
        tg.plan("setMyCommands", flood(60))
        async with connected(tg, clock, commands={"en": [("help", "Help")]}) as (chat, _):
            assert await chat.check() == "Telegram: @digest_test_bot (4242)"
        assert "telegram.menu_not_set" in caplog.text


async def test_a_client_that_only_sent_is_closed_too(clock: FakeClock) -> None:
    async with TelegramServer(clock=clock) as tg:
        tg.world.private(READER)
        chat = adapter(tg, clock)
        await chat.send(at(READER), note("hello"), key="k")
        await chat.stop()
        with pytest.raises(ChatError):
            await chat.send(at(READER), note("late"), key="k")
