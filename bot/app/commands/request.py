"""What a command gets and what it may touch."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from bot import phrases
from bot.app.collect import Collected, Fetch, Read
from bot.app.publish import Parts, Writer
from bot.model import Inbound, Lang, Message, Paragraph, Role, Run, Source, Workspace
from bot.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One command as it came in: its words after the name, who asks, in which language."""

    inbound: Inbound
    words: tuple[str, ...]
    role: Role
    lang: Lang
    workspace: Workspace
    now: datetime

    @property
    def rest(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """The few things that commands may touch, given by the roof."""

    store: Store
    writer: Writer
    parts: Parts
    collect: Callable[[Source], Awaitable[Collected]]
    fetch: Fetch
    read: Read
    candidates: Callable[[str], Awaitable[tuple[str, ...]]]  # feeds that a page offers
    clock: Callable[[], datetime]
    operators: Collection[str] = ()
    langs: tuple[Lang, ...] = ("ja", "en")
    timezone: str = "UTC"
    open_access: bool = False


def plain(words: str) -> Message:
    """A message of one paragraph."""
    return Message(summary=words, blocks=(Paragraph(runs=(Run(text=words),)),))


def tell(request: Request, key: str, **args: object) -> Message:
    """A message of one phrase in the asker's language."""
    return plain(phrases.say(request.lang, key, **args))


def names(langs: tuple[Lang, ...]) -> str:
    """The languages by their own names: 日本語 + English."""
    return " + ".join(phrases.say(lang, f"lang.{lang}") for lang in langs)
