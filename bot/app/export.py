"""A digest as data: what ``digestbot digest --json`` prints. Its shape is stable.

::

    {"id", "langs": [...], "start", "end",
     "stories": [
       {"id", "headline": {lang: text}, "written_by", "score",
        "articles": [{"id", "url", "title", "lang", "source_id", "published_at",
                      "translated_from"}],
        "bullets": [{"text": {lang: text}, "original": lang | null,
                     "quotes": [quote], "figures": [figure id]}],
        "figures": [{"id", "article_id", "say": {lang: text}, ...the record of figures.record}],
        "conflicts": [{"kind", "ratio", "figures": [figure id],
                       "explanation": {lang: text}, "quotes": [quote]}]}]}

A quote is {"article_id", "start", "end", "exact"}: half-open code-point offsets into the
article's text, for which exact == text[start:end].
"""

from collections.abc import Sequence
from typing import Any

from bot import figures as numbers
from bot.digest import wording
from bot.model import Article, Bullet, Conflict, Digest, DigestItem, Figure, Lang, Quote, Story


def data(made: Digest) -> dict[str, Any]:
    """The digest as plain data, ready for JSON."""
    return {
        "id": made.id,
        "langs": list(made.langs),
        "start": made.start.isoformat(),
        "end": made.end.isoformat(),
        "stories": [_item(item, made.langs) for item in made.items],
    }


def _item(item: DigestItem, langs: Sequence[Lang]) -> dict[str, Any]:
    return {
        "id": item.story.id,
        "headline": dict(item.headline),
        "written_by": item.written_by,
        "score": round(item.story.score, 3),
        "articles": [_article(a) for a in item.story.articles],
        "bullets": [_bullet(b) for b in item.bullets],
        "figures": [_figure(f, langs) for f in item.story.figures],
        "conflicts": [_conflict(c, item.story, langs) for c in item.story.conflicts],
    }


def _article(article: Article) -> dict[str, Any]:
    published = article.published_at
    return {
        "id": article.id,
        "url": article.url,
        "title": article.title,
        "lang": article.lang,
        "source_id": article.source_id,
        "published_at": published.isoformat() if published else None,
        "translated_from": article.translated_from,
    }


def _bullet(bullet: Bullet) -> dict[str, Any]:
    return {
        "text": dict(bullet.text),
        "original": bullet.original,
        "quotes": [_quote(q) for q in bullet.quotes],
        "figures": [f.id for f in bullet.figures],
    }


def _figure(figure: Figure, langs: Sequence[Lang]) -> dict[str, Any]:
    return {
        "id": figure.id,
        "article_id": figure.quote.article_id,
        "say": {lang: numbers.say(figure, lang) for lang in langs},
        **numbers.record(figure),
    }


def _conflict(conflict: Conflict, story: Story, langs: Sequence[Lang]) -> dict[str, Any]:
    articles = {a.id: a for a in story.articles}
    return {
        "kind": conflict.kind,
        "ratio": float(conflict.ratio),
        "figures": [f.id for f in conflict.figures],
        "explanation": {lang: wording.explain(conflict, lang) for lang in langs},
        "quotes": [
            _quote(wording.sentence_of(f, articles[f.quote.article_id])) for f in conflict.figures
        ],
    }


def _quote(quote: Quote) -> dict[str, Any]:
    return {
        "article_id": quote.article_id,
        "start": quote.start,
        "end": quote.end,
        "exact": quote.exact,
    }
