"""What admins do with sources: list, add, remove, look at one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import available_timezones

from bot import phrases
from bot.app import catalogue, look
from bot.app.catalogue import Wish, picked
from bot.app.collect import NEWEST
from bot.app.commands.lists import metered
from bot.app.commands.request import Request, Tools, plain, tell
from bot.app.finding import Found, PageOnly
from bot.app.health import reason, titled, words
from bot.errors import SourceError, UserError
from bot.ingest import NotAFeed, links
from bot.model import (
    Article,
    Bullets,
    Heading,
    Lang,
    Message,
    Run,
    Runs,
    Source,
)
from bot.store import Tx

OFFERED = 3  # candidates of a page that are named to the person
LOOKS = 10  # of one person in an hour: each has the bot fetch what they say
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


async def show(request: Request, tools: Tools) -> Message:
    async with tools.store.read() as tx:
        listed = await tx.listings.of(request.workspace.id)
        states = {s.id: await tx.sources.state(s.id) for _, s in listed}
    if not listed:
        return tell(request, "sources.none")
    title = phrases.say(request.lang, "sources.title")
    items = tuple(
        _line(
            number,
            listing.title or titled(source),
            words(source, states[source.id], request.lang, request.workspace.timezone),
        )
        for number, (listing, source) in enumerate(listed, 1)
    )
    return Message(summary=title, blocks=(Heading(runs=(Run(text=title),)), Bullets(items=items)))


def _line(number: int, title: str, health: tuple[str, str]) -> Runs:
    mark, text = health
    return (Run(text=f"{number}. {title}", bold=True), Run(text=f" — {mark} {text}"))


async def add(request: Request, tools: Tools) -> Message:
    """Add what was pasted after one real fetch: what it gives is shown, what fails is said and
    nothing is kept. ``page`` after an address watches the page itself."""
    if not request.words:
        return tell(request, "sources.usage")
    as_page = len(request.words) == 2 and request.words[1].lower() == "page"
    wish = Wish(
        pasted=request.words[0] if as_page else request.rest,
        workspace_id=request.workspace.id,
        by=request.inbound.author.id,
        lang=request.lang,
        as_page=as_page,
    )
    try:
        added = await catalogue.add(wish, tools=tools)
    except SourceError as error:
        return _refused(error, request)
    if added.found is None:
        return tell(request, "sources.known", title=titled(added.source))
    async with tools.store.read() as tx:
        newest = await _newest(added.source, tx, tools.clock())
    first = phrases.say(
        request.lang,
        "sources.added",
        title=titled(added.source),
        count=added.outcome.new,
        newest=newest.title if newest else "–",
    )
    return plain("\n".join([first, *_how(added.found, request.lang)]))


def _how(found: Found, lang: Lang) -> list[str]:
    """How a source was found, where that is not plain."""
    lines = []
    if found.recipe:
        title = found.recipe.title
        lines.append(phrases.say(lang, "sources.by_recipe", title=title, url=found.url))
    elif found.how == "named":
        lines.append(phrases.say(lang, "sources.by_name", url=found.url))
    elif found.how == "guessed":
        lines.append(phrases.say(lang, "sources.by_guess", url=found.url))
    elif found.how == "page":
        lines.append(phrases.say(lang, "sources.as_page"))
    if found.others:
        lines.append(phrases.say(lang, "sources.others", urls=" ".join(found.others[:OFFERED])))
    return lines


async def _newest(source: Source, tx: Tx, now: datetime) -> Article | None:
    """The article published last, of those without a date the one that the feed names first."""
    found = await tx.articles.between([source.id], _EARLIEST, now + timedelta(seconds=1), NEWEST)
    found.reverse()
    return max(found, key=lambda a: a.published_at or a.fetched_at, default=None)


def _refused(error: SourceError, request: Request) -> Message:
    """The reason, with the feeds that a page names or the way to watch the page itself."""
    if isinstance(error, PageOnly):
        return tell(
            request,
            "sources.page_only",
            count=len(error.headlines),
            first=error.headlines[0],
            url=error.url,
        )
    if isinstance(error, NotAFeed) and error.candidates:
        return tell(request, "sources.candidates", urls=" ".join(error.candidates[:OFFERED]))
    return tell(request, "sources.bad", reason=reason(error.code, request.lang))


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
    return tell(request, "sources.removed", title=titled(chosen))


async def test(request: Request, tools: Tools) -> Message:
    """What a source gives, without adding it: addresses only, so many of a person in an hour."""
    if not request.words:
        return tell(request, "sources.usage")
    url = request.words[0]
    async with tools.store.begin() as tx:
        await metered(tx, request, "source.test", LOOKS, links.masked(url))
    seen = await look.at_url(url, fetch=tools.fetch, read=tools.read, now=tools.clock())
    return look.told(seen, request.lang, zone=request.workspace.timezone)


async def zone(request: Request, tools: Tools) -> Message:
    """Read a source's dates without a zone in this one. A source is shared by all who list it, so
    an admin sets it where the chat alone lists it, and else the operator."""
    if len(request.words) != 2:
        return tell(request, "sources.zone_usage")
    which, wanted = request.words
    if wanted not in available_timezones():
        raise UserError("sources.zone_usage")
    async with tools.store.begin() as tx:
        chosen = picked(which, [s for _, s in await tx.listings.of(request.workspace.id)])
        if chosen is None:
            raise UserError("sources.which")
        holders = {entry.workspace_id for entry in await tx.listings.holders(chosen.id)}
        if holders != {request.workspace.id} and request.role != "operator":
            raise UserError("sources.shared")
        await catalogue.set_zone(tx, chosen, wanted)
        await tx.audit.add(
            request.now,
            actor=request.inbound.author.id,
            action="source.zone",
            detail=f"{chosen.id} {wanted}",
            workspace_id=request.workspace.id,
        )
    return tell(request, "sources.zone_done", title=titled(chosen), zone=wanted)
