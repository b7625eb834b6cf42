"""A loopback Slack: Web API, Socket Mode, and the people on the other side.

    async with SlackServer(clock=clock) as slack:
        chat = Slack(slack.bot_token, slack.app_token, base_url=slack.url, clock=clock)
        ...
        await slack.say("C1", "U1", "<@U0BOT> how many chips?")

Calls are checked as Slack checks them: token and scopes (those of the manifest), form and JSON,
GET and POST, membership, threads, Block Kit (`slack_blocks`), rates on the test's clock. What Slack
would put up with in silence, such as an argument that it does not know, is a complaint, and
complaints fail the test at `__aexit__`.
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

from tests.servers.slack_methods import METHODS, Api, Refused
from tests.servers.slack_socket import Envelope, Sockets
from tests.servers.slack_world import APP, BOT, BOT_ID, TEAM, Room, World, buttons, manifest

TRIGGER = 3.0  # seconds that a trigger_id is good for
RESPONSES, RESPONSE_TIME = 5, 1_800  # uses and seconds of a response_url


@dataclass(frozen=True)
class Call:
    method: str
    args: dict[str, Any]
    verb: str


@dataclass(frozen=True)
class Fault:
    """What a planned call does instead: `error` (with `status`, `headers`, `lines`), a cut `before`
    or `after` the work, a `lag` in seconds after it, a `body` that is no JSON."""

    error: str = ""
    status: int = 200
    headers: Mapping[str, str] | None = None
    lines: tuple[str, ...] = ()
    before: bool = False
    after: bool = False
    lag: float = 0.0
    body: str | None = None
    content_type: str = "text/html"


def limited(seconds: int) -> Fault:
    return Fault(error="ratelimited", status=429, headers={"Retry-After": str(seconds)})


class SlackServer:
    """See the module. `calls` are the calls received; `plan` says what comes of the next ones."""

    bot_token = "xoxb-canary-bot-token"
    app_token = "xapp-canary-app-token"
    signing_secret = "canary-signing-secret"

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        ack: float = 3.0,
        paced: bool = False,
        commercial: bool = False,
        unsupported: Iterable[str] = (),
        strict: bool = False,
    ) -> None:
        self.world = World(clock)
        self.sockets = Sockets(ack=ack)
        self.manifest = manifest()
        self.calls: list[Call] = []
        self.complaints: list[str] = []
        self.answers: list[dict[str, Any]] = []  # what came to response_urls
        self.views: dict[str, dict[str, Any]] = {}
        self.revoked = ""  # the error that every token gives, when it is no good any more
        self.api = Api(self, paced=paced, commercial=commercial, unsupported=unsupported)
        self.api.strict = strict
        self.url = ""
        self._plans: dict[str, deque[Fault | None]] = defaultdict(deque)
        self._triggers: dict[str, datetime] = {}
        self._uses: dict[str, list[datetime]] = {}
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None

    # --- life ----------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._call)
        app.router.add_get("/link", self.sockets.serve)
        app.router.add_get("/files/{id}", self._file)
        app.router.add_post("/response/{id}", self._response)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/api/"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        await self.sockets.close()
        assert self._runner is not None
        await self._runner.cleanup()
        assert error is not None or not self.complaints, self.complaints

    def plan(self, method: str, *faults: Fault | None) -> None:
        """What comes of the next calls of a method, in order; None is the ordinary course."""
        self._plans[method].extend(faults)

    def made(self, method: str) -> list[dict[str, Any]]:
        """The arguments of the calls of a method."""
        return [call.args for call in self.calls if call.method == method]

    # --- HTTP ----------------------------------------------------------------------------------

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        args = await _arguments(request)
        self.calls.append(Call(method, args, request.method))
        fault = self._plans[method].popleft() if self._plans[method] else None
        if fault and (fault.error or fault.body is not None):
            return _failed(fault)
        if fault and fault.before:
            return self._cut(request)
        try:
            self._admit(method, request, args)
            answer = {"ok": True, **await self.api.call(method, args)}
        except Refused as refused:
            return _failed(Fault(refused.error, refused.status, refused.headers, refused.lines))
        if fault and fault.lag:
            await asyncio.wait([asyncio.ensure_future(self._closing.wait())], timeout=fault.lag)
        if fault and fault.after:
            return self._cut(request)
        return web.json_response(answer)

    def _cut(self, request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    def _admit(self, method: str, request: web.Request, args: dict[str, Any]) -> None:
        """The method, its arguments and the token with its scopes."""
        spec = METHODS.get(method)
        if spec is None:
            self.complaints.append(f"{method} is no method")
            raise Refused("unknown_method")
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        token = given or args.pop("token", "")
        if not token:
            raise Refused("not_authed")
        if self.revoked:
            raise Refused(self.revoked)
        if token != (self.app_token if spec.app else self.bot_token):
            raise Refused("invalid_auth")
        unknown = set(args) - spec.arguments
        if unknown:
            self.complaints.append(f"{method} knows no {', '.join(sorted(unknown))}")
        if request.method == "GET" and spec.writes:
            self.complaints.append(f"{method} by GET")
        if spec.scope and spec.scope not in self.manifest["scopes"]:
            raise Refused("missing_scope")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {self.bot_token}":
            return web.Response(status=302, headers={"Location": "/login"})
        name, body = self.world.files[request.match_info["id"]]
        if "files:read" not in self.manifest["scopes"]:
            return web.Response(status=403)
        if name == "cut.opml":
            return self._cut(request)
        return web.Response(body=body)

    async def _response(self, request: web.Request) -> web.StreamResponse:
        if self._plans["response"] and self._plans["response"].popleft():
            return self._cut(request)
        uses = self._uses[request.match_info["id"]]
        age = (self.world.clock() - uses[0]).total_seconds()
        if age > RESPONSE_TIME or len(uses) > RESPONSES:
            return web.Response(status=404, text="expired_url")
        uses.append(self.world.clock())
        self.answers.append(await request.json())
        return web.Response(text="ok")

    # --- people --------------------------------------------------------------------------------

    async def say(
        self,
        channel: str,
        user: str,
        text: str,
        *,
        thread: str | None = None,
        files: Iterable[tuple[str, str, bytes]] = (),
        **more: Any,
    ) -> str:
        """A person writes. Naming the bot makes two events, app_mention first. Files are name,
        media type, body. Gives the message's ts when the bot has acknowledged."""
        room = self.world.rooms[channel]
        post = {"type": "message", "user": user, "text": text, "ts": self.world.ts(), **more}
        if thread is not None:
            root = room.find(thread)
            assert root is not None
            post |= {"thread_ts": thread, "parent_user_id": root.get("user", "")}
        shared = [self._share(*file) for file in files]
        if shared:
            post |= {"files": shared, "subtype": "file_share"}
        room.posts.append(post)
        event = {**post, "channel": channel, "channel_type": room.kind, "event_ts": post["ts"]}
        if f"<@{BOT}>" in text and room.kind != "im" and BOT in room.members:
            named = {k: v for k, v in event.items() if k not in ("channel_type", "subtype")}
            await self.emit({**named, "type": "app_mention"})
        if BOT in room.members:
            await self.emit(event)
        return str(post["ts"])

    async def command(
        self, channel: str, user: str, text: str = "", *, command: str = "/news"
    ) -> str:
        """A person uses the slash command. Gives the response_url."""
        url = self._response_url()
        kind = self.world.rooms[channel].kind
        assert command in self.manifest["commands"]
        payload = {
            "token": "canary-verification",
            "team_id": TEAM,
            "team_domain": "news",
            "channel_id": channel,
            "channel_name": "directmessage" if kind == "im" else "general",
            "user_id": user,
            "user_name": self.world.people[user]["name"],
            "command": command,
            "text": text,
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "response_url": url,
            "trigger_id": self._trigger(),
        }
        await self._done(await self.sockets.put("slash_commands", payload))
        return url

    async def press(self, channel: str, ts: str, label: str, user: str) -> str:
        """A person presses the button of a message that bears the label. Gives the trigger_id."""
        post = self.world.rooms[channel].find(ts)
        assert post is not None
        button = next(b for b in buttons(post.get("blocks")) if b["text"]["text"] == label)
        action = {**button, "block_id": "b1", "action_ts": self.world.ts()}
        payload = {
            "type": "block_actions",
            "channel": {"id": channel, "name": "general"},
            "message": post,
            "container": {"type": "message", "message_ts": ts, "channel_id": channel},
            "state": {"values": {}},
            "response_url": self._response_url(),
            "actions": [action],
            **self._interaction(user),
        }
        await self._done(await self.sockets.put("interactive", payload))
        return str(payload["trigger_id"])

    async def submit(
        self, user: str, callback: str, values: Mapping[str, Mapping[str, Any]], metadata: str = ""
    ) -> None:
        """A person sends a modal. `values` are the states of its elements by action_id."""
        state = {f"block-{name}": {name: dict(value)} for name, value in values.items()}
        view = {
            "id": f"V{self.world.number()}",
            "type": "modal",
            "callback_id": callback,
            "private_metadata": metadata,
            "state": {"values": state},
        }
        payload = {"type": "view_submission", "view": view, **self._interaction(user)}
        await self._done(await self.sockets.put("interactive", payload))

    async def invite(self, channel: str, user: str = BOT, by: str = "U2") -> None:
        self.world.rooms[channel].members.add(user)
        await self.emit(
            {
                "type": "member_joined_channel",
                "user": user,
                "channel": channel,
                "channel_type": "C",
                "team": TEAM,
                "inviter": by,
            }
        )

    async def remove(self, channel: str, by: str = "U2") -> None:
        self.world.rooms[channel].members.discard(BOT)
        await self.emit({"type": "channel_left", "channel": channel, "actor_id": by})

    async def archive(self, channel: str, by: str = "U2") -> None:
        self.world.rooms[channel].archived = True
        await self.emit({"type": "channel_archive", "channel": channel, "user": by})

    async def emit(self, event: Mapping[str, Any]) -> Envelope | None:
        """Send an event, if the manifest subscribes to it, and wait until it is acknowledged."""
        kind = event["type"]
        if kind == "message":
            kind = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}[
                event["channel_type"]
            ]
        if kind not in self.manifest["events"]:
            return None
        return await self._done(await self.sockets.put("events_api", self.world.event(event)))

    # --- small things --------------------------------------------------------------------------

    async def _done(self, envelope: Envelope) -> Envelope:
        """When an app has acknowledged; at once where none was ever connected."""
        if not self.sockets.opened:
            return envelope
        async with asyncio.timeout(20):
            await envelope.done.wait()
        return envelope

    def _share(self, name: str, kind: str, body: bytes) -> dict[str, Any]:
        number = f"F{self.world.number()}"
        self.world.files[number] = (name, body)
        address = self.url.removesuffix("api/") + f"files/{number}"
        return {
            "id": number,
            "name": name,
            "mimetype": kind,
            "size": len(body),
            "url_private": address,
            "url_private_download": address,
        }

    def _interaction(self, user: str) -> dict[str, Any]:
        return {
            "user": {"id": user, "name": self.world.people[user]["name"], "team_id": TEAM},
            "team": {"id": TEAM, "domain": "news"},
            "api_app_id": APP,
            "token": "canary-verification",
            "trigger_id": self._trigger(),
        }

    def _trigger(self) -> str:
        made = f"{self.world.number()}.{self.world.number()}.canarytrigger"
        self._triggers[made] = self.world.clock()
        return made

    def spend(self, trigger: str) -> None:
        """Use a trigger_id: once, within three seconds."""
        begun = self._triggers.pop(trigger, None)
        if begun is None:
            raise Refused("invalid_trigger_id")
        if (self.world.clock() - begun).total_seconds() > TRIGGER:
            raise Refused("expired_trigger_id")

    def _response_url(self) -> str:
        number = str(self.world.number())
        self._uses[number] = [self.world.clock()]
        return self.url.removesuffix("api/") + f"response/{number}"


async def _arguments(request: web.Request) -> dict[str, Any]:
    """The arguments, from the query, a form or JSON; forms carry JSON in some of them."""
    found: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json" and (body := await request.read()):
        found |= json.loads(body)
    elif request.can_read_body:
        found |= {key: str(value) for key, value in (await request.post()).items()}
    for key in ("blocks", "metadata", "view", "attachments"):
        if isinstance(found.get(key), str):
            found[key] = json.loads(found[key])
    return found


def _failed(fault: Fault) -> web.StreamResponse:
    if fault.body is not None:
        return web.Response(text=fault.body, status=fault.status, content_type=fault.content_type)
    body: dict[str, Any] = {"ok": False, "error": fault.error}
    if fault.lines:
        body["errors"] = list(fault.lines)
        body["response_metadata"] = {"messages": [f"[ERROR] {line}" for line in fault.lines]}
    return web.json_response(body, status=fault.status, headers=fault.headers)


__all__ = ["BOT", "BOT_ID", "TEAM", "Fault", "Room", "SlackServer", "limited", "manifest"]
