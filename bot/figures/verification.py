"""Whether each number of a sentence is backed by known figures; what is wrong where it is not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from bot.facts import Figure, Lang
from bot.figures import labels, numerals, roles, units
from bot.figures.backing import Backing
from bot.figures.comparison import compare, slip
from bot.figures.extraction import find, read
from bot.figures.mentions import Mention
from bot.figures.patterns import Late
from bot.figures.statements import head, thing

Reason = Literal["absent", "scale", "digit", "unit", "direction", "qualifier", "binding", "mention"]
_SPECIFIC = frozenset(["count", "score"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One number of the sentence. `reason` is None where it is supported, by `known` where that
    is a figure."""

    start: int
    end: int
    exact: str
    supported: bool
    reason: Reason | None = None
    figure: Figure | None = None
    known: Figure | None = None


def verify(
    sentence: str,
    lang: Lang | None,
    known: Sequence[Figure],
    *,
    context: str | Mapping[str, str] = "",
) -> tuple[Verdict, ...]:
    """A verdict for each figure and each mention with digits of a sentence, in order.

    `known` are the figures that may stand behind it, `context` the text they come from (or the
    texts by article). Dates, ordinals and names with digits must stand there in the form of some
    language.
    """
    source = context if isinstance(context, str) else "\n".join(context.values())
    nouns = {k: thing(k, _text_of(k, context)) for k in known}
    found = [f for f in find(sentence, lang) if not _rate_in(f, sentence, known)]
    verdicts = [_judged(f, known, nouns, thing(f, sentence)) for f in found]
    _, mentions = read(numerals.fold(sentence), lang)
    numbered = [m for m in mentions if _has_number(m) and not _EACH_DAY.match(sentence, m.start)]
    if numbered or any(v.reason in _MISSING for v in verdicts):
        backing = Backing(source)
        verdicts = [_backed(v, backing) for v in verdicts]
        verdicts += [_mentioned(m, sentence, backing) for m in numbered]
    verdicts = _exchanged(verdicts, sentence, known, context)
    return tuple(sorted(verdicts, key=lambda v: v.start))


def _text_of(figure: Figure, context: str | Mapping[str, str]) -> str:
    """The text that a known figure stands in, "" where it is not at hand."""
    body = context if isinstance(context, str) else context.get(figure.quote.article_id, "")
    return body if body[figure.quote.start : figure.quote.end] == figure.quote.exact else ""


_EACH_DAY = Late(r"[1１]日(?:当たり|あたり|約|平均|最大|およそ)?[\d数]")  # no date
_EACH_RIGHT = Late(r"\s?(?:当たり|あたり|につき)")
_MISSING = frozenset(["absent", "scale", "digit", "unit"])


def _backed(verdict: Verdict, backing: Backing) -> Verdict:
    """The verdict, or support by words of the source that are no figure there."""
    figure = verdict.figure
    if figure is None or verdict.reason not in _MISSING or not backing.says(figure):
        return verdict
    return _verdict(figure, None)


def _exchanged(
    verdicts: list[Verdict],
    sentence: str,
    known: Sequence[Figure],
    context: str | Mapping[str, str],
) -> list[Verdict]:
    """The verdicts, of which those on numbers that changed places are against the sentence."""
    pairs = [(v.figure, v.known) for v in verdicts if v.supported and v.figure and v.known]
    swapped = roles.swapped(pairs, sentence, known, {k: _text_of(k, context) for _, k in pairs})
    return [
        _verdict(v.figure, "binding", v.known) if v.figure and v.figure in swapped else v
        for v in verdicts
    ]


_ROUND = {Decimal(10**3): "thousand", Decimal(10**6): "million", Decimal(10**9): "billion"}


def _rate_in(figure: Figure, sentence: str, known: Sequence[Figure]) -> bool:
    """Whether a number is the amount that a known rate is for: per million tokens, 每百万token."""
    start, end = figure.quote.start, figure.quote.end
    inner = sentence[:start].endswith(("每", "毎")) or _EACH_RIGHT.match(sentence, end)
    word = _ROUND.get(figure.value)
    return bool(inner and word and any((k.per or "").startswith(word) for k in known))


def _judged(
    figure: Figure, known: Sequence[Figure], nouns: Mapping[Figure, str], noun: str
) -> Verdict:
    close = [k for k in known if _equal(figure, k)]
    if not close:
        return _verdict(figure, _missing(figure, known))
    reasons = [
        ("binding" if _of_other(noun, nouns[k], nouns) else _objection(figure, k, known), k)
        for k in close
    ]
    best = next(((r, k) for r, k in reasons if r is None), reasons[0])
    return _verdict(figure, best[0], best[1])


def _of_other(noun: str, source: str, nouns: Mapping[Figure, str]) -> bool:
    """Whether the number is another thing's: the source gives that thing a number of its own."""
    return bool(noun and source) and noun != source and noun in nouns.values()


def _verdict(figure: Figure, reason: Reason | None, known: Figure | None = None) -> Verdict:
    return Verdict(
        start=figure.quote.start,
        end=figure.quote.end,
        exact=figure.quote.exact,
        supported=reason is None,
        reason=reason,
        figure=figure,
        known=known,
    )


