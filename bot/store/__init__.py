"""The store: everything that must outlive the process, in SQLite or PostgreSQL.

>>> import asyncio, tempfile
>>> from bot import store
>>> from bot.model import Source
>>> async def example(folder: str) -> str:
...     opened = await store.open(f"{folder}/news.db")
...     async with opened.begin() as tx:
...         await tx.sources.save(Source(id="s1", url="https://example.org/feed"))
...     async with opened.read() as tx:
...         found = await tx.sources.get("s1")
...     await opened.close()
...     return found.url if found else "?"
>>> with tempfile.TemporaryDirectory() as folder:
...     asyncio.run(example(folder))
'https://example.org/feed'

SQLAlchemy is imported by the first call, not by the import of this package.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.store.session import Health, Store, Tx

__all__ = ["Health", "Store", "Tx", "migrate", "open"]

BUSY_TIMEOUT = timedelta(seconds=5)  # how long a write waits for another process's lock on SQLite


async def open(  # noqa: A001 - read at the call site: store.open
    url: str, *, migrate: bool = True, busy_timeout: timedelta = BUSY_TIMEOUT
) -> "Store":
    """The store at `url` (a path, ``sqlite:///path`` or ``postgresql://…``), brought to the
    program's schema unless `migrate` is false.

    StoreError: ``store.in_use`` (another process has the file), ``store.newer``, ``store.older``
    (only without `migrate`), ``store.locked``, ``store.readonly``, ``store.unreachable``."""
    from bot.store.session import open_store

    return await open_store(url, migrate=migrate, busy_timeout=busy_timeout)


async def migrate(url: str, *, busy_timeout: timedelta = BUSY_TIMEOUT) -> tuple[str | None, str]:
    """Bring the database at `url` to the program's schema; the revisions before and after (None:
    there was none). StoreError as `open`."""
    from bot.store.session import migrate_store

    return await migrate_store(url, busy_timeout=busy_timeout)


def __getattr__(name: str) -> object:
    if name in ("Health", "Store", "Tx"):
        from bot.store import session

        return getattr(session, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
