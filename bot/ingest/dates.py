"""Dates as feeds and pages write them, to aware times in UTC.

A date that cannot be read, does not exist (31 February) or has no zone while the source has none
configured gives None: the caller then uses the time at which the article was first seen. A wrong
time in silence is worse than none.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january janv janvier januar ene enero jän jänner gennaio gen janeiro januari",
            "feb february févr février fevr fevrier februar febrero febbraio fev fevereiro",
            "mar march mars märz mär maerz marzo março maart mrz",
            "apr april avr avril abr abril aprile",
            "may mai mayo maggio mag maio mei",
            "jun june juin juni junio giugno giu junho",
            "jul july juil juillet juli julio luglio lug julho",
            "aug august août aout ago agosto augustus",
            "sep sept september septembre septiembre settembre set setembro",
            "oct october octobre okt oktober octubre ottobre ott out outubro",
            "nov november novembre noviembre novembro",
            "dec december déc décembre decembre dez dezember dic diciembre dicembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTHS |= {
    f"{han}月": number
    for number, han in enumerate("一 二 三 四 五 六 七 八 九 十 十一 十二".split(), 1)
}
# Names of zones that mean one offset in news (RFC 822 §5.1 and common use), in minutes. CST is
# Chicago's or China's and IST Israel's, India's or Ireland's: only the source's zone can say.
_ZONES = {
    "z": 0, "gmt": 0, "utc": 0, "ut": 0, "wet": 0, "jst": 540, "kst": 540, "hkt": 480, "sgt": 480,
    "pht": 480, "awst": 480, "ict": 420, "wib": 420, "msk": 180, "eet": 120, "eest": 180,
    "sast": 120,
    "cet": 60, "cest": 120, "met": 60, "mest": 120, "mez": 60, "mesz": 120, "bst": 60, "west": 60,
    "est": -300, "edt": -240, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480,
    "pdt": -420,
    "akst": -540, "akdt": -480, "hst": -600, "aest": 600, "aedt": 660, "acst": 570, "nzst": 720,
    "nzdt": 780,
}  # fmt: skip
_AMBIGUOUS = {"cst", "ist"}
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}

_CLOCK = r"(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2})(?:[.,]\d+)?)?\s*(?P<ampm>[ap]\.?m\b\.?)?"
_ZONE = r"(?P<zone>Z|[A-Za-z]{2,5}|(?:GMT|UTC)?\s*[+-]\d{1,2}:?\d{2}|(?:GMT|UTC)[+-]\d{1,2})?"
_TIME = rf"(?:[T,\s]*(?:at\s+)?{_CLOCK}\s*\(?{_ZONE}\)?)?"
_ISO = re.compile(
    rf"(?P<y>\d{{4}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}}){_TIME}", re.IGNORECASE
)
_COMPACT = re.compile(
    r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?:T?(?P<h>\d\d)(?P<min>\d\d)(?P<s>\d\d)?"
    r"(?P<zone>Z|[+-]\d\d:?\d\d)?)?",
    re.IGNORECASE,
)
_WORDY = re.compile(
    rf"(?:[^\W\d]+\.?,?\s+)?(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?[\s-]+(?:de\s+)?(?P<mon>[^\W\d]+)\.?,?"
    rf"[\s-]+(?:de\s+)?(?P<y>\d{{4}}|\d{{2}}){_TIME}",
    re.IGNORECASE,
)
_HAN_MONTH = re.compile(
    rf"(?:[^\W\d]+,?\s+)?(?P<d>\d{{1,2}})\s+(?P<mon>[一二三四五六七八九十]+月)\s+(?P<y>\d{{4}}){_TIME}"
)
_AMERICAN = re.compile(
    rf"(?:[^\W\d]+\.?,?\s+)?(?P<mon>[^\W\d]+)\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+"
    rf"(?P<y>\d{{4}}){_TIME}",
    re.IGNORECASE,
)
_CTIME = re.compile(
    r"[^\W\d]+\s+(?P<mon>[^\W\d]+)\s+(?P<d>\d{1,2})\s+(?P<h>\d{1,2}):(?P<min>\d\d):(?P<s>\d\d)"
    r"\s*(?P<zone>[A-Za-z]{1,5}|[+-]\d{4})?\s+(?P<y>\d{4})"
)
_CJK = re.compile(
    r"(?:(?P<era>令和|平成|昭和)\s*)?(?P<y>\d{1,4}|元)\s*[年년]\s*(?P<m>\d{1,2})\s*[月월]\s*"
    r"(?P<d>\d{1,2})\s*[日号日일](?:\s*[(（][^)）]*[)）])?"
    r"\s*(?P<half>午前|午後|上午|下午|오전|오후)?\s*(?:(?P<h>\d{1,2})\s*[:時时点시]\s*(?:(?P<min>\d{1,2})\s*[分분]?"
    r"(?::(?P<s>\d\d))?)?)?\s*(?P<zone>JST|KST|HKT|[+-]\d\d:?\d\d)?"
)
# The two forms that nearly all feeds use (RFC 822 as of RFC 2822, and RFC 3339), read without
# detours: the patterns above cost three times as much as all else about an entry.
_RFC822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d:\d\d)"
    r" (?:GMT|UTC|Z|([+-]\d\d[0-5]\d))",
    re.ASCII,
)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:[0-5]\d)", re.ASCII)
_EPOCH = re.compile(r"(\d{10}|\d{13})(?:\.\d+)?")
_EARLIEST = 1990  # there was no web: an earlier year is an empty or broken field
_LATEST = 2200
_LONGEST = 100  # characters: nothing longer is a date
_MINUTES_A_DAY = 24 * 60


def read(text: str, zone: str | None = None) -> datetime | None:
    """The moment that a date text names, in UTC; None when it names none.

    `zone` is the IANA name for texts without an offset. A bare date is midnight in that zone, or
    in UTC where there is none.

    >>> read("Tue, 30 Jul 2024 13:05:00 JST").isoformat()
    '2024-07-30T04:05:00+00:00'
    >>> read("2024年7月30日 13:05", "Asia/Tokyo").isoformat()
    '2024-07-30T04:05:00+00:00'
    >>> read("Fri, 31 Feb 2024 10:00:00 GMT") is read("昨天 13:05") is None
    True
    """
    return _read(text, zone) if 0 < len(text) <= _LONGEST else None


@lru_cache(maxsize=4096)
def _read(text: str, zone: str | None) -> datetime | None:
    text = " ".join(text.split())
    moment = _common(text)
    if moment:
        return _plausible(moment)
    epoch = _EPOCH.fullmatch(text)
    if epoch:
        digits = epoch.group(1)
        return _plausible(datetime.fromtimestamp(int(digits[:10]), UTC))
    for pattern in (_ISO, _WORDY, _COMPACT, _CJK, _HAN_MONTH, _AMERICAN, _CTIME):
        match = pattern.fullmatch(text)
        if match:
            return _moment(match.groupdict(), zone)
    return None


def _common(text: str) -> datetime | None:
    """The moment of a text in one of the two common forms; None for others, and for what needs a
    second look (a leap second, midnight as 24:00, a day that does not exist)."""
    try:
        if not _RFC3339.fullmatch(text):
            match = _RFC822.fullmatch(text)
            if not match:
                return None
            day, month, year, clock, zone = match.groups("Z")
            text = f"{year}-{_MONTHS[month.lower()]:02}-{day:0>2}T{clock}{zone}"
        local = datetime.fromisoformat(text)
        return local.astimezone(UTC) if local.year >= _EARLIEST else None
    except (ValueError, KeyError, OverflowError):
        return None


def _moment(parts: dict[str, str | None], zone: str | None) -> datetime | None:
    date = _date(parts)
    if date is None:
        return None
    year, month, day = date
    hour, minute, second = _clock(parts)
    days = 0
    if (hour, minute, second) == (24, 0, 0):  # ISO 8601 allows the end of a day to be written so
        hour, days = 0, 1
    try:
        local = datetime(year, month, day, hour, minute, min(second, 59)) + timedelta(days=days)  # noqa: DTZ001 - its zone follows
    except ValueError:
        return None
    info = _zone(parts, zone)
    return None if info is None else _plausible(local.replace(tzinfo=info).astimezone(UTC))


def _date(parts: dict[str, str | None]) -> tuple[int, int, int] | None:
    year = parts["y"] or ""
    number = 1 if year == "元" else int(year)
    if parts.get("era"):
        number += _ERAS[parts["era"] or ""]
    elif len(year) == 2:  # RFC 2822 §4.3
        number += 2000 if number < 50 else 1900
    month = parts.get("m") or _MONTHS.get((parts.get("mon") or "").lower())
    if not month or not _EARLIEST <= number <= _LATEST:
        return None
    return number, int(month), int(parts["d"] or 0)


def _clock(parts: dict[str, str | None]) -> tuple[int, int, int]:
    hour = int(parts.get("h") or 0)
    half = (parts.get("ampm") or parts.get("half") or "").lower()
    if half.startswith("p") or half in ("午後", "下午", "오후"):
        hour = hour % 12 + 12
    elif half:
        hour %= 12
    return hour, int(parts.get("min") or 0), int(parts.get("s") or 0)


def _zone(parts: dict[str, str | None], zone: str | None) -> tzinfo | None:
    name = (parts.get("zone") or "").strip().lower()
    if name in _ZONES:
        return timezone(timedelta(minutes=_ZONES[name]))
    offset = re.fullmatch(r"(?:gmt|utc)?\s*([+-])(\d{1,2}):?(\d{2})?", name)
    if offset:
        sign, hours, minutes = offset.groups()
        total = int(hours) * 60 + int(minutes or 0)
        return (
            timezone(timedelta(minutes=-total if sign == "-" else total))
            if total < _MINUTES_A_DAY
            else None
        )
    if zone is not None:
        return _named(zone)
    bare = not name and parts.get("h") is None and not parts.get("era") and parts.get("y") != "元"
    return UTC if bare and "half" not in parts else None


def _named(zone: str) -> tzinfo | None:
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError):  # no such zone in the tz database, or no name of one
        return None


def _plausible(moment: datetime) -> datetime | None:
    return moment if _EARLIEST <= moment.year <= _LATEST else None
