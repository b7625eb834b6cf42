"""A figure as plain data, ready for JSON: the record that the figure benchmark scores."""

from decimal import Decimal
from typing import Any

from bot.facts import Figure
from bot.figures import units


def record(figure: Figure) -> dict[str, Any]:
    """Offsets, text, value, unit and what else is known; empty fields are left out."""
    base_value, base_unit = units.base(figure.value, figure.unit)
    optional = {
        "value_max": None if figure.value_max is None else _number(figure.value_max),
        "qualifier": figure.qualifier,
        "change": figure.change,
        "per": figure.per,
        "counts": figure.counts or None,
        "measure": figure.measure or None,
        "subject": figure.subject or None,
    }
    return {
        "start": figure.quote.start,
        "end": figure.quote.end,
        "text": figure.quote.exact,
        "value": _number(figure.value),
        "unit": figure.unit,
        "kind": figure.kind,
        "base_value": _number(base_value),
        "base_unit": base_unit,
        **{name: value for name, value in optional.items() if value is not None},
    }


def _number(value: Decimal) -> int | float:
    """JSON has no decimals: an int where the value is whole, else the nearest float."""
    return int(value) if value == value.to_integral_value() else float(value)
