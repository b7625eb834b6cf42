"""Numbers that mean none: set phrases of four languages that have a numeral in them."""

import re
from collections.abc import Iterator

from bot.figures.patterns import Late

_ENGLISH = """
in two minds|of two minds|at sixes and sevens|one of a kind|two of a kind|24/7|back to square one
cloud nine|two peas in a pod|the whole nine yards|nine times out of ten|six feet under|forty winks
one in a million|thanks a million|a million miles away|ten to one|dressed to the nines|catch[- ]22
hindsight is 20/20|20/20 hindsight|fifty[- ]fifty|a thousand words|two sides of the same coin
(?:kill )?two birds with one stone|third time lucky|on all fours|two cents|second to none
second nature|at the eleventh hour|eleventh-hour|fifth wheel|six of one|half a dozen of the other
ten a penny|two a penny|a hundred and one things|g[ia]ve (?:it )?110%|take five|high five
two left feet|one-size-fits-all|two wrongs|three's a crowd|knock(?:ed)? for six|nine lives
a stitch in time saves nine|seven-year itch|sixth sense|seventh heaven|first and foremost
one and only|three cheers|three-ring circus|million-dollar question|one-trick pony
"""
_PHRASES = "|".join(p.strip() for p in _ENGLISH.replace("\n", "|").split("|") if p.strip())
_ENGLISH_PHRASE = Late(rf"(?<![\w-])(?:{_PHRASES})(?![\w-])", re.IGNORECASE)
# Two numerals, each before one character that counts nothing: 一石二鳥, 九牛一毛, 七上八下.
_HAN = "(?=[一-鿿])"
_NUMERAL = "[一二三四五六七八九十百千万萬半两兩]"
# What a number counts, or is scaled by: with one of these it is a quantity.
_COUNTERS = (
    "几幾数數多余餘来來上户戶世口篇份座颗顆款笔筆架艘匹亩畝顿頓集章节節杯瓶盒箱包袋片粒根把对對双雙"
    "群批轮輪番年月日天時时週周秒個个人名位家社台臺辆輛件次度回本枚張张條条只隻頭头套部块塊元円圓圆角"
    "毛折级級岁歲歳男女室厅廳卫衛死伤傷胜勝负負敗败平戰战期届屆名页頁層层樓楼間间場场票校院县縣市省国"
    "國种種組组代號号米吨噸克里升斤股株点點分割成倍の之"
)
_THING = f"[^{_COUNTERS}一二三四五六七八九十百千万萬億亿兆半两兩〇零]"
_LISTED = """
九牛一毛|七上八下|三日坊主|十人十色|八方美人|百発百中|一日千秋|一期一会|二束三文|五里霧中|七転び?八起き?|三三五五|九死一生
三位一体|三位一體|四六時中|二六時中|十中八九|千載一遇|千载一遇|一長一短|一朝一夕|石の上にも三年|二の次
三度目の正直|人一倍|二人三脚|百も承知|五十歩百歩|五十步笑百步|三十六[计計策]|三百六十行
八九不[离離]十|十之八九|十有八九|半斤八[两兩]|三言[两兩][语語]|千言[万萬][语語]|[万萬][万萬]没想到
一箭双雕|一箭雙鵰|三天[两兩][头頭]|三番[两兩五][次回]|四分五裂|三令五申|百里挑一|千里之行|百年大[计計]
一日三秋|一刻千金|三顾茅庐|三顧茅廬|[两兩]全其美|一举[两兩]得|一舉[两兩]得|一分为二|一分為二|[万萬]里长城|万里の長城
乱七八糟|亂七八糟|接二[连連]三|[颠顛]三倒四|低三下四|丢三落四|不三不四|[张張]三李四|五体満足|一人前
十年一日|千里眼|百面相|三下五除二|九九八十一|七老八十
"""
_SET = "|".join(p.strip() for p in _LISTED.replace("\n", "|").split("|") if p.strip())
_CJK_PHRASE = Late(
    rf"(?:{_SET})|(?<![一二三四五六七八九十百千万萬第]){_NUMERAL}{_HAN}{_THING}{_NUMERAL}{_HAN}{_THING}"
)
_REACH = 24  # characters that a phrase may begin before its number


def phrases(t: str) -> Iterator[tuple[int, int]]:
    """The spans of the set phrases of a text."""
    for pattern in (_ENGLISH_PHRASE,) if t.isascii() else (_ENGLISH_PHRASE, _CJK_PHRASE):
        yield from (m.span() for m in pattern.finditer(t))


def covers(t: str, start: int, end: int) -> bool:
    """Whether a number is part of a set phrase."""
    if t[start].isdecimal() and t[start:end] != "110%":
        return False
    edge = max(0, start - _REACH)
    return any(a < end - edge and start - edge < b for a, b in phrases(t[edge : end + _REACH]))
