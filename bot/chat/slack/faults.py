"""What a failed call of Slack's Web API means to the flows.

Source: the error tables of https://docs.slack.dev/reference/methods/chat.postMessage
"""

from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.errors import (
    BotError,
    ChannelGone,
    ChatError,
    ConfigError,
    MessageRejected,
    RateLimited,
    Uncertain,
)

WAIT = timedelta(seconds=30)  # where a 429 comes without Retry-After

# Whatever the SDK lets out: its own errors, aiohttp's, and its stumbling over bodies that are not
# JSON (AttributeError and ValueError from AsyncSlackResponse and res.json()).
FAILURES = (SlackClientError, aiohttp.ClientError, OSError, ValueError, AttributeError)

GONE = frozenset(
    "channel_not_found is_archived not_in_channel account_inactive token_revoked team_disabled "
    "restricted_action restricted_action_read_only_channel messages_tab_disabled user_disabled "
    "user_not_found cannot_dm_bot team_not_found method_not_supported_for_channel_type".split()
)
# The token is no good, but an operator can mend it: what is owed waits.
UNAUTHORIZED = frozenset(
    "invalid_auth not_authed token_expired missing_scope no_permission not_allowed_token_type "
    "access_denied org_login_required ekm_access_denied two_factor_setup_required".split()
)
RATE = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
# "It's possible some aspect of the operation succeeded before the error was raised."
PERHAPS = frozenset({"fatal_error", "internal_error"})
TRANSIENT = frozenset({"request_timeout", "service_unavailable", "team_added_to_org"})
# The blocks are to blame: a plainer rendering may pass.
BLOCKS = frozenset(
    "invalid_blocks invalid_blocks_format invalid_attachments msg_blocks_too_long".split()
)


def explain(failure: BaseException) -> ChatError:
    """The error of a call that may have changed something. Texts never hold a token or an address:
    only Slack's own error code."""
    if isinstance(failure, SlackApiError):
        return _refused(failure.response)
    if isinstance(failure, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return ChatError("Slack cannot be reached", code="chat.unreachable")
    return Uncertain(f"no answer from Slack ({type(failure).__name__})")


def asked(failure: BaseException) -> ChatError:
    """The error of a call that only reads: what is uncertain may simply be tried again."""
    error = explain(failure)
    if isinstance(error, Uncertain):
        return ChatError(str(error), code="chat.unreachable")
    return error


def refused(failure: BaseException) -> BotError:
    """The error at the start and in a check: a bad token is a setting to mend."""
    if isinstance(failure, SlackApiError):
        name = error_of(failure)
        if name in UNAUTHORIZED or name in ("account_inactive", "token_revoked"):
            return ConfigError(
                f"Slack refuses the token ({name}): check SLACK_BOT_TOKEN and SLACK_APP_TOKEN",
                code="config.slack_token",
            )
    return asked(failure)


def error_of(failure: BaseException) -> str:
    """Slack's name of the error, empty when the answer had none."""
    return str(_data(failure).get("error", ""))


def blames_blocks(failure: BaseException) -> bool:
    """Whether a plainer rendering of the same message may be taken."""
    name = error_of(failure)
    pointed = any("json-pointer:/blocks" in line for line in details(failure))
    return name in BLOCKS or (name == "invalid_arguments" and pointed)


def details(failure: BaseException) -> list[str]:
    """The validator's lines, each with a place: ``must be … [json-pointer:/blocks/0/text]``."""
    data = _data(failure)
    found = (data.get("response_metadata") or {}).get("messages") or data.get("errors") or []
    return [str(line).removeprefix("[ERROR] ") for line in found]


def _data(failure: BaseException) -> dict[str, Any]:
    response = getattr(failure, "response", None)
    data = response.data if isinstance(response, AsyncSlackResponse) else None
    return data if isinstance(data, dict) else {}


def _refused(response: object) -> ChatError:
    if not isinstance(response, AsyncSlackResponse):  # the body was cut or is not JSON
        return Uncertain("Slack's answer cannot be read")
    data = response.data if isinstance(response.data, dict) else {}
    name = str(data.get("error", ""))
    if response.status_code == 429 or name in RATE:
        return RateLimited(f"Slack: {name or 429}", retry_after=_wait(response))
    if name in PERHAPS or (not name and response.status_code >= 500):
        return Uncertain(f"Slack: {name or response.status_code}")
    if name in TRANSIENT:
        return ChatError(f"Slack: {name}", code="chat.unavailable")
    if name in GONE:
        return ChannelGone(f"Slack: {name}")
    if name in UNAUTHORIZED:
        return ChatError(f"Slack: {name}", code="chat.unauthorized")
    return MessageRejected(f"Slack: {name or response.status_code}")


def _wait(response: AsyncSlackResponse) -> timedelta:
    try:
        return timedelta(seconds=max(1, int(response.headers.get("Retry-After", ""))))
    except ValueError:
        return WAIT
