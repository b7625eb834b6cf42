"""When digests come: each local slot of each day once, whatever the clocks do."""

import itertools
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot import schedule
from bot.errors import UserError

START = datetime(2024, 12, 31, 12, tzinfo=UTC)
YEARS = 3
# Both hemispheres, a change by half an hour, an offset of a quarter hour, no change at all, a
# change on a Friday, one at midnight, and a zone that left a day out once.
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Asia/Tokyo",
    "America/Santiago",
    "Africa/Casablanca",
    "Asia/Gaza",
)
# Slots inside the hours that are skipped and repeated, and at the ends of the day.
SLOTS = tuple(time(h, m) for h, m in ((0, 0), (0, 30), (1, 45), (2, 0), (2, 15), (2, 30), (23, 59)))


def take(
    zone: str, slots: tuple[time, ...], days: tuple[int, ...], end: datetime
) -> list[schedule.Run]:
    found = schedule.runs(slots, days, zone, after=START)
    return list(itertools.takewhile(lambda run: run.at < end, found))


@pytest.mark.parametrize("zone", ZONES)
def test_every_slot_runs_exactly_once_on_every_local_date(zone: str) -> None:
    end = START + timedelta(days=365 * YEARS)
    found = take(zone, SLOTS, schedule.EVERY_DAY, end)
    assert [run.at for run in found] == sorted(run.at for run in found)
    counts = Counter((run.date, run.slot) for run in found)
    assert set(counts.values()) == {1}
    first, last = found[0].date + timedelta(days=1), found[-1].date - timedelta(days=1)
    dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert {(d, s) for d in dates for s in SLOTS} <= set(counts)


@pytest.mark.parametrize("zone", ZONES)
def test_a_run_is_at_its_local_time_or_at_most_the_change_later(zone: str) -> None:
    here = ZoneInfo(zone)
    for run in take(zone, SLOTS, schedule.EVERY_DAY, START + timedelta(days=365 * YEARS)):
        local = run.at.astimezone(here).replace(tzinfo=None)
        late = local - datetime.combine(run.date, run.slot)
        assert timedelta(0) <= late <= timedelta(hours=1), run


@pytest.mark.parametrize(
    ("zone", "day", "slot", "instant"),
    [
        # Berlin 2025-03-30: 02:00 becomes 03:00, 02:30 does not exist
        ("Europe/Berlin", date(2025, 3, 30), time(2, 30), "2025-03-30T01:30+00:00"),
        # Berlin 2025-10-26: 02:30 comes twice, the first one counts
        ("Europe/Berlin", date(2025, 10, 26), time(2, 30), "2025-10-26T00:30+00:00"),
        # Lord Howe 2025-10-05: 02:00 becomes 02:30
        ("Australia/Lord_Howe", date(2025, 10, 5), time(2, 15), "2025-10-04T15:45+00:00"),
        # Lord Howe 2025-04-06: 02:00 becomes 01:30, 01:45 comes twice
        ("Australia/Lord_Howe", date(2025, 4, 6), time(1, 45), "2025-04-05T14:45+00:00"),
        ("Asia/Kathmandu", date(2025, 6, 1), time(8, 0), "2025-06-01T02:15+00:00"),
        # Santiago 2025-09-07: midnight does not exist
        ("America/Santiago", date(2025, 9, 7), time(0, 0), "2025-09-07T04:00+00:00"),
    ],
)
def test_a_slot_that_clocks_skip_or_repeat_has_one_instant(
    zone: str, day: date, slot: time, instant: str
) -> None:
    after = datetime.combine(day - timedelta(days=2), time(0), UTC)
    found = schedule.runs((slot,), schedule.EVERY_DAY, zone, after=after)
    (run,) = [r for r in itertools.islice(found, 5) if r.date == day]
    assert run.at == datetime.fromisoformat(instant)


def test_runs_come_strictly_after_the_moment_given() -> None:
    slot = datetime(2026, 3, 2, 8, tzinfo=UTC)
    first = next(schedule.runs((time(8),), schedule.EVERY_DAY, "UTC", after=slot))
    assert first.at == slot + timedelta(days=1)
    before = next(
        schedule.runs((time(8),), schedule.EVERY_DAY, "UTC", after=slot - timedelta(microseconds=1))
    )
    assert before.at == slot


def test_weekdays_are_those_of_the_zone_not_of_utc() -> None:
    """08:00 on Monday in Auckland is still Sunday in UTC."""
    found = schedule.runs((time(8),), (0,), "Pacific/Auckland", after=START)
    runs = list(itertools.islice(found, 10))
    assert {run.date.weekday() for run in runs} == {0}
    assert {run.at.weekday() for run in runs} == {6}


@pytest.mark.parametrize(("times", "days"), [((), (0,)), ((time(8),), ()), ((time(8),), (7, 9))])
def test_without_a_time_or_a_day_there_is_no_run(
    times: tuple[time, ...], days: tuple[int, ...]
) -> None:
    assert list(schedule.runs(times, days, "UTC", after=START)) == []


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("", schedule.Wish()),
        ("8:00", schedule.Wish(times=(time(8),))),
        ("18:30 08:00 8:00", schedule.Wish(times=(time(8), time(18, 30)))),
        ("０８：３０ 平日", schedule.Wish(times=(time(8, 30),), weekdays=schedule.WORKDAYS)),
        ("Weekdays SAT", schedule.Wish(weekdays=(0, 1, 2, 3, 4, 5))),
        ("毎日", schedule.Wish(weekdays=schedule.EVERY_DAY)),
        ("月 水 金", schedule.Wish(weekdays=(0, 2, 4))),
        ("周日 週一", schedule.Wish(weekdays=(0, 6))),
        ("週末 Asia/Taipei", schedule.Wish(weekdays=(5, 6), timezone="Asia/Taipei")),
        ("UTC", schedule.Wish(timezone="UTC")),
    ],
)
def test_people_say_when_in_their_own_words(typed: str, wish: schedule.Wish) -> None:
    assert schedule.parse(typed.split()) == wish


@pytest.mark.parametrize(
    "word",
    ["24:00", "8:60", "99:99", "8:0", "8:000", "noon", "Asia/Atlantis", "../UTC", "/etc/localtime",
     "\0", ":30", "8:", "-1:00", "asia", "x" * 300],
)  # fmt: skip
def test_what_is_no_time_day_or_zone_is_named(word: str) -> None:
    with pytest.raises(UserError) as caught:
        schedule.parse(["08:00", word])
    assert caught.value.key == "schedule.bad"
    assert caught.value.arguments == {"part": word}
