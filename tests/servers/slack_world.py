"""The workspace behind the loopback Slack: people, conversations, messages.

All times come from a clock that the test moves; message timestamps are unique in the workspace.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

MANIFEST = Path(__file__).parents[2] / "slack-manifest.yml"

TEAM, BOT, BOT_ID, APP = "T01", "U0BOT", "B0BOT", "A01"


@dataclass
class Room:
    """A conversation. `kind` is channel, group (private) or im; `posts` are in order."""

    id: str
    kind: str
    members: set[str]
    archived: bool = False
    posts: list[dict[str, Any]] = field(default_factory=list)

    def find(self, ts: str | None) -> dict[str, Any] | None:
        return next((post for post in self.posts if post["ts"] == ts), None)

    def top(self) -> list[dict[str, Any]]:
        """What the channel shows, newest first."""
        return [p for p in reversed(self.posts) if p.get("thread_ts") in (None, p["ts"])]

    def thread(self, root: str) -> list[dict[str, Any]]:
        """A thread, root first."""
        return [p for p in self.posts if root in (p["ts"], p.get("thread_ts"))]


class World:
    """People by id and rooms by id. Everybody is in the room that `channel` makes."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.people: dict[str, dict[str, Any]] = {}
        self.rooms: dict[str, Room] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self._numbers = count(1)
        self.person("U1", name="hanako", locale="ja-JP")
        self.person("U2", name="admin", locale="en-US", is_admin=True)
        self.person("U9", name="guest", locale="zh-TW", team_id="T99", is_admin=True)
        self.person(BOT, name="news", is_bot=True)

    def person(self, user: str, *, name: str, locale: str = "en-US", **more: object) -> None:
        self.people[user] = {
            "id": user,
            "team_id": TEAM,
            "name": name,
            "locale": locale,
            "profile": {"display_name": name, "real_name": name.title()},
            "deleted": False,
            "is_admin": False,
            "is_owner": False,
            "is_bot": False,
            "tz": "Asia/Tokyo",
            **more,
        }

    def channel(self, name: str = "C1", *, kind: str = "channel", bot: bool = True) -> str:
        members = {user for user in self.people if user != BOT or bot}
        self.rooms[name] = Room(name, kind, members)
        return name

    def direct(self, user: str) -> str:
        """The direct messages between a person and the bot."""
        name = "D" + user
        self.rooms.setdefault(name, Room(name, "im", {user, BOT}))
        return name

    def ts(self) -> str:
        return f"{int(self.clock().timestamp())}.{next(self._numbers):06d}"

    def number(self) -> int:
        return next(self._numbers)

    def event(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """An event as Slack wraps it."""
        return {
            "token": "canary-verification",
            "team_id": TEAM,
            "api_app_id": APP,
            "event": dict(event),
            "type": "event_callback",
            "event_id": f"Ev{next(self._numbers):06d}",
            "event_time": int(self.clock().timestamp()),
            "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True}],
        }


def buttons(blocks: Any) -> Iterator[dict[str, Any]]:
    """The buttons of a message, in reading order."""
    for block in blocks or ():
        if block["type"] == "actions":
            yield from block["elements"]
        yield from buttons(block.get("child_blocks"))


def visible(blocks: Any) -> str:
    """All text that blocks show, in order, one space between pieces of different blocks."""
    return " ".join("".join(_pieces(block)) for block in blocks or ())


def _pieces(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for child in node:
            yield from _pieces(child)
    elif isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node["text"]
        for key in ("title", "text", "fields", "rows", "elements", "child_blocks"):
            if not isinstance(node.get(key), str):
                yield from _pieces(node.get(key))


def manifest(path: Path = MANIFEST) -> dict[str, set[str]]:
    """The scopes, events and commands of the manifest, read line by line."""
    lines = [line.partition(" #")[0].rstrip() for line in path.read_text("utf-8").splitlines()]
    found: dict[str, set[str]] = {"scopes": set(), "events": set(), "commands": set()}
    under = ""
    for line in lines:
        key = re.fullmatch(r"\s*(\w+):", line)
        if key:
            under = {"bot": "scopes", "bot_events": "events"}.get(key[1], "")
        elif under and (item := re.fullmatch(r"\s*- (\S+)", line)):
            found[under].add(item[1])
        elif command := re.fullmatch(r"\s*- command: (\S+)", line):
            found["commands"].add(command[1])
    return found
