"""Numbers in digits, kanji and hanzi, with the signs, currency, magnitude and unit beside them."""

import re
from decimal import Decimal

from bot.figures import lexicon, numerals, plausibility, surfaces, things, units
from bot.figures.atoms import MORE, ONE, Atom, with_unit
from bot.figures.mentions import Mention
from bot.model import Lang

_NAME_LEFT = re.compile(r"[A-Za-z][\w.&+']*[-./]?$", re.ASCII)
_NAME_BODY = re.compile(r"[\w+]*(?:[-.](?=\w)[\w+]*)*", re.ASCII)
_LETTER_SCALE = re.compile(r"\s?(mln|bln|trn|mm|mn|bn|tn|[kKmMbBtT])(?![A-Za-z/²³])")
_WORD_SCALE = re.compile(
    (
        "[ -]?(hundred|thousand|million|billion|trillion|quadrillion|lakh[ -]crore|lakh|crore"
        r"|dozen)s?\b"
    ),
    re.IGNORECASE,
)
_PERCENT_BEFORE = re.compile(r"(百分之|千分之|万分之|萬分之)(?:約|约|近)?$")
_PERCENTS = {
    "百分之": ONE,
    "千分之": Decimal("0.1"),
    "万分之": Decimal("0.01"),
    "萬分之": Decimal("0.01"),
}
_SHARE = re.compile(r"\s?分の\s?|\s?分之\s?")
_RATIO = re.compile(r"\s?(?::|：|対|比|對|对)\s?")
_SIGN = re.compile(
    r"(?:(?<![\w)%])[-+±]|(?:▲|△|マイナス|零下|氷点下|負|负)\s?|(?:minus|negative) )$",
    re.IGNORECASE,
)
_SIGN_AFTER = re.compile(r"\s?([€£¥₩₹$])(?![\s]?\d)")


def at(t: str, place: int, lang: Lang | None, names: list[Mention]) -> "Atom | int":
    """What stands at a place where a number can begin: an atom, or where to go on."""
    left = t[max(0, place - 24) : place]
    if t[place].isdecimal():
        money = surfaces.money_before(left)
        if money is None and _NAME_LEFT.search(left):
            return _name(t, place, names, _NAME_LEFT.search(left))
    if t[place] == "半":
        return _half(t, place, lang)
    number = numerals.cjk_at(t, place)
    if number is None:
        return place + 1
    share = _fraction(t, number)
    if share is not None:
        return share
    atom = _quantity(t, number, left, lang)
    if atom is None and (number.start, number.end) == (0, len(t)):
        return Atom(0, number.end, 0, number.value, "", number.high, bare=True)
    if atom is None:
        return _refused(t, number, names)
    return atom


def _refused(t: str, number: numerals.Number, names: list[Mention]) -> int:
    """Not a figure: digits that run on into letters are a name (5G, 3D, 4o)."""
    if (
        number.digits
        and number.end < len(t)
        and t[number.end].isascii()
        and t[number.end].isalpha()
    ):
        end = _NAME_BODY.match(t, number.start)
        assert end is not None
        names.append(_named(t, number.start, end.end()))
        return end.end()
    if number.digits:
        names.append(_named(t, number.start, number.end))
    return number.end


def _named(t: str, start: int, end: int) -> Mention:
    exact = t[start:end]
    key = re.sub(r"[\s-]+", "", exact).lower()
    return Mention(kind="name", start=start, end=end, exact=exact, value=f"name:{key}")


def _name(t: str, place: int, names: list[Mention], left: "re.Match[str] | None") -> int:
    """A number inside a name (TPUv4, GPT-4o): the whole name is a mention."""
    assert left is not None
    body = _NAME_BODY.match(t, place)
    end = body.end() if body else place + 1
    names.append(_named(t, place - len(left[0]), end))
    return max(end, place + 1)


def _fraction(t: str, number: numerals.Number) -> Atom | None:
    """3分の1, 三分之一, and ratios 7対3, 3:1."""
    if _PERCENT_BEFORE.search(t, max(0, number.start - 5), number.start):
        return None
    link = _SHARE.match(t, number.end)
    if link is not None and number.value:
        top = numerals.cjk_at(t, link.end())
        if top is not None:
            return Atom(
                number.start,
                top.end,
                number.start,
                top.value / number.value * 100,
                "%",
                kind="fraction",
            )
    link = _RATIO.match(t, number.end)
    if (
        link is not None
        and number.digits
        and link[0].strip() in (":", "：", "対", "比", "對", "对")
    ):
        second = numerals.cjk_at(t, link.end()) if link.end() < len(t) else None
        if (
            second is not None
            and second.value
            and second.digits
            and not t[second.end : second.end + 1].isalpha()
        ) or (
            second is not None
            and second.value
            and t[second.end : second.end + 1] in tuple("的のでにと之，、票を")
        ):
            return Atom(
                number.start,
                second.end,
                number.start,
                number.value / second.value,
                "ratio",
                kind="ratio",
            )
    return None


