"""Quality floors: every score of the evaluation data at least as good as it once was."""

import json
from pathlib import Path

import pytest

from benchmarks import quality


# The scorers, which are not ours, leave a file to the garbage collector to close.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_no_score_falls_below_its_floor(shared_data: Path) -> None:
    floors = json.loads(quality.FLOORS.read_text("utf-8"))
    scores = dict(quality.measured(shared_data))
    short = {
        name: (value, floors[name])
        for name, value in scores.items()
        if not quality.holds(name, value, floors)
    }
    assert short == {}
    assert floors.keys() <= scores.keys(), "a floor that nothing measures"
