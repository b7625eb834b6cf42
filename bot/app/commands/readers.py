"""What readers do: subscribe, get a digest, set its time and languages, ask, look up figures."""

from dataclasses import replace
from datetime import time, timedelta

from bot import figures as numbers
from bot import phrases, schedule, text
from bot.app.answer import answer
from bot.app.commands.request import Request, Tools, names, tell
from bot.app.publish import WINDOW, name, publish
from bot.digest import wording
from bot.digest.injection import believed
from bot.errors import UserError
from bot.model import (
    LANGS,
    Article,
    Bullets,
    Figure,
    Heading,
    Message,
    Paragraph,
    Run,
    Subscription,
    Table,
)

FIGURES = 12  # rows of /figures
ARCHIVE = timedelta(days=30)  # how far back /figures looks
FIRST_SLOT = time(8, 0)


async def start(request: Request, tools: Tools) -> Message:
    hello = phrases.say(request.lang, "start.hello")
    then = phrases.say(request.lang, "start.next")
    return Message(
        summary=hello,
        blocks=(Paragraph(runs=(Run(text=hello),)), Paragraph(runs=(Run(text=then),))),
    )


async def subscribe(request: Request, tools: Tools) -> Message:
    """Subscribe this channel, words narrowing the topic; the first digest follows at once."""
    channel = request.inbound.channel
    async with tools.store.read() as tx:
        existing = await tx.subscriptions.of_channel(channel)
    if existing and not request.words and not existing[0].paused:
        return tell(request, "subscribe.again", **_settings(existing[0]))
    base = existing[0] if existing else _guest(request)
    made = replace(
        base,
        id=existing[0].id if existing else name("subscription", str(channel)),
        include=request.words,
        paused=False,
    )
    await _save(made, request, tools)
    first = await publish(
        made, store=tools.store, writer=tools.writer, parts=tools.parts, now=request.now
    )
    key = "subscribe.done" if first else await _nothing(request, tools)
    return tell(request, key, **_settings(made))


async def _nothing(request: Request, tools: Tools) -> str:
    """Why there is no first digest: no source to read, or nothing new in them that fits."""
    async with tools.store.read() as tx:
        sources = await tx.listings.sources(request.workspace.id)
    return "subscribe.waiting" if sources else "subscribe.later"


async def unsubscribe(request: Request, tools: Tools) -> Message:
    async with tools.store.begin() as tx:
        existing = await tx.subscriptions.of_channel(request.inbound.channel)
        for subscription in existing:
            await tx.subscriptions.remove(subscription.id)
    return tell(request, "unsubscribe.done" if existing else "unsubscribe.none")


async def now(request: Request, tools: Tools) -> Message | None:
    """A digest of the last day at once, subscribed or not; words narrow the topic."""
    async with tools.store.read() as tx:
        existing = await tx.subscriptions.of_channel(request.inbound.channel)
    base = existing[0] if existing else _guest(request)
    made = await publish(
        replace(base, include=request.words or base.include),
        store=tools.store,
        writer=tools.writer,
        parts=tools.parts,
        now=request.now,
        since=request.now - WINDOW,
    )
    if made:
        return None
    nothing = await _nothing(request, tools) == "subscribe.later"
    return tell(request, "sources.none" if nothing else "digest.empty")


def _guest(request: Request) -> Subscription:
    channel = request.inbound.channel
    return Subscription(
        id=name("guest", str(channel)),
        workspace_id=request.workspace.id,
        channel=channel,
        langs=request.workspace.langs,
        times=(FIRST_SLOT,),
        timezone=request.workspace.timezone,
    )


async def set_schedule(request: Request, tools: Tools) -> Message:
    existing = await _own(request, tools)
    if not request.words:
        return tell(request, "schedule.show", **_settings(existing), days=_days(existing, request))
    wish = schedule.parse(request.words)
    changed = replace(
        existing,
        times=wish.times or existing.times,
        weekdays=wish.weekdays or existing.weekdays,
        timezone=wish.timezone or existing.timezone,
    )
    await _save(changed, request, tools)
    return tell(request, "schedule.done", **_settings(changed), days=_days(changed, request))


