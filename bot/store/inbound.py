"""What came in: platforms deliver an event again when they are in doubt."""

from datetime import datetime

from bot.store.rows import Rows, insert_new
from bot.store.tables import inbound


class Inbounds(Rows):
    """Ids of the events that were seen."""

    async def first(self, event_id: str, now: datetime) -> bool:
        """Remember an event; False where it was seen before."""
        row = {"id": event_id, "at": now}
        return await insert_new(self._connection, inbound, row, key="id")