_HALVES = {
    "半数": "%",
    "半數": "%",
    "半分": "%",
    "半碼": "pp",
    "半年": "year",
    "半月": "month",
    "半天": "day",
    "半小时": "hour",
    "半小時": "hour",
    "半個月": "month",
    "半个月": "month",
}


def _half(t: str, place: int, lang: Lang | None) -> "Atom | int":
    word = next((w for w in _HALVES if t.startswith(w, place)), None)
    if word is None or (t[max(0, place - 1) : place] in tuple("上下前后後多大夜年月") and place):
        return place + 1
    unit = _HALVES[word]
    value = {"%": Decimal(50), "pp": Decimal("0.125")}.get(unit, Decimal("0.5"))
    kind = "fraction" if unit == "%" else ""
    return Atom(place, place + len(word), place, value, unit, kind=kind)


def _quantity(t: str, number: numerals.Number, left: str, lang: Lang | None) -> Atom | None:
    """The number with what stands beside it; None where it is no quantity."""
    start, value, end = number.start, number.value, number.end
    percent = _PERCENT_BEFORE.search(left)
    if percent is not None:
        begin = start - len(percent[0])
        factor = _PERCENTS[percent[1]]
        high = number.high * factor if number.high is not None else None
        return Atom(begin, end, start, value * factor, "%", high)
    money = surfaces.money_before(left)
    begin = start - (money[1] if money else 0)
    value, begin = _signed(t, begin, value)
    scale, end, letter = _magnitude(t, number, money is not None)
    beside = _beside(t, end, number, lang)
    rate = surfaces.rate_before(left)
    if letter and money is None and not _letter_counts(t, letter, end, beside):
        beside, end, scale = _letter_unit(t, number, lang)
        if beside is None:
            return None
    if beside is not None and rate is not None and money is None:
        beside, begin = _rated(beside, rate, begin)
    atom = with_unit(
        begin, start, value, number, beside, t, lang, scale=scale, end=end, money=money
    )
    return atom if plausibility.holds(t, atom, number, left, money is not None, lang) else None


def _signed(t: str, begin: int, value: Decimal) -> tuple[Decimal, int]:
    sign = _SIGN.search(t, max(0, begin - 9), begin)
    if sign is None:
        return value, begin
    mark = sign[0].strip().lower()
    if mark in ("-", "+") and begin >= 2 and t[begin - 2 : begin - 1].isalnum():
        return value, begin
    minus = mark not in ("+", "±")
    return (-value if minus else value), sign.start()


def _magnitude(t: str, number: numerals.Number, money: bool) -> tuple[Decimal, int, str]:
    """The English magnitude after digits: factor, end, and the letter where it is one."""
    if not number.digits or number.scaled:
        return ONE, number.end, ""
    word = _WORD_SCALE.match(t, number.end)
    if word is not None:
        factor = ONE
        for part in re.split(r"[ -]", word[1].lower()):
            factor *= lexicon.ENGLISH_SCALES[part]
        return factor, word.end(), ""
    letter = _LETTER_SCALE.match(t, number.end)
    if letter is not None and (money or not letter[0][0].isspace()):
        return Decimal(lexicon.ENGLISH_SUFFIXES[letter[1]]), letter.end(), letter[1]
    return ONE, number.end, ""


def _letter_counts(t: str, letter: str, end: int, beside: surfaces.Beside | None) -> bool:
    """Whether a letter is a magnitude: 70B model, 128K context, 2T tokens, 100k users, 5mn."""
    if letter in ("mn", "bn", "tn", "mln", "bln", "trn"):
        return True
    if beside is not None and units.dimension(beside.unit) in ("count", "money", "score"):
        return True
    return things.sized(t, end, letter) is not None


def _letter_unit(
    t: str, number: numerals.Number, lang: Lang | None
) -> tuple[surfaces.Beside | None, int, Decimal]:
    """The same letters as a unit touching the number (5m, 30t, 1.5x)."""
    return surfaces.latin(t, number.end, tight=True), number.end, ONE


def _beside(t: str, end: int, number: numerals.Number, lang: Lang | None) -> surfaces.Beside | None:
    """The unit right after the number, a blank, a hyphen or "of" between."""
    more = MORE.match(t, end)
    if more is not None and not number.hedge:
        after = surfaces.cjk(t, more.end(), lang)
        if after is not None:
            return after
    after = surfaces.cjk(t, end, lang)
    if after is not None:
        return after
    if sign := _SIGN_AFTER.match(t, end):
        unit = lexicon.MONEY_BEFORE[sign[1]]
        return surfaces.Beside(sign.end(), surfaces.native(lang, "¥") if unit == "¥" else unit)
    if t[end : end + 1] in (" ", "-"):
        spaced = surfaces.cjk(t, end + 1, lang) if t[end] == " " else None
        if spaced is not None and not spaced.classifier:
            return spaced
        return surfaces.latin(t, end + 1, tight=False)
    return surfaces.latin(t, end, tight=True)


def _rated(
    beside: surfaces.Beside, rate: tuple[str, int], begin: int
) -> tuple[surfaces.Beside, int]:
    unit = beside.unit + rate[0]
    if unit not in units.UNITS:
        return beside, begin
    return beside._replace(unit=unit), begin - rate[1]
