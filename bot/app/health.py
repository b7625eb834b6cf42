"""How a source is doing: in plain words, and what follows from a change of it.

State, what follows (a new address, an end) and the notices to those who keep the source are one
transaction: a crash before it leaves nothing, after it nothing is said twice.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import phrases
from bot.app.notices import STARTER, keepers, owed
from bot.ingest import cadence, links
from bot.model import Delivery, Lang, Message, Paragraph, Run, Source, SourceState
from bot.store import Tx

RETIRE = 20  # failures in a row, two weeks and more, that end a source nobody chose singly


def reason(code: str, lang: Lang) -> str:
    """An error code in plain words."""
    family = code if f"reason.{code}" in phrases.TABLES["en"] else code.rpartition("_")[0]
    key = f"reason.{family}"
    known = key in phrases.TABLES["en"]
    return phrases.say(lang, key) if known else phrases.say(lang, "reason.other", code=code)


def titled(source: Source) -> str:
    """What a source is called where members read it too: an address may hold a secret."""
    return source.title or links.masked(source.url)


def local(moment: datetime | None, zone: str) -> str:
    """A moment as a person in a zone reads it."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if moment else "–"


def words(source: Source, state: SourceState, lang: Lang, zone: str) -> tuple[str, str]:
    """A mark and a phrase: how a source is doing, the cause, and when it is looked at next."""
    if not source.enabled:
        key = "sources.gone" if state.error == "fetch.gone" else "sources.retired"
        return "⛔", phrases.say(lang, key)
    if state.checked_at is None:
        return "⏳", phrases.say(lang, "sources.new")
    time = local(state.next_check_at, zone)
    if state.error:
        why = reason(state.error, lang)
        return "⚠️", phrases.say(lang, "sources.failing", error=why, time=time)
    return "✅", phrases.say(lang, "sources.healthy", time=time)


async def settle(
    tx: Tx,
    source: Source,
    before: SourceState,
    after: SourceState,
    *,
    now: datetime,
    operators: Collection[str],
) -> None:
    """Keep the state that a look left behind, do what it means for the source, and owe one notice
    for a change of health to each who keeps the source."""
    change = cadence.notice(before, after, now)
    said = await _notices(tx, source, before, after, change, now, operators) if change else []
    if change == "moved":
        source, after = await _moved(tx, source, after)
    elif change == "gone" or await _is_over(tx, source, after):
        await tx.sources.save(replace(source, enabled=False))
    await tx.sources.save_state(after)
    if said:
        await tx.outbox.add(said)


async def _is_over(tx: Tx, source: Source, after: SourceState) -> bool:
    """Whether a source of the starter catalogue has been dead for so long that it may go."""
    if after.failures < RETIRE:
        return False
    return all(entry.added_by == STARTER for entry in await tx.listings.holders(source.id))


async def _moved(tx: Tx, source: Source, after: SourceState) -> tuple[Source, SourceState]:
    """The source at its new address; where another has that already, it takes this one's place."""
    assert after.moved_to is not None
    other = await tx.sources.by_url(after.moved_to)
    if other is not None and other.id != source.id:
        await tx.sources.merge(source.id, other.id)
        other = replace(other, enabled=True)
        await tx.sources.save(other)
        return other, await tx.sources.state(other.id)
    source = replace(source, url=after.moved_to)
    await tx.sources.save(source)
    return source, replace(after, moved_to=None, moved_since=None)


async def _notices(
    tx: Tx,
    source: Source,
    before: SourceState,
    after: SourceState,
    change: cadence.Notice,
    now: datetime,
    operators: Collection[str],
) -> list[Delivery]:
    found = []
    for channel, lang, zone in await keepers(tx, source.id, operators):
        text = phrases.say(
            lang,
            f"notice.{change}",
            title=titled(source),
            reason=reason(after.error, lang) if after.error else "",
            time=local(after.next_check_at, zone),
            url=links.masked(after.moved_to or ""),
        )
        message = Message(summary=text, blocks=(Paragraph(runs=(Run(text=text),)),))
        # The same look gives the same key, so that two rounds at once say it once.
        key = f"health:{source.id}:{change}:{before.checked_at}:{channel}"
        found.append(owed(key, channel, message, now))
    return found
