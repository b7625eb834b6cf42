"""Data is found in whatever a model wraps it in, and hostile replies end soon."""

import json

from hypothesis import given
from hypothesis import strategies as st

from bot.digest import replies


@given(st.text())
def test_any_text_gives_a_list(text: str) -> None:
    assert isinstance(replies.values(text), list)


@given(
    st.dictionaries(st.text(min_size=1), st.integers() | st.text() | st.none(), max_size=4),
    st.text(alphabet="abc \n", max_size=9),
)
def test_an_object_is_found_between_words(value: dict[str, object], words: str) -> None:
    assert replies.values(f"{words}{json.dumps(value)}{words}") == [value]


def test_thinking_is_passed_over() -> None:
    assert replies.values('<think>{"a": 1}</think>{"b": 2}') == [{"b": 2}]


def test_a_reply_of_brackets_is_given_up() -> None:
    assert replies.values("[" * 100_000) == []
    assert replies.values("{" * 500 + '{"a": 1}') == []
