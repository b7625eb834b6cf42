"""Digests of the bundled news as the terminal shows them. After a change that is meant, write them
anew with ``python -m tests.digest.golden`` and read the difference."""

import asyncio
import re
from pathlib import Path

import aiohttp

from bot import digest, ingest
from bot.app.collect import figures_of
from bot.app.publish import MOST_ARTICLES
from bot.chat import terminal
from bot.demo import Site, sources
from bot.model import Article, Channel, Digest, Fetched, Lang, Subscription
from tests.conftest import NOW
from tests.digest.samples import GLOSSARY

FOLDER = Path(__file__).parents[1] / "golden"
PAIRS: tuple[tuple[Lang, ...], ...] = (("ja", "en"), ("zh-Hans", "en"), ("ja", "zh-Hant"), ("en",))


def subscription(*langs: Lang, **fields: object) -> Subscription:
    base: dict[str, object] = {
        "id": "golden",
        "workspace_id": "w",
        "channel": Channel(platform="terminal", chat_id="c"),
        "langs": langs,
    }
    return Subscription(**(base | fields))  # type: ignore[arg-type]


async def bundled() -> tuple[tuple[Article, ...], dict[str, str]]:
    """The articles of the bundled feeds, and the titles of their sources."""
    found: list[Article] = []
    async with Site(now=NOW) as site, aiohttp.ClientSession() as client:
        for source in sources(site.url):
            async with client.get(source.url) as response:
                fetched = Fetched(
                    url=source.url,
                    status=response.status,
                    body=(await response.read()).replace(site.url.encode(), b"http://demo.example"),
                    content_type=response.content_type,
                    fetched_at=NOW,
                )
            feed = ingest.parse(fetched, source=source)
            found += ingest.articles(feed, source=source, now=NOW)
        titles = {source.id: source.title for source in sources(site.url)}
    return tuple(found[:MOST_ARTICLES]), titles


def made(articles: tuple[Article, ...], langs: tuple[Lang, ...]) -> Digest:
    wanted = subscription(*langs)
    stories = digest.stories(
        articles, figures={a.id: figures_of(a) for a in articles}, aliases=GLOSSARY.aliases
    )
    return Digest(
        id="golden",
        subscription_id="golden",
        langs=langs,
        start=NOW,
        end=NOW,
        items=tuple(digest.extract(s, langs) for s in digest.rank(stories, wanted, now=NOW)),
    )


def shown(made: Digest, titles: dict[str, str]) -> str:
    text = terminal.render(digest.render(made, titles=titles), width=80, color=False)
    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1", text).rstrip() + "\n"


def path(langs: tuple[Lang, ...]) -> Path:
    return FOLDER / f"digest.{'+'.join(langs)}.txt"


async def write() -> None:
    articles, titles = await bundled()
    await asyncio.to_thread(FOLDER.mkdir, exist_ok=True)
    for langs in PAIRS:
        await asyncio.to_thread(
            path(langs).write_text, shown(made(articles, langs), titles), encoding="utf-8"
        )


if __name__ == "__main__":
    asyncio.run(write())
