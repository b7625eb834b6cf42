"""What admins do with sources: list, add, remove, look at one."""

from datetime import UTC, datetime, timedelta

from bot import phrases
from bot.app import look
from bot.app.collect import NEWEST
from bot.app.commands.request import Request, Tools, tell
from bot.app.health import reason
from bot.app.publish import name
from bot.errors import UserError
from bot.ingest import links
from bot.model import Article, Bullets, Heading, Listing, Message, Run, Runs, Source, SourceState
from bot.store import Tx

OFFERED = 3  # candidates of a page that are named to the person
LOOKS = 10  # of one person in an hour: each has the bot fetch what they say
_HOUR = timedelta(hours=1)
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


async def show(request: Request, tools: Tools) -> Message:
    async with tools.store.read() as tx:
        listed = await tx.listings.of(request.workspace.id)
        states = {s.id: await tx.sources.state(s.id) for _, s in listed}
    if not listed:
        return tell(request, "sources.none")
    title = phrases.say(request.lang, "sources.title")
    items = tuple(
        _line(number, listing.title or source.title or source.url, states[source.id], request)
        for number, (listing, source) in enumerate(listed, 1)
    )
    return Message(summary=title, blocks=(Heading(runs=(Run(text=title),)), Bullets(items=items)))


def _line(number: int, title: str, state: SourceState | None, request: Request) -> Runs:
    if state is None or state.checked_at is None:
        health, mark = phrases.say(request.lang, "sources.new"), "⏳"
    elif state.error:
        health = phrases.say(
            request.lang, "sources.failing", error=reason(state.error, request.lang)
        )
        mark = "⚠️"
    else:
        health, mark = phrases.say(request.lang, "sources.healthy"), "✅"
    return (Run(text=f"{number}. {title}", bold=True), Run(text=f" — {mark} {health}"))


async def add(request: Request, tools: Tools) -> Message:
    """Add the source at a URL after one real fetch: what it gives is shown, what fails is said
    and nothing is kept."""
    if not request.words:
        return tell(request, "sources.usage")
    url = request.words[0]
    source = await known(url, tools)
    async with tools.store.begin() as tx:
        is_new = await tx.sources.get(source.id) is None
        listed = [s.id for _, s in await tx.listings.of(request.workspace.id)]
        if source.id in listed:
            return tell(request, "sources.known", title=source.title or url)
        await tx.sources.save(source)
    outcome = await tools.collect(source)
    if outcome.error:
        return await _refused(source, outcome.error, request, tools, forget=is_new)
    async with tools.store.begin() as tx:
        source = await tx.sources.get(source.id) or source
        await tx.listings.save(
            Listing(
                workspace_id=request.workspace.id,
                source_id=source.id,
                title=source.title,
                added_by=request.inbound.author.id,
            )
        )
        await tx.audit.add(
            request.now,
            actor=request.inbound.author.id,
            action="source.add",
            detail=source.id,
            workspace_id=request.workspace.id,
        )
        newest = await _newest(source, tx, tools.clock())
    return tell(
        request,
        "sources.added",
        title=source.title or url,
        count=outcome.new,
        newest=newest.title if newest else "–",
    )


async def _newest(source: Source, tx: Tx, now: datetime) -> Article | None:
    """The article published last, of those without a date the one that the feed names first."""
    found = await tx.articles.between([source.id], _EARLIEST, now + timedelta(seconds=1), NEWEST)
    found.reverse()
    return max(found, key=lambda a: a.published_at or a.fetched_at, default=None)


async def known(url: str, tools: Tools) -> Source:
    """The source at a URL: the stored one, else a new one whose id the URL gives."""
    async with tools.store.read() as tx:
        return await tx.sources.by_url(url) or Source(id=name("source", url), url=url)


async def _refused(
    source: Source, code: str, request: Request, tools: Tools, *, forget: bool
) -> Message:
    """The reason, and the feeds that a page offers. A source that was known before stays: other
    chats may list it."""
    if forget:
        async with tools.store.begin() as tx:
            await tx.sources.remove(source.id)
    if code == "parse.not_a_feed":
        urls = await tools.candidates(source.url)
        if urls:
            return tell(request, "sources.candidates", urls=" ".join(urls[:OFFERED]))
    return tell(request, "sources.bad", reason=reason(code, request.lang))


async def remove(request: Request, tools: Tools) -> Message:
    async with tools.store.begin() as tx:
        listed = await tx.listings.of(request.workspace.id)
        own = {s.id for entry, s in listed if entry.workspace_id == request.workspace.id}
        chosen = picked(request.rest, [s for _, s in listed])
        if chosen is None or chosen.id not in own:
            raise UserError("sources.which")
        await tx.listings.remove(request.workspace.id, chosen.id)
        await tx.audit.add(
            request.now,
            actor=request.inbound.author.id,
            action="source.remove",
            detail=chosen.id,
            workspace_id=request.workspace.id,
        )
    return tell(request, "sources.removed", title=chosen.title or chosen.url)


async def test(request: Request, tools: Tools) -> Message:
    """What a source gives, without adding it: addresses only, so many of a person in an hour."""
    if not request.words:
        return tell(request, "sources.usage")
    url, who = request.words[0], request.inbound.author.id
    async with tools.store.begin() as tx:
        if await tx.audit.count(who, "source.test", request.now - _HOUR) >= LOOKS:
            return tell(request, "sources.slower", count=LOOKS)
        await tx.audit.add(
            request.now,
            actor=who,
            action="source.test",
            detail=links.masked(url),
            workspace_id=request.workspace.id,
        )
    seen = await look.at_url(url, fetch=tools.fetch, read=tools.read, now=tools.clock())
    return look.told(seen, request.lang, zone=request.workspace.timezone)


def picked(word: str, sources: list[Source]) -> Source | None:
    """The source that a person names by its number in the list or by its URL."""
    if word.isdecimal() and 0 < int(word) <= len(sources):
        return sources[int(word) - 1]
    return next((s for s in sources if word and s.url == word), None)
