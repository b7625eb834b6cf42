"""Lists of sources: a workspace's own, and the operator's shared catalogue (workspace None)."""

from dataclasses import dataclass, replace

from bot.app import finding
from bot.app.collect import Collected
from bot.app.finding import Found
from bot.app.health import reason
from bot.app.publish import name
from bot.app.tools import Tools
from bot.errors import SourceError, UserError
from bot.ingest import NotAFeed, links
from bot.model import Lang, Listing, Source
from bot.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A source that is listed now; `found` is None where it was listed before."""

    source: Source
    outcome: Collected
    found: Found | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants listed, and for whom: see `finding.find`. `like` tells what is known of
    the source (title, language, zone)."""

    pasted: str
    workspace_id: str | None = None
    by: str = "operator"
    lang: Lang = "en"
    as_page: bool = False
    like: Source | None = None
    tags: tuple[str, ...] = ()


async def add(wish: Wish, *, tools: Tools) -> Added:
    """List a source after one real fetch. SourceError where it cannot be read (see
    `finding.find`), and nothing is kept."""
    source = await _known(finding.address(wish.pasted, wish.lang), wish, tools)
    if await _is_listed(source, wish, tools):
        return Added(source=source, outcome=Collected(), found=None)
    found = await finding.find(
        wish.pasted,
        lang=wish.lang,
        fetch=tools.fetch,
        read=tools.read,
        now=tools.clock(),
        as_page=wish.as_page,
    )
    if found.url != source.url:
        source = await _known(found.url, wish, tools)
        if await _is_listed(source, wish, tools):
            return Added(source=source, outcome=Collected(), found=None)
    return await _take(replace(source, kind=found.kind, enabled=True), found, wish, tools)


async def _take(source: Source, found: Found, wish: Wish, tools: Tools) -> Added:
    async with tools.store.begin() as tx:
        await tx.sources.save(source)
    outcome = await tools.collect(source, found.fetched)
    async with tools.store.begin() as tx:
        source = await tx.sources.get(source.id) or source
        await tx.listings.save(
            Listing(
                workspace_id=wish.workspace_id,
                source_id=source.id,
                title=source.title,
                tags=wish.tags,
                added_by=wish.by,
            )
        )
        await tx.audit.add(
            tools.clock(),
            actor=wish.by,
            action="source.add",
            detail=source.id,
            workspace_id=wish.workspace_id,
        )
    return Added(source=source, outcome=outcome, found=found)


async def _known(url: str, wish: Wish, tools: Tools) -> Source:
    """The source at a URL: the stored one, else a new one whose id the URL gives."""
    async with tools.store.read() as tx:
        stored = await tx.sources.by_url(url)
    if stored is None and wish.like is not None:
        return replace(wish.like, url=url)
    return stored or Source(id=name("source", url), url=url)


async def _is_listed(source: Source, wish: Wish, tools: Tools) -> bool:
    async with tools.store.read() as tx:
        listed = await tx.listings.of(wish.workspace_id)
    return any(s.id == source.id and s.enabled for _, s in listed)


def refused(error: SourceError, url: str) -> SourceError:
    """The error with a sentence for the command line."""
    words = f"{links.masked(url)} cannot be used: {reason(error.code, 'en')}."
    if isinstance(error, finding.PageOnly):
        words = f"{error.url} has no feed, but it lists headlines: add it with --page to watch it."
    elif isinstance(error, NotAFeed) and error.candidates:
        words += f" It names: {' '.join(error.candidates[:3])}"
    return SourceError(words, code=error.code)


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


def picked(word: str, sources: list[Source]) -> Source | None:
    """The source that a person names by its number in the list or by its URL."""
    if word.isdecimal() and 0 < int(word) <= len(sources):
        return sources[int(word) - 1]
    return next((s for s in sources if word and s.url == word), None)
