"""Feeds and pages that are slow to read, in real worker processes, while people ask."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from functools import partial
from statistics import median
from time import monotonic
from typing import TypeVar

import pytest

from bot.app import rounds
from bot.app.collect import Collected, collect, read_page
from bot.model import Source
from bot.workers import Pool
from tests import hostile
from tests.app.scene import CHIPS, NEWS, SOURCE, Scene, page, rss

T = TypeVar("T")
SECONDS = 2.0  # what a worker may take here
SLOW = replace(SOURCE, id="slow", url="https://slow.example/feed")
EXCERPT = rss(("Marlin trains a model", CHIPS.partition(". ")[0] + "."), whole=False)
# Ten million characters without a full stop, all figures: seconds of honest work.
HEAVY = rss(*[(f"Story {n}", "It sold 300 robots for $5 million, " * 6000) for n in range(50)])


@pytest.fixture
async def pool() -> AsyncIterator[Pool]:
    made = Pool(workers=2, seconds=SECONDS)
    await asyncio.gather(made.run(hostile.rest, 0.1), made.run(hostile.rest, 0.1))  # started
    yield made
    made.close()


async def answers(scene: Scene, until: "asyncio.Task[object]") -> list[float]:
    """Seconds that each answer took while something else was under way."""
    took: list[float] = []
    while not until.done():
        begun = monotonic()
        assert await scene.say("/sources")
        took.append(monotonic() - begun)
        await asyncio.sleep(0.05)
    return took


async def round_of(scene: Scene, pool: Pool, outcomes: list[tuple[str, Collected]]) -> int:
    return await rounds.collect_due(
        store=scene.store,
        fetch=scene.fetch,
        work=pool.run,
        clock=scene.clock,
        chance=lambda: 0.5,
        done=lambda source, outcome: outcomes.append((source.id, outcome)),
    )


async def test_slow_feeds_delay_no_answer_and_are_named(scene: Scene, pool: Pool) -> None:
    await scene.admitted()
    slow: Sequence[Source] = [
        replace(SLOW, id=f"slow{n}", url=f"https://{n}.example/") for n in (1, 2)
    ]
    for source in (*slow, SOURCE):
        await scene.lists(source)
        body = rss(*NEWS) if source is SOURCE else HEAVY
        scene.fetch.pages[source.url] = page(source.url, body)
    outcomes: list[tuple[str, Collected]] = []
    task = asyncio.create_task(round_of(scene, pool, outcomes))
    took = await answers(scene, task)
    assert len(took) >= 4
    assert max(took) < SECONDS  # however busy this machine is
    assert median(took) < 0.5
    assert dict(outcomes) == {
        "slow1": Collected(error="parse.too_slow"),
        "slow2": Collected(error="parse.too_slow"),
        SOURCE.id: Collected(new=2),
    }
    (shown,) = await scene.say("/sources")
    assert "it takes too long to read" in shown
    (shown,) = await scene.say("/sources", lang="ja")
    assert "読み取りに時間がかかりすぎます" in shown


async def test_a_page_that_hangs_its_reader_delays_no_answer_and_the_excerpt_is_kept(
    scene: Scene, pool: Pool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    mark = tmp_path_factory.mktemp("stuck") / "pid"
    await scene.admitted()
    await scene.lists()
    scene.fetch.pages[SOURCE.url] = page(SOURCE.url, EXCERPT)
    scene.fetch.pages["https://news.example/1"] = page("https://news.example/1", b"<p>x</p>")

    async def work(function: Callable[..., T], *args: object) -> T:
        found = partial(hostile.hang, mark) if function is read_page else partial(function, *args)
        return await pool.run(found)  # type: ignore[arg-type]

    task = asyncio.create_task(
        collect(SOURCE, store=scene.store, fetch=scene.fetch, work=work, now=scene.clock())
    )
    took = await answers(scene, task)
    assert len(took) >= 4
    assert max(took) < SECONDS  # however busy this machine is
    assert median(took) < 0.5
    assert await task == Collected(new=1)
    stuck = int(mark.read_text())
    async with asyncio.timeout(5):
        while hostile.is_alive(stuck):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)
