"""A chat that got a new id: what is its own goes along."""

from dataclasses import replace

from bot.model import Channel
from bot.store import Tx


async def follow(tx: Tx, channel: Channel, chat_id: str) -> None:
    """Move all that belongs to a chat to its new id (a Telegram group became a supergroup): what
    is sent and was sent, and the workspace, where the chat is one. Twice does no harm."""
    await tx.move(channel, chat_id)
    old_id = f"{channel.platform}:{channel.chat_id}"
    new_id = f"{channel.platform}:{chat_id}"
    old, new = await tx.workspaces.get(old_id), await tx.workspaces.get(new_id)
    if old is None:
        return
    if new is None or new.access == "pending":
        await tx.workspaces.save(replace(old, id=new_id))
    for listing, _ in await tx.listings.of(old_id):
        if listing.workspace_id == old_id:
            await tx.listings.save(replace(listing, workspace_id=new_id))
    for subscription in await tx.subscriptions.of_workspace(old_id):
        await tx.subscriptions.save(replace(subscription, workspace_id=new_id))
