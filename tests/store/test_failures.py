"""What goes wrong with databases: one clear sentence, a stable code, nothing lost."""

import asyncio
import os
import pwd
import shutil
import socket
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidRequestError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot import store
from bot.errors import StoreError
from bot.store import Store, engine, failures
from tests.servers.postgres import PostgresServer
from tests.store.samples import MINUTE, NOW, delivery, seed, source

SHORT = timedelta(milliseconds=50)


@contextmanager
def unprivileged() -> Iterator[None]:
    """Act as a user whom file permissions bind; root is not."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that any user may enter and read; pytest's own are private."""
    made = Path(tempfile.mkdtemp(prefix="store-"))
    made.chmod(0o755)
    yield made
    made.chmod(0o755)
    shutil.rmtree(made)


async def filled(path: Path) -> None:
    opened = await store.open(str(path))
    await seed(opened)
    async with opened.begin() as tx:
        await tx.outbox.add([delivery()])
    await opened.close()


async def assert_whole(path: Path) -> None:
    """What `filled` wrote is there, and more can be written."""
    opened = await store.open(str(path))
    async with opened.begin() as tx:
        assert await tx.sources.all() == [source()]
        assert len(await tx.outbox.lease(NOW, NOW + MINUTE, 1)) == 1
    await opened.close()


def allow(path: Path, mode: int) -> None:
    path.chmod(mode)


async def test_a_folder_without_write_permission_is_told_and_nothing_is_lost(folder: Path) -> None:
    path = folder / "news.db"
    await filled(path)
    allow(folder, 0o555)
    with (
        unprivileged(),
        pytest.raises(StoreError, match=r"news\.db cannot be opened for writing") as caught,
    ):
        await store.open(str(path))
    assert (caught.value.code, caught.value.transient) == ("store.readonly", False)
    allow(folder, 0o755)
    await assert_whole(path)


async def test_a_file_without_write_permission_is_told_and_nothing_is_lost(folder: Path) -> None:
    path = folder / "news.db"
    await filled(path)
    allow(path, 0o444)
    allow(path.with_name("news.db.lock"), 0o666)
    with unprivileged():
        for attempt in (store.open(str(path)), store.migrate(str(path))):
            with pytest.raises(StoreError, match="Permission denied") as caught:
                await attempt
            assert caught.value.code == "store.readonly"
    allow(path, 0o644)
    await assert_whole(path)


async def test_a_path_that_is_a_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened") as caught:
        await store.open(str(tmp_path))
    assert caught.value.code == "store.readonly"


async def test_a_locked_database_is_told_and_the_next_try_succeeds(path: Path) -> None:
    await filled(path)
    opened = await store.open(str(path), busy_timeout=SHORT)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="busy") as caught:
            async with opened.begin():
                pass
        assert (caught.value.code, caught.value.transient) == ("store.locked", True)
        assert (await opened.check()).error == "store.locked"
        async with opened.read() as tx:
            assert await tx.sources.all() == [source()]
        other.execute("ROLLBACK")
    assert (await opened.check()).writable
    await opened.close()
    await assert_whole(path)


