"""The house in one piece: the store, the edges and the flows of one running process."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from bot import store, web, wiring
from bot.app import collect, rounds
from bot.app.collect import Collected
from bot.app.commands import Tools, handle
from bot.app.commands.operators import OPERATORS_KEY, offer_claim
from bot.app.deliver import Delivered, deliver
from bot.chat.base import Chat
from bot.config import Settings
from bot.errors import ChatError
from bot.fetcher import Fetcher
from bot.llm.base import LLM
from bot.model import Channel, Fetched, Inbound, Message, Source
from bot.scheduler import AsyncIOScheduler, Job, ticking
from bot.store import Store
from bot.wiring import now
from bot.workers import Pool

log = logging.getLogger(__name__)

STOP_SECONDS = 10.0  # for what is under way when the bot is stopped
FIRST_WAIT, LONGEST_WAIT = 2.0, 60.0  # seconds between tries to reach a platform at the start


@dataclass(kw_only=True)
class House:
    """Everything built and joined, for one process."""

    settings: Settings
    store: Store
    fetcher: Fetcher
    pool: Pool
    tools: Tools
    chats: dict[str, Chat]
    sending: asyncio.Lock = field(default_factory=asyncio.Lock)
    publishing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def collect_due(self, done: Callable[[Source, Collected], None] | None = None) -> int:
        return await rounds.collect_due(
            store=self.store,
            fetch=self.fetcher,
            work=self.pool.run,
            clock=now,
            chance=wiring.chance,
            done=done or (lambda _source, _outcome: None),
            operators=self.settings.operators,
        )

    async def publish_due(self) -> int:
        async with self.publishing:
            count = await rounds.publish_due(
                store=self.store, writer=self.tools.writer, parts=self.tools.parts, clock=now
            )
        if count:
            await self.deliver()
        return count

    async def deliver(self) -> Delivered:
        """Send what is due; one sender at a time in this process."""
        async with self.sending:
            return await deliver(store=self.store, chats=self.chats, clock=now)

    async def handle(self, inbound: Inbound) -> None:
        """Do what came in from a chat and send the reply at once."""
        await handle(inbound, await self._with_operators())
        await self.deliver()

    async def _with_operators(self) -> Tools:
        """The tools with the operators of now: those of the settings and the one who claimed."""
        async with self.store.read() as tx:
            claimed = await tx.settings.get(OPERATORS_KEY)
        known = {*self.settings.operators, *filter(None, [claimed])}
        return replace(self.tools, operators=frozenset(known))


@asynccontextmanager
async def build(
    settings: Settings,
    *,
    chats: Mapping[str, Chat] | None = None,
    fetcher: Fetcher | None = None,
) -> AsyncIterator[House]:
    """Build everything from the settings; on leaving, let go of everything in reverse order."""
    async with AsyncExitStack() as stack:
        opened = await store.open(wiring.database(settings))
        stack.push_async_callback(opened.close)
        fetcher = fetcher or wiring.fetcher(settings)
        stack.push_async_callback(fetcher.close)
        pool, desk = Pool(), Pool(workers=1)
        stack.callback(pool.close)
        stack.callback(desk.close)
        llm = wiring.model(settings, opened)
        if llm is not None:
            stack.push_async_callback(llm.close)
        joined = dict(chats) if chats is not None else wiring.platforms(settings)
        built = House(
            settings=settings,
            store=opened,
            fetcher=fetcher,
            pool=pool,
            chats=joined,
            tools=_tools(settings, opened, fetcher, desk, llm, joined),
        )
        yield built


def _tools(
    settings: Settings,
    opened: Store,
    fetcher: Fetcher,
    desk: Pool,
    llm: LLM | None,
    chats: Mapping[str, Chat],
) -> Tools:
    """What commands may touch. `desk` reads what a person waits for: its worker is never behind
    the rounds' slow sources."""

    def parts(channel: Channel, message: Message) -> Sequence[Message]:
        chat = chats.get(channel.platform)
        return chat.parts(message) if chat else (message,)

    async def collect_now(source: Source, got: Fetched | None = None) -> Collected:
        return await collect.collect(
            source,
            store=opened,
            fetch=fetcher,
            work=desk.run,
            now=now(),
            chance=wiring.chance(),
            got=got,
            operators=settings.operators,
        )

    return Tools(
        store=opened,
        writer=wiring.writer(settings, llm),
        parts=parts,
        collect=collect_now,
        fetch=fetcher,
        read=partial(desk.run, collect.read),
        clock=now,
        operators=frozenset(settings.operators),
        langs=settings.default_langs,
        timezone=settings.default_timezone,
        open_access=settings.access == "open",
    )


