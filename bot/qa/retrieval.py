"""Sentences of the thread's articles that answer a question, best first.

Routed by language: in the question's own language words decide (BM25 over search tokens); in
another one they mean nothing, so meaning (sentence vectors where they are at hand, else known
concepts), names and numbers carry across. The rankings are never fused blindly: measured, that
drops the right passage of another language from 82 to 35 percent.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.digest import evidence as shown
from bot.model import Article, Figure, Lang, Quote
from bot.qa import choice, support
from bot.qa.questions import Asked, understand
from bot.qa.support import Passage

K1, B = 1.2, 0.75  # BM25 as in Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009
FIT = 0.15  # what a sentence gains by a figure, date or person of the kind that is asked for
NUMBER = 0.3  # what a sentence gains by a figure of the question, right or a power of ten off
CONTEXT = 0.5  # weight of the whole article beside the sentence
EXPLAINED = 0.8  # weight of the share of the question that a sentence accounts for
HEADLINE = 0.8  # a headline says less than the sentence it is drawn from
FOREIGN = 1.4  # weight of meaning alone, against words, article and meaning together
CACHED = 1024  # articles whose sentences are kept read

Similarity = Callable[[str, Sequence[str]], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that bears on a question, with the figures in it. `score` orders; `support` is
    the share of the question, 0..1, that the sentence in its article accounts for. Where the
    question wants a `quantity`, `asked` is the figure that answers it, if one does."""

    quote: Quote
    article: Article
    figures: tuple[Figure, ...]
    score: float
    support: float = 0.0
    quantity: bool = False
    asked: Figure | None = None


def retrieve(
    question: str,
    articles: Sequence[Article],
    *,
    figures: Mapping[str, tuple[Figure, ...]],
    lang: Lang,
    history: Sequence[str] = (),
    aliases: Mapping[str, str] | None = None,
    similarity: Similarity | None = None,
    limit: int = 5,
) -> tuple[Evidence, ...]:
    """The sentences that bear on `question`, which is in `lang`; best first, `limit` at most.

    `figures` are each article's by its id, `history` the thread's earlier questions, oldest
    first, `aliases` names in any language (see text.fold) by their canonical name. `similarity`
    gives closeness of meaning, -1..1, of the question to each of some sentences; it is asked
    about sentences of other languages only. Sentences that give orders to software are left out.
    """
    asked = understand(question, lang, history=history, aliases=aliases)
    read = [_read(article, figures.get(article.id, ())) for article in articles]
    same = [r for r in read if one_language(r.body.article.lang, lang)]
    other = [r for r in read if not one_language(r.body.article.lang, lang)]
    asked = replace(asked, anchored=support.anchored(asked, (r.body for r in read), lang))
    ranked = [*_within(asked, same), *_across(asked, question, other, similarity)]
    ranked.sort(key=lambda e: -e.score)
    return tuple(e for e in ranked if e.score > 0)[:limit]


def one_language(one: Lang, other: Lang) -> bool:
    """Whether words of one tag can be found in texts of another; both Chinese scripts are one."""
    return one == other or (one.startswith("zh") and other.startswith("zh"))


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    """The quotable sentences of an article, and all of them as one."""

    passages: tuple[Passage, ...]
    body: Passage


@lru_cache(maxsize=CACHED)
def _read(article: Article, figures: tuple[Figure, ...]) -> _Read:
    found = shown.number([article], figures)
    pairs = tuple(zip(found.figures, found.home, strict=True))
    passages = tuple(
        Passage(
            quote=quote, article=article, figures=tuple(f for f, home in pairs if home == place)
        )
        for place, quote in enumerate(found.sentences)
    )
    exact = "\n".join(quote.exact for quote in found.sentences)
    whole = Quote(article_id=article.id, start=0, end=len(article.text), exact=exact)
    return _Read(passages, Passage(quote=whole, article=article))


# --- in the question's language ----------------------------------------------------------------


def _within(asked: Asked, read: Sequence[_Read]) -> list[Evidence]:
    near = iter(_bm25(asked.words, [p.words for r in read for p in r.passages]))
    wide = _bm25(asked.words, [r.body.words for r in read])
    found = []
    for one, around in zip(read, wide, strict=True):
        whole = support.bearing(asked, one.body, across=False)
        for passage in one.passages:
            explained = support.explained(asked, passage, whole)
            total = next(near) + CONTEXT * around + EXPLAINED * explained
            found.append(_evidence(asked, passage, total, explained))
    return found


def _evidence(asked: Asked, passage: Passage, score: float, explained: float) -> Evidence:
    fit = FIT * support.fit(asked, passage) + NUMBER * support.meets(asked, passage)
    headline = HEADLINE if passage.headline else 1.0
    return Evidence(
        passage.quote,
        passage.article,
        passage.figures,
        (score + fit) * headline if score else 0.0,
        explained,
        asked.kind == "quantity",
        choice.figure(asked, passage),
    )


def _bm25(asked: Mapping[str, float], documents: Sequence[Counter[str]]) -> list[float]:
    """BM25 of each document, as a share of what a document with every asked word once gets."""
    lengths = [sum(d.values()) for d in documents]
    average = sum(lengths) / max(1, len(lengths)) or 1.0
    seen = {w: sum(w in d for d in documents) for w in asked}
    count = len(documents)
    rarity = {w: math.log(1 + (count - n + 0.5) / (n + 0.5)) for w, n in seen.items()}
    ceiling = sum(weight * rarity[w] for w, weight in asked.items()) or 1.0
    scores = []
    for document, length in zip(documents, lengths, strict=True):
        damping = K1 * (1 - B + B * length / average)
        hits = ((w, document[w]) for w in asked if w in document)
        scores.append(
            sum(asked[w] * rarity[w] * n * (K1 + 1) / (n + damping) for w, n in hits) / ceiling
        )
    return scores


# --- in another language -----------------------------------------------------------------------


def _across(
    asked: Asked, question: str, read: Sequence[_Read], similarity: Similarity | None
) -> list[Evidence]:
    sentences = [p.quote.exact for r in read for p in r.passages]
    close = iter(similarity(question, sentences)) if similarity and sentences else None
    found = []
    for one in read:
        whole = support.bearing(asked, one.body, across=True)
        for passage in one.passages:
            explained = support.explained(asked, passage, whole)
            near = explained if close is None else max(0.0, next(close))
            found.append(_evidence(asked, passage, FOREIGN * near, max(explained, near)))
    return found
