"""Everything that can go wrong, in one tree; flows branch on `code`, `transient`, `retry_after`.

::

    BotError
    ├── ConfigError           settings that cannot work; says which and what to do
    ├── SourceError
    │   ├── FetchError        the network, the server, or an address that is not allowed
    │   └── ParseError        the bytes are not what they should be
    ├── ModelError
    │   ├── BudgetExceeded    the money or the tokens are spent
    │   └── BadReply          the model answered, but not usably
    ├── ChatError
    │   ├── RateLimited       come back after `retry_after`
    │   ├── ChannelGone       blocked, kicked, deleted, archived
    │   ├── ChannelMoved      the chat has a new id (`new_chat_id`)
    │   ├── MessageRejected   the platform will never take this message
    │   └── Uncertain         the bytes left, no answer came: perhaps it was posted
    ├── StoreError            the database is locked, full, read-only or newer than this program
    └── UserError             what a person asked cannot be done: a key of phrases and its arguments

People see a sentence in their language (phrases), logs see the code.
"""

from datetime import timedelta


class BotError(Exception):
    """The base: `code` is stable and goes to logs, `transient` says that a retry may succeed."""

    code = "bot.error"
    transient = False

    def __init__(
        self,
        message: str = "",
        *,
        code: str | None = None,
        transient: bool | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message or code or self.code)
        self.code = code or self.code
        self.transient = self.transient if transient is None else transient
        self.retry_after = retry_after


class ConfigError(BotError):
    code = "config.invalid"


class SourceError(BotError):
    code = "source.error"


class FetchError(SourceError):
    code = "fetch.failed"
    transient = True


class ParseError(SourceError):
    code = "parse.failed"


class ModelError(BotError):
    code = "model.failed"
    transient = True


class BudgetExceeded(ModelError):
    code = "model.budget"
    transient = False


class BadReply(ModelError):
    code = "model.bad_reply"
    transient = False


class ChatError(BotError):
    code = "chat.failed"
    transient = True


class RateLimited(ChatError):
    code = "chat.rate_limited"


class ChannelGone(ChatError):
    code = "chat.gone"
    transient = False


class ChannelMoved(ChatError):
    code = "chat.moved"

    def __init__(self, new_chat_id: str) -> None:
        super().__init__(f"the chat moved to {new_chat_id}")
        self.new_chat_id = new_chat_id


class MessageRejected(ChatError):
    code = "chat.rejected"
    transient = False


class Uncertain(ChatError):
    code = "chat.uncertain"
    transient = False


class StoreError(BotError):
    code = "store.failed"
    transient = True


class UserError(BotError):
    """`key` names a phrase, `args` fill its placeholders."""

    code = "user.error"

    def __init__(self, key: str, **args: object) -> None:
        super().__init__(key, code=f"user.{key}")
        self.key = key
        self.arguments = args
