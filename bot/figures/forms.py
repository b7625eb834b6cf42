"""The forms in which dates, times, periods, ordinals, idioms and identifiers are written."""

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

from bot.figures.numerals import cjk_at, kanji_value

Kind = Literal["date", "time", "period", "ordinal", "name", "identifier", "idiom"]

_MONTHS = (
    "january february march april may june july august september october november december".split()
)
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?"
    r"|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_ORDINAL_WORDS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(),
        1,
    )
}
_K = "〇零一二三四五六七八九十百千"
_N = rf"(?:\d{{1,4}}|[{_K}]{{1,6}})"
_YEAR = r"(?:1[5-9]\d\d|20\d\d|21\d\d)"
_ERA = "令和|平成|昭和|大正|明治|民國|民国"

Reader = Callable[["re.Match[str]"], str]


def _number(word: str) -> int:
    if word.isdecimal():
        return int(word)
    read = cjk_at(word, 0)
    return int(read.value if read is not None else kanji_value(word)[0])


def _date(m: "re.Match[str]") -> str:
    parts = m.groupdict()
    year, month, day = parts.get("y"), parts.get("m"), parts.get("d")
    found = []
    if year:
        found.append(f"{_number(year):04d}")
    if month:
        name = month.lower().rstrip(".")[:3]
        by_name = [i for i, full in enumerate(_MONTHS, 1) if full.startswith(name)]
        found.append(f"{by_name[0] if name.isalpha() and by_name else _number(month):02d}")
    if day:
        found.append(f"{_number(day):02d}")
    return "date:" + "-".join(found)


def _time(m: "re.Match[str]") -> str:
    hour, minute = _number(m["h"]), m["min"]
    minutes = 30 if minute == "半" else _number(minute) if minute else 0
    half = (m.groupdict().get("half") or "").lower()
    late = half.startswith("p") or half in ("午後", "下午", "晚上", "夜", "傍晚", "晚間", "晚间")
    if late and hour < 12:
        hour += 12
    return f"time:{hour:02d}:{minutes:02d}"


def _quarter(m: "re.Match[str]") -> str:
    word = next(g for g in m.groups() if g)
    return f"period:q{_ORDINAL_WORDS.get(word.lower()) or _number(word)}"


def _ordinal(m: "re.Match[str]") -> str:
    word = next(g for g in m.groups() if g)
    return f"ordinal:{_ORDINAL_WORDS.get(word.lower()) or _number(word)}"


def _folded(kind: str) -> Reader:
    return lambda m: f"{kind}:" + re.sub(r"[\s-]+", "", m[0]).lower()


class Rule(NamedTuple):
    """How one form of a mention is found; one of `needs` must be in the text in lower case, so
    that most rules cost nothing on most texts."""

    kind: Kind
    pattern: str
    reader: Reader
    needs: tuple[str, ...]


def _rule(kind: Kind, pattern: str, reader: Reader, needs: str) -> Rule:
    return Rule(kind, pattern, reader, tuple(needs.split()))


# Stretches of months and their names: 1〜9月期, January-March, 前三季度 and first nine months.
_STRETCHES = {(1, 3): "q1", (4, 6): "q2", (7, 9): "q3", (10, 12): "q4"} | {
    (1, 6): "h1", (7, 12): "h2", (1, 9): "9m",
}  # fmt: skip
_STRETCH_WORDS = (("9m", "quarters|months|前"), ("h1", "first|上"), ("h2", "second|下"))


def _stretch(m: "re.Match[str]") -> str:
    first, last = (int(m[g]) for g in ("first", "last"))
    return "period:" + _STRETCHES.get((first, last), f"{first}-{last}")


def _part_of_year(m: "re.Match[str]") -> str:
    words = m[0].lower()
    return "period:" + next(
        name for name, marks in _STRETCH_WORDS if any(x in words for x in marks.split("|"))
    )


_MONTH_NEEDS = "jan feb mar apr may jun jul aug sep oct nov dec"


