"""Contradictions and near misses of the case table: short articles in four languages."""

import pytest

from bot.figures import conflicts, find
from bot.model import Figure
from tests.figures.labelled import CASES, Record, rows

TABLE = rows(CASES / "conflicts.jsonl")
TRUE = [r for r in TABLE if r["conflict"]]
FALSE = [r for r in TABLE if not r["conflict"]]


def seen(row: Record) -> list[tuple[str, list[str]]]:
    texts = {f"a{i}": text for i, (_, text) in enumerate(row["articles"])}
    figures: list[Figure] = []
    for (name, text), (lang, _) in zip(texts.items(), row["articles"], strict=True):
        figures += find(text, lang, article_id=name)
    return [(c.kind, [f.quote.exact for f in c.figures]) for c in conflicts(figures, texts=texts)]


@pytest.mark.parametrize("row", TRUE, ids=lambda r: r["id"])
def test_what_cannot_all_be_right_is_noticed(row: Record) -> None:
    wanted = row.get("quotes", [])
    found = seen(row)
    assert any(
        kind == row["conflict"]
        and (not wanted or sum(any(w in e or e in w for e in exact) for w in wanted) >= 2)
        for kind, exact in found
    ), found


@pytest.mark.parametrize("row", FALSE, ids=lambda r: r["id"])
def test_what_can_all_be_right_is_left_alone(row: Record) -> None:
    assert seen(row) == []


def test_the_table_has_both_sorts_in_four_languages() -> None:
    for sort in (TRUE, FALSE):
        assert {lang for r in sort for lang, _ in r["articles"]} == {
            "en",
            "ja",
            "zh-Hans",
            "zh-Hant",
        }
    assert len(TRUE) >= 60
    assert len(FALSE) >= 60