def _equal(one: Figure, other: Figure) -> bool:
    """The same value in comparable units, a rounding that the reader would accept, or one end of
    a range; a number without a unit may be of any."""
    if one.unit == "" and other.unit != "" and one.value_max is None and other.value_max is None:
        return one.value == other.value
    if {one.unit, other.unit} == {"pp", "%"} and abs(one.value) == abs(other.value):
        return bool(one.change) == bool(other.change)
    if _one_counter(one, other) and (one.value, one.value_max) == (other.value, other.value_max):
        return True
    relation = compare(one, other)
    if relation == "same":
        return True
    if relation == "rounded":
        return one.qualifier is not None or _coarser(one, other)
    if other.value_max is not None and one.value_max is None and relation == "different":
        return units.comparable(one.unit, other.unit) and one.value in (
            other.value,
            other.value_max,
        )
    return False


def _one_counter(one: Figure, other: Figure) -> bool:
    """Whether one of two counts is only 台, of which the other says what it is: 12万6,000台."""
    counted = units.dimension(one.unit) == units.dimension(other.unit) == "count"
    return counted and one.unit != other.unit and "device" in (one.unit, other.unit)


def _coarser(one: Figure, other: Figure) -> bool:
    """Whether the sentence only prints fewer digits than the source does."""
    a, b = units.base(one.value, one.unit)[0], units.base(other.value, other.unit)[0]
    digits = len(a.normalize().as_tuple().digits)
    if digits >= len(b.normalize().as_tuple().digits):
        return False
    place = Decimal(1).scaleb(b.adjusted() - digits + 1)
    return (b / place).to_integral_value() * place == a


def _missing(figure: Figure, known: Sequence[Figure]) -> Reason:
    """What a number that no known figure equals most likely is."""
    alike = [k for k in known if units.comparable(figure.unit, k.unit)]
    if any(k.value == figure.value and k.unit not in ("", figure.unit) for k in known):
        return "unit"
    if any(slip(figure.value, k.value) for k in known):
        return "scale"
    if any(_one_digit_off(figure.value, k.value) for k in alike):
        return "digit"
    return "absent"


def _one_digit_off(a: Decimal, b: Decimal) -> bool:
    one, other = a.normalize().as_tuple(), b.normalize().as_tuple()
    if len(one.digits) != len(other.digits) or a.adjusted() != b.adjusted():
        return False
    return sum(x != y for x, y in zip(one.digits, other.digits, strict=True)) in (1, 2)


def _objection(figure: Figure, known: Figure, all_known: Sequence[Figure]) -> Reason | None:
    """What speaks against a figure whose value is right."""
    if figure.change and known.change and figure.change != known.change:
        return "direction"
    if figure.per and known.per and _size(figure.per) != _size(known.per):
        return "scale"
    if {figure.per, known.per} <= _TIMES and figure.per != known.per:
        return "unit"
    if _other_role(figure, known, all_known):
        return "binding"
    if known.qualifier in ("approx", "near", "over", "atleast", "under", "upto") and (
        figure.qualifier is None and figure.value == known.value and known.qualifier != "atleast"
    ):
        return "qualifier" if _drops(known) else None
    if {figure.qualifier, known.qualifier} in (
        {"over", "under"},
        {"atleast", "upto"},
        {"over", "upto"},
    ):
        return "qualifier"
    return None


_TIMES = frozenset(["hour", "day", "week", "month", "year"])


def _size(per: str) -> str:
    """The magnitude of what a rate is for: million of per million tokens."""
    return per.partition(" ")[0] if " " in per else ""


def _drops(known: Figure) -> bool:
    return known.qualifier in ("approx", "near", "under", "upto")


def _one_unit(one: Figure, other: Figure) -> bool:
    return one.unit == other.unit or (one.unit == "" and units.dimension(other.unit) == "count")


# What money is spent on goes by several names: a cost of 45 billion yen is 投資額450億円.
_SPENT = frozenset(["cost", "investment", "price", "purchase", "budget", "funding", "fee"])


def _other_role(figure: Figure, known: Figure, all_known: Sequence[Figure]) -> bool:
    """Whether the number is given to another thing: the source gives that thing another number."""
    if figure.change != known.change and _one_unit(figure, known):
        rivals = [k for k in all_known if _one_unit(figure, k) and k.change == figure.change]
        if rivals and figure.change and all(k.value != figure.value for k in rivals):
            return True
    noun, source = head(figure.counts), head(known.counts)
    if noun and source and noun.isascii() == source.isascii() and noun != source:
        named = {w for w in noun.split() if any(c.isdigit() for c in w)}
        other = {w for w in source.split() if any(c.isdigit() for c in w)}
        if named and other and named != other:
            return True
    a, b = labels.key(figure.measure), labels.key(known.measure)
    if {a, b} <= _SPENT:
        return False
    if a and b and a != b and figure.unit == known.unit and units.dimension(figure.unit) != "count":
        rivals = [k for k in all_known if labels.key(k.measure) == a and k.unit == figure.unit]
        return bool(rivals) and all(k.value != figure.value for k in rivals)
    return False


# --- mentions ----------------------------------------------------------------------------------


def _has_number(mention: Mention) -> bool:
    return any(c.isdigit() for c in mention.value) and mention.kind != "identifier"


def _mentioned(mention: Mention, sentence: str, backing: Backing) -> Verdict:
    supported = backing.has(mention)
    return Verdict(
        start=mention.start,
        end=mention.end,
        exact=sentence[mention.start : mention.end],
        supported=supported,
        reason=None if supported else "mention",
    )
