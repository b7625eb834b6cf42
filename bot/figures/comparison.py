"""Whether two figures agree: the same, the same rounded, a power of ten apart, different."""

import re
from decimal import Decimal
from typing import Literal

from bot.facts import Figure
from bot.figures import numerals, units
from bot.figures.patterns import Late

Relation = Literal["same", "rounded", "scale", "different", "incomparable"]

HEDGED = Decimal("0.05")  # how far "about" reaches, as a share of the value
HALF = Decimal("0.5")
LOOSE = frozenset(["approx", "near", "over", "atleast", "under", "upto"])
LARGEST_SLIP = 6  # powers of ten; more is no slip of the pen
# How far a vague number reaches, in multiples of the smallest reading that is its value: from, and
# up to but without. 数千 is 2,000 to 9,999, dozens 24 to 99, 十数 11 to 19, 上百 from 100 on;
# "thousands" alone says less than "tens of thousands" and reaches further.
_REACHES: tuple[tuple[Late, tuple[Decimal, Decimal]], ...] = tuple(
    (Late(pattern, re.IGNORECASE), (Decimal(low), Decimal(high)))
    for pattern, low, high in (
        (r"十[数數几幾余餘多来來]", "1", "2"),
        (r"上[百千万萬億亿]", "1", "10"),
        (r"[数數几幾]|several|\bfew\b", "2", "10"),
        (r"couple", "1", "1.51"),
        (r"dozens|scores", "1.9", "9"),
        (r"(?:tens|hundreds) of", "1", "10"),
        (r"hundreds", "1", "10"),
        (r"(?:thousand|million|billion|trillion)s", "1", "100"),
    )
)
_ONE_SIZE = (Decimal(1), Decimal(10))


def compare(a: Figure, b: Figure) -> Relation:
    """How two figures relate, in base units.

    ``rounded``: each lies within the other's printed precision (6.3兆 covers 6.25 to 6.35e12),
    within 5 % where one of them is hedged, or within what a vague number may mean (数千 covers
    2,000 to 9,999). ``scale``: the same digits, a power of ten apart; a vague number has none.
    """
    if not units.comparable(a.unit, b.unit):
        return "incomparable"
    low_a, high_a = _ends(a)
    low_b, high_b = _ends(b)
    if "vague" in (a.qualifier, b.qualifier):
        return _vaguely(a, b)
    if (low_a, high_a) == (low_b, high_b):
        return "same"
    if abs(low_a) == abs(low_b) and abs(high_a) == abs(high_b) and (a.change or b.change):
        return "same"
    if _near(a, b):
        return "rounded"
    if low_a == high_a and low_b == high_b and slip(low_a, low_b):
        return "scale"
    return "different"


def _vaguely(a: Figure, b: Figure) -> Relation:
    """Vague numbers are the same where they say the same size, and cover the numbers within it."""
    if a.qualifier == b.qualifier and _ends(a) == _ends(b):
        return "same"
    low_a, high_a = _reach(a)
    low_b, high_b = _reach(b)
    return "rounded" if low_a < high_b and low_b < high_a else "different"


def _reach(figure: Figure) -> tuple[Decimal, Decimal]:
    """All that a figure may mean, without the high end: of an exact one a bit around it."""
    low, high = _ends(figure)
    if figure.qualifier != "vague":
        room = max(abs(low), abs(high)) * HEDGED if figure.qualifier in LOOSE else step(figure)
        return low - room * HALF, high + max(room * HALF, Decimal("1E-9"))
    said = figure.quote.exact
    least, most = next((r for pattern, r in _REACHES if pattern.search(said)), _ONE_SIZE)
    return low * least, high * most


def _ends(figure: Figure) -> tuple[Decimal, Decimal]:
    low, _ = units.base(figure.value, figure.unit)
    top = figure.value if figure.value_max is None else figure.value_max
    return low.normalize(), units.base(top, figure.unit)[0].normalize()


def _near(a: Figure, b: Figure) -> bool:
    low_a, high_a = _ends(a)
    low_b, high_b = _ends(b)
    room = max(step(a), step(b)) * HALF
    if a.qualifier in LOOSE or b.qualifier in LOOSE:
        room = max(room, max(abs(low_a), abs(low_b)) * HEDGED)
    return abs(low_a - low_b) <= room and abs(high_a - high_b) <= room


def step(figure: Figure) -> Decimal:
    """One unit of the last digit that is printed, in base units: 1e11 for 6.3兆."""
    read = _printed(numerals.fold(figure.quote.exact))
    if read is None or not read:
        return Decimal(0)
    exponent = read.as_tuple().exponent
    assert isinstance(exponent, int)
    last = Decimal(1).scaleb(min(exponent, 0))
    factor = abs(figure.value / read) if read else Decimal(1)
    return units.base(last * factor, figure.unit)[0]


def _printed(exact: str) -> Decimal | None:
    found = re.search(r"\d", exact)
    read = numerals.digits_at(exact, found.start()) if found else None
    if read is None:
        return None
    compound = re.search(r"[万萬億亿兆]\d", exact)
    return None if compound else read[1]


def slip(a: Decimal, b: Decimal) -> bool:
    """Whether two values have the same digits and differ by a power of ten."""
    if not a or not b or (a < 0) != (b < 0):
        return False
    one, other = a.normalize(), b.normalize()
    apart = abs(one.adjusted() - other.adjusted())
    return one.as_tuple().digits == other.as_tuple().digits and 1 <= apart <= LARGEST_SLIP
