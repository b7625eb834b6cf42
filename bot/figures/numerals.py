"""Numbers as they are written in digits, kanji and hanzi, and mixed, to exact values.

Every reader takes a folded text (see `fold`: same length as the original, full-width made ASCII)
and an offset, and returns what it read or None. None looks at more than the number itself.
"""

import re
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from bot.facts import Lang
from bot.figures.lexicon import CJK_DIGITS, CJK_MYRIADS, CJK_TENS
from bot.figures.patterns import Late

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
    0x58F9: "一",  # 壹
}
del _FOLD[0xFF0C]  # a full-width comma separates clauses, except inside full-width digits
_WIDE_COMMA = Late("(?<=[０-９])，(?=[０-９]{3})")
LONGEST = 48  # digits of one number; a longer run is no number of the news, and costs no time

# Numerals of cheques, made plain where they stand together: 壹佰伍拾 is 一百五十.
_CHEQUE = Late("[壹贰貳叁肆伍陆陸柒捌玖拾佰仟零一二三四五六七八九十百千万萬億亿]{2,48}")
_SURE = frozenset("贰貳叁柒捌玖拾佰仟")
_CHEQUE_ALONE = Late("[贰貳叁柒捌玖]|(?<=分之)[肆伍陆陸]|[佰仟](?=分之)")
_CHEQUE_PLAIN = str.maketrans("贰貳叁肆伍陆陸柒捌玖拾佰仟", "二二三四五六六七八九十百千")

_DIGITS = Late(
    rf"\d{{1,3}}(?:,\d{{3}}){{1,12}}(?!\d)(?:\.\d{{1,{LONGEST}}})?"
    rf"|\d{{1,2}}(?:,\d\d){{1,4}},\d{{3}}(?!\d)(?:\.\d{{1,{LONGEST}}})?"
    rf"|\d{{1,3}}(?: \d{{3}}){{2,5}}(?!\d)(?:\.\d{{1,{LONGEST}}})?|\d{{1,3}}(?: 000){{1,4}}(?!\d)"
    rf"|\d{{1,{LONGEST}}}(?!\d)(?:\.\d{{1,{LONGEST}}})?(?:[eE][+-]?\d{{1,3}}(?![\w.]))?"
    rf"|\.\d{{1,{LONGEST}}}"
)
_MIDDLE_DOT = Late(r"\d{1,9}[·・]\d{1,9}")
_DOT_JA = Late(r"(\d{1,9})点(\d{1,9})(?![\d位分本])")  # as in text translated from Chinese
_POWER = Late(r"10\^(\d{1,3})|10([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})")
_ZERO = Late(r"[零〇]?(?=\d)")
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
VULGAR = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5),
    "⅗": (3, 5), "⅘": (4, 5), "⅙": (1, 6), "⅚": (5, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8),
    "⅞": (7, 8),
}  # fmt: skip
_ONES = "〇零一二三四五六七八九两兩壱弐"
_KANJI = Late(rf"[{_ONES}十百千]{{1,25}}")
_CLIMB = Late("十[百千]|百千")
_POINT = Late(rf"[点點・·]([{_ONES}]{{1,12}})(?![十百分刻])")
_BLANKS = Late(" {1,2}(?=[万萬億亿兆])")
_SPACED_REST = Late(r" (?=\d{1,3},\d{3}(?![\d,])|\d{4}(?!\d))")  # 3 万 4,500
_MYRIADS = Late("[万萬億亿兆京]{1,3}")
_UNIT_AFTER_SCALE = {"千": "瓦米克伏赫字卡升", "兆": "瓦赫字比帕伏焦"}
_SOME = Late("[数數几幾]([十百千])|[数數几幾](?=[万萬億亿兆])|上([百千])|上(?=[万萬億亿])")
_MORE = Late(r" ?(?:多|余り|余|餘|来|來|あまり) ?(?=[万萬億亿兆])")
_MYRIADS_MORE = Late(r"[万萬][多余餘][億亿]")
_TRAILING_SOME = Late("[数數几幾](?=[十百千]?[^十百千]|$)")
_MIXED = Late(r"\s?(?:と|又|また)\s?")
_PARTS = Late(r"\s?(?:分の|分之)\s?")
_SLASHED = Late(r" (\d{1,2})/(\d{1,3})(?![\d/])")
MORE = "多余餘来來"
_TAELS = Late("[两兩](?![十百千万萬億亿])")  # 三万两: a weight, since 32,000 is 三万二


_PAIRS = {f"{a}{b}": n for n, (a, b) in enumerate(pairwise("一二三四五六七八九"), 1)} | {
    "两三": 2,
    "兩三": 2,
}


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


