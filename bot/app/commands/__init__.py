"""One table of commands for every platform: name, who may use it, what it does.

Everything that comes in passes `handle`: once only, in a known workspace, by a person whose role
is checked again each time, since buttons and links can be forged.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot import phrases
from bot.app import access
from bot.app.commands import lists, operators, readers, sources
from bot.app.commands.request import Request, Tools, plain, tell
from bot.app.moving import follow
from bot.app.publish import name
from bot.errors import BotError, UserError
from bot.model import Delivery, Inbound, Message, Role, Workspace

log = logging.getLogger(__name__)

Run = Callable[[Request, Tools], Awaitable[Message | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """`who` is the least role; `hidden` ones are not in the help; `anywhere` ones work in chats
    that are not admitted yet; `own` ones touch only the chat that they are given in, so that in a
    private one they are its person's own."""

    name: str
    who: Role
    run: Run
    hidden: bool = False
    anywhere: bool = False
    own: bool = False


TABLE: tuple[Command, ...] = (
    Command(name="start", who="member", run=readers.start, hidden=True),
    Command(name="subscribe", who="admin", run=readers.subscribe, own=True),
    Command(name="unsubscribe", who="admin", run=readers.unsubscribe, own=True),
    Command(name="digest", who="member", run=readers.now),
    Command(name="schedule", who="admin", run=readers.set_schedule, own=True),
    Command(name="lang", who="admin", run=readers.set_langs, own=True),
    Command(name="sources", who="member", run=sources.show),
    Command(name="sources add", who="admin", run=sources.add, hidden=True),
    Command(name="sources test", who="admin", run=sources.test, hidden=True),
    Command(name="sources import", who="admin", run=lists.take, hidden=True),
    Command(name="sources export", who="admin", run=lists.export, hidden=True),
    Command(name="sources starter", who="admin", run=lists.starter, hidden=True),
    Command(name="sources zone", who="admin", run=sources.zone, hidden=True),
    Command(name="sources remove", who="admin", run=sources.remove, hidden=True),
    Command(name="ask", who="member", run=readers.ask),
    Command(name="figures", who="member", run=readers.figures),
    Command(name="status", who="operator", run=operators.status),
    Command(name="claim", who="member", run=operators.claim, hidden=True, anywhere=True),
    Command(name="help", who="member", run=readers.show_help),
)
PRESSES: tuple[Command, ...] = (
    Command(name="admit", who="operator", run=operators.admit),
    Command(name="refuse", who="operator", run=operators.refuse),
)
ALIASES = {"now": "digest", "stop": "unsubscribe", "list": "sources"}
_BY_NAME = {command.name: command for command in TABLE}
_BY_VERB = {command.name: command for command in PRESSES}


def listed(role: Role) -> tuple[Command, ...]:
    """The commands that the help shows to a role, in order."""
    return tuple(c for c in TABLE if not c.hidden and access.RANK[role] >= access.RANK[c.who])


def resolve(typed: str) -> tuple[Command | None, tuple[str, ...]]:
    """The command that a text starting with ``/`` names, longest name first, and its words.

    >>> command, words = resolve("/sources add https://example.com/feed")
    >>> command.name, words
    ('sources add', ('https://example.com/feed',))
    """
    first, *rest = typed.removeprefix("/").split() or [""]
    head = ALIASES.get(first.lower(), first.lower())
    if rest and (command := _BY_NAME.get(f"{head} {rest[0].lower()}")):
        return command, tuple(rest[1:])
    return _BY_NAME.get(head), tuple(rest)


async def handle(inbound: Inbound, tools: Tools) -> None:
    """Do what an inbound asks and store the reply; the same inbound twice is done once."""
    now = tools.clock()
    async with tools.store.begin() as tx:
        if not await tx.inbound.first(inbound.id, now):
            return
        workspace = await tx.workspaces.get(inbound.workspace_id)
        if workspace is None:
            workspace = _newcomer(inbound, tools)
            await tx.workspaces.save(workspace)
    request = Request(
        inbound=inbound,
        words=(),
        role=access.role(inbound, tools.operators),
        lang=phrases.spoken(inbound.author.lang or workspace.langs[0]),
        workspace=workspace,
        now=now,
    )
    message = await _answered(request, tools)
    if message is not None:
        await _reply(request, message, tools)


