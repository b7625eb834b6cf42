"""Who administers a chat, asked at most once a minute."""

from collections.abc import Awaitable, Callable

from bot.chat import limits

KNOWN = 2_000  # chats remembered


class Admins:
    """getChatAdministrators with a memory of ADMINS_FRESH seconds. `ask` gives the ids of the
    administrators of a chat and may raise ChatError; a failure is not remembered.

    Source: https://core.telegram.org/bots/api#getchatadministrators
    """

    def __init__(
        self, ask: Callable[[str], Awaitable[frozenset[str]]], *, tick: Callable[[], float]
    ) -> None:
        self._ask = ask
        self._tick = tick
        self._known: dict[str, tuple[float, frozenset[str]]] = {}

    async def of(self, chat_id: str) -> frozenset[str]:
        known = self._known.get(chat_id)
        if known and self._tick() - known[0] < limits.ADMINS_FRESH:
            return known[1]
        asked_at = self._tick()
        found = await self._ask(chat_id)
        self._known.pop(chat_id, None)
        self._known[chat_id] = asked_at, found
        if len(self._known) > KNOWN:
            del self._known[next(iter(self._known))]
        return found
