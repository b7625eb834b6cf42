"""Workspaces."""

from sqlalchemy import select

from bot.model import Workspace
from bot.store.rows import Rows, noun, record, upsert
from bot.store.tables import workspaces


class Workspaces(Rows):
    """Workspaces by id."""

    async def get(self, workspace_id: str) -> Workspace | None:
        statement = select(workspaces).where(workspaces.c.id == workspace_id)
        row = (await self._connection.execute(statement)).mappings().first()
        return None if row is None else noun(Workspace, row)

    async def save(self, workspace: Workspace) -> None:
        """Insert or overwrite."""
        await upsert(self._connection, workspaces, record(workspaces, workspace), keys=["id"])

    async def all(self) -> list[Workspace]:
        """Every workspace, by id."""
        statement = select(workspaces).order_by(workspaces.c.id)
        rows = (await self._connection.execute(statement)).mappings()
        return [noun(Workspace, row) for row in rows]
