"""What happened lately, by key: bounded in number and in time."""

from collections.abc import Callable
from datetime import datetime, timedelta

KEEP = timedelta(hours=1)  # Slack redelivers an event up to three times within about an hour
MOST = 5_000


class Recent:
    """Keys, each with a word, that are forgotten after a while; the oldest first when there are
    too many. Source of the time: https://docs.slack.dev/apis/events-api/#retries"""

    def __init__(
        self, *, clock: Callable[[], datetime], keep: timedelta = KEEP, most: int = MOST
    ) -> None:
        self._clock = clock
        self._keep = keep
        self._most = most
        self._known: dict[str, tuple[datetime, str]] = {}

    def add(self, key: str, word: str = "") -> bool:
        """True when the key is new."""
        fresh = key not in self
        self._known.pop(key, None)
        self._known[key] = (self._clock(), word)
        if len(self._known) > self._most:
            del self._known[next(iter(self._known))]
        return fresh

    def get(self, key: str) -> str | None:
        at, word = self._known.get(key, (None, None))
        return word if at is not None and self._clock() - at < self._keep else None

    def within(self, text: str) -> str | None:
        """The word of a key that stands in a text: of the inbound that a delivery's key names."""
        return next((self.get(key) for key in self._known if key in text), None)

    def __contains__(self, key: str) -> bool:
        return self.get(key) is not None
