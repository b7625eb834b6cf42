"""Which figures cannot all be right, and, as important, which only look so."""

from decimal import Decimal

import pytest

from bot.figures import conflicts, find
from bot.model import Conflict, Figure


def of(*articles: tuple[str, str]) -> tuple[Conflict, ...]:
    """The conflicts of articles, each given as language and text."""
    texts = {f"a{i}": text for i, (_, text) in enumerate(articles)}
    figures: list[Figure] = []
    for (name, text), (lang, _) in zip(texts.items(), articles, strict=True):
        figures += find(text, lang, article_id=name)
    return conflicts(figures, texts=texts)


def quotes(conflict: Conflict) -> list[str]:
    return [f.quote.exact for f in conflict.figures]


# --- contradictions ----------------------------------------------------------------------------


def test_a_slip_of_ten_between_two_sentences_is_a_scale_conflict() -> None:
    (conflict,) = of(
        (
            "ja",
            (
                "論文では8192個のチップで6.3兆トークンを使い学習した。\n"
                "別の箇所では8192個のチップで6,300億トークンを使い学習したとある。"
            ),
        )
    )
    assert conflict.kind == "scale"
    assert conflict.ratio == 10
    assert quotes(conflict) == ["6.3兆トークン", "6,300億トークン"]


def test_a_slip_is_told_once_however_often_it_is_repeated() -> None:
    found = of(
        ("ja", "6.3兆トークンで学習した。"),
        ("ja", "6,300億トークンで学習した。"),
        ("zh-Hans", "用6.3万亿个token训练。"),
    )
    assert [c.kind for c in found] == ["scale"]


def test_money_of_one_measure_that_slips_by_a_thousand_is_a_scale_conflict() -> None:
    (conflict,) = of(("en", "Revenue was $45 million."), ("en", "Revenue was $45 billion."))
    assert conflict.kind == "scale"
    assert conflict.ratio == 1000
    assert quotes(conflict) == ["$45 billion", "$45 million"]


def test_a_single_digit_slips_only_in_a_repeated_statement() -> None:
    same = "The startup Acme raised {} for its chip plant in Dresden."
    (conflict,) = of(("en", same.format("$5 million")), ("en", same.format("$50 million")))
    assert conflict.kind == "scale"
    assert of(("en", "Acme got $5 million."), ("en", "Bolt made $50 million.")) == ()


def test_a_slip_of_one_unlisted_noun_is_a_scale_conflict() -> None:
    (conflict,) = of(("en", "The zoo has 450 lions, but the guide lists 4,500 lions."))
    assert conflict.kind == "scale"
    assert quotes(conflict) == ["4,500", "450"]


def test_transposed_digits_of_one_noun_are_a_value_conflict() -> None:
    (conflict,) = of(("en", "They bought 2,048 TPUv5p chips. Later 2,084 TPUv5p chips ran."))
    assert conflict.kind == "value"
    assert quotes(conflict) == ["2,084", "2,048"]


def test_transposed_money_of_one_measure_is_a_value_conflict() -> None:
    (conflict,) = of(("en", "Revenue was $48 million. The firm said revenue hit $84 million."))
    assert conflict.kind == "value"
    assert conflict.ratio == Decimal(84) / 48


def test_one_statement_repeated_with_another_number_is_a_value_conflict() -> None:
    (conflict,) = of(
        (
            "en",
            (
                "The plant in Dresden employs 300 skilled engineers today. "
                "The plant in Dresden employs 520 skilled engineers today."
            ),
        )
    )
    assert quotes(conflict) == ["520", "300"]


def test_two_sources_that_disagree_on_one_measure_are_a_value_conflict() -> None:
    (conflict,) = of(
        ("en", "Acme's operating profit was $300 million."),
        ("ja", "アクメの営業利益は5億ドルだった。"),
    )
    assert conflict.kind == "value"
    assert quotes(conflict) == ["5億ドル", "$300 million"]


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "Sales rose 50% from $100 million to $110 million."),
        ("ja", "売上高は100億円から110億円に50%増えた。"),
        ("zh-Hans", "营收从100亿元增长50%至110亿元。"),
    ],
)
def test_a_percentage_that_the_two_ends_do_not_give_is_an_arithmetic_conflict(
    lang: str, sentence: str
) -> None:
    found = [c for c in of((lang, sentence)) if c.kind == "arithmetic"]
    assert len(found) == 1
    assert len(found[0].figures) == 3
    assert found[0].ratio == 5
    assert found[0].figures[2].unit == "%"


