"""The methods of the Bot API that the loopback server knows, with the errors that it gives.

Sources: https://core.telegram.org/bots/api and the texts of tdlib/telegram-bot-api, Client.cpp
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tests.servers.telegram_html import Invalid, parse, utf16
from tests.servers.telegram_world import BOT, BOT_ID, Json, Room

if TYPE_CHECKING:
    from tests.servers.telegram import TelegramServer

TEXT, CAPTION, RAW = 4096, 1024, 32_768  # UTF-16 units, UTF-16 units, bytes
CALLBACK = timedelta(seconds=15)  # an answer after that is too late
LANGUAGES = {"", "en", "ja", "zh", "ru", "de", "fr", "es"}

_SEND = (
    "chat_id message_thread_id disable_notification protect_content reply_parameters reply_markup"
)
METHODS: dict[str, frozenset[str]] = {
    name: frozenset(arguments.split())
    for name, arguments in {
        "getMe": "",
        "getUpdates": "offset limit timeout allowed_updates",
        "deleteWebhook": "drop_pending_updates",
        "setMyCommands": "commands scope language_code",
        "sendMessage": f"{_SEND} text parse_mode entities link_preview_options",
        "sendDocument": f"{_SEND} document caption parse_mode caption_entities",
        "sendChatAction": "chat_id message_thread_id action",
        "editMessageText": "chat_id message_id text parse_mode entities reply_markup "
        "link_preview_options",
        "answerCallbackQuery": "callback_query_id text show_alert url cache_time",
        "getChatMember": "chat_id user_id",
        "getChatAdministrators": "chat_id",
        "getChat": "chat_id",
        "getFile": "file_id",
        "leaveChat": "chat_id",
    }.items()
}


class Refused(Exception):
    """An error of the API. `description` as Telegram words it, its prefix included."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, int] | None = None):
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad(description: str) -> Refused:
    return Refused(400, f"Bad Request: {description}")


class Rates:
    """429 where more comes than Telegram puts up with: 30 a second in all, one a second to a chat,
    20 a minute to a group."""

    def __init__(self, tick: Callable[[], float]) -> None:
        self._tick = tick
        self._turns: dict[str, deque[float]] = {}

    def take(self, room: Room) -> None:
        limits = [("all", 30, 1.0), (f"{room.id}", 1, 1.0)]
        if room.kind in ("group", "supergroup"):
            limits.append((f"{room.id} minute", 20, 60.0))
        now = self._tick()
        for name, most, seconds in limits:
            turns = self._turns.setdefault(name, deque(maxlen=most))
            if len(turns) == most and now - turns[0] < seconds - 1e-6:
                wait = int(turns[0] + seconds - now) + 1
                raise Refused(429, f"Too Many Requests: retry after {wait}", {"retry_after": wait})
        for name, _, _ in limits:
            self._turns[name].append(now)


