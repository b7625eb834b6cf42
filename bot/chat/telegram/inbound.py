"""What Telegram sends, as Inbound. Pure: the update and who the bot is go in.

Sources: https://core.telegram.org/bots/api#update and, for what a bot gets in a group,
https://core.telegram.org/bots/features#privacy-mode
"""

import re
from datetime import datetime

from telegram import CallbackQuery, Chat, ChatMemberUpdated, Message, MessageEntity, Update, User
from telegram.constants import ChatMemberStatus, ChatType

from bot.chat import limits
from bot.model import Author, Channel, Inbound, Lang

_COMMAND = re.compile(r"/(\w{1,32})(?:@(\w+))?(?=\s|$)")
_AWAY = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)
_HANS, _HANT = "zh-Hans", "zh-Hant"


def read(update: Update, bot: User, now: datetime) -> Inbound | None:
    """The Inbound of an update, None for what is not for us: service messages, other bots, the
    copies of channel posts in discussion groups, old edits."""
    identity = f"tg:{update.update_id}"
    if update.callback_query is not None:
        return _press(identity, update.callback_query, now)
    if update.my_chat_member is not None:
        return _membership(identity, update.my_chat_member, now)
    edited = update.edited_message is not None
    message = update.message or update.edited_message or update.channel_post
    if message is None:
        return None
    if message.migrate_to_chat_id is not None:
        return _moved(identity, message, message.chat.id, message.migrate_to_chat_id, now)
    if message.migrate_from_chat_id is not None:
        return _moved(identity, message, message.migrate_from_chat_id, message.chat.id, now)
    return _message(identity, message, bot, now, edited=edited)


def _message(
    identity: str, message: Message, bot: User, now: datetime, *, edited: bool
) -> Inbound | None:
    if _is_foreign(message) or (edited and _is_old(message)):
        return None
    typed = _typed(message, bot)
    if typed is None:
        return None
    words, named = typed
    reply = _replied(message)
    private = message.chat.type == ChatType.PRIVATE
    to_bot = reply is not None and reply.from_user is not None and reply.from_user.id == bot.id
    values = {"edited": "true"} if edited else {}
    if message.document is not None:
        values["name"] = message.document.file_name or ""
    return Inbound(
        id=identity,
        kind="file" if message.document is not None else "text",
        channel=channel(message),
        workspace_id=f"telegram:{message.chat.id}",
        author=author(message),
        message_id=str(message.message_id),
        reply_to=None if reply is None else str(reply.message_id),
        addressed=private or named or to_bot,
        private=private,
        text=words,
        values=values,
        received_at=now,
    )


def _is_foreign(message: Message) -> bool:
    """Another bot's words, or a channel's post that came into its discussion group by itself."""
    person = message.from_user
    if message.is_automatic_forward:
        return True
    return person is not None and person.is_bot and message.sender_chat is None


def _is_old(message: Message) -> bool:
    changed = message.edit_date
    return changed is None or changed - message.date > limits.EDIT_WINDOW


def _typed(message: Message, bot: User) -> tuple[str, bool] | None:
    """The words without the bot's name, and whether they call it; None where there are none or
    they are a command for another bot."""
    words = message.text or message.caption or ""
    if not words and message.document is None:
        return None
    name = (bot.username or "").lower()
    if command := _COMMAND.match(words):
        verb, other = command.groups()
        if other and other.lower() != name:
            return None
        return f"/{verb}{words[command.end() :]}", True
    named = re.compile(rf"(?<!\w)@{re.escape(name)}(?!\w)[,:]?\s*", re.IGNORECASE)
    entities = (*message.entities, *message.caption_entities)
    called = any(e.type == MessageEntity.TEXT_MENTION and e.user == bot for e in entities)
    if name and named.search(words):
        return named.sub("", words).strip(), True
    return words, called


def _replied(message: Message) -> Message | None:
    """The message that this one answers. In a topic every message "answers" the topic's start."""
    reply = message.reply_to_message
    return None if reply is None or reply.forum_topic_created is not None else reply


