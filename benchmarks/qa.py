"""Questions answered from the evaluation data, in the formats of shared/data/digest/score.py.

    python -m benchmarks.qa FOLDER QUESTIONS   prints what the answers are worth

FOLDER holds articles.jsonl; QUESTIONS is tests/cases/questions.jsonl: own
questions with and without an answer. Rules and weights were set by the failures of "tuned"; those
of "apart" were never read, though its shares were watched; "held" was measured when all was done.
"""

import json
import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from bot import demo, ingest, qa
from bot import figures as numbers
from bot.model import Answer, Article, Conflict, Fetched, Figure, Lang, Question

Record = dict[str, Any]
AT = datetime(2025, 3, 10, 12, 0, tzinfo=UTC)
SITE = "https://demo.example"
EVERYTHING = 10_000  # sentences: more than any pool of the evaluation data has


def language(code: str) -> Lang:
    """The scorers write zh for both Chinese scripts."""
    return "zh-Hans" if code == "zh" else code


def article(record: Record) -> Article:
    """A record as the article that ingestion would have made of it; passages have no title."""
    body = record.get("text") or record["context"]
    title = record.get("title", "")
    return Article(
        id=record["id"],
        source_id=record["id"],
        url=record.get("url", ""),
        title=title,
        text=f"{title}\n\n{body}" if title else body,
        lang=language(record["lang"]),
        fetched_at=AT,
    )


@lru_cache(maxsize=1)
def aliases() -> Mapping[str, str]:
    """The words of prompts/glossary.toml in all languages, as the flows know them."""
    from bot.digest import glossary

    file = Path(__file__).parents[1] / "prompts" / "glossary.toml"
    return glossary.parse(file.read_text("utf-8")).aliases


def figures_of(articles: Sequence[Article]) -> dict[str, tuple[Figure, ...]]:
    return {a.id: numbers.find(a.text, a.lang, article_id=a.id) for a in articles}


def conflicts_of(
    articles: Sequence[Article], figures: Mapping[str, tuple[Figure, ...]]
) -> tuple[Conflict, ...]:
    """The contradictions inside each story; articles of one story have the last part of their id
    in common."""
    texts = {a.id: a.text for a in articles}
    stories: dict[str, list[Figure]] = {}
    for one in articles:
        stories.setdefault(one.id.rsplit("/", 1)[-1], []).extend(figures[one.id])
    return tuple(c for found in stories.values() for c in numbers.conflicts(found, texts=texts))


def asked(words: str, lang: Lang) -> Question:
    return Question(id="q", thread_id="t", author_id="u", text=words, lang=lang, asked_at=AT)


def ask(
    words: str,
    lang: Lang,
    articles: Sequence[Article],
    figures: Mapping[str, tuple[Figure, ...]],
    history: Sequence[str] = (),
) -> tuple[Answer, tuple[qa.Evidence, ...]]:
    """The extractive answer to a question about articles, and what it rests on."""
    evidence = qa.retrieve(
        words, articles, figures=figures, lang=lang, history=history, aliases=aliases()
    )
    given = qa.answer(
        asked(words, lang),
        evidence,
        articles=articles,
        conflicts=conflicts_of(articles, figures),
        lang=lang,
    )
    return given, evidence


def line_of(found: Article, offset: int) -> int:
    """The number of the body's line at an offset: the scorer's sentence index; -1 is the title."""
    breaks = [m.start() for m in re.finditer("\n", found.text)]
    return bisect_right(breaks, offset) - (2 if found.title else 0)


def answers(records: Sequence[Record]) -> Iterator[Record]:
    """Predictions for `score.py qa`: each question is asked about its own article; one sentence."""
    for record in records:
        known = [article(record)]
        figures = figures_of(known)
        for index, item in enumerate(record["qa"]):
            given, evidence = ask(item["question"], language(item["lang"]), known, figures)
            lines = [line_of(known[0], e.quote.start) for e in evidence]
            yield {
                "id": record["id"],
                "q": index,
                "answer": said(given),
                "sentences": [n for n in lines if n >= 0][:1],
            }


def said(given: Answer) -> str:
    """What an answer says: its text, and where that names no figure, its first quote."""
    quote = given.quotes[0].exact if given.quotes and not given.figures else ""
    return f"{given.text}\n{quote}".strip()


