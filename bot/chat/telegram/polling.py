"""Long polling: updates in order, each confirmed once it is on its way, faults survived."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from telegram.error import Conflict

from bot.chat import limits
from bot.errors import ChatError, RateLimited

from . import faults
from .client import Client

log = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds after a failure, doubling
CONFIRM = 5.0  # seconds for the last confirmation

_CONFLICT = (
    "telegram.conflict another process polls with this token, or a webhook is set: "
    "stop it; trying again"
)


class Poller:
    """Gives each update, as Telegram sent it, to `receive`, until `stop`."""

    def __init__(
        self,
        bot: Client,
        receive: Callable[[dict[str, Any]], Awaitable[None]],
        *,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._bot = bot
        self._receive = receive
        self._sleep = sleep
        self._offset: int | None = None
        self._polling: asyncio.Task[None] | None = None
        self._failing = ""  # the code of the failure that goes on, said once
        self._wait = 0.0

    def start(self) -> None:
        if self._polling is None:
            self._polling = asyncio.create_task(self._poll())

    async def stop(self) -> None:
        """Ends the poll under way and confirms what was received, so that a restart does not
        get it again."""
        polling, self._polling = self._polling, None
        if polling is None:
            return
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
        if self._offset is not None:
            try:
                async with asyncio.timeout(CONFIRM):
                    await self._bot.updates(self._offset, 0)
            except (*faults.FAILURES, TimeoutError):
                log.warning("telegram.not_confirmed the last updates will come again")

    async def _poll(self) -> None:
        while True:
            try:
                updates = await self._bot.updates(self._offset, limits.POLL)
            except faults.FAILURES as error:
                await self._sleep(self._failed(error))
                continue
            self._recovered()
            for raw in updates:
                await self._receive(raw)
                self._offset = int(raw["update_id"]) + 1

    def _failed(self, error: Exception) -> float:
        """Says a failure once, and how long to wait."""
        found = faults.explain(error, wrote=False)
        code = "telegram.conflict" if isinstance(error, Conflict) else found.code
        if code != self._failing:
            log.warning("%s", _CONFLICT if isinstance(error, Conflict) else _told(found))
        self._failing = code
        self._wait = min(max(FIRST_WAIT, self._wait * 2), LONGEST_WAIT)
        if isinstance(found, RateLimited) and found.retry_after is not None:
            return found.retry_after.total_seconds()
        return self._wait

    def _recovered(self) -> None:
        if self._failing:
            log.warning("telegram.polling_again after=%s", self._failing)
        self._failing, self._wait = "", 0.0


def _told(error: ChatError) -> str:
    return f"telegram.poll_failed code={error.code} {error}"
