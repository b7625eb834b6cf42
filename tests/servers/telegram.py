"""A loopback Bot API server, and the people on the other side.

    async with TelegramServer(clock=clock) as tg:
        chat = Telegram(tg.token, base_url=tg.url, proxy=None, clock=clock)
        tg.world.private(7)
        await tg.say(7, 7, "/subscribe")

Calls are checked as Telegram checks them: the token, chats and membership, topics, HTML with byte
offsets, lengths in UTF-16, buttons, replies, edits, one poller at a time, and (`paced`) the rates
on the test's clock. What Telegram would put up with in silence, such as an argument that it does
not know, is a complaint, and complaints fail the test at `__aexit__`.
"""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.servers.telegram_methods import METHODS, Api, Rates, Refused, arguments, document
from tests.servers.telegram_world import BOT, BOT_ID, BOT_NAME, Json, Room, World, entities

CONFLICT = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


@dataclass(frozen=True)
class Call:
    method: str
    args: Json
    at: float


@dataclass(frozen=True)
class Fault:
    """What a planned call does instead: an error `code` with `description` and `parameters`, a cut
    `before` or `after` the work, a `lag` in seconds after it, a `body` that is no JSON."""

    code: int = 0
    description: str = ""
    parameters: Mapping[str, int] | None = None
    before: bool = False
    after: bool = False
    lag: float = 0.0
    body: str | None = None


def flood(seconds: int) -> Fault:
    described = f"Too Many Requests: retry after {seconds}"
    return Fault(429, described, {"retry_after": seconds})


