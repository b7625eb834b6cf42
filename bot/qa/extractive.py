"""An answer without a model: the asked figure in the asker's language, or the sources' sentence."""

from collections.abc import Iterable, Sequence

from bot import figures as numbers
from bot import phrases, text
from bot.figures import units
from bot.model import Answer, Article, Conflict, Figure, Lang, Question, Quote
from bot.qa.retrieval import Evidence

QUOTES = 3
# The least support of a sentence that is given as an answer, measured on half of the questions of
# tests/cases/questions.jsonl: below, most sentences are about something else.
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
    best = evidence[0] if evidence and evidence[0].support >= LEAST else None
    if best is None or (best.quantity and best.asked is None):
        said = phrases.say(lang, "qa.not_said")
        return Answer(question_id=question.id, text=said, lang=lang)
    wrong = _wrong(question, best, evidence, lang)
    figure = wrong[1] if wrong else best.asked
    disputed = None if figure is None else _dispute(figure, conflicts)
    figures = disputed.figures if disputed else () if figure is None else (figure,)
    return Answer(
        question_id=question.id,
        text=_said(best, figure, disputed, wrong[0] if wrong else None, lang),
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
    question: Question, best: Evidence, evidence: Sequence[Evidence], lang: Lang
) -> tuple[Figure, Figure] | None:
    """A figure of the question that the sources contradict ("why 81,920 chips?"), and what the
    best sentence says instead. One that any of the evidence states is right."""
    known = [f for item in evidence for f in item.figures]
    for asked in numbers.find(question.text, lang):
        relations = [numbers.compare(asked, f) for f in known]
        if EQUAL & set(relations):
            continue
        rivals = [f for f in best.figures if _rival(asked, f)]
        if rivals:
            slips = [f for f in rivals if numbers.compare(asked, f) == "scale"]
            chosen = best.asked if best.asked in rivals else None
            return asked, next(iter(slips), chosen or rivals[0])
    return None


def _rival(asked: Figure, figure: Figure) -> bool:
    """Whether a figure can be what the question meant: of one unit that says what is measured, or
    the same digits another power of ten."""
    relation = numbers.compare(asked, figure)
    vague = {"", "count"}
    if asked.unit in vague or figure.unit in vague:
        return relation == "scale"
    return relation in ("scale", "different") and units.comparable(asked.unit, figure.unit)


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
