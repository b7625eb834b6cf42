"""Engines of the two databases, from one kind of address.

SQLite: WAL, synchronous FULL (a commit that was reported is on the disk, or a sent digest might be
forgotten and sent twice), BEGIN IMMEDIATE (a read that becomes a write would fail at once where
another writes), one writing connection; readers cannot write, so they never checkpoint, which
keeps clear of the WAL-reset fault of SQLite before 3.51.3.
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, ExceptionContext, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import StoreError
from bot.store.failures import store_error

MILLISECOND = timedelta(milliseconds=1)
READERS = 4  # SQLite readers at a time: each is a thread
POSTGRESQL_CONNECTIONS = 8
POSTGRESQL_WRITERS = 4  # at a time: whoever writes may have to read on the side
CONNECT_TIMEOUT = 10.0  # seconds for PostgreSQL to answer a new connection
STATEMENT_TIMEOUT = timedelta(minutes=1)  # for PostgreSQL to work on one statement
SILENCE = timedelta(seconds=90)  # without an answer until a connection counts as dead


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a database is: the address for the driver and, of SQLite, the file."""

    url: URL
    path: Path | None = None

    def __str__(self) -> str:
        return str(self.path) if self.path else self.url.render_as_string(hide_password=True)


def place(address: str) -> Place:
    """The place that an address names: a path, ``sqlite:///path`` or ``postgresql://…``.
    StoreError where it is neither.

    >>> place("data/news.db").url.drivername, place("sqlite:////var/news.db").path.as_posix()
    ('sqlite+aiosqlite', '/var/news.db')
    >>> str(place("postgres://bot:secret@db/news"))
    'postgresql+asyncpg://bot:***@db/news'
    """
    if "://" not in address:
        return _file(address)
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise _unknown() from error
    engine = url.drivername.split("+")[0]
    if engine == "sqlite":
        return _file(url.database or "")
    if engine in ("postgresql", "postgres"):
        return Place(url=url.set(drivername="postgresql+asyncpg"))
    raise _unknown()


def _file(path: str) -> Place:
    if path in ("", ":memory:"):
        raise _unknown()
    # Not absolute: the address may be shown to people as they wrote it.
    return Place(url=URL.create("sqlite+aiosqlite", database=path), path=Path(path))


def _unknown() -> StoreError:
    return StoreError(
        "DATABASE_URL must be a path, sqlite:///path or postgresql://user:password@host/name.",
        code="store.unreachable",
        transient=False,
    )


def sqlite_writer(place: Place, *, busy_timeout: timedelta, foreign_keys: bool) -> AsyncEngine:
    """The engine with the one connection that writes."""
    engine = create_async_engine(
        place.url, pool_size=1, max_overflow=0, connect_args=_patience(busy_timeout)
    )
    keys = "ON" if foreign_keys else "OFF"
    pragmas = ("journal_mode=WAL", "synchronous=FULL", f"foreign_keys={keys}")
    _prepare(engine, begin="BEGIN IMMEDIATE", pragmas=pragmas)
    return engine


def sqlite_reader(place: Place, *, busy_timeout: timedelta) -> AsyncEngine:
    """The engine for reading: each transaction sees one state of the data."""
    engine = create_async_engine(
        place.url, pool_size=READERS, max_overflow=0, connect_args=_patience(busy_timeout)
    )
    _prepare(engine, begin="BEGIN", pragmas=("query_only=ON",))
    return engine


def _patience(busy_timeout: timedelta) -> dict[str, Any]:
    return {"timeout": busy_timeout.total_seconds()}


def _prepare(engine: AsyncEngine, *, begin: str, pragmas: tuple[str, ...]) -> None:
    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine.sync_engine, "connect", connect)
    event.listen(engine.sync_engine, "begin", start)


def postgresql_engine(
    place: Place, *, busy_timeout: timedelta, silence: timedelta = SILENCE
) -> AsyncEngine:
    """The engine of a PostgreSQL server; connections that died are replaced."""
    limits = {"lock_timeout": busy_timeout, "statement_timeout": STATEMENT_TIMEOUT}
    settings = {name: f"{value // MILLISECOND}" for name, value in limits.items()}
    engine = create_async_engine(
        place.url,
        pool_size=POSTGRESQL_CONNECTIONS,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args={
            "timeout": CONNECT_TIMEOUT,
            "command_timeout": silence.total_seconds(),
            "server_settings": {"application_name": "digestbot", **settings},
        },
    )
    event.listen(engine.sync_engine, "handle_error", _raise_network_errors)
    return engine


def _raise_network_errors(context: ExceptionContext) -> None:
    # SQLAlchemy lets errors of the network pass as they are; only here are they told from those
    # of whoever uses the store.
    if isinstance(context.original_exception, OSError):
        raise store_error(context.original_exception)