class TelegramServer:
    """See the module. `calls` are the calls received; `plan` says what comes of the next ones."""

    token = "123456:canary-telegram-token-0123456789"

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        tick: Callable[[], float] | None = None,
        paced: bool = False,
    ) -> None:
        self.world = World(clock)
        self.calls: list[Call] = []
        self.complaints: list[str] = []
        self.url = ""
        self.revoked = False
        self._tick = tick or (lambda: clock().timestamp())
        self.api = Api(self, rates=Rates(self._tick) if paced else None)
        self._plans: dict[str, deque[Fault | None]] = defaultdict(deque)
        self._news = asyncio.Event()
        self._poll: asyncio.Future[None] | None = None
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None

    # --- life ----------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=30_000_000)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._news.set()
        assert self._runner is not None
        await self._runner.cleanup()
        assert error is not None or not self.complaints, self.complaints

    def plan(self, method: str, *faults: Fault | None) -> None:
        """What comes of the next calls of a method, in order; None is the ordinary course."""
        self._plans[method].extend(faults)

    def made(self, method: str) -> list[Json]:
        """The arguments of the calls of a method."""
        return [call.args for call in self.calls if call.method == method]

    # --- HTTP ----------------------------------------------------------------------------------

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != self.token or self.revoked:
            return _failed(Refused(401, "Unauthorized"))
        if method not in METHODS:
            self.complaints.append(f"{method} is no method that this server knows")
            return _failed(Refused(404, "Not Found"))
        args = await _arguments(request)
        self.calls.append(Call(method, args, self._tick()))
        if unknown := set(args) - METHODS[method]:
            self.complaints.append(f"{method} knows no {', '.join(sorted(unknown))}")
        return await self._answered(request, method, args)

    async def _answered(self, request: web.Request, method: str, args: Json) -> web.StreamResponse:
        fault = self._plans[method].popleft() if self._plans[method] else Fault()
        fault = fault or Fault()
        if fault.body is not None:
            return web.Response(text=fault.body, status=fault.code or 200)
        if fault.code:
            return _failed(Refused(fault.code, fault.description, fault.parameters))
        if fault.before:
            return _cut(request)
        try:
            result = await self.api.call(method, args)
        except Refused as refused:
            return _failed(refused)
        if fault.lag:
            await asyncio.wait([asyncio.ensure_future(self._closing.wait())], timeout=fault.lag)
        return _cut(request) if fault.after else web.json_response({"ok": True, "result": result})

    async def _file(self, request: web.Request) -> web.StreamResponse:
        number = request.match_info["path"].removeprefix("documents/")
        if request.match_info["token"] != self.token or number not in self.world.files:
            return _failed(Refused(404, "Not Found"))
        return web.Response(body=self.world.files[number][1])

    async def poll(self, offset: int, seconds: float, kinds: Iterable[str] | None) -> list[Json]:
        """getUpdates: confirms what is before `offset`, waits for more, ends another poll."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(Refused(409, CONFLICT))
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        mine.add_done_callback(lambda future: future.cancelled() or future.exception())
        self._poll = mine
        world = self.world
        world.updates = [u for u in world.updates if u["update_id"] >= offset]
        if kinds:
            world.updates = [u for u in world.updates if set(u) & set(kinds)]
        end = asyncio.get_running_loop().time() + seconds
        while not world.updates and not self._closing.is_set():
            left = end - asyncio.get_running_loop().time()
            if left <= 0:
                break
            self._news.clear()
            news = asyncio.ensure_future(self._news.wait())
            both: list[asyncio.Future[Any]] = [news, mine]
            await asyncio.wait(both, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            news.cancel()
            if mine.done():
                mine.result()
        mine.cancel()
        return world.updates[:100]

    # --- people --------------------------------------------------------------------------------

    async def say(
        self,
        chat: int,
        user: int,
        text: str,
        *,
        reply_to: int | None = None,
        thread: int | None = None,
        **more: Any,
    ) -> int:
        """A person writes. Gives the message's id; the bot gets it where privacy lets it."""
        room = self.world.rooms[chat]
        message = self.world.message(
            room,
            thread=thread,
            **self.world.author(room, user),
            text=text,
            entities=entities(text) or None,
            reply_to_message=_quotable(room, reply_to),
            **more,
        )
        self._tell(room, "channel_post" if room.kind == "channel" else "message", message)
        return int(message["message_id"])

    async def upload(
        self,
        chat: int,
        user: int,
        name: str,
        body: bytes,
        *,
        caption: str | None = None,
        kind: str = "text/xml",
    ) -> int:
        """A person sends a document."""
        room, number = self.world.rooms[chat], f"file{self.world.number()}"
        self.world.files[number] = (name, body)
        message = self.world.message(
            room,
            **self.world.author(room, user),
            caption=caption,
            caption_entities=entities(caption or "") or None,
            document=document(number, name, body, kind),
        )
        self._tell(room, "message", message)
        return int(message["message_id"])

    async def edit(self, chat: int, message_id: int, text: str) -> None:
        """A person changes what they wrote."""
        room = self.world.rooms[chat]
        message = room.messages[message_id]
        message |= {"text": text, "edit_date": self.world.date()}
        message["entities"] = entities(text)
        kind = "edited_channel_post" if room.kind == "channel" else "edited_message"
        self._tell(room, kind, message)

    async def press(self, chat: int, message_id: int, label: str, user: int) -> str:
        """A person presses the button that bears the label. Gives the query's id."""
        message = self.world.rooms[chat].messages[message_id]
        rows = message["reply_markup"]["inline_keyboard"]
        button = next(b for row in rows for b in row if b["text"] == label)
        query = f"q{self.world.number()}"
        self.world.queries[query] = self.world.clock()
        content = {
            "id": query,
            "from": self.world.people.get(user) or self.world.person(user),
            "message": message,
            "chat_instance": str(chat),
            "data": button["callback_data"],
        }
        self.emit("callback_query", content)
        return query

    async def migrate(self, chat: int, new: int) -> Room:
        """A group becomes a supergroup; both chats say so."""
        old = self.world.rooms[chat]
        old.moved_to = new
        room = self.world.supergroup(new, admins=old.admins, title=old.title)
        by = self.world.author(old, min(old.admins, default=1))
        self.emit("message", self.world.message(old, **by, migrate_to_chat_id=new))
        self.emit("message", self.world.message(room, **by, migrate_from_chat_id=chat))
        return room

    async def block(self, user: int) -> None:
        self._member(self.world.rooms[user], user, "kicked")

    async def unblock(self, user: int) -> None:
        self._member(self.world.rooms[user], user, "member")

    async def add_bot(self, chat: int, by: int, *, state: str = "member") -> None:
        self._member(self.world.rooms[chat], by, state)

    async def remove_bot(self, chat: int, by: int) -> None:
        self._member(self.world.rooms[chat], by, "kicked")

    def emit(self, kind: str, content: Json) -> int:
        """Queue any update."""
        identity = self.world.update(kind, content)
        self._news.set()
        return identity

    def _tell(self, room: Room, kind: str, message: Json) -> None:
        if self.world.sees(room, message):
            self.emit(kind, message)

    def _member(self, room: Room, by: int, state: str) -> None:
        old, room.state = room.state, state
        content = {
            "chat": room.summary,
            "from": self.world.people.get(by) or self.world.person(by),
            "date": self.world.date(),
            "old_chat_member": _membership(old),
            "new_chat_member": _membership(state),
        }
        self.emit("my_chat_member", content)


def _membership(state: str) -> Json:
    if state == "kicked":
        return {"user": BOT, "status": "kicked", "until_date": 0}
    if state != "administrator":
        return {"user": BOT, "status": state}
    rights = (
        "can_be_edited can_manage_chat can_delete_messages can_manage_video_chats "
        "can_restrict_members can_promote_members can_change_info can_invite_users "
        "can_post_stories can_edit_stories can_delete_stories is_anonymous"
    )
    return {"user": BOT, "status": state, **dict.fromkeys(rights.split(), False)}


def _quotable(room: Room, message_id: int | None) -> Json | None:
    if message_id is None:
        return None
    found = room.messages[message_id]
    return {k: v for k, v in found.items() if k != "reply_to_message"}


async def _arguments(request: web.Request) -> Json:
    found: Json = dict(request.query)
    if request.content_type == "application/json" and (body := await request.read()):
        found |= json.loads(body)
    elif request.can_read_body:
        for key, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                found[key] = (value.filename, value.file.read())
            else:
                found[key] = value
    return arguments(found)


def _cut(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def _failed(refused: Refused) -> web.StreamResponse:
    body: Json = {"ok": False, "error_code": refused.code, "description": refused.description}
    if refused.parameters:
        body["parameters"] = dict(refused.parameters)
    return web.json_response(body, status=refused.code)


__all__ = ["BOT", "BOT_ID", "BOT_NAME", "Call", "Fault", "TelegramServer", "flood"]
