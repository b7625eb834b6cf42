"""APScheduler only ticks: what is due stands in our tables, and they decide.

Memory job store (a persistent one would fire twice from two processes and lose jobs whose function
moved), no misfire limit (its default of one second skips runs in silence), missed ticks merged,
one instance of each job at a time.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.errors import BotError

__all__ = ["AsyncIOScheduler", "Job", "ticking"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something to do again and again, `every` so long, one run at a time."""

    name: str
    every: timedelta
    run: Callable[[], Awaitable[object]]


def ticking(*jobs: Job) -> AsyncIOScheduler:
    """A scheduler, not started yet, that runs each job in its interval."""
    scheduler = AsyncIOScheduler(
        timezone=UTC,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for job in jobs:
        scheduler.add_job(
            _guarded, "interval", args=[job], id=job.name, seconds=job.every.total_seconds()
        )
    return scheduler


async def _guarded(job: Job) -> None:
    """Run a job; its failure is logged and never stops the ticking."""
    try:
        await job.run()
    except BotError as error:
        log.exception("tick.failed job=%s code=%s", job.name, error.code)
    except Exception:
        log.exception("tick.failed job=%s code=bot.unexpected", job.name)
