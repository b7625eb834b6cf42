"""Subscriptions, and when each runs next."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update

from bot.model import Channel, Subscription
from bot.store.columns import move, within
from bot.store.rows import Rows, insert_all, noun, record, upsert
from bot.store.tables import subscription_sources, subscriptions


class Subscriptions(Rows):
    """Subscriptions by id."""

    async def get(self, subscription_id: str) -> Subscription | None:
        found = await self._where(subscriptions.c.id == subscription_id)
        return found[0] if found else None

    async def save(self, subscription: Subscription) -> None:
        """Insert or overwrite; its next run stays as it was set, a rest ends. StoreError where
        the workspace is unknown."""
        row = record(subscriptions, subscription, resting=False)
        await upsert(self._connection, subscriptions, row, keys=["id"])
        await self._connection.execute(
            delete(subscription_sources).where(
                subscription_sources.c.subscription_id == subscription.id
            )
        )
        rows = [
            {"subscription_id": subscription.id, "source_id": source_id}
            for source_id in subscription.source_ids
        ]
        keys = ["subscription_id", "source_id"]
        await insert_all(self._connection, subscription_sources, rows, keys=keys)

    async def remove(self, subscription_id: str) -> None:
        """Remove a subscription and the record of its runs."""
        statement = delete(subscriptions).where(subscriptions.c.id == subscription_id)
        await self._connection.execute(statement)

    async def of_channel(self, channel: Channel) -> list[Subscription]:
        return await self._where(subscriptions.c.channel == channel)

    async def of_workspace(self, workspace_id: str) -> list[Subscription]:
        return await self._where(subscriptions.c.workspace_id == workspace_id)

    async def all(self) -> list[Subscription]:
        """Every subscription, by id."""
        return await self._where()

    async def next_run(self, subscription_id: str) -> datetime | None:
        statement = select(subscriptions.c.next_run_at).where(subscriptions.c.id == subscription_id)
        return (await self._connection.execute(statement)).scalar()

    async def set_next_run(self, subscription_id: str, when: datetime | None) -> None:
        """Set when the subscription is due; None for not at all."""
        statement = update(subscriptions).where(subscriptions.c.id == subscription_id)
        await self._connection.execute(statement.values(next_run_at=when))

    async def due(self, now: datetime, limit: int = 1000) -> list[Subscription]:
        """Subscriptions to run, longest overdue first, at most `limit`: not paused or
        resting, and due at `now`."""
        return await self._where(
            subscriptions.c.paused.is_(False),
            subscriptions.c.resting.is_(False),
            subscriptions.c.next_run_at <= now,
            order=(subscriptions.c.next_run_at, subscriptions.c.id),
            limit=limit,
        )

    async def pause(self, channel: Channel) -> None:
        """Let the subscriptions of a channel, and of the threads in it, rest: it is gone. What a
        person paused stays so, and what they did not comes back with `resume`."""
        await self._rest(channel, resting=True)

    async def resume(self, channel: Channel) -> None:
        """End the rest of the subscriptions of a channel and of the threads in it."""
        await self._rest(channel, resting=False)

    async def move(self, channel: Channel, chat_id: str) -> None:
        """Follow a chat to its new id."""
        await move(self._connection, subscriptions, channel, chat_id)

    async def _rest(self, channel: Channel, *, resting: bool) -> None:
        statement = update(subscriptions).where(within(subscriptions.c.channel, channel))
        await self._connection.execute(statement.values(resting=resting))

    async def _where(
        self,
        *conditions: ColumnElement[bool],
        order: Sequence[ColumnElement[object]] = (subscriptions.c.id,),
        limit: int | None = None,
    ) -> list[Subscription]:
        statement = select(subscriptions).where(*conditions).order_by(*order).limit(limit)
        rows = (await self._connection.execute(statement)).mappings()
        return [noun(Subscription, row) for row in rows]
