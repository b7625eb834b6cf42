"""A language model that tries again, for failures that pass. It goes around the budget, so that
each attempt is reserved and settled by itself: `Retry(Budget(client))`."""

import logging
from collections.abc import Awaitable, Callable
from typing import Final

from bot.errors import ModelError
from bot.llm.base import LLM
from bot.model import Prompt, Reply

RETRIES: Final = 2  # after the first attempt
FIRST_WAIT: Final = 1.0  # seconds, doubled each time
LONGEST_WAIT: Final = 30.0  # seconds; a provider that asks for more is left to the next one

log = logging.getLogger(__name__)


class Retry:
    """An LLM around an LLM. `sleep` takes seconds (asyncio.sleep)."""

    def __init__(
        self, llm: LLM, *, sleep: Callable[[float], Awaitable[None]], retries: int = RETRIES
    ) -> None:
        self._llm = llm
        self._sleep = sleep
        self._retries = retries

    @property
    def name(self) -> str:
        return self._llm.name

    async def complete(self, prompt: Prompt) -> Reply:
        """The first reply that comes. Raises the failure of the last attempt; a lasting one and
        a wait longer than LONGEST_WAIT at once."""
        for attempt in range(self._retries):
            try:
                return await self._llm.complete(prompt)
            except ModelError as error:
                wait = FIRST_WAIT * 2**attempt
                if error.retry_after is not None:
                    wait = max(wait, error.retry_after.total_seconds())
                if not error.transient or wait > LONGEST_WAIT:
                    raise
                log.warning("model.retry code=%s model=%s wait=%.1f", error.code, self.name, wait)
            await self._sleep(wait)
        return await self._llm.complete(prompt)

    async def close(self) -> None:
        await self._llm.close()
