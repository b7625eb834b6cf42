"""How two figures relate: the same, rounded, a power of ten apart, different, incomparable."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from bot.figures import Relation, compare, find, units
from bot.model import Figure


def first(text: str, lang: str = "en") -> Figure:
    return find(text, lang)[0]


ROWS: list[tuple[Relation, str, str, str, str]] = [
    ("same", "en", "6.3 trillion tokens", "ja", "6.3兆トークン"),
    ("same", "en", "6.3 trillion tokens", "zh-Hans", "6.3万亿个token"),
    ("same", "en", "It holds 0.141 TB.", "en", "It holds 141 GB."),
    ("same", "en", "It took one and a half years.", "ja", "18カ月かかった。"),
    ("same", "en", "Rates rose 25 basis points.", "zh-Hans", "利率上升0.25个百分点。"),
    ("same", "ja", "3割が賛成した。", "en", "30% agreed."),
    ("same", "ja", "10〜15年かかる。", "en", "It takes 10 to 15 years."),
    ("same", "en", "Profit fell 4%.", "en", "The change was -4%."),
    ("rounded", "en", "6.3 trillion tokens", "en", "6.28 trillion tokens"),
    ("rounded", "ja", "1.2万人が来た。", "ja", "1万2,345人が来た。"),
    ("rounded", "en", "It costs about $500.", "en", "It costs $510."),
    ("rounded", "en", "It costs more than $500.", "en", "It costs $523."),
    ("rounded", "en", "Hundreds of people came.", "en", "230 people came."),
    ("scale", "en", "6.3 trillion tokens", "ja", "6,300億トークンで学習した。"),
    ("scale", "en", "It costs $45 million.", "en", "It costs $4.5 billion."),
    ("scale", "en", "The margin is -1.5%.", "en", "The margin is -15%."),
    ("different", "en", "It costs $48 million.", "en", "It costs $84 million."),
    ("different", "en", "It costs $5 million.", "en", "It costs $5,700,000."),
    ("different", "en", "It costs about $500.", "en", "It costs $540."),
    ("different", "en", "It costs $0.", "en", "It costs $10."),
    ("different", "en", "The margin is 1.5%.", "en", "The margin is -15%."),
    ("different", "en", "It takes 10 to 15 years.", "en", "It takes 1 to 1.5 years."),
    ("different", "en", "It weighs 5 kg.", "en", "It weighs 50,000 tons."),
    ("incomparable", "en", "It costs $5.", "en", "It costs €5."),
    ("incomparable", "en", "It weighs 5 kg.", "en", "It is 5 km long."),
    ("incomparable", "en", "500 people came.", "en", "500 companies came."),
]


@pytest.mark.parametrize(("relation", "lang", "text", "other_lang", "other"), ROWS)
def test_two_figures_relate_alike_in_either_order(
    relation: Relation, lang: str, text: str, other_lang: str, other: str
) -> None:
    a, b = first(text, lang), first(other, other_lang)
    assert compare(a, b) == relation
    assert compare(b, a) == relation
    assert compare(a, a) == "same"


def test_a_bare_number_can_be_compared_with_any_count() -> None:
    bare, people = first("The batch size was 4096."), first("4096 people came.")
    assert compare(bare, people) == "same"
    assert compare(bare, first("It weighs 4096 kg.")) == "incomparable"


def test_printed_precision_decides_what_counts_as_rounded() -> None:
    coarse = first("It sold 1.2 million units.")
    assert compare(coarse, first("It sold 1.24 million units.")) == "rounded"
    assert compare(coarse, first("It sold 1.26 million units.")) == "different"


def test_a_range_is_rounded_only_when_both_ends_are_near() -> None:
    span = first("It costs $300 million to $350 million.")
    assert compare(span, first("It costs $300.4 million to $350.3 million.")) == "rounded"
    assert compare(span, first("It costs $300.4 million to $450 million.")) == "different"


UNITS = [
    ("0.141", "TB", "1.41E+11", "B"),
    ("2", "year", "24", "month"),
    ("25", "bp", "0.25", "pp"),
    ("3", "decade", "360", "month"),
    ("2", "mile", "3218.688", "m"),
    ("90", "minute", "5400", "s"),
    ("5", "nothing known", "5", "count"),
]


@pytest.mark.parametrize(("value", "unit", "base_value", "base_unit"), UNITS)
def test_a_value_is_converted_to_base_units_exactly(
    value: str, unit: str, base_value: str, base_unit: str
) -> None:
    assert units.base(Decimal(value), unit) == (Decimal(base_value), base_unit)


def test_every_unit_has_the_scale_of_the_published_table(shared_data: Path) -> None:
    table = json.loads((shared_data / "figures" / "units.json").read_text("utf-8"))["units"]
    for name, row in table.items():
        unit = units.UNITS[name]
        assert (unit.base, unit.dimension) == (row["base"], row["dim"]), name
        assert float(unit.scale) == pytest.approx(row["scale"], rel=1e-12), name


def test_units_tell_their_dimension_and_kind() -> None:
    assert units.dimension("GB/s") == "data-rate"
    assert units.dimension("unheard of") == "count"
    assert [units.kind(u) for u in ("", "JPY", "%", "bp", "day", "x", "ratio", "nm", "chip")] == [
        "number", "money", "percent", "point", "duration", "multiple", "ratio", "measure", "count",
    ]  # fmt: skip


def test_counts_of_different_things_cannot_be_compared_but_unnamed_ones_can() -> None:
    assert not units.comparable("chip", "person")
    assert units.comparable("chip", "")
    assert units.comparable("count", "person")
    assert units.comparable("GB", "TB")
    assert not units.comparable("GB", "GB/s")
