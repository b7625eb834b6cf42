"""A scene on a store of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import store
from bot.app.publish import Writer
from tests.app.scene import GLOSSARY, Scene
from tests.conftest import NOW
from tests.fakes import FakeClock, FakeFetch, RecordingChat


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    opened = await store.open(str(tmp_path / "news.db"))
    yield Scene(
        store=opened,
        clock=FakeClock(NOW),
        fetch=FakeFetch(),
        chat=RecordingChat(),
        writer=Writer(glossary=GLOSSARY),
    )
    await opened.close()