def _newcomer(inbound: Inbound, tools: Tools) -> Workspace:
    open_here = tools.open_access or inbound.channel.platform == "terminal"
    return Workspace(
        id=inbound.workspace_id,
        platform=inbound.channel.platform,
        langs=tools.langs,
        timezone=tools.timezone,
        access="admitted" if open_here else "pending",
    )


async def _answered(request: Request, tools: Tools) -> Message | None:
    """The reply; what a person asked wrongly and what failed become a sentence to them."""
    try:
        return await _routed(request, tools)
    except UserError as error:
        return tell(request, error.key, **error.arguments)
    except BotError as error:
        log.exception("command.failed id=%s code=%s", request.inbound.id, error.code)
        return tell(request, "no.failed")


async def _routed(request: Request, tools: Tools) -> Message | None:
    inbound = request.inbound
    match inbound.kind:
        case "migrated":
            await _moved(inbound, tools)
        case "membership":
            return await _joined(request, tools)
        case "press":
            command = _BY_VERB.get(inbound.action)
            return await _run(command, request, tools) if command else None
        case "text" if inbound.text.startswith("/") and inbound.values.get("edited"):
            return None  # a command is not done again because its text was mended
        case "text" | "file" if inbound.text.startswith("/"):
            command, words = resolve(inbound.text)
            if command is None:
                unknown = inbound.text.split()[0].removeprefix("/")
                return tell(request, "no.unknown", name=unknown[:32])
            return await _run(command, replace(request, words=words), tools)
        case "file" if inbound.addressed and any(_is_list(f.name) for f in inbound.files):
            return await _run(_BY_NAME["sources import"], request, tools)
        case "text" | "file" if inbound.addressed and inbound.text.strip():
            words = tuple(inbound.text.split())
            return await _run(_BY_NAME["ask"], replace(request, words=words), tools)
    return None


def _is_list(file_name: str) -> bool:
    """Whether a file that came without a command is a list of sources: there is no other OPML."""
    return file_name.lower().endswith(".opml")


async def _run(command: Command, request: Request, tools: Tools) -> Message | None:
    if not command.anywhere:
        theirs = command.own and request.inbound.private
        needed: Role = "member" if theirs else command.who
        refusal = access.refusal(request.role, needed, request.workspace)
        if refusal == "no.admitted":
            async with tools.store.begin() as tx:
                await operators.request_admission(tx, request, frozenset(tools.operators))
        if refusal is not None:
            return tell(request, refusal)
    return await command.run(request, tools)


async def _moved(inbound: Inbound, tools: Tools) -> None:
    async with tools.store.begin() as tx:
        await follow(tx, inbound.channel, inbound.action)


async def _joined(request: Request, tools: Tools) -> Message | None:
    """Added to a chat: one hello. Removed from it: its subscriptions rest until it is back."""
    channel = request.inbound.channel
    if request.inbound.action == "removed":
        async with tools.store.begin() as tx:
            await tx.subscriptions.pause(channel)
        return None
    async with tools.store.begin() as tx:
        await tx.subscriptions.resume(channel)
    if request.inbound.private:
        return None  # there the person's own /start brings the greeting
    return await _run(_BY_NAME["start"], request, tools)


async def _reply(request: Request, message: Message, tools: Tools) -> None:
    """Owe the reply, in parts that fit the platform, ahead of all broadcasts."""
    inbound = request.inbound
    keys = [f"reply:{inbound.id}:{n}" for n, _ in enumerate(tools.parts(inbound.channel, message))]
    async with tools.store.begin() as tx:
        await tx.outbox.add(
            [
                Delivery(
                    id=name(key),
                    key=key,
                    channel=inbound.channel,
                    message=part,
                    reply_to=None if inbound.private else inbound.message_id,
                    priority=0,
                    next_attempt_at=request.now,
                )
                for n, (key, part) in enumerate(
                    zip(keys, tools.parts(inbound.channel, message), strict=True)
                )
            ]
        )


__all__ = [
    "PRESSES",
    "TABLE",
    "Command",
    "Request",
    "Tools",
    "handle",
    "listed",
    "plain",
    "resolve",
]
