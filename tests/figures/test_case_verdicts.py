"""Sentences against articles in four languages: faithful ones, and each kind of error."""

import pytest

from bot.figures import find, verify
from tests.figures.labelled import CASES, Record, rows

TABLE = rows(CASES / "verify.jsonl")
BACKED = [r for r in TABLE if r["error"] is None]
WRONG = [r for r in TABLE if r["error"]]
KINDS = {"swap", "direction", "hedge", "scale", "digit", "mention", "currency", "unit"}


def unbacked(row: Record) -> list[str]:
    known = find(row["source"], row["source_lang"])
    verdicts = verify(row["sentence"], row["lang"], known, context=row["source"])
    return [v.exact for v in verdicts if not v.supported]


@pytest.mark.parametrize("row", BACKED, ids=lambda r: r["id"])
def test_a_faithful_sentence_is_backed(row: Record) -> None:
    assert unbacked(row) == []


@pytest.mark.parametrize("row", WRONG, ids=lambda r: r["id"])
def test_a_wrong_number_is_caught(row: Record) -> None:
    assert any(any(e in w or w in e for w in row["wrong"]) for e in unbacked(row))


def test_the_table_has_every_error_and_four_languages() -> None:
    assert {r["error"] for r in WRONG} == KINDS
    for sort in (BACKED, WRONG):
        assert {r["lang"] for r in sort} == {"en", "ja", "zh-Hans", "zh-Hant"}
    assert len(TABLE) >= 120
