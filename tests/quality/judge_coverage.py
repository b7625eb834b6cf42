"""Judge the coverage of the last test run: ground, core and app whole, edges and roof nearly.

Run by ``make test`` after pytest. Prints a line per floor and the uncovered lines of what falls
short; exit code 1 where any does.
"""

import json
import sys
import tempfile
from pathlib import Path

from coverage import Coverage

FLOORS = {
    "ground": (100.0, ("text.py", "facts.py", "model.py", "errors.py", "phrases/")),
    "core": (100.0, ("ingest/", "figures/", "digest/", "qa/", "schedule.py")),
    "app": (100.0, ("app/",)),
    "edges": (95.0, ("fetcher", "llm/", "chat/", "store/")),
    "roof": (90.0, ("",)),
}


def floor_of(path: str) -> str:
    """The floor that a file under bot/ stands on."""
    inside = path.split("bot/", 1)[1]
    return next(f for f, (_, starts) in FLOORS.items() if inside.startswith(starts))


def main() -> int:
    coverage = Coverage()
    coverage.load()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        coverage.json_report(outfile=str(report))
        files = json.loads(report.read_text("utf-8"))["files"]
    failed = False
    for name, (least, _) in FLOORS.items():
        mine = {p: f for p, f in files.items() if floor_of(p) == name}
        lines = sum(f["summary"]["num_statements"] for f in mine.values())
        covered = sum(f["summary"]["covered_lines"] for f in mine.values())
        percent = 100.0 * covered / max(1, lines)
        short = percent < least
        failed = failed or short
        print(f"coverage {name:7s} {percent:6.2f} %  (at least {least:g} %)")
        for path, file in sorted(mine.items()):
            if short and file["missing_lines"]:
                print(f"    {path}: {file['missing_lines']}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
