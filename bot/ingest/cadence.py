"""When to look at a source again, and what its last look left behind.

A source is asked about twice as often as it publishes, within bounds, and never sooner than the
publisher asks (`ttl`, `skipHours`, `skipDays`, Cache-Control, Retry-After). Failures back off with
full jitter, so that sources of one dead host do not return together. Pure: chance is an argument.
"""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from bot.errors import SourceError
from bot.ingest.nouns import Feed
from bot.model import Fetched, Source, SourceState

SHORTEST = timedelta(minutes=5)  # whatever is configured
LONGEST = timedelta(hours=24)  # a healthy source is looked at daily
SLOWEST = 8  # times the configured interval for a source that hardly publishes
GROWTH = 1.5  # of the interval, each time nothing new is there
JITTER = 0.1  # of the interval: keeps sources that were added together apart
BELIEVE_MOVE = timedelta(days=3)  # a redirect must hold so long before its target is stored
BROKEN = 3  # failures in a row before an admin hears of it
POSTPONED = "fetch.postponed"  # the fetcher kept a pause that the domain asked for
REVALIDATE = timedelta(hours=24)  # a full answer once in this time: some servers' validators stick
_SAMPLE = 20  # newest entries that tell the pace
_RECENT = timedelta(days=30)
_MOST_SKIPPED = 24 * 7  # hours
_DOUBLINGS = 10  # more would overflow nothing, and change nothing below LONGEST

Notice = Literal["broken", "recovered", "gone", "moved"]


def next_check(
    state: SourceState,
    *,
    source: Source,
    now: datetime,
    chance: float,
    feed: Feed | None = None,
    fetched: Fetched | None = None,
    error: SourceError | None = None,
) -> datetime:
    """The time of the next look, after one at `now`.

    Give the `error` of a failed look, or the `fetched` answer, with its `feed` where it brought
    one. `state` is as it was before this look; `chance` is in [0, 1). The answer is at least
    SHORTEST and, but for a longer Retry-After, at most LONGEST away, then moved out of the hours
    and days that the feed asks to skip.
    """
    if error is not None:
        return now + _backoff(state, source, chance, error)
    wait = _pace(feed, source, now) if feed else _slower(state, source)
    hints = [
        feed.ttl if feed else None,
        fetched.fresh_for if fetched else None,
        fetched.retry_after if fetched else None,
    ]
    wait = max([wait, *(min(hint, LONGEST) for hint in hints if hint)])
    at = now + max(SHORTEST, wait) * (1 + JITTER * chance)
    return _outside_skipped(at, feed) if feed else at


def after(
    state: SourceState,
    *,
    source: Source,
    now: datetime,
    chance: float,
    feed: Feed | None = None,
    fetched: Fetched | None = None,
    error: SourceError | None = None,
) -> SourceState:
    """The state of a source after a look at it; arguments as for `next_check`."""
    at = next_check(
        state, source=source, now=now, chance=chance, feed=feed, fetched=fetched, error=error
    )
    if error is not None and error.code == POSTPONED:  # its domain rests: it was not looked at
        return replace(state, next_check_at=at)
    same = unchanged(state, fetched) if fetched else False
    state = replace(state, checked_at=now, next_check_at=at)
    if error is not None:
        failed = replace(state, failures=state.failures + 1, error=error.code)
        # What is no feed now is no new address; a server that is down tells nothing about that.
        return _moved(failed, None, now) if error.code.startswith("parse.") else failed
    state = replace(state, failures=0, error=None)
    if fetched is None:
        return state
    # Only what is a feed keeps a move's clock: one parsed now, or the very bytes parsed before.
    return _moved(_valid(state, fetched), fetched.moved_to if feed or same else None, now)


def _valid(state: SourceState, fetched: Fetched) -> SourceState:
    """The state with what tells this answer from the next one. Half an answer leaves nothing such:
    the other half would never be asked for."""
    if not fetched.complete:
        return replace(state, etag=None, last_modified=None, body_hash=None)
    return replace(
        state,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        body_hash=body_hash(fetched.body) if fetched.body else state.body_hash,
    )


