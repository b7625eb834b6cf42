"""What a reader is told of each number in a sentence: backed by its source, or why not."""

from dataclasses import replace

import pytest

from bot.figures import find, verify
from bot.model import Figure


def judged(
    sentence: str, lang: str, source: str, source_lang: str = "en"
) -> list[tuple[str, str | None]]:
    """Each number of the sentence with the reason against it, None where it is supported."""
    verdicts = verify(
        sentence, lang, find(source, source_lang, article_id="a"), context={"a": source}
    )
    for verdict in verdicts:
        assert sentence[verdict.start : verdict.end] == verdict.exact
        assert verdict.supported is (verdict.reason is None)
    return [(v.exact, v.reason) for v in verdicts]


SUPPORTED = [
    ("the same number", "It costs $5 million.", "en", "It costs $5 million.", "en"),
    ("another language", "費用は500万ドルだ。", "ja", "It costs $5 million.", "en"),
    ("another unit of the same size", "It holds 141 GB.", "en", "It holds 0.141 TB.", "en"),
    ("rounded as a reader would", "It costs $5 million.", "en", "It costs $4,987,000.", "en"),
    ("hedged and near", "It costs about $5 million.", "en", "It costs $4.9 million.", "en"),
    ("the low end of a range", "It takes 10 years.", "en", "It takes 10 to 15 years.", "en"),
    ("the high end of a range", "15年かかる。", "ja", "It takes 10 to 15 years.", "en"),
    ("percent and points", "It rose 2 percentage points.", "en", "It rose 2%.", "en"),
    ("a bare number of a named thing", "The figure was 4096.", "en", "4096 people came.", "en"),
    ("a bound that holds", "At least 20 firms left.", "en", "At least 20 firms left.", "en"),
    ("a dropped at least", "20 firms left.", "en", "At least 20 firms left.", "en"),
    ("a dropped more than", "300 engineers left.", "en", "More than 300 engineers left.", "en"),
    ("a date in another form", "7月29日に会合した。", "ja", "They met on July 29.", "en"),
    ("a date of less detail", "They met on July 29.", "en", "2024年7月29日に会合した。", "ja"),
    ("a year of a date", "They met in 2024.", "en", "2024年7月29日に会合した。", "ja"),
    ("an ordinal in another form", "第4世代のチップ。", "ja", "The fourth chip.", "en"),
    ("a quarter in another form", "Sales rose in Q2.", "en", "第2四半期は増えた。", "ja"),
    ("a name with digits", "TPUv4とiPhone 16だ。", "ja", "The TPUv4 and the iPhone 16.", "en"),
    ("a name of other hyphens", "GPT-4o won.", "en", "GPT 4o won.", "en"),
    ("no numbers at all", "Nothing was said.", "en", "It costs $5.", "en"),
]


@pytest.mark.parametrize(
    ("sentence", "lang", "source", "source_lang"),
    [row[1:] for row in SUPPORTED],
    ids=[row[0] for row in SUPPORTED],
)
def test_a_number_that_its_source_states_is_supported(
    sentence: str, lang: str, source: str, source_lang: str
) -> None:
    assert [v for v in judged(sentence, lang, source, source_lang) if v[1]] == []


REFUSED = [
    ("absent", "It costs $71 million.", "It costs $5.2 million.", "$71 million"),
    ("absent", "It costs $5.3 million.", "It costs $5 million.", "$5.3 million"),
    ("absent", "It costs $50 million.", "Nothing was said.", "$50 million"),
    ("absent", "It costs $1,234.", "It costs $5,678.", "$1,234"),
    ("scale", "It costs $45 billion.", "It costs $45 million.", "$45 billion"),
    ("scale", "It used 630 billion tokens.", "It used 6.3 trillion tokens.", "630 billion tokens"),
    ("digit", "It costs $4,321.", "It costs $4,327.", "$4,321"),
    ("digit", "It used 2,084 chips.", "It used 2,048 chips.", "2,084 chips"),
    ("unit", "It costs 5 million euros.", "It costs $5 million.", "5 million euros"),
    ("unit", "It is 12 km long.", "It weighs 12 kg.", "12 km"),
    ("direction", "Sales fell 15%.", "Sales rose 15%.", "15%"),
    ("qualifier", "It costs $500.", "It costs about $500.", "$500"),
    ("qualifier", "It draws 700 watts.", "It draws up to 700 watts.", "700 watts"),
    ("qualifier", "It costs $500.", "It costs less than $500.", "$500"),
    ("qualifier", "More than 500 people left.", "Fewer than 500 people left.", "500 people"),
    ("qualifier", "At most 500 people left.", "At least 500 people left.", "500 people"),
    (
        "binding",
        "It used 8,192 TPUv5p chips.",
        "It used 8,192 TPUv4 chips and 2,048 TPUv5p chips.",
        "8,192",
    ),
    (
        "binding",
        "Revenue was $300 million.",
        "Net profit was $300 million. Revenue was $900 million.",
        "$300 million",
    ),
    ("binding", "Sales rose 4%.", "The margin was 4%. Sales rose 9%.", "4%"),
    ("mention", "They met on July 30.", "They met on July 29.", "July 30"),
    ("mention", "They met on July 29, 2023.", "They met on July 29, 2024.", "July 29, 2023"),
    ("mention", "It came in Q3.", "It came in Q2.", "Q3"),
    ("mention", "The TPUv6 won.", "The TPUv4 won.", "TPUv6"),
    ("mention", "The 7th chip won.", "The fourth chip won.", "7th"),
    ("mention", "It opens at 9:30.", "It opens at 9:45.", "9:30"),
]


