"""Digests, as they were sent."""

from datetime import datetime

from sqlalchemy import ColumnElement, select

from bot.model import Channel, Digest, DigestItem
from bot.store import blobs
from bot.store.rows import Rows, insert_all, noun, record
from bot.store.tables import digest_articles, digests


class Digests(Rows):
    """Digests by id. They hold copies of their articles, so that quotes stay true when an article
    changes; items that are alike are stored once."""

    async def add(self, digest: Digest, channel: Channel) -> None:
        """Store a digest that goes to a channel. StoreError where its id is taken."""
        hashes = await blobs.put(self._connection, digest.items, DigestItem)
        row = record(digests, digest, items=tuple(hashes), channel=channel)
        await self._connection.execute(digests.insert().values(row))
        shown = [
            {"digest_id": digest.id, "article_id": a.id, "content_hash": a.content_hash}
            for item in digest.items
            for a in item.story.articles
        ]
        keys = ["digest_id", "article_id"]
        await insert_all(self._connection, digest_articles, shown, keys=keys)

    async def get(self, digest_id: str) -> Digest | None:
        return await self._newest(digests.c.id == digest_id)

    async def latest(self, channel: Channel) -> Digest | None:
        """The digest that was last added for a channel."""
        return await self._newest(digests.c.channel == channel)

    async def delivered(self, channel: Channel, since: datetime | None = None) -> dict[str, str]:
        """The articles that digests of this channel showed, by id, with the content hash that was
        shown last; with `since`, only of digests whose window ends then or later. A digest counts
        from the moment it is added, whatever becomes of its deliveries."""
        statement = (
            select(digest_articles.c.article_id, digest_articles.c.content_hash)
            .join_from(digest_articles, digests)
            .where(digests.c.channel == channel)
            .order_by(digests.c.number)
        )
        if since is not None:
            statement = statement.where(digests.c.end >= since)
        rows = (await self._connection.execute(statement)).all()
        return {row.article_id: row.content_hash for row in rows}

    async def _newest(self, condition: ColumnElement[bool]) -> Digest | None:
        statement = select(digests).where(condition).order_by(digests.c.number.desc()).limit(1)
        row = (await self._connection.execute(statement)).mappings().first()
        if row is None:
            return None
        items = await blobs.get(self._connection, row["items"], DigestItem)
        return noun(Digest, row, items=tuple(items[h] for h in row["items"]))
