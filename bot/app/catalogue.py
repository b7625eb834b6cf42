"""The operator's shared catalogue of sources, as the command line keeps it."""

from bot.app.collect import Collected
from bot.app.commands.request import Tools
from bot.app.commands.sources import known, picked
from bot.app.health import reason
from bot.errors import SourceError, UserError
from bot.model import Listing, Source
from bot.store import Store


async def add(url: str, *, tools: Tools, like: Source | None = None) -> tuple[Source, Collected]:
    """List the source at `url` for every workspace after one real fetch; `like` tells what is
    known of it (title, language, zone). SourceError with the reason in plain words where it cannot
    be read, and nothing is kept."""
    source = like or await known(url, tools)
    async with tools.store.begin() as tx:
        is_new = await tx.sources.get(source.id) is None
        await tx.sources.save(source)
    outcome = await tools.collect(source)
    if outcome.error:
        if is_new:  # one that was known before stays: chats may list it
            async with tools.store.begin() as tx:
                await tx.sources.remove(source.id)
        why = reason(outcome.error, "en")
        raise SourceError(f"{url} cannot be used: {why}.", code=outcome.error)
    async with tools.store.begin() as tx:
        source = await tx.sources.get(source.id) or source
        await tx.listings.save(
            Listing(workspace_id=None, source_id=source.id, title=source.title, added_by="operator")
        )
    return source, outcome


async def remove(which: str, *, store: Store) -> Source:
    """Take the source with this number or URL out of the catalogue. What it gave is kept, for
    those who got it; it is fetched no more unless a chat lists it too."""
    async with store.begin() as tx:
        chosen = picked(which, [s for _, s in await tx.listings.of(None)])
        if chosen is None:
            raise UserError("sources.which")
        await tx.listings.remove(None, chosen.id)
    return chosen


async def listing(*, store: Store) -> list[str]:
    """A line per source: number, health, title and address."""
    lines = []
    async with store.read() as tx:
        for number, (_, source) in enumerate(await tx.listings.of(None), 1):
            state = await tx.sources.state(source.id)
            if state.checked_at is None:
                health = "not fetched yet"
            elif state.error:
                health = f"failing: {reason(state.error, 'en')}"
            else:
                health = f"fine, {state.checked_at:%Y-%m-%d %H:%MZ}"
            lines.append(f"{number}. {source.title or '(no title)'}  {source.url}  [{health}]")
    return lines
