"""What the words around a number tell: hedge, direction, rate, measure and whose it is."""

import pytest

from bot.figures import find

HEDGED = [
    ("approx", ["roughly 500 people", "約500人", "500人前後", "500人ほど", "约500人", "500人左右"]),
    ("near", ["nearly 500 people", "500人近く", "近500人", "将近500人", "將近500人"]),
    ("over", ["over 500 people", "500人超", "500人を超える", "超过500人", "逾500人", "500多人"]),
    ("atleast", ["no fewer than 500 people", "500人以上", "少なくとも500人", "至少500人"]),
    ("under", ["fewer than 500 people", "500人未満", "500人足らず", "不到500人", "不足500人"]),
    ("upto", ["as many as 500 people", "最大500人", "500人以下", "最多500人"]),
    (None, ["the 500 people", "計500人", "共500人"]),
]
DIRECTED = [
    ("up", ["rose 5%", "5%増", "5%上昇", "增长5%", "上涨5%", "年增5%", "5% higher", "+5%"]),
    ("down", ["fell 5%", "5%減", "5%低下", "下降5%", "下跌5%", "衰退5%", "5% lower", "cut by 5%"]),
    (None, ["rose to 5%", "5%となった", "达到5%", "為5%", "stood at 5%"]),
]
RATED = [
    ("month", ["$5 a month", "月額5ドル", "每月5美元"]),
    ("year", ["$5 per year", "年間5ドル", "每年5美元"]),
    ("share", ["$5 per share", "1株当たり5ドル", "每股5美元", "EPS of $5"]),
    ("barrel", ["$5 a barrel", "1バレル当たり5ドル", "每桶5美元"]),
    ("oz", ["$5 an ounce", "1オンス当たり5ドル", "每盎司5美元"]),
    (None, ["$5 each time", "5ドルの品", "5美元"]),
]


def language(text: str) -> str:
    if text.isascii():
        return "en"
    return "ja" if any("ぁ" <= c <= "ヿ" for c in text) else "zh-Hans"


@pytest.mark.parametrize(("hedge", "text"), [(h, t) for h, texts in HEDGED for t in texts])
def test_a_hedge_on_either_side_is_read(hedge: str | None, text: str) -> None:
    (figure,) = find(f"{text}。" if not text.isascii() else f"{text}.", language(text))
    assert figure.value == 500
    assert figure.qualifier == hedge


@pytest.mark.parametrize(("way", "text"), [(w, t) for w, texts in DIRECTED for t in texts])
def test_only_the_amount_of_a_change_has_a_direction(way: str | None, text: str) -> None:
    (figure,) = find(f"{text}。" if not text.isascii() else f"It {text}.", language(text))
    assert figure.value == 5
    assert figure.change == way


@pytest.mark.parametrize(("each", "text"), [(e, t) for e, texts in RATED for t in texts])
def test_what_an_amount_is_for_is_read(each: str | None, text: str) -> None:
    figures = [f for f in find(text, language(text)) if f.unit == "USD"]
    assert [f.value for f in figures] == [5]
    assert figures[0].per == each


@pytest.mark.parametrize(
    ("lang", "text", "measure", "subject"),
    [
        ("en", "SoftBank's operating profit rose to $5 billion.", "operating profit", "SoftBank"),
        ("en", "The Net loss was $5 billion.", "Net loss", ""),
        ("ja", "ソフトバンクの営業利益は5億ドルだった。", "営業利益", "ソフトバンク"),
        ("zh-Hans", "苹果公司，营收5亿美元。", "营收", "苹果公司"),
        ("en", "It paid $5 billion in revenue.", "revenue", ""),
        ("en", "It paid $5 billion. Revenue is unknown.", "", ""),
        ("en", "Revenue was 3 million, $5 billion came later.", "", ""),
        ("en", "We asked Nvidia for $5 billion.", "", "Nvidia"),
    ],
)
def test_measure_and_subject_are_in_the_texts_own_words(
    lang: str, text: str, measure: str, subject: str
) -> None:
    figure = find(text, lang)[-1]
    assert (figure.measure, figure.subject) == (measure, subject)


@pytest.mark.parametrize(
    ("lang", "text", "unit", "counts"),
    [
        ("en", "It used 8,192 TPUv4 chips.", "chip", "TPUv4 chips"),
        ("ja", "8192個のTPUv4チップを使う。", "chip", "TPUv4チップ"),
        ("zh-Hans", "用8192张TPUv4芯片训练。", "chip", "TPUv4芯片"),
        ("zh-Hant", "以6.3兆個token訓練。", "token", "token"),
        ("zh-Hans", "消耗10^25次浮点运算。", "FLOP", "浮点运算"),
        ("en", "It owes 1,000 creditors.", "count", "creditors"),
        ("zh-Hans", "二十多个国家参加。", "country", "国家"),
    ],
)
def test_the_counted_noun_decides_the_unit_and_stays_outside(
    lang: str, text: str, unit: str, counts: str
) -> None:
    (figure,) = find(text, lang)
    assert (figure.unit, figure.counts) == (unit, counts)
    assert counts not in figure.quote.exact
