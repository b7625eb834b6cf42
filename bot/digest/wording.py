"""The words around figures: what one is about, where it stands, what is wrong with two."""

from decimal import Decimal

from bot import figures as numbers
from bot import phrases, text
from bot.model import LANGS, Article, Conflict, Figure, Lang, Quote


def label(figure: Figure) -> str:
    """What a figure is about, in the article's own words: subject, measure, counted noun; not
    again what the figure itself says in one of the languages (token of 4.8万亿个token)."""
    named = figure.unit not in ("", "count")
    said = [text.fold(numbers.say(figure, lang)) for lang in LANGS] if named else []
    kept: list[str] = []
    for part in (figure.subject, figure.measure, figure.counts):
        words = text.fold(part)
        again = any(words in text.fold(k) for k in kept) or (kept and any(words in s for s in said))
        if part and not again:
            kept.append(part)
    return " · ".join(kept) or figure.quote.exact


def explain(conflict: Conflict, lang: Lang) -> str:
    """A conflict in one sentence: what is said against what, and how far apart."""
    a, b = conflict.figures[0], conflict.figures[-1]
    own = "_own" if a.quote.article_id == b.quote.article_id else ""
    key = conflict.kind + (own if conflict.kind in ("scale", "value") else "")
    return phrases.say(
        lang,
        f"conflict.{key}",
        a=numbers.say(a, lang),
        b=numbers.say(b, lang),
        ratio=_plain(conflict.ratio),
    )


def _plain(ratio: Decimal) -> str:
    rounded = ratio.quantize(Decimal("0.1"))
    return f"{rounded.normalize():f}"


def sentence_of(figure: Figure, article: Article) -> Quote:
    """The sentence of the article that states the figure."""
    span = text.sentence_at(text.sentences(article.text), figure.quote.start)
    start, end = span or (figure.quote.start, figure.quote.end)
    return Quote(article_id=article.id, start=start, end=end, exact=article.text[start:end])
