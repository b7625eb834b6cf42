"""A question under a digest: its evidence, then an answer with quotes, in the asker's language."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot import phrases, qa, text
from bot.app.publish import Writer
from bot.errors import ModelError
from bot.model import (
    Answer,
    Article,
    Block,
    Conflict,
    Digest,
    Figure,
    Inbound,
    Lang,
    Message,
    Note,
    Paragraph,
    Question,
    Run,
    Story,
    Thread,
)
from bot.store import Store
from bot.store.threads import Threads

log = logging.getLogger(__name__)

MEMORY = 4  # earlier questions of the thread that a new one may refer to


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What a thread is about: the stories of its digest with all that they hold."""

    stories: tuple[Story, ...]
    articles: tuple[Article, ...]
    figures: Mapping[str, tuple[Figure, ...]]
    conflicts: tuple[Conflict, ...]


async def answer(
    inbound: Inbound, *, store: Store, writer: Writer, now: datetime, lang: Lang
) -> Message:
    """The reply to a question: about the thread that it stands in, else the chat's last digest.
    The same inbound twice is one question."""
    async with store.read() as tx:
        thread = await _thread(inbound, tx.threads)
        about = await tx.digests.get(thread.digest_id) if thread else None
        past = await tx.questions.memory(thread.id, MEMORY) if thread else []
        titles = {s.id: s.title for s in await tx.sources.all()}
    if thread is None or about is None:
        return _plain(phrases.say(lang, "qa.no_digest"))
    question = Question(
        id=inbound.id,
        thread_id=thread.id,
        author_id=inbound.author.id,
        text=inbound.text,
        lang=phrases.spoken(text.detect(inbound.text, lang)),
        asked_at=now,
    )
    given = await respond(question, about, writer=writer, history=[q.text for q, _ in past])
    async with store.begin() as tx:
        await tx.questions.add(question, given)
    return reply(given, matter(about), titles)


async def _thread(inbound: Inbound, threads: Threads) -> Thread | None:
    if inbound.reply_to:
        found = await threads.by_message(inbound.channel, inbound.reply_to)
        if found is not None:
            return found
    here = await threads.latest(inbound.channel)
    return here or await threads.latest(replace(inbound.channel, thread_id=None))


def matter(about: Digest, only: Story | None = None) -> Matter:
    """The stories of a digest, or one of them, with their articles, figures and conflicts."""
    chosen = (only,) if only else tuple(i.story for i in about.items)
    articles = tuple(a for s in chosen for a in s.articles)
    figures = [f for s in chosen for f in s.figures]
    return Matter(
        stories=chosen,
        articles=articles,
        figures={a.id: tuple(f for f in figures if f.quote.article_id == a.id) for a in articles},
        conflicts=tuple(c for s in chosen for c in s.conflicts),
    )


async def respond(
    question: Question, about: Digest, *, writer: Writer, history: Sequence[str] = ()
) -> Answer:
    """The answer to a question about a digest: by the model where its reply passes the checks,
    else by the sources' own sentences."""
    named = qa.about(question.text, [i.story for i in about.items])
    known = matter(about, named)
    evidence = qa.retrieve(
        question.text,
        known.articles,
        figures=known.figures,
        lang=question.lang,
        history=history,
        aliases=writer.glossary.aliases,
    )
    if writer.llm is not None and evidence and writer.answer_template:
        given = await _ask(question, evidence, known, writer, history)
        if given is not None:
            return given
    return qa.answer(
        question,
        evidence,
        articles=known.articles,
        conflicts=known.conflicts,
        lang=question.lang,
    )


async def _ask(
    question: Question,
    evidence: Sequence[qa.Evidence],
    known: Matter,
    writer: Writer,
    history: Sequence[str],
) -> Answer | None:
    assert writer.llm is not None
    prompt = qa.prompt(
        question,
        evidence,
        known.articles,
        template=writer.answer_template,
        lang=question.lang,
        history=history,
        glossary=writer.glossary,
    )
    try:
        given = await writer.llm.complete(prompt)
    except ModelError as error:
        log.warning("answer.failed question=%s code=%s", question.id, error.code)
        return None
    return qa.accept(
        given.text, evidence, question, question.lang, model=given.model, glossary=writer.glossary
    )


def reply(given: Answer, known: Matter, titles: Mapping[str, str]) -> Message:
    """An answer as a message: the sentence, its quotes with links, and who wrote it."""
    articles = {a.id: a for a in known.articles}
    blocks: list[Block] = [Paragraph(runs=(Run(text=f"💬 {text.defused(given.text)}", bold=True),))]
    for number, quote in enumerate(given.quotes, 1):
        article = articles[quote.article_id]
        name = titles.get(article.source_id) or article.source_id or article.url
        mark = "" if article.lang == given.lang else f" [{phrases.named(article.lang)}]"
        blocks.append(
            Note(
                kind="quote",
                runs=(
                    Run(text=f"{number}. {text.quoted(text.defused(quote.exact))}{mark} — "),
                    Run(text=name, href=article.url or None),
                ),
            )
        )
    if given.written_by != "extractive":
        note = phrases.say(given.lang, "qa.written", model=given.written_by)
        blocks.append(Note(kind="footer", runs=(Run(text=note, italic=True),)))
    return Message(summary=given.text, blocks=tuple(blocks))


def _plain(words: str) -> Message:
    return Message(summary=words, blocks=(Paragraph(runs=(Run(text=words),)),))
