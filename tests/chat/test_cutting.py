"""Text is cut where a reader would pause, and never inside what they see as one character."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.cutting import cut, utf16
from bot.model import Run, Runs

FAMILY = "👨\u200d👩\u200d👧"


def _text(runs: Runs) -> str:
    return "".join(run.text for run in runs)


def _cut(text: str, limit: int) -> tuple[str, str]:
    first, rest = cut((Run(text=text),), limit, utf16)
    return _text(first), _text(rest)


@pytest.mark.parametrize(
    ("text", "limit", "first"),
    [
        ("短い", 10, "短い"),
        ("売上は増えた。利益は減った。", 10, "売上は増えた。"),
        ("Sales rose. Profit fell again.", 20, "Sales rose."),
        ("Sales rose. Profit fell again.", 27, "Sales rose. Profit fell "),
        ("売上\n利益\n損失と費用", 7, "売上\n利益"),
        ("Sales rose 3.2% in May. It fell.", 28, "Sales rose 3.2% in May."),
        ("第一文です。" + "長" * 20, 20, "第一文です。" + "長" * 14),  # too early an end is none
        ("チップは8,192基あります", 7, "チップは"),  # a number stays whole
        ("約6.3兆トークンで訓練した", 4, "約6.3"),
        ("x" * 100, 10, "x" * 10),  # one word alone is cut
        ("日本" + FAMILY + "語", 6, "日本"),
        ("ab" + FAMILY, 6, "ab"),
        ("🇯🇵🇺🇸🇨🇳", 6, "🇯🇵"),
        ("か\u3099き\u3099", 3, "か\u3099"),
        ("👍🏽👍🏽", 5, "👍🏽"),
        (FAMILY + FAMILY, 4, "👨\u200d"),  # a character that does not fit must be cut
        ("📈📈", 1, "📈"),  # and a first one goes alone
    ],
)
def test_a_cut_falls_where_a_reader_would_pause(text: str, limit: int, first: str) -> None:
    got, rest = _cut(text, limit)
    assert got == first
    assert got + rest == text


def test_runs_keep_their_styles_on_both_sides() -> None:
    runs = (Run(text="bold words. ", bold=True), Run(text=""), Run(text="a link", href="https://a"))
    first, rest = cut(runs, 14)
    assert first == (Run(text="bold words.", bold=True),)
    assert rest == (Run(text=" ", bold=True), runs[2])
    first, rest = cut((Run(text="x" * 6, bold=True),), 4)
    assert (first, rest) == ((Run(text="xxxx", bold=True),), (Run(text="xx", bold=True),))


@given(
    st.lists(
        st.sampled_from(["電", "池。", "word ", "8,192", "📈", FAMILY, "🇯🇵", "が", "\n", ". "]),
        min_size=1,
        max_size=80,
    ),
    st.integers(12, 60),
)
def test_pieces_join_to_the_text_and_fit(parts: list[str], limit: int) -> None:
    text = "".join(parts)
    rest: Runs = (Run(text=text),)
    pieces = []
    while rest:
        first, rest = cut(rest, limit, utf16)
        pieces.append(_text(first))
    assert "".join(pieces) == text
    for piece in pieces:
        assert 0 < utf16(piece) <= limit
        assert piece[0] != "\u200d"
        assert not unicodedata.combining(piece[0])
        assert piece.count("👨") == piece.count("👧")
        assert sum("\U0001f1e6" <= c <= "\U0001f1ff" for c in piece) % 2 == 0
