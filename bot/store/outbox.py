"""The outbox: messages owed to channels, each sent again only if it is known not to have gone.

pending → (lease) → sending → sent | pending again (retry) | uncertain | dead. The mark `sending` is
committed before the platform is called: a delivery that is found in that state after a crash may
have been sent, and is never sent again by itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, func, or_, select, tuple_, update

from bot.model import Channel, Delivery, DeliveryState, Message, Receipt
from bot.store import blobs
from bot.store.columns import move
from bot.store.rows import Rows, insert_all, noun, record
from bot.store.tables import deliveries

Deliveries = list[Delivery]
PENDING: DeliveryState = "pending"
SENDING: DeliveryState = "sending"
SENT: DeliveryState = "sent"
UNCERTAIN: DeliveryState = "uncertain"
DEAD: DeliveryState = "dead"


class Outbox(Rows):
    """Deliveries. In a channel the lowest `priority` goes first, then the lowest `seq`, then what
    was added first; one at a time."""

    async def add(self, owed: Iterable[Delivery]) -> None:
        """Owe these messages, in this order; one whose key (or id) is known is passed over."""
        listed = list(owed)
        hashes = await blobs.put(self._connection, [d.message for d in listed], Message)
        rows = [
            record(deliveries, d, message=h, platform=d.channel.platform)
            for d, h in zip(listed, hashes, strict=True)
        ]
        await insert_all(self._connection, deliveries, rows)

    async def lease(
        self, now: datetime, until: datetime, limit: int, *, platform: str | None = None
    ) -> Deliveries:
        """Take at most `limit` deliveries that are due at `now`, for oneself alone until `until`:
        the head of each channel that has nothing in flight, lowest priority first. They come
        back as `sending`, with a new epoch and one attempt more. One that follows another waits
        for that one's receipt, whose message id becomes `reply_to`, or for its death."""
        statement = (
            select(deliveries.c.id)
            .where(deliveries.c.state == PENDING, deliveries.c.next_attempt_at <= now)
            .where(~_waits(deliveries), ~_is_behind(deliveries))
            .order_by(deliveries.c.priority, deliveries.c.next_attempt_at, deliveries.c.number)
            .limit(limit)
            .with_for_update(skip_locked=True, of=deliveries)
        )
        if platform is not None:
            statement = statement.where(deliveries.c.platform == platform)
        ids = (await self._connection.execute(statement)).scalars().all()
        await self._connection.execute(
            update(deliveries)
            .where(deliveries.c.id.in_(ids))
            .values(
                state=SENDING,
                lease_until=until,
                epoch=deliveries.c.epoch + 1,
                attempts=deliveries.c.attempts + 1,
            )
        )
        return await self._with_roots(ids)

    async def settle(self, delivery: Delivery, receipt: Receipt) -> bool:
        """The platform has the message. False, and nothing changed, where the delivery was leased
        again since. A receipt is proof: it also settles what was given up as uncertain."""
        return await self._move(
            delivery,
            (SENDING, UNCERTAIN, PENDING),
            state=SENT,
            message_id=receipt.message_id,
            sent_at=receipt.sent_at,
        )

    async def retry(self, delivery: Delivery, at: datetime, error: str) -> bool:
        """It is known not to have gone: due again at `at`. False where the lease was lost."""
        return await self._move(
            delivery, (SENDING,), state=PENDING, next_attempt_at=at, error=error
        )

    async def fail(self, delivery: Delivery, error: str) -> bool:
        """It will never go. False where the lease was lost."""
        return await self._move(delivery, (SENDING,), state=DEAD, error=error)

    async def uncertain(self, delivery: Delivery, error: str) -> bool:
        """It may have gone. False where the lease was lost."""
        return await self._move(delivery, (SENDING,), state=UNCERTAIN, error=error)

    async def recover(self, now: datetime, *, everything: bool = False) -> Deliveries:
        """Deliveries whose lease ended at `now` become uncertain, and come back so. With
        `everything` all that are leased: right when the only process starts."""
        condition = deliveries.c.state == SENDING
        if not everything:
            condition &= deliveries.c.lease_until <= now
        found = select(deliveries.c.id).where(condition).order_by(deliveries.c.number)
        ids = (await self._connection.execute(found.with_for_update())).scalars().all()
        values = {"state": UNCERTAIN, "error": "lease.expired", "lease_until": None}
        changed = update(deliveries).where(deliveries.c.id.in_(ids)).values(values)
        await self._connection.execute(changed)
        return await self._with_roots(ids)

    async def requeue(self, delivery_id: str, now: datetime) -> bool:
        """Owe an uncertain or dead delivery again, as a person asked. False where it is neither."""
        statement = (
            update(deliveries)
            .where(deliveries.c.id == delivery_id, deliveries.c.state.in_((UNCERTAIN, DEAD)))
            .values(state=PENDING, next_attempt_at=now, error=None)
        )
        return (await self._connection.execute(statement)).rowcount == 1

    async def move(self, channel: Channel, chat_id: str) -> None:
        """Follow a chat to its new id."""
        await move(self._connection, deliveries, channel, chat_id)

    async def get(self, delivery_id: str) -> Delivery | None:
        found = await self._where(deliveries.c.id == delivery_id)
        return found[0] if found else None

    async def counts(self) -> dict[DeliveryState, int]:
        """How many deliveries are in each state that any is in."""
        statement = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
        return {row[0]: row[1] for row in (await self._connection.execute(statement)).all()}

    async def list(self, state: DeliveryState, limit: int) -> Deliveries:
        """Deliveries in a state, oldest first, at most `limit`."""
        return await self._where(deliveries.c.state == state, limit=limit)

    async def receipt(self, key: str) -> Receipt | None:
        """The receipt of the delivery with this key, None while it has none."""
        statement = select(deliveries).where(deliveries.c.key == key, deliveries.c.state == SENT)
        row = (await self._connection.execute(statement)).mappings().first()
        if row is None:
            return None
        return Receipt(delivery_id=row["id"], message_id=row["message_id"], sent_at=row["sent_at"])

    async def _move(
        self, delivery: Delivery, states: Iterable[DeliveryState], **values: object
    ) -> bool:
        statement = (
            update(deliveries)
            .where(deliveries.c.id == delivery.id, deliveries.c.epoch == delivery.epoch)
            .where(deliveries.c.state.in_(states))
            .values({"lease_until": None, "error": None} | values)
        )
        return (await self._connection.execute(statement)).rowcount == 1

    async def _with_roots(self, ids: Sequence[str]) -> Deliveries:
        """The deliveries in the order of `ids`, `reply_to` filled from what they follow."""
        by_id = {d.id: d for d in await self._where(deliveries.c.id.in_(ids))}
        follows = [d.follows for d in by_id.values() if d.follows]
        statement = select(deliveries.c.key, deliveries.c.message_id)
        statement = statement.where(deliveries.c.key.in_(follows), deliveries.c.state == SENT)
        roots = {row.key: row.message_id for row in await self._connection.execute(statement)}
        return [
            replace(by_id[i], reply_to=roots.get(by_id[i].follows or "", by_id[i].reply_to))
            for i in ids
        ]

    async def _where(
        self, *conditions: ColumnElement[bool], limit: int | None = None
    ) -> Deliveries:
        statement = select(deliveries).where(*conditions).order_by(deliveries.c.number)
        rows = (await self._connection.execute(statement.limit(limit))).mappings().all()
        messages = await blobs.get(self._connection, {r["message"] for r in rows}, Message)
        return [noun(Delivery, row, message=messages[row["message"]]) for row in rows]


def _waits(table: FromClause) -> ColumnElement[bool]:
    """Whether a delivery follows one that may still arrive: whose fate is unknown holds up none."""
    root = deliveries.alias()
    open_states = (PENDING, SENDING)
    statement = select(root.c.number).where(root.c.key == table.c.follows)
    return statement.where(root.c.state.in_(open_states)).correlate(table).exists()


def _is_behind(table: FromClause) -> ColumnElement[bool]:
    """Whether its channel has another delivery in flight, or one that goes first and can."""
    other, first = deliveries.alias(), deliveries.alias()
    flying = select(other.c.number).where(other.c.channel == table.c.channel)
    ahead = (
        select(first.c.number)
        .where(first.c.channel == table.c.channel, first.c.state == PENDING)
        .where(_place(first) < _place(table), ~_waits(first))
    )
    return or_(
        flying.where(other.c.state == SENDING).correlate(table).exists(),
        ahead.correlate(table).exists(),
    )


def _place(table: FromClause) -> ColumnElement[Any]:
    return tuple_(table.c.priority, table.c.seq, table.c.number)
