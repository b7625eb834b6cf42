"""A scene on a store of its own."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import store
from bot.app.publish import Writer
from tests.app.scene import GLOSSARY, Scene
from tests.conftest import NOW
from tests.fakes import FakeClock, FakeFetch, RecordingChat


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of an empty database of this program's schema: a copy is quicker than migrations."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    asyncio.run(store.migrate(str(path)))
    return path


@pytest.fixture
async def scene(empty_store: Path, tmp_path: Path) -> AsyncIterator[Scene]:
    opened = await store.open(str(shutil.copy(empty_store, tmp_path / "news.db")), migrate=False)
    yield Scene(
        store=opened,
        clock=FakeClock(NOW),
        fetch=FakeFetch(),
        chat=RecordingChat(),
        writer=Writer(glossary=GLOSSARY),
    )
    await opened.close()
