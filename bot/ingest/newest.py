"""The newest entries of a feed, however many it brings and in whatever order."""

import heapq
import sys

from bot.ingest.nouns import Entry

MOST_ENTRIES = 500  # the newest are kept; more is an archive, not news
MOST_TEXT = 16 * 1024 * 1024  # bytes of memory for the texts of all of them


class Newest:
    """Takes entries in the feed's order, undated ones as if oldest. Of two of one time the former
    counts as newer."""

    def __init__(self) -> None:
        self._kept: list[tuple[float, int, int, Entry]] = []  # a heap: the oldest on top
        self._is_full = False
        self._seen = 0
        self._size = 0

    def wants(self, moment: float) -> bool:
        """Whether the next entry would be kept, if it is of this time (seconds). One that is not
        wanted counts as dropped."""
        if self._is_full and (moment, -self._seen) < self._kept[0][:2]:
            self._seen += 1
            return False
        return True

    def add(self, moment: float, entry: Entry) -> None:
        """Keep an entry, in the place of the oldest where there is no room."""
        size = sys.getsizeof(entry.summary) + sys.getsizeof(entry.content)
        heapq.heappush(self._kept, (moment, -self._seen, size, entry))
        self._seen += 1
        self._size += size
        while len(self._kept) > MOST_ENTRIES or (self._size > MOST_TEXT and len(self._kept) > 1):
            self._size -= heapq.heappop(self._kept)[2]
            self._is_full = True

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What was kept, in the feed's order."""
        return tuple(kept[3] for kept in sorted(self._kept, key=lambda kept: -kept[1]))

    @property
    def dropped(self) -> int:
        return self._seen - len(self._kept)
