"""Figures of a text, found in one pass from left to right.

Each place where a number can begin is read once: the number, the signs and currency before it, the
magnitude and unit after it; then neighbours are joined to ranges and compounds, and the words
around tell qualifier, change, rate, and what is counted.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.figures import context, lexicon, numerals, surfaces, units
from bot.figures.mentions import Mention, scan
from bot.model import Figure, Lang, Qualifier, Quote

ZERO, ONE = Decimal(0), Decimal(1)
_STARTS = re.compile(r"\d|[一二三四五六七八九十百千万萬億亿数數几幾两兩半上]")
_NAME_LEFT = re.compile(r"[A-Za-z][\w.&+']*[-./]?$", re.ASCII)
_NAME_BODY = re.compile(r"[\w+]*(?:[-.](?=\w)[\w+]*)*", re.ASCII)
_WORD_LEFT = re.compile(r"([A-Za-z][\w.&'-]*)\s$")
_INDEX_LEFT = re.compile(
    r"(?:沪深|科创|上证|中证|富时|標普|标普|標準普爾|标准普尔|日経平均?|日经|恒生|深证|创业板|纳斯达克|那斯達克|創業板|滬深|台灣|臺灣|ナスダック|ラッセル|ダウ)\s?$"
)
_NAME_RIGHT = re.compile(
    r"\s?(?:大樓|大楼|号線|號線|号线|号楼|號館|号機|號機|号室|號|号|番街|番地|丁目|系列?|型|式|形(?!式)|級生|年生|年级|年級|期生"
    r"|代目|世代|次元|拍子|角形|級片|强(?!的)|強(?=企業|企业)|区(?!域)|線(?!路))"
)
_LETTER_SCALE = re.compile(r"\s?(mln|bln|trn|mm|mn|bn|tn|[kKmMbBtT])(?![A-Za-z/²³])")
_WORD_SCALE = re.compile(
    r"[ -]?(hundred|thousand|million|billion|trillion|quadrillion|lakh[ -]crore|lakh|crore|dozen)s?\b",
    re.IGNORECASE,
)
_MORE = re.compile(r"(?:多|余|餘|来|來|数|數)")
_PERCENT_BEFORE = re.compile(r"(百分之|千分之|万分之|萬分之)(?:約|约|近)?$")
_PERCENTS = {
    "百分之": ONE,
    "千分之": Decimal("0.1"),
    "万分之": Decimal("0.01"),
    "萬分之": Decimal("0.01"),
}
_SHARE = re.compile(r"\s?分の\s?|\s?分之\s?")
_RATIO = re.compile(r"\s?(?::|：|対|比|對|对)\s?")
_SIGN = re.compile(
    r"(?:(?<![\w)%])[-+±]|(?:▲|△|マイナス|零下|氷点下|負|负)\s?|(?:minus|negative) )$", re.IGNORECASE
)
_SIGN_AFTER = re.compile(r"\s?([€£¥₩₹$])(?![\s]?\d)")
_SMALL_UNITS = frozenset(  # after one kanji they make words, not counts: 四方, 七夕, 三国
    "点 回 次 度 本 号 方 分 区 級 级 国 口 部 品 門 门 手 条 角 面 边".split()
)
_SHADOW = re.compile(
    r"三星|三菱|三井|三洋|三一重工|三越|三安|三峡|三角|三国|万科|万达|万華|万一|万向|万国|万博|八十二銀行|十六銀行|七十七銀行|百五銀行|百度"
    r"|百貨|百货|百科|百姓|百合|千方|千葉|千代|千万(?=別|不|要|別)|四川|四国|四方|四季|九州|九龍|九龙|二手|二維|二维|二次元|三次元"
    r"|両国|六本木|五輪|五轮|五毛|五十嵐|七夕|十分(?!之|钟|鐘|間|の)|十字|十足|三大|四大|五大|六大|七大|八大|九大|十大|两岸|兩岸|两会|兩會"
    r"|两者|兩者|一[方部致起直切旦様般番応度連層齐齊同些向貫体體流線线定瞬帯]|統一|统一|唯一|同一|万能|万全|百年(?=企業|企业)|五星|四面|三维|三維"
    r"|半[導导島岛径徑球]|数[学字值値据位量]|數[學字值據位量]|上[海市場场下述司半証证]|几乎|幾乎|几何|幾何|国九条|千[島岛]|上[百千万](?=分)"
    r"|三角|八幡|八王子|二酸化|二氧化|一酸化|三重県|五里|百分(?!之)|百計|百计|千載|千载|万象|萬象|萬一|兩難|两难|三農|三农|四半期|二極|两极|百花"
)


@dataclass(frozen=True, slots=True)
class Atom:
    """A number with its unit, not joined to anything yet. `core` is where its number begins."""

    start: int
    end: int
    core: int
    value: Decimal
    unit: str
    high: Decimal | None = None
    hedge: str | None = None
    kind: str = ""
    bare: bool = False  # no unit beside it
    scaled: bool = False
    classifier: bool = False
    prefix: str = ""  # the currency that stands before it
    counts: str = ""
    scale: Decimal = ONE  # its magnitude word, which a range may share
    joined: bool = False
    tentative: bool = False  # a figure only as the first end of a range


def find(text: str, lang: Lang | None = None, *, article_id: str = "") -> tuple[Figure, ...]:
    """The figures of a text in order of their start, with exact code-point spans in it.

    `lang` decides what 元, ¥ and 兆 mean; None reads them as the script suggests.
    """
    t = numerals.fold(text)
    found, _ = read(t, lang)
    return tuple(_figure(atom, text, t, lang, article_id) for atom in found)


def read(t: str, lang: Lang | None) -> tuple[list[Atom], list[Mention]]:
    """Atoms, joined where they belong together, and mentions of a folded text."""
    mentions = scan(t, lang)
    shadows = [(m.start(), m.end()) for m in _SHADOW.finditer(t)]
    blocked = sorted([*((m.start, m.end) for m in mentions), *shadows])
    names: list[Mention] = []
    atoms = list(_atoms(t, lang, blocked, names))
    return _joined(t, atoms, lang), sorted([*mentions, *names], key=lambda m: m.start)


def _atoms(
    t: str, lang: Lang | None, blocked: Sequence[tuple[int, int]], names: list[Mention]
) -> Iterator[Atom]:
    starts = [b[0] for b in blocked]
    words = iter(_worded(t, lang, blocked, starts))
    pending = next(words, None)
    at = 0
    for match in _STARTS.finditer(t):
        place = match.start()
        if place < at:
            continue
        while pending is not None and pending.start < place:
            if pending.start >= at:
                yield pending
                at = max(at, pending.end)
            pending = next(words, None)
        if place < at:
            continue
        if (end := _blocked(place, blocked, starts)) is not None:
            at = end
            continue
        got = _read(t, place, lang, names)
        if isinstance(got, Atom):
            yield got
            at = got.end
        else:
            at = got
    while pending is not None:
        if pending.start >= at:
            yield pending
        pending = next(words, None)


def _blocked(place: int, blocked: Sequence[tuple[int, int]], starts: Sequence[int]) -> int | None:
    index = bisect_right(starts, place) - 1
    return blocked[index][1] if index >= 0 and place < blocked[index][1] else None


def _worded(
    t: str, lang: Lang | None, blocked: Sequence[tuple[int, int]], starts: Sequence[int]
) -> Iterator[Atom]:
    """Atoms whose number is in English words."""
    at = 0
    for match in numerals.english_starts(t).finditer(t):
        place = match.start()
        if place < at or _blocked(place, blocked, starts) is not None:
            continue
        atom = _english(t, place, lang)
        if atom is not None:
            yield atom
            at = atom.end


def _english(t: str, place: int, lang: Lang | None) -> Atom | None:
    share = numerals.fraction_at(t, place)
    if share is not None and not numerals.half_a(t, place):
        return _share(t, place, *share)
    if one := re.compile(r"an? (year|month|week|day|hour) and a half\b", re.IGNORECASE).match(
        t, place
    ):
        return Atom(place, one.end(), place, Decimal("1.5"), one[1].lower())
    number = numerals.english_at(t, place)
    if number is not None and (place, number.end) == (0, len(t)):
        return Atom(place, number.end, place, number.value, "", bare=True)
    if number is None or t[max(0, place - 1) : place] == "-":
        return None
    value, end = number.value, number.end
    if half := re.compile(r" and a half\b", re.IGNORECASE).match(t, end):
        value, end = value + Decimal("0.5"), half.end()
    if in_all := re.compile(
        r" (?:in|out of) (every )?(two|three|four|five|six|seven|eight|nine|ten|twenty|\d+)\b",
        re.IGNORECASE,
    ).match(t, end):
        return _one_in(place, value, in_all)
    gap = re.compile(r" of |-| ").match(t, end)
    beside = _after_words(t, gap.end() if gap else end)
    if beside is not None:
        if beside.unit == "times" or (value == 1 and not number.scaled):
            return None
        return _with_unit(place, place, value, number, beside, t, lang, scale=ONE)
    if not number.scaled:
        noun = re.compile(r"[ -]((?:[A-Za-z][\w-]* ){0,2}?)([a-z]{3,}s)\b").match(t, end)
        name = context.counted(t, end)
        range_follows = re.match(r" ?(?:to|or|-|–) ?(?:[a-z]+|\d)", t[end : end + 12])
        tentative = name is None and (noun is None or noun[1])
        if value == 1 or (tentative and not range_follows):
            return None
        if tentative:
            return Atom(place, end, place, value, "", bare=True, tentative=True)
    return Atom(place, end, place, value, "", hedge=number.hedge, bare=True, scaled=number.scaled)


def _after_words(t: str, at: int) -> surfaces.Beside | None:
    return surfaces.latin(t, at, tight=False)


def _one_in(place: int, value: Decimal, match: "re.Match[str]") -> Atom:
    whole = match[2].lower()
    total = Decimal(
        lexicon.ENGLISH_ONES.get(whole) or lexicon.ENGLISH_TENS.get(whole) or int(whole)
    )
    return Atom(place, match.end(), place, value / total * 100, "%", kind="fraction")


def _share(t: str, place: int, end: int, percent: Decimal) -> Atom | None:
    """half, a third … as a share, unless it is an hour, a name, or half a million."""
    word = t[place:end].lower()
    after = t[end : end + 12].lower()
    if word == "half":
        if re.match(
            r"[- ](?:past|time|life|year\b|hour\b|sister|brother|marathon|moon|finished)|-[a-z]|ly\b",
            after,
        ):
            return None
        if (
            t[max(0, place - 12) : place]
            .lower()
            .rstrip()
            .endswith(("second", "first", "latter", "other", "better", "and a", "previous"))
        ):
            return None
    if word.endswith(("third", "quarter", "fourth", "fifth")) and re.match(
        r"[- ](?:quarter|party|time|world|largest|person|generation|biggest|of (?:20|fiscal)|straight|consecutive)",
        after,
    ):
        return None
    return Atom(place, end, place, percent, "%", kind="fraction")


# --- digits and CJK ----------------------------------------------------------------------------


def _read(t: str, place: int, lang: Lang | None, names: list[Mention]) -> "Atom | int":
    """What stands at a place where a number can begin: an atom, or where to go on."""
    left = t[max(0, place - 24) : place]
    if t[place].isdecimal():
        money = surfaces.money_before(left)
        if money is None and _NAME_LEFT.search(left):
            return _name(t, place, names, _NAME_LEFT.search(left))
    if t[place] == "半":
        return _half(t, place, lang)
    number = numerals.cjk_at(t, place)
    if number is None:
        return place + 1
    share = _fraction(t, number)
    if share is not None:
        return share
    atom = _quantity(t, number, left, lang)
    if atom is None and (number.start, number.end) == (0, len(t)):
        return Atom(0, number.end, 0, number.value, "", number.high, bare=True)
    if atom is None:
        return _refused(t, number, names)
    return atom


def _refused(t: str, number: numerals.Number, names: list[Mention]) -> int:
    """Not a figure: digits that run on into letters are a name (5G, 3D, 4o)."""
    if (
        number.digits
        and number.end < len(t)
        and t[number.end].isascii()
        and t[number.end].isalpha()
    ):
        end = _NAME_BODY.match(t, number.start)
        assert end is not None
        names.append(_named(t, number.start, end.end()))
        return end.end()
    if number.digits:
        names.append(_named(t, number.start, number.end))
    return number.end


def _named(t: str, start: int, end: int) -> Mention:
    exact = t[start:end]
    key = re.sub(r"[\s-]+", "", exact).lower()
    return Mention(kind="name", start=start, end=end, exact=exact, value=f"name:{key}")


def _name(t: str, place: int, names: list[Mention], left: "re.Match[str] | None") -> int:
    """A number inside a name (TPUv4, GPT-4o): the whole name is a mention."""
    assert left is not None
    body = _NAME_BODY.match(t, place)
    end = body.end() if body else place + 1
    names.append(_named(t, place - len(left[0]), end))
    return max(end, place + 1)


def _fraction(t: str, number: numerals.Number) -> Atom | None:
    """3分の1, 三分之一, and ratios 7対3, 3:1."""
    if _PERCENT_BEFORE.search(t, max(0, number.start - 5), number.start):
        return None
    link = _SHARE.match(t, number.end)
    if link is not None and number.value:
        top = numerals.cjk_at(t, link.end())
        if top is not None:
            return Atom(
                number.start,
                top.end,
                number.start,
                top.value / number.value * 100,
                "%",
                kind="fraction",
            )
    link = _RATIO.match(t, number.end)
    if (
        link is not None
        and number.digits
        and link[0].strip() in (":", "：", "対", "比", "對", "对")
    ):
        second = numerals.cjk_at(t, link.end()) if link.end() < len(t) else None
        if (
            second is not None
            and second.value
            and second.digits
            and not t[second.end : second.end + 1].isalpha()
        ) or (
            second is not None
            and second.value
            and t[second.end : second.end + 1] in tuple("的のでにと之，、票を")
        ):
            return Atom(
                number.start,
                second.end,
                number.start,
                number.value / second.value,
                "ratio",
                kind="ratio",
            )
    return None


_HALVES = {
    "半数": "%",
    "半數": "%",
    "半分": "%",
    "半碼": "pp",
    "半年": "year",
    "半月": "month",
    "半天": "day",
    "半小时": "hour",
    "半小時": "hour",
    "半個月": "month",
    "半个月": "month",
}


def _half(t: str, place: int, lang: Lang | None) -> "Atom | int":
    word = next((w for w in _HALVES if t.startswith(w, place)), None)
    if word is None or (t[max(0, place - 1) : place] in tuple("上下前后後多大夜年月") and place):
        return place + 1
    unit = _HALVES[word]
    value = {"%": Decimal(50), "pp": Decimal("0.125")}.get(unit, Decimal("0.5"))
    kind = "fraction" if unit == "%" else ""
    return Atom(place, place + len(word), place, value, unit, kind=kind)


def _quantity(t: str, number: numerals.Number, left: str, lang: Lang | None) -> Atom | None:
    """The number with what stands beside it; None where it is no quantity."""
    start, value, end = number.start, number.value, number.end
    percent = _PERCENT_BEFORE.search(left)
    if percent is not None:
        begin = start - len(percent[0])
        factor = _PERCENTS[percent[1]]
        high = number.high * factor if number.high is not None else None
        return Atom(begin, end, start, value * factor, "%", high)
    money = surfaces.money_before(left)
    begin = start - (money[1] if money else 0)
    value, begin = _signed(t, begin, value)
    scale, end, letter = _magnitude(t, number, money is not None)
    beside = _beside(t, end, number, lang)
    rate = surfaces.rate_before(left)
    if letter and money is None and not _letter_counts(t, letter, end, beside):
        beside, end, scale = _letter_unit(t, number, lang)
        if beside is None:
            return None
    if beside is not None and rate is not None and money is None:
        beside, begin = _rated(beside, rate, begin)
    atom = _with_unit(
        begin, start, value, number, beside, t, lang, scale=scale, end=end, money=money
    )
    return atom if _holds(t, atom, number, left, money is not None, lang) else None


def _signed(t: str, begin: int, value: Decimal) -> tuple[Decimal, int]:
    sign = _SIGN.search(t, max(0, begin - 9), begin)
    if sign is None:
        return value, begin
    mark = sign[0].strip().lower()
    if mark in ("-", "+") and begin >= 2 and t[begin - 2 : begin - 1].isalnum():
        return value, begin
    minus = mark not in ("+", "±")
    return (-value if minus else value), sign.start()


def _magnitude(t: str, number: numerals.Number, money: bool) -> tuple[Decimal, int, str]:
    """The English magnitude after digits: factor, end, and the letter where it is one."""
    if not number.digits or number.scaled:
        return ONE, number.end, ""
    word = _WORD_SCALE.match(t, number.end)
    if word is not None:
        factor = ONE
        for part in re.split(r"[ -]", word[1].lower()):
            factor *= lexicon.ENGLISH_SCALES[part]
        return factor, word.end(), ""
    letter = _LETTER_SCALE.match(t, number.end)
    if letter is not None and (money or not letter[0][0].isspace()):
        return Decimal(lexicon.ENGLISH_SUFFIXES[letter[1]]), letter.end(), letter[1]
    return ONE, number.end, ""


def _letter_counts(t: str, letter: str, end: int, beside: surfaces.Beside | None) -> bool:
    """Whether a letter is a magnitude: 70B model, 128K context, 2T tokens, 100k users, 5mn."""
    if letter in ("mn", "bn", "tn", "mln", "bln", "trn"):
        return True
    if beside is not None and units.dimension(beside.unit) in ("count", "money", "score"):
        return True
    return context.sized(t, end, letter) is not None


def _letter_unit(
    t: str, number: numerals.Number, lang: Lang | None
) -> tuple[surfaces.Beside | None, int, Decimal]:
    """The same letters as a unit touching the number (5m, 30t, 1.5x)."""
    return surfaces.latin(t, number.end, tight=True), number.end, ONE


def _beside(t: str, end: int, number: numerals.Number, lang: Lang | None) -> surfaces.Beside | None:
    """The unit right after the number, a blank, a hyphen or "of" between."""
    more = _MORE.match(t, end)
    if more is not None and not number.hedge:
        after = surfaces.cjk(t, more.end(), lang)
        if after is not None:
            return after
    after = surfaces.cjk(t, end, lang)
    if after is not None:
        return after
    if sign := _SIGN_AFTER.match(t, end):
        unit = lexicon.MONEY_BEFORE[sign[1]]
        return surfaces.Beside(sign.end(), surfaces.native(lang, "¥") if unit == "¥" else unit)
    if t[end : end + 1] in (" ", "-"):
        spaced = surfaces.cjk(t, end + 1, lang) if t[end] == " " else None
        if spaced is not None and not spaced.classifier:
            return spaced
        return surfaces.latin(t, end + 1, tight=False)
    return surfaces.latin(t, end, tight=True)


def _rated(
    beside: surfaces.Beside, rate: tuple[str, int], begin: int
) -> tuple[surfaces.Beside, int]:
    unit = beside.unit + rate[0]
    if unit not in units.UNITS:
        return beside, begin
    return beside._replace(unit=unit), begin - rate[1]


def _with_unit(
    begin: int,
    core: int,
    value: Decimal,
    number: numerals.Number,
    beside: surfaces.Beside | None,
    t: str,
    lang: Lang | None,
    *,
    scale: Decimal,
    end: int | None = None,
    money: tuple[str, int] | None = None,
) -> Atom:
    end = number.end if end is None else end
    value, high = value * scale, number.high * scale if number.high is not None else None
    hedge, unit, classifier = number.hedge, "", False
    currency = (
        "" if money is None else (surfaces.native(lang, "¥") if money[0] == "¥" else money[0])
    )
    if beside is not None and not (currency and not _fits(currency, beside)):
        if _MORE.match(t, end) and not hedge:
            hedge = "over"
        value, end, unit = value * beside.factor + beside.add, beside.end, beside.unit
        high = high * beside.factor if high is not None else None
        classifier = beside.classifier
    return Atom(
        begin,
        end,
        core,
        value,
        currency or unit,
        high,
        hedge,
        bare=not (currency or unit),
        scaled=number.scaled or scale != 1,
        classifier=classifier,
        prefix=currency,
        scale=scale,
    )


def _fits(currency: str, beside: surfaces.Beside) -> bool:
    """Whether a word after an amount belongs to the same money (人民币8亿元, US$5 dollars)."""
    return units.dimension(beside.unit) == "money"


# --- what is no quantity -----------------------------------------------------------------------


def _holds(
    t: str, atom: Atom, number: numerals.Number, left: str, money: bool, lang: Lang | None
) -> bool:
    """Whether an atom states a quantity."""
    if money or atom.unit in ("%", "pp", "bp", "x"):
        return True
    if left.endswith("第"):
        return False
    if not number.digits:
        return _kanji_holds(t, atom, number)
    after = t[atom.end : atom.end + 1]
    if atom.bare:
        return _bare_holds(t, atom, number, left, lang)
    if (
        after.isascii()
        and after.isalpha()
        and t[atom.end - 1 : atom.end].isascii()
        and t[atom.end - 1].isalpha()
    ):
        return False
    if atom.unit == "point" and re.match(r"[点點]", t[number.end : number.end + 1]):
        return not re.match(r"(?:钟|鐘|半|\d{1,2}分)", t[atom.end : atom.end + 3])
    return not _NAME_RIGHT.match(t, atom.end) or atom.unit not in ("", "count")


def _kanji_holds(t: str, atom: Atom, number: numerals.Number) -> bool:
    """A number in kanji needs a magnitude or a counter, and 一 before a counter is an article."""
    word = t[number.start : number.end]
    if (number.scaled and number.value >= 10000) or number.hedge == "vague":
        return True
    if atom.bare:
        return number.value >= 1000 and len(word) > 2
    if number.value == 1:
        return False
    unit = t[number.end : number.end + 1]
    if len(word) == 1 and unit in _SMALL_UNITS and word not in "两兩":
        return (unit in "個个国口元門门条" and False) or unit in ("個", "个", "元")
    return True


def _bare_holds(t: str, atom: Atom, number: numerals.Number, left: str, lang: Lang | None) -> bool:
    """Whether digits without a unit beside them are a figure and not a year, a name or a label."""
    after = t[atom.end : atom.end + 1]
    if after.isascii() and after.isalpha():
        return False
    if atom.scaled or number.hedge:
        return True
    if _NAME_RIGHT.match(t, atom.end) or _INDEX_LEFT.search(left):
        return False
    plain = t[number.start : number.end]
    word = _WORD_LEFT.search(left)
    if word is not None and context.product(word[1]):
        return False
    if context.counted(t, atom.end) is not None:
        return True
    if (
        _is_year(plain, t, atom)
        or re.search(r"[\d)](?:-|–|/)$", left)
        or re.match(r"[-–/]\d", t[atom.end : atom.end + 2])
    ):
        return False
    if word is not None and context.names(word[1], left[: word.start()], plain):
        return False
    if re.search(r"[A-Za-z]$", left):
        return False
    return len(plain) > 1 or context.stated(t, number.start, atom.end)


def _is_year(plain: str, t: str, atom: Atom) -> bool:
    return (
        len(plain) == 4
        and plain.isdecimal()
        and 1500 <= int(plain) <= 2100
        and not context.setting(t, atom.start)
    )


# --- joining -----------------------------------------------------------------------------------

_TO = re.compile(r"\s?(?:~|〜|-|–|—|―|至|到|から|ないし|乃至)\s?|\s(?:to|and|or)\s|-to-|或")
_AND = re.compile(r"\sand\s")


def _joined(t: str, atoms: Sequence[Atom], lang: Lang | None) -> list[Atom]:
    """Ranges and compounds made of neighbours."""
    done: list[Atom] = []
    for atom in atoms:
        last = done[-1] if done else None
        if last is not None and (joined := _compound(t, last, atom) or _range(t, last, atom)):
            done[-1] = joined
        else:
            done.append(atom)
    return [a for a in done if not a.tentative]


def _compound(t: str, last: Atom, atom: Atom) -> Atom | None:
    """154円30銭, 2時間30分, 1ドル…: the smaller unit of the same kind right behind."""
    gap = t[last.end : atom.start]
    if gap not in ("", " ") or last.joined or last.unit != atom.unit or last.unit == "":
        if (
            gap not in ("", " ", " and ")
            or units.dimension(last.unit) != "time"
            or units.dimension(atom.unit) != "time"
        ):
            return None
        one, other = units.base(ONE, last.unit), units.base(atom.value, atom.unit)
        if one[1] != other[1] or other[0] >= one[0]:
            return None
        return replace(last, end=atom.end, value=last.value + other[0] / one[0], joined=True)
    small = abs(atom.value) < 1 and units.dimension(last.unit) == "money"
    return (
        replace(last, end=atom.end, value=last.value + atom.value, joined=True) if small else None
    )


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
    if gap.strip() == "から" and not re.match(
        r"(?:程度|の間|ほど|くらい|前後)", t[atom.end : atom.end + 3]
    ):
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
    if low > high or (last.bare and atom.bare and not (last.scaled and atom.scaled)):
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


# --- the figure --------------------------------------------------------------------------------


def _figure(atom: Atom, text: str, t: str, lang: Lang | None, article_id: str) -> Figure:
    around = context.around(t, atom.start, atom.end, atom.core, atom.unit, atom.classifier)
    unit, value, high = around.unit, atom.value, atom.high
    qualifier: Qualifier | None = around.qualifier
    if atom.hedge == "vague":
        qualifier = "vague"
    elif atom.hedge == "over":
        qualifier = "over"
    return Figure(
        id=f"{article_id}:{atom.start}",
        quote=Quote(
            article_id=article_id, start=atom.start, end=atom.end, exact=text[atom.start : atom.end]
        ),
        value=_exact(value),
        value_max=None if high is None else _exact(high),
        unit=unit,
        kind=atom.kind or units.kind(unit),
        measure=around.measure,
        subject=around.subject,
        counts=around.counts,
        qualifier=qualifier,
        change=around.change,
        per=around.per,
    )


def _exact(value: Decimal) -> Decimal:
    """The value without trailing zeros, in plain notation where it is whole."""
    normal = value.normalize()
    return (
        normal.quantize(ONE)
        if normal == normal.to_integral_value() and abs(normal) < 10**27
        else normal
    )


def mentions(text: str, lang: Lang | None = None) -> tuple[Mention, ...]:
    """What has digits or number words but is no figure, in order: dates, times, periods, ordinals,
    names and identifiers, each with a key that is equal in every language."""
    _, found = read(numerals.fold(text), lang)
    return tuple(replace(m, exact=text[m.start : m.end]) for m in found)
