"""Numbers in English words, and shares: twenty-five, half a million, tens of thousands, a third."""

import re
from decimal import Decimal

from bot.figures.lexicon import ENGLISH_ONES, ENGLISH_SCALES, ENGLISH_TENS, FRACTIONS
from bot.figures.numerals import Number
from bot.figures.patterns import Late

_BIG = "hundred|thousand|million|billion|trillion|quadrillion"
_LARGE = "thousand|million|billion|trillion|quadrillion"
_VAGUE = Late(
    rf"(?:(?:tens|dozens|hundreds|scores)(?: of (?:thousands|millions|billions|trillions))?|"
    rf"(?:thousands|millions|billions|trillions))\b|"
    rf"(?:several|a few|few|a couple(?: of)?|some)[ -](?:dozen|{_BIG})(?:[ -](?:{_BIG}))?\b",
    re.IGNORECASE,
)
_PART_OF_BIG = Late(
    rf"(?P<part>an? half|half|an? quarter|quarter|three quarters)[ -](?:an? {{1,2}}|of an? )?"
    rf"(?P<big>{_BIG}|dozen)\b",
    re.IGNORECASE,
)
_SMALL = "hundredth|thousandth|millionth|billionth|trillionth"
_BOTTOMS = f"half|halve|third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth|{_SMALL}"
_TOPS = "an?|one|two|three|four|five|six|seven|eight|nine"
_FRACTION = Late(rf"(?P<top>{_TOPS})[ -](?P<bottom>{_BOTTOMS})s?\b|\bhalf\b", re.IGNORECASE)
_PARTS = Late(rf"[ -](third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth|{_SMALL})s\b")
_AND_PARTS = Late(rf" and (?P<top>[a-z]+(?:-[a-z]+)?) (?P<bottom>{_SMALL})s\b", re.IGNORECASE)
_AND_PART = Late(rf" and (?P<top>{_TOPS})[ -](?P<bottom>{_BOTTOMS})s?\b", re.IGNORECASE)
_POINT = Late(r" point(?=[ ])", re.IGNORECASE)
_NEXT = Late(r"(?P<gap> {1,2}and {1,2}| {1,3}|-| - )(?P<word>[A-Za-z]+)\b")
_BEHIND = Late(rf" ({_LARGE})\b", re.IGNORECASE)
_WORD = Late(r"[A-Za-z]+")
_STARTS = Late(
    r"\b(?:an?(?=[ -](?:dozen|hundred|thousand|million|billion|trillion|few|couple|half"
    "|third|quarter"
    rf"|fifth|sixth|seventh|eighth|ninth|tenth|{_SMALL}|year|month|week|day|hour)s?\b)"
    "|zero|nought|naught|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
    "|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|half|hundred(?= (?:thousand|million|billion))|quarter(?= (?:million|billion))|tens|dozens|hundreds|thousands|millions|billions"
    r"|trillions|several|few|scores(?= of))\b",
    re.IGNORECASE,
)
_SMALLEST = {"tens": 10, "scores": 20, "dozens": 12, "hundreds": 100, "couple": 2}
_ARTICLES = ("a", "an")


def starts() -> Late:
    """The pattern of words that a number in English words can begin with."""
    return _STARTS


def cardinal_at(t: str, at: int) -> Number | None:
    """A number in English words at `at`: twenty-five, half a million, tens of thousands."""
    if vague := _VAGUE.match(t, at):
        return Number(
            at, vague.end(), _smallest(vague[0].lower()), hedge="vague", digits=False, scaled=True
        )
    if part := _PART_OF_BIG.match(t, at):
        share = {"h": Decimal("0.5"), "t": Decimal("0.75"), "q": Decimal("0.25")}
        word = part["part"].lower().removeprefix("an ").removeprefix("a ")
        value = share[word[0]] * ENGLISH_SCALES[part["big"].lower()]
        return Number(at, part.end(), value.normalize(), digits=False, scaled=True)
    found = _cardinal(t, at)
    if found is None:
        return None
    return _with_decimals(t, found) or with_part(t, found)


def _smallest(words: str) -> Decimal:
    value = Decimal(1)
    for word in re.split(r"[ -]", words):
        known = _SMALLEST.get(word) or ENGLISH_SCALES.get(word.removesuffix("s"))
        value *= known or 1
    return value