def channel(message: Message) -> Channel:
    """Where a message stands. A thread counts only in a topic: replies in ordinary groups have
    one too, and the General topic has none that may be sent back.

    Source: https://github.com/tdlib/telegram-bot-api/issues/447
    """
    in_topic = message.is_topic_message and message.message_thread_id is not None
    return Channel(
        platform="telegram",
        chat_id=str(message.chat.id),
        thread_id=str(message.message_thread_id) if in_topic else None,
    )


def author(message: Message) -> Author:
    """Who wrote: a person, or the chat that somebody writes as. The chat itself is written as by
    its anonymous administrators, and in a channel by those who may post."""
    if message.sender_chat is not None:
        return _chat_author(message.sender_chat, message.chat)
    if message.from_user is None:
        return _chat_author(message.chat, message.chat)
    return person(message.from_user, private=message.chat.type == ChatType.PRIVATE)


def _chat_author(sender: Chat, chat: Chat) -> Author:
    own = sender.id == chat.id
    return Author(id=str(sender.id), name=sender.title or "", role="admin" if own else "member")


def person(user: User, *, private: bool) -> Author:
    return Author(
        id=str(user.id),
        name=user.full_name,
        lang=language(user.language_code),
        role="admin" if private else "member",
    )


def language(code: str | None) -> Lang | None:
    """An IETF tag of Telegram as one of ours, others by their first part.

    >>> language("zh-hant"), language("zh-TW"), language("zh"), language("pt-br"), language(None)
    ('zh-Hant', 'zh-Hant', 'zh-Hans', 'pt', None)
    """
    if not code:
        return None
    base, *rest = code.lower().replace("_", "-").split("-")
    if base != "zh":
        return base
    return _HANT if {"hant", "tw", "hk", "mo"} & set(rest) else _HANS


def _press(identity: str, query: CallbackQuery, now: datetime) -> Inbound | None:
    """A press of a button under a message. Its message may be too old to be shown (then only the
    chat is known); one of an inline message has no chat."""
    message = query.message
    if message is None or not query.data:
        return None
    verb, _, value = query.data.partition(":")
    private = message.chat.type == ChatType.PRIVATE
    here = Channel(platform="telegram", chat_id=str(message.chat.id))
    return Inbound(
        id=identity,
        kind="press",
        channel=channel(message) if isinstance(message, Message) else here,
        workspace_id=f"telegram:{message.chat.id}",
        author=person(query.from_user, private=private),
        message_id=str(message.message_id),
        reply_to=str(message.message_id),
        addressed=True,
        private=private,
        action=verb,
        values={"value": value},
        received_at=now,
    )


def _membership(identity: str, change: ChatMemberUpdated, now: datetime) -> Inbound | None:
    """The bot came into a chat or left it (in a private chat: was unblocked or blocked). A change
    of its rights is neither."""
    before, after = (_is_in(m.status, m) for m in (change.old_chat_member, change.new_chat_member))
    if before == after:
        return None
    private = change.chat.type == ChatType.PRIVATE
    return Inbound(
        id=identity,
        kind="membership",
        channel=Channel(platform="telegram", chat_id=str(change.chat.id)),
        workspace_id=f"telegram:{change.chat.id}",
        author=person(change.from_user, private=private),
        addressed=True,
        private=private,
        action="added" if after else "removed",
        received_at=now,
    )


def _is_in(status: str, member: object) -> bool:
    if status == ChatMemberStatus.RESTRICTED:
        return bool(getattr(member, "is_member", False))
    return status not in _AWAY


def _moved(identity: str, message: Message, old: int, new: int, now: datetime) -> Inbound:
    """A group became a supergroup. Both chats say so, in any order: the same fact twice."""
    return Inbound(
        id=identity,
        kind="migrated",
        channel=Channel(platform="telegram", chat_id=str(old)),
        workspace_id=f"telegram:{old}",
        author=author(message),
        action=str(new),
        received_at=now,
    )
