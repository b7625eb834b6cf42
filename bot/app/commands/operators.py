"""What the operator does: claim the bot, admit chats, see how it is doing."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from bot import phrases
from bot.app.commands.request import Request, Tools, plain, tell
from bot.app.notices import HOME_KEY, channel_at, home, operator_channels, owed
from bot.errors import UserError
from bot.model import Button, Inbound, Message, Workspace
from bot.store import Store, Tx

CLAIM_VALID = timedelta(minutes=15)
CLAIM_KEY = "operator.claim"
OPERATORS_KEY = "operators"
_ASKED_KEY = "admission.asked "  # and the workspace: the channel that asked


async def claim(request: Request, tools: Tools) -> Message:
    """Become the operator with the one-time code that `run` printed."""
    author = request.inbound.author.id
    async with tools.store.begin() as tx:
        stored = await tx.settings.get(CLAIM_KEY) or ""
        code, _, until = stored.partition(" ")
        valid = bool(until) and datetime.fromisoformat(until) > request.now
        if not valid or not secrets.compare_digest(code.encode(), request.rest.encode()):
            return tell(request, "claim.bad")
        await tx.settings.put(CLAIM_KEY, "")
        await tx.settings.put(OPERATORS_KEY, operator_name(request.inbound))
        await tx.workspaces.save(replace(request.workspace, access="admitted"))
        await tx.settings.put(HOME_KEY, home(request.inbound.channel))
        await tx.audit.add(
            request.now,
            actor=author,
            action="operator.claim",
            detail="",
            workspace_id=request.workspace.id,
        )
    return tell(request, "claim.done")


def operator_name(inbound: Inbound) -> str:
    """A person as OPERATORS names them: ``telegram:123``, ``slack:T01/U012``."""
    team = inbound.workspace_id.partition(":")[2]
    person = inbound.author.id
    return (
        f"slack:{team}/{person}"
        if inbound.channel.platform == "slack"
        else (f"{inbound.channel.platform}:{person}")
    )


async def offer_claim(store: Store, code: str, now: datetime) -> None:
    """Make `code` good for becoming the operator, for CLAIM_VALID."""
    async with store.begin() as tx:
        await tx.settings.put(CLAIM_KEY, f"{code} {(now + CLAIM_VALID).isoformat()}")


async def request_admission(tx: Tx, request: Request, operators: frozenset[str]) -> None:
    """Ask the operator, once, whether a chat may use the bot."""
    workspace, inbound = request.workspace, request.inbound
    await tx.settings.put(_ASKED_KEY + workspace.id, home(inbound.channel))
    buttons = (
        Button(label=_say("operator.admit"), verb="admit", value=workspace.id),
        Button(label=_say("operator.refuse"), verb="refuse", value=workspace.id),
    )
    who = inbound.author.name or inbound.author.id
    words = _say("operator.request", name=who, chat=workspace.id)
    message = replace(plain(words), actions=(buttons,))
    await tx.outbox.add(
        owed(f"admission:{workspace.id}:{channel}", channel, message, request.now)
        for channel in await operator_channels(tx, operators)
    )


def _say(key: str, **args: object) -> str:
    return phrases.say("en", key, **args)


async def admit(request: Request, tools: Tools) -> Message:
    """Let a workspace use the bot, and tell the chat that asked."""
    told = await _decide(request, tools, "admitted")
    wanted = _wanted(request)
    async with tools.store.begin() as tx:
        asked = channel_at(await tx.settings.get(_ASKED_KEY + wanted) or "")
        workspace = await tx.workspaces.get(wanted)
        if asked and workspace:
            await tx.settings.put(_ASKED_KEY + wanted, None)
            words = phrases.say(phrases.spoken(workspace.langs[0]), "welcome.admitted")
            await tx.outbox.add([owed(f"welcome:{wanted}", asked, plain(words), request.now)])
    return told


async def refuse(request: Request, tools: Tools) -> Message:
    return await _decide(request, tools, "refused")


def _wanted(request: Request) -> str:
    return request.inbound.values.get("value", "")


async def _decide(request: Request, tools: Tools, access: str) -> Message:
    wanted = _wanted(request)
    async with tools.store.begin() as tx:
        workspace = await tx.workspaces.get(wanted)
        if workspace is None:
            raise UserError("operator.unknown", chat=wanted)
        decided: Workspace = replace(workspace, access=access)  # type: ignore[arg-type]
        await tx.workspaces.save(decided)
        await tx.audit.add(
            request.now,
            actor=request.inbound.author.id,
            action=f"workspace.{access}",
            detail=wanted,
            workspace_id=wanted,
        )
    return tell(request, f"operator.{access}", chat=wanted)


async def status(request: Request, tools: Tools) -> Message:
    async with tools.store.read() as tx:
        sources = await tx.sources.all()
        states = [await tx.sources.state(s.id) for s in sources]
        counts = await tx.outbox.counts()
    line = phrases.say(
        request.lang,
        "status.line",
        sources=len(sources),
        failing=sum(1 for s in states if s.error),
        pending=counts.get("pending", 0),
        uncertain=counts.get("uncertain", 0),
        dead=counts.get("dead", 0),
    )
    if tools.writer.llm is None:
        line += "\n" + phrases.say(request.lang, "operator.add_model")
    return plain(line)
