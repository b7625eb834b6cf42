"""What a model is shown of a story: numbered sentences and figures, fenced as data.

The numbering depends on the story alone, so that the ids of a reply are read as they were given.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from bot import text
from bot.digest.injection import orders
from bot.model import Article, Figure, Quote

TOKENS = 6_000  # of article text in one call; longer stories lose sentences without figures first
LEAD = 8  # sentences at the start of each article that are kept before any other
LONGEST = 600  # characters of one sentence that are shown
MOST_FIGURES = 120

_MARKS = re.compile("[\u0300-\u036f]{3,}|[\ufe00-\ufe0f\U000e0100-\U000e01ef]")  # piled, variation
_FENCE = re.compile(r"[<>＜＞《》«»]{3,}|\bART-[0-9a-fA-F]*|\bFIGURES\b", re.IGNORECASE)
_LABEL = re.compile(r"^\s*[SＳFＦ]\s*[0-9０-９]+\s*[|｜=＝]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """`sentences[0]` is S1, `figures[0]` is F1; `home[0]` is the index of F1's sentence."""

    sentences: tuple[Quote, ...]
    figures: tuple[Figure, ...]
    home: tuple[int, ...]

    def sentence(self, label: str) -> int | None:
        """The index behind a label such as S3, None when there is no such sentence."""
        return _index(label, "S", len(self.sentences))

    def figure(self, label: str) -> int | None:
        return _index(label, "F", len(self.figures))


def _index(label: str, letter: str, length: int) -> int | None:
    match = re.fullmatch(rf"{letter}0*([1-9]\d{{0,3}})", label.strip().upper())
    return int(match[1]) - 1 if match and int(match[1]) <= length else None


def number(articles: Sequence[Article], figures: Iterable[Figure]) -> Evidence:
    """The numbered sentences and figures of some articles, in their order, within TOKENS.

    Sentences that speak to the reader's AI are left out, with the rest of their paragraph and
    with links and encoded blocks beside them.
    """
    ordered = sorted(figures, key=lambda f: (f.quote.article_id, f.quote.start))
    pool = [(q, rank) for a in articles for q, rank in _ranked(a, ordered)]
    kept = _within(pool)
    sentences = tuple(quote for quote, _ in pool if quote in kept)
    pairs = [
        (figure, home) for home, quote in enumerate(sentences) for figure in _inside(quote, ordered)
    ][:MOST_FIGURES]
    return Evidence(
        sentences=sentences,
        figures=tuple(f for f, _ in pairs),
        home=tuple(home for _, home in pairs),
    )


def _ranked(article: Article, figures: Sequence[Figure]) -> list[tuple[Quote, int]]:
    """The quotable sentences of an article with their rank for keeping: lower is kept first."""
    spans = text.sentences(article.text)
    ordered = orders(article.text, spans)
    found = []
    for place, (start, end) in enumerate(spans):
        if ordered[place]:
            continue
        exact = article.text[start:end]
        quote = Quote(article_id=article.id, start=start, end=end, exact=exact)
        rank = 0 if place < LEAD else 1 if _inside(quote, figures) else 2
        found.append((quote, rank))
    return found


def _inside(quote: Quote, figures: Iterable[Figure]) -> list[Figure]:
    return [
        f
        for f in figures
        if f.quote.article_id == quote.article_id
        and quote.start <= f.quote.start
        and f.quote.end <= quote.end
    ]


def _within(pool: Sequence[tuple[Quote, int]]) -> set[Quote]:
    room, kept = float(TOKENS), set()
    for quote, _ in sorted(pool, key=lambda pair: pair[1]):
        room -= size(quote.exact[:LONGEST])
        if room < 0:
            break
        kept.add(quote)
    return kept


def size(body: str) -> float:
    """Tokens that a text takes, about: four Latin characters or 1.2 of CJK to one."""
    cjk = len(re.findall(f"[{text.CJK}]", body))
    return (len(body) - cjk) / 4 + cjk / 1.2


# --- the block ---------------------------------------------------------------------------------


def block(evidence: Evidence, articles: Sequence[Article]) -> str:
    """The evidence as text between two fence lines whose name is drawn from the content. Nothing
    inside can look like a fence or a label, or hide characters."""
    fence = f"ART-{sha256(''.join(q.exact for q in evidence.sentences).encode()).hexdigest()[:8]}"
    lines = [f"<<<{fence}"]
    for index, article in enumerate(articles, 1):
        date = f" | {article.published_at:%Y-%m-%d}" if article.published_at else ""
        lines.append(f"[article {index} | {article.lang}{date}]")
        lines += [
            f"S{place}| {defused(quote.exact)[:LONGEST]}"
            for place, quote in enumerate(evidence.sentences, 1)
            if quote.article_id == article.id
        ]
    lines.append("[figures]")
    for place, (figure, home) in enumerate(zip(evidence.figures, evidence.home, strict=True), 1):
        lines.append(f"F{place} = {_described(figure)} S{home + 1}")
    return "\n".join([*lines, f"{fence}>>>"])


def _described(figure: Figure) -> str:
    """A figure as `6.3e12 token «6.3兆トークン»`, with what it counts and how it changed."""
    high = f"..{_plain(figure.value_max)}" if figure.value_max is not None else ""
    parts = [f"{_plain(figure.value)}{high}", figure.unit, f"«{defused(figure.quote.exact)}»"]
    for key in ("qualifier", "change", "per", "measure", "subject", "counts"):
        value = getattr(figure, key)
        parts.append(f"{key}:{defused(value)}" if value else "")
    return " ".join(filter(None, parts))


def _plain(value: Decimal) -> str:
    """A value without magnitude words: 8192, 0.141, 6.3e12."""
    short = value.normalize()
    return f"{short:e}".replace("e+", "e") if abs(short) >= 1_000_000 else f"{short:f}"


def defused(body: str) -> str:
    """A piece of source text on one line, without hidden characters and look-alikes of ours.

    >>> defused("a\\u200b <<<ART-12 b\\nS3| c"), defused("S3| c")
    ('a b S3| c', 'S3 c')
    """
    visible = _MARKS.sub("", text.clean(body))
    single = " ".join(_FENCE.sub(" ", visible).split())
    return _LABEL.sub(lambda m: m.group()[:-1] + " ", single).replace("  ", " ")
