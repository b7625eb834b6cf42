"""Numbers in digits, kanji and hanzi, with the signs, currency, magnitude and unit beside them."""

import re
from dataclasses import replace
from decimal import Decimal

from bot.facts import Lang
from bot.figures import (
    cardinals,
    lexicon,
    numerals,
    plausibility,
    spelled,
    surfaces,
    things,
    units,
)
from bot.figures.atoms import MORE, ONE, Atom, with_unit
from bot.figures.mentions import Mention
from bot.figures.patterns import Late
from bot.figures.spelled import parted

_NAME_LEFT = Late(r"[A-Za-z][\w.&+']*[-./]?$", re.ASCII)
_NAME_BODY = Late(r"[\w+]*(?:[-.](?=\w)[\w+]*)*", re.ASCII)
_LETTER_SCALE = Late(r"\s?(mln|bln|trn|tln|mil|MM|mm|mn|bn|tn|[kKmMbBtT])(?![A-Za-z/²³])")
_THOUSANDS = Late(r"[kK](?![A-Za-z])")
_SURE_LETTERS = frozenset(["mn", "bn", "tn", "mln", "bln", "trn", "tln", "mil", "MM"])
_WORD_SCALE = Late(
    (
        "[ -]?(hundred|thousand|million|billion|trillion|quadrillion|lakh[ -]crore|lakh|crore"
        r"|dozen)s?\b"
    ),
    re.IGNORECASE,
)
_PERCENT_BEFORE = Late(r"(百分之|千分之|万分之|萬分之)(?:約|约|近)?$")
PERCENTS = {
    "百分之": ONE,
    "千分之": Decimal("0.1"),
    "万分之": Decimal("0.01"),
    "萬分之": Decimal("0.01"),
}
_MAGNITUDE_LEFT = Late(r"(?<![\w.])[\d.]{1,9}[kKmMbB][-~–]$")
_LETTERS_AHEAD = Late(r"\s?[-~–]\s?\d[\d.]*[kKmMbB]\b")  # 5k-20k
_LETTERS_BEHIND = Late(r"\d[kKmMbB]\s?[-~–]\s?\d[\d.]*[kKmMbB]$")
_SHARE = Late(r"\s{0,2}分\s{0,2}[の之]\s?")
_SLASH = Late(r"/(\d{1,5})(?![\d/.])")
_SLASH_OF = Late(
    r" of\b| ?(?:miles?|inch|cup|acre|teaspoon|tablespoon)s?\b|マイル|の(?!日)|的|以上|$"
)
_IN_SHARE = Late(
    r"\d (?:in|out of) (?:every )?(?:\d|10{1,6}|[2-9]0)(?= [a-z]+(?:s|ople|ren|men)\b)"
)
_RATIO = Late(r"\s?(?::|：|対|比|對|对)\s?")
_RATIO_END = Late("[的のでにとだ之，。、票を]|$")
_RANGE_AHEAD = Late(
    r"\s?(?:~|-|–|—|―|到|至|から|ないし|或)\s?[\d一二三四五六七八九十百千]|\s(?:to|or|over)\s"
    r"|と[\d一二三四五六七八九十百千]{1,8}の間"
)
_SIGN = Late(
    (
        r"(?:(?<![\w)%])(?<!\d )[-+±]|(?<=[はがをでにの比是为為约約至到率額额利益損损])[-+]|(?:▲|△"
        r"|マイナス|零下|氷点下|負|负)\s?|(?:minus|negative) )$"
    ),
    re.IGNORECASE,
)
_SIGN_AHEAD = Late(r"(?:[-−▲△]|マイナス|负|負) ?")
_SIGN_AFTER = Late(r"\s?([€£¥₩₹$])(?![\s]?\d)")


def at(t: str, place: int, lang: Lang | None, names: list[Mention], edge: int = 0) -> "Atom | int":
    """What stands at a place where a number can begin: an atom, or where to go on. What lies
    before `edge` belongs to another figure, so that no currency is taken from there."""
    left = t[max(0, place - 24) : place]
    own = left if edge <= place - 24 else t[min(edge, place) : place]
    if t[place].isdecimal() and surfaces.money_before(own) is None:
        name = _NAME_LEFT.search(left)
        if name is not None and not _MAGNITUDE_LEFT.search(left):
            return _name(t, place, names, name)
    if t[place] in "半一对對" and (half := _half(t, place)):
        return half
    if t[place] in "半对對":
        return place + 1
    if vulgar := numerals.VULGAR.get(t[place]):
        return _vulgar(t, place, Decimal(vulgar[0]) / vulgar[1], lang)
    number = numerals.cjk_at(t, place, lang)
    if number is None:
        return place + 1
    share = _fraction(t, number, lang)
    if share is not None:
        return _with_sign(t, share)
    return _numbered(t, number, left, own, lang) or _refused(t, number, names)


