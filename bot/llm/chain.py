"""Several language models in order of preference: the first that answers writes."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.errors import ModelError
from bot.llm.base import LLM
from bot.model import Prompt, Reply

REST: Final = timedelta(minutes=5)  # a provider is left alone after a failure that will recur
RECURRING: Final = frozenset({"model.auth", "model.quota", "model.not_found", "model.unreachable"})

log = logging.getLogger(__name__)


class Chain:
    """An LLM made of LLMs. A provider whose failure will recur, or that asked to be left alone,
    rests before it is tried again, unless all of them rest."""

    def __init__(self, llms: Sequence[LLM], *, clock: Callable[[], datetime]) -> None:
        if not llms:
            raise ValueError("a chain has at least one model")
        self._llms = tuple(llms)
        self._clock = clock
        self._resting: dict[int, datetime] = {}

    @property
    def name(self) -> str:
        return "+".join(llm.name for llm in self._llms)

    async def complete(self, prompt: Prompt) -> Reply:
        """The reply of the first model that gives one; `model` says whose it is. Raises the
        failure of the last one tried."""
        *earlier, last = self._awake() or range(len(self._llms))
        for index in earlier:
            try:
                return await self._try(index, prompt)
            except ModelError as error:
                log.warning("model.next code=%s model=%s", error.code, self._llms[index].name)
        return await self._try(last, prompt)

    async def close(self) -> None:
        for llm in self._llms:
            await llm.close()

    def _awake(self) -> list[int]:
        now = self._clock()
        return [i for i in range(len(self._llms)) if self._resting.get(i, now) <= now]

    async def _try(self, index: int, prompt: Prompt) -> Reply:
        try:
            return await self._llms[index].complete(prompt)
        except ModelError as error:
            rest = error.retry_after or (REST if error.code in RECURRING else None)
            if rest is not None:
                self._resting[index] = self._clock() + rest
            raise
