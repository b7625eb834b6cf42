"""bot.text: sentences, languages, search tokens, hidden and active characters."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import text

CASES = [
    ("電池の新工場を建設", None, "ja"),
    ("電池新工場建設", "ja", "ja"),
    ("円安で輸入物価上昇", None, "ja"),
    ("新能源汽车销量创新高", None, "zh-Hans"),
    ("半導體出口連三月成長", None, "zh-Hant"),
    ("中文", "zh-TW", "zh-Hant"),
    ("中文", "zh", "zh-Hans"),
    ("中文", None, "zh-Hans"),
    ("中文", "zh-Hant", "zh-Hant"),
    ("The company said on Monday", None, "en"),
    ("Der Konzern hat die Zahlen am Montag vorgelegt", None, "de"),
    ("Le groupe a publié les résultats de la semaine", None, "fr"),
    ("NVIDIA", "ja", "en"),
    ("NVIDIA", "de", "de"),
    ("삼성전자 실적 발표", None, "ko"),
    ("Компания сообщила", None, "ru"),
    ("Компанія повідомила", "uk", "uk"),
    ("12.5 %", None, "und"),
    ("12.5 %", "ja", "ja"),
    ("", None, "und"),
]


@pytest.mark.parametrize(("sample", "prior", "lang"), CASES)
def test_the_script_and_the_prior_tell_the_language(
    sample: str, prior: str | None, lang: str
) -> None:
    assert text.detect(sample, prior) == lang


def test_every_evaluation_sentence_is_recognised(shared_data: Path) -> None:
    lines = (shared_data / "figures" / "dev.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    wrong = [r["text"] for r in records if text.detect(r["text"]) != r["lang"]]
    assert wrong == []


@given(st.text())
def test_sentences_are_ordered_spans_that_leave_out_only_blanks_and_marks(sample: str) -> None:
    spans = text.sentences(sample)
    edge = 0
    for start, end in spans:
        assert edge <= start < end <= len(sample)
        assert not any(c.isalnum() for c in sample[edge:start])
        edge = end
    assert not any(c.isalnum() for c in sample[edge:])


def test_abbreviations_initials_and_decimals_end_no_sentence() -> None:
    sample = "Acme Inc. paid $3.5 million. J. Doe of the U.S. Navy left."
    assert [sample[a:b] for a, b in text.sentences(sample)] == [
        "Acme Inc. paid $3.5 million.",
        "J. Doe of the U.S. Navy left.",
    ]


def test_the_sentence_at_an_offset_is_found() -> None:
    sample = "一つ目。二つ目。"
    spans = text.sentences(sample)
    assert text.sentence_at(spans, 5) == spans[1]
    assert text.sentence_at(spans, 99) is None
    assert text.sentence_at((), 0) is None


def test_any_two_neighbours_of_cjk_are_a_token_and_numbers_stay_whole() -> None:
    found = text.tokens("台積電，芯片 6,300億 GPT-4o 8192枚")
    assert {"台積", "積電", "芯片", "6300", "億", "gpt-4o", "8192"} <= set(found)


def test_hidden_characters_are_dropped_and_lines_kept() -> None:
    assert text.clean("a\u200b\u202eb\ufeff\r\nc\td\x00\U000e0041") == "ab\nc\td"


def test_what_people_type_is_folded() -> None:
    assert text.fold("  ＡＩ\tChips ") == "ai chips"


def test_width_counts_columns() -> None:
    assert text.width("ab漢字ｱe\u0301") == 2 + 4 + 1 + 1


def test_near_duplicates_share_most_shingles() -> None:
    a, b = text.shingles("Apple trained its models"), text.shingles("Apple trained the models")
    assert len(a & b) / len(a | b) > 0.4
    assert text.shingles("ab") == frozenset({"ab"})


def test_text_of_a_source_starts_no_mention_command_or_link() -> None:
    said = "@everyone see evil-site.com or /unsubscribe, mail a@b.example, 1/2, and/or, U.S. $3.5"
    shown = text.defused(said)
    assert shown.replace("\u2060", "") == said
    assert "@\u2060everyone" in shown
    assert "evil-site\u2060.com" in shown
    assert "/\u2060unsubscribe" in shown
    assert "1/2, and/or, U.S. $3.5" in shown
