"""Which sentences bear on a question."""

from collections.abc import Sequence

import pytest

from bot import qa
from bot.model import Lang
from tests.qa.samples import ALL, JETS, ROBOTS, WIND, article, evidence, figures_of


@pytest.mark.parametrize(
    ("words", "lang", "part"),
    [
        ("How many aircraft does Merlin fly?", "en", "flies 72 aircraft"),
        ("投資額はいくらですか", "ja", "投資額は310億円"),
        ("毛利率是多少？", "zh-Hans", "毛利率预计17.5%"),
        ("毛利率是多少？", "zh-Hant", "毛利率预计17.5%"),
        ("投资额是多少？", "zh-Hans", "投資額は310億円"),
        ("How many robots will be introduced?", "en", "9,400台"),
        ("Merlin Airの純利益はいくらですか", "ja", "Net profit was $210 million"),
        ("Who is the chairman of Merlin Air?", "en", "Ada Quill"),
        ("いつから稼働しますか", "ja", "2027年10月"),
        ("遠川風電的訂單金額是多少？", "zh-Hant", "18亿欧元"),
    ],
)
def test_the_sentence_that_answers_comes_first(words: str, lang: Lang, part: str) -> None:
    assert part in evidence(words, lang)[0].quote.exact


def test_a_quote_stands_at_its_offsets_with_the_figures_of_its_sentence() -> None:
    for item in evidence("How many jets?"):
        assert item.article.text[item.quote.start : item.quote.end] == item.quote.exact
        assert all(f.quote.article_id == item.article.id for f in item.figures)
        assert all(item.quote.start <= f.quote.start < item.quote.end for f in item.figures)


def test_scores_fall_and_the_limit_holds() -> None:
    found = qa.retrieve("How many jets?", ALL, figures=figures_of(ALL), lang="en", limit=2)
    assert len(found) == 2
    assert found[0].score >= found[1].score
    assert all(0 <= item.support <= 1 for item in found)


def test_a_sentence_that_orders_software_about_is_no_evidence() -> None:
    found = evidence("How large is the bonus that is promised to readers?")
    assert not any("ignore" in item.quote.exact for item in found)
    assert all(item.support < 0.5 for item in found)


def test_nothing_comes_out_of_nothing() -> None:
    assert evidence("How many jets?", articles=()) == ()
    assert evidence("？？？") == ()
    assert evidence("") == ()


def test_figures_may_be_missing() -> None:
    found = qa.retrieve("How many jets?", [JETS], figures={}, lang="en")
    assert found
    assert found[0].asked is None


def test_closeness_of_meaning_is_asked_about_other_languages_only() -> None:
    seen: list[str] = []

    def similarity(question: str, sentences: Sequence[str]) -> Sequence[float]:
        seen.extend(sentences)
        return [0.9 if "人手不足" in s else -0.2 for s in sentences]

    found = qa.retrieve(
        "Why does it want machines?",
        ALL,
        figures=figures_of(ALL),
        lang="en",
        similarity=similarity,
    )
    assert "人手不足" in found[0].quote.exact
    assert found[0].support == pytest.approx(0.9)
    assert not any(s in JETS.text for s in seen)


def test_a_name_that_an_article_lacks_counts_against_it() -> None:
    with_name = evidence("What was the net profit of Merlin Air?", articles=[JETS, WIND])
    without = evidence("What was the net profit of Tesla?", articles=[JETS, WIND])
    assert with_name[0].article is JETS
    assert all(item.support < 0.5 for item in without)


def test_a_known_name_is_found_under_its_form_in_another_language() -> None:
    cars = article("cars", "zh-Hans", "", "丰田去年的净利润为500亿元。", "本田的净利润为300亿元。")
    found = evidence("トヨタの純利益はいくらですか", "ja", [cars])
    assert "丰田" in found[0].quote.exact
    none = evidence("トヨタの純利益はいくらですか", "ja", [WIND])
    assert all(item.support < 0.5 for item in none)


def test_a_name_is_heard_in_another_script() -> None:
    people = article("people", "en", "", "Mr. Zuckerberg hired 40 engineers.")
    assert evidence("ザッカーバーグは何人雇いましたか", "ja", [people])[0].support >= 0.5
    wrong = evidence("ピチャイは何人雇用しましたか", "ja", [people])
    assert all(item.support < 0.5 for item in wrong)
    kana = article("kana", "ja", "", "ザッカーバーグ氏は技術者40人を雇用した。")
    assert evidence("How many engineers did Zuckerberg hire?", "en", [kana])[0].support >= 0.5
    assert evidence("How many engineers did Schmidt hire?", "en", [kana])[0].support < 0.5


def test_another_quarter_counts_against_an_article() -> None:
    second = article("q2", "zh-Hans", "", "第二季度营收为21亿元。")
    third = article("q3", "zh-Hans", "", "第三季度营收为24亿元。")
    for words, lang in (("第3四半期の売上高は？", "ja"), ("Revenue in Q3?", "en")):
        assert evidence(words, lang, [second, third])[0].article is third
    assert evidence("第三季度营收是多少？", "zh-Hans", [second])[0].support < 0.5


def test_a_date_says_no_more_than_a_longer_one() -> None:
    assert "2027年10月" in evidence("2027年に何が稼働しますか", "ja", [ROBOTS])[0].quote.exact


def test_a_question_that_leans_on_the_one_before_takes_it_along() -> None:
    before = ("How many jets did Merlin Air order?",)
    alone = evidence("And the aircraft it flies?")
    found = evidence("And the aircraft it flies?", history=before)
    assert not alone[0].quantity
    assert found[0].quantity
    assert "72 aircraft" in found[0].quote.exact


def test_a_headline_stands_behind_the_sentence_it_is_drawn_from() -> None:
    assert "narrow-body" in evidence("How many jets did Merlin Air order?")[0].quote.exact
