"""The methods of the Web API that the loopback Slack knows.

Sources: https://docs.slack.dev/reference/methods and https://docs.slack.dev/apis/web-api/rate-limits
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.servers import slack_blocks
from tests.servers.slack_world import BOT, BOT_ID, TEAM, Room

if TYPE_CHECKING:
    from tests.servers.slack import SlackServer

TEXT = 40_000  # characters of `text`
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


class Refused(Exception):
    """Slack's error: its name, the HTTP status, headers and the validator's lines."""

    def __init__(
        self,
        error: str,
        lines: Iterable[str] = (),
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(error)
        self.error = error
        self.lines = tuple(lines)
        self.status = status
        self.headers = headers


@dataclass(frozen=True)
class Spec:
    arguments: frozenset[str]
    scope: str = ""
    app: bool = False  # wants the app-level token
    writes: bool = False


def _spec(arguments: str, scope: str = "", *, app: bool = False, writes: bool = False) -> Spec:
    return Spec(frozenset(arguments.split()), scope, app, writes)


_READ = "channel cursor inclusive include_all_metadata latest limit oldest"
METHODS: dict[str, Spec] = {
    "auth.test": _spec(""),
    "apps.connections.open": _spec("", app=True),
    "chat.postMessage": _spec(
        "channel text blocks attachments thread_ts reply_broadcast unfurl_links unfurl_media "
        "mrkdwn link_names parse metadata markdown_text username icon_emoji icon_url",
        "chat:write",
        writes=True,
    ),
    "chat.update": _spec(
        "channel ts text blocks attachments link_names parse metadata reply_broadcast mrkdwn",
        "chat:write",
        writes=True,
    ),
    "chat.postEphemeral": _spec(
        "channel user text blocks attachments thread_ts link_names parse", "chat:write", writes=True
    ),
    "conversations.history": _spec(_READ),
    "conversations.replies": _spec(_READ + " ts"),
    "users.info": _spec("user include_locale", "users:read"),
    "views.open": _spec("trigger_id view", writes=True),
    "views.update": _spec("view view_id external_id hash", writes=True),
    "views.publish": _spec("user_id view hash", writes=True),
}


class Api:
    """What the methods do to the workspace of a server. `paced` allows one post a second for each
    channel; `commercial` reads history once a minute, 15 messages at a time."""

    def __init__(
        self,
        server: SlackServer,
        *,
        paced: bool,
        commercial: bool,
        unsupported: Iterable[str],
    ) -> None:
        self.unsupported = set(unsupported)
        self.strict = False
        self._server = server
        self._paced = paced
        self._commercial = commercial
        self._last: dict[str, datetime] = {}

    async def call(self, method: str, args: dict[str, Any]) -> dict[str, Any]:
        name = method.replace(".", "_").lower()
        answer: dict[str, Any] = await getattr(self, f"_{name}")(args)
        return answer

    # --- who -----------------------------------------------------------------------------------

    async def _auth_test(self, args: dict[str, Any]) -> dict[str, Any]:
        return {
            "url": "https://news.slack.com/",
            "team": "News",
            "user": "news",
            "team_id": TEAM,
            "user_id": BOT,
            "bot_id": BOT_ID,
            "is_enterprise_install": False,
        }

    async def _apps_connections_open(self, args: dict[str, Any]) -> dict[str, Any]:
        base = self._server.url.replace("http", "ws", 1).removesuffix("api/")
        return {"url": f"{base}link?ticket={self._server.sockets.ticket()}&app_id=A1"}

    async def _users_info(self, args: dict[str, Any]) -> dict[str, Any]:
        person = self._server.world.people.get(args.get("user", ""))
        if person is None:
            raise Refused("user_not_found")
        shown = dict(person)
        if args.get("include_locale") not in (True, "1", "true"):
            shown.pop("locale")
        return {"user": shown}

    # --- messages ------------------------------------------------------------------------------

    async def _chat_postmessage(self, args: dict[str, Any]) -> dict[str, Any]:
        room = self._writable(args.get("channel", ""))
        self._pace("post " + room.id, self._paced, SECOND)
        content = self._content(args)
        self._mark(args.get("metadata"))
        thread = args.get("thread_ts")
        if thread is not None:
            self._root(room, thread)
        post = {
            "type": "message",
            "user": BOT,
            "bot_id": BOT_ID,
            "ts": self._server.world.ts(),
            "team": TEAM,
            **content,
            **({"thread_ts": thread} if thread else {}),
            **({"metadata": args["metadata"]} if args.get("metadata") else {}),
        }
        room.posts.append(post)
        await self._echo({**post, "channel": room.id, "channel_type": room.kind})
        return {"channel": room.id, "ts": post["ts"], "message": post}

    async def _chat_update(self, args: dict[str, Any]) -> dict[str, Any]:
        room = self._writable(args.get("channel", ""))
        post = room.find(args.get("ts"))
        if post is None:
            raise Refused("message_not_found")
        if post.get("user") != BOT:
            raise Refused("cant_update_message")
        before = dict(post)
        post.update(self._content(args))
        post["edited"] = {"user": BOT, "ts": self._server.world.ts()}
        await self._echo(
            {
                "type": "message",
                "subtype": "message_changed",
                "hidden": True,
                "channel": room.id,
                "channel_type": room.kind,
                "ts": self._server.world.ts(),
                "message": post,
                "previous_message": before,
            }
        )
        return {"channel": room.id, "ts": post["ts"], "text": post.get("text", "")}

    async def _chat_postephemeral(self, args: dict[str, Any]) -> dict[str, Any]:
        room = self._writable(args.get("channel", ""))
        if args.get("user") not in room.members:
            raise Refused("user_not_in_channel")
        self._content(args)
        return {"message_ts": self._server.world.ts()}

    def _content(self, args: dict[str, Any]) -> dict[str, Any]:
        text, blocks = args.get("text") or "", args.get("blocks")
        if not text and not blocks:
            raise Refused("no_text")
        if blocks and not text:
            self._server.complaints.append("blocks without text: screen readers get nothing")
        if len(text) > TEXT:
            raise Refused("msg_too_long")
        if blocks is not None:
            self._judge(blocks, 50)
        return {"text": text, "blocks": blocks or []}

    def _judge(self, blocks: Any, most: int) -> None:
        error, lines = slack_blocks.judge(
            blocks, most=most, unsupported=self.unsupported, strict=self.strict
        )
        if error:
            raise Refused(error, lines)

    def _mark(self, metadata: Any) -> None:
        if metadata is None:
            return
        payload = metadata.get("event_payload")
        flat = isinstance(payload, dict) and all(
            isinstance(value, str | int | bool) for value in payload.values()
        )
        if set(metadata) != {"event_type", "event_payload"} or not flat:
            raise Refused("invalid_metadata_format")

    def _root(self, room: Room, thread: str) -> None:
        root = room.find(thread)
        if root is None:
            raise Refused("thread_not_found")
        if root.get("thread_ts") not in (None, thread):
            self._server.complaints.append(f"thread_ts {thread} names a reply, not a root")

    def _writable(self, channel: str) -> Room:
        world = self._server.world
        if channel.startswith("U") and channel in world.people:
            channel = world.direct(channel)
        room = world.rooms.get(channel)
        if room is None or (BOT not in room.members and room.kind != "channel"):
            raise Refused("channel_not_found")  # private ones are not told apart from none
        if BOT not in room.members:
            raise Refused("not_in_channel")
        if room.archived:
            raise Refused("is_archived")
        return room

    async def _echo(self, event: dict[str, Any]) -> None:
        """The bot hears of its own messages, too. Nobody waits for its acknowledgement."""
        kinds = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}
        if kinds[event["channel_type"]] in self._server.manifest["events"]:
            await self._server.sockets.put("events_api", self._server.world.event(event))

    # --- reading back --------------------------------------------------------------------------

    async def _conversations_history(self, args: dict[str, Any]) -> dict[str, Any]:
        room = self._readable(args)
        return self._page(self._since(room.top(), args), args)

    async def _conversations_replies(self, args: dict[str, Any]) -> dict[str, Any]:
        room = self._readable(args)
        posts = room.thread(args.get("ts", ""))
        if not posts:
            raise Refused("thread_not_found")
        return self._page([posts[0], *self._since(posts[1:], args)], args)

    def _since(self, posts: list[dict[str, Any]], args: dict[str, Any]) -> list[dict[str, Any]]:
        oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or math.inf)
        return [post for post in posts if oldest < float(post["ts"]) < latest]

    def _readable(self, args: dict[str, Any]) -> Room:
        room = self._server.world.rooms.get(args.get("channel", ""))
        if room is None:
            raise Refused("channel_not_found")
        scope = {"channel": "channels", "group": "groups", "im": "im"}[room.kind] + ":history"
        if scope not in self._server.manifest["scopes"]:
            raise Refused("missing_scope")
        if BOT not in room.members:
            raise Refused("not_in_channel")
        self._pace("read", self._commercial, MINUTE)
        return room

    def _page(self, posts: list[dict[str, Any]], args: dict[str, Any]) -> dict[str, Any]:
        limit = min(int(args.get("limit") or 100), 15 if self._commercial else 999)
        start = int(args.get("cursor") or 0)
        shown = [dict(post) for post in posts[start : start + limit]]
        if args.get("include_all_metadata") not in (True, "1", "true"):
            for post in shown:
                post.pop("metadata", None)
        more = start + limit < len(posts)
        cursor = str(start + limit) if more else ""
        return {
            "messages": shown,
            "has_more": more,
            "response_metadata": {"next_cursor": cursor},
        }

    def _pace(self, what: str, limited: bool, interval: timedelta) -> None:
        now, last = self._server.world.clock(), self._last.get(what)
        if limited and last is not None and now - last < interval:
            wait = math.ceil((last + interval - now).total_seconds())
            raise Refused("ratelimited", status=429, headers={"Retry-After": str(wait)})
        self._last[what] = now

    # --- views ---------------------------------------------------------------------------------

    async def _views_open(self, args: dict[str, Any]) -> dict[str, Any]:
        self._server.spend(args.get("trigger_id", ""))
        return {"view": self._keep(args, f"V{self._server.world.number()}")}

    async def _views_update(self, args: dict[str, Any]) -> dict[str, Any]:
        if args.get("view_id") not in self._server.views:
            raise Refused("not_found")
        return {"view": self._keep(args, args["view_id"])}

    async def _views_publish(self, args: dict[str, Any]) -> dict[str, Any]:
        return {"view": self._keep(args, "H" + args.get("user_id", ""))}

    def _keep(self, args: dict[str, Any], number: str) -> dict[str, Any]:
        view = args.get("view")
        if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
            raise Refused("invalid_arguments")
        title = (view.get("title") or {}).get("text", "")
        if view["type"] == "modal" and not 0 < len(title) <= 24:
            line = "must be less than 25 characters [json-pointer:/view/title/text]"
            raise Refused("invalid_arguments", [line])
        if len(view.get("private_metadata", "")) > 3_000:
            raise Refused("invalid_arguments")
        self._judge(view.get("blocks"), 100)
        self._server.views[number] = {**view, "id": number}
        return self._server.views[number]
