"""What every chat platform offers to the flows, and what its failures are called.

| what the platform says                            | raised          | what the flow does         |
| ---                                               | ---             | ---                        |
| slow down (429, flood wait)                       | RateLimited     | later, after retry_after   |
| blocked, kicked, deactivated, archived, not found | ChannelGone     | pause the subscription     |
| the chat has a new id                             | ChannelMoved    | move everything, again     |
| this message will never be taken (400, too long)  | MessageRejected | dead letter, tell operator |
| the request left, no answer came (time-out, drop) | Uncertain       | never again by itself      |
| no connection, 5xx before anything was done       | ChatError       | later, doubling            |
| the token is wrong or was revoked                 | ConfigError     | the operator must act      |
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol, runtime_checkable

from bot.model import (
    Block,
    Bullets,
    Channel,
    Collapsed,
    Group,
    Heading,
    Inbound,
    Message,
    Note,
    Paragraph,
    Platform,
    Role,
    Runs,
    Table,
)

Handler = Callable[[Inbound], Awaitable[None]]


class Chat(Protocol):
    """One platform, connected with one token."""

    @property
    def platform(self) -> Platform: ...

    async def start(self, handle: Handler) -> None:
        """Begin to receive; returns when connected. `handle` runs as a task of its own for each
        inbound, so that a slow one holds up no other. ConfigError for a token that is refused."""
        ...

    async def stop(self) -> None:
        """Stop receiving, let running handlers finish, close the connections. Without `start`,
        it closes what `send` or `check` opened."""
        ...

    async def send(
        self, channel: Channel, message: Message, *, key: str, reply_to: str | None = None
    ) -> str:
        """Post one message that fits (see `parts`); the platform's id of it. `key` names the
        delivery where the platform can carry it. Raises ChatError kinds, see the table above."""
        ...

    async def edit(self, channel: Channel, message_id: str, message: Message) -> None:
        """Replace a message of the bot's own; one that is the same already is a success."""
        ...

    def parts(self, message: Message) -> tuple[Message, ...]:
        """The message in as few as fit the platform, in order, cut between groups, then between
        blocks, inside a block only where it alone is too long. Joined they say all of it."""
        ...

    async def role(self, channel: Channel, author_id: str) -> Role:
        """``admin`` for an administrator of the chat's workspace (in a private chat of Telegram and
        in the terminal its person), else ``member``. Operators are named in the settings."""
        ...

    async def check(self) -> str:
        """Who the bot is there, in one line. ConfigError or ChatError where it cannot sign in."""
        ...


@runtime_checkable
class Reconciles(Protocol):
    """A platform that can tell afterwards whether a message arrived."""

    async def find(
        self, channel: Channel, key: str, since: datetime, *, reply_to: str | None = None
    ) -> str | None:
        """The id of the message posted for `key` since then, None where there is none."""
        ...


def words(runs: Runs) -> str:
    """The bare text of some runs.

    >>> from bot.model import Run
    >>> words((Run(text="8,192", bold=True), Run(text=" chips")))
    '8,192 chips'
    """
    return "".join(run.text for run in runs)


def plain(message: Message) -> str:
    """The message without any markup: the last resort of every platform."""
    return "\n\n".join(filter(None, (_plain(block) for block in message.blocks)))


def _plain(block: Block) -> str:
    match block:
        case Heading(runs=runs) | Paragraph(runs=runs):
            return words(runs)
        case Note(kind=kind, runs=runs):
            return ("⚠️ " if kind == "warning" else "") + words(runs)
        case Bullets(items=items):
            return "\n".join(f"• {words(item)}" for item in items)
        case Table(caption=caption, rows=rows):
            return "\n".join(filter(None, [caption, *(f"• {row_text(row)}" for row in rows)]))
        case Collapsed(title=title, blocks=blocks):
            return "\n".join([title, *(_plain(b) for b in blocks)])
        case Group(blocks=blocks):
            return "\n".join(_plain(b) for b in blocks)


def row_text(row: tuple[str, ...]) -> str:
    """A row of a table as one line: the first cell names it, equal values stand once.

    >>> row_text(("chips", "8,192", "8,192枚"))
    'chips: 8,192 · 8,192枚'
    """
    first, *rest = row
    values = " · ".join(dict.fromkeys(cell for cell in rest if cell))
    return f"{first}: {values}" if values else first
