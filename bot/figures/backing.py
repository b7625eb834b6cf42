"""What a source text says besides its figures: the dates, ordinals, names, number words and multiples
that a sentence may repeat in another language."""

import re

from bot.facts import Figure
from bot.figures import numerals, units
from bot.figures.extraction import read
from bot.figures.mentions import Mention
from bot.figures.sums import TIMES

YEAR = 4  # digits
_SMALL = "zero one two three four five six seven eight nine ten eleven twelve".split()
_ORDERED = ("ordinal", "period")


class Backing:
    """What a source mentions, by key, and its bare numbers."""

    def __init__(self, source: str) -> None:
        folded = numerals.fold(source)
        atoms, mentions = read(folded, None)
        self.keys = {m.value for m in mentions}
        self.flat = re.sub(r"[\s-]+", "", folded).lower()
        self.numbers = set(re.findall(r"\d+", folded)) | {f"{a.value.normalize():f}" for a in atoms}
        self.numbers |= {str(int(n)) for n in self.numbers if n.isdecimal()}
        self.text = source
        self.ranks = {str(int(n)) for k in self.keys if k.startswith(_ORDERED) for n in _digits(k)}
        self.days = {str(int(_digits(k)[-1])) for k in self.keys if k[:5] == "date:" and _digits(k)}
        self.ranks |= {f"{a.value.normalize():f}" for a in atoms if _plain(a.unit)}

    def has(self, mention: Mention) -> bool:
        kind, _, rest = mention.value.partition(":")
        if mention.value in self.keys or (kind == "name" and rest in self.flat):
            return True
        if kind == "date":
            if rest in self.numbers and len(rest) == YEAR:
                return True
            return any(
                _same_day(rest, k.removeprefix("date:")) for k in self.keys if k.startswith("date:")
            )
        if kind == "name":
            return rest.strip("-.+&s'") in self.flat
        if rest.startswith("q") and any(k.startswith("period:q") for k in self.keys):
            return False
        parts = [str(int(p)) for p in _digits(rest)]
        known = self.numbers if kind == "period" else self.ranks
        if mention.exact[0].isdecimal():  # on the 31st
            known = known | self.days
        return bool(parts) and kind in _ORDERED and all(p in known for p in parts)

    def says(self, figure: Figure) -> bool:
        """Whether the text has a number in words that are no figures there: doubled for 2x, and
        three of 14 plants for 3 plants."""
        if figure.unit == "x" and figure.value_max is None:
            return any(word.search(self.text) for word, factor in TIMES if factor == figure.value)
        counted = units.dimension(figure.unit) in ("count", "number") and not figure.change
        small = figure.value == figure.value.to_integral_value() and 1 < figure.value < len(_SMALL)
        if not (counted and small and figure.value_max is None):
            return False
        word = _SMALL[int(figure.value)]
        return (
            re.search(rf"\b(?:{word}|{figure.value:f}) (?:of|out of)\b", self.text, re.IGNORECASE)
            is not None
        )


def _same_day(one: str, other: str) -> bool:
    """Whether a date says no more than another: 07-29 of 2024-07-29, 2024 of 2024-07."""
    a, b = one.split("-"), other.split("-")
    short, long = sorted((a, b), key=len)
    return any(long[i : i + len(short)] == short for i in range(len(long) - len(short) + 1))


def _digits(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def _plain(unit: str) -> bool:
    return unit == "" or units.dimension(unit) in ("count", "time")
