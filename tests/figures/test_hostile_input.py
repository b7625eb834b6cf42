"""Text made to cost time: one character without end, digits and ranges without end."""

from time import perf_counter

import pytest

from bot.figures import find, mentions

LENGTH = 100_000  # characters
SECONDS = 1.5  # three times what the benchmark holds the code to: test machines are shared


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("piece", ["一", "9", "1,1,1,", "1〜2〜3〜"])
def test_a_long_run_costs_little_time(piece: str, lang: str) -> None:
    text = (piece * LENGTH)[:LENGTH]
    begun = perf_counter()
    found = find(text, lang)
    assert perf_counter() - begun < SECONDS
    assert all(f.quote.exact == text[f.quote.start : f.quote.end] for f in found)


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "%", "$", "第", "兆", "月日年", "\ud7ff", "１", "-", "half", "0", "1/0"]
)
def test_odd_crumbs_are_read_without_an_error(text: str) -> None:
    for lang in ("en", "ja", "zh-Hans", "zh-Hant", "fr", None):
        assert all(q.exact == text[q.start : q.end] for q in (f.quote for f in find(text, lang)))
        assert all(m.exact == text[m.start : m.end] for m in mentions(text, lang))


def test_a_run_of_digits_that_no_number_is_yields_no_figure() -> None:
    assert find("9" * 200, "en") == ()
