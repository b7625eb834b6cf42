"""Column types that both engines store alike: text, instants, spans of time, channels, nouns."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Dialect,
    Integer,
    Table,
    Text,
    func,
    literal,
    or_,
    type_coerce,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeDecorator

from bot.model import Channel
from bot.store import codec

# Neither UTF-8 nor PostgreSQL's text can hold these; a stand-in of the same length keeps offsets.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_STAND_IN = "\ufffd"

# Rows are numbered in the order of their arrival; on SQLite only INTEGER is the row's own number.
Number = BigInteger().with_variant(Integer(), "sqlite")


class Words(TypeDecorator[str]):
    """Text. NUL and lone surrogates become U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None else _UNSTORABLE.sub(_STAND_IN, value)


class Instant(TypeDecorator[datetime]):
    """An aware datetime: stored in UTC, comes back in UTC. ValueError for a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without an offset cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Span(TypeDecorator[timedelta]):
    """A span of time, in whole microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        return None if value is None else value // codec.MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> timedelta | None:
        return None if value is None else timedelta(microseconds=value)


class Address(TypeDecorator[Channel]):
    """A channel as ``platform:chat`` or ``platform:chat:thread``; a colon inside a part is
    percent-encoded, so that no two channels look alike."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Channel | None, dialect: Dialect) -> str | None:
        return None if value is None else address(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Channel | None:
        return None if value is None else channel(value)


def address(value: Channel) -> str:
    """The stored form of a channel.

    >>> address(Channel(platform="slack", chat_id="T1:C1", thread_id="17.5"))
    'slack:T1%3AC1:17.5'
    """
    parts = (value.platform, value.chat_id, value.thread_id)
    return ":".join(quote(part, safe="@ ") for part in parts if part is not None)


def channel(text: str) -> Channel:
    """The channel of a stored form."""
    platform, chat_id, thread_id = (*map(unquote, text.split(":")), None)[:3]
    return Channel(platform=platform, chat_id=chat_id or "", thread_id=thread_id)  # type: ignore[arg-type]


def within(column: ColumnElement[Channel], outer: Channel) -> ColumnElement[bool]:
    """Whether a column holds this channel or a thread in it."""
    plain = type_coerce(column, Text)
    return or_(plain == address(outer), plain.startswith(f"{address(outer)}:", autoescape=True))


async def move(connection: AsyncConnection, table: Table, old: Channel, chat_id: str) -> None:
    """Give the rows of a chat and of all its threads the chat's new id, in the column `channel`."""
    chat = replace(old, thread_id=None)
    plain = type_coerce(table.c.channel, Text)
    thread = func.substr(plain, len(address(chat)) + 1)  # with its colon, or nothing
    moved = literal(address(replace(chat, chat_id=chat_id)), Text).concat(thread)
    statement = update(table).where(within(table.c.channel, chat))
    await connection.execute(statement.values(channel=type_coerce(moved, Text)))


class Coded(TypeDecorator[Any]):
    """A value of the given type as JSON (see codec)."""

    impl = Text
    cache_ok = True

    def __init__(self, hint: Any) -> None:
        super().__init__()
        self.hint = hint

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else codec.dumps(value, self.hint)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else codec.loads(value, self.hint)
