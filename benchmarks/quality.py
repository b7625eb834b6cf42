"""``make quality``: every scorer of the evaluation data, each score beside its floor.

    python -m benchmarks.quality FOLDER

The predictions come from benchmarks/predict.py, the scores from the scorers that lie beside the
data. Floors (tests/quality/floors.json) only rise; a score below its floor fails the run.
"""

import contextlib
import importlib.util
import io
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks import guideline, pages, predict

FLOORS = Path(__file__).parents[1] / "tests" / "quality" / "floors.json"
Record = dict[str, Any]


def scorer(folder: Path) -> ModuleType:
    """The score.py of a folder of evaluation data."""
    name = f"score_{folder.name}"
    spec = importlib.util.spec_from_file_location(name, folder / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def records(path: Path) -> list[Record]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def figures(folder: Path) -> Iterator[tuple[str, float]]:
    """F1 in percent: strict on dev and the seed, overlap and value on the public set, as it stands
    and put right by its guideline."""
    score = scorer(folder)
    sets = {name: records(folder / f"{name}.jsonl") for name in ("dev", "seed", "public")}
    sets["guideline"] = guideline.put_right(sets["public"])
    for name, gold in sets.items():
        totals: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
        found = {p["id"]: p["figures"] for p in predict.figures(gold)}
        for record in gold:
            result, _ = score.score_doc(record, found[record["id"]])
            groups = ["all", record["lang"], *(["news"] if record.get("news") else [])]
            for key, counts in ((g, result) for g in groups):
                for measure, values in counts.items():
                    for i in range(3):
                        totals[key, measure][i] += values[i]
        yield from _figure_scores(name, totals, score)


def _figure_scores(
    name: str, totals: dict[tuple[str, str], list[int]], score: ModuleType
) -> Iterator[tuple[str, float]]:
    wanted = "overlap+value" if name in ("public", "guideline") else "exact+value+unit"
    for (group, measure), counts in sorted(totals.items()):
        if measure == wanted and (name == "dev" or group in ("all", "news")):
            yield f"figures.{name}.{measure}.{group}", 100 * score.prf(counts)[2]
        elif name == "dev" and group == "all" and measure.startswith("attr:"):
            yield f"figures.dev.{measure[5:]}", 100 * counts[0] / max(1, counts[0] + counts[2])


PATTERNS = {  # what to read out of the scorers' lines
    "numpairs": r"numpairs (?P<name>\w+)\s+flagged \d+/\d+ = (?P<value>[\d.]+)",
    "clusters": r"B3 P [\d.]+ R [\d.]+ F (?P<b3>[\d.]+); pairs P (?P<pair_precision>[\d.]+)",
    "qa": r"answer \d+/\d+ = (?P<answer>[\d.]+).*in top 3 \d+/\d+ = (?P<evidence>[\d.]+)",
    "retrieval": r"hit@5 (?P<passage_5>[\d.]+); sentence hit@1 [\d.]+ hit@3 (?P<sentence_3>[\d.]+)",
    "digest": r"recall \d+/\d+ = (?P<recall>[\d.]+); unsupported figures (?P<unsupported>\d+)/"
    r".*pairs (?P<inconsistent>\d+)/.*\n.*flagged (?P<contradictions>\d+)/\d+; false .*articles "
    r"(?P<false_warnings>\d+)/\d+; injection leaks (?P<leaks>\d+)/",
}
FILES = {
    "numpairs": "numpairs.jsonl",
    "clusters": "clusters.jsonl",
    "digest": "articles.jsonl",
    "qa": "articles.jsonl",
    "retrieval": "qa_retrieval.jsonl",
}


def digests(folder: Path) -> Iterator[tuple[str, float]]:
    """What score.py of the digest data prints, as numbers."""
    score = scorer(folder)
    for task, file in FILES.items():
        gold = records(folder / file)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            getattr(score, task)(gold, list(predict.TASKS[task](gold)))
        for match in re.finditer(PATTERNS[task], printed.getvalue()):
            named = match.groupdict()
            if "name" in named:
                yield f"{task}.{named['name']}", float(named["value"])
            else:
                yield from ((f"{task}.{key}", float(value)) for key, value in named.items())


def feeds(folder: Path) -> Iterator[tuple[str, float]]:
    """The share of checks that hold, the sanitising suite apart, and scripts that survive it."""
    from benchmarks import feeds as judge

    listed = json.loads((folder / "expectations.json").read_text("utf-8"))["records"]
    tally: Counter[bool] = Counter()
    for record, _, right in judge.judge(folder, listed):
        if "sanitize" not in record["suite"]:
            tally[right] += 1
    yield "feeds.checks", 100 * tally[True] / max(1, sum(tally.values()))


# Of these, less is better: the floor is a ceiling.
CEILINGS = frozenset(
    [
        "numpairs.supported",
        "digest.unsupported",
        "digest.inconsistent",
        "digest.false_warnings",
        "digest.leaks",
        "pages.taken",
    ]
)


def holds(name: str, value: float, floors: dict[str, float]) -> bool:
    """Whether a score is as good as its floor (or has none yet)."""
    if name not in floors:
        return True
    return value <= floors[name] if name in CEILINGS else value >= floors[name]


def measured(shared: Path) -> Iterator[tuple[str, float]]:
    yield from figures(shared / "figures")
    yield from digests(shared / "digest")
    yield from feeds(shared / "feeds")
    yield from pages.scores()


def main(argv: Sequence[str]) -> int:
    shared = Path(argv[0]) if argv else Path("../shared/data")
    if not shared.is_dir():
        print(f"There is no evaluation data at {shared}.", file=sys.stderr)
        return 2
    floors: dict[str, float] = json.loads(FLOORS.read_text("utf-8"))
    short = 0
    print(f"{'score':<44} {'now':>9} {'floor':>9}")
    for name, value in measured(shared):
        good = holds(name, value, floors)
        short += not good
        floor = f"{floors[name]:9.3f}" if name in floors else "        –"
        print(f"{'✓' if good else '✗'} {name:<42} {value:9.3f} {floor}")
    return int(short > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
