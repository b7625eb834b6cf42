"""One process, one writer; transactions that are whole or nothing; kills and cancellations."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import store
from bot.errors import StoreError
from bot.model import Channel
from bot.store import Store, columns, engine, schema
from bot.store.lock import Lock
from tests.store.samples import CHAT, NOW, chat, delivery, seed, source

HOLDER = """
import asyncio, sys
from bot import store
async def main(path):
    opened = await store.open(path)
    print("open", flush=True)
    for number in range(int(sys.argv[2]), 10**6):
        async with opened.begin() as tx:
            await tx.settings.put(f"a{number}", "x")
            await tx.settings.put(f"b{number}", "x")
        print(number, flush=True)
asyncio.run(main(sys.argv[1]))
"""


def holder(path: Path, start: int) -> subprocess.Popen[str]:
    """Another process that opens the store and writes pairs until it is killed."""
    command = [sys.executable, "-c", HOLDER, str(path), str(start)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    return process


@pytest.mark.parametrize(
    ("address", "driver", "shown"),
    [
        ("data/news.db", "sqlite+aiosqlite", "data/news.db"),
        ("/var/lib/news.db", "sqlite+aiosqlite", "/var/lib/news.db"),
        ("sqlite:///data/news.db", "sqlite+aiosqlite", "data/news.db"),
        ("sqlite:////var/lib/news.db", "sqlite+aiosqlite", "/var/lib/news.db"),
        ("sqlite+aiosqlite:///news.db", "sqlite+aiosqlite", "news.db"),
        ("postgresql://u:p@h:5/d", "postgresql+asyncpg", "postgresql+asyncpg://u:***@h:5/d"),
        ("postgres://h/d", "postgresql+asyncpg", "postgresql+asyncpg://h/d"),
        ("postgresql+psycopg://h/d", "postgresql+asyncpg", "postgresql+asyncpg://h/d"),
    ],
)
def test_an_address_is_read_as_it_is_commonly_written(
    address: str, driver: str, shown: str
) -> None:
    found = engine.place(address)
    assert found.url.drivername == driver
    assert str(found) == shown


@pytest.mark.parametrize(
    "address", ["", ":memory:", "sqlite://", "sqlite:///:memory:", "mysql://h/d", "x://[", "://"]
)
async def test_an_address_that_is_none_says_what_is_one(address: str) -> None:
    with pytest.raises(StoreError, match="DATABASE_URL must be") as caught:
        await store.open(address)
    assert (caught.value.code, caught.value.transient) == ("store.unreachable", False)


def test_importing_the_store_imports_no_database() -> None:
    script = (
        "import sys, bot.store; sys.exit('sqlalchemy' in sys.modules or 'alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_the_face_has_its_types_and_nothing_else() -> None:
    assert store.Store.__name__ == "Store"
    assert {"Tx", "Health"} <= set(store.__all__)
    with pytest.raises(AttributeError, match="no attribute"):
        _ = store.Nothing


async def test_sqlite_runs_with_the_settings_that_lose_nothing(sqlite: Store) -> None:
    async def pragma(name: str) -> object:
        return (await tx._connection.exec_driver_sql(f"PRAGMA {name}")).scalar()

    async with sqlite.begin() as tx:
        assert await pragma("journal_mode") == "wal"
        assert await pragma("synchronous") == 2  # FULL
        assert await pragma("foreign_keys") == 1
        assert await pragma("busy_timeout") == 5000
    async with sqlite.read() as tx:
        assert await pragma("query_only") == 1


async def test_the_files_are_for_their_owner_alone(path: Path) -> None:
    opened = await store.open(str(path))
    async with opened.begin() as tx:
        await tx.settings.put("a", "b")
    assert {p.stat().st_mode & 0o077 for p in path.parent.iterdir()} == {0}
    await opened.close()
    await opened.close()


async def test_a_second_process_is_refused_while_the_first_lives(path: Path) -> None:
    process = holder(path, 0)
    try:
        with pytest.raises(StoreError, match=f"in use by process {process.pid}") as caught:
            await store.open(str(path))
        assert (caught.value.code, caught.value.transient) == ("store.in_use", False)
        with pytest.raises(StoreError, match="in use"):
            await store.migrate(str(path))
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    opened = await store.open(str(path))
    await opened.close()


async def test_a_second_store_in_the_same_process_is_refused(path: Path) -> None:
    first = await store.open(str(path))
    with pytest.raises(StoreError, match="in use"):
        await store.open(str(path))
    await first.close()
    again = await store.open(str(path))
    await again.close()


def test_a_lock_whose_holder_is_not_known_is_refused_all_the_same(path: Path) -> None:
    lock = Lock(path)
    lock.path.write_text("")
    with pytest.raises(StoreError, match="another process"):
        Lock(path)
    lock.release()
    lock.release()
    Lock(path).release()


async def test_what_was_committed_survives_a_kill_and_what_was_not_leaves_no_half(
    path: Path,
) -> None:
    start = 0
    for _ in range(3):
        process = holder(path, start)
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(20)]
        process.send_signal(signal.SIGKILL)
        lines += process.communicate()[0].splitlines(keepends=True)
        committed = max(int(line) for line in lines if line.endswith("\n") and line.strip())
        opened = await store.open(str(path))
        async with opened.read() as tx:
            get = tx.settings.get
            for number in range(committed + 1):
                assert await get(f"a{number}") == await get(f"b{number}") == "x"
            start = committed + 1
            assert await get(f"a{start}") == await get(f"b{start}")
        await opened.close()


async def test_a_block_that_raises_writes_nothing(opened: Store) -> None:
    async def fail() -> None:
        async with opened.begin() as tx:
            await tx.settings.put("a", "b")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with opened.read() as tx:
        assert await tx.settings.get("a") is None


async def test_an_error_of_the_callers_own_passes_as_it_is(opened: Store) -> None:
    with pytest.raises(ConnectionResetError):
        async with opened.begin():
            raise ConnectionResetError


async def test_a_cancelled_block_writes_nothing_and_frees_its_turn(opened: Store) -> None:
    entered = asyncio.Event()

    async def never_done() -> None:
        async with opened.begin() as tx:
            await tx.settings.put("a", "b")
            entered.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(never_done())
    await entered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with opened.begin() as tx:
        assert await tx.settings.get("a") is None
        await tx.settings.put("a", "c")


async def test_cancelling_at_any_moment_leaves_the_store_usable(opened: Store) -> None:
    async def work(number: int) -> None:
        async with opened.begin() as tx:
            await tx.settings.put(f"a{number}", "x")
            await tx.settings.put(f"b{number}", "x")

    for number in range(60):
        task = asyncio.create_task(work(number))
        await asyncio.sleep(number * 0.0001)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(10), opened.begin() as tx:
        for number in range(60):
            get = tx.settings.get
            assert await get(f"a{number}") == await get(f"b{number}")
        await tx.settings.put("after", "x")


async def test_a_task_that_would_wait_for_itself_is_told(opened: Store) -> None:
    async with opened.begin():
        with pytest.raises(RuntimeError, match="open already"):
            async with opened.begin():
                pass
        async with opened.read() as tx:
            assert await tx.settings.get("a") is None


async def test_a_reader_sees_one_state_and_never_waits_for_the_writer(opened: Store) -> None:
    async with opened.begin() as tx:
        await tx.settings.put("a", "old")
    async with opened.read() as reader:
        assert await reader.settings.get("a") == "old"
        async with opened.begin() as tx:
            await tx.settings.put("a", "new")
            assert await reader.settings.get("a") == "old"
        assert await reader.settings.get("a") == "old"
    async with opened.read() as reader:
        assert await reader.settings.get("a") == "new"


async def test_a_read_transaction_cannot_write(opened: Store) -> None:
    with pytest.raises(StoreError) as caught:
        async with opened.read() as tx:
            await tx.settings.put("a", "b")
    assert caught.value.code == "store.readonly"


async def test_many_tasks_that_read_and_then_write_all_succeed(sqlite: Store) -> None:
    async with sqlite.begin() as tx:
        await tx.settings.put("count", "0")

    async def add_one() -> None:
        async with sqlite.begin() as tx:
            found = await tx.settings.get("count")
            await tx.settings.put("count", str(int(found or 0) + 1))

    await asyncio.gather(*(add_one() for _ in range(100)))
    async with sqlite.read() as tx:
        assert await tx.settings.get("count") == "100"


async def test_more_readers_than_connections_take_turns(opened: Store) -> None:
    await seed(opened)

    async def look() -> int:
        async with opened.read() as tx:
            await asyncio.sleep(0.001)
            return len(await tx.sources.all())

    assert await asyncio.gather(*(look() for _ in range(40))) == [1] * 40


async def test_writers_that_read_on_the_side_do_not_starve_each_other(opened: Store) -> None:
    await seed(opened)

    async def work(number: int) -> int:
        async with opened.begin() as tx:
            await tx.settings.put(f"a{number}", "x")
            await asyncio.sleep(0.001)
            async with opened.read() as reader:
                return len(await reader.sources.all())

    async with asyncio.timeout(10):
        assert await asyncio.gather(*(work(n) for n in range(20))) == [1] * 20


async def test_senders_that_lease_at_once_share_nothing(opened: Store) -> None:
    async with opened.begin() as tx:
        await tx.outbox.add([delivery(n, channel=chat(n % 20)) for n in range(60)])

    async def sender() -> list[str]:
        async with opened.begin() as tx:
            return [d.channel.chat_id for d in await tx.outbox.lease(NOW, NOW, 5)]

    leased = [c for found in await asyncio.gather(*(sender() for _ in range(8))) for c in found]
    assert len(leased) == len(set(leased))
    assert len(leased) >= 15


async def test_a_check_tells_engine_version_and_that_writing_works(opened: Store) -> None:
    health = await opened.check()
    assert health.engine in ("sqlite", "postgresql")
    assert (health.version, health.writable, health.error) == (schema.HEAD, True, None)


async def test_the_log_is_folded_into_the_file_when_the_store_closes(path: Path) -> None:
    opened = await store.open(str(path))
    async with opened.begin() as tx:
        await tx.sources.save(source())
    async with opened.read() as tx:
        await tx.sources.all()
    await opened.close()
    assert not path.with_name("news.db-wal").exists()
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT count(*) FROM sources").fetchone() == (1,)


PARTS = st.text(max_size=5)


@given(st.builds(Channel, platform=st.just("slack"), chat_id=PARTS, thread_id=st.none() | PARTS))
def test_a_channel_comes_back_from_its_stored_form(channel: Channel) -> None:
    assert columns.channel(columns.address(channel)) == channel


def test_a_common_channel_is_stored_as_people_write_it() -> None:
    assert columns.address(CHAT) == str(CHAT) == "telegram:-1001"
