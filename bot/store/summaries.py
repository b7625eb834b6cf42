"""The cache of what the model said, failures too: an unchanged story is asked about once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.store.rows import Rows, upsert
from bot.store.tables import summaries


class Summaries(Rows):
    """JSON objects by key."""

    async def get(self, key: str) -> dict[str, Any] | None:
        statement = select(summaries.c.payload).where(summaries.c.key == key)
        found = (await self._connection.execute(statement)).scalar()
        return None if found is None else dict(found)

    async def put(self, key: str, payload: Mapping[str, Any], at: datetime) -> None:
        """Insert or overwrite."""
        row = {"key": key, "payload": dict(payload), "at": at}
        await upsert(self._connection, summaries, row, keys=["key"])
