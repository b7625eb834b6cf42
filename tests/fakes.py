"""Stand-ins that tests hand to the product: queues to fill and histories to read."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from bot.model import Prompt, Reply, Usage

Answer = str | Reply | Exception | Callable[[Prompt], "str | Reply"]


class FakeLLM:
    """A language model that is a queue and a history. Each call takes the next of `replies` (the
    last one for ever when `repeat`); an exception is raised, a function is called with the prompt.
    `delay` is in seconds. `peak` is the most calls that were in flight together."""

    def __init__(
        self,
        replies: Iterable[Answer] = (),
        *,
        name: str = "fake",
        delay: float = 0,
        repeat: bool = False,
    ) -> None:
        self.replies: deque[Answer] = deque(replies)
        self.history: list[Prompt] = []
        self.delay = delay
        self.repeat = repeat
        self.peak = 0
        self.closed = False
        self._name = name
        self._running = 0

    @property
    def name(self) -> str:
        return self._name

    async def complete(self, prompt: Prompt) -> Reply:
        self.history.append(prompt)
        assert self.replies, f"no reply left for call {len(self.history)} ({prompt.name})"
        answer = (
            self.replies[0] if self.repeat and len(self.replies) == 1 else self.replies.popleft()
        )
        self._running += 1
        self.peak = max(self.peak, self._running)
        try:
            await asyncio.sleep(self.delay)
        finally:
            self._running -= 1
        if callable(answer):
            answer = answer(prompt)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Reply):
            return answer
        return Reply(text=answer, model=self.name, usage=Usage(input=100, output=20))

    async def close(self) -> None:
        self.closed = True


@dataclass
class FakeLedger:
    """A budget's ledger in memory: its `rows` are (at, model, purpose, owner, usage)."""

    rows: list[tuple[datetime, str, str, str | None, Usage]] = field(default_factory=list)

    async def spent(self, since: datetime, owner: str | None = None) -> tuple[int, Decimal]:
        await asyncio.sleep(0)  # a real one waits for its database: let others run in between
        found = [row[4] for row in self.rows if row[0] >= since and owner in (None, row[3])]
        cost = sum((usage.cost or Decimal(0) for usage in found), Decimal(0))
        return sum(usage.input + usage.output for usage in found), cost

    async def add(
        self, *, at: datetime, model: str, purpose: str, owner: str | None, usage: Usage
    ) -> None:
        await asyncio.sleep(0)
        self.rows.append((at, model, purpose, owner, usage))


class FakeClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        self.now += by


class FakeSleep:
    """Sleeping that takes no time; `waits` are the seconds asked for."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(0)
