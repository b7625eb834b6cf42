"""Labelled sentences, and the strict measure: span, value and unit of each figure in base units."""

import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bot import figures
from bot.figures import units
from bot.model import Figure

CASES = Path(__file__).parents[1] / "cases"
SETS = ("dev", "more")  # others have tests of their own
Record = dict[str, Any]


def load(name: str) -> list[Record]:
    return rows(CASES / f"figures-{name}.jsonl")


def rows(table: Path) -> list[Record]:
    return [json.loads(line) for line in table.read_text("utf-8").splitlines() if line.strip()]


def found(record: Record) -> tuple[Figure, ...]:
    return figures.find(record["text"], record["lang"])


def equal(gold: Record, figure: Figure) -> bool:
    """The same span, value, high end and unit; a share may be off by a thousandth."""
    span = (figure.quote.start, figure.quote.end) == (gold["start"], gold["end"])
    ends = ((gold["value"], figure.value), (gold.get("value_max"), figure.value_max))
    return span and all(_same(gold, one, other, figure.unit) for one, other in ends)


def _same(gold: Record, value: float | None, read: Any, unit: str) -> bool:
    if value is None or read is None:
        return value is None and read is None
    tolerance = 1e-3 if gold.get("kind") == "fraction" else 1e-6
    value_read, unit_read = units.base(read, unit)
    for known in (gold["unit"], *gold.get("unit_alt", ())):
        known_unit = units.UNITS[known or ""]
        close = math.isclose(value * float(known_unit.scale), value_read, rel_tol=tolerance)
        if close and known_unit.base == unit_read:
            return True
    return False


def overlaps(gold: Record, figure: Figure) -> bool:
    return bool(figure.quote.start < gold["end"] and gold["start"] < figure.quote.end)


def strict(records: Iterable[Record]) -> float:
    """F1 in percent; what overlaps an optional figure alone counts for nothing."""
    hits = wrong = missed = 0
    for record in records:
        got = list(found(record))
        gold = [g for g in record["figures"] if not g.get("optional")]
        free = [g for g in record["figures"] if g.get("optional")]
        matched = [f for f in got if any(equal(g, f) for g in gold)]
        hits += len(matched)
        missed += len(gold) - len(matched)
        wrong += len(_strays(got, matched, gold, free))
    return 200 * hits / max(1, 2 * hits + wrong + missed)


def _strays(
    got: Sequence[Figure], matched: Sequence[Figure], gold: Sequence[Record], free: Sequence[Record]
) -> list[Figure]:
    return [
        f
        for f in got
        if f not in matched
        and (any(overlaps(g, f) for g in gold) or not any(overlaps(g, f) for g in free))
    ]


def agreement(records: Iterable[Record], name: str) -> float:
    """The share, in percent, of strictly found figures whose qualifier or change is right."""
    right = every = 0
    for record in records:
        for figure in found(record):
            for gold in record["figures"]:
                if not gold.get("optional") and equal(gold, figure):
                    every += 1
                    right += gold.get(name) == getattr(figure, name)
    return 100 * right / max(1, every)
