"""The few things that commands may touch, given by the roof."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from bot.app.collect import Collect, Fetch, Read
from bot.app.publish import Parts, Writer
from bot.model import Lang
from bot.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """`collect` looks at a source now and keeps what it gives."""

    store: Store
    writer: Writer
    parts: Parts
    fetch: Fetch
    read: Read
    collect: Collect
    clock: Callable[[], datetime]
    operators: Collection[str] = ()
    langs: tuple[Lang, ...] = ("ja", "en")
    timezone: str = "UTC"
    open_access: bool = False
