"""Floors under what benchmarks/parse.py measures: half of each target, on a busy machine too."""

import pytest

from benchmarks import bombs, parse
from benchmarks.generated import KINDS

SLACK = 2.5  # a busy machine is slower, and not evenly


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "JSON Feed"])
def test_feeds_of_each_kind_are_read_many_times_faster_than_by_feedparser(kind: str) -> None:
    assert parse.readings(kind, feeds=40, rounds=2).times >= 10 / SLACK


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
@pytest.mark.parametrize("kind", ["RDF", "broken RSS", "JSON Feed"])
def test_a_large_feed_costs_little_and_gives_its_newest_entries(kind: str) -> None:
    cost = bombs.cost(parse.large(kind))
    assert cost.seconds < 0.5 * SLACK
    assert cost.megabytes < 80
    assert cost.outcome.startswith("500 of ")
