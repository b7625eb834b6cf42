"""Listings: which workspace sees which source."""

from sqlalchemy import ColumnElement, delete, or_, select

from bot.model import Listing, Source
from bot.store.rows import Rows, noun, record, upsert
from bot.store.tables import SHARED, listings, sources


class Listings(Rows):
    """Listings by workspace and source; the shared catalogue has the workspace None."""

    async def save(self, listing: Listing) -> None:
        """Insert or overwrite. StoreError where the workspace or the source is unknown."""
        row = record(listings, listing)
        if listing.workspace_id is None:
            await upsert(self._connection, listings, row, keys=["source_id"], where=SHARED)
        else:
            await upsert(self._connection, listings, row, keys=["workspace_id", "source_id"])

    async def remove(self, workspace_id: str | None, source_id: str) -> None:
        statement = delete(listings).where(_owned(workspace_id), listings.c.source_id == source_id)
        await self._connection.execute(statement)

    async def of(self, workspace_id: str | None) -> list[tuple[Listing, Source]]:
        """What a workspace lists, and the shared catalogue, by source id. Where both list a
        source, the workspace's own listing counts. None: the shared catalogue alone."""
        statement = (
            select(listings, *(c.label(f"source_{c.name}") for c in sources.c if c.name != "id"))
            .join_from(listings, sources)
            .where(or_(_owned(workspace_id), SHARED))
            .order_by(listings.c.source_id, listings.c.workspace_id.desc().nulls_last())
        )
        found: dict[str, tuple[Listing, Source]] = {}
        for row in (await self._connection.execute(statement)).mappings():
            source = {c.name: row[f"source_{c.name}"] for c in sources.c}
            found.setdefault(row["source_id"], (noun(Listing, row), Source(**source)))
        return list(found.values())

    async def holders(self, source_id: str) -> list[Listing]:
        """Every listing of a source, in the order they were made."""
        statement = select(listings).where(listings.c.source_id == source_id)
        rows = await self._connection.execute(statement.order_by(listings.c.number))
        return [noun(Listing, row) for row in rows.mappings()]

    async def sources(self, workspace_id: str | None) -> tuple[str, ...]:
        """The ids of the sources that a workspace sees: listed, the listing that counts not
        paused. This bounds everything that a workspace is shown."""
        return tuple(s.id for listing, s in await self.of(workspace_id) if not listing.paused)


def _owned(workspace_id: str | None) -> ColumnElement[bool]:
    return SHARED if workspace_id is None else listings.c.workspace_id == workspace_id
