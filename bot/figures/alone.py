"""A text that is one number and nothing else, as people type it and as tables hold it: its parts may
have blanks between them, and nothing around it has to say that it is a quantity."""

import re
from dataclasses import replace
from decimal import Decimal

from bot.facts import Lang
from bot.figures import cardinals, lexicon, numerals, quantities
from bot.figures.atoms import Atom
from bot.figures.patterns import Late
from bot.figures.spelled import parted

_KANJI = "〇零一二三四五六七八九十百千万萬億亿兆京两兩"
_WHOLE = Late(
    r"\s*(?P<sign>(?:-|minus|negative|マイナス|負|负)?) ?"
    rf"(?P<body>[\d.{_KANJI}](?:[\d,.{_KANJI}点點 ]{{0,60}}[\d{_KANJI}])?)"
    r"(?P<letter> {0,2}[kKMGBbT])?\s*"
)
_WHOLE_SLASH = Late(
    r"\s*(?P<sign>-?) ?(?:(?P<n>\d{1,4}) {1,2})?(?P<a>\d[\d,.]{0,9})/(?P<b>[1-9]\d{0,5})\s*"
)
_SPACED = Late(
    rf"[\d.{_KANJI}陆陸点點分之个個百折成又负負kK ]{{1,60}} [{_KANJI}点點分之折成\d kK]{{1,20}}"
)
LONGEST = 80  # characters of a text that may be one number and nothing else


def read(t: str, lang: Lang | None) -> Atom | None:
    """The number that a short text is nothing else than, blanks between its parts allowed."""
    if len(t) > LONGEST or ", " in t:
        return None
    if _SPACED.fullmatch(t) and (spaced := _squeezed(t, lang)) is not None:
        return spaced
    found = _WHOLE.fullmatch(t)
    if found is None:
        return _whole_fraction(t)
    body = found["body"].replace(" ", "")
    number = numerals.cjk_at(body, 0, lang)
    if number is None or number.end != len(body) or body[0] in "万萬億亿兆京":
        return None
    letter = (found["letter"] or "").strip()
    factor = Decimal(10**9 if letter == "G" else lexicon.ENGLISH_SUFFIXES.get(letter, 1))
    value = number.value * factor * (-1 if found["sign"] else 1)
    start = found.start("sign") if found["sign"] else found.start("body")
    high = None if number.high is None else number.high * factor
    end = found.end("letter") if letter else found.end("body")
    return Atom(start, end, found.start("body"), value, "", high, bare=True)


def _squeezed(t: str, lang: Lang | None) -> Atom | None:
    """A share or a fraction whose words were set apart, as by a tokenizer: 百 分 之 五, 九 九 折."""
    tight = numerals.fold(re.sub(" +", "", t))
    places = (0, 3) if tight.startswith(tuple(quantities.PERCENTS)) else (0,)
    for place in places:
        atom = quantities.at(tight, place, lang, [])
        if isinstance(atom, Atom) and (atom.start, atom.end) == (0, len(tight)):
            start, end = len(t) - len(t.lstrip()), len(t.rstrip())
            return replace(atom, start=start, end=end, core=start)
    return None


def _whole_fraction(t: str) -> Atom | None:
    """3/4, - 1 4/5, one over three."""
    found = _WHOLE_SLASH.fullmatch(t)
    if found is None:
        start = len(t) - len(t.lstrip())
        above, _, below = t.strip().partition(" over ")
        top, bottom = (_whole_number(side) for side in (above, below))
        if top is None or not bottom:
            return None
        return parted(start, start + len(t.strip()), top / bottom)
    bottom = Decimal(found["b"])
    top = Decimal(found["n"] or 0) * bottom + Decimal(found["a"].replace(",", ""))
    return quantities.parts(
        found.start("sign"), found.end("b"), -top if found["sign"] else top, bottom
    )


def _whole_number(t: str) -> Decimal | None:
    number = cardinals.cardinal_at(t, 0) or (numerals.cjk_at(t, 0) if t else None)
    return number.value if number is not None and number.end == len(t) else None
