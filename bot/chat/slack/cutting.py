"""Runs of text in two: at the best place before a limit, never inside a visible character."""

import re
from dataclasses import replace

from bot import text
from bot.model import Runs

# What belongs to the character before it: variation selectors, combining marks, skin tones, a
# joiner and what it joins. Source: https://www.unicode.org/reports/tr29/ (GB9, GB11).
_EXTENDS = re.compile("[\u0300-\u036f\u200d\u3099\u309a\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")  # regional indicators come in pairs (GB12)
_LATE = 0.5  # a sentence may end anywhere in the second half of what fits


def cut(runs: Runs, limit: int) -> tuple[Runs, Runs]:
    """The first at most `limit` characters, and the rest. Text that fits leaves no rest; joined
    again, the two are the text. `limit` is at least 1."""
    words = "".join(run.text for run in runs)
    if len(words) <= limit:
        return runs, ()
    return _at(runs, _place(words, limit))


def _place(words: str, limit: int) -> int:
    head = words[:limit]
    earliest = int(limit * _LATE)
    ends = [end for _, end in text.sentences(head) if earliest < end < limit]
    if ends:
        return ends[-1]
    space = max(head.rfind(" "), head.rfind("\n"))
    if space >= earliest:
        return space + 1
    return _whole(words, limit)


def _whole(words: str, at: int) -> int:
    """The last place up to `at` that is between two characters; `at` itself if there is none."""
    place = at
    while place > 1 and not _between(words, place):
        place -= 1
    return place if place > 1 else at


def _between(words: str, at: int) -> bool:
    before, after = words[at - 1], words[at]
    if before == "\u200d" or _EXTENDS.match(after):
        return False
    flags = 0
    while flags < at and _FLAG.match(words[at - 1 - flags]):
        flags += 1
    return not (flags % 2 and _FLAG.match(after))


def _at(runs: Runs, place: int) -> tuple[Runs, Runs]:
    first, rest = [], []
    for run in runs:
        if place > 0:
            first.append(replace(run, text=run.text[:place]))
        if len(run.text) > place:
            rest.append(replace(run, text=run.text[max(place, 0) :]))
        place -= len(run.text)
    return tuple(first), tuple(rest)
