"""When to look again: bounds, back-off, hints, and what an admin hears."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import FetchError, ParseError
from bot.ingest import Entry, Feed, cadence
from bot.model import Fetched, Source, SourceState

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SOURCE = Source(id="s", url="https://news.example/feed", interval=timedelta(minutes=30))
STATE = SourceState(source_id="s")
MINUTE = timedelta(minutes=1)


def fetched(**options: object) -> Fetched:
    answer = Fetched(
        url=SOURCE.url, status=200, body=b"<rss/>", content_type="", fetched_at=NOW, etag='"e"'
    )
    return replace(answer, **options)  # type: ignore[arg-type]


def feed(gap: timedelta, count: int = 20, **hints: object) -> Feed:
    entries = tuple(Entry(guid=str(n), published=NOW - gap * n) for n in range(count))
    return Feed(entries=entries, **hints)  # type: ignore[arg-type]


def wait(chance: float = 0.0, state: SourceState = STATE, **given: object) -> timedelta:
    at = cadence.next_check(state, source=SOURCE, now=NOW, chance=chance, **given)  # type: ignore[arg-type]
    return at - NOW


@pytest.mark.parametrize(
    ("gap", "low", "high"),
    [
        (timedelta(minutes=5), 30, 30),  # a busy source is looked at as often as configured
        (timedelta(hours=4), 110, 120),  # twice as often as it publishes
        (timedelta(days=2), 240, 240),  # a rare one at most eight times the interval
    ],
)
def test_a_source_is_looked_at_twice_as_often_as_it_publishes(
    gap: timedelta, low: int, high: int
) -> None:
    assert low * MINUTE <= wait(feed=feed(gap)) <= high * MINUTE


def test_a_feed_without_dates_is_looked_at_at_twice_the_interval() -> None:
    assert wait(feed=Feed(entries=(Entry(guid="1"),))) == 60 * MINUTE


def test_an_unchanged_source_is_looked_at_less_and_less() -> None:
    state = replace(STATE, checked_at=NOW - 40 * MINUTE, next_check_at=NOW)
    assert wait(fetched=fetched(status=304), state=state) == 60 * MINUTE
    assert wait(fetched=fetched(status=304)) == 45 * MINUTE
    late = replace(STATE, checked_at=NOW - timedelta(hours=9), next_check_at=NOW)
    assert wait(fetched=fetched(status=304), state=late) == 240 * MINUTE
    recovered = replace(late, failures=3)
    assert wait(fetched=fetched(status=304), state=recovered) == 45 * MINUTE


def test_publishers_may_ask_for_longer_but_not_for_ever() -> None:
    busy = timedelta(minutes=5)
    assert wait(feed=feed(busy, ttl=timedelta(hours=2))) == timedelta(hours=2)
    assert wait(feed=feed(busy, ttl=timedelta(days=99))) == timedelta(days=1)
    assert wait(fetched=fetched(fresh_for=timedelta(hours=3)), feed=feed(busy)) == timedelta(
        hours=3
    )
    assert wait(fetched=fetched(retry_after=timedelta(hours=5))) == timedelta(hours=5)


def test_skipped_hours_and_days_are_skipped() -> None:
    busy = timedelta(minutes=5)
    quiet = feed(busy, skip_hours=frozenset((12, 13)))
    assert NOW + wait(feed=quiet) == NOW.replace(hour=14)
    weekend = feed(busy, skip_days=frozenset((0, 1)))
    assert NOW + wait(feed=weekend) == NOW.replace(day=4, hour=0)
    always = feed(busy, skip_hours=frozenset(range(24)))
    assert wait(feed=always) == 30 * MINUTE


def test_failures_back_off_with_full_jitter() -> None:
    down = FetchError(code="fetch.refused")
    assert wait(error=down, chance=0.0) == 5 * MINUTE
    assert wait(error=down, chance=0.5) == 30 * MINUTE
    worse = replace(STATE, failures=3)
    assert wait(error=down, chance=0.5, state=worse) == timedelta(hours=4)
    worst = replace(STATE, failures=90)
    assert wait(error=down, chance=0.99, state=worst) <= timedelta(days=1)


def test_an_error_that_another_try_will_not_mend_waits_a_day() -> None:
    assert wait(error=ParseError(code="parse.not_a_feed"), chance=0.0) == timedelta(days=1)


def test_retry_after_is_kept_to() -> None:
    asked = FetchError(code="fetch.http_4xx", retry_after=timedelta(hours=7))
    assert wait(error=asked, chance=0.0) == timedelta(hours=7)


@given(st.floats(0, 1, exclude_max=True), st.integers(0, 1000), st.timedeltas(MINUTE))
def test_the_next_look_is_never_too_soon_nor_for_ever(
    chance: float, failures: int, interval: timedelta
) -> None:
    source = replace(SOURCE, interval=min(interval, timedelta(days=30)))
    state = replace(STATE, failures=failures)
    for error in (None, FetchError(code="fetch.dns")):
        at = cadence.next_check(state, source=source, now=NOW, chance=chance, error=error)
        assert cadence.SHORTEST <= at - NOW <= cadence.LONGEST * (1 + cadence.JITTER)


def after(state: SourceState = STATE, now: datetime = NOW, **given: object) -> SourceState:
    return cadence.after(state, source=SOURCE, now=now, chance=0.0, **given)  # type: ignore[arg-type]


def test_a_good_look_leaves_validators_and_health() -> None:
    bad = replace(STATE, failures=4, error="fetch.dns")
    state = after(bad, fetched=fetched(), feed=feed(MINUTE))
    assert (state.failures, state.error, state.etag) == (0, None, '"e"')
    assert state.body_hash == cadence.body_hash(b"<rss/>")
    same = after(state, fetched=fetched(status=304, body=b""))
    assert (same.body_hash, same.etag) == (state.body_hash, '"e"')
    assert after(bad).failures == 0


def test_a_bad_look_is_counted_and_keeps_the_validators() -> None:
    state = after(replace(STATE, etag='"e"'), error=FetchError(code="fetch.dns"))
    assert (state.failures, state.error, state.etag, state.checked_at) == (
        1,
        "fetch.dns",
        '"e"',
        NOW,
    )


def test_validators_are_left_out_once_a_day() -> None:
    state = replace(STATE, etag='"e"', last_modified="then", checked_at=NOW)
    assert cadence.conditions(STATE, NOW) == (None, None)
    hours = [cadence.conditions(state, NOW + timedelta(hours=h)) for h in range(24)]
    assert hours[0] == ('"e"', "then")
    assert cadence.conditions(state, NOW + timedelta(hours=24)) == (None, None)
    others = [replace(state, source_id=str(n)) for n in range(50)]
    dropped = sum(cadence.conditions(s, NOW + timedelta(hours=6))[0] is None for s in others)
    assert 0 < dropped < 50  # not all at the same hour


def test_a_move_is_believed_when_it_held_and_led_to_a_feed() -> None:
    there = "https://new.example/feed"
    state = after(fetched=fetched(moved_to=there), feed=feed(MINUTE))
    assert cadence.new_url(state, NOW) is None
    later = NOW + timedelta(days=2)
    state = after(state, now=later, fetched=fetched(status=304, body=b"", moved_to=there))
    assert (state.moved_to, state.moved_since) == (there, NOW)
    assert cadence.new_url(state, NOW + timedelta(days=3)) == there
    elsewhere = after(
        state, now=later, fetched=fetched(moved_to="https://b.example/f"), feed=feed(MINUTE)
    )
    assert elsewhere.moved_since == later
    back = after(state, now=later, fetched=fetched(), feed=feed(MINUTE))
    assert (back.moved_to, cadence.new_url(back, NOW + timedelta(days=9))) == (None, None)


def test_half_an_answer_is_asked_for_again_whole() -> None:
    state = after(fetched=replace(fetched(), complete=False), feed=feed(MINUTE))
    assert (state.etag, state.last_modified, state.body_hash) == (None, None, None)


def test_a_move_is_not_believed_on_a_look_that_failed() -> None:
    there = "https://new.example/feed"
    state = after(fetched=fetched(moved_to=there), feed=feed(MINUTE))
    later = NOW + timedelta(days=4)
    down = after(state, now=later, error=FetchError("down", code="fetch.timeout"))
    assert (down.moved_to, cadence.notice(state, down, later)) == (there, None)
    parked = after(state, now=later, error=ParseError("a page", code="parse.not_a_feed"))
    assert parked.moved_to is None


def test_what_is_gone_is_not_called_broken_as_well() -> None:
    two, three = (replace(STATE, failures=n, error="fetch.gone") for n in (2, 3))
    assert cadence.notice(two, three, NOW) is None


def test_a_home_page_or_an_unparsed_answer_is_no_new_address() -> None:
    home = after(fetched=fetched(moved_to="https://new.example/"), feed=feed(MINUTE))
    assert home.moved_to is None
    assert after(fetched=fetched(moved_to="https://new.example/feed")).moved_to is None


def test_an_admin_hears_of_changes_only() -> None:
    def notice(before: SourceState, later: SourceState) -> str | None:
        return cadence.notice(before, later, NOW)

    fine, two, three, four = (replace(STATE, failures=n) for n in (0, 2, 3, 4))
    assert notice(fine, fine) is None
    assert notice(two, three) == "broken"
    assert notice(three, four) is None
    assert notice(four, fine) == "recovered"
    gone = replace(STATE, failures=1, error="fetch.gone")
    assert notice(fine, gone) == "gone"
    assert notice(gone, gone) is None
    moved = replace(STATE, moved_to="https://b.example/f", moved_since=NOW - timedelta(days=4))
    assert notice(fine, moved) == "moved"


def test_the_same_bytes_keep_a_move_as_a_parsed_feed_does() -> None:
    there = "https://new.example/feed"
    answer = fetched(moved_to=there)
    state = after(fetched=answer, feed=feed(MINUTE))
    later = NOW + timedelta(days=4)
    assert cadence.unchanged(state, answer)
    assert cadence.new_url(after(state, now=later, fetched=answer), later) == there
    other = replace(answer, body=b"others")
    assert not cadence.unchanged(state, other)
    assert after(state, now=later, fetched=other).moved_to is None
    assert not cadence.unchanged(STATE, answer), "what was never parsed is not known"


def test_a_look_that_the_fetcher_put_off_is_none() -> None:
    wait = timedelta(hours=3)
    error = FetchError(code="fetch.postponed", retry_after=wait)
    state = after(error=error)
    assert state == replace(STATE, next_check_at=NOW + wait)
