"""Small things to remember: claim codes, offsets, operators."""

from sqlalchemy import delete, select

from bot.store.rows import Rows, upsert
from bot.store.tables import settings


class Settings(Rows):
    """Strings by key."""

    async def get(self, key: str) -> str | None:
        statement = select(settings.c.value).where(settings.c.key == key)
        return (await self._connection.execute(statement)).scalar()

    async def put(self, key: str, value: str | None) -> None:
        """Insert or overwrite; None removes."""
        if value is None:
            await self._connection.execute(delete(settings).where(settings.c.key == key))
        else:
            row = {"key": key, "value": value}
            await upsert(self._connection, settings, row, keys=["key"])
