"""Questions for the scorers of shared/data/digest, through the product's own functions."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from bot import qa
from bot.app.answer import matter
from bot.app.collect import figures_of
from bot.app.oneoff import compose
from bot.model import Article, Lang, Question

Record = dict[str, Any]
AT = datetime(2025, 3, 10, 12, 0, tzinfo=UTC)


def _lang(code: str) -> Lang:
    return "zh-Hans" if code == "zh" else code


def _article(name: str, lang: Lang, title: str, body: str) -> Article:
    return Article(
        id=name,
        source_id=name,
        url="",
        title=title,
        text=f"{title}\n\n{body}" if title else body,
        lang=lang,
        fetched_at=AT,
        content_hash=name,
    )


def answers(records: Sequence[Record]) -> Iterator[Record]:
    """Predictions of `score.py qa`: the answer and the cited sentences, as line numbers."""
    for r in records:
        article = _article(r["id"], _lang(r["lang"]), r["title"], r["text"])
        made = compose([article], (article.lang,), now=AT)
        known = matter(made)
        lines = r["text"].split("\n")
        for number, asked in enumerate(r["qa"]):
            lang = _lang(asked["lang"])
            found = qa.retrieve(asked["question"], known.articles, figures=known.figures, lang=lang)
            question = Question(
                id="q", thread_id="", author_id="", text=asked["question"], lang=lang, asked_at=AT
            )
            given = qa.answer(
                question, found, articles=known.articles, conflicts=known.conflicts, lang=lang
            )
            quoted = [q.exact for q in given.quotes[:1]]
            cited = [i for i, line in enumerate(lines) if any(q in line for q in quoted)]
            yield {"id": r["id"], "q": number, "answer": given.text, "sentences": cited[:1]}


def passages(records: Sequence[Record]) -> Iterator[Record]:
    """Predictions of `score.py retrieval`: passages of the question's own collection, ranked, and
    the best sentences of the right one."""
    collections: dict[str, list[Article]] = {}
    for r in records:
        article = _article(r["id"], _lang(r["lang"]), "", r["context"])
        collections.setdefault(r["id"].rsplit("-", 1)[0], []).append(article)
    figures = {a.id: figures_of(a) for group in collections.values() for a in group}
    for r in records:
        group = collections[r["id"].rsplit("-", 1)[0]]
        own = next(a for a in group if a.id == r["id"])
        for number, asked in enumerate(r["qas"]):
            lang = own.lang
            ranked = qa.retrieve(asked["question"], group, figures=figures, lang=lang, limit=60)
            inside = qa.retrieve(asked["question"], [own], figures=figures, lang=lang, limit=3)
            order = list(dict.fromkeys(e.article.id for e in ranked))
            yield {
                "id": r["id"],
                "q": number,
                "ranked": order[:5],
                "sentences": [e.quote.exact for e in inside],
            }