_ANY = (
    _rule(
        "identifier",
        r"(?:https?://|www\.)[^\s<>「」（）()、。]+",
        _folded("identifier"),
        "http www.",
    ),
    _rule(
        "identifier",
        r"(?<![\w.])\d{1,4}(?:-\d{2,4}){2,4}(?![\w-])(?<!\d-\d\d-\d\d)",
        _folded("identifier"),
        "-",
    ),
    _rule(
        "identifier",
        r"(?<![\w.])arXiv[:\s]?\d{4}\.\d{4,5}(?:v\d+)?",
        _folded("identifier"),
        "arxiv",
    ),
    _rule(  # an address, a version: three numbers and more with full stops between
        "identifier",
        r"(?<![\w.,])\d{1,6}(?:\.\d{1,6}){2,7}(?![\w]|\.\d)",
        _folded("identifier"),
        ".",
    ),
    _rule("identifier", r"[(（]\d{4,6}(?:\.[A-Z]{1,3})?[)）]", _folded("identifier"), "( （"),
    _rule(
        "date",
        rf"(?<![\d.,])(?P<y>{_YEAR})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?!\d|\.\d)",
        _date,
        "- / .",
    ),
    _rule(
        "date",
        (
            rf"(?<![\d.,])(?P<m>\d{{1,2}})/(?P<d>\d{{1,2}})(?! of\b| ?miles?\b| cup| inch"
            rf"|マイル|の(?!日)|的|以上)(?:/(?P<y>{_YEAR}))?(?![\d/]|\.\d)"
        ),
        _date,
        "/",
    ),
    _rule(
        "time",
        (
            r"(?<![\d:.])(?P<half>)(?P<h>[01]?\d"
            r"|2[0-4]):(?P<min>[0-5]\d)(?::[0-5]\d)?(?![\d:])(?!\s?[aApP]\.?m)"
        ),
        _time,
        ":",
    ),
)
_LATIN = (
    Rule(
        "period",
        r"(?i)\bfirst[- ](?:(?:three|3) quarters|(?:nine|9) months)\b|\b(?:first|second)[- ]half\b(?= of\b|"
        r" (?:revenue|sales|profit|results|net|operating|earnings)|[,.])",
        _part_of_year,
        (
            "three quarters",
            "nine months",
            "3 quarters",
            "9 months",
            "first half",
            "second half",
            "first-half",
            "second-half",
        ),
    ),
    _rule(
        "time",
        (
            r"(?<![\d:.])(?P<h>1[0-2]|0?[1-9])(?::(?P<min>[0-5]\d))?\s?(?P<half>[ap]\.?m\b\.?"
            r"|[AP]\.?M\b\.?)"
        ),
        _time,
        "am pm a.m p.m",
    ),
    _rule("time", r"(?<![\d:.])(?P<half>)(?P<min>)(?P<h>1[0-2]|[1-9]) o'clock", _time, "o'clock"),
    _rule(
        "date",
        (
            rf"\b(?P<m>{_MONTH}) (?P<d>[0-3]?\d)(?:st|nd|rd|th)?(?!\d|[,.]\d|%| ?(?:million"
            rf"|billion))(?:,? (?P<y>{_YEAR})\b)?"
        ),
        _date,
        _MONTH_NEEDS,
    ),
    _rule(
        "date",
        rf"(?<![\d.,])(?P<d>[0-3]?\d)(?:st|nd|rd|th)? (?P<m>{_MONTH})\b(?:,? (?P<y>{_YEAR})\b)?",
        _date,
        _MONTH_NEEDS,
    ),
    _rule("date", rf"\b(?P<m>{_MONTH}),? (?P<y>{_YEAR})\b", _date, _MONTH_NEEDS),
    _rule("date", r"(?<![\d.,])(?:(?:19|20)\d0|'?[1-9]0)s\b", _folded("date"), "0s"),
    _rule(
        "period",
        r"\b(?:fiscal(?: year)?|FY|CY) ?'?(?:20)?\d\d(?:[/-]\d\d)?\b",
        _folded("period"),
        "fiscal fy cy",
    ),
    _rule(
        "period",
        r"\bQ([1-4])(?: ?(?:FY)?'?(?:20)?\d\d)?\b|\b([1-4])Q(?:'?(?:20)?\d\d)?\b",
        _quarter,
        "q",
    ),
    _rule(
        "period",
        r"(?i)\b(first|second|third|fourth)[- ](?:fiscal[- ])?quarter\b",
        _quarter,
        "quarter",
    ),
    _rule(
        "period", r"\b(?:H[12]|[12]H)(?: ?'?20\d\d| '?\d\d)?\b", _folded("period"), "h1 h2 1h 2h"
    ),
    _rule("ordinal", r"(?<![\w.,])(\d{1,4})(?:st|nd|rd|th)\b", _ordinal, "1st 2nd 3rd th"),
    _rule(
        "ordinal",
        r"\b(?:No\.?|Number|Nos\.) ?(\d{1,6})\b|(?<!\w)#(\d{1,6})\b|№ ?(\d{1,6})",
        _ordinal,
        "no number # №",
    ),
    _rule(
        "ordinal",
        r"(?i)\b(?:(?:a |one )?(?:hundred|thousand|million|billion|trillion)[- ](?:and "
        ")?)?(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
        r"[- ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)\b|\b\w+(?: "
        r"\w+)? (?:hundred|thousand|million|billion|trillion)th\b",
        _folded("ordinal"),
        "th first second third",
    ),
    _rule(
        "ordinal",
        (
            r"(?i)\b(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh"
            r"|twelfth)\b"
        ),
        _ordinal,
        "th first second third",
    ),
)
_CJK = (
    _rule(
        "period",
        (
            r"第\s?([1-4一二三四])\s?(?:会計)?(?:四半期|季度|季|財季|财季|営業四半期)"
            r"|(?<![\d.,])([1-4])Q|([一二三四])季度"
        ),
        _quarter,
        "第 q 季度",
    ),
    _rule(
        "period",
        r"(?<![\d.,])(?P<first>\d{1,2})月?\s?[~\-–—至到]\s?(?P<last>\d{1,2})月期?(?!\d{1,2}[日号號])",
        _stretch,
        "月",
    ),
    _rule("period", r"上半[年期]|下半[年期]", _part_of_year, "上半 下半"),
    _rule(
        "period",
        r"前[三3][个個]?季度?|前[九9][个個]月",
        _part_of_year,
        "前三季 前3季 前三个 前三個 前3个 前3個 前九 前9",
    ),
    _rule(
        "period",
        rf"(?<![\d.,{_K}])(?:{_YEAR}|\d\d)年度|(?:{_ERA})(?:\d{{1,3}}|元|[{_K}]{{1,3}})年度?",
        _folded("period"),
        "年度 令和 平成 昭和 大正 明治 民國 民国",
    ),
    _rule("period", r"(?<![\d.,])(?:\d\d|20\d\d)年\d{1,2}月期", _folded("period"), "月期"),
    _rule(
        "period",
        r"十[一二三四五]五(?=规划|規劃|计划|計畫|期间|期間|时期|時期|[，。、”」])",
        _folded("period"),
        "五規 五规 五计 五計 五期 五时 五時 五， 五。 五、 五” 五」",
    ),
    _rule(
        "date",
        (
            rf"(?<![\d.,])(?P<y>{_YEAR})\s?年(?![間间代率増以])(?:\s?(?P<m>1[0-2]"
            r"|0?[1-9])\s?月(?:\s?(?P<d>[0-3]?\d)\s?[日号號])?)?"
        ),
        _date,
        "年",
    ),
    _rule(
        "date",
        rf"(?P<y>[一二][〇零九八][{_K}]{{2}})年(?:(?P<m>[{_K}]{{1,3}})月(?:(?P<d>[{_K}]{{1,3}})日)?)?",
        _date,
        "年",
    ),
    _rule(
        "date",
        r"(?<![\d.,])(?:19|20)?\d0年代|[一二三四五六七八九]{1,2}十年代",
        _folded("date"),
        "年代",
    ),
    _rule("date", r"(?<![\d.,])\d\d年(?P<m>1[0-2]|0?[1-9])月(?:(?P<d>[0-3]?\d)日)?", _date, "年"),
    _rule(
        "date",
        r"(?<![\d.,])(?P<m>1[0-2]|0?[1-9])\s?月(?:\s?(?P<d>[0-3]?\d)\s?[日号號])?(?!間|间)",
        _date,
        "月",
    ),
    _rule(
        "date",
        (
            rf"(?<![{_K}\d])(?P<m>十[一二]"
            f"|[一二三四五六七八九十])月(?:(?P<d>[{_K}]{{1,3}})[日号號])?(?!間|间)"
        ),
        _date,
        "月",
    ),
    _rule(
        "date",
        r"(?<![\d.,])(?P<d>[12]\d|3[01]|0?[1-9])\s?日(?![間间圆圓元円本])",
        _date,
        "日",
    ),
    _rule(
        "date",
        r"(?<=[月至〜~、当當同今])(?P<d>[0-3]?\d)\s?[号號](?!楼|樓|线|線|机|機)",
        _date,
        "号 號",
    ),
    _rule(
        "date", rf"(?<![\d.,{_K}])(?:\d{{1,2}}|[{_K}]{{1,3}})世[紀纪]", _folded("date"), "世紀 世纪"
    ),
    _rule(
        "time",
        (
            "(?P<half>午前|午後|上午|下午|凌晨|早上|晚上|中午|晚间|晚間|夜|傍晚"
            rf"|清晨)\s?(?P<h>\d{{1,2}}|[{_K}两兩]{{1,3}})(?:[時时点點]|:)(?P<min>半"
            rf"|\d{{1,2}}(?=分)|[{_K}]{{1,3}}(?=分))?分?"
        ),
        _time,
        "午 晨 早上 晚 夜 傍",
    ),
    _rule(
        "time",
        (
            r"(?<![\d.,:])(?P<half>)(?P<h>[01]?\d|2[0-4])[時时](?![間间制代点価價价期給报報速計短尚])(?P<min>半"
            r"|[0-5]?\d(?=分))?分?"
        ),
        _time,
        "時 时",
    ),
    _rule(
        "time",
        r"(?<![\d.,:])(?P<half>)(?P<h>[01]?\d|2[0-4])[点點](?P<min>半|[0-5]\d(?=分))分?",
        _time,
        "点 點",
    ),
    _rule(
        "ordinal",
        (
            rf"(?:第|(?<![ぁ-ん])だい)\s?(\d[\d,.]{{0,11}}(?<![,.])|{_N})(?:[兆億亿万萬])?\s?(?:世代|四半期|季度"
            "|セッション|代目?|回|次|版|届"
            "|屆|期|位|名|条|條|章|節|节|部|号|號|巻|番|個|个|大|輪|轮|批|任|家|家族)?"
        ),
        _ordinal,
        "第 だい",
    ),
    _rule("ordinal", rf"最後から\s?({_N})[つ番個回人行]目?前?", _ordinal, "最後から"),
    _rule("ordinal", rf"倒[数數]第\s?({_N})", _ordinal, "倒数 倒數"),
    _rule(
        "ordinal",
        (
            rf"(?<![\d.,])([\d{_K}兆億亿万萬,]{{1,16}}|{_N})(?:番目|回目|つ目|人目|件目|代目"
            "|年目|日目|度目|社目|位(?![置于於])|番手|番(?!組))"
        ),
        _ordinal,
        "目 位 番",
    ),
)


RULES = (*_ANY, *_LATIN, *_CJK)
