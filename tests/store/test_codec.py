"""Nouns survive being stored; the hints of their fields decide the form."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import model
from bot.model import Message
from bot.store import codec

NOUNS = [t for t in vars(model).values() if isinstance(t, type) and is_dataclass(t)]
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=9)), timezone(-timedelta(minutes=210))])
SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(st.characters(exclude_categories=[]), max_size=8),  # NUL and lone surrogates too
    int: st.integers(),
    bool: st.booleans(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    Decimal: st.decimals(allow_nan=False),
    datetime: st.datetimes(timezones=ZONES),
    date: st.dates(),
    time: st.times(),
    timedelta: st.timedeltas(),
    bytes: st.binary(max_size=8),
    object: st.none() | st.integers() | st.lists(st.text(max_size=3), max_size=2),
    NoneType: st.none(),
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Values of the type that a hint names."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint in SCALARS:
        return SCALARS[hint]
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is tuple and arguments[1:] == (...,):
        return st.lists(values(arguments[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(values, arguments))
    if origin is Mapping:
        return st.dictionaries(*map(values, arguments), max_size=2)
    if arguments:
        return st.one_of(*map(values, arguments))
    hints = get_type_hints(hint)
    return st.builds(hint, **{f.name: values(hints[f.name]) for f in fields(hint)})


@dataclass(frozen=True, kw_only=True)
class Every:
    """A field of each kind that has a codec."""

    text: str
    whole: int
    real: float
    flag: bool
    exact: Decimal
    at: datetime
    day: date
    clock: time
    span: timedelta
    raw: bytes
    choice: Literal["a", "b"]
    pair: tuple[int, Decimal]
    many: tuple[Decimal, ...]
    by_name: Mapping[str, timedelta]
    maybe: Decimal | None = None
    free: object = None
    words: tuple[str, ...] = ("default",)
    named: Mapping[str, str] = field(default_factory=dict)


def round_trip(value: object) -> Any:
    return codec.loads(codec.dumps(value, type(value)), type(value))


@dataclass(frozen=True, kw_only=True)
class Nested:
    """Contains itself."""

    inner: "Nested | None" = None
    text: str = ""


@given(values(Every))
def test_a_field_of_every_kind_survives(value: Every) -> None:
    assert round_trip(value) == value


@pytest.mark.parametrize("noun", NOUNS)
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_every_noun_survives(noun: type[Any], data: st.DataObject) -> None:
    value = data.draw(values(noun))
    assert round_trip(value) == value


def test_a_noun_may_contain_itself() -> None:
    value = Nested(inner=Nested(inner=Nested(text="x")))
    assert round_trip(value) == value


@given(values(Every))
def test_what_is_written_is_text_that_any_database_takes(value: Every) -> None:
    text = codec.dumps(value, Every)
    assert "\x00" not in text
    assert codec.loads(text.encode().decode(), Every) == value


def test_the_order_of_a_mapping_stays() -> None:
    hint = Mapping[str, str]
    text = codec.dumps({"zh-Hant": "一", "en": "one", "ja": "一つ"}, hint)
    assert list(codec.loads(text, hint)) == ["zh-Hant", "en", "ja"]


def test_a_decimal_keeps_its_digits() -> None:
    assert str(codec.loads(codec.dumps(Decimal("1.50"), Decimal), Decimal)) == "1.50"


def test_empty_defaults_take_no_room_and_others_are_written() -> None:
    run = model.Run(text="x")
    heading = model.Heading(runs=(run,))
    assert json.loads(codec.dumps(heading, model.Heading)) == {"runs": [{"text": "x"}], "level": 1}


def test_zero_and_false_are_told_apart_from_absent() -> None:
    @dataclass(frozen=True)
    class Odd:
        amount: int | None = None
        flag: bool = True

    assert round_trip(Odd(0, flag=False)) == Odd(0, flag=False)


def test_a_field_that_the_noun_lost_is_ignored_and_one_it_won_has_its_default() -> None:
    text = '{"text":"x","bold":true,"blink":true}'
    assert codec.loads(text, model.Run) == model.Run(text="x", bold=True)


def test_a_member_of_a_union_is_named() -> None:
    message = Message(summary="s", blocks=(model.Collapsed(title="t", blocks=()),))
    assert json.loads(codec.dumps(message, Message))["blocks"][0]["@"] == "Collapsed"


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        (datetime(2026, 3, 2, 7, 30), datetime),  # noqa: DTZ001 - that is the point
        (float("nan"), float),
        (float("inf"), float),
    ],
)
def test_what_would_not_come_back_is_refused(value: object, hint: Any) -> None:
    with pytest.raises(ValueError, match=r"offset|JSON"):
        codec.dumps(value, hint)


@pytest.mark.parametrize("hint", [set[int], int | str, Mapping[int, str], list[int], complex])
def test_a_type_without_a_codec_is_refused(hint: Any) -> None:
    with pytest.raises(TypeError, match="codec"):
        codec.codec_of(hint)
