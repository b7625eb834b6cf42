"""A whole bot without its roof: a real store and the real flows between a fake network, a fake
model and a chat that remembers."""

import html
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from bot.app.collect import Batch, Collected, collect, read
from bot.app.commands import Tools, handle
from bot.app.deliver import Delivered, deliver
from bot.app.publish import Writer, publish
from bot.chat.base import plain
from bot.digest import glossary
from bot.llm.base import LLM
from bot.model import (
    Author,
    Channel,
    Digest,
    Fetched,
    Inbound,
    Lang,
    Listing,
    Message,
    Role,
    Source,
    Subscription,
    Workspace,
)
from bot.store import Store
from tests.conftest import NOW
from tests.fakes import FakeClock, FakeFetch, RecordingChat

T = TypeVar("T")
PROMPTS = Path(__file__).parents[2] / "prompts"
TEMPLATE = (PROMPTS / "summarize.md").read_text(encoding="utf-8")
ANSWERS = (PROMPTS / "answer.md").read_text(encoding="utf-8")
GLOSSARY = glossary.parse((PROMPTS / "glossary.toml").read_text(encoding="utf-8"))
GROUP = Channel(platform="telegram", chat_id="-100")
OPERATOR = "1"
FEED_URL = "https://news.example/feed"
SOURCE = Source(id="wire", url=FEED_URL, title="Wire", lang="en")
MINUTE = timedelta(minutes=1)

CHIPS = (
    "Marlin Labs said it had trained its new model on 8,192 chips in 16 days. "
    "The training cost $12 million, and revenue grew 15% from a year ago. "
    "The company employs 350 people in three cities and plans to hire more of them."
)
BRIDGE = (
    "The old bridge over the Aster river will be closed for 40 days from Monday. "
    "Repairs will cost 90 million yen, the city said in a statement on its site. "
    "Some 25,000 drivers cross it each day and will have to take the tunnel instead."
)


def rss(*items: tuple[str, str], title: str = "Wire", whole: bool = True) -> bytes:
    """A feed of (headline, body) entries; bodies that are not `whole` are excerpts."""
    tag = "content:encoded" if whole else "description"
    entries = "".join(
        f"<item><title>{html.escape(headline)}</title><guid>{number}</guid>"
        f"<link>https://news.example/{number}</link>"
        f"<{tag}>{html.escape(body)}</{tag}></item>"
        for number, (headline, body) in enumerate(items, 1)
    )
    return (
        '<?xml version="1.0"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>{title}</title><link>https://news.example/</link>{entries}"
        "</channel></rss>"
    ).encode()


NEWS = (("Marlin trains a model", CHIPS), ("Aster bridge closes", BRIDGE))


def page(url: str, body: bytes, *, kind: str = "application/rss+xml", **more: Any) -> Fetched:
    """A good answer of a web server."""
    return Fetched(url=url, status=200, body=body, content_type=kind, fetched_at=NOW, **more)


async def read_at_once(fetched: Fetched, source: Source, now: datetime) -> Batch:
    """The bytes of a source read here and now: these are not hostile."""
    return await at_once(read, fetched, source, now)


async def at_once(function: Callable[..., T], *args: object) -> T:
    """Work done here and now: these inputs are not hostile."""
    return function(*args)


