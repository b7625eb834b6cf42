"""Japanese numbers in hiragana, as in news for children and learners: にまんごせん is 25,000."""

from collections.abc import Iterator
from decimal import Decimal

from bot.facts import Lang
from bot.figures import surfaces
from bot.figures.atoms import ONE, Atom, with_unit
from bot.figures.numerals import Number
from bot.figures.patterns import Late

_ONES = {
    "れい": 0, "ぜろ": 0, "いち": 1, "いっ": 1, "に": 2, "さん": 3, "よん": 4, "し": 4, "ご": 5,
    "ろく": 6, "ろっ": 6, "なな": 7, "しち": 7, "はち": 8, "はっ": 8, "きゅう": 9, "く": 9,
}  # fmt: skip
_TENS = {"じゅう": 10, "ひゃく": 100, "びゃく": 100, "ぴゃく": 100, "せん": 1000, "ぜん": 1000}
_MYRIADS = {"まん": 10**4, "おく": 10**8, "ちょう": 10**12}
_WORDS = "|".join(sorted([*_ONES, *_TENS, *_MYRIADS], key=lambda word: -len(word)))
_WORD = Late(_WORDS)
# Two such words alone may be another word (しせん, せんご), but for those whose sound changed.
_FREE = Late(
    rf"(?<![ぁ-ん])(?:(?:{_WORDS}){{3,24}}+|(?:さん|ろっ|はっ|いっ)(?:[びぴ]ゃく|[せぜ]ん))"
    rf"(?![ぁ-ん])|(?<![ぁ-ん])(?:{_WORDS}){{1,24}}+(?= ?(?:ドル|どる|円|えん|ユーロ|パーセント|%))"
)
_HINT = Late(
    "じゅう|[ひびぴ]ゃく|[せぜ]ん|まん|[いにんごくちなう] ?(?:ドル|どる|円|えん|ユーロ|パ|%)"
)


def atoms(t: str, lang: Lang | None) -> Iterator[Atom]:
    """Atoms whose number is in hiragana."""
    if lang not in (None, "ja") or _HINT.search(t) is None:
        return
    for found in _FREE.finditer(t):
        number = number_of(found[0], found.start())
        if number is not None:
            end = number.end + t.startswith(" ", number.end)
            beside = surfaces.cjk(t, end, lang)
            yield with_unit(
                number.start, number.start, number.value, number, beside, t, lang, scale=ONE
            )


def number_of(words: str, at: int) -> Number | None:
    """The value of number words that stand at `at`; None where they make no number (にし)."""
    total = group = digit = 0
    room, limit = 10**4, 10**16  # what the next word for tens, or for a myriad, must stay below
    for word in (m[0] for m in _WORD.finditer(words)):
        if word in _ONES:
            if digit:
                return None
            digit = _ONES[word]
        elif word in _TENS and _TENS[word] < room:
            room = _TENS[word]
            group, digit = group + (digit or 1) * room, 0
        elif (factor := _MYRIADS.get(word, limit)) < limit and group + digit:
            total, limit = total + (group + digit) * factor, factor
            group, digit, room = 0, 0, 10**4
        else:
            return None
    value = Decimal(total + group + digit)
    return Number(at, at + len(words), value, digits=False, scaled=total + group > 0)