class Api:
    """The methods. Each takes the arguments of the call and gives its result or raises Refused."""

    def __init__(self, server: TelegramServer, *, rates: Rates | None) -> None:
        self.server = server
        self.world = server.world
        self.rates = rates
        self.menus: dict[str, list[Json]] = {}

    async def call(self, method: str, args: Json) -> Any:
        return await getattr(self, f"_{method}")(args)

    async def _getMe(self, args: Json) -> Json:  # noqa: N802
        return {
            **BOT,
            "can_join_groups": True,
            "can_read_all_group_messages": not self.world.privacy,
            "supports_inline_queries": False,
        }

    async def _getUpdates(self, args: Json) -> list[Json]:  # noqa: N802
        return await self.server.poll(
            int(args.get("offset", 0)), float(args.get("timeout", 0)), args.get("allowed_updates")
        )

    async def _deleteWebhook(self, args: Json) -> bool:  # noqa: N802
        return True

    async def _setMyCommands(self, args: Json) -> bool:  # noqa: N802
        lang = str(args.get("language_code", ""))
        if lang not in LANGUAGES:
            raise bad("invalid language code specified")
        for command in args["commands"]:
            if not command["command"].replace("_", "").isalnum() or len(command["command"]) > 32:
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self.menus[lang] = args["commands"]
        return True

    # --- posting -------------------------------------------------------------------------------

    async def _sendMessage(self, args: Json) -> Json:  # noqa: N802
        text, entities = self._text(args, "text", TEXT)
        return self._posted(args, text=text, entities=entities or None)

    async def _sendDocument(self, args: Json) -> Json:  # noqa: N802
        caption, entities = self._text(args, "caption", CAPTION)
        name, body = args["document"]
        number = f"file{self.world.number()}"
        self.world.files[number] = (name, body)
        return self._posted(
            args,
            caption=caption or None,
            caption_entities=entities or None,
            document=document(number, name, body, "application/octet-stream"),
        )

    def _posted(self, args: Json, **content: Any) -> Json:
        room = self._place(args)
        thread = self._thread(room, args)
        answered = self._answered(room, args)
        markup = self._markup(args)
        if self.rates is not None:
            self.rates.take(room)
        made = self.world.message(
            room,
            thread=thread,
            reply_to_message=answered,
            reply_markup=markup,
            **{"sender_chat": room.summary} if room.kind == "channel" else {},
            **content,
        )
        made["from"] = BOT
        return made

    async def _editMessageText(self, args: Json) -> Json:  # noqa: N802
        text, entities = self._text(args, "text", TEXT)
        room = self._place(args)
        message = room.messages.get(int(args["message_id"]))
        if message is None:
            raise bad("message to edit not found")
        if message.get("from", {}).get("id") != BOT_ID:
            raise bad("message can't be edited")
        changed: Json = {"text": text, "entities": entities, "reply_markup": self._markup(args)}
        before = {key: message.get(key) for key in changed}
        if {**before, "entities": before["entities"] or []} == changed:
            raise bad(
                "message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message"
            )
        if self.rates is not None:
            self.rates.take(room)
        message |= changed | {"edit_date": self.world.date()}
        return {key: value for key, value in message.items() if value}

    async def _sendChatAction(self, args: Json) -> bool:  # noqa: N802
        self._thread(self._place(args), args)
        return True

    async def _answerCallbackQuery(self, args: Json) -> bool:  # noqa: N802
        asked = self.world.queries.pop(str(args["callback_query_id"]), None)
        if asked is None or self.world.clock() - asked > CALLBACK:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        return True

    # --- asking --------------------------------------------------------------------------------

    async def _getChat(self, args: Json) -> Json:  # noqa: N802
        room = self._known(args)
        return {**room.summary, "accent_color_id": 0, "max_reaction_count": 11}

    async def _getChatMember(self, args: Json) -> Json:  # noqa: N802
        room, user = self._known(args), int(args["user_id"])
        return self._member(room, user)

    async def _getChatAdministrators(self, args: Json) -> list[Json]:  # noqa: N802
        room = self._known(args)
        if room.kind == "private":
            raise bad("there are no administrators in the private chat")
        return [self._member(room, user) for user in sorted(room.admins)]

    async def _getFile(self, args: Json) -> Json:  # noqa: N802
        number = str(args["file_id"])
        if number not in self.world.files:
            raise bad("wrong file_id or the file is temporarily unavailable")
        _, body = self.world.files[number]
        if len(body) > 20_000_000:
            raise bad("file is too big")
        return {
            "file_id": number,
            "file_unique_id": number,
            "file_size": len(body),
            "file_path": f"documents/{number}",
        }

    async def _leaveChat(self, args: Json) -> bool:  # noqa: N802
        self._place(args).state = "left"
        return True

    def _member(self, room: Room, user: int) -> Json:
        person = self.world.people.get(user) or self.world.person(user)
        if user not in room.admins:
            return {"user": person, "status": "member"}
        rights = dict.fromkeys(
            "can_be_edited can_manage_chat can_delete_messages can_manage_video_chats "
            "can_restrict_members can_promote_members can_change_info can_invite_users "
            "can_post_stories can_edit_stories can_delete_stories is_anonymous".split(),
            False,
        )
        return {"user": person, "status": "administrator", **rights}

    # --- checks --------------------------------------------------------------------------------

    def _known(self, args: Json) -> Room:
        room = self.world.find(args["chat_id"])
        if room is None:
            raise bad("chat not found")
        if room.state in ("left", "kicked") and room.kind != "private":
            raise Refused(403, f"Forbidden: bot is not a member of the {room.kind} chat")
        return room

    def _place(self, args: Json) -> Room:
        """The chat, if the bot may post there."""
        room = self.world.find(args["chat_id"])
        if room is None:
            raise bad("chat not found")
        if room.moved_to is not None:
            raise Refused(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                {"migrate_to_chat_id": room.moved_to},
            )
        if room.refusal:
            raise Refused(403 if room.refusal.startswith("Forbidden") else 400, room.refusal)
        if room.state == "kicked" and room.kind == "private":
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if room.state in ("left", "kicked"):
            raise Refused(403, f"Forbidden: bot was kicked from the {room.kind} chat")
        if room.kind == "channel" and room.state != "administrator":
            raise bad("need administrator rights in the channel chat")
        return room

    def _thread(self, room: Room, args: Json) -> int | None:
        """The topic; General has no id that may be given.

        Source: https://github.com/tdlib/telegram-bot-api/issues/447
        """
        if args.get("message_thread_id") is None:
            return None
        thread = int(args["message_thread_id"])
        if room.topics.get(thread) == "closed":
            raise bad("TOPIC_CLOSED")
        if thread not in room.topics:
            raise bad("message thread not found")
        return thread

    def _answered(self, room: Room, args: Json) -> Json | None:
        given = args.get("reply_parameters")
        if given is None:
            return None
        found = room.messages.get(int(given["message_id"]))
        if found is None and not given.get("allow_sending_without_reply"):
            raise bad("message to be replied not found")
        if found is None:
            return None
        return {k: v for k, v in found.items() if k not in ("reply_to_message", "reply_markup")}

    def _text(self, args: Json, key: str, limit: int) -> tuple[str, list[Json]]:
        raw = str(args.get(key, ""))
        if len(raw.encode()) > RAW:
            raise bad("text is too long")
        text, entities = raw, list[Json]()
        mode = args.get("parse_mode")
        if mode == "HTML":
            try:
                text, entities = parse(raw)
            except Invalid as error:
                raise bad(f"can't parse entities: {error}") from None
        elif mode is not None:
            raise bad("unsupported parse_mode")
        self._nested(entities)
        text = text.strip()
        if not text and key == "text":
            raise bad("message text is empty")
        if utf16(text) > limit:
            raise bad("message is too long" if key == "text" else "message caption is too long")
        return text, entities

    def _nested(self, entities: list[Json]) -> None:
        """What Telegram would drop in silence."""
        quotes = [e for e in entities if "blockquote" in e["type"]]
        for one, two in pairwise(quotes):
            if two["offset"] < one["offset"] + one["length"]:
                self.server.complaints.append("a blockquote in a blockquote")
        if len(entities) > 100:
            self.server.complaints.append(f"{len(entities)} entities, 100 are kept")

    def _markup(self, args: Json) -> Json | None:
        given: Json | None = args.get("reply_markup")
        if given is None:
            return None
        rows = given["inline_keyboard"]
        if sum(map(len, rows)) > 100 or any(len(row) > 8 for row in rows):
            self.server.complaints.append("too many buttons")
        for button in (b for row in rows for b in row):
            if not button["text"]:
                raise bad("text buttons are not allowed to be empty")
            data = button.get("callback_data")
            if data is not None and not 1 <= len(data.encode()) <= 64:
                raise bad("BUTTON_DATA_INVALID")
            if data is None and not str(button.get("url", "")).startswith(("http://", "https://")):
                raise bad("BUTTON_URL_INVALID")
        return given


def document(number: str, name: str, body: bytes, kind: str) -> Json:
    return {
        "file_id": number,
        "file_unique_id": number,
        "file_name": name,
        "mime_type": kind,
        "file_size": len(body),
    }


def arguments(given: Mapping[str, Any]) -> Json:
    """Arguments as they are meant: a form carries objects and lists as JSON."""
    structured = (
        "reply_parameters reply_markup link_preview_options commands scope allowed_updates entities"
    ).split()
    found = dict(given)
    for key in structured:
        if isinstance(found.get(key), str):
            found[key] = json.loads(found[key])
    return found