class _Sum:
    """A cardinal while its words come in; each word must be smaller than what it adds to."""

    def __init__(self) -> None:
        self.total = self.group = 0
        self.room = 1000  # what the next small word must stay below
        self.limit = 10**18  # what the next magnitude must stay below
        self.scaled = False

    def takes(self, word: str) -> bool:
        """Add a word; False where it cannot continue the number."""
        if word in ENGLISH_SCALES:
            return self._magnitude(word)
        value = ENGLISH_ONES.get(word, ENGLISH_TENS.get(word))
        if value is None or value >= self.room or (value == 0 and self.group + self.total):
            return False
        self.group += value
        self.room = 10 if word in ENGLISH_TENS else 0
        return True

    def _magnitude(self, word: str) -> bool:
        factor = ENGLISH_SCALES[word]
        if word in ("hundred", "dozen"):
            if self.group >= 100 or (self.scaled and not self.group):
                return False
            self.group, self.room = max(self.group, 1) * factor, 100
        elif word == "crore" and self.total and self.limit == ENGLISH_SCALES["lakh"]:
            self.total *= factor  # a lakh crore is a trillion
            self.limit, self.room = 1, 0
        elif factor >= self.limit or (self.scaled and not self.group):
            return False
        else:
            self.total += max(self.group, 1) * factor
            self.group, self.limit, self.room = 0, factor, 1000
        self.scaled = True
        return True


def _cardinal(t: str, at: int) -> Number | None:
    word = _WORD.match(t, at)
    if word is None:
        return None
    summed, end = _Sum(), word.end()
    first = word[0].lower()
    if first in _ARTICLES:
        follows = _NEXT.match(t, end)
        if follows is None or follows["word"].lower() not in ENGLISH_SCALES:
            return None
    elif not summed.takes(first) or (first in ENGLISH_SCALES and not _BEHIND.match(t, end)):
        return None
    while (following := _NEXT.match(t, end)) is not None:
        name = following["word"].lower()
        joined_by_and = following["gap"].strip() == "and"
        if joined_by_and and (not summed.scaled or _AND_PART.match(t, end)):
            break
        if name.endswith("s") and name != "dozens":
            break
        if not summed.takes(name.removesuffix("s") if name == "dozens" else name):
            break
        end = following.end()
    value = Decimal(summed.total + summed.group)
    return Number(at, end, value, digits=False, scaled=summed.scaled)


def _with_decimals(t: str, number: Number) -> Number | None:
    """two hundred point zero three."""
    point = _POINT.match(t, number.end)
    if point is None:
        return None
    decimals, end = "", point.end()
    while (following := _NEXT.match(t, end)) is not None and following["gap"].strip() != "and":
        name = following["word"].lower()
        value = ENGLISH_ONES.get(name, ENGLISH_TENS.get(name))
        if value is None:
            break
        tens = following["gap"] == "-" and decimals.endswith("0")
        decimals = f"{decimals[:-1]}{value}" if tens else f"{decimals}{value}"
        end = following.end()
    if not decimals:
        return None
    exact = number.value + Decimal(f"0.{decimals}")
    return _times_big(t, number._replace(end=end, value=exact, scaled=True))


def _times_big(t: str, number: Number) -> Number:
    """The number times the magnitude behind it: two point five million."""
    big = _BEHIND.match(t, number.end)
    if big is None:
        return number
    value = number.value * ENGLISH_SCALES[big[1].lower()]
    return number._replace(end=big.end(), value=value, scaled=True)


def with_part(t: str, number: Number) -> Number:
    """two and a half, five and three quarters, three million and a half (of a million)."""
    part = _AND_PART.match(t, number.end)
    if part is None:
        return number
    more = _fraction(part["top"], part["bottom"])
    unit = next((10**n for n in (12, 9, 6) if number.value % 10**n == 0), 1) if number.value else 1
    number = number._replace(end=part.end(), value=number.value + more * unit, scaled=True)
    return number if unit > 1 else _times_big(t, number)


def _fraction(top: str, bottom: str) -> Decimal:
    above = 1 if top.lower() in _ARTICLES else ENGLISH_ONES[top.lower()]
    return Decimal(above) * FRACTIONS[bottom.lower()]


def of_big(t: str, at: int) -> bool:
    """Whether half or a quarter stands before a magnitude: half a million is a number."""
    return _PART_OF_BIG.match(t, at) is not None


def share_at(t: str, at: int) -> tuple[int, Decimal] | None:
    """A share in English words at `at`, as percent: half, a third, two-thirds, one-tenth."""
    found = _FRACTION.match(t, at)
    if found is None:
        return None
    if found["top"] is None:
        return found.end(), Decimal(50)
    return found.end(), _fraction(found["top"], found["bottom"]) * 100


def parts_at(t: str, number: Number) -> tuple[int, Decimal] | None:
    """The value of a number of parts: twenty-three fifths; its end."""
    parts = _PARTS.match(t, number.end)
    return None if parts is None else (parts.end(), number.value * FRACTIONS[parts[1]])
