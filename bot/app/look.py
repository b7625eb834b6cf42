"""What a source gives, for the person who thinks of adding it: nothing of it is stored.

The data form is stable::

    {"url", "ok", "kind", "title", "language", "encoding", "total", "next_poll",
     "entries": [{"id", "link", "date", "title", "language", "full_text"}],
     "repairs": [{"code", "text"}], "error": {"code", "text"} | null, "candidates": [url]}

`entries` are those that a round would look at, `total` is how many the feed has.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import ingest, phrases
from bot.app.collect import Batch, Fetch, Read
from bot.app.health import local, reason
from bot.errors import SourceError
from bot.ingest import cadence
from bot.model import (
    Article,
    Bullets,
    Fetched,
    Heading,
    Lang,
    Message,
    Paragraph,
    Run,
    Runs,
    Source,
    SourceState,
)

SHOWN = 5  # entries that a chat shows: what fits a phone
_TITLE = 80  # characters of a headline in the list
_FORMATS = {"rss": "RSS", "atom": "Atom", "rdf": "RSS 1.0", "cdf": "CDF", "json": "JSON Feed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at a source: its `batch`, or the `error` that refused it."""

    url: str
    batch: Batch | None = None
    error: SourceError | None = None
    next_poll: datetime | None = None

    @property
    def candidates(self) -> tuple[str, ...]:
        """The feeds that a page names, which is none itself."""
        return self.error.candidates if isinstance(self.error, ingest.NotAFeed) else ()


async def at_url(url: str, *, fetch: Fetch, read: Read, now: datetime) -> Look:
    """A look at an address. Never raises SourceError: what fails is the look's `error`."""
    try:
        fetched = await fetch.fetch(url)
    except SourceError as error:
        return Look(url=url, error=error)
    return await at_bytes(fetched, read=read, now=now)


async def at_bytes(fetched: Fetched, *, read: Read, now: datetime) -> Look:
    """A look at what was fetched already, or at a file."""
    source = Source(id="look", url=fetched.url)
    try:
        batch = await read(fetched, source, now)
    except SourceError as error:
        return Look(url=fetched.url, error=error)
    coming = cadence.next_check(
        SourceState(source_id=source.id),
        source=source,
        now=now,
        chance=0,
        feed=batch.feed,
        fetched=fetched,
    )
    return Look(url=fetched.url, batch=batch, next_poll=coming)


def data(look: Look, lang: Lang = "en") -> dict[str, Any]:
    """The look as plain data, ready for JSON; the texts in it are in `lang`."""
    batch, error = look.batch, look.error
    return {
        "url": look.url,
        "ok": batch is not None,
        "kind": batch.feed.kind if batch else None,
        "title": batch.feed.title if batch else None,
        "language": language(batch) if batch else None,
        "encoding": batch.feed.encoding if batch else None,
        "total": len(batch.feed.entries) if batch else 0,
        "next_poll": look.next_poll.isoformat() if look.next_poll else None,
        "entries": [_entry(a) for a in batch.articles] if batch else [],
        "repairs": [{"code": c, "text": _said(c, lang)} for c in repairs(batch)] if batch else [],
        "error": {"code": error.code, "text": reason(error.code, lang)} if error else None,
        "candidates": list(look.candidates),
    }


def _entry(article: Article) -> dict[str, Any]:
    moment = article.published_at
    return {
        "id": article.guid,
        "link": article.url,
        "date": moment.isoformat() if moment else None,
        "title": article.title,
        "language": article.lang,
        "full_text": not article.partial,
    }


def language(batch: Batch) -> Lang | None:
    """The language that most entries are written in; without entries, what the feed says."""
    found = Counter(a.lang for a in batch.articles).most_common(1)
    return found[0][0] if found else batch.feed.lang


def repairs(batch: Batch) -> tuple[str, ...]:
    """What had to be mended, by name: of the bytes, and of what the entries say."""
    entries = batch.feed.entries
    found = {
        "future_dates": batch.future > 0,
        "no_dates": bool(entries) and not any(e.published for e in entries),
        "same_ids": any("guid" in e.shared for e in entries),
        "no_text": any(not a.text for a in batch.articles),
    }
    return (*batch.feed.repairs, *(name for name, holds in found.items() if holds))


def _said(repair: str, lang: Lang) -> str:
    return phrases.say(lang, f"repair.{repair}")


def told(look: Look, lang: Lang, *, zone: str = "UTC", shown: int = SHOWN) -> Message:
    """The look as a person reads it on a phone: facts, repairs, and the first `shown` entries."""
    if look.batch is None:
        return _refusal(look, lang)
    title = look.batch.feed.title
    facts = Bullets(items=tuple((Run(text=line),) for line in _facts(look, look.batch, lang, zone)))
    entries = tuple(_line(a, lang, zone) for a in look.batch.articles[:shown])
    blocks = (Heading(runs=(Run(text=title),)), facts)
    return Message(summary=title, blocks=(*blocks, Bullets(items=entries)) if entries else blocks)


def _facts(look: Look, batch: Batch, lang: Lang, zone: str) -> list[str]:
    kind = batch.feed.kind
    spoken = language(batch)
    lines = [
        phrases.say(
            lang,
            "look.kind",
            kind=_FORMATS.get(kind) or phrases.say(lang, f"kind.{kind}"),
            lang=phrases.named(spoken) if spoken else "–",
            encoding=batch.feed.encoding,
        ),
        phrases.say(
            lang,
            "look.entries",
            count=len(batch.feed.entries),
            full=sum(not a.partial for a in batch.articles),
            looked=len(batch.articles),
        ),
    ]
    if look.next_poll:
        lines.append(phrases.say(lang, "look.next", time=local(look.next_poll, zone)))
    mended = [_said(code, lang) for code in repairs(batch)]
    return [*lines, *(phrases.say(lang, "look.repair", what=what) for what in mended)]


def _line(article: Article, lang: Lang, zone: str) -> Runs:
    moment = article.published_at
    when = local(moment, zone) if moment else phrases.say(lang, "look.no_date")
    how = phrases.say(lang, "look.excerpt" if article.partial else "look.full")
    title = article.title if len(article.title) <= _TITLE else article.title[: _TITLE - 1] + "…"
    runs: Runs = (Run(text=title or "–", href=article.url), Run(text=f" — {when}, {how}"))
    if article.guid and article.guid != article.url:
        runs = (*runs, Run(text=" "), Run(text=article.guid[:_TITLE], code=True))
    return runs


def _refusal(look: Look, lang: Lang) -> Message:
    assert look.error is not None
    words = phrases.say(lang, "sources.bad", reason=reason(look.error.code, lang))
    first = Paragraph(runs=(Run(text=words),))
    if not look.candidates:
        return Message(summary=words, blocks=(first,))
    named = Paragraph(runs=(Run(text=phrases.say(lang, "look.candidates")),))
    items = tuple((Run(text=url, code=True),) for url in look.candidates[:SHOWN])
    return Message(summary=words, blocks=(first, named, Bullets(items=items)))
