"""The Telegram adapter: one bot by token, long polling.

The polling is our own. The library's ends for good at the first 404 or 401, asks again at once
after a time-out, and writes a traceback for each failure.
"""

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal, TypeVar

from telegram import CallbackQuery, LinkPreviewOptions, ReplyParameters, Update, User
from telegram.constants import ParseMode

from bot.chat import limits
from bot.chat.base import Handler
from bot.chat.cutting import cut, utf16
from bot.errors import ChatError, ConfigError, MessageRejected, RateLimited
from bot.model import Channel, File, Inbound, Lang, Message, Role, Run

from . import faults, inbound, markup, splitting
from .admins import Admins
from .client import ANSWER, connect
from .pacing import Pace
from .polling import Poller

log = logging.getLogger(__name__)

T = TypeVar("T")
Commands = Mapping[Lang, Sequence[tuple[str, str]]]
_TOKEN = re.compile(r"\d+:[\w-]+")
# Telegram's language of a menu is two letters, so Chinese has one menu: API, setMyCommands.
_MENU = {"en": "", "ja": "ja", "zh-Hans": "zh"}


class Telegram:
    """A Chat for one bot. `commands` are the menu: by language, names with descriptions.
    `patience` is how many seconds an answer is waited for; `tick` (monotonic seconds) and `sleep`
    serve to keep Telegram's rates."""

    platform: Literal["telegram"] = "telegram"

    def __init__(
        self,
        token: str,
        *,
        base_url: str | None,
        proxy: str | None,
        clock: Callable[[], datetime],
        commands: Commands | None = None,
        patience: float = ANSWER,
        tick: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        if not _TOKEN.fullmatch(token):
            raise ConfigError(
                "TELEGRAM_BOT_TOKEN is no token: those of @BotFather are NUMBER:LETTERS",
                code="config.telegram_token",
            )
        self._bot = connect(token, base_url=base_url, proxy=proxy, patience=patience)
        self._clock = clock
        self._commands = commands or {}
        self._pace = Pace(tick=tick, sleep=sleep)
        self._admins = Admins(self._administrators, tick=tick)
        self._poller = Poller(self._bot, self._receive, sleep=sleep)
        self._handle: Handler | None = None
        self._me: User | None = None
        self._running: set[asyncio.Task[None]] = set()

    # --- life ----------------------------------------------------------------------------------

    async def start(self, handle: Handler) -> None:
        """Sign in, set the menu, and give what comes in to `handle` until `stop`. Raises
        ConfigError for a wrong token, ChatError when Telegram cannot be reached."""
        self._handle = handle
        await self._sign_in()
        try:
            await self._bot.delete_webhook()  # with one set, polling is refused
        except faults.FAILURES as error:
            raise faults.at_start(error) from None
        await self._set_menu()
        self._poller.start()

    async def stop(self) -> None:
        """Stop polling, let what is being handled come to its end, close the connections."""
        await self._poller.stop()
        while self._running:
            await asyncio.wait(self._running)
        await self._bot.hang_up()

    async def check(self) -> str:
        """One line on who the bot is. Raises ConfigError for a wrong token, ChatError when
        Telegram cannot be reached."""
        me = await self._sign_in()
        return f"Telegram: @{me.username} ({me.id})"

    async def _sign_in(self) -> User:
        try:
            await self._bot.initialize()
            self._me = await self._bot.get_me()
        except faults.FAILURES as error:
            raise faults.at_start(error) from None
        return self._me

    async def _set_menu(self) -> None:
        """The menu of commands in each language; the bot works without."""
        for lang, listed in self._commands.items():
            menu = [
                (name, description[: limits.COMMAND_DESCRIPTION])
                for name, description in listed
                if re.fullmatch(limits.COMMAND_NAME, name) and description
            ][: limits.COMMANDS]
            if lang not in _MENU or not menu:
                continue
            try:
                await self._bot.set_my_commands(menu, language_code=_MENU[lang] or None)
            except faults.FAILURES as error:
                log.warning("telegram.menu_not_set lang=%s %s", lang, faults.explain(error))

    # --- out -----------------------------------------------------------------------------------

    def parts(self, message: Message) -> tuple[Message, ...]:
        return splitting.parts(message)

    async def send(
        self, channel: Channel, message: Message, *, key: str, reply_to: str | None = None
    ) -> str:
        """Post once and return the message's id; a second try, without markup, is made only where
        Telegram refused the markup. `key` cannot be told to Telegram, which has no place for it."""
        chat, keyboard = _number(channel.chat_id), markup.keyboard(message)
        answer = _reply(reply_to)
        thread = int(channel.thread_id) if channel.thread_id else None

        def post(text: str, mode: str | None) -> Coroutine[Any, Any, Any]:
            return self._bot.send_message(
                chat,
                text,
                parse_mode=mode,
                message_thread_id=thread,
                reply_parameters=answer,
                reply_markup=keyboard,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )

        posted = await self._written(channel, message, post)
        assert posted is not None
        return str(posted.message_id)

    async def edit(self, channel: Channel, message_id: str, message: Message) -> None:
        """Replace a message of the bot's own; one that is the same already is a success."""
        chat, keyboard = _number(channel.chat_id), markup.keyboard(message)

        def change(text: str, mode: str | None) -> Coroutine[Any, Any, Any]:
            return self._bot.edit_message_text(
                text,
                chat_id=chat,
                message_id=int(message_id),
                parse_mode=mode,
                reply_markup=keyboard,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )

        await self._written(channel, message, change)

    async def _written(
        self,
        channel: Channel,
        message: Message,
        write: Callable[[str, str | None], Coroutine[Any, Any, T]],
    ) -> T | None:
        """What came of writing a message; None where it stood there already."""
        made = markup.render(message)
        await self._pace.turn(channel.chat_id)
        try:
            return await write(made, ParseMode.HTML)
        except faults.FAILURES as error:
            if faults.is_unchanged(error):
                return None
            if not faults.blames_markup(error):
                raise self._failed(channel, error) from None
            log.error("telegram.markup_refused channel=%s %s", channel, faults.explain(error))
        made = _clipped(markup.bare(message))
        await self._pace.turn(channel.chat_id)
        try:
            return await write(made, None)
        except faults.FAILURES as error:
            raise self._failed(channel, error) from None

    def _failed(self, channel: Channel, error: Exception) -> ChatError:
        found = faults.explain(error)
        if isinstance(found, RateLimited) and found.retry_after is not None:
            self._pace.hold(channel.chat_id, found.retry_after)
        return found

    async def role(self, channel: Channel, author_id: str) -> Role:
        """``admin`` for the person of a private chat, for an administrator of a group or channel
        and for the chat itself, as which its anonymous administrators write. Raises ChatError
        where Telegram does not say."""
        if author_id == channel.chat_id:
            return "admin"
        if not channel.chat_id.startswith(("-", "@")):
            return "member"
        return "admin" if author_id in await self._admins.of(channel.chat_id) else "member"

    async def _administrators(self, chat_id: str) -> frozenset[str]:
        try:
            found = await self._bot.get_chat_administrators(_number(chat_id))
        except faults.FAILURES as error:
            raise faults.explain(error, wrote=False) from None
        return frozenset(str(member.user.id) for member in found)

    # --- in ------------------------------------------------------------------------------------

    async def _receive(self, raw: dict[str, Any]) -> None:
        """Begin to handle one update. Returns at once, unless very many are being handled."""
        while len(self._running) >= limits.HANDLERS:
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
        self._spawn(self._take(raw))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _take(self, raw: dict[str, Any]) -> None:
        """Read, fill in, hand over. What fails here is logged with its code and goes no further."""
        try:
            update = Update.de_json(raw, self._bot)
            if update.callback_query is not None:
                self._spawn(self._answer(update.callback_query))
            assert self._me is not None
            given = inbound.read(update, self._me, self._clock())
            if given is None:
                return
            assert self._handle is not None
            await self._handle(await self._filled(given, update))
        except Exception as error:  # noqa: BLE001 - one bad update must not stop the others
            log.error(
                "telegram.inbound_failed id=%s error=%s", raw.get("update_id"), type(error).__name__
            )

    async def _answer(self, query: CallbackQuery) -> None:
        """Take the spinner off the button at once: after 15 seconds it is too late."""
        try:
            await query.answer()
        except faults.FAILURES as error:
            log.warning("telegram.press_not_answered %s", faults.explain(error))

    async def _filled(self, given: Inbound, update: Update) -> Inbound:
        """With the author's role, where it will be asked for, and the file that came along."""
        if _wants_role(given):
            try:
                role = await self.role(given.channel, given.author.id)
                given = replace(given, author=replace(given.author, role=role))
            except ChatError as error:  # unknown, so a member: by default no
                log.warning("telegram.role_unknown code=%s", error.code)
        if given.kind == "file" and given.addressed:
            given = replace(given, files=await self._download(update))
        return given

    async def _download(self, update: Update) -> tuple[File, ...]:
        """The document of a message; none where it is too large or cannot be had."""
        message = update.effective_message
        document = message.document if message else None
        if document is None or (document.file_size or 0) > limits.FILE:
            return ()
        try:
            file = await self._bot.get_file(document.file_id)
            if (file.file_size or 0) > limits.FILE:
                return ()
            body = bytes(await file.download_as_bytearray())
        except faults.FAILURES as error:
            log.warning("telegram.file_failed %s", faults.explain(error, wrote=False))
            return ()
        name, kind = document.file_name or "", document.mime_type or "application/octet-stream"
        return (File(name=name, content_type=kind, body=body),)


def _wants_role(given: Inbound) -> bool:
    """Whether a member might be more: commands and presses in groups. Plain talk is for all."""
    asks = given.kind in ("press", "file") or given.text.startswith("/")
    return asks and given.addressed and not given.private and given.author.role == "member"


def _number(chat_id: str) -> int | str:
    """A chat's id; channels also go by @name."""
    if chat_id.startswith("@"):
        return chat_id
    try:
        return int(chat_id)
    except ValueError:
        raise MessageRejected(f"{chat_id!r} is no chat of Telegram") from None


def _reply(reply_to: str | None) -> ReplyParameters | None:
    """A reply, sent all the same when what it answers was deleted."""
    if not reply_to or not reply_to.isdigit():
        return None
    return ReplyParameters(int(reply_to), allow_sending_without_reply=True)


def _clipped(text: str) -> str:
    first, _ = cut((Run(text=text),), limits.TEXT, utf16)
    return first[0].text if first else text
