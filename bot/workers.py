"""Worker processes for bytes that may be hostile, so that none can hold up a chat."""

import asyncio
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from multiprocessing import get_context

from bot.app import collect
from bot.app.collect import Batch
from bot.errors import ParseError
from bot.model import Fetched, Source

PARSE_SECONDS = 10.0  # for one feed, the wait for a free worker included
WORKERS = 2


class Pool:
    """A few processes, started when first needed."""

    def __init__(self, workers: int = WORKERS, seconds: float = PARSE_SECONDS) -> None:
        self._seconds = seconds
        self._workers = workers
        self._gate = asyncio.Semaphore(workers)
        self._pool: ProcessPoolExecutor | None = None

    async def read(self, fetched: Fetched, source: Source, at: datetime) -> Batch:
        """`collect.read` in a worker. ParseError("parse.too_slow") where it takes too long: the
        stuck worker is ended."""
        async with self._gate:
            self._pool = self._pool or ProcessPoolExecutor(
                self._workers, mp_context=get_context("forkserver")
            )
            loop = asyncio.get_running_loop()
            try:
                job = loop.run_in_executor(self._pool, collect.read, fetched, source, at)
                return await asyncio.wait_for(job, self._seconds)
            except (TimeoutError, BrokenProcessPool) as error:
                self.close()
                raise ParseError("reading it took too long", code="parse.too_slow") from error

    def close(self) -> None:
        """End the workers, the stuck ones too; the next read starts new ones."""
        pool, self._pool = self._pool, None
        if pool is not None:
            for process in list((pool._processes or {}).values()):  # noqa: SLF001 - no other way
                process.kill()
            pool.shutdown(wait=False, cancel_futures=True)
