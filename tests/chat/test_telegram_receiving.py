"""What comes in from Telegram: once, from the right place and person, without waiting."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from telegram import Update, User

from bot.chat import limits
from bot.chat.telegram.inbound import read
from bot.errors import ChannelMoved
from bot.model import Button, Channel, Inbound
from tests.chat.messages import note
from tests.chat.telegram_session import Inbox, Time, adapter, at, connected, until
from tests.fakes import FakeClock
from tests.servers.telegram import BOT, BOT_NAME, Fault, TelegramServer, flood

GROUP, FORUM, CHANNEL = -100, -1_000_200, -1_000_300
ADMIN, READER = 7, 8

Clock = FakeClock


@pytest.fixture
def clock(now) -> FakeClock:  # type: ignore[no-untyped-def]
    return FakeClock(now)


async def test_a_command_in_a_private_chat_is_from_an_admin_in_their_language(clock: Clock) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (_, inbox):
        tg.world.private(READER, lang="zh-hant")
        message_id = await tg.say(READER, READER, "/subscribe 半導體")
        got = await inbox.take()
        assert (got.kind, got.text, got.message_id) == (
            "text",
            "/subscribe 半導體",
            str(message_id),
        )
        assert (got.channel, got.workspace_id) == (at(READER), "telegram:8")
        assert (got.author.id, got.author.lang, got.author.role) == ("8", "zh-Hant", "admin")
        assert got.addressed
        assert got.private
        assert got.id.startswith("tg:")
        assert got.received_at == clock()


async def test_a_group_is_heard_only_when_it_calls_the_bot(clock: Clock) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (chat, inbox):
        tg.world.supergroup(GROUP)
        ours = await chat.send(at(GROUP), note("digest"), key="k")
        await tg.say(GROUP, READER, "just talking")
        await tg.say(GROUP, READER, f"@{BOT_NAME.upper()}, how many chips?")
        await tg.say(GROUP, READER, "/help@other_bot")
        await tg.say(GROUP, READER, f"/help@{BOT_NAME} me")
        await tg.say(GROUP, READER, "and 2048?", reply_to=int(ours))
        named, command, reply = await inbox.several(3)
        assert (named.text, command.text, reply.text) == (
            "how many chips?",
            "/help me",
            "and 2048?",
        )
        assert reply.reply_to == ours
        assert all(i.addressed and not i.private for i in (named, command, reply))
        await inbox.nothing()


async def test_plain_talk_that_is_heard_without_privacy_is_not_addressed(clock: Clock) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (_, inbox):
        tg.world.privacy = False
        tg.world.group(GROUP)
        first = await tg.say(GROUP, READER, "mail me at a@b.example")
        await tg.say(GROUP, READER, "/help@other_bot")
        await tg.say(GROUP, ADMIN, "agreed", reply_to=first)
        talk, answer = await inbox.several(2)
        assert (talk.text, answer.text) == ("mail me at a@b.example", "agreed")
        assert not talk.addressed
        assert not answer.addressed
        assert answer.reply_to == str(first)
        await inbox.nothing()


async def test_a_mention_without_a_name_calls_the_bot_too(clock: Clock) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (_, inbox):
        tg.world.privacy = False
        tg.world.group(GROUP)
        room = tg.world.rooms[GROUP]
        mention = {"type": "text_mention", "offset": 0, "length": 6, "user": BOT}
        author = tg.world.author(room, READER)
        content = {**author, "text": "Digest, hello", "entities": [mention]}
        tg.emit("message", tg.world.message(room, **content))
        assert (await inbox.take()).addressed


async def test_a_topic_is_kept_and_its_start_is_no_question_that_is_answered(clock: Clock) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (chat, inbox):
        tg.world.supergroup(FORUM, topics=[7])
        asked = await tg.say(FORUM, READER, "/subscribe", thread=7)
        got = await inbox.take()
        assert got.channel == at(FORUM, 7)
        assert got.reply_to is None
        await chat.send(got.channel, note("done"), key="k", reply_to=got.message_id)
        post = tg.world.rooms[FORUM].posts[0]
        assert post["message_thread_id"] == 7
        assert post["reply_to_message"]["message_id"] == asked


async def test_the_general_topic_has_no_id_and_its_answer_stays_in_the_group(clock: Clock) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (chat, inbox):
        room = tg.world.supergroup(FORUM, topics=[7])
        await tg.say(FORUM, READER, f"@{BOT_NAME} hello")
        got = await inbox.take()
        assert got.channel == at(FORUM)
        await chat.send(got.channel, note("hello"), key="k", reply_to=got.message_id)
        assert "message_thread_id" not in tg.made("sendMessage")[0]
        assert room.posts[0]["text"] == "hello"


async def test_the_thread_of_a_reply_in_an_ordinary_group_is_not_echoed(clock: Clock) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (chat, inbox):
        tg.world.supergroup(GROUP)
        ours = int(await chat.send(at(GROUP), note("digest"), key="k"))
        await tg.say(GROUP, READER, "why?", reply_to=ours, message_thread_id=ours)
        assert (await inbox.take()).channel == at(GROUP)


async def test_a_press_is_answered_while_its_handler_still_runs(clock: Clock) -> None:
    async with TelegramServer(clock=clock) as tg:
        tg.world.private(READER)
        done = asyncio.Event()
        begun: asyncio.Queue[Inbound] = asyncio.Queue()

        async def slow(inbound: Inbound) -> None:
            begun.put_nowait(inbound)
            await done.wait()

        chat = adapter(tg, clock)
        await chat.start(slow)
        button = Button(label="Evidence", verb="evidence", value="d3f9:1")
        sent = await chat.send(at(READER), note("digest", (button,)), key="k")
        await tg.press(READER, int(sent), "Evidence", READER)
        got = await asyncio.wait_for(begun.get(), 10)
        await until(lambda: not tg.world.queries)
        assert (got.kind, got.action, got.values) == ("press", "evidence", {"value": "d3f9:1"})
        assert (got.message_id, got.reply_to, got.author.role) == (sent, sent, "admin")
        done.set()
        await chat.stop()


async def test_a_press_that_cannot_be_answered_is_handled_all_the_same(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (chat, inbox):
        tg.world.private(READER)
        sent = await chat.send(at(READER), note("x", (Button(label="A", verb="v"),)), key="k")
        query = await tg.press(READER, int(sent), "A", READER)
        del tg.world.queries[query]
        assert (await inbox.take()).action == "v"
        await inbox.nothing()
        assert "telegram.press_not_answered" in caplog.text


@pytest.mark.parametrize("shown", ["old", "inline"])
async def test_a_press_under_a_message_that_cannot_be_seen(clock: Clock, shown: str) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (_, inbox):
        room = tg.world.supergroup(GROUP, admins=[ADMIN])
        old = {"chat": room.summary, "message_id": 5, "date": 0}
        query = {"id": "q1", "from": tg.world.person(ADMIN), "chat_instance": "1", "data": "v:1"}
        place = {"message": old} if shown == "old" else {"inline_message_id": "abc"}
        tg.world.queries["q1"] = clock()
        tg.emit("callback_query", {**query, **place})
        if shown == "inline":
            await inbox.nothing()
        else:
            got = await inbox.take()
            assert (got.channel, got.message_id, got.author.role) == (at(GROUP), "5", "admin")


async def test_an_edit_is_marked_and_an_old_one_is_none(clock: Clock) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (_, inbox):
        tg.world.private(READER)
        asked = await tg.say(READER, READER, "how many chps?")
        assert (await inbox.take()).values == {}
        clock.move(timedelta(seconds=90))
        await tg.edit(READER, asked, "how many chips?")
        got = await inbox.take()
        assert (got.text, got.message_id) == ("how many chips?", str(asked))
        assert got.values == {"edited": "true"}
        clock.move(timedelta(hours=1))
        await tg.edit(READER, asked, "how many apples?")
        await inbox.nothing()


async def test_a_channel_speaks_as_itself_and_its_edits_are_no_commands(clock: Clock) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (chat, inbox):
        tg.world.channel(CHANNEL, title="News")
        posted = await tg.say(CHANNEL, ADMIN, "/subscribe")
        got = await inbox.take()
        assert (got.author.id, got.author.name, got.author.role) == (str(CHANNEL), "News", "admin")
        assert got.addressed
        await tg.edit(CHANNEL, posted, "/unsubscribe")
        await inbox.nothing()
        assert await chat.send(at(CHANNEL), note("digest"), key="k")


async def test_a_post_signed_by_nobody_is_of_its_chat(clock: Clock) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (_, inbox):
        room = tg.world.channel(CHANNEL)
        tg.emit("channel_post", tg.world.message(room, text="news"))
        assert (await inbox.take()).author.id == str(CHANNEL)


async def test_both_notices_of_a_migration_say_the_same(clock: Clock) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (chat, inbox):
        tg.world.group(GROUP, admins=[ADMIN])
        await tg.migrate(GROUP, FORUM)
        first, second = await inbox.several(2)
        for got in (first, second):
            assert (got.kind, got.channel, got.action) == ("migrated", at(GROUP), str(FORUM))
            assert got.workspace_id == f"telegram:{GROUP}"
        with pytest.raises(ChannelMoved) as caught:
            await chat.send(at(GROUP), note("digest"), key="k")
        assert caught.value.new_chat_id == str(FORUM)
        assert await chat.send(at(FORUM), note("digest"), key="k")


async def test_the_bot_comes_and_goes(clock: Clock) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (_, inbox):
        tg.world.supergroup(GROUP, state="left")
        tg.world.private(READER)
        await tg.add_bot(GROUP, ADMIN)
        await tg.add_bot(GROUP, ADMIN, state="administrator")
        await tg.remove_bot(GROUP, ADMIN)
        await tg.block(READER)
        await tg.unblock(READER)
        got = await inbox.several(4)
        assert [(i.kind, i.action) for i in got] == [
            ("membership", "added"),
            ("membership", "removed"),
            ("membership", "removed"),
            ("membership", "added"),
        ]
        assert [i.author.id for i in got] == ["7", "7", "8", "8"]
        await inbox.nothing()


async def test_a_restricted_bot_is_still_a_member(clock: Clock) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (_, inbox):
        room = tg.world.supergroup(GROUP)
        rights = dict.fromkeys(
            "can_send_messages can_send_audios can_send_documents can_send_photos can_send_videos "
            "can_send_video_notes can_send_voice_notes can_send_polls can_send_other_messages "
            "can_add_web_page_previews can_change_info can_invite_users can_pin_messages "
            "can_manage_topics can_edit_tag can_react_to_messages".split(),
            False,
        )
        bound = {"user": BOT, "status": "restricted", "until_date": 0, "is_member": True, **rights}
        change = {"chat": room.summary, "from": tg.world.person(ADMIN), "date": tg.world.date()}
        old = {"user": BOT, "status": "member"}
        tg.emit("my_chat_member", {**change, "old_chat_member": old, "new_chat_member": bound})
        await inbox.nothing()


async def test_a_document_comes_with_its_bytes_when_it_is_meant_for_the_bot(clock: Clock) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (_, inbox):
        tg.world.private(READER)
        tg.world.supergroup(GROUP, state="administrator", admins=[ADMIN])
        await tg.upload(READER, READER, "feeds.opml", b"<opml/>", caption="my feeds")
        await tg.upload(READER, READER, "big.opml", b"x" * (limits.FILE + 1))
        await tg.upload(GROUP, READER, "holiday.opml", b"<opml/>")
        await tg.upload(GROUP, ADMIN, "feeds.opml", b"<opml/>", caption=f"/import@{BOT_NAME}")
        sent, big, stray, asked = await inbox.several(4)
        assert (sent.kind, sent.text, sent.values) == ("file", "my feeds", {"name": "feeds.opml"})
        (file,) = sent.files
        assert (file.name, file.content_type, file.body) == ("feeds.opml", "text/xml", b"<opml/>")
        assert (big.kind, big.files, big.values) == ("file", (), {"name": "big.opml"})
        assert (stray.files, stray.addressed) == ((), False)
        assert (asked.text, len(asked.files), asked.author.role) == ("/import", 1, "admin")
        assert len(tg.made("getFile")) == 2


@pytest.mark.parametrize("trouble", ["grown", "gone", "broken"])
async def test_a_document_that_cannot_be_had_is_left_out(
    clock: Clock, trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (_, inbox):
        tg.world.private(READER)
        if trouble == "gone":
            tg.plan("getFile", Fault(400, "Bad Request: wrong file_id"))
        if trouble == "broken":
            tg.plan("getFile", Fault(before=True))
        await tg.upload(READER, READER, "feeds.opml", b"<opml/>")
        if trouble == "grown":
            (number,) = tg.world.files
            tg.world.files[number] = ("feeds.opml", b"x" * (limits.FILE + 1))
        assert (await inbox.take()).files == ()
        assert trouble == "grown" or "telegram.file_failed" in caplog.text


async def test_stickers_service_messages_and_other_bots_are_no_inbound(clock: Clock) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (_, inbox):
        room = tg.world.group(GROUP, state="administrator")
        person = tg.world.author(room, READER)
        other = {"from": {"id": 99, "is_bot": True, "first_name": "Other"}}
        for content in (
            {**person, "new_chat_title": "News"},
            {**other, "text": "/help"},
            {"sender_chat": {"id": CHANNEL, "type": "channel", "title": "News"}}
            | {"is_automatic_forward": True, "text": f"@{BOT_NAME}"},
        ):
            tg.emit("message", tg.world.message(room, **content))
        tg.emit("message_reaction_count", {"chat": room.summary})
        await inbox.nothing()


def test_an_update_without_a_message_is_no_inbound(clock: Clock) -> None:
    me = User(id=1, first_name="Digest", is_bot=True)
    assert read(Update(1), me, clock()) is None


async def test_an_administrators_command_is_known_as_one(clock: Clock) -> None:
    async with TelegramServer(clock=clock) as tg:
        time = Time()
        async with connected(tg, clock, time=time) as (_, inbox):
            room = tg.world.supergroup(GROUP, admins=[ADMIN])
            await tg.say(GROUP, ADMIN, "/sources")
            await tg.say(GROUP, READER, "/sources")
            await tg.say(GROUP, GROUP, "/sources")  # an anonymous administrator
            await tg.say(GROUP, READER, f"@{BOT_NAME} no role is needed for a question")
            got = {i.author.id: i.author.role for i in await inbox.several(4)}
            assert got == {"7": "admin", "8": "member", str(GROUP): "admin"}
            assert len(tg.made("getChatAdministrators")) <= 2  # two commands at once may both ask
            room.admins.clear()
            time.now += limits.ADMINS_FRESH
            await tg.say(GROUP, ADMIN, "/sources")
            assert (await inbox.take()).author.role == "member"


async def test_a_role_that_telegram_does_not_tell_is_that_of_a_member(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (_, inbox):
        tg.world.supergroup(GROUP, admins=[ADMIN])
        tg.plan("getChatAdministrators", Fault(before=True))
        await tg.say(GROUP, ADMIN, "/sources")
        assert (await inbox.take()).author.role == "member"
        assert "telegram.role_unknown" in caplog.text
        await tg.say(GROUP, ADMIN, "/sources")  # a failure is not remembered
        assert (await inbox.take()).author.role == "admin"


async def test_a_person_is_admin_in_their_own_chat_alone(clock: Clock) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (chat, _):
        tg.world.channel(CHANNEL, admins=[ADMIN], username="daily_news")
        assert await chat.role(at(READER), "8") == "admin"
        assert await chat.role(at(READER), "7") == "member"
        assert await chat.role(at(CHANNEL), "7") == "admin"
        assert await chat.role(at(CHANNEL), "8") == "member"
        named = Channel(platform="telegram", chat_id="@daily_news")
        assert await chat.role(named, "7") == "admin"
        assert await chat.send(named, note("digest"), key="k")


async def test_a_slow_handler_holds_up_no_other(clock: Clock) -> None:
    async with TelegramServer(clock=clock) as tg:
        tg.world.private(READER)
        tg.world.private(ADMIN)
        slow_may_end, inbox = asyncio.Event(), Inbox()

        async def handle(inbound: Inbound) -> None:
            if inbound.text == "/ask":
                await slow_may_end.wait()
            await inbox(inbound)

        chat = adapter(tg, clock)
        await chat.start(handle)
        await tg.say(READER, READER, "/ask")
        await tg.say(ADMIN, ADMIN, "/help")
        assert (await inbox.take()).text == "/help"
        stopping = asyncio.create_task(chat.stop())
        await asyncio.sleep(0.05)
        assert not stopping.done()  # what is being handled comes to its end
        slow_may_end.set()
        await stopping
        assert (await inbox.take()).text == "/ask"


async def test_polling_waits_when_very_many_are_being_handled(clock: Clock) -> None:
    async with TelegramServer(clock=clock) as tg:
        tg.world.private(READER)
        may_end = asyncio.Event()
        running: list[str] = []

        async def handle(inbound: Inbound) -> None:
            running.append(inbound.text)
            await may_end.wait()

        chat = adapter(tg, clock)
        await chat.start(handle)
        for number in range(limits.HANDLERS + 20):
            await tg.say(READER, READER, f"question {number}")
        await until(lambda: len(running) >= limits.HANDLERS)
        await asyncio.sleep(0.1)
        assert len(running) == limits.HANDLERS
        may_end.set()
        await until(lambda: len(running) >= limits.HANDLERS + 20)
        await chat.stop()


@pytest.mark.parametrize("poison", ["handler", "update"])
async def test_one_bad_update_stops_no_other(
    clock: Clock, poison: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with TelegramServer(clock=clock) as tg:
        tg.world.private(READER)
        inbox = Inbox()

        async def handle(inbound: Inbound) -> None:
            if inbound.text == "boom":
                raise RuntimeError("a secret")
            await inbox(inbound)

        chat = adapter(tg, clock)
        await chat.start(handle)
        if poison == "handler":
            await tg.say(READER, READER, "boom")
        else:
            tg.emit("message", {"chat": {"no": "id"}})
        await tg.say(READER, READER, "hello")
        assert (await inbox.take()).text == "hello"
        assert "telegram.inbound_failed" in caplog.text
        assert "a secret" not in caplog.text
        await chat.stop()


async def test_two_pollers_make_one_clear_line_and_the_first_goes_on_afterwards(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with TelegramServer(clock=clock) as tg:
        tg.world.private(READER)
        conflict = Fault(409, "Conflict: terminated by other getUpdates request")
        tg.plan("getUpdates", *[conflict] * 5)
        time = Time()
        async with connected(tg, clock, time=time) as (_, inbox):
            await tg.say(READER, READER, "hello")
            assert (await inbox.take()).text == "hello"
        lines = [r.getMessage() for r in caplog.records if "conflict" in r.getMessage()]
        assert len(lines) == 2, lines
        assert "another process polls with this token" in lines[0]
        assert lines[1].startswith("telegram.polling_again")
        assert time.slept == [1, 2, 4, 8, 16]


async def test_a_second_poller_really_ends_the_first_ones_poll(clock: Clock) -> None:
    async with TelegramServer(clock=clock) as tg, connected(tg, clock) as (one, inbox):
        tg.world.private(READER)
        await until(lambda: bool(tg.made("getUpdates")))
        other = adapter(tg, clock)
        await other.start(inbox)
        await until(
            lambda: len(tg.made("getUpdates")) >= 3
        )  # the first asks again, so the fight goes on
        await other.stop()
        await tg.say(READER, READER, "hello")
        assert (await inbox.take()).text == "hello"
        assert await one.check()


async def _polled(tg: TelegramServer, clock: Callable[..., object], *faults: Fault) -> Time:
    """The waits between polls that fail and the one that brings an update."""
    tg.world.private(READER)
    tg.plan("getUpdates", *faults)
    time = Time()
    async with connected(tg, clock, time=time) as (_, inbox):  # type: ignore[arg-type]
        await tg.say(READER, READER, "hello")
        assert (await inbox.take()).text == "hello"
    return time


async def test_polling_survives_what_the_network_does(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    async with TelegramServer(clock=clock) as tg:
        broken = Fault(body="<html>proxy</html>")
        down = Fault(502, "Bad Gateway")
        time = await _polled(tg, clock, Fault(before=True), down, broken, Fault(body='{"ok":1}'))
        assert time.slept == [1, 2, 4, 8]
        assert caplog.text.count("telegram.poll_failed") == 1
        assert "Traceback" not in caplog.text
        assert "proxy" not in caplog.text


async def test_polling_survives_a_token_that_is_refused_for_a_while(clock: Clock) -> None:
    async with TelegramServer(clock=clock) as tg:
        away = Fault(404, "Not Found")
        assert (await _polled(tg, clock, away, away)).slept == [1, 2]


async def test_polling_waits_as_long_as_it_is_told_to(clock: Clock) -> None:
    async with TelegramServer(clock=clock) as tg:
        assert (await _polled(tg, clock, flood(37))).slept == [37]


async def test_a_restart_does_not_get_the_same_again(clock: Clock) -> None:
    async with TelegramServer(clock=clock) as tg:
        tg.world.private(READER)
        async with connected(tg, clock) as (_, inbox):
            await tg.say(READER, READER, "one")
            await inbox.take()
        async with connected(tg, clock) as (_, inbox):
            await tg.say(READER, READER, "two")
            assert (await inbox.take()).text == "two"


async def test_what_was_stopped_can_start_again(clock: Clock) -> None:
    async with TelegramServer(clock=clock) as tg:
        tg.world.private(READER)
        chat, inbox = adapter(tg, clock), Inbox()
        for text in ("one", "two"):
            await chat.start(inbox)
            await tg.say(READER, READER, text)
            assert (await inbox.take()).text == text
            await chat.stop()


async def test_a_stop_without_an_answer_says_that_updates_will_come_again(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    async with TelegramServer(clock=clock) as tg:
        tg.world.private(READER)
        chat, inbox = adapter(tg, clock), Inbox()
        await chat.start(inbox)
        await tg.say(READER, READER, "one")
        await inbox.take()
        await until(lambda: len(tg.made("getUpdates")) >= 2)
        tg.plan("getUpdates", Fault(before=True))
        await chat.stop()
        assert "telegram.not_confirmed" in caplog.text
        await chat.stop()  # a second time is nothing
