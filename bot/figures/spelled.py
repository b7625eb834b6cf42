"""Numbers in English words, with their units: two dozen people, half a million, a third."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from bot.facts import Lang
from bot.figures import cardinals, numerals, surfaces, things, units
from bot.figures.atoms import ONE, Atom, with_unit
from bot.figures.patterns import Late

Spans = Sequence[tuple[int, int]]  # half-open, in order


def blocked(place: int, spans: Spans, starts: Sequence[int]) -> int | None:
    """Where the span that holds `place` ends; `starts` are the starts of the spans."""
    index = bisect_right(starts, place) - 1
    return spans[index][1] if index >= 0 and place < spans[index][1] else None


def atoms(t: str, lang: Lang | None, spans: Spans, starts: Sequence[int]) -> Iterator[Atom]:
    """Atoms whose number is in English words."""
    at = 0
    for match in cardinals.starts().finditer(t):
        place = match.start()
        if place < at or blocked(place, spans, starts) is not None:
            continue
        atom = _english(t, place, lang)
        if atom is not None:
            yield atom
            at = atom.end


_AND_A_HALF = Late(r"an? (year|month|week|day|hour) and a half\b", re.IGNORECASE)
_HALF_OF = Late(
    r"half an? (hour|minute|day|week|month|year|decade|century|mile|inch|acre)\b", re.IGNORECASE
)
_IN_ALL = Late(r" (?:in|out of) (?:every )?(?=[a-z\d])", re.IGNORECASE)
_NO_PARTS = Late(r" (?:minutes|hours|days|weeks|months|years|countries|cities|places|ways)\b")
_GAP = Late(r" of |-| ")
_PLURAL = Late(r"[ -]((?:[A-Za-z][\w-]* ){0,2}?)([a-z]{3,}s)\b")
_TO = Late(r" ?(?:to|or|over|-|–) ?(?:[a-z]+|\d)")
_MINUS = Late(r"\b(?:minus|negative) $", re.IGNORECASE)
_WHOLE_ONE = frozenset(["money", "length", "mass", "area", "volume"])


def _english(t: str, place: int, lang: Lang | None) -> Atom | None:
    """The quantity that begins with the number word at `place`, the word minus included."""
    atom = _unsigned(t, place, lang)
    sign = _MINUS.search(t, max(0, place - 9), place)
    if atom is None or sign is None:
        return atom
    return replace(atom, start=sign.start(), value=-atom.value, tentative=False)


def _unsigned(t: str, place: int, lang: Lang | None) -> Atom | None:
    if (half := _half(t, place)) is not None:
        return half
    share = cardinals.share_at(t, place)
    if share is not None and not cardinals.of_big(t, place):
        return _share(t, place, *share)
    number = cardinals.cardinal_at(t, place)
    if number is None:
        return None
    if parts := cardinals.parts_at(t, number):
        return parted(place, parts[0], parts[1])
    if not t[:place].strip() and not t[number.end :].strip():
        return Atom(place, number.end, place, number.value, "", bare=True)
    if t[max(0, place - 1) : place] == "-":
        return None
    return one_in(t, number) or _amount(t, place, number, lang)


def _half(t: str, place: int) -> Atom | None:
    """half an hour, a year and a half."""
    for pattern, value in ((_HALF_OF, "0.5"), (_AND_A_HALF, "1.5")):
        if found := pattern.match(t, place):
            return Atom(place, found.end(), place, Decimal(value), found[1].lower())
    return None


def parted(start: int, end: int, value: Decimal) -> Atom:
    """A share (three fifths is 60 %); what is more than the whole is a plain number."""
    if abs(value) > 1:
        return Atom(start, end, start, value, "", bare=True, scaled=True)
    return Atom(start, end, start, value * 100, "%", kind="fraction")


def _amount(t: str, place: int, number: numerals.Number, lang: Lang | None) -> Atom | None:
    """A number in words with its unit, or with the noun that it counts."""
    end = number.end
    gap = _GAP.match(t, end)
    beside = surfaces.latin(t, gap.end() if gap else end, tight=False)
    single = number.value == 1 and not number.scaled
    if beside is not None:
        if (
            beside.unit == "times"
            or t[end : beside.end] == " point"
            or (
                single
                and units.dimension(beside.unit) not in _WHOLE_ONE
                and not t.endswith(" old", 0, beside.end)
            )
        ):
            return None
        return with_unit(place, place, number.value, number, beside, t, lang, scale=ONE)
    atom = Atom(
        place, end, place, number.value, "", hedge=number.hedge, bare=True, scaled=number.scaled
    )
    if number.scaled or (not single and (things.states(t, place, end) or _limited(t, place, end))):
        return atom
    noun = _PLURAL.match(t, end)
    tentative = things.counted(t, end) is None and (noun is None or bool(noun[1]))
    if (single and not _MINUS.search(t, max(0, place - 9), place)) or (
        tentative and not _TO.match(t, end) and not single
    ):
        return None
    return replace(atom, tentative=tentative)


_LIMIT_LEFT = Late(
    r"(?:\b(?:than|under|below|above|equal to|equals)"
    r"|\bbetween(?: (?:minus |negative )?[a-z-]+(?: [a-z-]+)?)?(?: and)?) (?:minus |negative )?$",
    re.IGNORECASE,
)
_LIMIT_RIGHT = Late(r"[.,;)]|$| (?:and|but|or|to)\b")


def _limited(t: str, place: int, end: int) -> bool:
    """Whether a bare number is a bound: no less than thirty, between ten and fifteen."""
    if not _LIMIT_RIGHT.match(t, end):
        return False
    return _LIMIT_LEFT.search(t, max(0, place - 40), place) is not None


def one_in(t: str, number: numerals.Number) -> Atom | None:
    """A share said as one of how many: two in five, 1 in 20, three out of every ten."""
    link = _IN_ALL.match(t, number.end)
    if link is None:
        return None
    whole = cardinals.cardinal_at(t, link.end()) or numerals.cjk_at(t, link.end())
    if whole is None or whole.hedge or whole.value <= number.value or _NO_PARTS.match(t, whole.end):
        return None
    share = number.value / whole.value * 100
    return Atom(number.start, whole.end, number.start, share, "%", kind="fraction")


_NO_HALF_AFTER = Late(
    r"[- ](?:past|time|life|year\b|hour\b|sister|brother|marathon|moon|finished)|-[a-z]|ly\b"
)
_NO_HALF_BEFORE = Late(r"(?:second|first|latter|other|better|and a|previous)\s*$")
_NO_PART_AFTER = Late(
    "[- ](?:quarter|party|time|world|largest|person|generation|biggest|of (?:20|fiscal)"
    "|straight|consecutive)"
)


def _share(t: str, place: int, end: int, percent: Decimal) -> Atom | None:
    """half, a third … as a share, unless it is an hour, a name, or half a million."""
    word = t[place:end].lower()
    after = t[end : end + 12].lower()
    if word == "half" and (
        _NO_HALF_AFTER.match(after) or _NO_HALF_BEFORE.search(t[max(0, place - 12) : place].lower())
    ):
        return None
    if word.endswith(("third", "quarter", "fourth", "fifth")) and _NO_PART_AFTER.match(after):
        return None
    return Atom(place, end, place, percent, "%", kind="fraction")
