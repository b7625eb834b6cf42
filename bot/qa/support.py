"""How much of a question a sentence accounts for: what of it the sentence names, in its own
language or in another, and whether it holds a thing of the kind that is asked for."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bot import figures as numbers
from bot import text
from bot.digest import Glossary, names, transliteration
from bot.model import Article, Figure, Lang, Quote
from bot.qa import concepts
from bot.qa.questions import Asked, Term
from bot.qa.questions import words as search_words

AROUND = 0.6  # worth of what only the rest of the article names, against the sentence itself
KNOWN = 0.9  # worth of a synonym or translation, against the word itself
UNTOLD = 0.2  # weight of a word that another script may write in a way that cannot be told
FOCUS = 1.5  # weight of what is counted or measured
TOPIC = 0.4  # weight of what tells which article is meant, against what is asked about it
PARTIAL = 0.6  # share of a run's character pairs from which the run counts as present
ABSENT = (
    0.5  # what is left where the article is shown not to hold a name or a period of the question
)
ELSEWHERE = 0.7  # what is left where another article has in its title what this one may not hold
UNSAID = 0.7  # what is left where the article does not name what is counted or measured
LACKING = 0.9  # what is left where it does not name another thing of the question
UNFIT = 0.55  # what is left where a sentence holds nothing of the kind that is asked for

CACHED = 1024  # titles that are kept read

_NOTHING = Glossary()
_PLENTY = frozenset(["money", "person"])  # most articles have figures of these
_PERSON = re.compile(
    r"[A-Z][a-z]+(?: [A-Z][\w’'-]+)+|[ァ-ヺー]+・[ァ-ヺー]+"
    r"|(?:氏|さん|社長|会長|市長|首相|大臣|知事)"
    r"|(?:董事长|董事長|总裁|總裁|总经理|總經理|執行長|首席|財務長|主席|部长|部長|市长|市長|说|說|表示)"
)


@dataclass(frozen=True, eq=False)
class Passage:
    """A sentence or a whole article, and what can be looked for in it, each read once."""

    quote: Quote
    article: Article
    figures: tuple[Figure, ...] = ()

    @property
    def headline(self) -> bool:
        return bool(self.article.title) and self.quote.end <= len(self.article.title)

    @cached_property
    def words(self) -> Counter[str]:
        return Counter(search_words(self.quote.exact))

    @cached_property
    def concepts(self) -> frozenset[str]:
        return concepts.found(self.quote.exact)

    @cached_property
    def folded(self) -> str:
        return text.fold(self.quote.exact)

    @cached_property
    def mentioned(self) -> frozenset[str]:
        """The dates, periods and times in it, by their value in any language."""
        found = numbers.mentions(self.quote.exact, self.article.lang)
        return frozenset(m.value for m in found if m.kind in ("date", "period", "time"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing:
    """What an article as a whole has to do with a question: for each term its weight and how
    surely the article names it, and a factor for what the article is shown to lack."""

    across: bool  # in another language than the question: concepts, names and numbers count
    weights: tuple[float, ...]
    around: tuple[float, ...]
    factor: float


def bearing(asked: Asked, body: Passage, *, across: bool) -> Bearing:
    """The bearing of the article `body` on a question."""
    around = tuple(_holds(term, body, across=across) for term in asked.terms)
    return Bearing(
        across=across,
        weights=tuple(
            term.weight * _weight(term, held, asked, body, across=across)
            for term, held in zip(asked.terms, around, strict=True)
        ),
        around=around,
        factor=_standing(asked, body, across=across),
    )


def explained(asked: Asked, passage: Passage, whole: Bearing) -> float:
    """The share of a question, 0..1, that a sentence accounts for in its article."""
    got = 0.0
    lacking = []
    for term, weight, there in zip(asked.terms, whole.weights, whole.around, strict=True):
        here = _holds(term, passage, across=whole.across) if there else 0.0
        got += weight * max(here, there if term.proper else AROUND * there)
        if not there and not term.proper and _tellable(term, whole.across):
            lacking.append(term)
    share = got / (sum(whole.weights) or 1.0) * whole.factor
    fitting = fit(asked, passage)
    unfit = asked.kind in ("quantity", "when", "who") and fitting == 0
    # A unit that few things have tells as much as the thing: 何カ月, what percentage.
    if not (asked.formal and not asked.formal & _PLENTY and fitting == 1):
        share *= _left(lacking)
    return share * (UNFIT if unfit else 1.0)


def _left(lacking: Sequence[Term]) -> float:
    """What is left for things of the question that the article could name and does not."""
    if any(term.focus for term in lacking):
        return UNSAID
    return LACKING if any(term.concepts for term in lacking) else 1.0


def _standing(asked: Asked, body: Passage, *, across: bool) -> float:
    """What is left for names and periods that the article is shown not to hold."""
    if any(_missing(term, asked, body) for term in asked.terms):
        return ABSENT
    elsewhere = (
        (term.surface, "") in asked.anchored and not _holds(term, body, across=True)
        for term in asked.terms
    )
    return ELSEWHERE if across and any(elsewhere) else 1.0


def anchored(asked: Asked, articles: Iterable[Passage], lang: Lang) -> frozenset[tuple[str, Lang]]:
    """The terms that surely are somewhere in the thread: names with the languages of articles
    that write them as the question does, and with "" what else without a meaning of its own a
    title in the question's language holds."""
    found = set()
    for body in articles:
        for term in asked.terms:
            if term.proper and not term.period and _written(term, body):
                found.add((term.surface, body.article.lang))
            same = body.article.lang[:2] == lang[:2] and bool(body.article.title)
            if not term.proper and not term.concepts and same and _in_title(term, body.article):
                found.add((term.surface, ""))
    return frozenset(found)


