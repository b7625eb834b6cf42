"""What has digits but is no quantity, and its key, which is equal in every language."""

import pytest

from bot.figures import find, mentions


def keys(text: str, lang: str) -> list[str]:
    found = mentions(text, lang)
    assert all(text[m.start : m.end] == m.exact for m in found)
    assert [m.value.split(":")[0] for m in found] == [m.kind for m in found]
    return [m.value for m in found]


SAME = {
    "date:07-29": [
        ("en", "They met on July 29."),
        ("en", "They met on 29 July."),
        ("ja", "7月29日に会合した。"),
        ("zh-Hans", "7月29日开会。"),
        ("zh-Hant", "7月29號開會。"),
        ("zh-Hans", "七月二十九日开会。"),
        ("en", "They met on 7/29."),
    ],
    "date:2024-07-29": [
        ("en", "They met on July 29, 2024."),
        ("en", "They met on 2024-07-29."),
        ("ja", "2024年7月29日に会合した。"),
        ("zh-Hans", "二〇二四年七月二十九日开会。"),
    ],
    "date:2024": [("ja", "2024年に会合した。"), ("zh-Hant", "2024年開會。")],
    "date:2024-07": [("en", "They met in July 2024."), ("ja", "2024年7月に会合した。")],
    "period:q2": [
        ("en", "It came in Q2."),
        ("en", "It came in the second quarter."),
        ("ja", "第2四半期に増えた。"),
        ("zh-Hans", "第二季度增长。"),
        ("zh-Hant", "第2季成長。"),
    ],
    "ordinal:4": [
        ("en", "The fourth chip."),
        ("en", "The 4th chip."),
        ("en", "It is No. 4."),
        ("ja", "第4世代のチップ。"),
        ("zh-Hans", "第四代芯片。"),
    ],
    "time:15:30": [
        ("en", "It opens at 3:30 p.m."),
        ("en", "It opens at 15:30."),
        ("ja", "午後3時半に始まる。"),
        ("ja", "15時30分に始まる。"),
        ("zh-Hans", "下午3点半开会。"),
        ("zh-Hant", "下午3點30分開會。"),
    ],
    "name:tpuv4": [("en", "The TPUv4 won."), ("ja", "TPUv4が勝った。"), ("zh-Hans", "TPUv4获胜。")],
}


@pytest.mark.parametrize(
    ("key", "lang", "text"), [(key, *row) for key, rows in SAME.items() for row in rows]
)
def test_the_same_thing_has_the_same_key_in_every_language(key: str, lang: str, text: str) -> None:
    assert keys(text, lang) == [key]
    assert find(text, lang) == ()


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "See https://example.org/2024/07/29/page-15 now."),
        ("en", "Call 1-800-555-0199."),
        ("en", "See arXiv:2407.21075v2 for more."),
        ("ja", "トヨタ（7203）が上げた。"),
    ],
)
def test_addresses_and_numbers_of_papers_phones_and_stocks_are_identifiers(
    lang: str, text: str
) -> None:
    (mention,) = mentions(text, lang)
    assert mention.kind == "identifier"


@pytest.mark.parametrize(
    ("kind", "lang", "text"),
    [
        ("period", "en", "It is fiscal 2025."),
        ("period", "en", "It came in H1 2024."),
        ("period", "ja", "令和7年度の予算。"),
        ("period", "ja", "4〜6月期の決算。"),
        ("date", "en", "It was the 1990s."),
        ("date", "zh-Hans", "20世纪的事。"),
        ("ordinal", "en", "It was the twenty-first try."),
        ("ordinal", "ja", "3番目の工場だ。"),
    ],
)
def test_periods_decades_and_ordinals_are_mentions_and_no_figures(
    kind: str, lang: str, text: str
) -> None:
    (mention,) = mentions(text, lang)
    assert mention.kind == kind
    assert find(text, lang) == ()


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "It is dated 2024-13-45 now."),
        ("en", "It is 13/45 now."),
        ("ja", "キー「,番目」を押す。"),
    ],
)
def test_what_is_out_of_the_calendar_is_no_date(lang: str, text: str) -> None:
    assert [m for m in mentions(text, lang) if m.kind == "date" and "13" in m.value] == []


def test_of_two_that_overlap_the_longer_stands() -> None:
    assert keys("It closed on 2024-07-29 at 9:30 a.m.", "en") == ["date:2024-07-29", "time:09:30"]


def test_mentions_keep_full_width_text_as_it_stands() -> None:
    (mention,) = mentions("７月２９日に会合した。", "ja")
    assert (mention.exact, mention.value) == ("７月２９日", "date:07-29")


def test_a_text_without_digits_mentions_nothing() -> None:
    assert mentions("Nothing happened.", "en") == ()


IDIOMS = [
    ("en", "She was in two minds about it.", "in two minds"),
    ("en", "The desk runs 24/7 now.", "24/7"),
    ("en", "The office is at sixes and sevens.", "at sixes and sevens"),
    ("ja", "これは一石二鳥だ。", "一石二鳥"),
    ("ja", "十人十色の意見が出た。", "十人十色"),
    ("zh-Hans", "这只是九牛一毛。", "九牛一毛"),
    ("zh-Hans", "他心里七上八下。", "七上八下"),
    ("zh-Hant", "三十六計走為上策。", "三十六計"),
    ("zh-Hant", "兩全其美的辦法。", "兩全其美"),
]


@pytest.mark.parametrize("row", IDIOMS, ids=lambda r: r[2])
def test_a_set_phrase_is_a_mention_and_no_figure(row: tuple[str, str, str]) -> None:
    lang, text, phrase = row
    assert find(text, lang) == ()
    assert [(m.kind, m.exact) for m in mentions(text, lang)] == [("idiom", phrase)]
