"""Stores on both engines, empty and migrated."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot import store
from bot.store import Store
from tests.servers.postgres import (
    empty_postgres_url,
    postgres_copy_url,
    postgres_server,
    postgres_url,
)

__all__ = ["empty_postgres_url", "postgres_copy_url", "postgres_server", "postgres_url"]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the program's schema and no rows, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "news.db"
    with ThreadPoolExecutor(1) as thread:  # away from any running event loop
        thread.submit(asyncio.run, store.migrate(str(path))).result()
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, path: Path, migrated: Path) -> str:
    """The address of a database without rows, on each engine in turn."""
    if request.param == "sqlite":
        return str(shutil.copy(migrated, path))
    found: str = request.getfixturevalue("postgres_url")
    return found


@pytest.fixture
async def opened(url: str) -> AsyncIterator[Store]:
    """An open store, on each engine in turn."""
    found = await store.open(url)
    yield found
    await found.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news.db"


@pytest.fixture
async def sqlite(path: Path, migrated: Path) -> AsyncIterator[Store]:
    """An open store on SQLite, for what only that engine has."""
    found = await store.open(str(shutil.copy(migrated, path)))
    yield found
    await found.close()