def _numbered(
    t: str, number: numerals.Number, left: str, own: str, lang: Lang | None
) -> Atom | None:
    """The quantity that a number begins, or the first end of a range that may follow."""
    more = numerals.mixed(t, number, lang)
    atom = _quantity(t, more, left, own, lang)
    if atom is not None:
        return atom
    bare = Atom(number.start, more.end, number.start, more.value, "", bare=True)
    if more is not number:
        return _with_sign(t, bare)
    ahead = not number.scaled and _RANGE_AHEAD.match(t, number.end)
    return replace(bare, tentative=True) if ahead else None


def _with_sign(t: str, atom: Atom) -> Atom:
    value, start = _signed(t, atom.start, atom.value)
    return replace(atom, start=start, value=value)


def _vulgar(t: str, place: int, value: Decimal, lang: Lang | None) -> Atom:
    """½: with a unit beside it half of that, else a share."""
    number = numerals.Number(place, place + 1, value, digits=False, scaled=True)
    beside = _beside(t, place + 1, number, lang)
    if beside is None or beside.unit == "":
        return parted(place, place + 1, value)
    return with_unit(place, place, value, number, beside, t, lang, scale=ONE)


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
        names.append(named(t, number.start, end.end()))
        return end.end()
    if number.digits:
        names.append(named(t, number.start, number.end))
    return number.end


def named(t: str, start: int, end: int) -> Mention:
    exact = t[start:end]
    key = re.sub(r"[\s-]+", "", exact).lower()
    return Mention(kind="name", start=start, end=end, exact=exact, value=f"name:{key}")


def _name(t: str, place: int, names: list[Mention], left: "re.Match[str]") -> int:
    """A number inside a name (TPUv4, GPT-4o): the whole name is a mention."""
    body = _NAME_BODY.match(t, place)
    end = body.end() if body else place + 1
    names.append(named(t, place - len(left[0]), end))
    return max(end, place + 1)


def _fraction(t: str, number: numerals.Number, lang: Lang | None) -> Atom | None:
    """3分の1, 三分之一, 3/4, and ratios 7対3, 3:1."""
    if _PERCENT_BEFORE.search(t, max(0, number.start - 5), number.start):
        return None
    start, link = number.start, _SHARE.match(t, number.end)
    if link is not None and number.value:
        sign = _SIGN_AHEAD.match(t, link.end())
        top = numerals.cjk_at(t, sign.end() if sign else link.end(), lang)
        if top is None:
            return None
        return parts(start, top.end, -top.value if sign else top.value, number.value)
    if number.digits and (share := spelled.one_in(t, number)) and _IN_SHARE.match(t, number.start):
        return share
    if number.digits and (slash := _SLASH.match(t, number.end)):
        return _slashed(t, number, slash)
    link = _RATIO.match(t, number.end) if number.digits else None
    second = numerals.cjk_at(t, link.end(), lang) if link is not None else None
    if second is None or not second.value:
        return None
    after = t[second.end : second.end + 1]
    if (second.digits and not after.isalpha()) or _RATIO_END.match(after):
        value = number.value / second.value
        return Atom(start, second.end, start, value, "ratio", kind="ratio")
    return None


def _slashed(t: str, number: numerals.Number, slash: "re.Match[str]") -> Atom | None:
    """A fraction with a slash where nothing else is written so: 3/100, 1/2 of, 1/4 mile."""
    bottom = Decimal(slash[1])
    if not bottom or (bottom <= 31 and not _SLASH_OF.match(t, slash.end())):
        return None
    beside = (
        surfaces.latin(t, slash.end() + 1, tight=False)
        if t[slash.end() : slash.end() + 1] == " "
        else surfaces.cjk(t, slash.end(), None)
    )
    value = number.value / bottom
    if beside is not None and (
        units.dimension(beside.unit) in ("length", "area", "volume") or beside.unit == "count"
    ):
        return Atom(number.start, beside.end, number.start, value, beside.unit)
    return parts(number.start, slash.end(), number.value, bottom)


