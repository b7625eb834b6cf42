"""Whether figures agree: the same, the same rounded, a power of ten apart, different; and which
figures of an article or a story cannot all be right.

Precision goes before recall: two figures contradict each other only when the words around say that
they are of one thing. Different things that share a unit (8,192 TPUv4 and 2,048 TPUv5p chips), Q2
and Q3, a plan and a result are no conflict.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Literal

from bot.facts import Conflict, Figure
from bot.figures import labels, lexicon, numerals, units
from bot.figures.mentions import scan

Relation = Literal["same", "rounded", "scale", "different", "incomparable"]

HEDGED = Decimal("0.05")  # how far "about" reaches, as a share of the value
HALF = Decimal("0.5")
LOOSE = frozenset(["approx", "near", "over", "atleast", "under", "upto"])
LARGEST_SLIP = 6  # powers of ten; more is no slip of the pen
REPEATED = 0.6  # share of common words at which two sentences make one statement


def compare(a: Figure, b: Figure) -> Relation:
    """How two figures relate, in base units.

    ``rounded``: each lies within the other's printed precision (6.3兆 covers 6.25 to 6.35e12), or
    within 5 % where one of them is hedged. ``scale``: the same digits, a power of ten apart.
    """
    if not units.comparable(a.unit, b.unit):
        return "incomparable"
    low_a, high_a = _ends(a)
    low_b, high_b = _ends(b)
    if (low_a, high_a) == (low_b, high_b):
        return "same"
    if abs(low_a) == abs(low_b) and abs(high_a) == abs(high_b) and (a.change or b.change):
        return "same"
    if _near(a, b):
        return "rounded"
    if low_a == high_a and low_b == high_b and slip(low_a, low_b):
        return "scale"
    return "different"


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
    if "vague" in (a.qualifier, b.qualifier):
        room = max(room, max(abs(low_a), abs(low_b)) * 2)
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


# --- conflicts ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Stated:
    """A figure in its sentence: what is needed to tell whether two are of one thing."""

    figure: Figure
    sentence: str
    key: str  # of the measure
    noun: str  # what is counted, folded to its head
    periods: frozenset[str]
    tokens: frozenset[str]
    hypothetical: bool


_PLAN = re.compile(
    (
        r"計画|予想|見通し|目標|見込|预计|預計|预期|預期|目标|目標|计划|計劃|\bplan(?:s|ned"
        r"|ning)?\b|expect"
        r"|forecast|target|guidance|\baim|could|would|estimate|up to|最大|上限"
    ),
    re.IGNORECASE,
)


def conflicts(figures: Sequence[Figure], *, texts: Mapping[str, str]) -> tuple[Conflict, ...]:
    """The figures that contradict each other, in one article and across a story's articles.

    `texts` are the articles' texts by id. Each quantity stands in one conflict of a kind at most;
    the larger value comes first.
    """
    stated = [_stated(f, texts[f.quote.article_id]) for f in figures]
    found: list[Conflict] = []
    taken: set[tuple[object, ...]] = set()
    for conflict in (*_arithmetic(stated), *_pairs(stated)):
        mark = (conflict.kind, *sorted(str(units.base(f.value, f.unit)) for f in conflict.figures))
        if mark not in taken:
            taken.add(mark)
            found.append(conflict)
    return tuple(found)


def _stated(figure: Figure, body: str) -> _Stated:
    from bot import text as words

    spans = words.sentences(body)
    span = words.sentence_at(spans, figure.quote.start) or (figure.quote.start, figure.quote.end)
    sentence = body[span[0] : span[1]]
    plain = sentence.replace(figure.quote.exact, " ")
    folded = numerals.fold(sentence)
    return _Stated(
        figure=figure,
        sentence=sentence,
        key=labels.key(figure.measure) if figure.measure else "",
        noun=head(figure.counts),
        periods=frozenset(m.value for m in scan(folded) if m.kind in ("period", "date")),
        tokens=frozenset(t for t in words.tokens(plain) if not t.isdecimal()),
        hypothetical=_PLAN.search(sentence) is not None,
    )


def head(name: str) -> str:
    """The head of a counted noun phrase, folded: tpuv4 chip for TPUv4 chips and TPUv4チップ."""
    from bot import text as words

    folded = words.fold(name).removesuffix("s")
    latin = re.findall(r"[a-z0-9][\w./-]*", folded)
    for surface, unit in lexicon.NOUNS_CJK.items():
        if folded.endswith(surface.lower()):
            return " ".join([*[w for w in latin if w != surface.lower()], unit])
    return folded


def _pairs(stated: Sequence[_Stated]) -> Iterator[Conflict]:
    for a, b in combinations(stated, 2):
        relation = compare(a.figure, b.figure)
        if relation == "scale" and _one_thing_scaled(a, b):
            yield _conflict("scale", a.figure, b.figure)
        elif relation == "different" and _one_thing(a, b, stated):
            yield _conflict("value", a.figure, b.figure)


def _conflict(kind: Literal["scale", "value"], a: Figure, b: Figure) -> Conflict:
    first, second = sorted((a, b), key=lambda f: -abs(units.base(f.value, f.unit)[0]))
    top, low = (abs(units.base(f.value, f.unit)[0]) for f in (first, second))
    return Conflict(kind=kind, figures=(first, second), ratio=top / low if low else top)


def _comparable(a: _Stated, b: _Stated) -> bool:
    """What both kinds of conflict need: one unit, rate and direction, one period, no vagueness."""
    x, y = a.figure, b.figure
    if "vague" in (x.qualifier, y.qualifier) or x.change != y.change:
        return False
    if x.per and y.per and x.per != y.per:
        return False
    if (
        units.UNITS.get(x.unit, units.UNITS[""]).base
        != units.UNITS.get(y.unit, units.UNITS[""]).base
    ):
        return False
    if a.noun and b.noun and not _same_noun(a.noun, b.noun):
        return False
    return not (a.periods and b.periods and not a.periods & b.periods)


def _same_noun(one: str, other: str) -> bool:
    if one.isascii() != other.isascii():
        return True  # unlisted nouns of two scripts cannot be compared
    return one == other or (one.split()[-1:] == other.split()[-1:] and _names(one) == _names(other))


def _names(noun: str) -> set[str]:
    return {w for w in noun.split() if any(c.isdigit() for c in w)}


def _one_thing_scaled(a: _Stated, b: _Stated) -> bool:
    """A slip of the pen: the same digits (two at least) of the same unit and measure."""
    if not _comparable(a, b):
        return False
    digits = units.base(a.figure.value, a.figure.unit)[0].normalize().as_tuple().digits
    same_key = bool(a.key) and a.key == b.key
    if len(digits) < 2 and not (same_key and _alike(a, b)):
        return False
    if a.figure.unit in ("", "count"):
        return bool(a.noun) and a.noun == b.noun
    if units.dimension(a.figure.unit) == "count":
        return a.figure.unit == b.figure.unit
    return same_key or _alike(a, b)


def _one_thing(a: _Stated, b: _Stated, stated: Sequence[_Stated]) -> bool:
    if not _comparable(a, b) or _hedged_apart(a.figure, b.figure):
        return False
    if a.figure.quote.article_id == b.figure.quote.article_id:
        return _transposed(a, b) or (_alike(a, b) and a.sentence != b.sentence)
    return _told_by_two(a, b, stated)


def _hedged_apart(a: Figure, b: Figure) -> bool:
    """Bounds that can both be true: over 1,000 and 1,500; up to 20 and 12."""
    big, small = (a, b) if abs(a.value) > abs(b.value) else (b, a)
    return small.qualifier in ("over", "atleast") or big.qualifier in ("under", "upto")


def _transposed(a: _Stated, b: _Stated) -> bool:
    """48 and 84 of one noun: digits in another order."""
    one, other = (x.figure.value.normalize().as_tuple() for x in (a, b))
    if one.exponent != other.exponent or sorted(one.digits) != sorted(other.digits):
        return False
    tail = bool(a.noun and b.noun) and a.noun.split()[-1] == b.noun.split()[-1]
    unit = a.figure.unit not in ("", "count", "%", "year", "month", "day")
    return len(one.digits) >= 2 and (tail or (unit and bool(a.key) and a.key == b.key))


def _alike(a: _Stated, b: _Stated) -> bool:
    """Whether two sentences make one statement but for the number."""
    shared = len(a.tokens & b.tokens)
    return shared >= 3 and shared >= REPEATED * min(len(a.tokens), len(b.tokens))


def _told_by_two(a: _Stated, b: _Stated, stated: Sequence[_Stated]) -> bool:
    """Two sources on one measure, of which each states one value only."""
    if a.hypothetical != b.hypothetical or not a.key or a.key != b.key:
        return False
    if a.figure.unit in ("", "count", "%", "pp", "x", "point") and a.key in ("", "growth"):
        return False
    return all(len(_rivals(x, stated)) == 1 for x in (a, b))


def _rivals(one: _Stated, stated: Iterable[_Stated]) -> set[object]:
    """The values that an article states of the same measure, unit and direction."""
    return {
        units.base(s.figure.value, s.figure.unit)
        for s in stated
        if s.figure.quote.article_id == one.figure.quote.article_id
        and s.key == one.key
        and s.figure.change == one.figure.change
        and units.comparable(s.figure.unit, one.figure.unit)
    }


# --- arithmetic --------------------------------------------------------------------------------

_FROM = re.compile(r"(?:\bfrom|从|從|由|自|の)\s?(?:about |約|约)?$", re.IGNORECASE)
_FROM_AFTER = re.compile(r"\s?(?:から|より)")
_TO = re.compile(
    r"(?:\bto|至|到|达到|達到|增至|減至|减至|升至|降至)\s?(?:about |約|约)?$", re.IGNORECASE
)
_TO_AFTER = re.compile(r"\s?(?:に|へ|となっ|まで)")
TOLERANCE = Decimal("1.0")  # percent points that rounding of the three may explain


def _arithmetic(stated: Sequence[_Stated]) -> Iterator[Conflict]:
    """From A to B, stated as a change of x percent that it is not."""
    by_sentence: dict[tuple[str, str], list[Figure]] = {}
    for s in stated:
        by_sentence.setdefault((s.figure.quote.article_id, s.sentence), []).append(s.figure)
    for (_, sentence), figures in by_sentence.items():
        rates = [f for f in figures if f.unit == "%" and f.change and f.value_max is None]
        ends = _from_and_to(sentence, figures)
        if len(rates) != 1 or ends is None:
            continue
        start, end = ends
        change = (end.value / start.value - 1) * 100
        sign = 1 if rates[0].change == "up" else -1
        room = TOLERANCE + abs(change) / 20
        if abs(change - sign * abs(rates[0].value)) > room:
            ratio = max(abs(change), Decimal("0.1")) / max(abs(rates[0].value), Decimal("0.1"))
            yield Conflict(
                kind="arithmetic",
                figures=(start, end, rates[0]),
                ratio=max(ratio, 1 / ratio).quantize(Decimal("0.1")),
            )


def _from_and_to(sentence: str, figures: Sequence[Figure]) -> tuple[Figure, Figure] | None:
    start = end = None
    for figure in figures:
        if figure.unit in ("%", "") or figure.value_max is not None or figure.value <= 0:
            continue
        at = sentence.find(figure.quote.exact)
        before, after = sentence[max(0, at - 12) : at], sentence[at + len(figure.quote.exact) :]
        if (_FROM.search(before) and not before.endswith("の")) or _FROM_AFTER.match(after):
            start = figure
        elif _TO.search(before) or _TO_AFTER.match(after):
            end = figure
    if start is None or end is None or start.unit != end.unit:
        return None
    return start, end