class _Part(NamedTuple):
    """What stands before a magnitude word."""

    end: int
    value: Decimal
    high: Decimal | None = None
    hedge: str | None = None
    digits: bool = False
    scaled: bool = False
    single: bool = False  # one kanji digit


def fold(text: str) -> str:
    """The text with full-width forms made ASCII, of the same length, so that offsets hold."""
    plain = _WIDE_COMMA.sub(",", text).translate(_FOLD)
    if _SURE.isdisjoint(plain) and "分之" not in plain:
        return plain
    return _CHEQUE_ALONE.sub(_alone, _CHEQUE.sub(_plain, plain))


def _alone(cheque: "re.Match[str]") -> str:
    return cheque[0].translate(_CHEQUE_PLAIN)


def _plain(cheque: "re.Match[str]") -> str:
    word = cheque[0]
    return word if _SURE.isdisjoint(word) else word.translate(_CHEQUE_PLAIN)


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
    return found.end(), Decimal(found[0].replace(",", "").replace(" ", ""))


def cjk_at(t: str, at: int, lang: Lang | None = None) -> Number | None:
    """A number in CJK writing at `at`: 6.3兆, 1億2,345万, 三千二百億, 数十億, 3万5千, 十几万.

    In Chinese a last digit without its magnitude has the next lower one: 一万三 is 13,000."""
    chinese = (lang or "").startswith("zh")
    first = _part(t, at, chinese) or _bare_myriad(t, at)
    if first is None:
        return None
    end, scale, hedge = _scale(t, first)
    total, high = first.value * scale, None if first.high is None else first.high * scale
    digits, scaled = first.digits, first.scaled or scale > 1
    while scale > 1 and hedge is None and end < at + 2 * LONGEST:
        gap = _SPACED_REST.match(t, end) if t[end - 2 : end - 1] == " " else None
        part = None if _TAELS.match(t, end) else _part(t, gap.end() if gap else end, chinese)
        if part is None or part.hedge == "vague":
            break
        next_end, next_scale, hedge = _scale(t, part)
        value = part.value * next_scale
        if value < scale:
            low = part.single and chinese and next_scale == 1 and t[end] not in "零〇"
            total += part.value * scale / 10 if low else value
        elif next_scale > scale and part.value < scale and total < next_scale:
            total = (total + part.value) * next_scale
        else:
            hedge = None
            break
        end, scale, digits = next_end, next_scale, digits or part.digits
    return Number(at, end, total, high, hedge or first.hedge, digits, scaled)


def _part(t: str, at: int, chinese: bool) -> _Part | None:
    char = t[at : at + 1]
    if char.isdecimal() or char == ".":
        read = _translated_point(t, at) if not chinese else None
        read = read or digits_at(t, at)
        return None if read is None else _tens_after(t, *read)
    if some := _SOME.match(t, at):
        unit = some[1] or some[2]
        if unit and _is_unit(t, some.end() - 1):  # 数千瓦: some kilowatts
            return _Part(some.end() - 1, Decimal(1), hedge="vague")
        return _Part(some.end(), Decimal(CJK_TENS[unit] if unit else 1), hedge="vague")
    kanji = _KANJI.match(t, at)
    return None if kanji is None else _kanji_part(t, at, kanji[0], chinese)


def _translated_point(t: str, at: int) -> tuple[int, Decimal] | None:
    """1点6: a decimal point in Japanese that was translated word by word."""
    dotted = _DOT_JA.match(t, at)
    return None if dotted is None else (dotted.end(), Decimal(f"{dotted[1]}.{dotted[2]}"))


def _bare_myriad(t: str, at: int) -> _Part | None:
    """A magnitude with nothing before it is one of it: 万人, 億単位."""
    lone = _MYRIADS.match(t, at)
    return _Part(at, Decimal(1)) if lone is not None and len(lone[0]) == 1 else None


def _tens_after(t: str, end: int, value: Decimal) -> _Part:
    """Digits with 千, 百 and 十 after them: 3千, 2千5百."""
    total, scaled, limit = Decimal(0), False, Decimal(10000)
    while t[end : end + 1] in CJK_TENS and end < len(t) and not _is_unit(t, end):
        factor = Decimal(CJK_TENS[t[end]])
        if value * factor >= limit and scaled:
            break
        total, scaled, limit, end, value = total + value * factor, True, factor, end + 1, Decimal(0)
        more = _ZERO.match(t, end)
        read = digits_at(t, more.end()) if more else None
        if read is None or read[1] >= limit:
            break
        end, value = read
    return _Part(end, total + value, digits=True, scaled=scaled)


