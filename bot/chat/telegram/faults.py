"""What a failed call of the Bot API means to the flows.

| Telegram                                            | here                                       |
| ---                                                 | ---                                        |
| 429                                                 | RateLimited with its retry_after           |
| 403: blocked, kicked, deactivated                   | ChannelGone                                |
| 400: chat not found, no rights, topic closed        | ChannelGone, `code` tells a topic's end    |
| 400 with migrate_to_chat_id                         | ChannelMoved                               |
| 400 otherwise                                       | MessageRejected                            |
| 401, 404: the token                                 | ConfigError at start, ChatError later      |
| no connection, 503                                  | ChatError, to be tried again               |
| time-out or drop after sending, 5xx, broken answer  | Uncertain; ChatError for a call that reads |

Texts hold Telegram's own description and never an address, since the token stands in it.
Source: https://core.telegram.org/bots/api#making-requests; descriptions from
https://github.com/tdlib/telegram-bot-api and https://github.com/tdlib/td.
"""

import re
from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)

from bot.errors import (
    BotError,
    ChannelGone,
    ChannelMoved,
    ChatError,
    ConfigError,
    MessageRejected,
    RateLimited,
    Uncertain,
)

# What the library stumbles over in an answer that it does not expect.
BROKEN = (KeyError, TypeError, ValueError, AttributeError)
FAILURES = (TelegramError, *BROKEN)

LONGEST = 200  # characters of a description that we keep

# The request never left this machine.
UNSENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)
# Parts of the descriptions of a 400, in lower case.
_GONE = (
    "chat not found",
    "chat_write_forbidden",
    "chat_restricted",
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "group chat was deactivated",
    "group is deactivated",
    "bot is not a member",
    "user not found",
    "user_is_blocked",
    "input_user_deactivated",
    "peer_id_invalid",
    "channel_private",
)
_TOPIC_GONE = ("message thread not found", "topic_closed", "topic_deleted", "topic_id_invalid")
_EDIT_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_TOKEN = re.compile(r"\d+:[\w-]{20,}")


class Refusal(TelegramError):
    """A 429 or a 5xx with what the library drops or warns about: its status and retry_after."""

    def __init__(self, status: int, description: str, retry_after: timedelta | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.retry_after = retry_after


def explain(error: Exception, *, wrote: bool = True) -> ChatError:
    """The error of a call. `wrote` says that the call changes something at Telegram: then it must
    not be repeated where nobody knows whether it was done."""
    match error:
        case Refusal(status=429):
            return RateLimited(_said(error), retry_after=error.retry_after)
        case Refusal(status=503):
            return ChatError(_said(error), code="chat.unavailable")
        case ChatMigrated():
            return ChannelMoved(str(error.new_chat_id))
        case Forbidden():
            return ChannelGone(_said(error))
        case BadRequest():
            return _refused(error)
        case InvalidToken() | EndPointNotFound():
            return ChatError("Telegram refuses the token", code="chat.unauthorized")
    if isinstance(error, NetworkError) and isinstance(error.__cause__, UNSENT):
        cause = type(error.__cause__).__name__
        return ChatError(f"Telegram cannot be reached ({cause})", code="chat.unreachable")
    return _unanswered(error, wrote)


def at_start(error: Exception) -> BotError:
    """The error at the start and in a check: a wrong token is a setting to mend."""
    if isinstance(error, InvalidToken | EndPointNotFound):
        return ConfigError(
            "Telegram refuses the token: check TELEGRAM_BOT_TOKEN (@BotFather shows it)",
            code="config.telegram_token",
        )
    return explain(error, wrote=False)


def blames_markup(error: Exception) -> bool:
    """Whether the same words without markup may be taken."""
    return isinstance(error, BadRequest) and "can't parse entities" in str(error).lower()


def is_unchanged(error: Exception) -> bool:
    """An edit to what is there already."""
    return isinstance(error, BadRequest) and "message is not modified" in str(error).lower()


def _refused(error: BadRequest) -> ChatError:
    said = str(error).lower()
    if any(part in said for part in _TOPIC_GONE):
        return ChannelGone(_said(error), code="chat.topic_gone")
    if any(part in said for part in _GONE):
        return ChannelGone(_said(error))
    if any(part in said for part in _EDIT_GONE):
        return MessageRejected(_said(error), code="chat.edit_gone")
    return MessageRejected(_said(error))


def _unanswered(error: Exception, wrote: bool) -> ChatError:
    cause = type(error.__cause__ or error).__name__
    told = _said(error) if isinstance(error, Refusal) else f"no answer from Telegram ({cause})"
    return Uncertain(told) if wrote else ChatError(told, code="chat.unreachable")


def _said(error: Exception) -> str:
    return f"Telegram: {_TOKEN.sub('***', str(error))[:LONGEST]}"
