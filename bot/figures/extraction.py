"""Figures of a text, found in one pass from left to right.

Each place where a number can begin is read once: the number, the signs and currency before it, the
magnitude and unit after it; then neighbours are joined to ranges and compounds, and the words
around tell qualifier, change, rate, and what is counted.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from heapq import merge

from bot.facts import Figure, Lang, Qualifier, Quote
from bot.figures import (
    alone,
    context,
    idioms,
    kana,
    numerals,
    quantities,
    ranges,
    spelled,
    units,
)
from bot.figures.atoms import ONE, Atom
from bot.figures.mentions import Mention, scan
from bot.figures.patterns import Late
from bot.figures.spelled import Spans

_STARTS = Late(
    r"\d|[一二三四五六七八九十百千万萬億亿数數几幾两兩半上½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞]"
    r"|[〇零](?=[点點・·円元%]|で[すは])|[对對](?=折)|(?<![\w.)])\.(?=\d)"
)
# Runs of numbers without a word between them, and endless ones: no text that states a quantity.
_NOISE = Late(
    r"\d{49,}+|[〇零一二三四五六七八九十百千万萬億亿]{49,}+"
    r"|(?:\d{1,48}+[,.~:/\-–、・ (（分のと之又点]{1,4}+){24,}+\d*"
    r"|(?:\b(?:an?|one|two|three|half|hundred|thousand|million|billion|and|ten)\b[ -]){24,}+"
)
_SHADOW = Late(
    "三星|三菱|三井|三洋|三一重工|三越|三安|三峡|三角|三国|万科|万达|万華|万一|万向|万国"
    "|万博|八十二銀行|十六銀行|七十七銀行|百五銀行|百度"
    "|百貨|百货|百科|百姓|百合|千方|千葉|千代|千[万萬](?=別|别|不|要|記|记|小心|に一つ)"
    "|四川|四国|四方|四季|九州"
    "|九龍|九龙|二手|二維|二维|二次元|三次元"
    "|両国|六本木|五輪|五轮|五毛|五十嵐|七夕|十分(?!之|钟|鐘|間|の)|十字|十足|三大|四大"
    "|五大|六大|七大|八大|九大|十大|两岸|兩岸|两会|兩會"
    "|两者|兩者|一[方部致起直切旦様般番応度連層齐齊同些向貫体體流線线定瞬帯]|統一|统一"
    "|唯一|同一|万能|万全|百年(?=企業|企业)|五星|四面|三维|三維"
    "|半[導导島岛径徑球]|数[学字值値据位量]|數[學字值據位量]|上[海市場场下述司半証证]|几乎"
    "|幾乎|几何|幾何|国九条|千[島岛]|上[百千万](?=分)"
    "|三角|八幡|八王子|二酸化|二氧化|一酸化|三重県|五里|百分(?![之の])|百計|百计|千載|千载"
    "|万象|萬象|萬一|兩難|两难|三農|三农|四半期|二極|两极|百花"
)


def find(text: str, lang: Lang | None = None, *, article_id: str = "") -> tuple[Figure, ...]:
    """The figures of a text in order of their start, with exact code-point spans in it.

    `lang` decides what 元, ¥ and 兆 mean; None reads them as the script suggests.
    """
    t = numerals.fold(text)
    found, _ = read(t, lang)
    return tuple(_figure(atom, text, t, lang, article_id) for atom in found)


def read(t: str, lang: Lang | None) -> tuple[list[Atom], list[Mention]]:
    """Atoms, joined where they belong together, and mentions of a folded text."""
    if (only := alone.read(t, lang)) is not None:
        return [only], []
    mentions = scan(t)
    shadows = [m.span() for pattern in (_SHADOW, _NOISE) for m in pattern.finditer(t)]
    blocked = sorted([*((m.start, m.end) for m in mentions), *shadows])
    names: list[Mention] = []
    atoms = ranges.joined(t, list(_atoms(t, lang, blocked, names)), lang)
    names += [
        quantities.named(t, a.start, a.end) for a in atoms if a.tentative and t[a.core].isdecimal()
    ]
    kept = [a for a in atoms if not (a.tentative or idioms.covers(t, a.start, a.end))]
    return kept, sorted([*mentions, *names], key=lambda m: m.start)


def _atoms(t: str, lang: Lang | None, blocked: Spans, names: list[Mention]) -> Iterator[Atom]:
    starts = [b[0] for b in blocked]
    words = merge(
        spelled.atoms(t, lang, blocked, starts), kana.atoms(t, lang), key=lambda atom: atom.start
    )
    pending = next(words, None)
    at = edge = 0  # where to read on, and where the last atom ended
    for match in _STARTS.finditer(t):
        place = match.start()
        if place < at:
            continue
        while pending is not None and pending.start < place:
            if pending.start >= at:
                yield pending
                at = edge = max(at, pending.end)
            pending = next(words, None)
        if place < at:
            continue
        if (end := spelled.blocked(place, blocked, starts)) is not None:
            at = end
            continue
        got = quantities.at(t, place, lang, names, edge)
        if isinstance(got, Atom):
            if got.start >= edge:
                yield got
            at = edge = got.end
        else:
            at = got
    while pending is not None:
        if pending.start >= at:
            yield pending
        pending = next(words, None)


def _figure(atom: Atom, text: str, t: str, lang: Lang | None, article_id: str) -> Figure:
    around = context.around(t, atom.start, atom.end, atom.core, atom.unit, atom.classifier)
    unit, value, high = around.unit, atom.value, atom.high
    qualifier: Qualifier | None = around.qualifier
    if atom.hedge == "vague":
        qualifier = "vague"
    elif atom.hedge == "over":
        qualifier = "over"
    elif atom.hedge == "between":
        qualifier = None
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
    names, identifiers and set phrases with a numeral (idioms), each with a key that is equal in
    every language."""
    t = numerals.fold(text)
    _, found = read(t, lang)
    phrases = [
        Mention(kind="idiom", start=a, end=b, exact="", value=f"idiom:{t[a:b].lower()}")
        for a, b in idioms.phrases(t)
    ]
    free = (m for m in found if not any(p.start < m.end and m.start < p.end for p in phrases))
    every = sorted([*free, *phrases], key=lambda m: m.start)
    return tuple(replace(m, exact=text[m.start : m.end]) for m in every)
