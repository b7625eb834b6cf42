"""Which unit stands beside a number: the longest surface of the lexicon that fits there."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from bot.facts import Lang
from bot.figures import lexicon, openings
from bot.figures.patterns import Late


class Beside(NamedTuple):
    """A unit word at a place: where it ends, its unit, what the number is multiplied by."""

    end: int
    unit: str
    factor: Decimal = Decimal(1)
    classifier: bool = False  # it only counts; a noun after it may say what
    add: Decimal = Decimal(0)  # what follows adds: 2割5分, 六成五


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w)))


_SPECIAL = frozenset("碼割成度折打") | {"ダース"}
_NO_TENTH = Late(
    r"割(?=合|拠|れ|り(?!引)|安(?!の)|高(?!の))|成[长長本功为為立员員年就都交果效効績绩份分熟]"
)
_NO_DISCOUNT = Late("折(?:合|算|旧|舊|射|叠|疊|扣|腾|騰|磨|返|断|斷|り|れ|線|线|紙|纸)")
_PARTS_OF_WARI = Late(r"([\d一二三四五六七八九])分(?:([\d一二三四五六七八九])厘)?")
_PART_OF_CHENG = Late(r"([\d一二三四五六七八九])(?![\d個个人家年月日])")
_COUNTING = frozenset(["person", "company", "household", "device", "count", "case"])
_SUBUNIT_CJK = {w: c for w, c in lexicon.SUBUNITS.items() if not w.isascii()}
_SUBUNIT_LATIN = {w: c for w, c in lexicon.SUBUNITS.items() if w.isascii()}
_CJK_WORDS = {**lexicon.CLASSIFIERS, **lexicon.MEASURE_CJK, **lexicon.MONEY_CJK, **_SUBUNIT_CJK}
_BY_FIRST: dict[str, list[str]] = {}
for _word in sorted([*_CJK_WORDS, *_SPECIAL], key=len, reverse=True):
    _BY_FIRST.setdefault(_word[0], []).append(_word)

_LATIN_WORDS = {
    **lexicon.NOUNS_LATIN,
    **lexicon.MEASURE_LATIN,
    **lexicon.MONEY_LATIN,
    **_SUBUNIT_LATIN,
}
_MULTIWORD = {w for w in _LATIN_WORDS if " " in w or not w[0].isalpha()}
_LATIN_MULTI = Late(rf"(?:{_alternatives(_MULTIWORD)})(?![A-Za-z])", re.IGNORECASE)
_MULTI_FOLDED = {w.lower(): w for w in _MULTIWORD}
_VERSION = Late(r" [vV]?\d")
_LATIN_WORD = Late(r"[A-Za-zµμ°%‰℃℉][A-Za-zµμ²³°-]*(?:[23](?![\w])|/s|/hr?)?")
_FOLDED = {w.lower(): w for w in _LATIN_WORDS if (w.islower() and len(w) > 2) or len(w) > 4}
_MARKS = [w for w in lexicon.MONEY_BEFORE if w[0].isascii() and w[0].isalpha()]
_SIGNS = [w for w in lexicon.MONEY_BEFORE if w not in _MARKS]
BEFORE = Late(rf"(?:(?<![A-Za-z])(?:{_alternatives(_MARKS)})|{_alternatives(_SIGNS)})\s?$")
_MANY = Late(r"(?<![A-Za-z])([MKT])([A-Z]{3})\s?$")  # MSEK 45, TEUR 300
_MANY_FACTOR = {"M": Decimal(10**6), "K": Decimal(1000), "T": Decimal(1000)}
RATE_BEFORE = Late(r"(每秒|毎秒|每小时|每小時|時速|时速|秒速)\s?(?:約|约|达|達)?$")
_RATED = {
    "每秒": "/s",
    "毎秒": "/s",
    "每小时": "/h",
    "每小時": "/h",
    "時速": "/h",
    "时速": "/h",
    "秒速": "/s",
}


class Mark(NamedTuple):
    """A currency mark before an amount: its length, and what the amount is multiplied by."""

    currency: str
    length: int
    factor: Decimal = Decimal(1)


def money_before(left: str) -> Mark | None:
    """The currency mark at the end of `left`."""
    found = BEFORE.search(left)
    if found is not None:
        return Mark(lexicon.MONEY_BEFORE[found[0].rstrip()], len(found[0]))
    many = _MANY.search(left)
    if many is None or many[2] not in lexicon.MONEY_LATIN:
        return None
    return Mark(lexicon.MONEY_LATIN[many[2]], len(many[0]), _MANY_FACTOR[many[1]])


def native(lang: Lang | None, sign: str) -> str:
    """What 元 and ¥ stand for in a language."""
    return lexicon.NATIVE.get(lang or "en", lexicon.NATIVE["en"])[sign == "¥"]


_AND_HALF = Late("[个個]半(小时|小時|月|星期|鐘頭)")
_HALF_UNITS = {"小时": "hour", "小時": "hour", "鐘頭": "hour", "月": "month", "星期": "week"}


def cjk(t: str, at: int, lang: Lang | None) -> Beside | None:
    """The CJK unit word at `at`."""
    if half := _AND_HALF.match(t, at):
        return Beside(half.end(), _HALF_UNITS[half[1]], add=Decimal("0.5"))
    for word in _BY_FIRST.get(t[at : at + 1], ()):
        if t.startswith(word, at):
            if len(word) == 1 and openings.WORD.match(t, at):
                return None
            return _resolved(t, at, word, lang)
    return None


def _resolved(t: str, at: int, word: str, lang: Lang | None) -> Beside | None:
    end = at + len(word)
    if word in _SUBUNIT_CJK:
        return Beside(end, _SUBUNIT_CJK[word], Decimal("0.01"))
    if word in _SPECIAL:
        return _special(t, at, word)
    unit = _CJK_WORDS[word]
    if word in _BY_LANG:
        return _by_language(t, end, word, lang)
    if unit == "元":
        return _yuan(t, end, lang)
    if unit == "CNY":
        return _with_coins(t, end, unit)
    if word in lexicon.CLASSIFIERS and word not in lexicon.MEASURE_CJK:
        return Beside(end, unit, classifier=unit in _COUNTING)
    return Beside(end, unit)


_NO_YUAN = frozenset("器素宇年旦組组凶老首")
_YUAN_OF = ("人民币", "人民幣", "新台幣", "港币", "港幣")


def _yuan(t: str, end: int, lang: Lang | None) -> Beside | None:
    """元 of the language, or of the country named behind it (850万元人民币)."""
    if t[end : end + 1] in _NO_YUAN:
        return None
    tail = next((w for w in _YUAN_OF if t.startswith(w, end)), "")
    if tail:
        return Beside(end + len(tail), lexicon.MONEY_CJK[tail])
    return _with_coins(t, end, native(lang, "元"))


_COINS = Late(r"と?([\d一二两三四五六七八九])[角毛](?:([\d一二三四五六七八九])分)?")


def _with_coins(t: str, end: int, unit: str) -> Beside:
    """元 with 角 (tenths) and 分 (hundredths) behind it: 50元6角3分."""
    coins = _COINS.match(t, end)
    if coins is None:
        return Beside(end, unit)
    more = Decimal(0)
    for group, weight in zip(coins.groups(), (Decimal("0.1"), Decimal("0.01")), strict=True):
        if group:
            more += weight * (int(group) if group.isdecimal() else lexicon.CJK_DIGITS[group])
    return Beside(coins.end(), unit, add=more)


_BY_LANG = frozenset("部分室块塊日对對対两兩")
_TAELS = Late("[白黄黃银銀茶酒肉重]|[，。、,.]|$")
_NO_PAIRS = Late("[对對対][\\d比于於我他她这這方手外内內照象立等策抗决決話话中美华華日的]")
_HOURS_LEFT = Late(r"(?:[时時]|鐘頭)[\d一二三四五六七八九十]+$")
_NO_DAY = tuple("元圆圓本円米中韓系銀産")
_NOT_MINUTES = Late("[の之][\\d一二三四五六七八九]|[野子析別别散布配割け]")
_PIECES = Late(r"[A-Za-z]|芯片|晶片|电池|電池|屏|显卡|顯卡|硬|地|石")


def _by_language(t: str, end: int, word: str, lang: Lang | None) -> Beside | None:
    """部, 分, 室 and 块 are other units in Chinese than in Japanese, or beside other nouns."""
    chinese = (lang or "").startswith("zh")
    if word in "两兩对對対":
        return _pairs(t, end, word, chinese)
    if word == "部":
        return Beside(end, "device" if chinese else "count", classifier=chinese)
    if word == "日":  # the days of a month were read as dates
        return None if chinese or t[end : end + 1] in _NO_DAY else Beside(end, "day")
    if word == "室":
        return None if chinese else Beside(end, "count")
    if word == "分":
        if _NOT_MINUTES.match(t, end):
            return None
        timed = _HOURS_LEFT.search(t, max(0, end - 9), end - 1) is not None
        return Beside(end, "point" if chinese and not timed else "minute")
    if _PIECES.match(t, end):
        return Beside(end, "count", classifier=True)
    return Beside(end, native(lang, "元"))


def _pairs(t: str, end: int, word: str, chinese: bool) -> Beside | None:
    """Pairs and taels, where the character is not another word (对比, 两岸)."""
    if word in "两兩":
        return Beside(end, "count") if chinese and _TAELS.match(t, end) else None
    return None if _NO_PAIRS.match(t, end - 1) else Beside(end, "count", classifier=True)


def _special(t: str, at: int, word: str) -> Beside | None:
    """碼 (a quarter point of Taiwan's rates), 割 and 成 (tenths, with more after them), 度."""
    end = at + 1
    if word == "碼":
        return Beside(end, "pp", Decimal("0.25"))
    if word in ("ダース", "打"):
        return Beside(at + len(word), "count", Decimal(12))
    if word == "折":
        return _discount(t, at)
    if word == "度":
        return _degrees(t, at)
    if _NO_TENTH.match(t, at):
        return None
    part = (_PARTS_OF_WARI if word == "割" else _PART_OF_CHENG).match(t, end)
    more = Decimal(0)
    if part is not None:
        for group, weight in zip(part.groups(), (Decimal(1), Decimal("0.1")), strict=False):
            if group:
                more += weight * (int(group) if group.isdecimal() else lexicon.CJK_DIGITS[group])
        end = part.end()
    return Beside(end, "%", Decimal(10), add=more)


def _discount(t: str, at: int) -> Beside | None:
    """折: tenths of the price that remain; two digits are percent (72折)."""
    if _NO_DISCOUNT.match(t, at):
        return None
    two = re.search(
        r"(?<![\d.])\d\d$|(?<![一二三四五六七八九点點])[一二三四五六七八九]{2}$",
        t[max(0, at - 6) : at],
    )
    return Beside(at + 1, "%", Decimal(1) if two else Decimal(10))


def _degrees(t: str, at: int) -> Beside | None:
    """度: of temperature or of electricity, where the words around say so."""
    near = t[max(0, at - 40) : at + 24]
    if re.match(r"度[目合過过量假外数數]", t[at : at + 2]):
        return None
    if re.search(r"[华華]氏", near):
        return Beside(at + 1, "°F")
    if re.search(r"[温溫熱热暑寒冷]|最高|最低|[摂摄攝]氏|サーモ", near):
        return Beside(at + 1, "°C")
    return Beside(at + 1, "kWh") if re.search(r"電|电", near) else None


def latin(t: str, at: int, *, tight: bool) -> Beside | None:
    """The Latin unit word at `at`, whole; `tight` where it touches the number: only there may a
    unit be one letter."""
    multi = _LATIN_MULTI.match(t, at)
    word = _LATIN_WORD.match(t, at)
    if multi is not None and (word is None or multi.end() >= word.end() or not t[at].isalpha()):
        return _latin(_MULTI_FOLDED[multi[0].lower()], multi.end())
    if word is None:
        return None
    name = word[0]
    if len(name) == 4 and name[0] == "M" and name[1:] in lexicon.MONEY_LATIN:
        return Beside(at + 4, lexicon.MONEY_LATIN[name[1:]], Decimal(10**6))  # MUSD
    known = name if name in _LATIN_WORDS else _FOLDED.get(name.lower())
    if known is None and "-" in name:
        name = name.partition("-")[0]
        known = name if name in _LATIN_WORDS else _FOLDED.get(name.lower())
    if known is None or (known in lexicon.SHY and not tight and known not in ("x", "×", "K", "g")):
        return None
    if _LATIN_WORDS.get(known) == "chip" and _VERSION.match(t, at + len(name)):
        return None  # TPU v5p chips: a name, the chips stand apart
    return _latin(known, at + len(name))


def _latin(name: str, end: int) -> Beside:
    if name in _SUBUNIT_LATIN:
        return Beside(end, _SUBUNIT_LATIN[name], Decimal("0.01"))
    return Beside(end, _LATIN_WORDS[name])


def rate_before(left: str) -> tuple[str, int] | None:
    """A speed word before a number (毎秒4.8TB, 時速80キロ): what it adds and its length."""
    found = RATE_BEFORE.search(left)
    return (_RATED[found[1]], len(found[0])) if found else None