def parts(start: int, end: int, top: Decimal, bottom: Decimal) -> Atom:
    """A share; hundredths are percent even above the whole (百分の百二十)."""
    if bottom == 100:
        return Atom(start, end, start, top, "%", kind="fraction")
    return parted(start, end, top / bottom)


_HALVES = {
    "半数": "%",
    "半數": "%",
    "半分": "%",
    "半額": "%",
    "一半": "%",
    "半折": "%",
    "半碼": "pp",
    "半年": "year",
    "半月": "month",
    "半天": "day",
    "半小时": "hour",
    "半小時": "hour",
    "半個月": "month",
    "半个月": "month",
    "半ダース": "count",
    "半打": "count",
    "对折": "%",
    "對折": "%",
}


def _half(t: str, place: int) -> Atom | None:
    word = next((w for w in _HALVES if t.startswith(w, place)), None)
    if word is None or (t[max(0, place - 1) : place] in tuple("上下前后後多大夜年月") and place):
        return None
    if t[place + len(word) : place + len(word) + 1] in tuple("导導岛島径徑球"):
        return None  # 一半导体公司
    unit = _HALVES[word]
    value = {"%": Decimal(50), "pp": Decimal("0.125"), "count": Decimal(6)}.get(
        unit, Decimal("0.5")
    )
    kind = "fraction" if unit == "%" else ""
    return Atom(place, place + len(word), place, value, unit, kind=kind)


def _quantity(
    t: str, number: numerals.Number, left: str, own: str, lang: Lang | None
) -> Atom | None:
    """The number with what stands beside it; None where it is no quantity."""
    start, value, end = number.start, number.value, number.end
    percent = _PERCENT_BEFORE.search(left)
    if percent is not None:
        begin = start - len(percent[0])
        factor = PERCENTS[percent[1]]
        high = number.high * factor if number.high is not None else None
        thousands = _THOUSANDS.match(t, end)
        if thousands is not None:
            value, end = value * 1000, thousands.end()
        return Atom(begin, end, start, value * factor, "%", high)
    money = surfaces.money_before(own)
    begin = start - (money.length if money else 0)
    value, begin = _signed(t, begin, value)
    scale, end, letter = _magnitude(t, number, money is not None)
    scale *= money.factor if money else ONE
    beside = _beside(t, end, number, lang)
    rate = surfaces.rate_before(left)
    if letter and beside is not None and beside.unit == "model":
        beside = None  # 70Bモデル: a size, and the model stays outside
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
        more = cardinals.with_part(t, number._replace(end=word.end(), value=number.value * factor))
        return more.value / (number.value or ONE) if number.value else factor, more.end, ""
    letter = _LETTER_SCALE.match(t, number.end)
    if letter is not None and (money or not letter[0][0].isspace() or letter[1] in _SURE_LETTERS):
        return Decimal(lexicon.ENGLISH_SUFFIXES[letter[1]]), letter.end(), letter[1]
    return ONE, number.end, ""


def _letter_counts(t: str, letter: str, end: int, beside: surfaces.Beside | None) -> bool:
    """Whether a letter is a magnitude: 70B model, 128K context, 2T tokens, 100k users, 5mn."""
    if letter in _SURE_LETTERS or (letter in "kK" and beside and beside.unit in ("%", "pp")):
        return True
    if _LETTERS_AHEAD.match(t, end) or _LETTERS_BEHIND.search(t, max(0, end - 24), end):
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
        end += t.startswith("  ", end)
        spaced = surfaces.cjk(t, end + 1, lang) if t[end] == " " else None
        if spaced is not None and not spaced.classifier:
            return spaced
        return surfaces.latin(t, end + 1, tight=False)
    return surfaces.latin(t, end, tight=True)


def _rated(
    beside: surfaces.Beside, rate: tuple[str, int], begin: int
) -> tuple[surfaces.Beside, int]:
    unit = ("km" if beside.unit == "キロ" else beside.unit) + rate[0]
    if unit not in units.UNITS:
        return beside, begin
    return beside._replace(unit=unit), begin - rate[1]
