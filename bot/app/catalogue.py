"""Lists of sources: a workspace's own, and the operator's shared catalogue (workspace None)."""

import asyncio
from dataclasses import dataclass, replace
from importlib import resources
from typing import Literal

from bot.app import finding
from bot.app.collect import Collected
from bot.app.finding import Found
from bot.app.health import reason, words
from bot.app.notices import STARTER
from bot.app.publish import name
from bot.app.tools import Tools
from bot.errors import SourceError, UserError
from bot.ingest import NotAFeed, links, opml
from bot.ingest.opml import Listed, Outline
from bot.model import Lang, Listing, Source
from bot.store import Store, Tx

AT_ONCE = 8  # sources of a list that are checked at the same time
# What a list is refused for before any fetch, as the reasons that people read.
_REFUSED = {
    "not_a_url": "fetch.bad_url",
    "private": "fetch.blocked_address",
    "too_many": "opml.too_many",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A source that is listed now; `found` is None where it was listed before."""

    source: Source
    outcome: Collected
    found: Found | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants listed, and for whom: see `finding.find`. `like` tells what is known of
    the source (title, language, zone). `quiet`: nobody chose it singly, so nobody is told when it
    ends."""

    pasted: str
    workspace_id: str | None = None
    by: str = "operator"
    lang: Lang = "en"
    as_page: bool = False
    like: Source | None = None
    tags: tuple[str, ...] = ()
    quiet: bool = False


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
                added_by=STARTER if wish.quiet else wish.by,
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
        return replace(wish.like, url=url) if wish.like.url == url else _new(url)
    return stored or _new(url)


def _new(url: str) -> Source:
    return Source(id=name("source", url), url=url)


async def _is_listed(source: Source, wish: Wish, tools: Tools) -> bool:
    async with tools.store.read() as tx:
        listed = await tx.listings.of(wish.workspace_id)
    return any(s.id == source.id and s.enabled for _, s in listed)


# --- many at once ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one address of a list; `code` is the reason of a refusal."""

    url: str
    title: str
    state: Literal["added", "known", "refused"]
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The results in the order of the list; `left` is how many were beyond the cap."""

    results: tuple[Result, ...]
    left: int = 0


async def add_all(
    given: Listed,
    *,
    tools: Tools,
    workspace_id: str | None,
    by: str,
    most: int,
    lang: Lang = "en",
    quiet: bool = False,
) -> Checked:
    """List the first `most` sources of a list, each after one real fetch, some at a time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(outline: Outline) -> Result:
        wish = Wish(
            pasted=outline.url,
            workspace_id=workspace_id,
            by=by,
            lang=lang,
            like=Source(
                id=name("source", outline.url),
                url=outline.url,
                title=outline.title,
                lang=outline.lang,
            ),
            tags=outline.folders,
            quiet=quiet,
        )
        async with gate:
            return await _checked(wish, outline, tools)

    found = await asyncio.gather(*(one(o) for o in given.outlines[:most]))
    bad = [
        Result(url=r.url, title="", state="refused", code=_REFUSED[r.reason]) for r in given.refused
    ]
    return Checked(results=(*found, *bad), left=max(0, len(given.outlines) - most))


async def _checked(wish: Wish, outline: Outline, tools: Tools) -> Result:
    try:
        added = await add(wish, tools=tools)
    except SourceError as error:
        return Result(url=outline.url, title=outline.title, state="refused", code=error.code)
    state: Literal["added", "known"] = "added" if added.found else "known"
    return Result(url=outline.url, title=added.source.title or outline.title, state=state)


def starter() -> dict[str, list[Outline]]:
    """The sources that come with the program, by topic. Written down from their publishers' pages
    and never tried from where it was made: dead ones are left out when they are added."""
    body = resources.files("bot.ingest").joinpath("catalogue.opml").read_bytes()
    topics: dict[str, list[Outline]] = {}
    for outline in opml.read(body).outlines:
        topics.setdefault(outline.folders[0], []).append(outline)
    return topics


def of_topic(topic: str, lang: str = "") -> list[Outline]:
    """The starter's sources of a topic (or of "all"), in a language where one is given."""
    return [
        outline
        for title, found in starter().items()
        for outline in found
        if topic.lower() in ("all", title.lower()) and (outline.lang or "").lower().startswith(lang)
    ]


async def outlines(tx: Tx, workspace_id: str | None) -> list[Outline]:
    """A workspace's own sources (without the shared ones, which are the operator's), or with None
    the shared ones."""
    return [
        Outline(
            url=source.url,
            title=listed.title or source.title,
            folders=listed.tags,
            lang=source.lang,
        )
        for listed, source in await tx.listings.of(workspace_id)
        if listed.workspace_id == workspace_id
    ]


def refused(error: SourceError, url: str) -> SourceError:
    """The error with a sentence for the command line."""
    said = f"{links.masked(url)} cannot be used: {reason(error.code, 'en')}."
    if isinstance(error, finding.PageOnly):
        said = f"{error.url} has no feed, but it lists headlines: add it with --page to watch it."
    elif isinstance(error, NotAFeed) and error.candidates:
        said += f" It names: {' '.join(error.candidates[:3])}"
    return SourceError(said, code=error.code)


async def remove(which: str, *, store: Store) -> Source:
    """Take the source with this number or URL out of the catalogue. What it gave is kept, for
    those who got it; it is fetched no more unless a chat lists it too."""
    async with store.begin() as tx:
        chosen = picked(which, [s for _, s in await tx.listings.of(None)])
        if chosen is None:
            raise UserError("sources.which")
        await tx.listings.remove(None, chosen.id)
    return chosen


async def set_zone(tx: Tx, source: Source, zone: str) -> None:
    """Read a source's zoneless dates in `zone` from the next look on, which is a whole one. What
    is stored keeps the time that it was first given."""
    await tx.sources.save(replace(source, timezone=zone))
    state = await tx.sources.state(source.id)
    if state.checked_at is not None:
        state = replace(state, etag=None, last_modified=None, body_hash="")
        await tx.sources.save_state(state)


async def listing(*, store: Store) -> list[str]:
    """A line per source: number, health, title and address."""
    lines = []
    async with store.read() as tx:
        for number, (_, source) in enumerate(await tx.listings.of(None), 1):
            state = await tx.sources.state(source.id)
            _, health = words(source, state, "en", "UTC")
            lines.append(f"{number}. {source.title or '(no title)'}  {source.url}  [{health}]")
    return lines


def picked(word: str, sources: list[Source]) -> Source | None:
    """The source that a person names by its number in the list or by its URL."""
    if word.isdecimal() and 0 < int(word) <= len(sources):
        return sources[int(word) - 1]
    return next((s for s in sources if word and s.url == word), None)
