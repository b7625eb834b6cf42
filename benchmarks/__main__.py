"""``make bench``: every benchmark in one run, each figure beside its target."""

import importlib
import sys
import time

BENCHES = ("startup", "figures", "parse", "bombs", "ingest", "stories", "storage")


def main(names: list[str]) -> int:
    for name in names or BENCHES:
        began = time.perf_counter()
        print(f"\n== {name}")
        importlib.import_module(f"benchmarks.{name}").main()
        print(f"   ({time.perf_counter() - began:.1f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
