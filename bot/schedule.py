"""Times, weekdays and an IANA zone to the next local runs.

A run is known by its local date and local time, never by its instant: a day on which clocks go
back has one 01:30 run (at the first of the two), and a time that a day skips runs at the moment
the clocks jump over it (PEP 495: fold=0 reads a skipped time with the offset before the jump).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.errors import UserError

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
WORKDAYS = (0, 1, 2, 3, 4)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Run:
    """One due digest: `at` in UTC, known by its local `date` and `slot`."""

    at: datetime
    date: date
    slot: time


def runs(
    times: Sequence[time], weekdays: Sequence[int], timezone: str, *, after: datetime
) -> Iterator[Run]:
    """The runs strictly after an instant, in order, without end; none if no time or day is given.
    Raises UserError("schedule.bad") for an unknown zone."""
    zone_of_runs = zone(timezone)
    if not times or not set(weekdays) & set(EVERY_DAY):
        return
    day = after.astimezone(zone_of_runs).date() - timedelta(days=1)
    while True:
        today = [_run(day, slot, zone_of_runs) for slot in times if day.weekday() in weekdays]
        yield from sorted(run for run in today if run.at > after)
        day += timedelta(days=1)


def _run(day: date, slot: time, zone_of_run: ZoneInfo) -> Run:
    local = datetime.combine(day, slot, zone_of_run)
    return Run(at=local.astimezone(UTC), date=day, slot=slot)


def zone(name: str) -> ZoneInfo:
    """The zone of an IANA name; UserError("schedule.bad") for anything else."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError) as error:
        raise UserError("schedule.bad", part=name) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person asked for; None leaves a part as it was."""

    times: tuple[time, ...] | None = None
    weekdays: tuple[int, ...] | None = None
    timezone: str | None = None


_DAYS = {
    "weekdays": WORKDAYS,
    "workdays": WORKDAYS,
    "平日": WORKDAYS,
    "工作日": WORKDAYS,
    "daily": EVERY_DAY,
    "everyday": EVERY_DAY,
    "毎日": EVERY_DAY,
    "每天": EVERY_DAY,
    "每日": EVERY_DAY,
    "weekends": (5, 6),
    "週末": (5, 6),
    "周末": (5, 6),
} | {
    word: (number,)
    for words in (
        "mon tue wed thu fri sat sun",
        "月 火 水 木 金 土 日",
        "周一 周二 周三 周四 周五 周六 周日",
        "週一 週二 週三 週四 週五 週六 週日",
    )
    for number, word in enumerate(words.split())
}


def parse(words: Iterable[str]) -> Wish:
    """Words like ``08:00 18:30 weekdays Asia/Tokyo`` in any order.

    Raises UserError("schedule.bad", part=word) for the first word that is none of these.

    >>> parse(["8:00", "mon", "fri", "Asia/Tokyo"])
    Wish(times=(datetime.time(8, 0),), weekdays=(0, 4), timezone='Asia/Tokyo')
    """
    times: list[time] = []
    days: set[int] = set()
    timezone = None
    for word in words:
        slot = _time(word)
        if slot is not None:
            times.append(slot)
        elif word.lower() in _DAYS:
            days |= set(_DAYS[word.lower()])
        else:
            timezone = zone(word).key
    return Wish(
        times=tuple(sorted(set(times))) or None,
        weekdays=tuple(sorted(days)) or None,
        timezone=timezone,
    )


def _time(word: str) -> time | None:
    hours, colon, minutes = word.replace("：", ":").partition(":")
    if not colon or not (hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2):
        return None
    if int(hours) > 23 or int(minutes) > 59:
        raise UserError("schedule.bad", part=word)
    return time(int(hours), int(minutes))
