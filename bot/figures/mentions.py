"""What has digits or number words but is no figure: dates, times, periods, ordinals, names.

A mention's `value` is a key that is equal for the same thing in any language: 7月29日, July 29 and
29 July are all ``date:07-29``; 第2四半期, Q2 and second quarter are ``period:q2``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from bot.figures.forms import RULES, Kind, Reader, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A half-open span of the text that must not be read as a quantity."""

    kind: Kind
    start: int
    end: int
    exact: str
    value: str


_GROUPS: dict[tuple[str, ...], list[Rule]] = {}  # rules by what a text must have for them
for _rule in RULES:
    _GROUPS.setdefault(_rule.needs, []).append(_rule)
_compiled = cache(re.compile)  # when a text first needs it: most runs need few


def scan(t: str) -> list[Mention]:
    """The mentions of a folded text (see numerals.fold), in order, none overlapping another.

    Names with digits (TPUv4, iPhone 16) come from the scan for figures, which must tell the two
    apart anyway."""
    found: list[Mention] = []
    low = t.lower()
    for needs, rules in _GROUPS.items():
        for need in needs:
            if need in low:
                found += _found(rules, t)
                break
    return list(_apart(found))


def _found(rules: Sequence[Rule], t: str) -> Iterator[Mention]:
    for kind, pattern, reader, _ in rules:
        for m in _compiled(pattern).finditer(t):
            if (value := _read(reader, m)) is not None:
                yield Mention(kind=kind, start=m.start(), end=m.end(), exact=m[0], value=value)


def _read(reader: Reader, m: "re.Match[str]") -> str | None:
    """The key of a match; None where its numbers are out of bounds (month 13)."""
    try:
        value = reader(m)
    except (ValueError, ArithmeticError, KeyError):
        return None
    if value.startswith("date:"):
        month, day = (m.groupdict().get(k) for k in ("m", "d"))
        if month and month.isdecimal() and not 1 <= int(month) <= 12:
            return None
        if day and day.isdecimal() and not 1 <= int(day) <= 31:
            return None
    return value


def _apart(found: list[Mention]) -> Iterator[Mention]:
    """Of overlapping mentions the earlier and longer one."""
    edge = 0
    for mention in sorted(found, key=lambda m: (m.start, -m.end)):
        if mention.start >= edge:
            yield mention
            edge = mention.end