async def run(
    settings: Settings,
    *,
    say: Callable[[str], None],
    stop: asyncio.Event,
    chats: Mapping[str, Chat] | None = None,
    fetcher: Fetcher | None = None,
) -> None:
    """Run the bot until `stop`: in `chats`, else on the platforms of the settings, else in the
    terminal. `say` tells the operator at the terminal what to do."""
    joined = chats or wiring.platforms(settings)
    joined = joined or {"terminal": wiring.terminal(settings, stop.set)}
    async with build(settings, chats=joined, fetcher=fetcher) as built, AsyncExitStack() as stack:
        await _welcome(built, say)
        if settings.http_port:
            site = await web.serve(
                built.store,
                host=settings.http_host,
                port=settings.http_port,
                slack=wiring.signed(settings, joined),
            )
            stack.push_async_callback(site.cleanup)
        for chat in joined.values():
            stack.push_async_callback(chat.stop)
        scheduler = ticking(
            Job(name="collect", every=timedelta(seconds=60), run=built.collect_due),
            Job(name="publish", every=timedelta(seconds=15), run=built.publish_due),
            Job(name="deliver", every=timedelta(seconds=5), run=built.deliver),
        )
        scheduler.start()
        stack.callback(scheduler.shutdown, wait=False)
        stack.push_async_callback(_finished, built, scheduler)
        await _connected(joined, built, stop)


async def _finished(built: House, scheduler: AsyncIOScheduler) -> None:
    """Tick no more and let what is being published and sent come to its end: a send that is cut
    off may have arrived, and would never be tried again."""
    scheduler.pause()
    with suppress(TimeoutError):
        async with asyncio.timeout(STOP_SECONDS), built.publishing, built.sending:
            pass


async def _connected(chats: Mapping[str, Chat], built: House, stop: asyncio.Event) -> None:
    """Connect every platform, each for itself, and wait for `stop`. A platform that refuses its
    token ends the program: the operator must act."""
    stopping = asyncio.create_task(stop.wait())
    waiting = {asyncio.create_task(_connect(c, built, stop)) for c in chats.values()} | {stopping}
    try:
        while not stopping.done():
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
    finally:
        stop.set()
        await asyncio.gather(*waiting, return_exceptions=True)


async def _connect(chat: Chat, built: House, stop: asyncio.Event) -> None:
    """Start to receive; a platform that cannot be reached yet is tried again until `stop`."""
    wait = FIRST_WAIT
    while not stop.is_set():
        try:
            await chat.start(built.handle)
        except ChatError as error:
            log.warning("chat.unreachable platform=%s code=%s", chat.platform, error.code)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), wait)
            wait = min(2 * wait, LONGEST_WAIT)
        else:
            return


async def _welcome(built: House, say: Callable[[str], None]) -> None:
    """Settle what a crash left behind, and tell the operator how to begin."""
    async with built.store.begin() as tx:
        left = await tx.outbox.recover(now(), everything=True)
        claimed = await tx.settings.get(OPERATORS_KEY)
    if left:
        say(f"{len(left)} messages may have been sent before the last stop: see /status.")
    if "terminal" in built.chats:
        say("No TELEGRAM_BOT_TOKEN and no SLACK_BOT_TOKEN is set: this is the terminal chat.")
        say("Try: /help, /sources add URL, /subscribe, /digest, or ask a question. End: Ctrl-D.")
    elif not built.settings.operators and not claimed:
        code = wiring.claim_code()
        await offer_claim(built.store, code, now())
        say(f"No operator is set. To become it, send the bot within 15 minutes: /claim {code}")
    if built.tools.writer.llm is None:
        say("Digests quote their sources; for a model set OPENAI_API_KEY or OPENAI_BASE_URL.")