def body_hash(body: bytes) -> str:
    """A hash of an answer's bytes: equal ones need no parsing."""
    return hashlib.sha256(body).hexdigest()[:32]


def unchanged(state: SourceState, fetched: Fetched) -> bool:
    """Whether an answer brings nothing new: a 304, or the bytes that were parsed the last time."""
    return fetched.status == 304 or (
        state.body_hash is not None and body_hash(fetched.body) == state.body_hash
    )


def conditions(state: SourceState, now: datetime) -> tuple[str | None, str | None]:
    """The ETag and Last-Modified to send. None of them once in REVALIDATE, at a time of day that
    differs from source to source: there are servers whose validators never change again."""
    offset = int(hashlib.sha256(state.source_id.encode()).hexdigest()[:8], 16)
    period = REVALIDATE.total_seconds()

    def turn(moment: datetime) -> int:
        return int((moment.timestamp() + offset % period) // period)

    if state.checked_at is None or turn(state.checked_at) != turn(now):
        return None, None
    return state.etag, state.last_modified


def new_url(state: SourceState, now: datetime) -> str | None:
    """The URL to store for a source, once its permanent redirect has held for BELIEVE_MOVE and
    led to a feed all the time."""
    held = state.moved_since is not None and now - state.moved_since >= BELIEVE_MOVE
    return state.moved_to if held else None


def notice(before: SourceState, after: SourceState, now: datetime) -> Notice | None:
    """What an admin should hear about a look: one word for a change of health, none for the same
    state again."""
    if after.error == "fetch.gone":
        return "gone" if before.error != "fetch.gone" else None
    was, is_now = before.failures >= BROKEN, after.failures >= BROKEN
    if was != is_now:
        return "broken" if is_now else "recovered"
    return "moved" if not after.error and new_url(after, now) else None


def _backoff(state: SourceState, source: Source, chance: float, error: SourceError) -> timedelta:
    """Full jitter (a uniform share of a doubling ceiling), the ceiling at once for an error that
    another try will not mend."""
    base = max(source.interval, SHORTEST)
    ceiling = min(LONGEST, base * 2 ** min(state.failures + 1, _DOUBLINGS))
    wait = LONGEST * (1 - JITTER * chance) if not error.transient else ceiling * chance
    return max(SHORTEST, error.retry_after or SHORTEST, wait)


def _pace(feed: Feed, source: Source, now: datetime) -> timedelta:
    """Half the mean time between the latest entries, near the configured interval."""
    moments = sorted(
        (e.published for e in feed.entries if e.published and now - _RECENT < e.published <= now),
        reverse=True,
    )[:_SAMPLE]
    if len(moments) < 2:
        return _bounded(source.interval * 2, source)
    span = max(now - moments[-1], timedelta(minutes=1))
    return _bounded(span / len(moments) / 2, source)


def _slower(state: SourceState, source: Source) -> timedelta:
    last = source.interval
    if state.checked_at and state.next_check_at and not state.failures:
        last = state.next_check_at - state.checked_at
    return _bounded(last * GROWTH, source)


def _bounded(wait: timedelta, source: Source) -> timedelta:
    most = min(LONGEST, max(SHORTEST, source.interval * SLOWEST))
    return min(max(wait, SHORTEST, source.interval), most)


def _outside_skipped(at: datetime, feed: Feed) -> datetime:
    """The first time from `at` on that the feed does not ask to skip; `at` if it skips all."""
    moment = at
    for _ in range(_MOST_SKIPPED):
        if moment.hour not in feed.skip_hours and moment.weekday() not in feed.skip_days:
            return moment
        moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return at


def _moved(state: SourceState, moved_to: str | None, now: datetime) -> SourceState:
    if moved_to is None or _is_home(moved_to):
        return replace(state, moved_to=None, moved_since=None)
    same = state.moved_to == moved_to and state.moved_since
    return replace(state, moved_to=moved_to, moved_since=state.moved_since if same else now)


def _is_home(url: str) -> bool:
    """A retired feed is often sent to the home page; that is no new address of it."""
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query
