"""Which figures of an article or a story cannot all be right.

Precision goes before recall: two figures contradict each other only when the words around say that
they are of one thing. Different things that share a unit (8,192 TPUv4 and 2,048 TPUv5p chips), Q2
and Q3, a plan and a result are no conflict.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Literal

from bot.facts import Conflict, Figure
from bot.figures import sums, units
from bot.figures.comparison import compare
from bot.figures.statements import Statement, apart, stated

REPEATED = 0.6  # share of common words at which two sentences make one statement
# Units that name the thing well enough: two numbers of tokens are of one corpus unless their
# clauses tell them apart. Of people and firms there are many in any article.
_TELLING = frozenset(["token", "parameter", "chip", "vehicle", "satellite", "page", "datacenter"])


def conflicts(figures: Sequence[Figure], *, texts: Mapping[str, str]) -> tuple[Conflict, ...]:
    """The figures that contradict each other, in one article and across a story's articles.

    `texts` are the articles' texts by id. Each quantity stands in one conflict of a kind at most;
    the larger value comes first.
    """
    told = stated(figures, texts)
    found: list[Conflict] = []
    taken: set[tuple[object, ...]] = set()
    for conflict in (*sums.wrong(told), *_pairs(told)):
        mark = (conflict.kind, *sorted(str(units.base(f.value, f.unit)) for f in conflict.figures))
        if mark not in taken:
            taken.add(mark)
            found.append(conflict)
    return tuple(found)


def _pairs(told: Sequence[Statement]) -> Iterator[Conflict]:
    for a, b in combinations(told, 2):
        relation = compare(a.figure, b.figure)
        slip = relation == "scale"
        if relation not in ("scale", "different") or not _comparable(a, b, slip=slip):
            continue
        if apart(a, b, slip=slip):
            continue
        if slip and _one_thing_scaled(a, b, told):
            yield _conflict("scale", a.figure, b.figure)
        elif not slip and _one_thing(a, b, told):
            yield _conflict("value", a.figure, b.figure)


def _conflict(kind: Literal["scale", "value"], a: Figure, b: Figure) -> Conflict:
    first, second = sorted((a, b), key=lambda f: -abs(units.base(f.value, f.unit)[0]))
    top, low = (abs(units.base(f.value, f.unit)[0]) for f in (first, second))
    return Conflict(kind=kind, figures=(first, second), ratio=top / low if low else top)


def _comparable(a: Statement, b: Statement, *, slip: bool) -> bool:
    """What both kinds of conflict need: one unit, rate and direction, no vagueness, and not the
    two ends of one change."""
    x, y = a.figure, b.figure
    if "vague" in (x.qualifier, y.qualifier) or x.change != y.change:
        return False
    money = units.dimension(x.unit) == "money" and not slip
    if x.per != y.per and ((x.per and y.per) or money):
        return False
    one, other = (units.UNITS.get(f.unit, units.UNITS[""]).base for f in (x, y))
    if one != other or _hedged_apart(x, y):
        return False
    return not (a.noun and b.noun) or _same_noun(a.noun, b.noun)


def _same_noun(one: str, other: str) -> bool:
    if one.isascii() != other.isascii():
        return True  # unlisted nouns of two scripts cannot be compared
    return one == other or (one.split()[-1:] == other.split()[-1:] and _names(one) == _names(other))


def _names(noun: str) -> set[str]:
    return {w for w in noun.split() if any(c.isdigit() for c in w)}


def _one_thing_scaled(a: Statement, b: Statement, told: Sequence[Statement]) -> bool:
    """A slip of the pen: the same digits (two at least) of the same unit and measure."""
    digits = units.base(a.figure.value, a.figure.unit)[0].normalize().as_tuple().digits
    same_key = bool(a.key) and a.key == b.key
    if a.figure.quote.article_id != b.figure.quote.article_id and _told_by_two(a, b, told):
        return True
    if len(digits) < 2 and not (same_key and _alike(a, b)):
        return False
    if a.figure.unit in ("", "count"):
        return bool(a.noun) and a.noun == b.noun
    if units.dimension(a.figure.unit) == "count" and a.figure.unit == b.figure.unit:
        same_noun = (bool(a.noun) and a.noun == b.noun) or bool(a.thing and a.thing == b.thing)
        return a.figure.unit in _TELLING or same_noun or same_key or _alike(a, b)
    return same_key or _alike(a, b)


def _one_thing(a: Statement, b: Statement, told: Sequence[Statement]) -> bool:
    if a.figure.quote.article_id == b.figure.quote.article_id:
        return _transposed(a, b) or (a.at != b.at and _one_slot(a, b, told))
    if a.thing and _transposed(a, b):
        return True
    return _one_slot(a, b, told) or _told_by_two(a, b, told)


def _one_slot(a: Statement, b: Statement, told: Sequence[Statement]) -> bool:
    """Whether two sentences make one statement with another number in one place: neither states
    the other's number as well."""
    return _alike(a, b) and not (_tells(a, b.figure, told) or _tells(b, a.figure, told))


def _tells(one: Statement, figure: Figure, told: Sequence[Statement]) -> bool:
    place = one.figure.quote.article_id, one.at
    return any(
        compare(s.figure, figure) in ("same", "rounded")
        for s in told
        if (s.figure.quote.article_id, s.at) == place
    )


def _hedged_apart(a: Figure, b: Figure) -> bool:
    """Bounds that can both be true: over 1,000 and 1,500; up to 20 and 12."""
    big, small = (a, b) if abs(a.value) > abs(b.value) else (b, a)
    return small.qualifier in ("over", "atleast") or big.qualifier in ("under", "upto")


def _transposed(a: Statement, b: Statement) -> bool:
    """48 and 84 of one noun or measure: digits in another order."""
    one, other = (x.figure.value.normalize().as_tuple() for x in (a, b))
    if one.exponent != other.exponent or sorted(one.digits) != sorted(other.digits):
        return False
    tail = bool(a.noun and b.noun) and a.noun.split()[-1] == b.noun.split()[-1]
    tail = tail or bool(a.thing and a.thing == b.thing)
    unit = a.figure.unit not in ("", "count", "%", "year", "month", "day")
    return len(one.digits) >= 2 and (tail or (unit and bool(a.key) and a.key == b.key))


def _alike(a: Statement, b: Statement) -> bool:
    """Whether two sentences make one statement but for the number."""
    shared = len(a.tokens & b.tokens)
    return shared >= 3 and shared >= REPEATED * min(len(a.tokens), len(b.tokens))


def _told_by_two(a: Statement, b: Statement, told: Sequence[Statement]) -> bool:
    """Two sources on one measure, of which each states one value only."""
    if not a.key or a.key != b.key:
        return False
    if a.figure.unit in ("", "count", "%", "pp", "x", "point") and a.key in ("", "growth"):
        return False
    return all(len(_rivals(x, told)) == 1 for x in (a, b))


def _rivals(one: Statement, told: Iterable[Statement]) -> set[object]:
    """The values that an article states of the same measure, unit and direction."""
    return {
        units.base(s.figure.value, s.figure.unit)
        for s in told
        if s.figure.quote.article_id == one.figure.quote.article_id
        and s.key == one.key
        and s.figure.change == one.figure.change
        and units.comparable(s.figure.unit, one.figure.unit)
    }
