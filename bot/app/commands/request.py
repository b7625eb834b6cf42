"""What a command gets, and how it answers."""

from dataclasses import dataclass
from datetime import datetime

from bot import phrases
from bot.app.tools import Tools
from bot.model import Inbound, Lang, Message, Paragraph, Role, Run, Workspace


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


def plain(words: str) -> Message:
    """A message of one paragraph."""
    return Message(summary=words, blocks=(Paragraph(runs=(Run(text=words),)),))


def tell(request: Request, key: str, **args: object) -> Message:
    """A message of one phrase in the asker's language."""
    return plain(phrases.say(request.lang, key, **args))


def names(langs: tuple[Lang, ...]) -> str:
    """The languages by their own names: 日本語 + English."""
    return " + ".join(phrases.say(lang, f"lang.{lang}") for lang in langs)


__all__ = ["Request", "Tools", "names", "plain", "tell"]
