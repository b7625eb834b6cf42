"""Neighbours that are one figure: ranges (10〜15年, $2–3bn) and compounds (154円30銭)."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from bot.facts import Lang
from bot.figures import context, numerals, units
from bot.figures.atoms import ONE, Atom
from bot.figures.patterns import Late
from bot.figures.spelled import parted

_TO = Late(r"\s?(?:~|〜|-|–|—|―|至|到|から|ないし|乃至|と|和|与)\s?|\s(?:to|and|or)\s|-to-|或")


def joined(t: str, atoms: Sequence[Atom], lang: Lang | None) -> list[Atom]:
    """Ranges and compounds made of neighbours."""
    done: list[Atom] = []
    for atom in atoms:
        last = done[-1] if done else None
        if last is not None and (
            both := _compound(t, last, atom) or _over(t, last, atom) or _range(t, last, atom)
        ):
            done[-1] = both
        else:
            done.append(atom)
    return done


_GAP = Late(r"| | and | ?と|又")
_MEASURES = frozenset(["time", "length", "mass", "money"])


def _compound(t: str, last: Atom, atom: Atom) -> Atom | None:
    """154円30銭, 2時間30分, 5 ft 2 in: the smaller unit of the same kind right behind."""
    gap = t[last.end : atom.start]
    dimension = units.dimension(last.unit)
    if last.joined or atom.tentative or not _GAP.fullmatch(gap) or dimension not in _MEASURES:
        return None
    if dimension == "money" and atom.bare:
        return _cents(t, last, atom)
    if dimension == "money":
        small = last.unit == atom.unit and abs(atom.value) < 1 and last.value == int(last.value)
        value = last.value + atom.value
    else:
        one, other = units.base(ONE, last.unit), units.base(atom.value, atom.unit)
        small = one[1] == other[1] and other[0] < one[0]
        value = last.value + other[0] / one[0]
    return replace(last, end=atom.end, value=value, joined=True) if small else None


_CENTS_RIGHT = Late(r"[.?!。]?\s*$|[.?!。]|で(?=す|あ|し)|だ|,? (?:more|less)\b")


def _cents(t: str, last: Atom, atom: Atom) -> Atom | None:
    """15 dollars 50: bare hundredths behind an amount, where the clause ends with them."""
    whole = last.value == int(last.value) and last.scale == 1 and not last.prefix
    if not whole or not 10 <= atom.value < 100 or not _CENTS_RIGHT.match(t, atom.end):
        return None
    return replace(last, end=atom.end, value=last.value + atom.value / 100, joined=True)


_OVER = " over "


def _over(t: str, last: Atom, atom: Atom) -> Atom | None:
    """one over three, where it is all that is said."""
    if t[last.end : atom.start] != _OVER or not (last.bare and atom.bare and atom.value):
        return None
    if t[atom.end :].strip(" .?!"):
        return None
    return parted(last.start, atom.end, last.value / atom.value)


_ABOUT = Late("程度|の間|ほど|くらい|前後")
_RANGE_LEFT = Late("範囲[はが]?|范围[是为]?|範圍[是為]?|range (?:is|of) |between ")
_RANGE_RIGHT = Late("の間|之间|之間|未満|まで")
_BETWEEN_RIGHT = Late("の間|之间|之間")
# Words that make two bounds one range: more than 20 and less than 35, 1000以上1500未満.
_LOW_LEFT = Late(
    r"(?:\b(?:larger|greater|more|higher|bigger|above|over|at least|exceeding)(?: or equal)?(?: to| than){0,2} "
    r"|大于|大於|大于等于|大於等於|大于或等于|高于|高於|不小于|不低于|超过|超過|比)$",
    re.IGNORECASE,
)
_HIGH_GAP = Late(
    r",? (?:and|but) (?:is )?(?:less|smaller|lower|fewer|below|under|at most|no more|not more)"
    r"(?: or equal)?(?: to| than){0,2} "
    r"|(?:大)?[，,、 ]*(?:且|并且?|並且?|而|但|的?同[时時])*(?:小于等于|小於等於|小于或等于|小于|小於|低于|低於|不超过|不超過)",
    re.IGNORECASE,
)
_LOW_GAP = Late(
    r"(?:より(?:大き|多|高)[くい]て?|以上|を?超え?|超[过過])[で]?[、，,]? ?(?:かつ|でかつ)?"
)
_HIGH_RIGHT = Late("より(?:小さ|少な|低)|未[満满滿]|以[下内內]")


def _is_between(t: str, last: Atom, atom: Atom) -> bool:
    """Whether the words around say that two numbers are the ends of a range."""
    left = t[max(0, last.start - 10) : last.start]
    return bool(_RANGE_LEFT.search(left) or _RANGE_RIGHT.match(t, atom.end))


def _range(t: str, last: Atom, atom: Atom) -> Atom | None:
    gap = t[last.end : atom.start]
    if last.joined or last.high is not None or not gap:
        return None
    if _bounds(t, last, atom, gap):
        return replace(_ends(last, atom, last.value), hedge="between")
    if len(gap) > 6 or not _TO.fullmatch(gap) or _two_levels(t, last, atom, gap):
        return None
    low = _low_end(t, last, atom)
    plain = last.bare and atom.bare and not (last.scaled and atom.scaled)
    if low is None or low > atom.value or (plain and not _is_between(t, last, atom)):
        return None
    return None if _a_change(t, last, atom, gap, low) else _ends(last, atom, low)


_BETWEEN_LEFT = Late(r"\bbetween (?:about |roughly )?$", re.IGNORECASE)
_FROM_LEFT = Late(r"(?:\bfrom|从|從|由|自) ?(?:about |约|約)?$", re.IGNORECASE)


def _two_levels(t: str, last: Atom, atom: Atom, gap: str) -> bool:
    """Whether two numbers are only listed (3 and 5), or are where a change begins and ends."""
    link = gap.strip()
    if link in ("と", "和", "与"):
        return not _BETWEEN_RIGHT.match(t, atom.end)
    if link == "and":
        return not _BETWEEN_LEFT.search(t, max(0, last.start - 18), last.start)
    if link in ("to", "から", "到", "至", "or") and _FROM_LEFT.search(
        t, max(0, last.start - 10), last.start
    ):
        return True
    counted = atom.classifier and (last.bare or t.startswith("まで", atom.end))
    between = _is_between(t, last, atom) or counted or _ABOUT.match(t, atom.end)
    return link == "から" and not between


def _low_end(t: str, last: Atom, atom: Atom) -> Decimal | None:
    """The value of the low end, with the magnitude that the high end has for both; None where
    the units do not go together."""
    low, high = last.value, atom.value
    if last.bare and not atom.bare:
        shared = atom.scale if last.scale == 1 else ONE
        low = low * shared if last.value * shared <= high else low
        if not last.scaled and atom.scaled and low * _cjk_scale(atom, t) <= high and shared == 1:
            low = low * _cjk_scale(atom, t)
        return low
    if last.unit != atom.unit and not (last.prefix and atom.bare):
        return None
    shares = last.prefix and last.scale == 1 and atom.scale != 1 and low < high
    return low * atom.scale if shares else low


_TO_LEVEL = Late(r"\s?(?:至|到|から)\s?| to ")


def _a_change(t: str, last: Atom, atom: Atom, gap: str, low: Decimal) -> bool:
    """Whether the words before say that something moved from one number to the other."""
    if not _TO_LEVEL.fullmatch(gap) or units.dimension(atom.unit) == "percent":
        return False
    left = t[max(0, last.start - 24) : last.start]
    moved = context.change(left, "", "", last.unit or atom.unit) is not None
    return moved and atom.value > 3 * low


def _bounds(t: str, last: Atom, atom: Atom, gap: str) -> bool:
    """Whether a lower and an upper bound of the same thing stand together."""
    if last.unit != atom.unit or atom.high is not None or not last.value < atom.value:
        return False
    if _HIGH_GAP.fullmatch(gap):
        return _LOW_LEFT.search(t, max(0, last.start - 32), last.start) is not None
    return bool(_LOW_GAP.fullmatch(gap) and _HIGH_RIGHT.match(t, atom.end))


def _ends(last: Atom, atom: Atom, low: Decimal) -> Atom:
    """The range from `low`, which `last` gives, to `atom`."""
    unit = atom.unit or last.unit
    return replace(
        atom,
        start=last.start,
        core=last.core,
        value=low,
        high=atom.value,
        unit=unit,
        bare=not unit,
        hedge=last.hedge or atom.hedge,
        joined=True,
    )


def _cjk_scale(atom: Atom, t: str) -> Decimal:
    """The magnitude word of a number in CJK writing: 3〜5億 shares it."""
    digits = numerals.digits_at(t, atom.core)
    return atom.value / digits[1] if digits is not None and digits[1] else ONE
