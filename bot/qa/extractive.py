"""An answer without a model: the asked figure in the asker's language, or the sources' sentence."""

from collections.abc import Iterable, Sequence

from bot import figures as numbers
from bot import phrases, text
from bot.model import Answer, Article, Conflict, Figure, Lang, Question, Quote
from bot.qa.retrieval import Evidence

QUOTES = 3
# The least support of a sentence that is given as an answer. On the "tuned" questions of
# tests/cases/questions.jsonl 0.45 answers 2 % more of the answerable ones and refuses 4 % fewer of
# the others: a wrong answer is worse than none.
LEAST = 0.5
EQUAL = frozenset(["same", "rounded"])


def answer(
    question: Question,
    evidence: Sequence[Evidence],
    *,
    articles: Sequence[Article],
    conflicts: Sequence[Conflict],
    lang: Lang,
) -> Answer:
    """The extractive answer in `lang` to a question with its `evidence`, best first.

    The text is a figure, a correction of the question's own figure, both sides of a contradiction,
    or a sentence; QUOTES quotes at most stand behind it. No quotes means: the articles do not
    say. `conflicts` are those of the stories that `articles` belong to.
    """
    able = [item for item in evidence if item.support >= LEAST]
    first = evidence[0] if able and able[0] is evidence[0] else None
    if first is None or (first.quantity and first.asked is None):
        said = phrases.say(lang, "qa.not_said")
        return Answer(question_id=question.id, text=said, lang=lang)
    best, figure, wrong = first, first.asked, None
    if mistaken := _wrong(question, able, evidence, lang):
        wrong, best, figure = mistaken
    disputed = None if figure is None else _dispute(figure, conflicts)
    figures = disputed.figures if disputed else () if figure is None else (figure,)
    return Answer(
        question_id=question.id,
        text=_said(best, figure, disputed, wrong, lang),
        lang=lang,
        quotes=_quotes(best, disputed, articles),
        figures=figures,
        conflicts=() if disputed is None else (disputed,),
    )


def _said(
    best: Evidence,
    figure: Figure | None,
    disputed: Conflict | None,
    wrong: Figure | None,
    lang: Lang,
) -> str:
    said = best.quote.exact if figure is None else worded(figure, best.article.lang, lang)
    if wrong is not None:
        said = phrases.say(lang, "qa.corrected", asked=wrong.quote.exact, found=said)
    if disputed is None:
        return said
    a, b = disputed.figures[0], disputed.figures[-1]
    own = a.quote.article_id == b.quote.article_id
    key = "qa.contradiction" if own else "qa.sources_disagree"
    both = phrases.say(lang, key, a=numbers.say(a, lang), b=numbers.say(b, lang))
    if wrong is None:
        return both
    return f"{said} {both}" if lang == "en" else said + both


def worded(figure: Figure, source: Lang, lang: Lang) -> str:
    """A figure in `lang`: as its source in that language writes it where that says it all."""
    plain = figure.qualifier is None and figure.change is None and figure.per is None
    return figure.quote.exact if plain and source == lang else numbers.say(figure, lang)


def _dispute(figure: Figure, conflicts: Iterable[Conflict]) -> Conflict | None:
    """The contradiction that a figure is part of, by itself or by its value."""
    listed = tuple(conflicts)
    by_value = (
        c
        for c in listed
        if any(f.unit == figure.unit and numbers.compare(figure, f) == "same" for f in c.figures)
    )
    return next((c for c in listed if figure in c.figures), next(by_value, None))


def _wrong(
    question: Question, able: Sequence[Evidence], evidence: Sequence[Evidence], lang: Lang
) -> tuple[Figure, Evidence, Figure] | None:
    """A figure of the question that the sources contradict ("why 81,920 chips?"), and the
    sentence and figure that say otherwise. One that any of the evidence states is right."""
    known = [f for item in evidence for f in item.figures]
    for asked in numbers.find(question.text, lang):
        if EQUAL & {numbers.compare(asked, f) for f in known}:
            continue
        slips = ((e, f) for e in able for f in e.figures if numbers.compare(asked, f) == "scale")
        first = [f for f in able[0].figures if _rival(asked, f)]
        own = able[0].asked if able[0].asked in first else next(iter(first), None)
        found = next(slips, (able[0], own))
        if found[1] is not None:
            return asked, found[0], found[1]
    return None


def _rival(asked: Figure, figure: Figure) -> bool:
    """Whether a figure of another value can be what the question meant: its unit says what it
    measures, and the question's is the same."""
    told = {asked.unit, figure.unit}.isdisjoint({"", "count"})
    return told and numbers.compare(asked, figure) == "different"


def _quotes(
    best: Evidence, disputed: Conflict | None, articles: Sequence[Article]
) -> tuple[Quote, ...]:
    """The best sentence, and those that contradict it, each once."""
    bodies = {a.id: a.text for a in articles}
    quotes = [] if disputed else [best.quote]
    for figure in disputed.figures if disputed else ():
        body = bodies[figure.quote.article_id]
        at = figure.quote.start
        start, end = text.sentence_at(text.sentences(body), at) or (at, figure.quote.end)
        exact = body[start:end]
        quotes.append(Quote(article_id=figure.quote.article_id, start=start, end=end, exact=exact))
    return tuple(dict.fromkeys(quotes))[:QUOTES]
