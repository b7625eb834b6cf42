"""Fetch one source: its new articles and their figures go into the store."""

import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from bot import figures as numbers
from bot import ingest
from bot.app import health
from bot.errors import BotError, ParseError, SourceError
from bot.ingest import cadence
from bot.ingest.identity import content_hash
from bot.model import Article, Fetched, Figure, Source
from bot.store import Store, Tx
from bot.store.articles import Articles
from bot.text import tokens

T = TypeVar("T")
log = logging.getLogger(__name__)

PAGES_PER_ROUND = 10  # article pages read for one source in one round: politeness
NEWEST = 50  # entries of a feed looked at in one round
FEW = 5  # newest ones that are news in a first look; all before them are known, not told
AWAY = timedelta(days=3)  # after so long without a look, the next is like a first one
_EXCERPT = 300  # characters of an excerpt that are looked for in its page
_SHARED = 0.5  # of the words, or pairs of CJK characters
_SHORT = 3  # letters: shorter Latin words are everywhere


class Fetch(Protocol):
    """What a flow needs of a fetcher."""

    async def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> Fetched: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What the bytes of a source gave, made where slow or hostile input can do no harm."""

    feed: ingest.Feed  # what it says of itself; of its entries the dates and what they share
    articles: tuple[Article, ...]
    keys: tuple[tuple[str, ...], ...]  # identity keys of each article
    marks: tuple[str, ...]  # of the words of each, as the feed had them
    figures: tuple[tuple[Figure, ...], ...]  # of each article
    future: int = 0  # entries dated later than now
    older: tuple[str, ...] = ()  # identity keys of the entries that became no articles


Read = Callable[[Fetched, Source, datetime], Awaitable[Batch]]


class Work(Protocol):
    """Runs a function of a module where slow or hostile input can do no harm to others; raises
    what it raises, and ParseError where it takes too much."""

    async def __call__(self, function: Callable[..., T], *args: object) -> T: ...


class Collect(Protocol):
    """One round for a source now, of what was `got` already where that is given."""

    async def __call__(self, source: Source, got: Fetched | None = None) -> "Collected": ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """The outcome of one round; `error` is a stable code, None when it went well."""

    new: int = 0
    updated: int = 0
    error: str | None = None


def read(fetched: Fetched, source: Source, now: datetime) -> Batch:
    """Bytes to articles with identity and figures: pure, and slow enough to run elsewhere."""
    feed = ingest.parse(fetched, source=source)
    dates = [e.published or e.updated for e in feed.entries]
    kept = newest(dates, NEWEST)
    chosen = tuple(feed.entries[at] for at in kept)
    found = ingest.articles(replace(feed, entries=chosen), source=source, now=now)
    others = (e for at, e in enumerate(feed.entries) if at not in kept)
    return Batch(
        feed=replace(feed, entries=tuple(map(_bare, feed.entries))),
        articles=found,
        keys=tuple(ingest.keys(e, source) for e in chosen),
        marks=tuple(_mark(a) for a in found),
        older=tuple(key for e in others for key in ingest.keys(e, source)),
        figures=tuple(figures_of(a) for a in found),
        future=sum(e.published is not None and e.published > now for e in feed.entries),
    )


def newest(dates: Sequence[datetime | None], most: int) -> list[int]:
    """The places of the latest `most` moments, in the order given; where any is unknown, the first
    ones: feeds without dates name the newest first.

    >>> day = [datetime(2026, 3, n) for n in (1, 3, 2)]
    >>> newest(day, 2), newest([*day, None], 2)
    ([1, 2], [0, 1])
    """
    places = range(len(dates))
    known = [moment for moment in dates if moment is not None]
    if len(dates) <= most or len(known) < len(dates):
        return list(places[:most])
    return sorted(sorted(places, key=known.__getitem__, reverse=True)[:most])


def _fresh(batch: Batch) -> Batch:
    """What a first look offers: the newest few. The others count as seen, so that neither a long
    feed nor a long absence floods anybody."""
    kept = newest([a.published_at for a in batch.articles], FEW)
    others = (keys for at, keys in enumerate(batch.keys) if at not in kept)
    return replace(
        batch,
        articles=tuple(batch.articles[at] for at in kept),
        keys=tuple(batch.keys[at] for at in kept),
        marks=tuple(batch.marks[at] for at in kept),
        figures=tuple(batch.figures[at] for at in kept),
        older=(*batch.older, *(key for keys in others for key in keys)),
    )


def _bare(entry: ingest.Entry) -> ingest.Entry:
    """An entry without its texts: those have become articles, and need not be carried twice."""
    return ingest.Entry(published=entry.published, shared=entry.shared)


def read_page(
    fetched: Fetched, article: Article, now: datetime
) -> tuple[Article, tuple[Figure, ...]] | None:
    """An excerpt completed from the bytes of its page, with its figures; None where the page says
    no more. ParseError where it holds no article. As slow as `read`."""
    page = ingest.page(fetched, now=now)
    if len(page.text) <= len(article.text):
        return None
    if not _is_about(page, article):
        raise ParseError("the page tells another story", code="page.other")
    whole = replace(
        page,
        id=article.id,
        source_id=article.source_id,
        url=article.url,
        title=article.title,
        text=_headed(article, page),
        guid=article.guid,
        published_at=article.published_at or page.published_at,
        is_based_on=page.is_based_on or article.is_based_on,
    )
    return whole, figures_of(whole)


def figures_of(article: Article) -> tuple[Figure, ...]:
    """The figures of an article, numbered by place."""
    return numbers.find(article.text, article.lang, article_id=article.id)


async def collect(
    source: Source,
    *,
    store: Store,
    fetch: Fetch,
    work: Work,
    now: datetime,
    chance: float = 0.5,
    got: Fetched | None = None,
    operators: Collection[str] = (),
) -> Collected:
    """One round for one source: fetch if changed, parse, keep what is new. Never raises BotError:
    a failure is counted in the source's state, which says when to try again. `chance` in 0..1
    spreads the retries (full jitter). What was `got` already is not fetched again;
    `operators` hear of changes of what the shared catalogue lists."""
    async with store.read() as tx:
        state = await tx.sources.state(source.id)
    try:
        etag, last_modified = cadence.conditions(state, now)
        fetched = got or await fetch.fetch(source.url, etag=etag, last_modified=last_modified)
        same = cadence.unchanged(state, fetched)
        batch = None if same else await work(read, fetched, source, now)
    except BotError as error:
        known = error if isinstance(error, SourceError) else SourceError(code=error.code)
        after = cadence.after(state, source=source, now=now, chance=chance, error=known)
        code, count = error.code, after.failures
        log.warning("source.failed source=%s code=%s failures=%d", source.id, code, count)
        async with store.begin() as tx:
            await health.settle(tx, source, state, after, now=now, operators=operators)
        return Collected(error=error.code)
    if batch is not None:
        if state.body_hash is None or state.checked_at is None or now - state.checked_at > AWAY:
            batch = _fresh(batch)
        batch = await _completed(batch, store=store, fetch=fetch, work=work, source=source, now=now)
    feed = batch.feed if batch else None
    after = cadence.after(state, source=source, now=now, chance=chance, fetched=fetched, feed=feed)
    async with store.begin() as tx:
        source, outcome = await _kept(tx, source, batch)
        await health.settle(tx, source, state, after, now=now, operators=operators)
    return outcome


async def _completed(
    batch: Batch, *, store: Store, fetch: Fetch, work: Work, source: Source, now: datetime
) -> Batch:
    """The batch with whole texts in place of excerpts, where an article is new or its excerpt was
    edited, and it has a page."""
    asked = [*batch.marks, *(k for keys in batch.keys for k in keys)]
    async with store.read() as tx:
        known = await tx.articles.known(source.id, asked)
    articles, figures = list(batch.articles), list(batch.figures)
    wanted = [
        i
        for i, a in enumerate(articles)
        if a.partial and a.url and _is_wanted(batch.keys[i], batch.marks[i], known)
    ]
    for index in wanted[:PAGES_PER_ROUND]:
        try:
            page = await fetch.fetch(articles[index].url)
            whole = await work(read_page, page, articles[index], now)
        except BotError as error:
            log.info("page.skipped source=%s code=%s", source.id, error.code)
            continue
        if whole is not None:
            articles[index], figures[index] = whole
    return replace(batch, articles=tuple(articles), figures=tuple(figures))


def _is_wanted(keys: tuple[str, ...], mark: str, known: Mapping[str, str | None]) -> bool:
    """Whether the page of an excerpt is worth a look: it is new, or it is stored and says something
    else than it did."""
    if not any(key in known for key in keys):
        return True
    return mark not in known and any(known.get(key) for key in keys)


def _mark(excerpt: Article) -> str:
    """What stands for the words of an excerpt among the keys that its source has shown: the whole
    text that is stored in its place tells nothing of them. No key of identity."""
    return f"text:{excerpt.content_hash}"


def _is_about(page: Article, article: Article) -> bool:
    """Whether a page tells the story of an entry: it has the words of its headline or of its
    excerpt. What stands there instead, in whatever words, has neither."""
    found = set(tokens(f"{page.title}\n{page.text}"))
    excerpt = article.text.removeprefix(article.title)[:_EXCERPT]
    return any(
        len(found & words) >= _SHARED * len(words)
        for told in (article.title, excerpt)
        if (words := {word for word in tokens(told) if len(word) > _SHORT or not word.isascii()})
    )


def _headed(article: Article, page: Article) -> str:
    """The page's text under the headline that the feed gives, which has no site's name in it."""
    if page.text.startswith(article.title):
        return page.text
    return f"{article.title}\n\n{page.text.removeprefix(page.title).lstrip()}"


async def _kept(tx: Tx, source: Source, batch: Batch | None) -> tuple[Source, Collected]:
    """Keep what came in; the source, with the name that its feed gives it where it had none."""
    if batch is None:
        return source, Collected()
    new, updated = await _insert(tx.articles, source, batch)
    if batch.feed.title and not source.title:
        source = replace(source, title=batch.feed.title)
        await tx.sources.save(source)
    return source, Collected(new=new, updated=updated)


def _edited(article: Article, stored: Article) -> bool:
    """Whether a known article says something else now. An excerpt says nothing about the whole
    text that was read from its page."""
    if article.partial and not stored.partial:
        return False
    # Its hash anew: another version of this program may have made the stored one.
    return article.content_hash not in (stored.content_hash, content_hash(stored.text))


def _settled(article: Article, stored: Article) -> Article:
    """An edited article with what an edit never changes: when it was first told or seen, and where
    the story comes from, which the page may have said and the feed does not."""
    return replace(
        article,
        published_at=stored.published_at or stored.fetched_at,
        is_based_on=article.is_based_on or stored.is_based_on,
        translated_from=article.translated_from or stored.translated_from,
    )


def _owned(figures: Sequence[Figure], article_id: str) -> tuple[Figure, ...]:
    """The figures of a text under the id that its article has."""
    return tuple(
        replace(
            f,
            id=f"{article_id}:{f.quote.start}",
            quote=replace(f.quote, article_id=article_id),
        )
        for f in figures
    )


async def _insert(articles: Articles, source: Source, batch: Batch) -> tuple[int, int]:
    """Counts of new and changed articles. An article known by any of its keys is not news: its
    text is updated where it changed, under the id that it has."""
    known = await articles.known(source.id, [k for keys in batch.keys for k in keys])
    rows = [  # what was seen and is gone, or was there before the first look, is never news again
        (article, keys)
        for article, keys in zip(batch.articles, batch.keys, strict=True)
        if any(known.get(key) for key in keys) or not any(key in known for key in keys)
    ]
    settled = ingest.recognise(
        [article for article, _ in rows],
        [keys for _, keys in rows],
        {key: found for key, found in known.items() if found},
    )
    stored = {a.id: a for a in await articles.many([a.id for a, is_new in settled if not is_new])}
    stated = {a.text: figures for a, figures in zip(batch.articles, batch.figures, strict=True)}
    new = updated = 0
    for article, is_new in settled:
        figures = _owned(stated[article.text], article.id)
        if is_new:
            new += await articles.add(article, figures)
        elif (old := stored.get(article.id)) and _edited(article, old):
            updated += await articles.update(_settled(article, old), figures)
    ids = {article.id for article, _ in settled}
    for article, keys, mark in zip(batch.articles, batch.keys, batch.marks, strict=True):
        at = next((found for k in keys if (found := known.get(k))), article.id)
        if at in ids or any(key in known for key in keys):  # one that says nothing yet may still
            await articles.remember(source.id, (*keys, mark), at if at in ids else None)
    if new:  # else all of these were there the last time
        await articles.remember(source.id, batch.older)
    return new, updated