def passages(records: Sequence[Record]) -> Iterator[Record]:
    """Predictions for `score.py retrieval`: the passage is looked for among all of the question's
    language, the sentence inside the passage (as the reference points were measured)."""
    known = [article(r) for r in records]
    figures = figures_of(known)
    pools: dict[Lang, list[Article]] = {}
    for one in known:
        pools.setdefault(one.lang, []).append(one)
    for record, own in zip(records, known, strict=True):
        for index, item in enumerate(record["qas"]):
            question = item["question"]
            wide = qa.retrieve(
                question, pools[own.lang], figures=figures, lang=own.lang, limit=EVERYTHING
            )
            near = qa.retrieve(question, [own], figures=figures, lang=own.lang)
            yield {
                "id": record["id"],
                "q": index,
                "ranked": list(dict.fromkeys(e.article.id for e in wide)),
                "sentences": [e.quote.exact for e in near[:3]],
            }


# --- own questions -----------------------------------------------------------------------------


def bundled() -> list[Article]:
    """The articles of the demo, as ingestion makes them; their ids are folder/story."""
    found = []
    for source in demo.sources(SITE):
        file = resources.files("bot.demo") / "feeds" / source.url.removeprefix(f"{SITE}/")
        body = re.sub(r"\{\{published:[^}]*\}\}", AT.isoformat(), file.read_text("utf-8"))
        fetched = Fetched(
            url=source.url,
            status=200,
            body=body.replace("{{site}}", SITE).encode(),
            content_type="application/feed+json" if source.url.endswith("json") else "text/xml",
            fetched_at=AT,
        )
        feed = ingest.parse(fetched, source=source)
        made = ingest.articles(feed, source=source, now=AT)
        found += [replace(a, id=a.url.removeprefix(f"{SITE}/")) for a in made]
    return found


def asked_all(
    cases: Sequence[Record], pools: Mapping[str, Sequence[Article]]
) -> Iterator[tuple[Record, Answer, tuple[qa.Evidence, ...]]]:
    """Each own question with its answer, asked in a thread about all articles of its set."""
    figures = {name: figures_of(pool) for name, pool in pools.items()}
    for case in cases:
        pool = pools[case["set"]]
        yield case, *ask(case["question"], language(case["lang"]), pool, figures[case["set"]])


def right(case: Record, given: Answer, evidence: Sequence[qa.Evidence]) -> tuple[bool, bool]:
    """Whether the best sentence is the right one, and whether the answer says what is asked."""
    first = evidence[0] if evidence else None
    found = (
        first is not None
        and case["article"] == first.article.id.rsplit("/", 1)[-1]
        and any(part in first.quote.exact for part in case["evidence"])
    )
    wanted = numbers.find(case["answer"], case["lang"])
    told = numbers.find(said(given), given.lang)
    if not wanted:
        return found, any(part in said(given) for part in (case["answer"], *case["evidence"]))
    return found, all(any(abs(w.value) == abs(t.value) for t in told) for w in wanted)


def measure(
    given: Sequence[tuple[Record, Answer, tuple[qa.Evidence, ...]]], *splits: str
) -> dict[str, float]:
    """Shares over the own questions of some splits: evidence, answer, refused, refused_wrongly."""
    mine = [row for row in given if row[0]["split"] in splits]
    real = [row for row in mine if row[0]["answer"] is not None]
    none = [row for row in mine if row[0]["answer"] is None]
    verdicts = [right(*row) for row in real]
    return {
        "evidence": sum(e for e, _ in verdicts) / len(real),
        "answer": sum(a for _, a in verdicts) / len(real),
        "refused": sum(not a.quotes for _, a, _ in none) / len(none),
        "refused_wrongly": sum(not a.quotes for _, a, _ in real) / len(real),
    }


def main(argv: Sequence[str]) -> int:
    if len(argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    pools = {
        "digest": [article(r) for r in read(Path(argv[0]) / "articles.jsonl")],
        "demo": bundled(),
    }
    given = list(asked_all(read(Path(argv[1])), pools))
    for split in ("tuned", "apart", "held"):
        print(split, {k: round(v, 3) for k, v in measure(given, split).items()})
    return 0


def read(path: Path) -> list[Record]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