async def test_a_database_that_is_locked_at_the_start_is_told(path: Path) -> None:
    await filled(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for migrate in (True, False):
            with pytest.raises(StoreError) as caught:
                await store.open(str(path), busy_timeout=SHORT, migrate=migrate)
            assert caught.value.code == "store.locked"
    await assert_whole(path)


async def test_a_full_disk_is_told_leaves_no_half_and_ends_with_it(path: Path) -> None:
    await filled(path)
    opened = await store.open(str(path))

    async def limit(pages: int) -> None:
        async with opened.begin() as tx:
            await tx._connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    async def write() -> None:
        async with opened.begin() as tx:
            await tx.settings.put("first", "x")
            await tx.settings.put("second", "x" * 10**6)

    await limit(1)  # never below what is in use
    with pytest.raises(StoreError, match="full") as caught:
        await write()
    assert (caught.value.code, caught.value.transient) == ("store.full", True)
    async with opened.read() as tx:
        assert await tx.settings.get("first") is None
    await limit(10**6)
    await write()
    await opened.close()
    await assert_whole(path)


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\x00" * 300])
async def test_a_file_that_is_no_database_is_told_and_left_alone(
    path: Path, content: bytes
) -> None:
    _write(path, content)
    with pytest.raises(StoreError, match="damaged or no database") as caught:
        await store.open(str(path))
    assert (caught.value.code, caught.value.transient) == ("store.failed", False)
    assert _read(path) == content


async def test_an_error_names_what_was_wrong_but_no_values(sqlite: Store) -> None:
    with pytest.raises(StoreError, match="FOREIGN KEY") as caught:
        async with sqlite.begin() as tx:
            await tx.questions._connection.exec_driver_sql(
                "INSERT INTO source_states (source_id, failures) VALUES ('secret', 1)"
            )
    assert "secret" not in str(caught.value)


@pytest.mark.postgres
async def test_what_a_server_quotes_is_left_out(postgres_url: str) -> None:
    opened = await store.open(postgres_url)
    with pytest.raises(StoreError, match="invalid input syntax for type integer") as caught:
        async with opened.begin() as tx:
            await tx.settings._connection.exec_driver_sql("SELECT 'secret'::int")
    assert "secret" not in str(caught.value)
    await opened.close()


async def test_a_naive_time_is_refused(opened: Store) -> None:
    with pytest.raises(StoreError, match="offset") as caught:
        async with opened.begin() as tx:
            await tx.inbound.first("e1", NOW.replace(tzinfo=None))
    assert not caught.value.transient


@pytest.mark.parametrize(
    ("name", "code", "transient"),
    [
        ("SQLITE_BUSY", "store.locked", True),
        ("SQLITE_BUSY_SNAPSHOT", "store.locked", True),
        ("SQLITE_LOCKED_SHAREDCACHE", "store.locked", True),
        ("SQLITE_FULL", "store.full", True),
        ("SQLITE_READONLY_DBMOVED", "store.readonly", False),
        ("SQLITE_IOERR_WRITE", "store.unreachable", True),
        ("SQLITE_CANTOPEN", "store.unreachable", True),
        ("SQLITE_CORRUPT_VTAB", "store.failed", False),
        ("SQLITE_NOMEM", "store.failed", True),
    ],
)
def test_each_result_code_of_sqlite_has_its_meaning(name: str, code: str, transient: bool) -> None:
    origin = sqlite3.OperationalError("told by SQLite")
    origin.sqlite_errorname = name
    found = failures.store_error(DBAPIError("SELECT", {"p": "secret"}, origin))
    assert (found.code, found.transient) == (code, transient)
    assert "secret" not in str(found)


@pytest.mark.parametrize(
    ("error", "code", "transient"),
    [
        (PoolTimeout("too many"), "store.locked", True),
        (ConnectionResetError("gone"), "store.unreachable", True),
        (TimeoutError(), "store.unreachable", True),
        (
            DBAPIError("SELECT", {}, Exception(), connection_invalidated=True),
            "store.unreachable",
            True,
        ),
        (DBAPIError("SELECT", {}, Exception()), "store.failed", True),
        (IntegrityError("INSERT", {}, Exception("twice")), "store.failed", False),
        (InvalidRequestError("closed"), "store.failed", False),
    ],
)
def test_other_errors_have_their_meaning(error: Exception, code: str, transient: bool) -> None:
    found = failures.store_error(error)
    assert (found.code, found.transient) == (code, transient)
    assert str(found).endswith(".")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(StoreError, match="cannot be reached") as caught:
        await store.open(f"postgresql://bot:secret@127.0.0.1:{_free_port()}/news")
    assert (caught.value.code, caught.value.transient) == ("store.unreachable", True)
    assert "secret" not in str(caught.value)


@pytest.mark.postgres
@pytest.mark.parametrize(("old", "new"), [("postgres@", "stranger@"), ("/migrated", "/nothing")])
async def test_a_server_that_does_not_let_us_in_is_told(
    postgres_url: str, old: str, new: str
) -> None:
    with pytest.raises(StoreError, match="refuses") as caught:
        await store.open(postgres_url.replace(old, new))
    assert (caught.value.code, caught.value.transient) == ("store.unreachable", False)


@pytest.mark.postgres
async def test_a_lock_on_a_server_is_told_and_the_next_try_succeeds(postgres_url: str) -> None:
    opened = await store.open(postgres_url, busy_timeout=SHORT)
    async with opened.begin() as tx:
        await tx.settings.put("a", "1")

    async def write() -> None:
        async with opened.begin() as tx:
            await tx.settings.put("a", "2")

    async with opened.begin() as tx:
        await tx.settings.put("a", "3")
        with pytest.raises(StoreError, match="busy") as caught:
            await asyncio.create_task(write())
    assert (caught.value.code, caught.value.transient) == ("store.locked", True)
    await write()
    await opened.close()


@pytest.mark.postgres
async def test_a_server_that_restarts_mid_transaction_is_told_and_used_again(
    postgres_url: str, postgres_server: PostgresServer
) -> None:
    opened = await store.open(postgres_url)
    await seed(opened)

    async def write() -> None:
        async with opened.begin() as tx:
            await tx.settings.put("half", "x")
            postgres_server.stop()
            await tx.settings.put("other half", "x")

    with pytest.raises(StoreError) as caught:
        await write()
    assert (caught.value.code, caught.value.transient) == ("store.unreachable", True)
    assert (await opened.check()).error == "store.unreachable"
    postgres_server.start()
    async with opened.begin() as tx:
        assert await tx.settings.get("half") is None
        assert await tx.sources.all() == [source()]
    await opened.close()


@pytest.mark.postgres
async def test_a_server_that_falls_silent_is_told(postgres_url: str) -> None:
    silent = engine.postgresql_engine(
        engine.place(postgres_url), busy_timeout=MINUTE, silence=timedelta(milliseconds=200)
    )
    opened = Store(place=engine.place(postgres_url), writer=silent, reader=silent, lock=None)
    with pytest.raises(StoreError, match="reached") as caught:
        async with opened.begin() as tx:
            await tx.settings._connection.exec_driver_sql("SELECT pg_sleep(5)")
    assert (caught.value.code, caught.value.transient) == ("store.unreachable", True)
    await opened.close()


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _read(path: Path) -> bytes:
    return path.read_bytes()
