"""Sums that come out, or may: nothing is said of them."""

import pytest

from bot.figures import conflicts, find


@pytest.mark.parametrize(
    "text",
    [
        "Sales rose by about $50 million from $100 million to $155 million.",
        "Sales nearly doubled from $100 million to $150 million.",
        "The result went from -$5 million to $10 million, up 50%.",
        "Sales went from $5 million, from $7 million to $9 million, up 12%.",
        "Sales went from $5 million to $7 million to $9 million, up 12%.",
        "Acme has about 100 cars and about 200 cars, a total of 305 cars.",
        "Acme has 100 cars and about 200 trucks, in total 305 vehicles.",
        "Of 90% of members, of which 95% voted, few came.",
        "It hired 100 people, including 120% more engineers.",
        "Over 100 people came, including 120 people from Leeds.",
        "They hired 100 people, of which up 120 people from Leeds.",
    ],
)
def test_a_sum_that_may_come_out_is_left_alone(text: str) -> None:
    found = conflicts(find(text, "en", article_id="a"), texts={"a": text})
    assert not [c for c in found if c.kind == "arithmetic"]
