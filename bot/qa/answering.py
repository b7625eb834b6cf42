"""A question to a prompt, and a model's reply to an answer that may be shown.

The reply is untrusted: it is accepted whole by the checks of a digest's bullets, or not at all.
"""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, ValidationError

from bot import phrases
from bot.digest import Glossary, acceptance, form, placeholders, replies
from bot.digest import evidence as blocks
from bot.digest import template as templates
from bot.model import Answer, Article, Lang, Prompt, Question
from bot.qa.extractive import QUOTES
from bot.qa.retrieval import Evidence

WIDTH = 700  # columns (see text.width) of an answer: three sentences
LONGEST = 500  # characters of a question, or of an earlier one, that a model is shown
REMEMBERED = 6  # earlier questions that a model is shown


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
    """The call that has a model answer in `lang` from numbered sentences and figures.

    `template` is the text of prompts/answer.md with the slots {articles}, {terms}, {history},
    {question} and {language}; ConfigError when it is not usable. `articles` hold the evidence.
    """
    parsed = templates.parse(template)
    shown = _numbered(evidence)
    told = "\n".join(f"- {_line(before)}" for before in history[-REMEMBERED:])
    values = {
        "articles": blocks.block(shown, articles),
        "terms": _terms(shown, question, lang, glossary or Glossary()),
        "history": told or "none",
        "question": _line(question.text),
        "language": f"{form.LANGUAGE.get(lang, lang)} ({lang})",
    }
    return Prompt(
        name=parsed.name,
        version=parsed.version,
        system=parsed.system,
        user=parsed.fill(values),
        schema=_Reply.model_json_schema(),
        max_tokens=parsed.max_tokens,
    )


def _line(said: str) -> str:
    """What a person wrote, as one line of data."""
    return blocks.defused(said)[:LONGEST]


def _numbered(evidence: Sequence[Evidence]) -> blocks.Evidence:
    """The evidence as S1, S2 ... and F1, F2 ..., in the order of its rank."""
    pairs = [(f, home) for home, item in enumerate(evidence) for f in item.figures]
    return blocks.Evidence(
        sentences=tuple(item.quote for item in evidence),
        figures=tuple(f for f, _ in pairs),
        home=tuple(home for _, home in pairs),
    )


def _terms(shown: blocks.Evidence, question: Question, lang: Lang, glossary: Glossary) -> str:
    body = "\n".join([*(quote.exact for quote in shown.sentences), question.text])
    rows = [f"- {t.agreed('en')} | {t.agreed(lang)}" for t in glossary.found(body).values()]
    return "\n".join(rows) or "none"


# --- believing ---------------------------------------------------------------------------------


def accept(
    reply: str,
    evidence: Sequence[Evidence],
    question: Question,
    lang: Lang,
    *,
    model: str,
    glossary: Glossary | None = None,
) -> Answer | None:
    """The answer of a model's reply to the prompt of the same `evidence`, figures rendered.

    None where it is not of the shape, cites nothing that exists, says a number, a date or a name
    that the cited sentences do not, carries a link, a mention or markup, or is not in `lang`.
    A reply that found nothing gives an answer without quotes.
    """
    parsed = _parsed(reply)
    if parsed is None:
        return None
    if not parsed.found:
        said = phrases.say(lang, "qa.not_said")
        return Answer(question_id=question.id, text=said, lang=lang, written_by=model)
    shown = _numbered(evidence)
    cited = [shown.sentence(label) for label in parsed.sentences]
    homes = tuple(dict.fromkeys(n for n in cited if n is not None))
    if None in cited or not 1 <= len(homes) <= QUOTES + 1:
        return None
    source = acceptance.Source(
        evidence=shown,
        articles=tuple({item.article.id: item.article for item in evidence}.values()),
        cited=frozenset(homes),
        glossary=glossary or Glossary(),
    )
    written = {lang: placeholders.tidy(parsed.text)}
    rendered, figures, objections = acceptance.judge(written, source, WIDTH)
    if objections:
        return None
    return Answer(
        question_id=question.id,
        text=rendered[lang],
        lang=lang,
        quotes=tuple(shown.sentences[n] for n in homes),
        figures=figures,
        written_by=model,
    )


def _parsed(reply: str) -> _Reply | None:
    """The one object of a reply that has the shape asked for; None where it is none, or several."""
    found = []
    for value in replies.values(reply):
        try:
            found.append(_Reply.model_validate(value))
        except ValidationError:
            continue
    return found[0] if len(found) == 1 else None
