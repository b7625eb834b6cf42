"""The ticking: again and again, one at a time, whatever a job does."""

import asyncio
import logging
from datetime import timedelta

import pytest

from bot.errors import StoreError
from bot.scheduler import Job, ticking


async def test_a_job_that_fails_is_logged_and_ticks_on(caplog: pytest.LogCaptureFixture) -> None:
    ran: list[str] = []
    done = asyncio.Event()

    async def locked() -> None:
        ran.append("locked")
        raise StoreError("busy", code="store.locked")

    async def broken() -> None:
        ran.append("broken")
        if ran.count("broken") > 1 and ran.count("locked") > 1:
            done.set()
        raise ValueError("unexpected")

    every = timedelta(seconds=0.05)
    scheduler = ticking(
        Job(name="a", every=every, run=locked), Job(name="b", every=every, run=broken)
    )
    with caplog.at_level(logging.ERROR):
        scheduler.start()
        async with asyncio.timeout(10):
            await done.wait()
        scheduler.shutdown(wait=False)
        await asyncio.sleep(0.05)
    assert "tick.failed job=a code=store.locked" in caplog.text
    assert "tick.failed job=b code=bot.unexpected" in caplog.text


async def test_a_slow_job_runs_one_at_a_time() -> None:
    running = most = 0

    async def slow() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.1)
        running -= 1

    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = ticking(Job(name="slow", every=timedelta(seconds=0.02), run=slow))
    scheduler.start()
    await asyncio.sleep(0.4)
    scheduler.shutdown(wait=False)
    await asyncio.sleep(0.15)
    assert most == 1
