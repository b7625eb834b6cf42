"""An answer from evidence: the sources' own sentences without a model, a checked reply with one."""

import json
import re
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, ValidationError

from bot import figures as numbers
from bot import phrases, text
from bot.digest import Glossary
from bot.digest import evidence as blocks
from bot.digest import template as templates
from bot.figures import labels
from bot.model import Answer, Article, Conflict, Figure, Lang, Prompt, Question, Quote
from bot.qa.retrieval import Asked, Evidence

QUOTES = 3
# A sentence answers where it has so much of what the question is about; less suffices where a
# quantity is asked and the sentence has a figure of that kind.
COVERED, COVERED_OF_KIND = 0.45, 0.2
CARRIED = 2.0  # the least score of a sentence in another language
_PLACEHOLDER = re.compile(r"\{F(\d{1,3})\}")
_ADDRESS = re.compile(r"https?:|www\.|@\w|<!", re.IGNORECASE)


def answer(
    question: Question,
    evidence: Sequence[Evidence],
    *,
    articles: Sequence[Article],
    conflicts: Sequence[Conflict],
    lang: Lang,
) -> Answer:
    """The extractive answer: the asked figure in the asker's language, or the best sentence, with
    up to QUOTES quotes. No quotes means: the articles do not say."""
    asked = Asked(question.text, (), {}, lang)
    best = evidence[0] if evidence else None
    if best is None or not _answers(asked, best, lang):
        return Answer(question_id=question.id, text=phrases.say(lang, "qa.not_said"), lang=lang)
    figure = _figure(asked, best) if asked.quantity else None
    disputed = next((c for c in conflicts if figure is not None and figure in c.figures), None)
    if disputed is None and figure is not None:
        disputed = next((c for c in conflicts if _same(figure, c)), None)
    quotes = [best.quote]
    if disputed is not None:
        quotes = _both(disputed, articles)
    said = _said(question, figure, best, disputed, lang)
    return Answer(
        question_id=question.id,
        text=said,
        lang=lang,
        quotes=tuple(quotes[:QUOTES]),
        figures=() if figure is None else (figure,),
        conflicts=() if disputed is None else (disputed,),
    )


def _answers(asked: Asked, best: Evidence, lang: Lang) -> bool:
    """Whether the best sentence is about what was asked; a question for a quantity wants one."""
    fit = asked.fits(best)
    if best.article.lang[:2] != lang[:2]:
        return best.score >= CARRIED
    if asked.quantity and not best.figures:
        return False
    return asked.covers(best) >= (COVERED_OF_KIND if fit > 1 else COVERED)


def _same(figure: Figure, conflict: Conflict) -> bool:
    return any(
        numbers.compare(figure, f) == "same" and f.unit == figure.unit for f in conflict.figures
    )


def _figure(asked: Asked, best: Evidence) -> Figure | None:
    """The figure of the sentence that fits what is asked: kind, measure, counted thing."""
    if not best.figures:
        return None

    def fit(figure: Figure) -> tuple[float, int]:
        label = f"{figure.measure} {figure.counts} {figure.subject}"
        words = set(text.tokens(label)) & set(asked.words)
        measure = labels.key(figure.measure) in asked.measures if figure.measure else False
        score = 2.0 * asked.of_kind(figure) + 1.5 * measure + 0.4 * len(words)
        return (score - 0.5 * (figure.change is not None), -figure.quote.start)

    return max(best.figures, key=fit)


def _both(conflict: Conflict, articles: Sequence[Article]) -> list[Quote]:
    """The sentences of a contradiction, each once."""
    bodies = {a.id: a.text for a in articles}
    quotes = []
    for figure in conflict.figures:
        body = bodies[figure.quote.article_id]
        start, end = text.sentence_at(text.sentences(body), figure.quote.start) or (
            figure.quote.start,
            figure.quote.end,
        )
        quotes.append(
            Quote(article_id=figure.quote.article_id, start=start, end=end, exact=body[start:end])
        )
    return list(dict.fromkeys(quotes))


def _said(
    question: Question,
    figure: Figure | None,
    best: Evidence,
    disputed: Conflict | None,
    lang: Lang,
) -> str:
    if disputed is not None:
        a, b = disputed.figures[0], disputed.figures[-1]
        own = a.quote.article_id == b.quote.article_id
        key = "qa.contradiction" if own else "qa.sources_disagree"
        return phrases.say(lang, key, a=numbers.say(a, lang), b=numbers.say(b, lang))
    if figure is None:
        return best.quote.exact
    wrong = _wrong(question, figure, lang)
    if wrong is not None:
        return phrases.say(
            lang, "qa.corrected", asked=wrong.quote.exact, found=numbers.say(figure, lang)
        )
    plain = figure.qualifier is None and figure.change is None and figure.per is None
    if plain and best.article.lang == lang:
        return figure.quote.exact
    return numbers.say(figure, lang)


