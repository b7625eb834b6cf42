"""One process per SQLite file: an advisory lock on ``<file>.lock`` (flock(2)).

The system frees it when the process ends, however it ends; the file itself may stay.
"""

import fcntl
import os
from pathlib import Path

from bot.errors import StoreError


class Lock:
    """The held lock; `release` frees it, more than once without harm."""

    def __init__(self, path: Path) -> None:
        """Take the lock that belongs to the database file at `path`. StoreError ``store.in_use``
        where another holds it."""
        self.path = path.with_name(f"{path.name}.lock")
        self._handle: int | None = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(self._handle, 32).decode("ascii", "replace").strip()
            self.release()
            raise _in_use(path, holder) from error
        os.ftruncate(self._handle, 0)
        os.write(self._handle, f"{os.getpid()}\n".encode("ascii"))

    def release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _in_use(path: Path, holder: str) -> StoreError:
    who = f"process {holder}" if holder else "another process"
    return StoreError(
        f"The database {path} is in use by {who}: stop that one first.",
        code="store.in_use",
        transient=False,
    )
