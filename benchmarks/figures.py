"""How fast figures are found: in whole articles, in text made to cost time, and against others.

The texts are passages of XQuAD, JSQuAD and CMRC where the evaluation data lies beside the
checkout, else the bundled articles, which have several times the figures of other news. Rates are
of one thread, in time of the processor.
"""

import contextlib
import html
import importlib
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bot
from benchmarks.report import line
from bot import figures
from bot.model import LANGS, Lang

FEEDS = Path(bot.__file__).parent / "demo" / "feeds"
SECONDS = 1.0  # measured for each language
SENTENCE = 30  # characters
LONG = 40_000  # characters that the others are timed with: they are slow
SIZE = 100_000  # characters of a text made to cost time
HOSTILE = ("一", "9", "1,1,1,", "1〜2〜3〜", "（1〜", "1.1.1.", "万", "百分之", "0 ", "one ")
# Other libraries, where they are installed (quantulum3; recognizers-text-suite, emoji<2): the
# module, and how it reads the quantities of a text.
OTHERS: dict[str, Callable[[Any, str], object]] = {
    "quantulum3.parser": lambda module, text: module.parse(text),
    "recognizers_number_with_unit": lambda module, text: [
        getattr(module, f"recognize_{kind}")(text, "en-us")
        for kind in ("dimension", "currency", "age", "temperature")
    ],
}


def main() -> None:
    speeds = {lang: _articles(lang) for lang in LANGS}
    _hostile()
    _others(speeds["en"])


def _articles(lang: Lang) -> float:
    """Characters a second over the bundled articles of a language."""
    texts = passages(lang)
    size, count = sum(map(len, texts)), sum(len(figures.find(t, lang)) for t in texts)
    rounds, began = 0, time.process_time()
    while time.process_time() - began < SECONDS:
        for text in texts:
            figures.find(text, lang)
        rounds += 1
    speed = rounds * size / (time.process_time() - began)
    what = f"passages, {lang}, {1000 * count / size:.1f} figures in 1,000"
    line(what, speed, "chars/s", target=500_000)
    return speed


def _hostile() -> None:
    for piece in HOSTILE:
        text = (piece * SIZE)[:SIZE]
        worst = max(_spent(figures.find, text, lang) for lang in LANGS)
        line(f"100 kB of {piece!r}", worst * 1000, "ms", target=500, at_most=True)


def _others(speed: float) -> None:
    body = "\n".join(passages("en"))[:LONG]
    for name, read in OTHERS.items():
        with contextlib.suppress(ImportError):
            module = importlib.import_module(name)
            read(module, "3 dollars")  # it builds its tables at the first call
            seconds = _spent(read, module, body)
            ratio = seconds * speed / len(body)
            line(f"times as fast as {name.partition('.')[0]}, en", ratio, "x", target=1)


def bundled(lang: Lang) -> list[str]:
    """The paragraphs of the bundled feeds of a language: what is too short for a sentence of the
    news is an address, a date or a title and left out."""
    found = []
    for path in sorted(p for p in (FEEDS / lang).rglob("*") if p.is_file()):
        plain = html.unescape(re.sub(r"<[^>]+>", "\n", html.unescape(path.read_text("utf-8"))))
        found += [x.strip() for x in plain.splitlines() if len(x.strip()) >= SENTENCE]
    return found


def passages(lang: Lang) -> list[str]:
    """Passages of encyclopedias and news that lie beside the checkout; where they do not,
    the bundled articles."""
    path = Path(__file__).parents[2] / "shared" / "data" / "digest" / "qa_retrieval.jsonl"
    if not path.is_file():
        return bundled(lang)
    records = [json.loads(x) for x in path.read_text("utf-8").splitlines()]
    return [r["context"] for r in records if r["lang"] == lang.partition("-")[0]]


def _spent(run: Callable[..., object], *args: object) -> float:
    """Seconds of the processor that a call takes."""
    began = time.process_time()
    run(*args)
    return time.process_time() - began


if __name__ == "__main__":
    main()