def _written(term: Term, body: Passage) -> bool:
    forms = term.forms or {term.surface}
    return any(_bounded(form, body.folded) for form in forms)


def _tellable(term: Term, across: bool) -> bool:
    """Whether a text that names a term can be seen to: words of another script cannot."""
    return bool(term.concepts) or not across or term.surface.isascii()


def _weight(term: Term, held: float, asked: Asked, body: Passage, *, across: bool) -> float:
    """What a term counts for: what tells which article is meant counts less than what is asked,
    and a word that another script may write in a way that cannot be told, least."""
    if across and not (term.proper or _tellable(term, across)):
        return TOPIC if held else UNTOLD
    if term.proper:
        return TOPIC if held or _missing(term, asked, body) else UNTOLD
    if not term.concepts and body.article.title and _in_title(term, body.article):
        return TOPIC
    return FOCUS if term.focus else 1.0


def _missing(term: Term, asked: Asked, body: Passage) -> bool:
    """Whether an article is shown not to hold a name or a period that the question gives; one
    that it may write in a way that cannot be told is not missing."""
    if not term.proper:
        return False
    if (term.surface, body.article.lang) in asked.anchored:
        return not _written(term, body)
    return _absent(term, body)


@lru_cache(maxsize=8192)
def _absent(term: Term, body: Passage) -> bool:
    """Whether the article's script would show the name, by letters or sound, and does not."""
    if _holds(term, body, across=True) or _holds(term, body, across=False):
        return False
    if term.period:
        kind = term.period.partition(":")[0]
        return any(value.startswith(f"{kind}:") for value in body.mentioned)
    if term.forms or not term.surface.isascii() or body.article.lang == "en":
        return True  # katakana is heard in Latin script and written as it is in Japanese
    surface = term.surface.title()
    return bool(names.absent(surface, "en", source=body.quote.exact, glossary=_NOTHING))


def _in_title(term: Term, article: Article) -> bool:
    return _holds(term, _title(article), across=False) > 0


@lru_cache(maxsize=CACHED)
def _title(article: Article) -> Passage:
    quote = Quote(article_id=article.id, start=0, end=len(article.title), exact=article.title)
    return Passage(quote=quote, article=article)


def _holds(term: Term, passage: Passage, *, across: bool) -> float:
    """How surely a passage names a term, 0..1."""
    if term.tokens and not across:
        present = sum(t in passage.words for t in term.tokens) / len(term.tokens)
        if present >= PARTIAL:
            return present
    if term.surface.isascii() and term.surface in passage.folded:
        return 1.0 if term.tokens <= passage.words.keys() else 0.0
    if term.concepts & passage.concepts:
        return KNOWN
    if any(_bounded(form, passage.folded) for form in term.forms):
        return KNOWN
    if term.period:
        return KNOWN if any(_same_time(term.period, v) for v in passage.mentioned) else 0.0
    if across and term.tokens and not term.surface.isascii() and passage.article.lang != "en":
        present = sum(t in passage.words for t in term.tokens) / len(term.tokens)
        return present * KNOWN if present >= PARTIAL else 0.0
    return _sounds(term, passage) if across and term.proper else 0.0


def _same_time(one: str, other: str) -> bool:
    """Whether one date or period says no more than another: date:2027 of date:2027-04."""
    return one == other or other.startswith(f"{one}-")


def _bounded(form: str, folded: str) -> bool:
    """Whether a text holds a form of a name, a Latin one not inside a longer word."""
    if form not in folded:
        return False
    return not form.isascii() or bool(
        re.search(rf"(?<![a-z0-9]){re.escape(form)}(?![a-z0-9])", folded)
    )


def _sounds(term: Term, passage: Passage) -> float:
    """Whether a passage of another script may name a name by its sound."""
    if passage.article.lang == "en" and not term.surface.isascii():
        name = term.sound.split("・")[0]
        return KNOWN if name and transliteration.sounds_in(name, passage.quote.exact) else 0.0
    if transliteration.sounds_in(term.surface, passage.quote.exact):
        return KNOWN
    return 0.0


def fit(asked: Asked, passage: Passage) -> float:
    """Whether a sentence holds a thing of the kind that is asked for, 0..1."""
    if asked.kind == "quantity":
        return max((asked.fits(f) for f in passage.figures), default=0.0)
    if asked.kind == "when":
        return 1.0 if passage.mentioned else 0.0
    if asked.kind == "who":
        return 1.0 if _PERSON.search(passage.quote.exact) else 0.0
    return 0.0


def meets(asked: Asked, passage: Passage) -> float:
    """1 where a sentence states a figure of the question, or its digits a power of ten off."""
    close = ("same", "rounded", "scale")
    pairs = ((mine, theirs) for mine in asked.numbers for theirs in passage.figures)
    return 1.0 if any(numbers.compare(a, b) in close for a, b in pairs) else 0.0