def _kanji_part(t: str, at: int, word: str, chinese: bool) -> _Part | None:
    while word and _is_unit(t, at + len(word) - 1):
        word = word[:-1]
    while len(word) > 1 and word[-1] in "两兩" and word[-2] != "零":
        word = word[:-1]  # the weight: 三十两
    if climb := _CLIMB.search(word):
        word = word[: climb.start() + 1]  # 七十百分位: a magnitude cannot follow a smaller one
    if not word:
        return None
    end = at + len(word)
    low, top = kanji_value(word, chinese)
    single = len(word) == 1 and word in CJK_DIGITS
    if point := _POINT.match(t, end):
        decimals = "".join(str(CJK_DIGITS[c]) for c in point[1])
        return _Part(point.end(), low + Decimal(f"0.{decimals}"))
    if word[-1] in "十百千零" and _TRAILING_SOME.match(t, end):
        return _Part(end + 1, low, hedge="vague")
    return _Part(end, low, top, single=single)


def _is_unit(t: str, at: int) -> bool:
    """Whether the magnitude word at `at` begins a unit (千瓦, 兆赫, 百分) instead."""
    if t.startswith("百分之", at):
        return t[at - 1 : at] not in CJK_DIGITS or not at
    following = t[at + 1 : at + 2]
    return bool(following) and following in _UNIT_AFTER_SCALE.get(t[at], "")


def _scale(t: str, part: _Part) -> tuple[int, Decimal, str | None]:
    """The magnitude words after a part (a blank may stand before them): end, factor (1 if none),
    and "over" where 余 or 多 stands before them."""
    end = part.end
    if great := _MYRIADS_MORE.match(t, end):
        return great.end(), Decimal(10**12), "over"
    more = _MORE.match(t, end)
    blanks = _BLANKS.match(t, end)
    start = more.end() if more else blanks.end() if blanks else end
    found = _MYRIADS.match(t, start)
    if found is None:
        return end, Decimal(1), None
    stop, factor = start, 1
    for offset, char in enumerate(found[0]):
        if _is_unit(t, start + offset):
            break
        factor *= CJK_MYRIADS[char]
        stop = start + offset + 1
    if stop == start:
        return end, Decimal(1), None
    return stop, Decimal(factor), "over" if more else None


def kanji_value(word: str, chinese: bool = False) -> tuple[Decimal, Decimal | None]:
    """Kanji up to thousands: value, and the other end where two digits stand together.

    >>> kanji_value("三千二百"), kanji_value("七八十"), kanji_value("二〇二四")
    ((Decimal('3200'), None), (Decimal('70'), Decimal('80')), (Decimal('2024'), None))
    >>> kanji_value("四百五"), kanji_value("四百五", chinese=True), kanji_value("四百零五", True)
    ((Decimal('405'), None), (Decimal('450'), None), (Decimal('405'), None))
    """
    if len(word) == 2 and (pair := _PAIRS.get(word)):
        return Decimal(pair), Decimal(pair + 1)
    total = top = 0
    buffer, factor = "", 1
    for char in word:
        if char in CJK_DIGITS:
            buffer += str(CJK_DIGITS[char])
            continue
        factor = CJK_TENS[char]
        plain = buffer.lstrip("0")
        pair = len(plain) == 2 and int(plain[1]) == int(plain[0]) + 1
        total += (int(plain[0]) if pair else int(plain or 1)) * factor
        top = total + factor if pair else top
        buffer = ""
    if len(buffer) == 1 and buffer != "0" and chinese and factor >= 100:
        total += int(buffer) * factor // 10
    elif buffer:
        total += int(buffer)
    return Decimal(total), Decimal(top) if top > total else None


def mixed(t: str, number: Number, lang: Lang | None = None) -> Number:
    """The number with the fraction behind it: 2と4分の1, 三又二分之一, 10 1/2, 10½."""
    vulgar = VULGAR.get(t[number.end : number.end + 1])
    if vulgar is not None:
        return _plus(number, number.end + 1, *map(Decimal, vulgar))
    if slashed := _SLASHED.match(t, number.end):
        top, bottom = Decimal(slashed[1]), Decimal(slashed[2])
        return _plus(number, slashed.end(), top, bottom) if top < bottom else number
    link = _MIXED.match(t, number.end)
    bottom_read = cjk_at(t, link.end(), lang) if link is not None else None
    parts = _PARTS.match(t, bottom_read.end) if bottom_read is not None else None
    top_read = cjk_at(t, parts.end(), lang) if parts is not None else None
    if bottom_read is None or top_read is None or not bottom_read.value:
        return number
    return _plus(number, top_read.end, top_read.value, bottom_read.value)


def _plus(number: Number, end: int, top: Decimal, bottom: Decimal) -> Number:
    return number._replace(end=end, value=number.value + top / bottom, scaled=True)
