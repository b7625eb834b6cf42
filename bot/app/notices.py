"""What is said unasked, and to whom: operators at home, admins where they keep their sources."""

from collections.abc import Collection
from datetime import datetime

from bot import phrases
from bot.app.publish import name
from bot.model import Channel, Delivery, Lang, Listing, Message, Workspace
from bot.store import Tx

HOME_KEY = "operator.home"
STARTER = "starter"  # who added what came from the starter catalogue: it may go quietly


def owed(key: str, channel: Channel, message: Message, now: datetime) -> Delivery:
    """A message that nobody asked for: after replies, before digests; once for its key."""
    return Delivery(
        id=name(key), key=key, channel=channel, message=message, priority=1, next_attempt_at=now
    )


async def operator_channels(tx: Tx, operators: Collection[str]) -> list[Channel]:
    """Where operators are reached: their private chats on each platform."""
    homes = [await tx.settings.get(HOME_KEY) or ""]
    for who in sorted(operators):
        platform, _, person = who.partition(":")
        homes.append(f"{platform} {person.rpartition('/')[2]}")
    return [c for c in map(channel_at, dict.fromkeys(homes)) if c is not None]


def home(channel: Channel) -> str:
    """A channel as settings remember it."""
    return f"{channel.platform} {channel.chat_id}"


def channel_at(remembered: str) -> Channel | None:
    platform, _, chat = remembered.partition(" ")
    if platform not in ("telegram", "slack", "terminal"):
        return None
    return Channel(platform=platform, chat_id=chat)  # type: ignore[arg-type]


async def keepers(
    tx: Tx, source_id: str, operators: Collection[str]
) -> list[tuple[Channel, Lang, str]]:
    """Where those are reached who keep a source, with their language and time zone: operators for
    the shared catalogue, for a chat's own source the chat (a bot can open no talk with a person on
    Telegram) or, on Slack, the person who added it. Nobody for what came from the starter
    catalogue."""
    found: list[tuple[Channel, Lang, str]] = []
    for listing in await tx.listings.holders(source_id):
        if listing.paused or listing.added_by == STARTER:
            continue
        if listing.workspace_id is None:
            found += [(c, "en", "UTC") for c in await operator_channels(tx, operators)]
        else:
            workspace = await tx.workspaces.get(listing.workspace_id)
            if workspace is not None and workspace.access == "admitted":
                found += _keeper(workspace, listing)
    return list(dict.fromkeys(found))


def _keeper(workspace: Workspace, listing: Listing) -> list[tuple[Channel, Lang, str]]:
    chat = workspace.id.partition(":")[2]
    if workspace.platform == "slack":
        chat = listing.added_by
    if not chat:
        return []
    channel = Channel(platform=workspace.platform, chat_id=chat)
    return [(channel, phrases.spoken(workspace.langs[0]), workspace.timezone)]
