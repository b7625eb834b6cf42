"""Figures as data: the nouns that reading, comparing and checking numbers need, and no more, so
that `bot.figures` starts fast. All others, and these again, are in `bot.model`."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Lang = str  # a BCP 47 tag
LANGS: tuple[Lang, ...] = ("en", "ja", "zh-Hans", "zh-Hant")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A passage of an article: W3C TextPosition and TextQuote selectors in one.
    `exact` equals ``article.text[start:end]``."""

    article_id: str
    start: int
    end: int
    exact: str


Qualifier = Literal["approx", "near", "over", "atleast", "under", "upto", "vague"]
Change = Literal["up", "down"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A quantity that a text states. `value` has the magnitude words worked in (6.3兆 is 6.3e12)
    and is exact; `value_max` is the high end of a range. `unit` is a key of figures.units."""

    id: str
    quote: Quote
    value: Decimal
    value_max: Decimal | None = None
    unit: str = ""
    kind: str = "number"
    measure: str = ""  # what is measured, in the article's own words: "operating profit"
    subject: str = ""  # whose it is: "SoftBank"
    counts: str = ""  # the counted noun where it stands apart from the number: "TPUv4 chips"
    qualifier: Qualifier | None = None  # None means exact
    change: Change | None = None
    per: str | None = None


ConflictKind = Literal["value", "scale", "unit", "arithmetic"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two or three figures that cannot all be right. `ratio` is larger over smaller, at least 1."""

    kind: ConflictKind
    figures: tuple[Figure, ...]
    ratio: Decimal


# --- stories and digests -----------------------------------------------------------------------
