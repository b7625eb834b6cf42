"""What a person pastes, to the source that they mean.

A recipe knows the places that many follow; else the address itself is asked: it is a feed, or a
page that names feeds, or one whose feed is where sites keep theirs, or, where the person wants
that, a page to watch for new headlines. Few requests, one after the other: it is somebody's site.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot import ingest
from bot.app.collect import Batch, Fetch, Read
from bot.errors import SourceError
from bot.ingest import discovery, recipes
from bot.ingest.recipes import Recipe
from bot.model import Fetched, Lang, Source

TRIES = 2  # candidates of a page that are asked before the person is
GUESSES = 6  # well-known places that are tried, where a page names none
HEADLINES = 3  # fewer make no page worth watching
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]\S*)?")
_ABSENT = ("fetch.http_4xx", "fetch.gone", "parse.")  # this place holds no feed, another may

How = Literal["direct", "recipe", "named", "guessed", "page"]


class PageOnly(ingest.NotAFeed):
    """A page without a feed that lists headlines: it can be watched itself."""

    def __init__(self, url: str, headlines: Sequence[str]) -> None:
        super().__init__("a page with headlines")
        self.url = url
        self.headlines = tuple(headlines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The source that was meant: its address and kind, what was fetched of it, and how it was
    found. `others` are further feeds that the page names."""

    url: str
    kind: Literal["feed", "page"] = "feed"
    fetched: Fetched
    how: How
    recipe: Recipe | None = None
    others: tuple[str, ...] = ()


def address(pasted: str, lang: Lang = "en") -> str:
    """The address to ask first: of a recipe's feed, or what was pasted, a bare host with https.

    >>> address("r/LocalLLaMA"), address("news.example/feed"), address("/etc/passwd")
    ('https://www.reddit.com/r/LocalLLaMA/.rss', 'https://news.example/feed', '/etc/passwd')
    """
    recipe = recipes.resolve(pasted, lang)
    if recipe:
        return recipe.url
    first = (pasted.split() or [""])[0]
    return f"https://{first}" if _HOST.fullmatch(first) else first


async def find(
    pasted: str,
    *,
    lang: Lang,
    fetch: Fetch,
    read: Read,
    now: datetime,
    as_page: bool = False,
) -> Found:
    """The source behind what was pasted; with `as_page` the page itself, whatever feeds it names.

    Raises SourceError: that of the fetch, NotAFeed with candidates none of which could be read,
    or PageOnly.
    """
    asking = _Asking(fetch, read, now)
    if as_page:
        return await asking.page(await fetch.fetch(address(pasted, lang)), told=True)
    recipe = recipes.resolve(pasted, lang)
    url = address(pasted, lang)
    fetched = await fetch.fetch(url)
    try:
        await read(fetched, Source(id="found", url=url), now)
    except ingest.NotAFeed as error:
        return await asking.behind(fetched, error)
    is_other = recipe is not None and recipe.url != pasted.strip()
    how: How = "recipe" if is_other else "direct"
    return Found(url=url, fetched=fetched, how=how, recipe=recipe if is_other else None)


@dataclass(frozen=True, slots=True)
class _Asking:
    """The requests of one search."""

    fetch: Fetch
    read: Read
    now: datetime

    async def behind(self, page: Fetched, error: ingest.NotAFeed) -> Found:
        """The feed behind a page that is none."""
        named = error.candidates
        if found := await self._first(named[:TRIES], "named"):
            others = tuple(url for url in named if url != found.url)
            return Found(url=found.url, fetched=found.fetched, how="named", others=others)
        if named:
            raise error
        guesses = discovery.guesses(page.url)[:GUESSES]
        return await self._first(guesses, "guessed") or await self.page(page, told=False)

    async def page(self, page: Fetched, *, told: bool) -> Found:
        """The page itself, for a person who was told that it has no feed; else PageOnly."""
        batch = await self._read(page, "page")
        titles = [a.title for a in batch.articles]
        if told:
            return Found(url=page.url, kind="page", fetched=page, how="page")
        if len(titles) < HEADLINES:
            raise ingest.NotAFeed("a page without feed and headlines")
        raise PageOnly(page.url, titles)

    async def _first(self, urls: Sequence[str], how: How) -> Found | None:
        for url in urls:
            try:
                fetched = await self.fetch.fetch(url)
                await self._read(fetched, "feed")
            except SourceError as error:
                if not error.code.startswith(_ABSENT) and how == "guessed":
                    return None  # the server is down or wants to be left alone
                continue
            return Found(url=url, fetched=fetched, how=how)
        return None

    async def _read(self, fetched: Fetched, kind: Literal["feed", "page"]) -> Batch:
        return await self.read(fetched, Source(id="found", url=fetched.url, kind=kind), self.now)
