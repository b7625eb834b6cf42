"""What a question asks."""

import pytest

from bot import figures as numbers
from bot.model import Figure, Lang
from bot.qa.questions import understand


@pytest.mark.parametrize(
    ("words", "lang", "kind"),
    [
        ("How many chips?", "en", "quantity"),
        ("What is the gross margin?", "en", "quantity"),
        ("By how much did it fall?", "en", "quantity"),
        ("When does it start?", "en", "when"),
        ("Who said so?", "en", "who"),
        ("Where is it built?", "en", "where"),
        ("Why did it fall?", "en", "open"),
        ("いくらですか", "ja", "quantity"),
        ("従業員は何人ですか", "ja", "quantity"),
        ("いつから始まりますか", "ja", "when"),
        ("社長は誰ですか", "ja", "who"),
        ("本社はどこですか", "ja", "where"),
        ("なぜ減ったのですか", "ja", "open"),
        ("有多少台？", "zh-Hans", "quantity"),
        ("什么时候开通？", "zh-Hans", "when"),
        ("董事長是誰？", "zh-Hant", "who"),
        ("总部在哪里？", "zh-Hans", "where"),
        ("为什么下跌？", "zh-Hans", "open"),
    ],
)
def test_the_kind_of_answer_is_told(words: str, lang: Lang, kind: str) -> None:
    assert understand(words, lang).kind == kind


@pytest.mark.parametrize(
    ("words", "lang", "focus"),
    [
        ("How many warehouses get robots?", "en", "warehouses"),
        ("What is the gross margin of Orbis?", "en", "gross margin"),
        ("工場では何人が働きますか", "ja", "工場"),
        ("投資額はいくらですか", "ja", "投資額"),
        ("用了多少芯片？", "zh-Hans", "芯片"),
        ("毛利率是多少？", "zh-Hans", "毛利率"),
    ],
)
def test_the_focus_is_what_is_counted_or_measured(words: str, lang: Lang, focus: str) -> None:
    assert [t.surface for t in understand(words, lang).terms if t.focus] == [focus]


def one(words: str, lang: Lang) -> Figure:
    return numbers.find(words, lang)[0]


def test_figures_fit_by_what_the_question_asks() -> None:
    money = understand("投資額はいくらですか", "ja")
    assert money.fits(one("310億円", "ja")) == 1
    assert money.fits(one("27人", "ja")) == 0
    counted = understand("ロボットは何台ですか", "ja")
    assert counted.fits(one("9,400台", "ja")) == 1
    assert 0 < counted.fits(one("27カ所", "ja")) < 0.4
    free = understand("How big is it?", "en")
    assert free.fits(one("40%", "en")) == pytest.approx(0.4)
    share = understand("What share of users left?", "en")
    assert share.fits(one("a third", "en")) == 1
    people = understand("How many employees work there?", "en")
    assert people.fits(one("1,200", "en")) == pytest.approx(0.4)


def test_a_word_of_a_name_is_no_thing() -> None:
    terms = understand("What is the dividend of Langji Auto?", "en").terms
    assert [(t.surface, t.proper) for t in terms] == [
        ("dividend", False),
        ("langji", True),
        ("auto", True),
    ]
    roles = understand("Who is Apple's CFO?", "en").terms
    assert [(t.surface, t.proper) for t in roles] == [("apple", True), ("cfo", False)]


def test_a_figure_of_the_question_is_a_value_and_no_word() -> None:
    found = understand("why 8192 chips?", "en")
    assert [t.surface for t in found.terms] == ["chips"]
    assert [f.value for f in found.numbers] == [8192]


def test_a_known_name_has_all_its_forms() -> None:
    aliases = {"arm": "arm", "アーム": "arm"}
    (name,) = (
        t for t in understand("How much did Arm earn?", "en", aliases=aliases).terms if t.name
    )
    assert name.forms == {"arm", "アーム"}
    assert not any(t.name for t in understand("the army", "en", aliases=aliases).terms)


BEFORE = "What was the revenue of Orbis in the third quarter?"


def test_a_period_takes_the_place_of_the_one_before() -> None:
    found = understand("And in the second quarter?", "en", history=[BEFORE])
    assert found.kind == "quantity"
    assert {t.period for t in found.terms if t.period} == {"period:q2"}
    assert {t.surface for t in found.terms if t.name} == {"orbis"}


def test_a_name_takes_the_place_of_the_one_before() -> None:
    found = understand("What about Tessera?", "en", history=[BEFORE])
    assert {t.surface for t in found.terms if t.name} == {"tessera"}
    assert "revenue" in {t.surface for t in found.terms}


def test_a_question_of_its_own_leans_on_none() -> None:
    alone = "How many people does Tessera employ?"
    assert understand(alone, "en", history=[BEFORE]) == understand(alone, "en")
    assert understand("how many?", "en", history=["How many?"]) == understand("how many?", "en")


def test_a_question_with_its_own_kind_keeps_it() -> None:
    found = understand("では、いつですか", "ja", history=["投資額はいくらですか"])
    assert found.kind == "when"
    assert not found.formal


def test_a_word_that_points_back_leans_without_an_opening() -> None:
    words = "How many chips does it need at the largest site?"
    found = understand(words, "en", history=[BEFORE])
    assert "orbis" in {t.surface for t in found.terms}
    named = "How many chips does Tessera need at its largest site?"
    assert understand(named, "en", history=[BEFORE]) == understand(named, "en")
