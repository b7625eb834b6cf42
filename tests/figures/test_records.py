"""A figure as plain data, ready for JSON."""

import json
from dataclasses import replace
from decimal import Decimal

from bot.figures import find, record


def test_a_record_tells_all_that_is_known_and_leaves_out_the_rest() -> None:
    (figure,) = find("It takes about 10 to 15 years.", "en", article_id="a")
    assert record(figure) == {
        "start": 15,
        "end": 29,
        "text": "10 to 15 years",
        "value": 10,
        "value_max": 15,
        "unit": "year",
        "kind": "duration",
        "qualifier": "approx",
        "base_value": 120,
        "base_unit": "month",
    }


def test_a_record_carries_direction_rate_noun_measure_and_subject() -> None:
    (figure,) = find("It costs $5.", "en")
    full = record(
        replace(
            figure,
            value=Decimal("2.5"),
            change="up",
            per="share",
            counts="wafers",
            measure="price",
            subject="TSMC",
        )
    )
    assert (full["value"], full["change"], full["per"]) == (2.5, "up", "share")
    assert (full["counts"], full["measure"], full["subject"]) == ("wafers", "price", "TSMC")
    assert "value_max" not in full
    assert "qualifier" not in full
    assert json.loads(json.dumps(full)) == full


def test_a_whole_number_is_an_integer_however_large() -> None:
    (figure,) = find("6.3兆トークン", "ja")
    assert record(figure)["value"] == 6_300_000_000_000
    assert isinstance(record(figure)["base_value"], int)
