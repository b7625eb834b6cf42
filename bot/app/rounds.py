"""The rounds that a tick starts: all sources that are due, all subscriptions that are due."""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from bot import schedule
from bot.app.collect import Collected, Fetch, Work, collect
from bot.app.publish import Parts, Writer, plan, publish
from bot.errors import BotError
from bot.model import Digest, Source, Subscription
from bot.store import Store, Tx

log = logging.getLogger(__name__)

SOURCES_AT_ONCE = 16
SOURCES_PER_ROUND = 500
CATCH_UP = timedelta(days=2)  # missed slots older than this are not made up for


async def collect_due(
    *,
    store: Store,
    fetch: Fetch,
    work: Work,
    clock: Callable[[], datetime],
    chance: Callable[[], float],
    done: Callable[[Source, Collected], None] = lambda _source, _outcome: None,
    operators: Collection[str] = (),
) -> int:
    """Collect every source that is due; the number of new articles. `done` is told of each."""
    async with store.read() as tx:
        due = await tx.sources.due(clock(), SOURCES_PER_ROUND)
    gate = asyncio.Semaphore(SOURCES_AT_ONCE)

    async def one(source: Source) -> int:
        try:
            async with gate:
                outcome = await collect(
                    source,
                    store=store,
                    fetch=fetch,
                    work=work,
                    now=clock(),
                    chance=chance(),
                    operators=operators,
                )
        except Exception:  # one that fails, however, must not hold up the others
            log.exception("collect.failed source=%s", source.id)
            return 0
        done(source, outcome)
        return outcome.new

    return sum(await asyncio.gather(*(one(source) for source, _ in due)))


async def publish_due(
    *, store: Store, writer: Writer, parts: Parts, clock: Callable[[], datetime]
) -> int:
    """Publish every subscription that is due; the number of digests. Slots that were missed while
    the bot was down are merged into one digest; one that fails does not stop the others."""
    async with store.read() as tx:
        due = [
            (s, await tx.subscriptions.next_run(s.id))
            for s in await tx.subscriptions.due(clock())
            if await _admitted(tx, s)
        ]
    count = 0
    for subscription, since in due:
        now = clock()
        try:
            made = await _published(
                subscription, since or now, store=store, writer=writer, parts=parts, now=now
            )
        except Exception as error:  # one that fails, however, must not hold up the others
            code = error.code if isinstance(error, BotError) else "bot.unexpected"
            log.exception("publish.failed subscription=%s code=%s", subscription.id, code)
            continue
        count += made is not None
    return count


async def _admitted(tx: Tx, subscription: Subscription) -> bool:
    """Whether the workspace may have digests (now: an operator can refuse it later)."""
    workspace = await tx.workspaces.get(subscription.workspace_id)
    return workspace is not None and workspace.access == "admitted"


async def _published(
    subscription: Subscription,
    since: datetime,
    *,
    store: Store,
    writer: Writer,
    parts: Parts,
    now: datetime,
) -> Digest | None:
    """The digest of the slots since then; where all of them are too old, only the next is set."""
    runs = missed(subscription, since, now)
    if not runs:
        async with store.begin() as tx:
            await plan(tx, subscription, now)
        return None
    return await publish(subscription, store=store, writer=writer, parts=parts, now=now, runs=runs)


def missed(subscription: Subscription, since: datetime, now: datetime) -> Sequence[schedule.Run]:
    """The slots from `since` (the due one) up to `now`, none older than CATCH_UP."""
    first = max(since, now - CATCH_UP) - timedelta(microseconds=1)
    coming = schedule.runs(
        subscription.times, subscription.weekdays, subscription.timezone, after=first
    )
    return tuple(takewhile(lambda run: run.at <= now, coming))
