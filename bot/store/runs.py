"""Runs: which local slots of a subscription have had their digest."""

from datetime import date, datetime, time

from bot.store.rows import Rows, insert
from bot.store.tables import runs


class Runs(Rows):
    """Runs by subscription, local date and local time: not by the instant, which comes twice or
    never when clocks are changed."""

    async def claim(
        self, subscription_id: str, local_date: date, slot: time, now: datetime
    ) -> bool:
        """Take a slot; False where it has run. StoreError where the subscription is unknown."""
        row = {
            "subscription_id": subscription_id,
            "local_date": local_date,
            "slot": slot.isoformat("minutes"),
            "claimed_at": now,
        }
        statement = (
            insert(self._connection, runs)
            .values(row)
            .on_conflict_do_nothing(index_elements=["subscription_id", "local_date", "slot"])
            .returning(runs.c.slot)
        )
        return (await self._connection.execute(statement)).first() is not None
