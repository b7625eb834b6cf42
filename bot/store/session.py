"""The open store and its transactions."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import StoreError
from bot.model import Channel
from bot.store import engine, schema
from bot.store.articles import Articles
from bot.store.audit import Audit
from bot.store.columns import move
from bot.store.digests import Digests
from bot.store.failures import READONLY, translated
from bot.store.inbound import Inbounds
from bot.store.listings import Listings
from bot.store.lock import Lock
from bot.store.outbox import Outbox
from bot.store.questions import Questions
from bot.store.runs import Runs
from bot.store.settings import Settings
from bot.store.sources import Sources
from bot.store.subscriptions import Subscriptions
from bot.store.summaries import Summaries
from bot.store.tables import deliveries, digests, subscriptions, threads
from bot.store.threads import Threads
from bot.store.usage import Usages
from bot.store.workspaces import Workspaces


class Tx:
    """One transaction: an attribute per noun. For one task at a time."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.sources = Sources(connection)
        self.workspaces = Workspaces(connection)
        self.listings = Listings(connection)
        self.articles = Articles(connection)
        self.subscriptions = Subscriptions(connection)
        self.runs = Runs(connection)
        self.digests = Digests(connection)
        self.outbox = Outbox(connection)
        self.threads = Threads(connection)
        self.questions = Questions(connection)
        self.summaries = Summaries(connection)
        self.usage = Usages(connection)
        self.inbound = Inbounds(connection)
        self.settings = Settings(connection)
        self.audit = Audit(connection)
        self._connection = connection

    async def move(self, channel: Channel, chat_id: str) -> None:
        """Follow a chat to its new id with all that is its: subscriptions, deliveries, digests
        and threads. Messages stay behind: a new chat numbers its own."""
        for table in (subscriptions, deliveries, digests, threads):
            await move(self._connection, table, channel, chat_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What `Store.check` found. `place` hides the password."""

    engine: str  # "sqlite" or "postgresql"
    place: str
    version: str | None
    writable: bool
    error: str | None = None  # the code of the StoreError that a write met


class Store:
    """The database. Write transactions of one SQLite file wait for each other; readers do not."""

    def __init__(
        self, *, place: engine.Place, writer: AsyncEngine, reader: AsyncEngine, lock: Lock | None
    ) -> None:
        self._place = place
        self._writer = writer
        self._reader = reader
        self._lock = lock
        self._turn = asyncio.Semaphore(1 if lock else engine.POSTGRESQL_WRITERS)
        self._writing: set[object] = set()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Tx]:
        """A write transaction: committed at the end of the block, rolled back when it raises.
        StoreError for what the database or its driver raises. RuntimeError in a task that is in
        one already: it would wait for itself."""
        task = asyncio.current_task()
        if task in self._writing:
            raise RuntimeError("this task has a write transaction open already")
        # Turns are taken here: waiting inside SQLite would block for its busy timeout, and fail.
        async with self._turn:
            self._writing.add(task)
            try:
                async with _connected(self._writer) as connection, connection.begin():
                    yield Tx(connection)
            finally:
                self._writing.discard(task)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """A read transaction: one state of the data for the whole block; a write in it fails."""
        async with _connected(self._reader) as connection:
            if connection.dialect.name == "postgresql":
                await connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            async with connection.begin():
                yield Tx(connection)

    async def require(self) -> None:
        """StoreError ``store.newer`` or ``store.older`` where the schema is not this program's."""
        async with _connected(self._writer) as connection, connection.begin():
            await schema.require(connection)

    async def check(self) -> Health:
        """The engine, the version of the schema, and whether a write goes through."""
        error = version = None
        try:
            async with _connected(self._reader) as connection, connection.begin():
                version = await schema.version(connection)
            async with self.begin() as tx:
                await tx.settings.put("store.checked", version or "")
        except StoreError as failure:
            error = failure.code
        return Health(
            engine=self._writer.dialect.name,
            place=str(self._place),
            version=version,
            writable=error is None,
            error=error,
        )

    async def close(self) -> None:
        """Close all connections and free the lock; more than once without harm."""
        # Readers first: the last connection to go folds the WAL into the file, and only the
        # writer may do that.
        await self._reader.dispose()
        if self._writer is not self._reader:
            await self._writer.dispose()
        if self._lock:
            self._lock.release()


async def open_store(url: str, *, migrate: bool, busy_timeout: timedelta) -> Store:
    """See bot.store.open."""
    place = engine.place(url)
    lock = _prepared(place)
    try:
        if migrate:
            await _upgraded(place, busy_timeout)
        store = _built(place, lock, busy_timeout)
        try:
            await store.require()
        except BaseException:
            await store.close()
            raise
    except BaseException:
        if lock:
            lock.release()
        raise
    return store


async def migrate_store(url: str, *, busy_timeout: timedelta) -> tuple[str | None, str]:
    """See bot.store.migrate."""
    place = engine.place(url)
    lock = _prepared(place)
    try:
        return await _upgraded(place, busy_timeout)
    finally:
        if lock:
            lock.release()


def _built(place: engine.Place, lock: Lock | None, busy_timeout: timedelta) -> Store:
    if place.path is None:
        both = engine.postgresql_engine(place, busy_timeout=busy_timeout)
        return Store(place=place, writer=both, reader=both, lock=None)
    writer = engine.sqlite_writer(place, busy_timeout=busy_timeout, foreign_keys=True)
    reader = engine.sqlite_reader(place, busy_timeout=busy_timeout)
    return Store(place=place, writer=writer, reader=reader, lock=lock)


async def _upgraded(place: engine.Place, busy_timeout: timedelta) -> tuple[str | None, str]:
    # Without foreign keys: rebuilding a table on SQLite drops it, which would delete its children.
    migrator = (
        engine.sqlite_writer(place, busy_timeout=busy_timeout, foreign_keys=False)
        if place.path
        else engine.postgresql_engine(place, busy_timeout=busy_timeout)
    )
    try:
        with translated(OSError):
            return await schema.upgrade(migrator)
    finally:
        await migrator.dispose()


def _prepared(place: engine.Place) -> Lock | None:
    """The lock of a SQLite file, which is made, with its folder, for this user alone."""
    if place.path is None:
        return None
    try:
        place.path.parent.mkdir(parents=True, exist_ok=True)
        lock = Lock(place.path)
    except OSError as error:
        _unusable(place.path, error)
    try:
        os.close(os.open(place.path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        lock.release()
        _unusable(place.path, error)
    return lock


def _unusable(path: Path, error: OSError) -> NoReturn:
    raise StoreError(
        f"The database {path} cannot be opened for writing: {error.strerror}.",
        code=READONLY.code,
        transient=READONLY.transient,
    ) from error


@asynccontextmanager
async def _connected(source: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    with translated():
        async with AsyncExitStack() as stack:
            with translated(OSError):
                connection = await stack.enter_async_context(source.connect())
            yield connection