async def set_langs(request: Request, tools: Tools) -> Message:
    existing = await _own(request, tools)
    if not request.words:
        return tell(request, "lang.show", langs=names(existing.langs))
    words = request.rest.replace(",", " ").split()
    langs = tuple(dict.fromkeys(_lang(word) for word in words))
    if len(langs) > 2:
        raise UserError("lang.bad")
    async with tools.store.begin() as tx:
        await tx.subscriptions.save(replace(existing, langs=langs))
        if request.role != "member":  # the default for what is subscribed there later
            await tx.workspaces.save(replace(request.workspace, langs=langs))
    return tell(request, "lang.done", langs=names(langs))


def _lang(word: str) -> str:
    known = phrases.spoken(word)
    if known == "en" and not word.lower().startswith("en"):
        raise UserError("lang.bad")
    assert known in LANGS
    return known


async def ask(request: Request, tools: Tools) -> Message:
    if not request.words:
        return tell(request, "qa.ask_what")
    return await answer(
        replace(request.inbound, text=request.rest),
        store=tools.store,
        writer=tools.writer,
        now=request.now,
        lang=request.lang,
    )


async def figures(request: Request, tools: Tools) -> Message:
    """The figures of recent articles whose label, noun or sentence holds the term."""
    if not request.words:
        return tell(request, "figures.usage")
    async with tools.store.read() as tx:
        sources = await tx.listings.sources(request.workspace.id)
        found = await tx.articles.between(sources, request.now - ARCHIVE, request.now, 500)
        held = await tx.articles.figures([a.id for a in found])
    rows = [
        _row(figure, article, request.lang)
        for article in found
        for figure in believed(article, held.get(article.id, ()))
        if text.fold(request.rest) in text.fold(_context(figure, article))
    ]
    if not rows:
        return tell(request, "figures.none", term=request.rest)
    title = phrases.say(request.lang, "figures.title", term=request.rest)
    head = (phrases.say(request.lang, "digest.item"), phrases.say(request.lang, "digest.figures"))
    unique = tuple(dict.fromkeys(rows))[:FIGURES]
    return Message(summary=title, blocks=(Table(caption=title, header=head, rows=unique),))


def _row(figure: Figure, article: Article, lang: str) -> tuple[str, str]:
    when = article.published_at or article.fetched_at
    return f"{wording.label(figure)} ({when:%Y-%m-%d})", numbers.say(figure, lang)


def _context(figure: Figure, article: Article) -> str:
    return f"{wording.label(figure)} {wording.sentence_of(figure, article).exact} {article.title}"


async def show_help(request: Request, tools: Tools) -> Message:
    from bot.app.commands import listed  # the table itself: known only when all is loaded

    title = phrases.say(request.lang, "help.title")
    items = tuple(
        (
            Run(text=f"/{command.name}", bold=True),
            Run(text=" — " + phrases.say(request.lang, f"help.{command.name}")),
        )
        for command in listed(request.role)
    )
    footer = phrases.say(request.lang, "help.footer")
    return Message(
        summary=title,
        blocks=(
            Heading(runs=(Run(text=title),)),
            Bullets(items=items),
            Paragraph(runs=(Run(text=footer, italic=True),)),
        ),
    )


# --- shared ------------------------------------------------------------------------------------


async def _own(request: Request, tools: Tools) -> Subscription:
    async with tools.store.read() as tx:
        existing = await tx.subscriptions.of_channel(request.inbound.channel)
    if not existing:
        raise UserError("unsubscribe.none")
    return existing[0]


async def _save(subscription: Subscription, request: Request, tools: Tools) -> None:
    """Save with the next run, so that a changed time or zone holds from now on."""
    coming = schedule.runs(
        subscription.times,
        subscription.weekdays,
        subscription.timezone,
        after=request.now,
    )
    async with tools.store.begin() as tx:
        await tx.subscriptions.save(subscription)
        await tx.subscriptions.set_next_run(subscription.id, next(coming).at)


def _settings(subscription: Subscription) -> dict[str, str]:
    return {
        "langs": names(subscription.langs),
        "times": ", ".join(f"{slot:%H:%M}" for slot in subscription.times),
        "timezone": subscription.timezone,
    }


def _days(subscription: Subscription, request: Request) -> str:
    if subscription.weekdays == schedule.WORKDAYS:
        return phrases.say(request.lang, "schedule.weekdays")
    if set(subscription.weekdays) == set(schedule.EVERY_DAY):
        return phrases.say(request.lang, "schedule.every_day")
    return ", ".join(
        phrases.say(request.lang, f"schedule.day{day}") for day in subscription.weekdays
    )
