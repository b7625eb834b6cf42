"""Stores on both engines, empty and migrated."""

from collections.abc import AsyncIterator
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


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, on each engine in turn."""
    if request.param == "sqlite":
        return str(tmp_path / "news.db")
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
async def sqlite(path: Path) -> AsyncIterator[Store]:
    """An open store on SQLite, for what only that engine has."""
    found = await store.open(str(path))
    yield found
    await found.close()
