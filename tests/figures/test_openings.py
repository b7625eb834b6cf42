"""Characters that count alone and open another word elsewhere: 台 of 5台, not of 台湾."""

import pytest

from bot.figures import find

OTHER_WORDS = [
    ("zh-Hans", "投资3人工智能公司。", "3人"),
    ("zh-Hans", "公司拥有3台湾工厂。", "3台"),
    ("zh-Hant", "台灣5台積電工廠擴產。", "5台"),
    ("ja", "1本社移転を決めた。", "1本"),
    ("ja", "3人気店に並んだ。", "3人"),
    ("zh-Hans", "5年轻人创业。", "5年"),
    ("zh-Hans", "3年级学生来访。", "3年"),
    ("ja", "5週刊誌が報じた。", "5週"),
    ("ja", "3件名を直した。", "3件"),
    ("ja", "1株式会社の話だ。", "1株"),
    ("ja", "2時価会計を学ぶ。", "2時"),
]
COUNTED = [
    ("zh-Hans", "现场有3人工作。", "3人"),
    ("zh-Hans", "新增5台风力发电机。", "5台"),
    ("ja", "社員50人が働く。", "50人"),
    ("ja", "工場に12台を置く。", "12台"),
    ("zh-Hans", "签下5年合同。", "5年"),
]
NO_RATE = [
    ("zh-Hans", "日产汽车销售100亿元。"),
    ("zh-Hans", "每日本企业平均投资5亿元。"),
    ("zh-Hans", "每年轻人消费5000元。"),
    ("ja", "毎日新聞によると500億円の赤字。"),
    ("ja", "日立は100億円を投じる。"),
    ("ja", "月面探査に120億円を投じる。"),
    ("ja", "年金は5兆円の黒字。"),
]
RATES = [
    ("zh-Hans", "公司日产100万桶原油。", "day"),
    ("zh-Hans", "每月收费30元。", "month"),
    ("zh-Hans", "日均交易额100亿元。", "day"),
    ("ja", "1株当たり50円を払う。", "share"),
]


@pytest.mark.parametrize(("lang", "text", "misread"), OTHER_WORDS)
def test_a_counter_that_opens_another_word_counts_nothing(
    lang: str, text: str, misread: str
) -> None:
    assert misread in text
    assert misread not in [f.quote.exact for f in find(text, lang)]


@pytest.mark.parametrize(("lang", "text", "counted"), COUNTED)
def test_a_counter_before_a_word_of_its_own_counts(lang: str, text: str, counted: str) -> None:
    assert [f.quote.exact for f in find(text, lang)] == [counted]


@pytest.mark.parametrize(("lang", "text"), NO_RATE)
def test_a_name_that_begins_like_a_time_is_no_rate(lang: str, text: str) -> None:
    (figure,) = find(text, lang)
    assert figure.per is None


@pytest.mark.parametrize(("lang", "text", "per"), RATES)
def test_a_rate_is_still_a_rate(lang: str, text: str, per: str) -> None:
    (figure,) = find(text, lang)
    assert figure.per == per
