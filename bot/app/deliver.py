"""Send what is owed: lease, send, settle. What a failure means is decided here, once."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.app.moving import follow
from bot.chat.base import Chat, Reconciles
from bot.errors import (
    ChannelGone,
    ChannelMoved,
    ChatError,
    ConfigError,
    MessageRejected,
    Uncertain,
)
from bot.model import Delivery, Receipt, Thread
from bot.store import Store

log = logging.getLogger(__name__)

LOOK_BACK = timedelta(minutes=10)  # for a post whose answer was lost
LEASE = timedelta(minutes=2)  # longer than any send with its time-out
BATCH = 30
RETRIES = 30  # transient failures, most of a day, before a delivery is given up
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(hours=1)


@dataclass(slots=True)
class Delivered:
    """Counts of one round."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0


async def deliver(
    *, store: Store, chats: Mapping[str, Chat], clock: Callable[[], datetime]
) -> Delivered:
    """Send all that is due now, in the order of each channel, until nothing more is due."""
    counts = Delivered()
    while True:
        async with store.begin() as tx:
            await tx.outbox.recover(clock())
            leased = await tx.outbox.lease(clock(), clock() + LEASE, BATCH)
        if not leased:
            return counts
        # Each is the head of another channel: one that must wait holds up no other.
        await asyncio.gather(
            *(_send(d, counts, store=store, chats=chats, clock=clock) for d in leased)
        )


async def _send(
    delivery: Delivery,
    counts: Delivered,
    *,
    store: Store,
    chats: Mapping[str, Chat],
    clock: Callable[[], datetime],
) -> None:
    chat = chats.get(delivery.channel.platform)
    try:
        if chat is None:
            raise ChatError("this platform is not connected", code="chat.not_connected")
        message_id = await chat.send(
            delivery.channel,
            delivery.message,
            key=delivery.key,
            reply_to=delivery.reply_to,
        )
    except ConfigError as error:  # a token was revoked: nothing went out, the operator must act
        waiting = ChatError(str(error), code=error.code, retry_after=LONGEST_RETRY)
        await _failed(delivery, waiting, counts, store=store, now=clock())
        return
    except Uncertain as error:
        assert chat is not None
        found = await _reconciled(chat, delivery, clock())
        if isinstance(found, ChatError):
            await _failed(delivery, found, counts, store=store, now=clock())
            return
        message_id = found or ""
        if not message_id:
            await _failed(delivery, error, counts, store=store, now=clock())
            return
    except ChatError as error:
        await _failed(delivery, error, counts, store=store, now=clock())
        return
    except Exception:  # whatever it is, the message may have gone: it must not go twice
        log.exception("delivery.unexpected key=%s", delivery.key)
        unknown = Uncertain("the adapter failed", code="chat.unexpected")
        await _failed(delivery, unknown, counts, store=store, now=clock())
        return
    counts.sent += 1
    await _sent(delivery, message_id, store=store, now=clock())


async def _reconciled(chat: Chat, delivery: Delivery, now: datetime) -> str | ChatError | None:
    """What became of a post whose answer was lost, where the platform can tell: its id; a
    transient error where it did not arrive and may go again; None where nobody knows."""
    if not isinstance(chat, Reconciles):
        return None
    try:
        found = await chat.find(
            delivery.channel, delivery.key, now - LOOK_BACK, reply_to=delivery.reply_to
        )
    except ChatError:
        return None
    return found or ChatError("it did not arrive", code="chat.not_arrived")


async def _sent(delivery: Delivery, message_id: str, *, store: Store, now: datetime) -> None:
    """The receipt, and the thread by which a reply to this message finds its digest."""
    async with store.begin() as tx:
        receipt = Receipt(delivery_id=delivery.id, message_id=message_id, sent_at=now)
        await tx.outbox.settle(delivery, receipt)
        if delivery.digest_id is None:
            return
        thread = Thread(
            id=delivery.follows or delivery.key,
            channel=delivery.channel,
            digest_id=delivery.digest_id,
            root_message_id=message_id,
        )
        if delivery.follows is None:
            await tx.threads.save(thread)
        await tx.threads.link(delivery.channel, message_id, thread.id)


async def _failed(
    delivery: Delivery, error: ChatError, counts: Delivered, *, store: Store, now: datetime
) -> None:
    log.warning(
        "delivery.failed key=%s code=%s attempt=%d", delivery.key, error.code, delivery.attempts
    )
    async with store.begin() as tx:
        match error:
            case Uncertain():
                counts.failed += 1
                await tx.outbox.uncertain(delivery, error.code)
            case ChannelMoved() if delivery.attempts < RETRIES:
                counts.postponed += 1
                await follow(tx, delivery.channel, error.new_chat_id)
                await tx.outbox.retry(delivery, now, error.code)
            case ChannelGone() | MessageRejected():
                counts.failed += 1
                await tx.outbox.fail(delivery, error.code)
                if isinstance(error, ChannelGone):
                    await tx.subscriptions.pause(delivery.channel)
            case _ if delivery.attempts >= RETRIES and error.retry_after is None:
                counts.failed += 1
                await tx.outbox.fail(delivery, error.code)
            case _:
                counts.postponed += 1
                await tx.outbox.retry(delivery, now + wait(delivery, error), error.code)


def wait(delivery: Delivery, error: ChatError) -> timedelta:
    """How long until the next try: what the platform asks for, else doubling from 5 s to 1 h.
    `delivery.attempts` counts the one that failed."""
    return error.retry_after or min(FIRST_RETRY * 2 ** (delivery.attempts - 1), LONGEST_RETRY)
