"""Worker processes for bytes that may be hostile, so that none can hold up a chat."""

import asyncio
import os
import resource
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import get_context
from typing import TypeVar

from bot.errors import ParseError

T = TypeVar("T")

SECONDS = 10.0  # for one piece of work, once a worker has it
WORKERS = 2
NICE = 10  # answers to people come before reading
MEMORY = 512 * 1024 * 1024  # bytes of address space of one worker; an idle one takes 80 MB
# A worker that did so many is replaced: what a large input left behind goes back to the system.
MOST_JOBS = 500
# Loaded once, in the process that workers are forked from: they start in 20 ms and share it.
PRELOADED = ["bot.app.collect", "bot.app.oneoff", "trafilatura"]


class Pool:
    """A few processes, each started when first needed, each with one piece of work at a time: one
    that hangs or dies takes no other work with it."""

    def __init__(
        self, workers: int = WORKERS, seconds: float = SECONDS, memory: int = MEMORY
    ) -> None:
        self._seconds = seconds
        self._memory = memory
        self._gate = asyncio.Semaphore(workers)
        self._jobs: dict[ProcessPoolExecutor, int] = {}  # of each worker, those done
        self._idle: list[ProcessPoolExecutor] = []

    async def run(self, function: Callable[..., T], *args: object) -> T:
        """What a module's function gives, worked out in another process; what it raises, raised.
        ParseError("parse.too_slow") where it takes too long, ParseError("parse.too_large") where
        it takes too much memory or brings its process down: that worker is ended."""
        async with self._gate:
            worker = self._idle.pop() if self._idle else self._started()
            keep = False
            try:
                job = asyncio.get_running_loop().run_in_executor(worker, function, *args)
                result = await asyncio.wait_for(job, self._seconds)
                keep = True
            except TimeoutError as error:
                raise ParseError("reading it took too long", code="parse.too_slow") from error
            except (MemoryError, BrokenProcessPool) as error:
                raise ParseError("reading it took too much", code="parse.too_large") from error
            except Exception:
                keep = True  # the input is bad, not the worker
                raise
            finally:
                self._put_back(worker, keep=keep)
            return result

    def close(self) -> None:
        """End the workers, the busy ones too; the next work starts new ones."""
        for worker in list(self._jobs):
            self._end(worker)

    def _started(self) -> ProcessPoolExecutor:
        context = get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
        worker = ProcessPoolExecutor(
            1, mp_context=context, initializer=_bounded, initargs=(self._memory,)
        )
        self._jobs[worker] = 0
        return worker

    def _put_back(self, worker: ProcessPoolExecutor, *, keep: bool) -> None:
        if worker not in self._jobs:
            return  # closed meanwhile
        self._jobs[worker] += 1
        if keep and self._jobs[worker] < MOST_JOBS:
            self._idle.append(worker)
        else:
            self._end(worker)

    def _end(self, worker: ProcessPoolExecutor) -> None:
        del self._jobs[worker]
        if worker in self._idle:
            self._idle.remove(worker)
        for process in list((worker._processes or {}).values()):  # noqa: SLF001 - no other way
            process.kill()
        worker.shutdown(wait=False, cancel_futures=True)


def _bounded(memory: int) -> None:
    """Bound the memory of this worker, where the system can, and let the bot itself go first."""
    os.nice(NICE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
