"""Numbers as they are written: digits, kanji and hanzi, mixed, and English words, to exact values.

Every reader takes a folded text (see `fold`: same length as the original, full-width made ASCII)
and an offset, and returns what it read or None. None looks at more than the number itself.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from bot.figures.lexicon import (
    CJK_DIGITS,
    CJK_MYRIADS,
    CJK_TENS,
    ENGLISH_ONES,
    ENGLISH_SCALES,
    ENGLISH_TENS,
    FRACTIONS,
)

_FOLD = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)} | {
    0x3000: " ",
    0x00A0: " ",
    0x202F: " ",
    0x2009: " ",
    0x2010: "-",
    0x2011: "-",
    0x2212: "-",
    0xFFE5: "¥",
    0xFFE0: "¢",
    0xFFE1: "£",
    0xFF5E: "~",
    0x301C: "~",
    0xFE63: "-",
    0x2032: "'",
    0x2019: "'",
    0x9FA0: "籲",
}
del _FOLD[0xFF0C]  # a full-width comma separates clauses, except inside full-width digits
_WIDE_COMMA = re.compile("(?<=[０-９])，(?=[０-９]{3})")
LONGEST = 48  # digits of one number; a longer run is no number of the news, and costs no time

_DIGITS = re.compile(
    rf"\d{{1,3}}(?:,\d{{3}}){{1,12}}(?!\d)(?:\.\d{{1,{LONGEST}}})?"
    rf"|\d{{1,{LONGEST}}}(?!\d)(?:\.\d{{1,{LONGEST}}})?(?:[eE][+-]?\d{{1,3}}(?![\w.]))?"
)
_MIDDLE_DOT = re.compile(r"\d{1,9}·\d{1,9}|\d{1,9}・\d{1,9}")
_POWER = re.compile(r"10\^(\d{1,3})|10([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})")
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_ONES = "〇零一二三四五六七八九两兩壱弐"
_KANJI = re.compile(rf"[{_ONES}十百千拾仟佰]{{1,25}}")
_POINT = re.compile(rf"[点點]([{_ONES}]{{1,12}})")
_SCALES = re.compile("[十百千]?[万萬億亿兆京]{1,3}|[十百千]")
_UNIT_AFTER_SCALE = {"千": "瓦米克伏赫字卡升", "兆": "瓦赫字比帕伏焦"}
SOME = "数數几幾"
MORE = "多余餘来來"


class Number(NamedTuple):
    """A number that was read: half-open span, exact value (`high` the other end of 七八十), how
    it is hedged by its own words, and whether it is more than a bare small numeral."""

    start: int
    end: int
    value: Decimal
    high: Decimal | None = None
    hedge: str | None = None  # "vague" or "over"
    digits: bool = True  # written in ASCII digits, at least in part
    scaled: bool = False  # has a magnitude word


def fold(text: str) -> str:
    """The text with full-width forms made ASCII, of the same length, so that offsets hold."""
    return _WIDE_COMMA.sub(",", text).translate(_FOLD)


def digits_at(t: str, at: int) -> tuple[int, Decimal] | None:
    """Plain digits with thousands separators, decimals, an exponent or a power of ten."""
    if power := _POWER.match(t, at):
        exponent = int((power[1] or power[2]).translate(_SUPERSCRIPT))
        return power.end(), Decimal(10) ** exponent
    if dotted := _MIDDLE_DOT.match(t, at):
        return dotted.end(), Decimal(dotted[0].replace("·", ".").replace("・", "."))
    found = _DIGITS.match(t, at)
    if found is None:
        return None
    return found.end(), Decimal(found[0].replace(",", ""))


def cjk_at(t: str, at: int) -> Number | None:
    """A number in CJK writing at `at`: 6.3兆, 1億2,345万, 三千二百億, 数十億, 3万5千, 十几万."""
    i, total, limit = at, Decimal(0), Decimal(10) ** 30
    high: Decimal | None = None
    hedge: str | None = None
    digits = scaled = False
    while i < min(len(t), at + 2 * LONGEST):
        read = _coefficient(t, i)
        if read is None:
            break
        end, value, top, mark, is_digits = read
        scale_end, scale = _scale(t, end)
        more = end < len(t) and t[end] in MORE and _scale(t, end + 1)[1] > 1
        if scale == 1 and more:
            mark, (scale_end, scale) = "over", _scale(t, end + 1)
        if (scale > limit / 10 and i > at) or (i > at and scale == 1 and value >= limit):
            break
        if i > at and mark == "some":
            break
        total += value * scale
        high = total - value * scale + top * scale if top is not None else high
        hedge = ("vague" if mark == "some" else mark) or hedge
        digits, scaled = digits or is_digits, scaled or scale > 1
        i, limit = scale_end, scale
        if scale == 1 or hedge == "over":
            break
    if i == at:
        return None
    return Number(at, i, total, high, hedge, digits, scaled)


def _coefficient(t: str, at: int) -> tuple[int, Decimal, Decimal | None, str | None, bool] | None:
    """The part before a magnitude: end, value, upper value, mark, whether in digits."""
    if t[at].isdecimal():
        read = digits_at(t, at)
        return None if read is None else (read[0], read[1], None, None, True)
    if t[at] in SOME or (t[at] == "上" and t[at + 1 : at + 2] in tuple("百千万萬億亿")):
        following = t[at + 1 : at + 2]
        if following in CJK_TENS and not _is_unit(t, at + 1):
            return at + 2, Decimal(CJK_TENS[following]), None, "some", False
        return (at + 1, Decimal(1), None, "some", False) if following in CJK_MYRIADS else None
    kanji = _KANJI.match(t, at)
    if kanji is None or kanji.end() - at > 24:
        return _bare_scale(t, at)
    end, word = kanji.end(), kanji[0]
    while word and word[-1] in _UNIT_AFTER_SCALE and _is_unit(t, end - 1):
        end, word = end - 1, word[:-1]
    if not word:
        return None
    low, top = kanji_value(word)
    mark: str | None = None
    if point := _POINT.match(t, end):
        decimals = "".join(str(CJK_DIGITS[c]) for c in point[1])
        low, end = low + Decimal(f"0.{decimals}"), point.end()
    elif end < len(t) and t[end] in SOME and word[-1] in "十百千":
        mark, end = "some", end + 1
        scale = _SCALES.match(t, end)
        if scale is not None and scale[0] in CJK_TENS:
            mark, end = None, end - 1
    return end, low, top, mark, False


def _bare_scale(t: str, at: int) -> tuple[int, Decimal, Decimal | None, str | None, bool] | None:
    """A magnitude with nothing before it is one of it (万人), where more follows."""
    return (at, Decimal(1), None, None, False) if t[at] in "万萬億亿" else None


def _is_unit(t: str, at: int) -> bool:
    """Whether the magnitude word at `at` begins a unit (千瓦, 兆赫, 百分) instead."""
    return t[at + 1 : at + 2] in tuple(_UNIT_AFTER_SCALE.get(t[at], "")) and at + 1 < len(t)


def _scale(t: str, at: int) -> tuple[int, Decimal]:
    """The magnitude words at `at` (a blank may stand before them): end and factor, 1 if none."""
    start = at + 1 if t[at : at + 1] == " " and t[at + 1 : at + 2] in CJK_MYRIADS else at
    found = _SCALES.match(t, start)
    if found is None:
        return at, Decimal(1)
    end, factor = start, 1
    for offset, char in enumerate(found[0]):
        if _is_unit(t, start + offset):
            break
        factor *= CJK_TENS.get(char) or CJK_MYRIADS[char]
        end = start + offset + 1
    return (end, Decimal(factor)) if end > start else (at, Decimal(1))


def kanji_value(word: str) -> tuple[Decimal, Decimal | None]:
    """Kanji up to thousands: value, and the other end where two digits stand together.

    >>> kanji_value("三千二百"), kanji_value("七八十"), kanji_value("二〇二四")
    ((Decimal('3200'), None), (Decimal('70'), Decimal('80')), (Decimal('2024'), None))
    """
    if not any(c in CJK_TENS for c in word):
        return Decimal("".join(str(CJK_DIGITS[c]) for c in word)), None
    total = top = 0
    digits: list[int] = []
    for char in word:
        if char in CJK_DIGITS:
            digits.append(CJK_DIGITS[char])
            continue
        factor = CJK_TENS[char]
        pair = len(digits) == 2 and digits[1] == digits[0] + 1
        total += (digits[0] if pair else digits[-1] if digits else 1) * factor
        top = total + factor if pair else top
        digits = []
    if digits:
        total += digits[-1]
    return Decimal(total), Decimal(top) if top > total else None


# --- English -----------------------------------------------------------------------------------

_ONE = "|".join(sorted(ENGLISH_ONES, key=len, reverse=True))
_TEN = "|".join(ENGLISH_TENS)
_SMALL = rf"(?:(?:{_TEN})(?:[- ](?:one|two|three|four|five|six|seven|eight|nine)\b)?|(?:{_ONE}))\b"
_BIG = "hundred|thousand|million|billion|trillion|quadrillion"
_CARDINAL = re.compile(
    rf"(?P<lead>(?:an?|{_SMALL})(?=[ -](?:dozen|{_BIG})\b)|{_SMALL})"
    rf"(?:[ -](?:and )?(?:dozen|{_BIG}|{_SMALL})\b){{0,12}}",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    rf"(?:(?:tens|dozens|hundreds|scores)(?: of (?:thousands|millions|billions|trillions))?|"
    rf"(?:thousands|millions|billions|trillions))\b|"
    rf"(?:several|a few|few|a couple(?: of)?|some)[ -](?:dozen|{_BIG})(?:[ -](?:{_BIG}))?\b",
    re.IGNORECASE,
)
_HALF_A = re.compile(
    rf"(?:half|a quarter)[ -](?:an?|of an?)[ -](?P<big>{_BIG}|dozen)\b", re.IGNORECASE
)
_FRACTION = re.compile(
    r"(?P<top>an?|one|two|three|four|five|six|seven|eight|nine)[ -]"
    "(?P<bottom>half|thirds?|quarters?|fourths?|fifths?|sixths?|sevenths?|eighths?|ninths?"
    r"|tenths?)\b"
    r"|\bhalf\b",
    re.IGNORECASE,
)
_STARTS = re.compile(
    r"\b(?:an?(?=[ -](?:dozen|hundred|thousand|million|billion|trillion|few|couple|half"
    "|third|quarter"
    r"|fifth|sixth|seventh|eighth|ninth|tenth|year|month|week|day)s?\b)"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|half|tens|dozens|hundreds|thousands|millions|billions|trillions|several|few|scores)\b",
    re.IGNORECASE,
)
_SMALLEST = {"tens": 10, "scores": 20, "dozens": 12, "hundreds": 100}


def english_starts(t: str) -> "re.Pattern[str]":
    """The pattern of words that a number in English words can begin with."""
    return _STARTS


def english_at(t: str, at: int) -> Number | None:
    """A number in English words at `at`: twenty-five, half a million, tens of thousands."""
    if vague := _VAGUE.match(t, at):
        return Number(
            at, vague.end(), _smallest(vague[0].lower()), hedge="vague", digits=False, scaled=True
        )
    if half := _HALF_A.match(t, at):
        part = Decimal("0.25") if half[0].lower().startswith("a q") else Decimal("0.5")
        value = part * ENGLISH_SCALES[half["big"].lower()]
        return Number(at, half.end(), value.normalize(), digits=False, scaled=True)
    found = _CARDINAL.match(t, at)
    if found is None:
        return None
    value, scaled = _cardinal(found[0].lower())
    return Number(at, found.end(), value, digits=False, scaled=scaled)


def _smallest(words: str) -> Decimal:
    value = Decimal(1)
    for word in re.split(r"[ -]", words):
        if word in _SMALLEST:
            value *= _SMALLEST[word]
        elif word == "couple":
            value *= 2
        elif word.removesuffix("s") in ENGLISH_SCALES:
            value *= ENGLISH_SCALES[word.removesuffix("s")]
    return value


def _cardinal(words: str) -> tuple[Decimal, bool]:
    total, group, scaled = 0, 0, False
    for word in re.split(r"[ -]+", words):
        if word in ENGLISH_ONES:
            group += ENGLISH_ONES[word]
        elif word in ENGLISH_TENS:
            group += ENGLISH_TENS[word]
        elif word in ("a", "an"):
            group = 1
        elif word in ("hundred", "dozen"):
            group, scaled = max(group, 1) * ENGLISH_SCALES[word], True
        elif word in ENGLISH_SCALES:
            total, group, scaled = total + max(group, 1) * ENGLISH_SCALES[word], 0, True
    return Decimal(total + group), scaled


def half_a(t: str, at: int) -> bool:
    """Whether half or a quarter stands before a magnitude: half a million is a number."""
    return _HALF_A.match(t, at) is not None


def fraction_at(t: str, at: int) -> tuple[int, Decimal] | None:
    """A share in English words at `at`, as percent: half, a third, two-thirds, one-tenth."""
    found = _FRACTION.match(t, at)
    if found is None:
        return None
    if found["top"] is None:
        return found.end(), Decimal(50)
    top = {"a": 1, "an": 1}.get(found["top"].lower()) or ENGLISH_ONES[found["top"].lower()]
    bottom = found["bottom"].lower()
    name = bottom if bottom in FRACTIONS else bottom.removesuffix("s")
    return found.end(), top * FRACTIONS[name] * 100
