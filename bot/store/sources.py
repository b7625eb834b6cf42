"""Sources, and what the last fetches of them left behind."""

from datetime import datetime

from sqlalchemy import delete, exists, or_, select, update

from bot.model import Source, SourceState
from bot.store import search
from bot.store.rows import Rows, insert_all, noun, record, upsert
from bot.store.tables import (
    articles,
    digest_articles,
    listings,
    source_states,
    sources,
    subscription_sources,
    subscriptions,
)


class Sources(Rows):
    """Sources by id; one per URL."""

    async def get(self, source_id: str) -> Source | None:
        statement = select(sources).where(sources.c.id == source_id)
        row = (await self._connection.execute(statement)).mappings().first()
        return None if row is None else noun(Source, row)

    async def by_url(self, url: str) -> Source | None:
        statement = select(sources).where(sources.c.url == url)
        row = (await self._connection.execute(statement)).mappings().first()
        return None if row is None else noun(Source, row)

    async def save(self, source: Source) -> None:
        """Insert or overwrite. StoreError where another source has the URL."""
        await upsert(self._connection, sources, record(sources, source), keys=["id"])

    async def all(self) -> list[Source]:
        """Every source, by id."""
        rows = (await self._connection.execute(select(sources).order_by(sources.c.id))).mappings()
        return [noun(Source, row) for row in rows]

    async def remove(self, source_id: str) -> None:
        """Remove a source with its state, listings, articles and identities. Digests keep their
        own copy of what they showed."""
        await search.forget(self._connection, source_id)
        await self._connection.execute(delete(sources).where(sources.c.id == source_id))

    async def merge(self, source_id: str, into: str) -> None:
        """Let another source take the place of one, which is removed: in listings, in
        subscriptions, and in what digests have shown, so that nothing comes a second time. What
        only the removed one has of articles, by address, is kept as the other's."""
        await self._shown(source_id, into)
        theirs = listings.alias()
        has_it = exists().where(
            theirs.c.source_id == into,
            theirs.c.workspace_id.is_not_distinct_from(listings.c.workspace_id),
        )
        await self._connection.execute(
            update(listings)
            .where(listings.c.source_id == source_id, ~has_it)
            .values(source_id=into)
        )
        named = select(subscription_sources.c.subscription_id).where(
            subscription_sources.c.source_id == source_id
        )
        statement = select(subscriptions.c.id, subscriptions.c.source_ids)
        found = await self._connection.execute(statement.where(subscriptions.c.id.in_(named)))
        for row in found.all():
            ids = tuple(dict.fromkeys(into if i == source_id else i for i in row.source_ids))
            await self._connection.execute(
                update(subscriptions).where(subscriptions.c.id == row.id).values(source_ids=ids)
            )
            new = [{"subscription_id": row.id, "source_id": into}]
            await insert_all(self._connection, subscription_sources, new)
        await self._connection.execute(
            delete(subscription_sources).where(subscription_sources.c.source_id == source_id)
        )
        has = select(articles.c.url).where(articles.c.source_id == into)
        only_here = (articles.c.source_id == source_id) & articles.c.url.not_in(has)
        await self._connection.execute(update(articles).where(only_here).values(source_id=into))
        await self.remove(source_id)

    async def _shown(self, source_id: str, into: str) -> None:
        """Count the other source's articles as shown where the same ones of this source were."""
        old, new = articles.alias(), articles.alias()
        statement = (
            select(digest_articles.c.digest_id, new.c.id.label("article_id"), new.c.content_hash)
            .join_from(digest_articles, old, old.c.id == digest_articles.c.article_id)
            .join(new, (new.c.url == old.c.url) & (new.c.title == old.c.title))
            .where(old.c.source_id == source_id, new.c.source_id == into)
        )
        rows = (await self._connection.execute(statement)).mappings().all()
        keys = ["digest_id", "article_id"]
        await insert_all(self._connection, digest_articles, map(dict, rows), keys=keys)

    async def state(self, source_id: str) -> SourceState:
        """The state, blank for a source that was never fetched."""
        statement = select(source_states).where(source_states.c.source_id == source_id)
        row = (await self._connection.execute(statement)).mappings().first()
        return SourceState(source_id=source_id) if row is None else noun(SourceState, row)

    async def save_state(self, state: SourceState) -> None:
        row = record(source_states, state)
        await upsert(self._connection, source_states, row, keys=["source_id"])

    async def due(self, now: datetime, limit: int) -> list[tuple[Source, SourceState]]:
        """Sources to fetch, at most `limit`: enabled, wanted by a listing that is not paused or
        by a subscription, and due at `now`. Those never fetched come first, then the longest
        overdue."""
        wanted = or_(
            exists().where(listings.c.source_id == sources.c.id, listings.c.paused.is_(False)),
            exists().where(subscription_sources.c.source_id == sources.c.id),
        )
        next_check_at = source_states.c.next_check_at
        statement = (
            select(sources, source_states)
            .join_from(sources, source_states, isouter=True)
            .where(sources.c.enabled.is_(True), wanted)
            .where(or_(next_check_at.is_(None), next_check_at <= now))
            .order_by(next_check_at.asc().nulls_first(), sources.c.id)
            .limit(limit)
        )
        rows = (await self._connection.execute(statement)).mappings()
        return [
            (
                noun(Source, row),
                SourceState(source_id=row["id"])
                if row["source_id"] is None
                else noun(SourceState, row),
            )
            for row in rows
        ]
