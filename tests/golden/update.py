"""Write the golden files anew from what the program prints now: look at the difference before you
commit it. ``python tests/golden/update.py``"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def main() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "demo"], check=True, capture_output=True, text=True, cwd=ROOT
    )
    shown = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", done.stdout)
    (ROOT / "tests" / "golden" / "demo.txt").write_text(shown, "utf-8")
    first = shown[shown.index("📰") : shown.index("\n2. ")].rstrip()
    readme = (ROOT / "README.md").read_text("utf-8")
    head, rest = readme.split("```text\n", 1)
    (ROOT / "README.md").write_text(
        f"{head}```text\n{first}\n```{rest.split('```', 1)[1]}", "utf-8"
    )


if __name__ == "__main__":
    main()
