"""Articles, their figures, their former texts, and the keys by which they are known again."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime

from sqlalchemy import select, update

from bot.model import Article, Figure
from bot.store import search
from bot.store.rows import Rows, insert, insert_all, noun, record, upsert
from bot.store.tables import articles, identities, revisions
from bot.store.tables import figures as stated


class Articles(Rows):
    """Articles by id."""

    async def add(self, article: Article, figures: Sequence[Figure] = ()) -> bool:
        """Store a new article with its figures and search tokens. False, and nothing stored,
        where its id is known. StoreError where its source is not."""
        statement = (
            insert(self._connection, articles)
            .values(record(articles, article))
            .on_conflict_do_nothing(index_elements=["id"])
            .returning(articles.c.number)
        )
        number = (await self._connection.execute(statement)).scalar()
        if number is None:
            return False
        await self._keep(article.id, figures)
        await search.add(self._connection, number, article.title, article.text)
        return True

    async def update(self, article: Article, figures: Sequence[Figure] = ()) -> bool:
        """Overwrite a known article, with its figures; a former text or title is kept as a
        revision, with the figures that it had. False, and nothing stored, where the id is not
        known."""
        statement = select(articles).where(articles.c.id == article.id)
        old = (await self._connection.execute(statement)).mappings().first()
        if old is None:
            return False
        if (old["title"], old["text"]) != (article.title, article.text):
            kept = {c.name: old[c.name] for c in revisions.c if c.name in old}
            former = (await self.figures([article.id]))[article.id]
            kept |= {"article_id": article.id, "figures": former}
            del kept["number"]
            await self._connection.execute(revisions.insert().values(kept))
            await search.remove(self._connection, old["number"], old["title"], old["text"])
            await search.add(self._connection, old["number"], article.title, article.text)
        row = record(articles, article)
        await self._connection.execute(
            update(articles).where(articles.c.id == article.id).values(row)
        )
        await self._keep(article.id, figures)
        return True

    async def get(self, article_id: str) -> Article | None:
        return next(iter(await self.many([article_id])), None)

    async def many(self, ids: Sequence[str]) -> list[Article]:
        """The articles of these ids in their order; unknown ones are passed over."""
        statement = select(articles).where(articles.c.id.in_(ids))
        rows = (await self._connection.execute(statement)).mappings()
        by_id = {row["id"]: noun(Article, row) for row in rows}
        return [by_id[i] for i in ids if i in by_id]

    async def revisions(self, article_id: str) -> list[Article]:
        """The former texts of an article, oldest first."""
        current = await self.get(article_id)
        statement = select(revisions).where(revisions.c.article_id == article_id)
        rows = await self._connection.execute(statement.order_by(revisions.c.number))
        names = {f.name for f in fields(Article)}
        return [
            replace(current, **{k: v for k, v in row.items() if k in names})
            for row in rows.mappings()
            if current is not None
        ]

    async def former_figures(self, article_id: str) -> list[tuple[Figure, ...]]:
        """The figures of each revision, in the order of `revisions`; none for those that an early
        version of this program kept."""
        statement = select(revisions.c.figures).where(revisions.c.article_id == article_id)
        rows = await self._connection.execute(statement.order_by(revisions.c.number))
        return [figures or () for figures in rows.scalars()]

    async def figures(self, article_ids: Sequence[str]) -> dict[str, tuple[Figure, ...]]:
        """The figures of each of these articles, in the order they were given in."""
        statement = select(stated).where(stated.c.article_id.in_(article_ids))
        rows = (await self._connection.execute(statement)).all()
        return dict.fromkeys(article_ids, ()) | {row.article_id: row.figures for row in rows}

    async def between(
        self, source_ids: Sequence[str], start: datetime, end: datetime, limit: int
    ) -> list[Article]:
        """Articles of these sources fetched from `start` until before `end`, newest first."""
        statement = (
            select(articles)
            .where(articles.c.source_id.in_(source_ids))
            .where(articles.c.fetched_at >= start, articles.c.fetched_at < end)
            .order_by(articles.c.fetched_at.desc(), articles.c.number.desc())
            .limit(limit)
        )
        rows = (await self._connection.execute(statement)).mappings()
        return [noun(Article, row) for row in rows]

    async def search(self, source_ids: Sequence[str], query: str, limit: int) -> list[Article]:
        """Articles of these sources that match a query, best first: those with all its words,
        then those with any. Substrings of two or more CJK characters are words."""
        numbers = await search.find(self._connection, source_ids, query, limit)
        statement = select(articles).where(articles.c.number.in_(numbers))
        rows = (await self._connection.execute(statement)).mappings()
        by_number = {row["number"]: noun(Article, row) for row in rows}
        return [by_number[n] for n in numbers]

    async def seen(self, source_id: str, keys: Sequence[str]) -> set[str]:
        """Which of these keys (guids, canonical URLs) the source has shown before."""
        return set(await self.known(source_id, keys))

    async def known(self, source_id: str, keys: Sequence[str]) -> dict[str, str | None]:
        """The article ids of those keys that the source has shown before; None where the article
        is gone or was never stored."""
        statement = select(identities.c.key, identities.c.article_id).where(
            identities.c.source_id == source_id, identities.c.key.in_(keys)
        )
        rows = (await self._connection.execute(statement)).all()
        return {row.key: row.article_id for row in rows}

    async def remember(
        self, source_id: str, keys: Sequence[str], article_id: str | None = None
    ) -> None:
        """Mark keys as shown by the source; a key that is known keeps its article, and an article
        that is not stored counts as none."""
        stored = select(articles.c.id).where(articles.c.id == article_id)
        article_id = (await self._connection.execute(stored)).scalar()
        rows = [{"source_id": source_id, "key": k, "article_id": article_id} for k in keys]
        await insert_all(self._connection, identities, rows, keys=["source_id", "key"])

    async def _keep(self, article_id: str, figures: Sequence[Figure]) -> None:
        row = {"article_id": article_id, "figures": tuple(figures)}
        await upsert(self._connection, stated, row, keys=["article_id"])