@dataclass(kw_only=True)
class Scene:
    """`say` and `press` return what the bot wrote in answer. The clock moves on by a minute with
    each, as it does between two messages of people."""

    store: Store
    clock: FakeClock
    fetch: FakeFetch
    chat: RecordingChat
    writer: Writer
    operators: tuple[str, ...] = (f"telegram:{OPERATOR}",)
    open_access: bool = False
    count: int = 0
    reads: int = 0

    @property
    def tools(self) -> Tools:
        return Tools(
            store=self.store,
            writer=self.writer,
            parts=self.parts,
            collect=self.collect,
            fetch=self.fetch,
            read=self.read,
            clock=self.clock,
            operators=frozenset(self.operators),
            open_access=self.open_access,
        )

    def parts(self, channel: Channel, message: Message) -> Sequence[Message]:
        return self.chat.parts(message)

    async def work(self, function: Callable[..., T], *args: object) -> T:
        self.reads += getattr(function, "__name__", "") == "read"
        return await at_once(function, *args)

    async def read(self, fetched: Fetched, source: Source, now: datetime) -> Batch:
        return await self.work(read, fetched, source, now)

    async def collect(self, source: Source, got: Fetched | None = None) -> Collected:
        return await collect(
            source,
            store=self.store,
            fetch=self.fetch,
            work=self.work,
            now=self.clock(),
            got=got,
            operators=self.operators,
        )

    async def deliver(self) -> Delivered:
        return await deliver(store=self.store, chats={"telegram": self.chat}, clock=self.clock)

    def inbound(self, text: str = "", **fields: Any) -> Inbound:
        self.count += 1
        base: dict[str, Any] = {
            "id": f"u{self.count}",
            "kind": "text",
            "channel": GROUP,
            "author": Author(id="8", name="Hana", lang=fields.pop("lang", "en")),
            "message_id": str(self.count),
            "addressed": True,
            "text": text,
            "received_at": self.clock(),
        }
        role: Role = fields.pop("role", "admin")
        who = fields.pop("who", OPERATOR if role == "operator" else "8")
        base["author"] = replace(base["author"], id=who, role="admin" if role != "member" else role)
        base |= fields
        base.setdefault("workspace_id", f"telegram:{base['channel'].chat_id}")
        return Inbound(**base)

    async def take(self, inbound: Inbound) -> list[str]:
        """Let the bot handle something; the texts of what it sent after it."""
        before = len(self.chat.sent)
        self.clock.move(MINUTE)
        await handle(inbound, self.tools)
        await self.deliver()
        return [plain(sent.message) for sent in self.chat.sent[before:]]

    async def say(self, text: str, **fields: Any) -> list[str]:
        return await self.take(self.inbound(text, **fields))

    async def press(self, verb: str, value: str = "", **fields: Any) -> list[str]:
        return await self.take(
            self.inbound(kind="press", action=verb, values={"value": value}, **fields)
        )

    # --- what is there before a test begins

    async def admitted(
        self,
        channel: Channel = GROUP,
        *,
        access: str = "admitted",
        langs: tuple[Lang, ...] = ("en", "ja"),
    ) -> Workspace:
        workspace = Workspace(
            id=f"telegram:{channel.chat_id}",
            platform="telegram",
            langs=langs,
            access=access,  # type: ignore[arg-type]
        )
        async with self.store.begin() as tx:
            await tx.workspaces.save(workspace)
        return workspace

    async def lists(self, source: Source = SOURCE, workspace: str | None = None) -> Source:
        async with self.store.begin() as tx:
            await tx.sources.save(source)
            await tx.listings.save(Listing(workspace_id=workspace, source_id=source.id))
        return source

    async def news(
        self, items: Iterable[tuple[str, str]] = NEWS, source: Source = SOURCE
    ) -> Collected:
        """Publish `items` at a source that all see, and collect them."""
        await self.lists(source)
        self.fetch.pages[source.url] = page(source.url, rss(*items))
        outcome = await self.collect(source)
        self.clock.move(MINUTE)
        return outcome

    async def subscribed(self, number: int = 1, **fields: Any) -> Subscription:
        base: dict[str, Any] = {
            "id": f"s{number}",
            "workspace_id": f"telegram:{GROUP.chat_id}",
            "channel": GROUP if number == 1 else replace(GROUP, chat_id=f"-10{number}"),
            "langs": ("en", "ja"),
        }
        subscription = Subscription(**base | fields)
        async with self.store.begin() as tx:
            await tx.subscriptions.save(subscription)
        return subscription

    async def publish(self, subscription: Subscription, **more: Any) -> Digest | None:
        return await publish(
            subscription,
            store=self.store,
            writer=self.writer,
            parts=self.parts,
            now=self.clock(),
            **more,
        )

    def models(self, llm: LLM) -> None:
        """From now on, this model writes."""
        self.writer = Writer(llm=llm, template=TEMPLATE, answer_template=ANSWERS, glossary=GLOSSARY)

    async def owed(self) -> dict[str, int]:
        async with self.store.read() as tx:
            return {str(state): n for state, n in (await tx.outbox.counts()).items()}


def at(hours: float) -> datetime:
    """So many hours after the moment that tests begin in."""
    return NOW + timedelta(hours=hours)


Clock = Callable[[], datetime]
