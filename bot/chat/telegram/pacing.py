"""Telegram's rates kept before it has to remind us: overall, for each chat, for each group.

A turn that is near is waited for. One that is far (a group's minute is used up, or Telegram itself
said to wait) is refused with the time it takes, so that one chat holds up no other.
"""

from collections import deque
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.chat import limits
from bot.errors import RateLimited

PATIENCE = 3.0  # seconds that a turn is waited for
REMEMBERED = 10_000  # chats, before idle ones are forgotten


class Window:
    """At most `most` turns in any `seconds`."""

    def __init__(self, most: int, seconds: float) -> None:
        self._seconds = seconds * limits.STRETCH
        self._turns: deque[float] = deque(maxlen=most)

    def wait(self, at: float) -> float:
        """Seconds from `at` until a turn is free."""
        if len(self._turns) < (self._turns.maxlen or 1):
            return 0.0
        return max(0.0, self._turns[0] + self._seconds - at)

    def take(self, at: float) -> None:
        self._turns.append(at)

    def idle(self, at: float) -> bool:
        return not self._turns or self._turns[-1] + self._seconds <= at


class Pace:
    """Turns to post. `tick` gives monotonic seconds, `sleep` waits for some."""

    def __init__(
        self, *, tick: Callable[[], float], sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._tick = tick
        self._sleep = sleep
        self._all = Window(limits.PER_SECOND, 1)
        self._chats: dict[str, tuple[Window, ...]] = {}
        self._held: dict[str, float] = {}

    async def turn(self, chat_id: str) -> None:
        """Returns when a message may go to a chat. Raises RateLimited with the time to wait where
        that is longer than PATIENCE."""
        while (wait := self._wait(chat_id, self._tick())) > 0:
            if wait > PATIENCE:
                raise RateLimited(
                    "the chat's turn is not near", retry_after=timedelta(seconds=wait)
                )
            await self._sleep(wait)
        at = self._tick()
        for window in (self._all, *self._windows(chat_id, at)):
            window.take(at)

    def hold(self, chat_id: str, time: timedelta) -> None:
        """Telegram said to wait: no turn for this chat until then."""
        self._held[chat_id] = self._tick() + time.total_seconds()

    def _wait(self, chat_id: str, at: float) -> float:
        held = self._held.get(chat_id, at) - at
        if held <= 0:
            self._held.pop(chat_id, None)
        return max(held, *(w.wait(at) for w in (self._all, *self._windows(chat_id, at))))

    def _windows(self, chat_id: str, at: float) -> tuple[Window, ...]:
        known = self._chats.get(chat_id)
        if known is None:
            if len(self._chats) >= REMEMBERED:
                self._forget(at)
            known = self._chats[chat_id] = _limits_of(chat_id)
        return known

    def _forget(self, at: float) -> None:
        self._chats = {
            chat_id: windows
            for chat_id, windows in self._chats.items()
            if not all(window.idle(at) for window in windows)
        }


def _limits_of(chat_id: str) -> tuple[Window, ...]:
    """A group's id is negative; so is a channel's, which is held to the same."""
    second = Window(limits.PER_CHAT_SECOND, 1)
    if chat_id.startswith(("-", "@")):
        return second, Window(limits.PER_GROUP_MINUTE, 60)
    return (second,)
