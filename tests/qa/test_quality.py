"""Floors of quality on evaluation data and on own questions; they only rise."""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks import qa as bench

ROOT = Path(__file__).parents[2]
QUESTIONS = ROOT / "tests" / "cases" / "questions.jsonl"


def scored(shared_data: Path, task: str, gold: Path, predictions: list[bench.Record]) -> str:
    """What the scorer of the evaluation data prints about predictions."""
    script = shared_data / "digest" / "score.py"
    lines = "\n".join(json.dumps(p, ensure_ascii=False) for p in predictions)
    done = subprocess.run(
        [sys.executable, str(script), task, str(gold), "/dev/stdin"],
        input=lines,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def number(printed: str, after: str) -> float:
    return float(printed.split(after, 1)[1].split(maxsplit=1)[0].rstrip(";"))


def test_passages_and_sentences_are_found(shared_data: Path) -> None:
    gold = shared_data / "digest" / "qa_retrieval.jsonl"
    printed = scored(shared_data, "retrieval", gold, list(bench.passages(bench.read(gold))))
    passages, sentences = printed.split("; ")
    assert number(passages, "hit@5 ") >= 0.98
    assert number(sentences, "hit@3 ") >= 0.94


def test_questions_about_short_articles_are_answered(shared_data: Path) -> None:
    gold = shared_data / "digest" / "articles.jsonl"
    printed = scored(shared_data, "qa", gold, list(bench.answers(bench.read(gold))))
    answer, evidence = printed.split("; ")
    assert float(answer.split(" = ")[1].split()[0]) >= 0.75
    assert float(evidence.split(" = ")[1]) >= 0.85


def test_own_questions_are_answered_or_refused(shared_data: Path) -> None:
    gold = shared_data / "digest" / "articles.jsonl"
    pools = {
        "digest": [bench.article(r) for r in bench.read(gold)],
        "demo": bench.bundled(),
    }
    given = list(bench.asked_all(bench.read(QUESTIONS), pools))
    assert len(given) == 200
    for split, refused_wrongly in (("tuned", 0.1), ("apart", 0.1), ("held", 0.15)):
        shares = bench.measure(given, split)
        assert shares["evidence"] >= 0.85
        assert shares["answer"] >= 0.75
        assert shares["refused"] >= 0.8
        assert shares["refused_wrongly"] <= refused_wrongly


def test_questions_about_the_bundled_articles_need_no_evaluation_data() -> None:
    cases = [c for c in bench.read(QUESTIONS) if c["set"] == "demo"]
    given = list(bench.asked_all(cases, {"demo": bench.bundled()}))
    shares = bench.measure(given, "tuned", "apart", "held")
    assert shares["evidence"] >= 0.8
    assert shares["refused"] >= 0.8
