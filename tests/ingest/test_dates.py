"""Dates in the forms that feeds and pages use."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ingest import dates


@pytest.mark.parametrize(
    ("text", "zone", "moment"),
    [
        ("Tue, 30 Jul 2024 13:05 -0400", None, "2024-07-30T17:05:00+00:00"),
        ("30 Jul 99 13:05:00 GMT", None, "1999-07-30T13:05:00+00:00"),
        ("Jul 30, 2024 1:05 PM EST", None, "2024-07-30T18:05:00+00:00"),
        ("July 30th, 2024 at 12:05 a.m. GMT", None, "2024-07-30T00:05:00+00:00"),
        ("Tue Jul 30 13:05:00 UTC 2024", None, "2024-07-30T13:05:00+00:00"),
        ("30. Juli 2024 13:05 MESZ", None, "2024-07-30T11:05:00+00:00"),
        ("30 de julio de 2024 13:05 GMT", None, "2024-07-30T13:05:00+00:00"),
        ("2024.7.30 13:05 GMT+8", None, "2024-07-30T05:05:00+00:00"),
        ("2024-07-30T13:05:00 UTC+9", None, "2024-07-30T04:05:00+00:00"),
        ("2024-07-30T13:05:60Z", None, "2024-07-30T13:05:59+00:00"),
        ("20240730", None, "2024-07-30T00:00:00+00:00"),
        ("2024年7月30日(火) 午後1時05分 JST", None, "2024-07-30T04:05:00+00:00"),
        ("2024年7月30日 上午 9:05", "Asia/Shanghai", "2024-07-30T01:05:00+00:00"),
        ("2024年7月30日", "Asia/Tokyo", "2024-07-29T15:00:00+00:00"),
        ("令和元年7月30日", "Asia/Tokyo", "2019-07-29T15:00:00+00:00"),
        ("平成31年4月30日 10時", "Asia/Tokyo", "2019-04-30T01:00:00+00:00"),
        ("2024년 7월 30일 오후 1:05", "Asia/Seoul", "2024-07-30T04:05:00+00:00"),
        ("Tue, 30 Jul 2024 13:05:00 CST", "America/Chicago", "2024-07-30T18:05:00+00:00"),
        ("2024-07-30 13:05", "Europe/Berlin", "2024-07-30T11:05:00+00:00"),
        ("  2024-07-30\n13:05Z ", None, "2024-07-30T13:05:00+00:00"),
    ],
)
def test_a_date_is_one_moment(text: str, zone: str | None, moment: str) -> None:
    found = dates.read(text, zone)
    assert found is not None
    assert found.isoformat() == moment


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("", None),
        ("soon", "Asia/Tokyo"),
        ("x" * 200, None),
        ("Tue, 30 Foo 2024 13:05:00 GMT", None),
        ("2024-13-30", None),
        ("2024-07-30 25:05 GMT", None),
        ("2024-07-30 13:05", None),
        ("2024-07-30 13:05", "Mars/Olympus"),
        ("2024-07-30 13:05", "../etc/passwd"),
        ("2024-07-30 13:05 +99:00", None),
        ("2024-07-30 13:05 XYZ", None),
        ("1970-01-01T00:00:00Z", None),
        ("0000000000", None),
        ("9999-07-30", None),
    ],
)
def test_what_is_no_certain_moment_is_none(text: str, zone: str | None) -> None:
    assert dates.read(text, zone) is None


_OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda m: timezone(timedelta(minutes=m)))


@settings(deadline=None)
@given(st.datetimes(datetime(1991, 1, 1), datetime(2199, 1, 1), timezones=_OFFSETS))  # noqa: DTZ001 - bounds of local times
def test_a_moment_is_read_back_from_the_two_common_forms(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    for text in (moment.isoformat(), f"{moment:%a, %d %b %Y %H:%M:%S %z}"):
        assert dates.read(text, "Asia/Tokyo") == moment
    assert dates.read(f"{moment:%d %b %Y %H:%M:%S} GMT") == moment.replace(tzinfo=UTC)
