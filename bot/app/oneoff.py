"""One document or feed, at once and without a store: what the command line digests and asks."""

import re
from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b

from bot import digest, ingest
from bot.app.collect import Fetch, Work, figures_of
from bot.app.publish import Writer, fresh
from bot.errors import ParseError
from bot.ingest import charset
from bot.model import (
    Article,
    Channel,
    Digest,
    DigestItem,
    Fetched,
    Figure,
    Lang,
    Message,
    Source,
    Story,
    Subscription,
)

MOST_STORIES = 5
_BINARY = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
_HTML = (b"<!doctype html", b"<html", b"<head", b"<body")


async def read_url(url: str, *, fetch: Fetch, work: Work, now: datetime) -> tuple[Article, ...]:
    """The articles at a URL: of a feed its entries, of a page the article on it.
    Raises FetchError or ParseError."""
    return await work(read_bytes, await fetch.fetch(url), now)


def read_bytes(fetched: Fetched, now: datetime) -> tuple[Article, ...]:
    """The articles in an HTTP answer or a file: a feed, an HTML page, or plain text as it stands.
    Raises ParseError where there is nothing to read."""
    start = fetched.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if not start:
        raise ParseError("There is no text in it.", code="parse.empty")
    if start.startswith(_HTML):
        return (ingest.page(fetched, now=now),)
    source = Source(id=_id(fetched.url), url=fetched.url)
    if start.startswith((b"<", b"{")):
        found = ingest.articles(ingest.parse(fetched, source=source), source=source, now=now)
        if not found:
            raise ParseError("The feed has no entries.", code="parse.empty")
        return found
    words, _ = charset.decode(fetched.body, fetched.content_type)
    if _BINARY.search(words):
        raise ParseError("It is no text.", code="parse.not_text")
    return (ingest.document(words, url=fetched.url, now=now),)


def _id(url: str) -> str:
    return blake2b(url.encode(), digest_size=8).hexdigest()


def compose(
    articles: Sequence[Article],
    langs: tuple[Lang, ...],
    *,
    now: datetime,
    stories: int = MOST_STORIES,
    items: Sequence[DigestItem] | None = None,
) -> Digest:
    """The extractive digest of some articles, or of ready `items` about them."""
    if items is None:
        items = [
            digest.extract(s, langs) for s in ranked(articles, langs, now=now, stories=stories)
        ]
    name = _id("".join(sorted(a.id for a in articles)) + "+".join(langs))
    return Digest(
        id=name,
        subscription_id="",
        langs=langs,
        start=min((a.published_at or a.fetched_at for a in articles), default=now),
        end=now,
        items=tuple(items),
    )


def message(made: Digest, target: str) -> Message:
    """The digest as a person reads it; its sources are called `target`, as the person did."""
    articles = [a for i in made.items for a in i.story.articles]
    return digest.render(
        made,
        titles={a.source_id: target if a.source_id else a.url or target for a in articles},
    )


async def written(
    articles: Sequence[Article],
    langs: tuple[Lang, ...],
    *,
    writer: Writer,
    now: datetime,
    stories: int,
) -> Digest:
    """The digest of some articles by the writer's model, or extracted where that gives nothing."""
    ready = [
        await fresh(s, langs, writer=writer)
        for s in ranked(articles, langs, now=now, stories=stories)
    ]
    return compose(articles, langs, now=now, items=ready)


def ranked(
    articles: Sequence[Article], langs: tuple[Lang, ...], *, now: datetime, stories: int
) -> tuple[Story, ...]:
    """The stories of some articles, best first, at most `stories`."""
    figures: dict[str, tuple[Figure, ...]] = {a.id: figures_of(a) for a in articles}
    return digest.rank(digest.stories(articles, figures=figures), _anyone(langs, stories), now=now)


def _anyone(langs: tuple[Lang, ...], stories: int) -> Subscription:
    return Subscription(
        id="",
        workspace_id="",
        channel=Channel(platform="terminal", chat_id=""),
        langs=langs,
        max_stories=stories,
    )
