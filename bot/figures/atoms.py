"""A number with its unit, before its neighbours and the words around are looked at."""

from dataclasses import dataclass
from decimal import Decimal

from bot.facts import Lang
from bot.figures import lexicon, numerals, surfaces, units
from bot.figures.patterns import Late

ONE = Decimal(1)
HALF_BEHIND = Late("半(?![导導島岛数數分年月期径徑])")
_BIG_BEHIND = Late(r" (million|billion|trillion)\b")
_INCHES = Late(
    r" (\d{1,2}) in(?= (?:more|or|tall|long|wide|high|deep|and)\b|[.,;)]|$)"
)  # 5 ft 2 in
MORE = Late(r"(?:多|余|餘|来|來|数|數)")


@dataclass(frozen=True, slots=True)
class Atom:
    """A number with its unit, not joined to anything yet. `core` is where its number begins."""

    start: int
    end: int
    core: int
    value: Decimal
    unit: str
    high: Decimal | None = None
    hedge: str | None = None
    kind: str = ""
    bare: bool = False  # no unit beside it
    scaled: bool = False
    classifier: bool = False
    prefix: str = ""  # the currency that stands before it
    counts: str = ""
    scale: Decimal = ONE  # its magnitude word, which a range may share
    joined: bool = False
    tentative: bool = False  # a figure only as the first end of a range


def with_unit(
    begin: int,
    core: int,
    value: Decimal,
    number: numerals.Number,
    beside: surfaces.Beside | None,
    t: str,
    lang: Lang | None,
    *,
    scale: Decimal,
    end: int | None = None,
    money: surfaces.Mark | None = None,
) -> Atom:
    end = number.end if end is None else end
    value, high = value * scale, number.high * scale if number.high is not None else None
    hedge, unit, classifier, kind = number.hedge, "", False, ""
    currency = (
        ""
        if money is None
        else (surfaces.native(lang, "¥") if money.currency == "¥" else money.currency)
    )
    if beside is not None and not (currency and not _fits(currency, beside)):
        if MORE.match(t, end) and not hedge:
            hedge = "over"
        value, end, unit = value * beside.factor + beside.add, beside.end, beside.unit
        if half := HALF_BEHIND.match(t, end):
            whole = Decimal(10) if beside.factor == 10 else ONE
            if whole == 10 or units.dimension(unit) in ("time", "length", "mass"):
                value, end = value + whole / 2, half.end()
        elif units.dimension(unit) == "money" and (big := _BIG_BEHIND.match(t, end)):
            value, end = value * lexicon.ENGLISH_SCALES[big[1]], big.end()
        elif unit == "ft" and (inches := _INCHES.match(t, end)):
            value, end = value + Decimal(inches[1]) / 12, inches.end()
        high = high * beside.factor if high is not None else None
        classifier = beside.classifier
        kind = "fraction" if unit == "%" and beside.factor == 10 else ""  # 割 and 成
    return Atom(
        begin,
        end,
        core,
        value,
        currency or unit,
        high,
        hedge,
        bare=not (currency or unit),
        scaled=number.scaled or scale != 1,
        classifier=classifier,
        prefix=currency,
        kind=kind,
        scale=scale,
    )


def _fits(currency: str, beside: surfaces.Beside) -> bool:
    """Whether a word after an amount belongs to the same money (人民币8亿元, US$5 dollars)."""
    return units.dimension(beside.unit) == "money"
