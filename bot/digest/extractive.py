"""A digest item without a model: sentences of the sources as they stand, nothing invented.

Which sentences: a mix of centrality, figures, position and closeness to the headline (of 108 key
figures, three sentences chosen so keep 86-88 %, the first three 81 %). The other language comes
from a sentence of another source of the story that states the same figures; where there is none,
the figures alone are said in that language and the bullet names the language of its sentence.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot import figures as numbers
from bot import text
from bot.digest.injection import orders, suspicious
from bot.model import Article, Bullet, DigestItem, Figure, Lang, Quote, Story

BULLETS = 3
WEIGHTS = {"centrality": 0.35, "figures": 0.35, "position": 0.2, "headline": 0.1}
PAIRED = 0.25  # what a sentence gains when another source says it in the other language
REDUNDANT = 0.5  # share of words in common at which a second sentence tells nothing new
LONGEST = 240  # columns of one bullet; a longer sentence is quoted only if nothing else is there
_WORDS = re.compile(r"\w")
_BYLINE = re.compile(
    r"^\s*(by |source:|photo|credit|reporting by|share|subscribe|read more|copyright|©|編集|出典"
    r"|出處|来源|來源|本文(の著者|作者)|作者|著者|記者|责任编辑|責任編輯|免責)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Sentence:
    article: Article
    quote: Quote
    figures: tuple[Figure, ...]
    words: frozenset[str]
    place: int  # 0 is the first sentence of the body


def extract(story: Story, langs: Sequence[Lang], *, bullets: int = BULLETS) -> DigestItem:
    """The item of a story in `langs` (one or two), of at most `bullets` whole sentences.

    Sentences come from the article in the first of `langs` that the story has, else from its
    primary article. Every figure in a bullet stands in its quotes.
    """
    lead = _lead(story, langs)
    pool = _sentences(lead, story)
    partners = {
        lang: [s for a in story.articles if a.lang == lang for s in _sentences(a, story)]
        for lang in langs
        if lang != lead.lang
    }
    chosen = _choose(pool, lead, partners, bullets)
    return DigestItem(
        story=story,
        headline=_headline(story, langs, lead),
        bullets=tuple(_bullet(s, langs, partners) for s in chosen),
    )


def _lead(story: Story, langs: Sequence[Lang]) -> Article:
    for lang in langs:
        for article in story.articles:
            if article.lang == lang:
                return article
    return story.articles[0]


def _headline(story: Story, langs: Sequence[Lang], lead: Article) -> dict[Lang, str]:
    titles: dict[Lang, str] = {}
    for article in (lead, *story.articles):
        if article.lang in langs and not suspicious(article.title):
            titles.setdefault(article.lang, article.title)
    return titles or {lead.lang: lead.title}


def _sentences(article: Article, story: Story) -> list[_Sentence]:
    """The quotable sentences of an article: whole, in its language, not its headline, no byline,
    no order to a machine."""
    spans = text.sentences(article.text)
    bad = orders(article.text, spans)
    own = [f for f in story.figures if f.quote.article_id == article.id]
    kept: list[_Sentence] = []
    for (start, end), ordered in zip(spans, bad, strict=True):
        exact = article.text[start:end]
        if ordered or not _quotable(article, (start, end)):
            continue
        kept.append(
            _Sentence(
                article=article,
                quote=Quote(article_id=article.id, start=start, end=end, exact=exact),
                figures=tuple(f for f in own if start <= f.quote.start < end),
                words=frozenset(text.tokens(exact)),
                place=len(kept),
            )
        )
    return kept


def _quotable(article: Article, span: text.Span) -> bool:
    exact = article.text[span[0] : span[1]]
    if text.fold(exact) == text.fold(article.title) or _BYLINE.match(exact):
        return False
    whole = exact[-1] in "。.!?！？」』”\"'’）)" and len(_WORDS.findall(exact)) >= 8
    return whole and _same_script(exact, article.lang)


def _same_script(exact: str, lang: Lang) -> bool:
    found = text.detect(exact, lang)
    return found == lang or (found.startswith("zh") and lang.startswith("zh"))


# --- which sentences ---------------------------------------------------------------------------


def _choose(
    pool: Sequence[_Sentence],
    lead: Article,
    partners: Mapping[Lang, Sequence[_Sentence]],
    limit: int,
) -> list[_Sentence]:
    scores = _scores(pool, lead)
    for index, sentence in enumerate(pool):
        paired = all(_partner(sentence, there) for there in partners.values()) if partners else True
        scores[index] += PAIRED * (paired and bool(partners))
        scores[index] -= text.width(sentence.quote.exact) > LONGEST
    order = sorted(range(len(pool)), key=lambda i: (-scores[i], i))
    chosen: list[_Sentence] = []
    for index in order:
        if len(chosen) < limit and not any(_repeats(pool[index], c) for c in chosen):
            chosen.append(pool[index])
    return sorted(chosen, key=lambda s: s.place)


def _repeats(one: _Sentence, other: _Sentence) -> bool:
    return len(one.words & other.words) >= REDUNDANT * min(len(one.words), len(other.words))


def _scores(pool: Sequence[_Sentence], lead: Article) -> list[float]:
    central = _centrality([s.words for s in pool])
    title = frozenset(text.tokens(lead.title))
    most = max((len(s.figures) for s in pool), default=0) or 1
    return [
        WEIGHTS["centrality"] * central[i]
        + WEIGHTS["figures"] * len(s.figures) / most
        + WEIGHTS["position"] * (1 - s.place / len(pool))
        + WEIGHTS["headline"] * len(s.words & title) / max(1, len(title))
        for i, s in enumerate(pool)
    ]


def _centrality(sentences: Sequence[frozenset[str]]) -> list[float]:
    """TextRank in one step: how much each sentence shares with the others, scaled to 1."""
    seen = Counter(word for words in sentences for word in words)
    weight = {w: math.log(1 + len(sentences) / n) for w, n in seen.items() if n > 1}
    degree = [sum(weight.get(w, 0.0) for w in words) / (1 + len(words)) for words in sentences]
    top = max(degree, default=0.0) or 1.0
    return [d / top for d in degree]


# --- the other language ------------------------------------------------------------------------


def _bullet(
    sentence: _Sentence, langs: Sequence[Lang], partners: Mapping[Lang, Sequence[_Sentence]]
) -> Bullet:
    own = sentence.article.lang
    words: dict[Lang, str] = {own: sentence.quote.exact}
    quotes, original = [sentence.quote], None
    for lang in langs:
        partner = _partner(sentence, partners.get(lang, ()))
        if lang == own:
            continue
        if partner is not None:
            words[lang] = partner.quote.exact
            quotes.append(partner.quote)
        else:
            original = own
            if sentence.figures:
                words[lang] = " · ".join(numbers.say(f, lang) for f in sentence.figures)
    return Bullet(text=words, quotes=tuple(quotes), figures=sentence.figures, original=original)


def _partner(sentence: _Sentence, there: Sequence[_Sentence]) -> _Sentence | None:
    """The sentence of another source with the same figures, the one that shares most names."""
    if not sentence.figures:
        return None
    same = [s for s in there if _same_figures(sentence.figures, s.figures)]
    return max(same, key=lambda s: (len(s.words & sentence.words), -s.place), default=None)


def _same_figures(left: Sequence[Figure], right: Sequence[Figure]) -> bool:
    if len(left) != len(right):
        return False
    rest = list(right)
    for figure in left:
        match = next((f for f in rest if numbers.compare(figure, f) == "same"), None)
        if match is None:
            return False
        rest.remove(match)
    return True
