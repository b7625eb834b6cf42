"""Write one digest: articles to stories to a message, stored with what must be sent of it."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import TypedDict, cast

from bot import digest, schedule
from bot.errors import BadReply, ModelError
from bot.llm.base import LLM
from bot.model import (
    Article,
    Bullet,
    Channel,
    Delivery,
    Digest,
    DigestItem,
    Figure,
    Lang,
    Message,
    Story,
    Subscription,
)
from bot.store import Store, Tx

log = logging.getLogger(__name__)

WINDOW = timedelta(hours=24)  # how far back a digest looks at least
LONGEST_WINDOW = timedelta(days=8)  # and at most: a week, with a day to spare
MOST_ARTICLES = 400  # newest ones of a window that are grouped into stories
AT_ONCE = 4  # stories that a model writes at the same time

MOST_BULLETS = 5

Parts = Callable[[Channel, Message], Sequence[Message]]


class Cached(TypedDict):
    """A model's replies about a story, as the store keeps them."""

    replies: list[str]
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """What writes summaries: a model and its instructions; without a model, the sources do."""

    llm: LLM | None = None
    template: str = ""
    answer_template: str = ""
    glossary: digest.Glossary = field(default_factory=digest.Glossary)


async def publish(
    subscription: Subscription,
    *,
    store: Store,
    writer: Writer,
    parts: Parts,
    now: datetime,
    since: datetime | None = None,
    runs: Sequence[schedule.Run] = (),
) -> Digest | None:
    """The digest of what is new for `subscription`, stored together with its deliveries; None when
    nothing is new.

    `runs` are the due slots that this digest serves. They are claimed in the transaction that
    stores the digest: a crash before it loses nothing, a second process or a second try after it
    finds them taken and stores nothing.
    """
    async with store.read() as tx:
        window = since or await _window(tx, subscription, now)
        sources = await tx.listings.sources(subscription.workspace_id)
        wanted = [s for s in sources if s in (subscription.source_ids or sources)]
        found = await tx.articles.between(wanted, window, now, MOST_ARTICLES)
        delivered = await tx.digests.delivered(subscription.channel)
        figures = await tx.articles.figures([a.id for a in found])
        titles = {s.id: s.title for s in await tx.sources.all()}
    fresh = digest.select(found, subscription, delivered=delivered)
    if not fresh:
        async with store.begin() as tx:
            await claim(tx, subscription, runs, now)
        return None
    grouped = await asyncio.to_thread(group, fresh, figures, writer.glossary.aliases)
    items = await write(
        digest.rank(grouped, subscription, now=now),
        subscription.langs,
        store=store,
        writer=writer,
        now=now,
    )
    made = Digest(
        id=name(subscription.id, now.isoformat()),
        subscription_id=subscription.id,
        langs=subscription.langs,
        start=window,
        end=now,
        items=items,
    )
    async with store.begin() as tx:
        if not await claim(tx, subscription, runs, now):
            return None
        made = _still_new(made, await tx.digests.delivered(subscription.channel))
        if not made.items:
            return None
        message = digest.render(made, titles=titles)
        await tx.digests.add(made, subscription.channel)
        await tx.outbox.add(deliveries(made, subscription.channel, message, parts, now))
    return made


def _still_new(made: Digest, delivered: Mapping[str, str]) -> Digest:
    """The digest without the stories that another digest brought while this one was written."""
    items = tuple(
        item
        for item in made.items
        if any(delivered.get(a.id) != a.content_hash for a in item.story.articles)
    )
    return replace(made, items=items)


async def claim(
    tx: Tx, subscription: Subscription, runs: Sequence[schedule.Run], now: datetime
) -> bool:
    """Take the due slots and set the next run; False when all of them were served already."""
    if not runs:
        return True
    free = [await tx.runs.claim(subscription.id, r.date, r.slot, now) for r in runs]
    await plan(tx, subscription, now)
    return any(free)


async def plan(tx: Tx, subscription: Subscription, now: datetime) -> None:
    """Set the next run to the first slot after `now`; to none where there is no such slot."""
    coming = next(
        schedule.runs(subscription.times, subscription.weekdays, subscription.timezone, after=now),
        None,
    )
    await tx.subscriptions.set_next_run(subscription.id, coming.at if coming else None)


async def _window(tx: Tx, subscription: Subscription, now: datetime) -> datetime:
    """Since when a digest looks: a day, or back to the channel's last one where that is longer
    ago, so that a weekly digest tells the week."""
    latest = await tx.digests.latest(subscription.channel)
    return max(min(latest.end if latest else now, now - WINDOW), now - LONGEST_WINDOW)


def group(
    articles: Sequence[Article],
    figures: Mapping[str, Sequence[Figure]],
    aliases: Mapping[str, str],
) -> tuple[Story, ...]:
    """The stories of some articles; slow on many, so flows run it off the loop."""
    return digest.stories(articles, figures=figures, aliases=aliases)


