"""The chats, people and messages behind the loopback Bot API server."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

BOT_ID, BOT_NAME = 4242, "digest_test_bot"
BOT = {"id": BOT_ID, "is_bot": True, "first_name": "Digest", "username": BOT_NAME}
ANONYMOUS = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
COMMAND = re.compile(r"/\w+(?:@(\w+))?(?=\s|$)")

Kind = Literal["private", "group", "supergroup", "channel"]
Json = dict[str, Any]


@dataclass
class Room:
    """One chat. `state` is the bot's membership; `refusal` what comes of every post (an error as
    Telegram words it, such as "Forbidden: bot was blocked by the user")."""

    id: int
    kind: Kind
    title: str = ""
    forum: bool = False
    admins: set[int] = field(default_factory=set)
    state: str = "member"
    topics: dict[int, str] = field(default_factory=dict)  # id: "open" or "closed"
    messages: dict[int, Json] = field(default_factory=dict)
    moved_to: int | None = None
    username: str = ""
    refusal: str = ""

    @property
    def summary(self) -> Json:
        """The Chat object."""
        made: Json = {"id": self.id, "type": self.kind}
        if self.kind == "private":
            return {**made, "first_name": self.title or f"User {self.id}"}
        if self.forum:
            made["is_forum"] = True
        return {**made, "title": self.title or f"Chat {self.id}"}

    @property
    def posts(self) -> list[Json]:
        """What the bot wrote, in order."""
        return [m for m in self.messages.values() if m.get("from", {}).get("id") == BOT_ID]


@dataclass
class World:
    """Chats by id, people by id, updates that wait to be fetched."""

    clock: Callable[[], datetime]
    rooms: dict[int, Room] = field(default_factory=dict)
    people: dict[int, Json] = field(default_factory=dict)
    updates: list[Json] = field(default_factory=list)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    queries: dict[str, datetime] = field(default_factory=dict)  # callbacks to be answered
    privacy: bool = True
    counter: int = 100

    def number(self) -> int:
        self.counter += 1
        return self.counter

    def date(self) -> int:
        return int(self.clock().timestamp())

    # --- places and people ---------------------------------------------------------------------

    def person(self, user: int, *, lang: str = "en", **more: Any) -> Json:
        made = {"id": user, "is_bot": False, "first_name": f"User {user}", "language_code": lang}
        self.people[user] = {**made, **more}
        return self.people[user]

    def private(self, user: int, *, lang: str = "en") -> Room:
        """A person who has started the bot."""
        self.person(user, lang=lang)
        return self._opened(Room(user, "private"))

    def group(self, chat: int, *, admins: Iterable[int] = (), **more: Any) -> Room:
        """A basic group."""
        return self._opened(Room(chat, "group", admins=set(admins), **more))

    def supergroup(
        self, chat: int, *, admins: Iterable[int] = (), topics: Iterable[int] = (), **more: Any
    ) -> Room:
        """A supergroup, a forum where there are topics."""
        open_topics = dict.fromkeys(topics, "open")
        room = Room(chat, "supergroup", admins=set(admins), topics=open_topics, **more)
        room.forum = room.forum or bool(open_topics)
        return self._opened(room)

    def channel(self, chat: int, *, admins: Iterable[int] = (), **more: Any) -> Room:
        return self._opened(
            Room(chat, "channel", admins=set(admins), **{"state": "administrator", **more})
        )

    def _opened(self, room: Room) -> Room:
        self.rooms[room.id] = room
        return room

    def find(self, chat: object) -> Room | None:
        """A chat by its id or by its @name."""
        if str(chat).startswith("@"):
            named = (r for r in self.rooms.values() if r.username == str(chat)[1:])
            return next(named, None)
        return self.rooms.get(int(str(chat)))

    # --- messages ------------------------------------------------------------------------------

    def message(self, room: Room, *, thread: int | None = None, **content: Any) -> Json:
        """A new message in a chat. In a forum a message of a topic refers to the topic's start."""
        made: Json = {"message_id": self.number(), "date": self.date(), "chat": room.summary}
        if thread is not None:
            made |= {"message_thread_id": thread, "is_topic_message": True}
            made["reply_to_message"] = {
                "message_id": thread,
                "date": self.date(),
                "chat": room.summary,
                "from": BOT,
                "forum_topic_created": {"name": "Topic", "icon_color": 7322096},
            }
        made |= {key: value for key, value in content.items() if value is not None}
        room.messages[made["message_id"]] = made
        return made

    def author(self, room: Room, user: int) -> Json:
        """`from` and perhaps `sender_chat`: a group's own id is its anonymous administrator, a
        channel's post has no person."""
        if room.kind == "channel":
            return {"sender_chat": room.summary}
        if user == room.id and room.kind != "private":
            return {"from": ANONYMOUS, "sender_chat": room.summary}
        return {"from": self.people.get(user) or self.person(user)}

    def sees(self, room: Room, message: Json) -> bool:
        """Whether the bot gets a message: in groups, privacy mode hides plain talk.

        Source: https://core.telegram.org/bots/features#privacy-mode
        """
        if room.state in ("left", "kicked"):
            return False
        if room.kind in ("private", "channel") or room.state == "administrator":
            return True
        text = message.get("text") or message.get("caption") or ""
        answered = message.get("reply_to_message") or {}
        to_bot = answered.get("from", {}).get("id") == BOT_ID
        if "forum_topic_created" in answered:
            to_bot = False
        command = COMMAND.match(text)
        called = (
            bool(command) and (command[1] or BOT_NAME).lower() == BOT_NAME if command else False
        )
        named = re.search(rf"@{BOT_NAME}\b", text, re.IGNORECASE) is not None
        return not self.privacy or to_bot or called or named

    def update(self, kind: str, content: Json) -> int:
        """Queue an update."""
        identity = self.number()
        self.updates.append({"update_id": identity, kind: content})
        return identity


def entities(text: str) -> list[Json]:
    """The entities that Telegram finds by itself: commands and mentions."""
    found = []
    patterns = {"bot_command": r"(?<!\S)/\w+(?:@\w+)?", "mention": r"(?<![\w/])@\w{5,32}"}
    for kind, pattern in patterns.items():
        for match in re.finditer(pattern, text):
            start = len(text[: match.start()].encode("utf-16-le")) // 2
            found.append({"type": kind, "offset": start, "length": len(match[0])})
    return found
