"""What databases and their drivers raise, as one StoreError with a stable code and a sentence.

============== =========== ==========================================================
store.locked   transient   another process or transaction holds the lock
store.full     transient   no room on the disk
store.readonly             the file or the server takes no writes
store.unreachable transient  no file or server there, or it does not let us in
store.in_use               another process of this program has the file
store.newer                written by a later version of this program
store.older                to be migrated first
store.failed               anything else
============== =========== ==========================================================
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    ProgrammingError,
    SQLAlchemyError,
    StatementError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.errors import StoreError


class Failure(NamedTuple):
    code: str
    transient: bool
    sentence: str


LOCKED = Failure(
    "store.locked", True, "The database is busy with another transaction; try again in a moment."
)
FULL = Failure("store.full", True, "The disk of the database is full; free some space.")
READONLY = Failure(
    "store.readonly", False, "The database cannot be written; check the permissions of its file."
)
CORRUPT = Failure(
    "store.failed", False, "The database file is damaged or no database; restore a backup."
)
UNREACHABLE = Failure(
    "store.unreachable", True, "The database cannot be reached; check DATABASE_URL and the server."
)
REFUSED = Failure("store.unreachable", False, "The database refuses this user; check DATABASE_URL.")
REJECTED = Failure("store.failed", False, "The database rejected what was to be written")
FAILED = Failure("store.failed", True, "The database failed")

# Result codes of SQLite (sqlite.org/rescode.html), the primary ones; extended ones begin alike.
SQLITE = {
    "SQLITE_BUSY": LOCKED,
    "SQLITE_LOCKED": LOCKED,
    "SQLITE_FULL": FULL,
    "SQLITE_READONLY": READONLY,
    "SQLITE_PERM": READONLY,
    "SQLITE_CANTOPEN": UNREACHABLE,
    "SQLITE_IOERR": UNREACHABLE,
    "SQLITE_CORRUPT": CORRUPT,
    "SQLITE_NOTADB": CORRUPT,
}
# SQLSTATE of PostgreSQL (its manual, appendix A), exact or by class.
POSTGRESQL = {
    "55P03": LOCKED,
    "40001": LOCKED,
    "40P01": LOCKED,
    "57014": LOCKED,
    "53100": FULL,
    "25006": READONLY,
    "42501": READONLY,
    "28": REFUSED,
    "3D": REFUSED,
    "08": UNREACHABLE,
    "53": UNREACHABLE,
    "57": UNREACHABLE,
}


# What a server quotes after a colon is what it was given.
_VALUE = re.compile(r": [\"'].*")


@contextmanager
def translated(*more: type[Exception]) -> Iterator[None]:
    """Turn what SQLAlchemy raises inside, and exceptions of the types `more`, into StoreError."""
    try:
        yield
    except SQLAlchemyError as error:
        raise store_error(error) from error
    except more as error:
        raise store_error(error) from error


def store_error(error: Exception) -> StoreError:
    """The StoreError of an exception. It never quotes parameters: they may be private."""
    failure = _failure(error)
    sentence = failure.sentence
    if failure in (REJECTED, FAILED):
        sentence = f"{sentence}: {_reason(error)}."
    return StoreError(sentence, code=failure.code, transient=failure.transient)


def _failure(error: Exception) -> Failure:
    if isinstance(error, PoolTimeout):
        return LOCKED
    if isinstance(error, OSError):
        return UNREACHABLE
    origin = error.orig if isinstance(error, StatementError) else error
    name = getattr(origin, "sqlite_errorname", None)
    if name is not None:
        known = SQLITE.get("_".join(name.split("_")[:2]))
    else:
        state = getattr(origin, "sqlstate", None) or ""
        known = POSTGRESQL.get(state) or POSTGRESQL.get(state[:2])
    if known:
        return known
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return UNREACHABLE
    rejected = isinstance(error, IntegrityError | ProgrammingError | DataError)
    return REJECTED if rejected or not isinstance(error, DBAPIError) else FAILED


def _reason(error: Exception) -> str:
    origin = error.orig if isinstance(error, StatementError) and error.orig else error
    line = next(iter(str(origin).splitlines()), "") or type(origin).__name__
    return _VALUE.sub("", line).rstrip(".")