@pytest.mark.parametrize(("reason", "sentence", "source", "exact"), REFUSED)
def test_a_number_that_its_source_does_not_state_is_refused_with_a_reason(
    reason: str, sentence: str, source: str, exact: str
) -> None:
    assert (exact, reason) in judged(sentence, "en", source)


def test_a_rate_for_a_thousand_is_not_a_rate_for_a_million() -> None:
    source = "It costs $5 per million tokens."
    verdicts = judged("It costs $5 per thousand tokens.", "en", source)
    assert ("$5", "scale") in verdicts


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [("zh-Hans", "每百万token收费5美元。"), ("ja", "100万トークン当たり5ドルだ。")],
)
def test_the_amount_that_a_known_rate_is_for_needs_no_figure_of_its_own(
    lang: str, sentence: str
) -> None:
    verdicts = judged(sentence, lang, "It costs $5 per million tokens.")
    assert all(reason is None for _, reason in verdicts)


@pytest.mark.parametrize(
    ("lang", "sentence", "exact"),
    [
        ("ja", "倉庫34カ所とロボット1万2,000台を持つ。", None),
        ("ja", "ロボット34台を持つ。", "34台"),
        ("ja", "34の搬送ロボットを持つ。", "34"),
        ("zh-Hans", "拥有34台机器人。", "34台"),
        ("en", "It owns 34 robots.", "34"),
    ],
)
def test_a_count_that_the_source_gives_to_another_thing_is_bound_wrongly(
    lang: str, sentence: str, exact: str | None
) -> None:
    source = "It owns 34 warehouses and 12,000 robots."
    wrong = [v for v in judged(sentence, lang, source) if v[1]]
    assert wrong == ([] if exact is None else [(exact, "binding")])


def test_verdicts_come_in_order_and_name_the_figure_that_backs_them() -> None:
    source = "On July 29 sales rose 15% to $5 million."
    known = find(source, "en", article_id="a")
    verdicts = verify("7月29日、売上高は15%増の500万ドル。", "ja", known, context=source)
    assert [v.exact for v in verdicts] == ["7月29日", "15%", "500万ドル"]
    assert [v.known for v in verdicts] == [None, *known]
    assert verdicts[0].figure is None
    assert all(v.supported for v in verdicts)


def test_mentions_without_a_context_are_not_backed() -> None:
    (verdict,) = verify("They met on July 29.", "en", ())
    assert (verdict.reason, verdict.supported) == ("mention", False)


def test_addresses_of_pages_are_not_numbers_to_verify() -> None:
    assert verify("See https://example.org/2024/07 and phone 03-1234-5678.", "en", ()) == ()


def test_a_number_with_any_backing_figure_is_supported_though_another_objects() -> None:
    fell, rose = find("Costs fell 15% as sales rose 15%.", "en", article_id="a")
    (verdict,) = verify("Sales rose 15%.", "en", [fell, rose])
    assert verdict.supported
    assert verdict.known == rose


def test_directions_of_a_source_without_them_do_not_matter() -> None:
    (known,) = find("The change was 15%.", "en", article_id="a")
    (verdict,) = verify("Sales rose 15%.", "en", [known])
    assert verdict.supported


def test_a_different_name_is_no_objection_where_only_one_has_digits() -> None:
    (known,) = find("It used 8,192 TPUv4 chips.", "en", article_id="a")
    anonymous: Figure = replace(known, counts="big chips")
    (verdict,) = [v for v in verify("It used 8,192 TPUv4 chips.", "en", [anonymous]) if v.figure]
    assert verdict.supported


def test_ends_in_the_wrong_order_are_bound_to_each_other() -> None:
    source = "央行將成長率由3.1%下修至2.6%。"
    known = find(source, "zh-Hant")
    told = verify("经济增长率由2.6%下修至3.1%。", "zh-Hans", known, context=source)
    assert [v.reason for v in told] == ["binding", "binding"]
    right = verify("经济增长率由3.1%下修至2.6%。", "zh-Hans", known, context=source)
    assert all(v.supported for v in right)
