"""What Slack sends, as Inbound. Pure: the payload and who the bot is go in.

Sources: https://docs.slack.dev/reference/events/message, .../events/app_mention,
https://docs.slack.dev/interactivity/implementing-slash-commands and
https://docs.slack.dev/reference/interaction-payloads
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.model import Author, Channel, Inbound

Payload = Mapping[str, Any]

# Events that the manifest subscribes to, and what they are.
MESSAGES = frozenset({"message", "app_mention"})
ADDED = frozenset({"member_joined_channel", "channel_unarchive", "group_unarchive"})
REMOVED = frozenset(
    "channel_left group_left channel_archive group_archive channel_deleted group_deleted".split()
)
# A message of a person; every other subtype is a service message or somebody's edit.
# Source: https://docs.slack.dev/reference/events/message#subtypes
SPOKEN = frozenset({None, "file_share", "thread_broadcast", "me_message"})
SLACKBOT = "USLACKBOT"


@dataclass(frozen=True, slots=True)
class Bot:
    """Who the bot is, by auth.test."""

    team_id: str
    user_id: str
    bot_id: str = ""

    @property
    def workspace(self) -> str:
        return f"slack:{self.team_id}"


def message(event: Payload, bot: Bot, now: datetime, *, ours: bool = False) -> Inbound | None:
    """A message of a person, or None for anything else. Its id is made of channel and ts, not of
    the event: a mention comes as two events (app_mention and message) and is one message.
    `ours` says that the bot wrote the thread's root, where the event does not."""
    user, ts, chat = event.get("user"), event.get("ts"), event.get("channel")
    if not (user and ts and chat) or user in (bot.user_id, SLACKBOT) or event.get("bot_id"):
        return None
    if event.get("subtype") not in SPOKEN or event.get("hidden"):
        return None
    thread = event.get("thread_ts")
    private = event.get("channel_type") == "im" or str(chat).startswith("D")
    named = event.get("type") == "app_mention" or f"<@{bot.user_id}" in event.get("text", "")
    return Inbound(
        id=f"slack:{bot.team_id}:{chat}:{ts}",
        kind="text",
        channel=Channel(platform="slack", chat_id=chat, thread_id=thread),
        workspace_id=bot.workspace,
        author=Author(id=user),
        message_id=ts,
        reply_to=thread,
        addressed=private or named or ours or event.get("parent_user_id") == bot.user_id,
        private=private,
        text=spoken(event.get("text") or "", bot),
        received_at=now,
    )


def membership(payload: Payload, bot: Bot, now: datetime) -> Inbound | None:
    """The bot came into a channel or left it, or the channel was closed or opened again."""
    event: Payload = payload["event"]
    kind = event.get("type")
    if kind == "member_joined_channel" and event.get("user") != bot.user_id:
        return None
    action = "added" if kind in ADDED else "removed" if kind in REMOVED else ""
    chat = event.get("channel")
    if not action or not isinstance(chat, str):
        return None
    actor = event.get("inviter") or event.get("actor_id") or event.get("user") or ""
    return Inbound(
        id=f"slack:{payload.get('event_id')}",
        kind="membership",
        channel=Channel(platform="slack", chat_id=chat),
        workspace_id=bot.workspace,
        author=Author(id=actor),
        action=action,
        received_at=now,
    )


def command(payload: Payload, bot: Bot, now: datetime) -> Inbound:
    """``/news subscribe chips`` is the command ``/subscribe chips``; ``/news`` alone is help."""
    words = str(payload.get("text") or "").strip()
    return Inbound(
        id=f"slack:{payload['trigger_id']}",
        kind="text",
        channel=Channel(platform="slack", chat_id=payload["channel_id"]),
        workspace_id=bot.workspace,
        author=Author(id=payload["user_id"], name=payload.get("user_name", "")),
        addressed=True,
        private=str(payload["channel_id"]).startswith("D"),
        text="/" + (spoken(words, bot).removeprefix("/") or "help"),
        received_at=now,
    )


def press(payload: Payload, bot: Bot, now: datetime) -> Inbound | None:
    """A press of a button of a message. A button that only opens a page has no verb: None."""
    action: Payload = payload["actions"][0]
    verb = str(action.get("action_id", "")).rpartition(":")[0]
    chat = (payload.get("channel") or {}).get("id")
    if not verb or not chat:
        return None
    shown: Payload = payload.get("message") or {}
    ts = shown.get("ts") or (payload.get("container") or {}).get("message_ts")
    thread = shown.get("thread_ts")
    return Inbound(
        id=f"slack:{payload['trigger_id']}",
        kind="press",
        channel=Channel(platform="slack", chat_id=chat, thread_id=thread),
        workspace_id=bot.workspace,
        author=_person(payload),
        message_id=ts,
        reply_to=thread or ts,
        addressed=True,
        private=str(chat).startswith("D"),
        action=verb,
        values={"value": _value(action)},
        received_at=now,
    )


def form(payload: Payload, bot: Bot, now: datetime) -> Inbound:
    """A modal that was sent. Its `private_metadata` is the chat that it was opened from, with a
    thread after a space; without one it is about the person's own chat."""
    view: Payload = payload["view"]
    author = _person(payload)
    chat, _, thread = str(view.get("private_metadata") or author.id).partition(" ")
    fields = (view.get("state") or {}).get("values") or {}
    return Inbound(
        id=f"slack:{payload.get('trigger_id') or view['id']}",
        kind="form",
        channel=Channel(platform="slack", chat_id=chat, thread_id=thread or None),
        workspace_id=bot.workspace,
        author=author,
        addressed=True,
        private=chat.startswith(("D", "U", "W")),
        action=str(view.get("callback_id", "")),
        values={name: _value(given) for block in fields.values() for name, given in block.items()},
        received_at=now,
    )


def spoken(text: str, bot: Bot) -> str:
    """Text as the person sees it: without the mention of the bot, links as addresses.

    >>> spoken("<@B1> read <https://a.example/?x=1&amp;y=2|this> &lt;now&gt;", Bot("T1", "B1"))
    'read https://a.example/?x=1&y=2 <now>'
    """
    text = re.sub(rf"\s*<@{re.escape(bot.user_id)}(\|[^>]*)?>[,:]?\s*", " ", text)
    return html.unescape(re.sub(r"<([@#!]?)([^>|]*)(?:\|([^>]*))?>", _reference, text)).strip()


def _reference(found: re.Match[str]) -> str:
    """A reference in Slack's markup as plain text.

    Source: https://docs.slack.dev/messaging/formatting-message-text#advanced
    """
    mark, target, label = found.groups()
    if not mark:
        return target.removeprefix("mailto:")
    if mark == "!":
        return label or "@" + target.partition("^")[0]
    return mark + (label or target)


def _person(payload: Payload) -> Author:
    user: Payload = payload.get("user") or {}
    return Author(id=str(user.get("id", "")), name=str(user.get("name") or ""))


# The keys under which the elements of Block Kit give their value.
# Source: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
_SINGLE = (
    "value",
    "selected_time",
    "selected_date",
    "selected_conversation",
    "selected_channel",
    "selected_user",
)
_MANY = ("selected_conversations", "selected_channels", "selected_users")


def _value(given: Payload) -> str:
    return ",".join(_values(given))


def _values(given: Payload) -> Iterator[str]:
    """Several chosen values come one after the other."""
    for key in _SINGLE:
        if given.get(key) is not None:
            yield str(given[key])
    for key in _MANY:
        yield from map(str, given.get(key) or ())
    options = [given.get("selected_option"), *(given.get("selected_options") or ())]
    yield from (str(option["value"]) for option in options if option)
