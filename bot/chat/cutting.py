"""Runs of text in two: at the best place before a limit, never inside a visible character."""

import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from itertools import accumulate

from bot import text
from bot.model import Runs

JOINER = "\u200d"
_LATE = 0.5  # a sentence may end anywhere in the second half of what fits
_ENDERS = "。！？!?｡.…」』”’)）】》"
_WORD = 64  # characters that one steps back to spare a word or a number


def utf16(words: str) -> int:
    """UTF-16 code units, as Telegram counts.

    >>> utf16("あ📈")
    3
    """
    return len(words) + sum(char > "\uffff" for char in words)


def cut(runs: Runs, limit: int, size: Callable[[str], int] = len) -> tuple[Runs, Runs]:
    """The first runs of at most `limit` by `size` (additive over characters), and the rest: after
    a sentence, else at a blank, else between two words or numbers, else between two visible
    characters. Joined again, the two are the text. Never empty: a first character that does not
    fit goes alone.

    >>> from bot.model import Run
    >>> first, rest = cut((Run(text="上がった。下がった。"),), 7)
    >>> first[0].text, rest[0].text
    ('上がった。', '下がった。')
    """
    words = "".join(run.text for run in runs)
    room = bisect_right(list(accumulate(map(size, words))), limit)
    if room >= len(words):
        return runs, ()
    return _at(runs, _place(words, max(1, room)))


def _place(words: str, limit: int) -> int:
    head = words[:limit]
    earliest = int(limit * _LATE)
    ends = [end for _, end in text.sentences(head) if earliest < end < limit]
    if ends and head[ends[-1] - 1] not in _ENDERS and head[ends[-1]] != "\n":
        ends.pop()  # what is left over at the end of the head is no sentence
    if ends:
        return ends[-1]
    blank = max(head.rfind(" "), head.rfind("\n"))
    if blank >= max(earliest, 1):
        return blank + 1
    for place in range(limit, max(limit - _WORD, 0), -1):
        if _whole(words, place) and not _inside_word(words, place):
            return place
    return next((n for n in range(limit, 0, -1) if _whole(words, n)), limit)


def _whole(words: str, at: int) -> bool:
    """Whether a place is between two visible characters.

    Source: https://www.unicode.org/reports/tr29/ (GB9 marks, GB11 joined emoji, GB12 flags)
    """
    before, after = words[at - 1], words[at]
    if before == JOINER or _extends(after):
        return False
    flags = 0
    while flags < at and _is_flag(words[at - 1 - flags]):
        flags += 1
    return not (flags % 2 and _is_flag(after))


def _extends(char: str) -> bool:
    """A mark, a joiner, a variation selector, a skin tone or a tag of what is before it."""
    return (
        char == JOINER
        or unicodedata.category(char) in ("Mn", "Me", "Mc")
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
        or char in "\uff9e\uff9f"  # half-width voiced marks
    )


def _is_flag(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _inside_word(words: str, at: int) -> bool:
    """Whether a place parts a Latin word or a number such as ``8,192``."""
    before, after = words[at - 1], words[at]
    return _of_word(before) and (_of_word(after) or after in ".,%")


def _of_word(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char in ".,$")


def _at(runs: Runs, place: int) -> tuple[Runs, Runs]:
    first, rest = [], []
    for run in runs:
        if place > 0 and run.text:
            first.append(replace(run, text=run.text[:place]))
        if len(run.text) > max(place, 0):
            rest.append(replace(run, text=run.text[max(place, 0) :]))
        place -= len(run.text)
    return tuple(first), tuple(rest)
