"""Who did what."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bot.store.rows import Rows, noun
from bot.store.tables import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    at: datetime
    actor: str
    action: str
    detail: str
    workspace_id: str | None = None


Entries = list[Entry]


class Audit(Rows):
    """Entries in the order they were made; none is ever changed."""

    async def add(
        self, at: datetime, actor: str, action: str, detail: str, workspace_id: str | None = None
    ) -> None:
        row = {
            "at": at,
            "actor": actor,
            "action": action,
            "detail": detail,
            "workspace_id": workspace_id,
        }
        await self._connection.execute(audit.insert().values(row))

    async def count(self, actor: str, action: str, since: datetime) -> int:
        """How often somebody did something since then."""
        statement = select(func.count()).where(
            audit.c.actor == actor, audit.c.action == action, audit.c.at >= since
        )
        return (await self._connection.execute(statement)).scalar_one()

    async def list(self, limit: int, workspace_id: str | None = None) -> Entries:
        """The last entries, newest first, of one workspace or, with None, of all."""
        statement = select(audit).order_by(audit.c.number.desc()).limit(limit)
        if workspace_id is not None:
            statement = statement.where(audit.c.workspace_id == workspace_id)
        rows = (await self._connection.execute(statement)).mappings()
        return [noun(Entry, row) for row in rows]
