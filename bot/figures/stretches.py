"""The first nine months of a year, which each language counts in its own way: a period like a
quarter, and no figure."""

import re

from bot.figures.mentions import Mention
from bot.figures.patterns import Late

_NINE_MONTHS = Late(
    r"\bfirst (?:three|3) quarters\b|\bfirst (?:nine|9) months\b|前[三3][个個]?季度?|前[九9][个個]月"
    r"|(?<![\d.,年])1月?\s?[~\-–—至到]\s?9月期?",
    re.IGNORECASE,
)
_NEEDS = ("quarters", "months", "季", "个月", "個月", "9月")  # so that it costs most texts nothing


def scan(t: str) -> list[Mention]:
    """The nine-month periods of a folded text: 1〜9月期, 前三季度, the first three quarters."""
    if not any(need in t for need in _NEEDS):
        return []
    return [
        Mention(kind="period", start=m.start(), end=m.end(), exact=m[0], value="period:9m")
        for m in _NINE_MONTHS.finditer(t)
    ]
