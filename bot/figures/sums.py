"""Sums that do not come out: from A to B said to be +x %, parts that do not make the total, a part
that is larger than the whole."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from bot.facts import Conflict, Figure
from bot.figures import units
from bot.figures.comparison import LOOSE, step
from bot.figures.patterns import Late
from bot.figures.statements import Statement

TOLERANCE = Decimal("1.0")  # percent points that rounding of the three may explain
SHARE = Decimal("0.05")  # by which "about" may be off
PLAUSIBLE = Decimal(2)  # parts and total further apart are of different things

_HEDGE = r"(?:about |nearly |around |約|约|近|逾|超)?"
_FROM = Late(rf"(?:\bfrom|从|從|由|自)\s?(?:[^\d\s。，、,]{{0,4}}的)?{_HEDGE}$", re.IGNORECASE)
_FROM_AFTER = Late(r"\s?(?:から|より)")
_TO = Late(
    rf"(?:\bto|至|到|达到|達到|[增减減升降](?:至|到)|加到|加至|成)(?:了)?\s?{_HEDGE}$",
    re.IGNORECASE,
)
_TO_AFTER = Late(r"\s?(?:に|へ|となっ|まで)")
_TO_SIGN = Late(r"\bto\s?$", re.IGNORECASE)
# Growth in words: what the end is a multiple of the start by.
TIMES = (
    (Late(r"\b(?:doubled|twofold)\b|倍増|翻倍|翻了?一番|倍增", re.IGNORECASE), Decimal(2)),
    (Late(r"\b(?:tripled|trebled|threefold)\b", re.IGNORECASE), Decimal(3)),
    (Late(r"\b(?:quadrupled|fourfold)\b|翻两番|翻兩番", re.IGNORECASE), Decimal(4)),
    (Late(r"\b(?:halved)\b|半減|腰斩|腰斬|减半|減半", re.IGNORECASE), Decimal("0.5")),
)
_MORE_OR_LESS = Late(
    r"\b(?:more than|nearly|almost|over|about|roughly) (?:doubl|tripl|trebl|quadrupl|halv)"
    r"|倍超|近く|超$|ほぼ|约翻|約翻|近翻|逾翻",
    re.IGNORECASE,
)
_TOTAL = Late(
    r"(?:\b(?:a|the) (?:combined )?total(?: of| was| is)?|\btotal(?:ing|ling|ed|led|s)"
    r"|合計で?は?|計|合计|合計|总计|總計|总共|總共|总额为?|總額為?)\s?" + _HEDGE + "$",
    re.IGNORECASE,
)
_TOTAL_AFTER = Late(r"\s?(?:in total|in all|altogether)\b", re.IGNORECASE)
_OPEN = Late(
    r"うち|其中|\bincluding\b|\bof which\b|\bof whom\b|など|等|\bamong\b|\bremaining|残り|其余|其餘"
    r"|\brest\b|\btaking\b|\bbring(?:s|ing)\b|追加|新增|さらに|另|\badd|累計|累计|[のが]?増え|もともと",
    re.IGNORECASE,
)
_PART_LEFT = Late(r"(?:うち|其中|\bof which|\bof whom|\bincluding)[^\d。；;]{0,16}$", re.IGNORECASE)


def wrong(told: Sequence[Statement]) -> Iterator[Conflict]:
    """The sums of each sentence that do not come out."""
    for _, group in groupby(told, key=lambda s: (s.figure.quote.article_id, s.at)):
        statements = list(group)
        first = statements[0]
        line = _Line(first.sentence, first.at[0], [s.figure for s in statements])
        yield from _changes(line)
        yield from _totals(line)
        yield from _parts(line)


class _Line:
    """The figures of a sentence with what stands before and behind each."""

    def __init__(self, sentence: str, start: int, figures: Sequence[Figure]) -> None:
        self.sentence, self.start, self.figures = sentence, start, figures

    def before(self, figure: Figure, reach: int = 24) -> str:
        at = figure.quote.start - self.start
        return self.sentence[max(0, at - reach) : at]

    def after(self, figure: Figure, reach: int = 24) -> str:
        at = figure.quote.end - self.start
        return self.sentence[at : at + reach]


# --- from A to B -------------------------------------------------------------------------------


def _changes(line: _Line) -> Iterator[Conflict]:
    told = _from_and_to(line)
    if told is None:
        return
    start, end = told
    for rate in _rates(line, start):
        said, off = _said(start, end, rate)
        if not off:
            return
        yield Conflict(kind="arithmetic", figures=(start, end, rate), ratio=said)
        return
    yield from _multiplied(line, start, end)


def _rates(line: _Line, start: Figure) -> list[Figure]:
    """The one figure that tells by how much; none where there are several."""
    others = [f for f in line.figures if f.value_max is None and (f.change or f.unit == "x")]
    base = _base(start)
    rates = [f for f in others if f.unit in ("%", "x") and base != "%"]
    steps = [f for f in others if f.change and _base(f) == ("pp" if base == "%" else base)]
    found = [f for f in rates or steps if f.quote.start != start.quote.start]
    return found if len(found) == 1 else []


def _base(figure: Figure) -> str:
    return units.base(figure.value, figure.unit)[1]


def _said(start: Figure, end: Figure, rate: Figure) -> tuple[Decimal, bool]:
    """How far the rate is from what the ends give, as a ratio, and whether that is an error."""
    one, other = (units.base(f.value, f.unit)[0] for f in (start, end))
    said, _ = units.base(rate.value, rate.unit)
    said = abs(said) * (-1 if rate.change == "down" else 1)
    if rate.unit == "x":
        real = other / one
        options = (said, said + 1) if rate.change else (said,)  # 增长2倍 may be either
        off = min(abs(real - s) for s in options) > max(step(rate) / 2, real * SHARE)
        return _ratio(real, said), off
    if rate.unit == "%":
        real = (other / one - 1) * 100
        room = TOLERANCE + abs(real) / 20
    else:
        real = other - one
        room = max(step(start), step(end), step(rate))
        if {start.qualifier, end.qualifier, rate.qualifier} & LOOSE:
            room = max(room, max(one, other) * SHARE)
    return _ratio(real, said), abs(real - said) > room


def _ratio(one: Decimal, other: Decimal) -> Decimal:
    ratio = max(abs(one), Decimal("0.1")) / max(abs(other), Decimal("0.1"))
    return max(ratio, 1 / ratio).quantize(Decimal("0.1"))


def _multiplied(line: _Line, start: Figure, end: Figure) -> Iterator[Conflict]:
    """Doubled, tripled, halved from A to B."""
    if _MORE_OR_LESS.search(line.sentence):
        return
    times = [factor for word, factor in TIMES if word.search(line.sentence)]
    real = end.value / start.value
    if len(times) == 1 and abs(real - times[0]) > times[0] / 8:
        yield Conflict(kind="arithmetic", figures=(start, end), ratio=_ratio(real, times[0]))


def ends(sentence: str, start: int, figures: Sequence[Figure]) -> tuple[Figure, Figure] | None:
    """The two ends of the change that a sentence (at `start` of its text) tells, in their order."""
    return _from_and_to(_Line(sentence, start, figures))


def _from_and_to(line: _Line) -> tuple[Figure, Figure] | None:
    """The two ends of a change: the only two that are marked so, in one unit."""
    start = end = None
    for figure in line.figures:
        if figure.unit in ("", "x", "pp", "bp") or figure.value_max is not None:
            continue
        before, after = line.before(figure), line.after(figure)
        if figure.value <= 0:
            continue
        if _FROM.search(before) or _FROM_AFTER.match(after):
            if start is not None:
                return None
            start = figure
        elif _TO.search(before) or _TO_AFTER.match(after):
            if end is not None and start is not None and end.unit == start.unit:
                return None
            end = figure
    if start is None or end is None or start.unit != end.unit:
        return None
    return start, end


# --- totals ------------------------------------------------------------------------------------


def _totals(line: _Line) -> Iterator[Conflict]:
    """A total with all its parts beside it. Where anything hints that the parts are not all, or
    that the total is of more than they are, nothing is said."""
    totals = [
        f
        for f in line.figures
        if _TOTAL.search(line.before(f)) or _TOTAL_AFTER.match(line.after(f))
    ]
    if len(totals) != 1 or _OPEN.search(line.sentence):
        return
    total = totals[0]
    parts = [f for f in line.figures if f is not total and _adds(f, total)]
    others = [f for f in line.figures if f is not total and f not in parts and f.unit == total.unit]
    if len(parts) != 2 or others:
        return
    one, other, whole = (units.base(f.value, total.unit)[0] for f in (*parts, total))
    real = one + other
    room = sum(map(step, (*parts, total)), Decimal(0)) / 2
    if any(f.qualifier for f in (*parts, total)):
        room = max(room, whole * SHARE)
    if abs(real - whole) > room and whole / PLAUSIBLE <= real <= whole * PLAUSIBLE:
        yield Conflict(kind="arithmetic", figures=(total, *parts), ratio=_ratio(real, whole))


def _adds(figure: Figure, total: Figure) -> bool:
    """Whether a figure can be a part of a total: in its unit, or a bare number of a count."""
    counted = units.dimension(total.unit) == "count"
    fits = figure.unit == total.unit or (figure.unit == "" and counted)
    plain = figure.value_max is None and not figure.change and figure.qualifier != "vague"
    return fits and plain and figure.per == total.per and figure.value > 0


def _parts(line: _Line) -> Iterator[Conflict]:
    """A part of the number right before it that is larger than the whole."""
    for whole, part in zip(line.figures, line.figures[1:], strict=False):
        if not _PART_LEFT.search(line.before(part)) or whole.unit != part.unit:
            continue
        if whole.unit in ("", "%", "x") or not (_adds(whole, part) and _adds(part, whole)):
            continue
        between = line.sentence[whole.quote.end - line.start : part.quote.start - line.start]
        if re.search(r"[。;；]|\d", between) or whole.qualifier in ("over", "atleast"):
            continue
        if part.value > whole.value * (1 + SHARE):
            ratio = _ratio(part.value, whole.value)
            yield Conflict(kind="arithmetic", figures=(whole, part), ratio=ratio)
