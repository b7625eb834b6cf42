"""A language model with a purse: no call is made that could overrun the day's caps.

The worst case of a call is written into the ledger before the call and corrected from its usage
afterwards, so a crash between the two errs on the side of having spent. Within a process the check
and the entry are one step; several processes on one ledger can together overrun a cap by at most
the calls they have in flight.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final, Protocol

from bot.errors import BudgetExceeded, ModelError
from bot.llm.base import LLM, THINKING_TOKENS, CallFailed, estimate
from bot.model import Prompt, Reply, Usage

MILLION: Final = Decimal(1_000_000)
CONCURRENCY: Final = 8  # calls at a time, over all callers
REQUEST_OVERHEAD: Final = 64  # tokens that roles and message frames add
# Failures before anything was processed: the reservation goes back in full.
FREE: Final = frozenset(
    {
        "model.auth",
        "model.quota",
        "model.rate_limited",
        "model.unreachable",
        "model.not_found",
        "model.rejected",
        "model.budget",
    }
)


class Ledger(Protocol):
    """Where spending is written down. An owner is the key of a chat or of a person; None is the
    installation itself."""

    async def spent(self, since: datetime, owner: str | None = None) -> tuple[int, Decimal]:
        """Tokens (in and out) and US dollars since then: of one owner, or of all entries."""
        ...

    async def add(
        self, *, at: datetime, model: str, purpose: str, owner: str | None, usage: Usage
    ) -> None:
        """Writes an entry. `purpose` is the prompt's name. The correction of a reservation may
        hold negative amounts."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """US dollars per million tokens; `cached` is the price of input read from a prompt cache."""

    input: Decimal
    output: Decimal
    cached: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """The most that may be spent in one UTC day; None means no limit."""

    tokens: int | None = None
    cost: Decimal | None = None


def prices(table: Mapping[str, Mapping[str, object]]) -> dict[str, Price]:
    """Prices by model from the tables of prompts/prices.toml. Raises ValueError naming the model
    whose entry is not two or three non-negative numbers.

    >>> prices({"tiny": {"input": 0.1, "output": 0.4}})["tiny"].output
    Decimal('0.4')
    """
    found = {}
    for model, row in table.items():
        amounts = {key: str(value) for key, value in row.items()}
        try:
            found[model] = Price(**{key: Decimal(text) for key, text in amounts.items()})
        except (ArithmeticError, TypeError) as error:
            raise ValueError(f"the price of {model!r} is not usable") from error
        if any(Decimal(text) < 0 for text in amounts.values()):
            raise ValueError(f"the price of {model!r} is negative")
    return found


def price_of(model: str, table: Mapping[str, Price]) -> Price | None:
    """The entry of the model, else of the longest name that it continues after a dash or a
    colon (dated snapshots, sizes); None when there is none.

    >>> table = prices({"m": {"input": 1, "output": 2}, "m-mini": {"input": 3, "output": 4}})
    >>> price_of("m-mini-2024-07-18", table).input, price_of("max", table)
    (Decimal('3'), None)
    """
    names = [n for n in table if model == n or model.startswith((f"{n}-", f"{n}:", f"{n}@"))]
    return table[max(names, key=len)] if names else None


def cost_of(usage: Usage, price: Price | None) -> Decimal | None:
    """US dollars for the usage; None without a price. Reasoning tokens are part of `output`."""
    if price is None:
        return None
    cached = price.input if price.cached is None else price.cached
    fresh = usage.input - usage.cached
    return (fresh * price.input + usage.cached * cached + usage.output * price.output) / MILLION


class Budget:
    """An LLM around an LLM: reserve, call, settle. `headroom` is added to the reply's limit in a
    reservation, for models that think before they write."""

    def __init__(
        self,
        llm: LLM,
        *,
        ledger: Ledger,
        clock: Callable[[], datetime],
        caps: Caps,
        prices: Mapping[str, Price],
        concurrency: int = CONCURRENCY,
        headroom: int = THINKING_TOKENS,
    ) -> None:
        self._llm = llm
        self._ledger = ledger
        self._clock = clock
        self._caps = caps
        self._owner: str | None = None
        self._own_caps = Caps()
        self._prices = prices
        self._headroom = headroom
        self._slots = asyncio.Semaphore(concurrency)
        self._door = asyncio.Lock()

    @property
    def name(self) -> str:
        return self._llm.name

    def charged_to(self, owner: str, caps: Caps) -> "Budget":
        """The same purse, drawn on in the name of a chat or a person with caps of their own
        beside the common ones. The view shares the model, the ledger and the slots."""
        view = object.__new__(Budget)
        view.__dict__.update(self.__dict__)
        view._owner, view._own_caps = owner, caps
        return view

    async def complete(self, prompt: Prompt) -> Reply:
        """The model's reply with its cost filled in. Raises BudgetExceeded before the call when
        its worst case does not fit under every cap; otherwise what the model raises."""
        async with self._slots:
            worst = self._priced(self._worst(prompt), self.name)
            async with self._door:
                await self._check(worst)
                await self._write(worst, prompt)
            try:
                reply = await self._llm.complete(prompt)
            except ModelError as error:
                await self._settle(worst, self._billed(error, worst), prompt)
                raise
            usage = self._priced(reply.usage, reply.model)
            await self._settle(worst, usage, prompt)
            return replace(reply, usage=usage)

    async def close(self) -> None:
        await self._llm.close()

    def _billed(self, error: ModelError, worst: Usage) -> Usage:
        """What a failed call cost. Where nobody knows, the whole reservation: it may be billed."""
        if isinstance(error, CallFailed):
            return self._priced(error.usage, self.name)
        return Usage(cost=Decimal(0)) if error.code in FREE else worst

    async def _settle(self, worst: Usage, used: Usage, prompt: Prompt) -> None:
        known = worst.cost is not None or used.cost is not None
        correction = Usage(
            input=used.input - worst.input,
            output=used.output - worst.output,
            cached=used.cached,
            cost=(used.cost or Decimal(0)) - (worst.cost or Decimal(0)) if known else None,
        )
        if correction != Usage(cost=correction.cost) or correction.cost:
            await self._write(correction, prompt)

    async def _check(self, worst: Usage) -> None:
        now = self._clock().astimezone(UTC)
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        own = [(self._owner, self._own_caps)] if self._owner is not None else []
        for owner, caps in [(None, self._caps), *own]:
            tokens, cost = await self._ledger.spent(midnight, owner)
            tokens, cost = tokens + worst.input + worst.output, cost + (worst.cost or 0)
            over_tokens = caps.tokens is not None and tokens > caps.tokens
            if over_tokens or (caps.cost is not None and cost > caps.cost):
                raise BudgetExceeded(
                    f"the day's cap on {'tokens' if over_tokens else 'cost'} is reached",
                    retry_after=midnight + timedelta(days=1) - now,
                )

    async def _write(self, usage: Usage, prompt: Prompt) -> None:
        await self._ledger.add(
            at=self._clock(),
            model=self.name,
            purpose=prompt.name,
            owner=self._owner,
            usage=usage,
        )

    def _worst(self, prompt: Prompt) -> Usage:
        schema = estimate(str(prompt.schema)) if prompt.schema else 0
        tokens = estimate(prompt.system) + estimate(prompt.user) + schema + REQUEST_OVERHEAD
        return Usage(input=tokens, output=prompt.max_tokens + self._headroom)

    def _priced(self, usage: Usage, model: str) -> Usage:
        price = price_of(model, self._prices) or price_of(self.name, self._prices)
        return usage if usage.cost is not None else replace(usage, cost=cost_of(usage, price))