def _wrong(question: Question, figure: Figure, lang: Lang) -> Figure | None:
    """A number in the question that the figure contradicts: "why 81,920 chips?"."""
    for asked in numbers.find(question.text, lang):
        if numbers.compare(asked, figure) in ("different", "scale") and asked.unit == figure.unit:
            return asked
    return None


# --- with a model ------------------------------------------------------------------------------


class _Reply(BaseModel):
    """What a model must return."""

    model_config = ConfigDict(extra="forbid")

    sentences: list[str]
    text: str
    found: bool


def prompt(
    question: Question,
    evidence: Sequence[Evidence],
    articles: Sequence[Article],
    *,
    template: str,
    lang: Lang,
    history: Sequence[str] = (),
    glossary: Glossary | None = None,
) -> Prompt:
    """The call that has a model answer from numbered sentences and figures. `template` is the text
    of prompts/answer.md; ConfigError when it is not usable."""
    parsed = templates.parse(template)
    shown = _numbered(evidence)
    told = "\n".join(f"- {blocks.defused(line)}" for line in history)
    values = {
        "articles": blocks.block(shown, articles),
        "terms": _terms(shown, lang, glossary or Glossary()),
        "history": told or "none",
        "question": blocks.defused(question.text),
        "language": f"{phrases.say('en', f'lang.{lang}')} ({lang})",
    }
    return Prompt(
        name=parsed.name,
        version=parsed.version,
        system=parsed.system,
        user=parsed.fill(values),
        schema=_Reply.model_json_schema(),
        max_tokens=parsed.max_tokens,
    )


def _numbered(evidence: Sequence[Evidence]) -> blocks.Evidence:
    """The evidence as S1, S2 … and F1, F2 …, in the order of its rank."""
    pairs = [(f, home) for home, item in enumerate(evidence) for f in item.figures]
    return blocks.Evidence(
        sentences=tuple(item.quote for item in evidence),
        figures=tuple(f for f, _ in pairs),
        home=tuple(home for _, home in pairs),
    )


def _terms(shown: blocks.Evidence, lang: Lang, glossary: Glossary) -> str:
    body = "\n".join(quote.exact for quote in shown.sentences)
    rows = [f"- {t.agreed('en')} | {t.agreed(lang)}" for t in glossary.found(body).values()]
    return "\n".join(rows) or "none"


def accept(
    reply: str, evidence: Sequence[Evidence], question: Question, lang: Lang, *, model: str
) -> Answer | None:
    """The answer of a model's reply, its figures said by code; None where it cites nothing that
    exists, writes a number without a source, an address, or another language."""
    parsed = _parsed(reply)
    if parsed is None:
        return None
    if not parsed.found:
        said = phrases.say(lang, "qa.not_said")
        return Answer(question_id=question.id, text=said, lang=lang, written_by=model)
    shown = _numbered(evidence)
    cited = [shown.sentence(label) for label in parsed.sentences]
    used = [shown.figure(f"F{m[1]}") for m in _PLACEHOLDER.finditer(parsed.text)]
    if not cited or None in cited or any(u is None or shown.home[u] not in cited for u in used):
        return None
    homes = [n for n in dict.fromkeys(cited) if n is not None]
    figures = [shown.figures[u] for u in used if u is not None]
    known = [f for f, home in zip(shown.figures, shown.home, strict=True) if home in homes]
    context = "\n".join(shown.sentences[n].exact for n in homes)
    bare = _PLACEHOLDER.sub(" ", parsed.text)
    if not all(v.supported for v in numbers.verify(bare, lang, known, context=context)):
        return None
    said = _PLACEHOLDER.sub(lambda m: numbers.say(shown.figures[int(m[1]) - 1], lang), parsed.text)
    if not said.strip() or _ADDRESS.search(said) or text.detect(said, lang)[:2] != lang[:2]:
        return None
    return Answer(
        question_id=question.id,
        text=" ".join(said.split()),
        lang=lang,
        quotes=tuple(shown.sentences[n] for n in homes)[:QUOTES],
        figures=tuple(figures),
        written_by=model,
    )


def _parsed(reply: str) -> _Reply | None:
    """The first JSON object of a reply, where it has the shape asked for."""
    start, end = reply.find("{"), reply.rfind("}")
    try:
        return _Reply.model_validate(json.loads(reply[start : end + 1]))
    except (ValueError, ValidationError):
        return None
