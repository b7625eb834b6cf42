"""Predictions in the scorers' formats, through the product's public functions and nothing else.

    python benchmarks/predict.py TASK INPUT > PREDICTIONS

TASK is figures, numpairs, clusters, digest, qa, retrieval (INPUT: a .jsonl file) or feeds (INPUT:
a folder with an expectations.json; the judgement is printed). The formats are those of
shared/data/figures/score.py and shared/data/digest/score.py.
"""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bot import digest, text
from bot import figures as numbers
from bot.app.collect import figures_of
from bot.app.oneoff import compose
from bot.model import Article, Lang

Record = dict[str, Any]
AT = datetime(2025, 3, 10, 12, 0, tzinfo=UTC)
PAIR = {"ja": ("ja", "en"), "en": ("en", "ja"), "zh": ("zh-Hans", "en")}


def language(code: str) -> Lang:
    """The scorers write zh for both Chinese scripts."""
    return "zh-Hans" if code == "zh" else code


def short(lang: Lang) -> str:
    return "zh" if lang.startswith("zh") else lang


def article(record: Record) -> Article:
    """A record of the evaluation data as the article that ingestion would have made of it."""
    title = record.get("title", "")
    return Article(
        id=record["id"],
        source_id=record["id"],
        url=record.get("url", ""),
        title=title,
        text=f"{title}\n\n{record['text']}",
        lang=language(record["lang"]),
        fetched_at=AT,
        content_hash=record["id"],
    )


def figures(records: list[Record]) -> Iterator[Record]:
    for r in records:
        found = numbers.find(r["text"], r.get("lang"))
        yield {"id": r["id"], "figures": [numbers.record(f) for f in found]}


def numpairs(records: list[Record]) -> Iterator[Record]:
    for r in records:
        source = r["source"]
        known = numbers.find(source, language(r["source_lang"]))
        verdicts = numbers.verify(r["output"], text.detect(r["output"]), known, context=source)
        yield {"id": r["id"], "supported": all(v.supported for v in verdicts)}


def clusters(records: list[Record]) -> Iterator[Record]:
    known = [article(r) for r in records]
    stories = digest.stories(known, figures={a.id: figures_of(a) for a in known}, aliases=aliases())
    for story in stories:
        for member in story.articles:
            yield {"id": member.id, "cluster": story.id}


def aliases() -> dict[str, str]:
    """The names of prompts/glossary.toml, as the wiring gives them to the flows."""
    from bot import config, wiring

    return dict(wiring.writer(config.Settings(_env_file=None), None).glossary.aliases)  # type: ignore[call-arg]


def digests(records: list[Record]) -> Iterator[Record]:
    for r in records:
        langs = PAIR[r["lang"]]
        made = compose([article(r)], langs, now=AT)
        item = made.items[0]
        warnings = [
            {"type": "contradiction", "values": [float(f.value) for f in c.figures]}
            for c in item.story.conflicts
        ]
        bullets = [{short(k): v for k, v in b.text.items()} for b in item.bullets]
        yield {"id": r["id"], "bullets": bullets, "warnings": warnings}


def qa(records: list[Record]) -> Iterator[Record]:
    from benchmarks import qa as questions

    yield from questions.answers(records)


def retrieval(records: list[Record]) -> Iterator[Record]:
    from benchmarks import qa as questions

    yield from questions.passages(records)


TASKS: dict[str, Callable[[list[Record]], Iterator[Record]]] = {
    "figures": figures,
    "numpairs": numpairs,
    "clusters": clusters,
    "digest": digests,
    "qa": qa,
    "retrieval": retrieval,
}


def main(argv: list[str]) -> int:
    if len(argv) != 2 or argv[0] not in (*TASKS, "feeds"):
        print(__doc__, file=sys.stderr)
        return 2
    task, place = argv[0], Path(argv[1])
    if task == "feeds":
        from benchmarks import feeds

        return feeds.main(place)
    lines = place.read_text("utf-8").splitlines()
    for prediction in TASKS[task]([json.loads(x) for x in lines if x.strip()]):
        print(json.dumps(prediction, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
