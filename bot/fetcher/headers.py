"""What response headers say about time."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_WAIT = timedelta(days=1)  # a server's longer Retry-After is a mistake or a joke
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)
_NEVER = re.compile(r"no-cache|no-store|must-revalidate", re.IGNORECASE)


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """The wait that a server asks for, at most LONGEST_WAIT; seconds or a date (RFC 9110
    §10.2.3), a date counted from the server's own clock. None for what is no future."""
    text = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,18}(?:\.\d+)?", text):
        wait = timedelta(seconds=min(float(text), LONGEST_WAIT.total_seconds()))
    else:
        moment = date(text)
        if moment is None:
            return None
        wait = moment - (date(headers.get("Date", "")) or now)
    return min(wait, LONGEST_WAIT) if wait > timedelta(0) else None


def fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long an answer stays fresh (RFC 9111 §4.2.1), at most LONGEST_WAIT; None if unsaid."""
    control = headers.get("Cache-Control", "")
    if _NEVER.search(control):
        return None
    age = _MAX_AGE.search(control)
    if age:
        wait = timedelta(seconds=min(int(age.group(1)), LONGEST_WAIT.total_seconds()))
    else:
        expires = date(headers.get("Expires", ""))
        if expires is None:
            return None
        wait = min(expires - (date(headers.get("Date", "")) or now), LONGEST_WAIT)
    return wait if wait > timedelta(0) else None


def date(text: str) -> datetime | None:
    """An HTTP-date (RFC 9110 §5.6.7)."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
