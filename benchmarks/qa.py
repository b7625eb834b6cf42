"""Questions answered from the evaluation data, in the formats of shared/data/digest/score.py.

    python -m benchmarks.qa FOLDER [QUESTIONS]   prints what the answers are worth

FOLDER holds articles.jsonl and qa_retrieval.jsonl; QUESTIONS is tests/cases/questions.jsonl: own
questions with and without an answer, half of them kept apart from all tuning.
"""

import json
import re
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot import figures as numbers
from bot import phrases, qa, text
from bot.model import Answer, Article, Conflict, Figure, Lang, Question

Record = dict[str, Any]
AT = datetime(2025, 3, 10, 12, 0, tzinfo=UTC)
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
    texts = {a.id: a.text for a in articles}
    return numbers.conflicts([f for a in articles for f in figures[a.id]], texts=texts)


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


def refusals(
    cases: Sequence[Record], articles: Sequence[Record]
) -> Iterator[tuple[Record, Answer]]:
    """Each own question with its answer, asked about all articles of its set in one thread."""
    known = [article(a) for a in articles]
    figures = figures_of(known)
    for case in cases:
        given, _ = ask(case["question"], language(case["lang"]), known, figures)
        yield case, given


def main(argv: Sequence[str]) -> int:
    folder = Path(argv[0])
    articles = read(folder / "articles.jsonl")
    for name, predictions in (("qa", answers(articles)),):
        print(name, *(json.dumps(p, ensure_ascii=False) for p in predictions), sep="\n")
    if len(argv) > 1:
        report(list(refusals(read(Path(argv[1])), articles)))
    return 0


def read(path: Path) -> list[Record]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def report(given: Sequence[tuple[Record, Answer]]) -> None:
    counts = Counter(
        (case["split"], case["answer"] is not None, bool(answer.quotes)) for case, answer in given
    )
    for split in ("tuned", "apart"):
        for answerable in (True, False):
            refused = counts[split, answerable, False]
            total = refused + counts[split, answerable, True]
            kind = "answerable" if answerable else "unanswerable"
            print(f"{split:6} {kind:13} refused {refused}/{total}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
