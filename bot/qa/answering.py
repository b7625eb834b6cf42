"""An answer from evidence: the sources' own sentences without a model, a checked reply with one."""

import json
import re
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, ValidationError

from bot import figures as numbers
from bot import phrases, text
from bot.figures import labels
from bot.model import Answer, Article, Conflict, Figure, Lang, Prompt, Question, Quote
from bot.qa.retrieval import Evidence, _Asked

QUOTES = 3
# Below these the articles do not say; measured on answerable and unanswerable questions
# (tests/cases/questions.jsonl).
LEAST = 2.2
LEAST_ACROSS = 2.0
MOST_SENTENCES = 24  # that a model is shown
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
    asked = _Asked(question.text, (), {}, lang)
    best = evidence[0] if evidence else None
    if best is None or best.score < _least(best, lang):
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


def _least(best: Evidence, lang: Lang) -> float:
    return LEAST if best.article.lang[:2] == lang[:2] else LEAST_ACROSS


def _same(figure: Figure, conflict: Conflict) -> bool:
    return any(numbers.compare(figure, f) == "same" and f.unit == figure.unit for f in conflict.figures)


def _figure(asked: _Asked, best: Evidence) -> Figure | None:
    """The figure of the sentence that fits what is asked: kind, measure, counted thing."""
    if not best.figures:
        return None

    def fit(figure: Figure) -> tuple[float, int]:
        label = f"{figure.measure} {figure.counts} {figure.subject}"
        words = set(text.tokens(label)) & set(asked.words)
        measure = labels.key(figure.measure) in asked.measures if figure.measure else False
        return (2.0 * asked._of_kind(figure) + 1.5 * measure + 0.4 * len(words), -figure.quote.start)

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

    model_config = ConfigDict(extra="forbid", strict=True)

    answer: str
    sentences: list[str]
    said: bool


def prompt(
    question: Question,
    evidence: Sequence[Evidence],
    articles: Sequence[Article],
    *,
    template: str,
    lang: Lang,
    history: Sequence[str] = (),
) -> Prompt:
    """The call that has a model answer from numbered sentences and figures. `template` is the text
    of prompts/answer.md: front matter, then the system part, ``---``, and the user part with
    {evidence}, {question}, {language} and {history}."""
    head, _, body = template.removeprefix("---\n").partition("\n---\n")
    fields = dict(line.split(":", 1) for line in head.splitlines() if ":" in line)
    system, _, user = body.partition("\n---\n")
    values = {
        "evidence": _block(evidence[:MOST_SENTENCES]),
        "question": text.clean(question.text),
        "language": phrases.say("en", f"lang.{lang}"),
        "history": "\n".join(text.clean(h) for h in history) or "-",
    }
    for name, value in values.items():
        user = user.replace("{" + name + "}", value)
    return Prompt(
        name=fields["name"].strip(),
        version=fields["version"].strip(),
        system=system.strip(),
        user=user.strip(),
        schema=_Reply.model_json_schema(),
        max_tokens=int(fields["max_tokens"]),
    )


def _block(evidence: Sequence[Evidence]) -> str:
    lines, count = [], 0
    for number, item in enumerate(evidence, 1):
        lines.append(f"S{number}| [{item.article.lang}] {text.clean(item.quote.exact)}")
        for figure in item.figures:
            count += 1
            lines.append(f"    F{count} = {figure.value:f} {figure.unit} «{figure.quote.exact}»")
    return "\n".join(lines)


def accept(
    reply: str, evidence: Sequence[Evidence], question: Question, lang: Lang, *, model: str = "model"
) -> Answer | None:
    """The answer of a model's reply, figures rendered by code; None where it cites nothing that
    exists, writes a number without a source, an address, or another language."""
    parsed = _parsed(reply)
    if parsed is None:
        return None
    if not parsed.said:
        return Answer(
            question_id=question.id,
            text=phrases.say(lang, "qa.not_said"),
            lang=lang,
            written_by=model,
        )
    shown = evidence[:MOST_SENTENCES]
    cited = [int(m[1]) for s in parsed.sentences if (m := re.fullmatch(r"S(\d{1,3})", s))]
    if not cited or any(not 1 <= n <= len(shown) for n in cited):
        return None
    known = [f for e in shown for f in e.figures]
    allowed = [f for n in cited for f in shown[n - 1].figures]
    used: list[Figure] = []
    for match in _PLACEHOLDER.finditer(parsed.answer):
        index = int(match[1]) - 1
        if index >= len(known) or known[index] not in allowed:
            return None
        used.append(known[index])
    said = _PLACEHOLDER.sub(lambda m: numbers.say(known[int(m[1]) - 1], lang), parsed.answer).strip()
    bare = _PLACEHOLDER.sub("", parsed.answer)
    context = "\n".join(shown[n - 1].quote.exact for n in cited)
    backed = all(v.supported for v in numbers.verify(bare, lang, allowed, context=context))
    if not said or not backed or _ADDRESS.search(said) or text.detect(said, lang)[:2] != lang[:2]:
        return None
    return Answer(
        question_id=question.id,
        text=said,
        lang=lang,
        quotes=tuple(shown[n - 1].quote for n in dict.fromkeys(cited))[:QUOTES],
        figures=tuple(used),
        written_by=model,
    )


def _parsed(reply: str) -> _Reply | None:
    start, end = reply.find("{"), reply.rfind("}")
    if start < 0 or end < start:
        return None
    try:
        return _Reply.model_validate(json.loads(reply[start : end + 1]))
    except (ValueError, ValidationError):
        return None
