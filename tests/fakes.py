"""Stand-ins that tests hand to the product: queues to fill and histories to read."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from bot.chat.base import Handler, plain
from bot.errors import FetchError
from bot.model import Channel, Fetched, Message, Platform, Prompt, Reply, Role, Usage

Answer = str | Reply | Exception | Callable[[Prompt], "str | Reply"]


class FakeLLM:
    """A language model that is a queue and a history. Each call takes the next of `replies` (the
    last one for ever when `repeat`); an exception is raised, a function is called with the prompt.
    `delay` is in seconds. `peak` is the most calls that were in flight together."""

    def __init__(
        self,
        replies: Iterable[Answer] = (),
        *,
        name: str = "fake",
        delay: float = 0,
        repeat: bool = False,
    ) -> None:
        self.replies: deque[Answer] = deque(replies)
        self.history: list[Prompt] = []
        self.delay = delay
        self.repeat = repeat
        self.peak = 0
        self.closed = False
        self._name = name
        self._running = 0

    @property
    def name(self) -> str:
        return self._name

    async def complete(self, prompt: Prompt) -> Reply:
        self.history.append(prompt)
        assert self.replies, f"no reply left for call {len(self.history)} ({prompt.name})"
        answer = (
            self.replies[0] if self.repeat and len(self.replies) == 1 else self.replies.popleft()
        )
        self._running += 1
        self.peak = max(self.peak, self._running)
        try:
            await asyncio.sleep(self.delay)
        finally:
            self._running -= 1
        if callable(answer):
            answer = answer(prompt)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Reply):
            return answer
        return Reply(text=answer, model=self.name, usage=Usage(input=100, output=20))

    async def close(self) -> None:
        self.closed = True


@dataclass
class FakeLedger:
    """A budget's ledger in memory: its `rows` are (at, model, purpose, owner, usage)."""

    rows: list[tuple[datetime, str, str, str | None, Usage]] = field(default_factory=list)

    async def spent(self, since: datetime, owner: str | None = None) -> tuple[int, Decimal]:
        await asyncio.sleep(0)  # a real one waits for its database: let others run in between
        found = [row[4] for row in self.rows if row[0] >= since and owner in (None, row[3])]
        cost = sum((usage.cost or Decimal(0) for usage in found), Decimal(0))
        return sum(usage.input + usage.output for usage in found), cost

    async def add(
        self, *, at: datetime, model: str, purpose: str, owner: str | None, usage: Usage
    ) -> None:
        await asyncio.sleep(0)
        self.rows.append((at, model, purpose, owner, usage))


class FakeClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        self.now += by


class FakeSleep:
    """Sleeping that takes no time; `waits` are the seconds asked for."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message that a chat took."""

    channel: Channel
    message: Message
    key: str
    reply_to: str | None
    message_id: str


class RecordingChat:
    """A platform that takes everything and remembers it: `sent` is what arrived, `tries` the keys
    of all that was tried. `faults` is a queue: each send takes the next one and raises it, None
    lets it pass. Messages are cut to `blocks` blocks each."""

    def __init__(
        self,
        platform: Platform = "telegram",
        *,
        faults: Iterable[Exception | None] = (),
        blocks: int = 100,
    ) -> None:
        self.faults: deque[Exception | None] = deque(faults)
        self.sent: list[Sent] = []
        self.tries: list[str] = []
        self.edits: list[tuple[Channel, str, Message]] = []
        self.handler: Handler | None = None
        self.blocks = blocks
        self._platform: Platform = platform

    @property
    def platform(self) -> Platform:
        return self._platform

    @property
    def texts(self) -> list[str]:
        """What arrived, without markup."""
        return [plain(sent.message) for sent in self.sent]

    async def start(self, handle: Handler) -> None:
        self.handler = handle

    async def stop(self) -> None:
        self.handler = None

    async def send(
        self, channel: Channel, message: Message, *, key: str, reply_to: str | None = None
    ) -> str:
        self.tries.append(key)
        fault = self.faults.popleft() if self.faults else None
        if fault is not None:
            raise fault
        message_id = str(1000 + len(self.sent))
        self.sent.append(
            Sent(
                channel=channel, message=message, key=key, reply_to=reply_to, message_id=message_id
            )
        )
        return message_id

    async def edit(self, channel: Channel, message_id: str, message: Message) -> None:
        self.edits.append((channel, message_id, message))

    def parts(self, message: Message) -> tuple[Message, ...]:
        blocks = message.blocks
        return tuple(
            replace(message, blocks=blocks[at : at + self.blocks])
            for at in range(0, len(blocks), self.blocks)
        )

    async def role(self, channel: Channel, author_id: str) -> Role:
        return "member"

    async def check(self) -> str:
        return f"{self._platform} in a test"


class FakeFetch:
    """A fetcher with `pages` by URL: what is there is returned or raised, an address that is not
    there has no name. Asked with the etag that a page has, it says 304. `asked` is the history of
    (url, etag, last_modified)."""

    def __init__(self, pages: Mapping[str, Fetched | Exception] | None = None) -> None:
        self.pages = dict(pages or {})
        self.asked: list[tuple[str, str | None, str | None]] = []

    async def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> Fetched:
        self.asked.append((url, etag, last_modified))
        await asyncio.sleep(0)
        found = self.pages.get(url) or FetchError(f"no such host: {url}", code="fetch.dns")
        if isinstance(found, Exception):
            raise found
        if etag is not None and etag == found.etag:
            return replace(found, status=304, body=b"")
        return found