def name(*parts: str) -> str:
    """An id made of what it names: the same things give the same id, so a retry adds nothing."""
    return blake2b("\0".join(parts).encode(), digest_size=8).hexdigest()


def deliveries(
    made: Digest, channel: Channel, message: Message, parts: Parts, now: datetime
) -> tuple[Delivery, ...]:
    """The messages owed for a digest, in order; all but the first follow the first."""
    keys = [f"{made.id}:{channel}:{n}" for n, _ in enumerate(parts(channel, message))]
    return tuple(
        Delivery(
            id=name(key),
            key=key,
            channel=channel,
            message=part,
            digest_id=made.id,
            follows=keys[0] if n else None,
            next_attempt_at=now,
        )
        for n, (key, part) in enumerate(zip(keys, parts(channel, message), strict=True))
    )


# --- writing -----------------------------------------------------------------------------------


async def write(
    stories: Sequence[Story],
    langs: tuple[Lang, ...],
    *,
    store: Store,
    writer: Writer,
    now: datetime,
) -> tuple[DigestItem, ...]:
    """Each story's item, some at a time, in the order given."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(story: Story) -> DigestItem:
        async with gate:
            return await item(story, langs, store=store, writer=writer, now=now)

    return tuple(await asyncio.gather(*(one(s) for s in stories)))


async def item(
    story: Story, langs: tuple[Lang, ...], *, store: Store, writer: Writer, now: datetime
) -> DigestItem:
    """A story's item by the model, from the cache where it was written before, or extracted.

    No key, budget spent, provider down and a reply that fails its checks take one branch: extract.
    """
    if writer.llm is None:
        return digest.extract(story, langs)
    key = cache_key(story, langs, writer)
    async with store.read() as tx:
        cached = cast(Cached | None, await tx.summaries.get(key))
    if cached is None:
        cached = await _reply(story, langs, writer.llm, writer)
        if cached is None:
            return digest.extract(story, langs)
        async with store.begin() as tx:
            await tx.summaries.put(key, cached, now)
    return _accepted(story, langs, cached, writer) or digest.extract(story, langs)


async def fresh(story: Story, langs: tuple[Lang, ...], *, writer: Writer) -> DigestItem:
    """A story's item without any store: by the model, else extracted."""
    cached = await _reply(story, langs, writer.llm, writer) if writer.llm else None
    accepted = _accepted(story, langs, cached, writer) if cached else None
    return accepted or digest.extract(story, langs)


async def _reply(story: Story, langs: tuple[Lang, ...], llm: LLM, writer: Writer) -> Cached | None:
    """What to remember of asking the model: its replies, or none where it gave nothing usable and
    would not the next time; None where a later try may succeed."""
    try:
        replies = await _ask(story, langs, llm, writer)
    except ModelError as error:
        log.warning("summary.failed story=%s code=%s", story.id, error.code)
        if not isinstance(error, BadReply):
            return None
        replies = []
    return {"replies": replies, "model": llm.name}


async def _ask(story: Story, langs: tuple[Lang, ...], llm: LLM, writer: Writer) -> list[str]:
    """The model's reply, and that to the one repair where parts of the first were refused."""
    prompt = digest.prompt(story, langs, template=writer.template, glossary=writer.glossary)
    first = await llm.complete(prompt)
    verdict = digest.accept(first.text, story, langs, glossary=writer.glossary)
    if not verdict.problems:
        return [first.text]
    log.info("summary.repair story=%s problems=%d", story.id, len(verdict.problems))
    repair = digest.prompt(
        story,
        langs,
        template=writer.template,
        glossary=writer.glossary,
        problems=verdict.problems,
    )
    try:
        second = await llm.complete(repair)
    except ModelError as error:
        log.warning("summary.unrepaired story=%s code=%s", story.id, error.code)
        return [first.text]  # what of it was accepted is paid for, and good
    return [first.text, second.text]


def _accepted(
    story: Story, langs: tuple[Lang, ...], cached: Cached, writer: Writer
) -> DigestItem | None:
    """The item of cached replies, judged anew: a stricter check also holds for old replies."""
    verdicts = [
        digest.accept(reply, story, langs, glossary=writer.glossary) for reply in cached["replies"]
    ]
    bullets: list[Bullet] = []
    for bullet in (b for v in verdicts for b in v.bullets):
        if bullet.text not in [b.text for b in bullets]:
            bullets.append(bullet)
    if not bullets:
        return None
    return DigestItem(
        story=story,
        headline=next(v.headline for v in verdicts if v.headline),
        bullets=tuple(bullets[:MOST_BULLETS]),
        written_by=cached["model"],
    )


def cache_key(story: Story, langs: Sequence[Lang], writer: Writer) -> str:
    """One summary per story content, language pair, prompt and model, however many readers."""
    hashes = sorted(a.content_hash or a.id for a in story.articles)
    model = writer.llm.name if writer.llm else ""
    return name(model, name(writer.template), "+".join(sorted(langs)), *hashes)
