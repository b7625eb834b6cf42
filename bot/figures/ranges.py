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

_TO = Late(r"\s?(?:~|〜|-|–|—|―|至|到|から|ないし|乃至)\s?|\s(?:to|and|or)\s|-to-|或")
_AND = Late(r"\sand\s")


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
    if dimension == "money":
        small = last.unit == atom.unit and abs(atom.value) < 1 and last.value == int(last.value)
        value = last.value + atom.value
    else:
        one, other = units.base(ONE, last.unit), units.base(atom.value, atom.unit)
        small = one[1] == other[1] and other[0] < one[0]
        value = last.value + other[0] / one[0]
    return replace(last, end=atom.end, value=value, joined=True) if small else None


_OVER = " over "


def _over(t: str, last: Atom, atom: Atom) -> Atom | None:
    """one over three, where it is all that is said."""
    if t[last.end : atom.start] != _OVER or not (last.bare and atom.bare and atom.value):
        return None
    if t[atom.end :].strip(" .?!"):
        return None
    return parted(last.start, atom.end, last.value / atom.value)


_ABOUT = Late("程度|の間|ほど|くらい|前後")
_RANGE_LEFT = Late("範囲は?|范围是?|範圍是?|range is |between ")
_RANGE_RIGHT = Late("の間|之间|之間|未満|まで")


def _is_between(t: str, last: Atom, atom: Atom) -> bool:
    """Whether the words around say that two numbers are the ends of a range."""
    left = t[max(0, last.start - 10) : last.start]
    return bool(_RANGE_LEFT.search(left) or _RANGE_RIGHT.match(t, atom.end))


def _range(t: str, last: Atom, atom: Atom) -> Atom | None:
    gap = t[last.end : atom.start]
    if last.joined or last.high is not None or not gap or len(gap) > 6 or not _TO.fullmatch(gap):
        return None
    low, high = last.value, atom.value
    if _AND.fullmatch(gap) and not re.search(
        r"\bbetween (?:about |roughly )?$", t[max(0, last.start - 18) : last.start], re.IGNORECASE
    ):
        return None
    if gap.strip() in ("to", "から", "到", "至", "or") and re.search(
        r"(?:\bfrom|从|從|由|自) ?(?:about |约|約)?$",
        t[max(0, last.start - 10) : last.start],
        re.IGNORECASE,
    ):
        return None
    between = _is_between(t, last, atom)
    counted = last.bare and atom.classifier
    if gap.strip() == "から" and not (between or counted or _ABOUT.match(t, atom.end)):
        return None
    if last.bare and not atom.bare:
        shared = atom.scale if last.scale == 1 else ONE
        low = low * shared if last.value * shared <= high else low
        if not last.scaled and atom.scaled and low * _cjk_scale(atom, t) <= high and shared == 1:
            low = low * _cjk_scale(atom, t)
    elif last.unit != atom.unit and not (last.prefix and atom.bare):
        return None
    elif last.prefix and last.scale == 1 and atom.scale != 1 and low < high:
        low = low * atom.scale
    plain = last.bare and atom.bare and not (last.scaled and atom.scaled)
    if low > high or (plain and not between):
        return None
    if re.fullmatch(r"\s?(?:至|到|から)\s?| to ", gap) and units.dimension(atom.unit) != "percent":
        left = t[max(0, last.start - 24) : last.start]
        if high > 3 * low and context.change(left, "", "", last.unit or atom.unit) is not None:
            return None
    unit = atom.unit or last.unit
    return replace(
        atom,
        start=last.start,
        core=last.core,
        value=low,
        high=high,
        unit=unit,
        bare=not unit,
        hedge=last.hedge or atom.hedge,
        joined=True,
    )


def _cjk_scale(atom: Atom, t: str) -> Decimal:
    """The magnitude word of a number in CJK writing: 3〜5億 shares it."""
    digits = numerals.digits_at(t, atom.core)
    return atom.value / digits[1] if digits is not None and digits[1] else ONE
