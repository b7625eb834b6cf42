"""Which figure of a sentence a question asks for: of the right kind, beside the words asked."""

import re

from bot import text
from bot.model import Figure
from bot.qa import concepts
from bot.qa.questions import Asked, Term
from bot.qa.support import Passage

KIND = 2.0  # weight of the kind of figure
MOVED = 1.2  # against an amount of change where none is asked for, for it where one is
FOCUS = 2.0  # weight of what is counted or measured, against the other words
FARTHER = 0.7  # worth of a word that stands closer to another figure
NEAR = 8  # characters over which closeness halves
CLAUSE = 24  # characters that a comma counts for
_CHANGES = frozenset(["growth", "fall", "raise up", "more than last year"])
_BREAK = re.compile(r"[、，,;；。]|\band\b|\bwhile\b")


def figure(asked: Asked, passage: Passage) -> Figure | None:
    """The figure of `passage` that answers; None where no quantity is asked or no figure fits."""
    fitting = [f for f in passage.figures if asked.fits(f) > 0]
    if asked.kind != "quantity" or not fitting:
        return None
    near = dict.fromkeys(fitting, 0.0)
    for term in asked.terms:
        if not term.proper:
            weight = term.weight * (FOCUS if term.focus else 1.0)
            close = {f: _closeness(term, f, passage) for f in fitting}
            for of, closeness in close.items():
                own = closeness >= max(close.values()) or _counts(of, term)
                near[of] += weight * closeness * (1.0 if own else FARTHER)
    return max(fitting, key=lambda f: (_worth(f, asked) + near[f], -f.quote.start))


def _worth(of: Figure, asked: Asked) -> float:
    moved = of.change is not None or of.unit == "pp"
    change = MOVED if asked.concepts & _CHANGES else -MOVED
    return KIND * asked.fits(of) + (change if moved else 0.0)


def _counts(of: Figure, term: Term) -> bool:
    """Whether a figure is said to count what a term names."""
    return bool(concepts.found(of.counts) & term.concepts)


def _closeness(term: Term, of: Figure, passage: Passage) -> float:
    """1 where the term stands beside the figure, less the farther; 0 where it does not stand."""
    start = of.quote.start - passage.quote.start
    left = len(text.fold(passage.quote.exact[:start]))
    right = left + len(text.fold(of.quote.exact))
    best = 0.0
    for a, b in _places(term, passage.folded):
        between = passage.folded[b:left] if b <= left else passage.folded[right:a]
        gap = len(between.strip()) + CLAUSE * len(_BREAK.findall(between))
        best = max(best, NEAR / (NEAR + gap))
    return best


def _places(term: Term, folded: str) -> list[tuple[int, int]]:
    found = [(a, b) for a, b, keys in concepts.spans(folded) if keys & term.concepts]
    return found or [m.span() for m in re.finditer(re.escape(term.surface), folded)]
