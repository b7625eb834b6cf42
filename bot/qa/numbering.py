"""The story of a digest that a question names by its number."""

import re
from collections.abc import Sequence

from bot import text
from bot.model import Story

_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_DIGITS = "一二三四五六七八九十"
_NEWS = r"(?:story|stories|item|article|topic|news|headline)"
_NUMBERED = (
    re.compile(rf"\b{_NEWS}\s?(?:no\.?\s?|number\s|#)?(\d{{1,2}})\b"),
    re.compile(r"(?:^|[\s(])#(\d{1,2})\b"),
    re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)\s{_NEWS}\b"),
    re.compile(
        r"(?<![\d第])(\d{1,2})番(?:目の?(?:ニュース|記事|話題|話|件|項目)"
        r"|(?=$|[はがのをにでと、。？? ]))"
    ),
    re.compile(r"(\d{1,2})(?:つ目|件目|本目|個目)の?(?:ニュース|記事|話題|話|件|項目)?"),
    re.compile(r"(?:ニュース|記事|話題)\s?(\d{1,2})(?!\d|月|日|年|件|本)"),
    re.compile(r"第\s?(\d{1,2})\s?(?:条|條|则|則|篇|个(?:新闻|故事|消息)|個(?:新聞|故事|消息)|の?(?:ニュース|記事|話題))"),
)  # fmt: skip
_WORDED = re.compile(rf"\b({'|'.join(_ORDINALS)})\s{_NEWS}\b")
_HAN_NUMBER = re.compile(
    rf"第([{_DIGITS}])(?:条|條|则|則|篇|个(?=新闻|故事|消息)|個(?=新聞|故事|消息))"
    rf"|([{_DIGITS}])つ目|([{_DIGITS}])番目の(?:ニュース|記事|話題)"
)


def about(question: str, stories: Sequence[Story]) -> Story | None:
    """The story that a question names by its number in the digest, None where it names none.

    Numbers that count something else (Q3, 第3四半期, iPhone 16) name no story.
    """
    number = _number(text.fold(question))
    return stories[number - 1] if 1 <= number <= len(stories) else None


def _number(folded: str) -> int:
    for pattern in _NUMBERED:
        if match := pattern.search(folded):
            return int(match[1])
    if match := _WORDED.search(folded):
        return _ORDINALS.index(match[1]) + 1
    if match := _HAN_NUMBER.search(folded):
        return _DIGITS.index(next(filter(None, match.groups()))) + 1
    return 0