def test_a_sum_a_few_points_off_is_an_arithmetic_conflict() -> None:
    (conflict,) = of(("en", "Sales rose 14% from $100 million to $110 million."))
    assert conflict.kind == "arithmetic"
    assert quotes(conflict) == ["$100 million", "$110 million", "14%"]


def test_a_wrong_direction_is_an_arithmetic_conflict() -> None:
    (conflict,) = of(("en", "Sales fell 10% from $100 million to $110 million."))
    assert conflict.kind == "arithmetic"
    assert conflict.ratio == 1


# --- no contradictions -------------------------------------------------------------------------

PEACE = {
    "sentences with few words in common": [
        (
            "en",
            (
                "Acme paid $30 million for the plant in Dresden. "
                "Bolt of Turin later sold the same old plant near a river for $52 million."
            ),
        )
    ],
    "the sum is right": [("en", "Sales rose 10% from $100 million to $110 million.")],
    "rounding explains it": [("en", "Sales rose 11% from $98 million to $109 million.")],
    "one end is missing": [("en", "Sales rose 50% to $110 million.")],
    "two rates": [("en", "Sales rose 50% and costs rose 2% from $100 million to $110 million.")],
    "ends of two units": [("en", "Sales rose 50% from $100 million to 110 million euros.")],
    "two quarters": [
        ("en", "Revenue was $48 million in Q2."),
        ("en", "Revenue was $84 million in Q3."),
    ],
    "two quarters of one article": [
        ("ja", "第2四半期の売上高は48億円だった。第3四半期の売上高は84億円だった。")
    ],
    "a plan and a result": [
        ("en", "Acme expects revenue of $300 million."),
        ("en", "Acme's revenue was $210 million."),
    ],
    "chips of two kinds": [
        ("en", "It used 8,192 TPUv4 chips and 2,048 TPUv5p chips for training."),
        ("ja", "8192個のTPUv4チップを使う。2048個のTPUv5pチップを使う。"),
    ],
    "bounds that can both be true": [
        ("en", "Revenue was over $1,000 million."),
        ("en", "Revenue was $1,500 million."),
    ],
    "an upper bound": [
        ("en", "Revenue was up to $2,000 million."),
        ("en", "Revenue was $1,500 million."),
    ],
    "vague numbers": [
        ("en", "Revenue was hundreds of millions of dollars."),
        ("en", "Revenue was $1.5 million."),
    ],
    "a rate and a level": [
        ("en", "Revenue rose $48 million."),
        ("en", "Revenue was $84 million."),
    ],
    "a month and a year": [
        ("en", "The fee is $48 per month."),
        ("en", "The fee is $84 per year."),
    ],
    "other units": [("en", "Revenue was $48 million."), ("en", "Revenue was 84 million euros.")],
    "other nouns": [("en", "They met 48 sailors. They met 84 bakers.")],
    "bare numbers of no noun": [("en", "The seed was 480. The code was 4,800.")],
    "numbers of one noun apart": [("en", "They saw 480 lions, then 7,777 zebras.")],
    "a bare number and people": [("en", "The seed was 480. Then 4,800 people came.")],
    "counts of two things": [("en", "There are 48 people. There are 480 companies.")],
    "two values in one source": [
        ("en", "Revenue was $48 million. Revenue of the unit was $11 million."),
        ("en", "Revenue was $84 million."),
    ],
    "growth of no named thing": [("en", "Growth was 4%."), ("en", "Growth was 7%.")],
    "the same in two languages": [
        ("en", "Revenue was $45 million."),
        ("ja", "売上高は4500万ドルだった。"),
    ],
}


@pytest.mark.parametrize("articles", PEACE.values(), ids=PEACE)
def test_no_conflict_is_seen_where_both_can_be_true(articles: list[tuple[str, str]]) -> None:
    assert of(*articles) == ()


def test_no_figures_have_no_conflicts() -> None:
    assert conflicts((), texts={}) == ()


def test_transposed_numbers_of_one_listed_thing_conflict_between_articles() -> None:
    (conflict,) = of(
        ("en", "The group ordered 4,812 robots."),
        ("ja", "同グループはロボット4,821台を発注した。"),
    )
    assert conflict.kind == "value"


def test_nouns_of_two_scripts_do_not_tell_numbers_apart() -> None:
    (conflict,) = of(
        ("en", "Acme's revenue from 4,500 lions."),
        ("ja", "アクメの売上は4,500万頭のライオン。"),
    )
    assert conflict.kind == "scale"
