"""Many sources at once: import a list, export one's own, take from the starter catalogue."""

from datetime import timedelta

from bot import phrases
from bot.app import catalogue
from bot.app.catalogue import Checked, Result
from bot.app.commands.request import Request, Tools, tell
from bot.app.health import reason
from bot.app.publish import name
from bot.errors import ParseError, UserError
from bot.ingest import links, opml
from bot.ingest.opml import Listed, Outline
from bot.model import Bullets, Channel, Delivery, Heading, Message, Paragraph, Run, Runs
from bot.store import Tx

MOST = 50  # sources of one import in a chat: each is fetched once before it is listed
IMPORTS = 5  # of one person in an hour
CHUNK = 20  # sources in one block of an export: what a message holds
_HOUR = timedelta(hours=1)


async def metered(tx: Tx, request: Request, action: str, most: int, detail: str = "") -> None:
    """Note that a person has the bot fetch something; UserError where that is too much."""
    who = request.inbound.author.id
    if await tx.audit.count(who, action, request.now - _HOUR) >= most:
        raise UserError("sources.slower", count=most)
    await tx.audit.add(
        request.now, actor=who, action=action, detail=detail, workspace_id=request.workspace.id
    )


async def take(request: Request, tools: Tools) -> Message:
    """Import the sources of an attached OPML file or list, or of the addresses in the message:
    each is checked by one fetch, and each is answered for."""
    files = request.inbound.files
    body = files[0].body if files else "\n".join(request.words).encode()
    if not body:
        return tell(request, "import.usage", most=MOST)
    try:
        given = opml.read(body)
    except ParseError as error:
        return tell(request, "import.bad", reason=reason(error.code, request.lang))
    return await _imported(given, request, tools)


async def starter(request: Request, tools: Tools) -> Message:
    """The starter catalogue: its topics, or the sources of one topic, and of a language in it."""
    topic, lang = [*map(str.lower, request.words), "", ""][:2]
    if not catalogue.of_topic(topic):
        return _topics(catalogue.starter(), request)
    chosen = catalogue.of_topic(topic, lang)
    return await _imported(Listed(outlines=tuple(chosen)), request, tools, quiet=True)


def _topics(topics: dict[str, list[Outline]], request: Request) -> Message:
    title = phrases.say(request.lang, "starter.title")
    items = []
    for topic, found in topics.items():
        langs = " ".join(sorted({o.lang or "" for o in found}))
        items.append((Run(text=topic, bold=True), Run(text=f" — {len(found)} ({langs})")))
    usage = Paragraph(runs=(Run(text=phrases.say(request.lang, "starter.usage")),))
    blocks = (Heading(runs=(Run(text=title),)), Bullets(items=tuple(items)), usage)
    return Message(summary=title, blocks=blocks)


async def _imported(
    given: Listed, request: Request, tools: Tools, *, quiet: bool = False
) -> Message:
    async with tools.store.begin() as tx:
        await metered(tx, request, "source.import", IMPORTS, str(len(given.outlines)))
    checked = await catalogue.add_all(
        given,
        tools=tools,
        workspace_id=request.workspace.id,
        by=request.inbound.author.id,
        lang=request.lang,
        most=MOST,
        quiet=quiet,
    )
    return _outcome(checked, request)


def _outcome(checked: Checked, request: Request) -> Message:
    """Counts first, then a line for each address."""
    counts = {s: sum(r.state == s for r in checked.results) for s in ("added", "known", "refused")}
    title = phrases.say(request.lang, "import.done", **counts)
    blocks: list[Heading | Paragraph | Bullets] = [Heading(runs=(Run(text=title),))]
    if checked.left:
        words = phrases.say(request.lang, "import.left", most=MOST, left=checked.left)
        blocks.append(Paragraph(runs=(Run(text=words),)))
    if checked.results:
        blocks.append(Bullets(items=tuple(_line(r, request) for r in checked.results)))
    return Message(summary=title, blocks=tuple(blocks))


def _line(result: Result, request: Request) -> Runs:
    mark = {"added": "✅", "known": "☑️", "refused": "⚠️"}[result.state]
    title = result.title or links.masked(result.url)
    why = f" — {reason(result.code, request.lang)}" if result.code else ""
    return (Run(text=f"{mark} {title}{why}"),)


async def export(request: Request, tools: Tools) -> Message:
    """The chat's own sources as OPML, in private only: addresses can hold secrets."""
    async with tools.store.read() as tx:
        own = await catalogue.outlines(tx, request.workspace.id)
    if not own:
        return tell(request, "sources.none")
    message = _opml(own, request)
    if request.inbound.private:
        return message
    async with tools.store.begin() as tx:
        await tx.outbox.add(_privately(message, request, tools))
    return tell(request, "export.private")


def _opml(own: list[Outline], request: Request) -> Message:
    """Blocks of OPML, each a whole file, so that a message may end after any of them."""
    title = phrases.say(request.lang, "export.title", count=len(own))
    texts = [
        opml.write(own[at : at + CHUNK], title=request.workspace.id, now=request.now)
        for at in range(0, len(own), CHUNK)
    ]
    blocks = [Paragraph(runs=(Run(text=text, code=True),)) for text in texts]
    return Message(summary=title, blocks=(Heading(runs=(Run(text=title),)), *blocks))


def _privately(message: Message, request: Request, tools: Tools) -> list[Delivery]:
    """What is owed to the person alone: on both platforms a person's id reaches them."""
    inbound = request.inbound
    channel = Channel(platform=inbound.channel.platform, chat_id=inbound.author.id)
    parts = tools.parts(channel, message)
    return [
        Delivery(
            id=name(f"private:{inbound.id}:{n}"),
            key=f"private:{inbound.id}:{n}",
            channel=channel,
            message=part,
            priority=0,
            next_attempt_at=request.now,
        )
        for n, part in enumerate(parts)
    ]
