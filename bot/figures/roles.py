"""Numbers that changed places: each is in the source, and is another thing's there."""

from collections.abc import Mapping, Sequence
from itertools import combinations

from bot.facts import Figure
from bot.figures import labels, sums

Pair = tuple[Figure, Figure]  # a figure of the sentence, the known one that it equals


def swapped(
    pairs: Sequence[Pair], sentence: str, known: Sequence[Figure], texts: Mapping[Figure, str]
) -> set[Figure]:
    """The figures of a sentence of which two stand for each other's measure, or the two ends of a
    change in the wrong order. `texts` are those of the known figures."""
    found = set()
    for (one, its), (other, whose) in combinations(pairs, 2):
        if _crossed(one, its, other, whose):
            found |= {one, other}
    return found | _reversed(pairs, sentence, known, texts)


def _crossed(one: Figure, its: Figure, other: Figure, whose: Figure) -> bool:
    a, b, c, d = (labels.key(f.measure) for f in (one, its, other, whose))
    return bool(a and c) and a != c and a == d and c == b and its.value != whose.value


def _reversed(
    pairs: Sequence[Pair], sentence: str, known: Sequence[Figure], texts: Mapping[Figure, str]
) -> set[Figure]:
    """The ends of a change that the source tells the other way round."""
    told = sums.ends(sentence, 0, [one for one, _ in pairs])
    if told is None:
        return set()
    by = dict(pairs)
    start, end = (by[figure] for figure in told)
    there = _told_in(texts[start], start, known)
    return set(told) if there is not None and (end, start) == there else set()


def _told_in(body: str, figure: Figure, known: Sequence[Figure]) -> tuple[Figure, Figure] | None:
    from bot import text as words

    start, end = words.sentence_at(words.sentences(body), figure.quote.start) or (0, 0)
    inside = [k for k in known if start <= k.quote.start < end]
    return sums.ends(body[start:end], start, inside)
