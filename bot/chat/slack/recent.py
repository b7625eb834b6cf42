"""What happened lately, by key: bounded in number and in time."""

from collections.abc import Callable
from datetime import datetime, timedelta

KEEP = timedelta(hours=1)  # Slack redelivers an event up to three times within about an hour
MOST = 5_000


class Recent:
    """A set that forgets. Source of the time: https://docs.slack.dev/apis/events-api/#retries"""

    def __init__(
        self, *, clock: Callable[[], datetime], keep: timedelta = KEEP, most: int = MOST
    ) -> None:
        self._clock = clock
        self._keep = keep
        self._most = most
        self._at: dict[str, datetime] = {}

    def add(self, key: str) -> bool:
        """True when the key is new."""
        fresh = key not in self
        self._at.pop(key, None)
        self._at[key] = self._clock()
        if len(self._at) > self._most:
            del self._at[next(iter(self._at))]
        return fresh

    def __contains__(self, key: str) -> bool:
        at = self._at.get(key)
        return at is not None and self._clock() - at < self._keep
