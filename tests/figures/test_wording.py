"""Figures in the words of four languages, and that what is said is found again."""

from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.figures import find, say, units
from bot.model import LANGS, Change, Figure, Lang, Qualifier, Quote


def figure(value: str | Decimal, unit: str = "", **more: object) -> Figure:
    exact = str(more.pop("exact", value))
    quote = Quote(article_id="a", start=0, end=len(exact), exact=exact)
    kind = str(more.pop("kind", units.kind(unit)))
    return Figure(id="a:0", quote=quote, value=Decimal(value), unit=unit, kind=kind, **more)  # type: ignore[arg-type]


def in_all(said: Figure) -> tuple[str, ...]:
    return tuple(say(said, lang) for lang in LANGS)


HIGH = Decimal("3.5e11")
ROWS = {
    "magnitudes": (
        figure("6.3e12", "token"),
        ("6.3 trillion tokens", "6.3兆トークン", "6.3万亿个token", "6.3兆個token"),
    ),
    "exact digits stay": (
        figure("8192", "chip"),
        ("8,192 chips", "8,192個のチップ", "8,192枚芯片", "8,192顆晶片"),
    ),
    "a model's name": (
        figure("8192", "chip", counts="TPUv4 chips"),
        ("8,192 TPUv4 chips", "8,192個のTPUv4チップ", "8,192枚TPUv4芯片", "8,192顆TPUv4晶片"),
    ),
    "a long tail is not cut": (
        figure("1234567890", "person"),
        ("1,234,567,890 people", "1,234,567,890人", "1,234,567,890人", "1,234,567,890人"),
    ),
    "four digits behind a magnitude": (
        figure("1234600000", "USD"),
        ("$1.2346 billion", "12.346億ドル", "12.346亿美元", "12.346億美元"),
    ),
    "no digit is dropped for a magnitude": (
        figure("1234560000", "USD"),
        ("$1,234,560,000", "12.3456億ドル", "12.3456亿美元", "12.3456億美元"),
    ),
    "one of a thing": (figure("1", "page"), ("1 page", "1ページ", "1页", "1頁")),
    "nothing": (figure("0", "%"), ("0%", "0%", "0%", "0%")),
    "money with a sign": (
        figure("4.5e9", "USD"),
        ("$4.5 billion", "45億ドル", "45亿美元", "45億美元"),
    ),
    "money with a word": (
        figure("1.2e12", "JPY"),
        ("1.2 trillion yen", "1.2兆円", "1.2万亿日元", "1.2兆日圓"),
    ),
    "a loss": (
        figure("-34000000", "USD"),
        ("-$34 million", "-3,400万ドル", "-3,400万美元", "-3,400萬美元"),
    ),
    "money without words": (figure("5", "ZAR"), ("5 ZAR", "5 ZAR", "5 ZAR", "5 ZAR")),
    "a range of money": (
        figure("3e11", "USD", value_max=HIGH),
        (
            "$300 billion–$350 billion",
            "3,000億〜3,500億ドル",
            "3,000亿至3,500亿美元",
            "3,000億至3,500億美元",
        ),
    ),
    "a range": (
        figure("10", "year", value_max=Decimal(15)),
        ("10–15 years", "10〜15年間", "10至15年", "10至15年"),
    ),
    "a rise": (figure("15", "%", change="up"), ("up 15%", "15%増", "增长15%", "增長15%")),
    "a fall": (figure("15", "%", change="down"), ("down 15%", "15%減", "下降15%", "下降15%")),
    "a time has no direction": (
        figure("2", "week", change="down"),
        ("2 weeks", "2週間", "2周", "2週"),
    ),
    "a rate": (
        figure("20", "USD", per="month"),
        ("$20 per month", "月額20ドル", "每月20美元", "每月20美元"),
    ),
    "a rate without words": (figure("20", "USD", per="坪"), ("$20", "20ドル", "20美元", "20美元")),
    "a fraction": (
        figure(Decimal(100) / 3, "%", kind="fraction"),
        ("a third", "3分の1", "三分之一", "三分之一"),
    ),
    "a half": (figure("50", "%", kind="fraction"), ("half", "半分", "一半", "一半")),
    "a quarter": (
        figure("25", "%", kind="fraction"),
        ("a quarter", "4分の1", "四分之一", "四分之一"),
    ),
    "tenths": (figure("70", "%", kind="fraction"), ("70%", "7割", "七成", "七成")),
    "an odd share": (
        figure("22.5", "%", kind="fraction"),
        ("22.5%", "22.5%", "22.5%", "22.5%"),
    ),
    "a share without end": (
        figure(Decimal(100) / 7, "%", kind="fraction"),
        ("14.29%", "14.29%", "14.29%", "14.29%"),
    ),
    "a ratio": (figure("1.5", "ratio", exact="3対2"), ("3:2", "3:2", "3:2", "3:2")),
    "a ratio in words": (figure("4", "ratio", exact="四対一"), ("4:1", "4:1", "4:1", "4:1")),
    "a unit by its symbol": (
        figure("4.8", "TB/s"),
        ("4.8 TB/s", "4.8 TB/s", "4.8 TB/s", "4.8 TB/s"),
    ),
    "a unit without a word": (figure("5", "mu"), ("5 mu", "5 mu", "5亩", "5畝")),
    "a unit by its character": (figure("5", "坪"), ("5坪", "5坪", "5坪", "5坪")),
    "temperature": (figure("-20", "°C"), ("-20°C", "-20℃", "-20摄氏度", "-20攝氏度")),
    "English nouns in English only": (
        figure("1000", "count", counts="creditors"),
        ("1,000 creditors", "1,000", "1,000", "1,000"),
    ),
    "Chinese nouns in no English": (
        figure("40000", "count", counts="晶圓"),
        ("40,000", "4万", "4万", "4萬"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("said", "words"), ROWS.values(), ids=ROWS)
def test_a_figure_is_said_in_the_words_of_each_language(
    said: Figure, words: tuple[str, ...]
) -> None:
    assert in_all(said) == words


HEDGES = {
    "approx": ("about 500 people", "約500人", "约500人", "約500人"),
    "near": ("nearly 500 people", "500人近く", "近500人", "近500人"),
    "over": ("more than 500 people", "500人超", "超500人", "逾500人"),
    "atleast": ("at least 500 people", "500人以上", "至少500人", "至少500人"),
    "under": ("less than 500 people", "500人未満", "不到500人", "不到500人"),
    "upto": ("up to 500 people", "最大500人", "最多500人", "最多500人"),
}


@pytest.mark.parametrize(("qualifier", "words"), HEDGES.items(), ids=HEDGES)
def test_a_hedge_is_said_in_each_language(qualifier: str, words: tuple[str, ...]) -> None:
    assert in_all(figure("500", "person", qualifier=qualifier)) == words


VAGUE = {
    ("1e9", "USD"): ("billions of dollars", "数十億ドル", "数十亿美元", "數十億美元"),
    ("1e10", "JPY"): ("tens of billions of yen", "数百億円", "数百亿日元", "數百億日圓"),
    ("1e8", "GBP"): (
        "hundreds of millions of pounds sterling", "数億ポンド", "数亿英镑", "數億英鎊",
    ),
    ("1000", "person"): ("thousands of people", "数千人", "数千人", "數千人"),
    ("100", "company"): ("hundreds of companies", "数百社", "数百家公司", "數百家公司"),
    ("100", "count"): ("hundreds", "数百", "数百", "數百"),
    ("1e12", "KRW"): ("trillions of won", "数兆ウォン", "数万亿韩元", "數兆韓元"),
    ("1e7", "ZAR"): ("tens of millions of ZAR", "数千万 ZAR", "数千万 ZAR", "數千萬 ZAR"),
    ("10", "person"): ("10 people", "数十人", "数十人", "數十人"),
    ("1", "person"): ("1 person", "1人", "1人", "1人"),
    ("2000", "person"): ("2,000 people", "2,000人", "2,000人", "2,000人"),
    ("1e16", "person"): (
        "10,000 trillion people", "10,000兆人", "10,000万亿人", "10,000兆人",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("given_", "words"), VAGUE.items(), ids=lambda v: "-".join(v)[:30])
def test_only_the_order_of_magnitude_of_a_vague_number_is_said(
    given_: tuple[str, str], words: tuple[str, ...]
) -> None:
    assert in_all(figure(given_[0], given_[1], qualifier="vague")) == words


# --- round trip --------------------------------------------------------------------------------

# Units that say() has words for in all four languages; "lb" is not among them.
COUNTED = "chip token parameter page person company country household vehicle device server".split()
COUNTED += "satellite store share".split()
MEASURED = (
    "week day hour month minute ms nm mm cm km m2 ha t kg kW MW GW kWh GB TB MB TB/s GHz x".split()
)
MONEY = "USD HKD TWD AUD CAD EUR GBP JPY CNY KRW INR CHF RUB THB BRL SGD".split()
RATES = ["%", "pp", "bp"]


def digits(low: int, high: int, places: int) -> st.SearchStrategy[Decimal]:
    """Decimals with at most three significant digits after a magnitude, as news print them."""
    return st.builds(
        lambda n, e: Decimal(n).scaleb(e),
        st.integers(low, high),
        st.integers(-places, 9),
    )


@st.composite
def figures(draw: st.DrawFn) -> Figure:
    unit = draw(st.sampled_from([*COUNTED, *MEASURED, *MONEY, *RATES]))
    whole = units.dimension(unit) == "count"
    value = draw(digits(2, 9999, 0 if whole else 2))
    high = value + draw(st.integers(1, 40)) if draw(st.booleans()) and value < 1000 else None
    hedges: list[Qualifier | None] = [None, *[q for q in get_args(Qualifier) if q != "vague"]]
    change: Change | None = None
    per = None
    if units.dimension(unit) in ("percent", "percent-point"):
        changes: list[Change | None] = ["up", "down"] if unit == "pp" else [None, "up", "down"]
        change = draw(st.sampled_from(changes))
    if units.dimension(unit) == "money":
        per = draw(st.sampled_from([None, "month", "share", "barrel", "person"]))
    qualifier = draw(st.sampled_from(hedges)) if change is None and per is None else None
    return figure(value, unit, value_max=high, qualifier=qualifier, change=change, per=per)


@pytest.mark.parametrize("lang", LANGS)
@settings(max_examples=150, deadline=None, derandomize=True)
@given(said=figures())
def test_what_is_said_is_found_again_as_the_same_figure(lang: Lang, said: Figure) -> None:
    text = say(said, lang)
    found = find(text, lang)
    assert len(found) == 1, text
    (again,) = found
    assert units.base(again.value, again.unit) == units.base(said.value, said.unit), text
    assert again.value_max == said.value_max, text
    assert (again.qualifier, again.change, again.per) == (
        said.qualifier,
        said.change,
        said.per,
    ), text


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("unit", [*COUNTED, *MEASURED, *MONEY, "%", "bp", "case", "MW"])
def test_every_unit_and_hedge_is_found_again(unit: str, lang: Lang) -> None:
    for value in ("2", "25", "8192"):
        for hedge in (None, *HEDGES):
            text = say(figure(value, unit, qualifier=hedge), lang)
            (again,) = find(text, lang)
            assert units.base(again.value, again.unit) == units.base(Decimal(value), unit), text
            assert again.qualifier == hedge, text
            assert again.change is None, text


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("percent", ["50", "25", "75", "10", "70", "22.5", "12.34"])
def test_a_share_is_found_again(lang: Lang, percent: str) -> None:
    said = figure(percent, "%", kind="fraction")
    (again,) = find(say(said, lang), lang)
    assert (again.value, again.unit) == (said.value, "%")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("power", [2, 3, 4, 6, 7, 8, 9, 10, 11, 12])
def test_a_vague_number_is_found_again(lang: Lang, power: int) -> None:
    said = figure(Decimal(10) ** power, "USD", qualifier="vague")
    (again,) = find(say(said, lang), lang)
    assert (again.value, again.unit, again.qualifier) == (said.value, "USD", "vague")


@pytest.mark.parametrize(
    ("text", "said"),
    [("It makes 40,000 a month.", "月間4万"), ("It costs $40 a month.", "月額40ドル")],
)
def test_only_money_has_a_monthly_amount_in_japanese(text: str, said: str) -> None:
    (figure,) = find(text, "en")
    assert say(figure, "ja").startswith(said)
    (again,) = find(f"{say(figure, 'ja')}。", "ja")
    assert again.per == "month"
