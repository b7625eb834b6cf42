"""Placeholders become figures that read well between the words around them."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot import figures as numbers
from bot.digest import evidence, placeholders
from bot.model import Figure, Lang
from tests.digest.samples import article


def said(source: str, lang: Lang, body: str, **changes: object) -> str:
    """`body` with {F1} rendered, the one figure of a source sentence."""
    made = article(source, "ja" if "円" in source or "人" in source else "en")
    (found,) = numbers.find(source, made.lang, article_id=made.id)
    figure: Figure = replace(found, **changes)  # type: ignore[arg-type] # by keyword
    return placeholders.render(body, lang, evidence.number((made,), (figure,))).text


@pytest.mark.parametrize(
    ("source", "lang", "body", "expected"),
    [
        ("It cost $118 million.", "en", "It cost ${F1}.", "It cost $118 million."),
        ("It cost $118 million.", "en", "It cost US${F1}.", "It cost US$118 million."),
        ("It cost $118 million.", "ja", "費用は{F1}ドル。", "費用は1.18億ドル。"),
        ("It cost about $5 million.", "en", "It was about {F1}.", "It was about $5 million."),
        ("It cost about $5 million.", "ja", "約{F1}だった。", "約500万ドルだった。"),
        ("費用は約5億円。", "en", "It cost {F1}.", "It cost about 500 million yen."),
        ("Sales rose 15%.", "en", "Sales rose {F1}.", "Sales rose 15%."),
        ("Sales rose 15%.", "en", "Sales rose {F1}%.", "Sales rose 15%."),
        ("Sales rose 15%.", "ja", "売上は{F1}％増。", "売上は15%増。"),
        ("It hired 350 people.", "en", "It hired {F1} engineers.", "It hired 350 engineers."),
        ("It hired 350 people.", "en", "It hired {F1} people.", "It hired 350 people."),
        ("It hired 350 people.", "en", "It hired {F1} in May.", "It hired 350 people in May."),
        ("It hired 350 people.", "en", "It hired {F1}.", "It hired 350 people."),
        ("It hired 350 people.", "ja", "{F1}人を雇う。", "350人を雇う。"),
        ("It hired 350 people.", "ja", "{F1}を雇う。", "350人を雇う。"),
        ("It hired 350 people.", "ja", "{F1}の社員を雇う。", "350人の社員を雇う。"),
        ("It took 8,192 chips.", "ja", "{F1}のチップで学習。", "8,192個のチップで学習。"),
        ("It took 8,192 chips.", "zh-Hans", "用{F1}芯片训练。", "用8,192枚芯片训练。"),
        ("It took 8,192 chips.", "zh-Hans", "用{F1}枚芯片训练。", "用8,192枚芯片训练。"),
        ("A 47-page paper.", "en", "The {F1}-page paper is out.", "The 47-page paper is out."),
        (
            "A 70B-parameter model.",
            "en",
            "The model has {F1}.",
            "The model has 70 billion parameters.",
        ),
        ("A 70B-parameter model.", "en", "A {F1} model.", "A 70 billion parameters model."),
        ("Hundreds of people came.", "en", "{F1} people came.", "hundreds of people came."),
    ],
)
def test_a_figure_fits_its_sentence(source: str, lang: Lang, body: str, expected: str) -> None:
    assert said(source, lang, body) == expected


def test_a_rate_is_said_once() -> None:
    source = "年間28億円を減らす。"
    assert said(source, "en", "It saves {F1} a year.", per="year") == (
        "It saves 2.8 billion yen a year."
    )
    assert said(source, "en", "It saves {F1}.", per="year") == "It saves 2.8 billion yen per year."
    assert said(source, "ja", "年間{F1}の削減。", per="year") == "年間28億円の削減。"
    assert "per" in said(source, "en", "It saves {F1} a year.", per="barrel")


def test_a_name_that_ends_like_a_currency_stays_whole() -> None:
    made = article("It cost CHF.")
    figure = replace(
        numbers.find("It cost R$5 million.", "en")[0], value=Decimal(5_000_000), unit="BRL"
    )
    shown = evidence.Evidence(sentences=(figure.quote,), figures=(figure,), home=(0,))
    assert placeholders.render("BAR{F1}", "en", shown).text.startswith("BAR")
    assert made.lang == "ja"


def test_words_without_placeholders_stay_as_they_are() -> None:
    shown = evidence.Evidence(sentences=(), figures=(), home=())
    assert placeholders.render("Nothing here.", "en", shown).text == "Nothing here."
