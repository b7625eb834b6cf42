"""Reading a feed that means harm costs little, of time and of memory."""

import pytest

from benchmarks import bombs


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_hostile_feed_costs_little_time_and_memory() -> None:
    costs = dict(bombs.measure(bombs.COSTLIEST))
    slow = {shape: cost for shape, cost in costs.items() if cost.seconds > 2 * bombs.MOST_SECONDS}
    large = {shape: cost for shape, cost in costs.items() if cost.megabytes > bombs.MOST_MEGABYTES}
    assert not slow
    assert not large
