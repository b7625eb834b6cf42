"""Threads: conversations about digests, and the messages that belong to each."""

from dataclasses import replace

from sqlalchemy import ColumnElement, select

from bot.model import Channel, Thread
from bot.store.rows import Rows, noun, record, upsert
from bot.store.tables import messages, threads


class Threads(Rows):
    """Threads by id and by any of their messages."""

    async def save(self, thread: Thread) -> None:
        """Insert or overwrite; its root message leads to it."""
        await upsert(self._connection, threads, record(threads, thread), keys=["id"])
        await self.link(thread.channel, thread.root_message_id, thread.id)

    async def link(self, channel: Channel, message_id: str, thread_id: str) -> bool:
        """Let a message lead to a thread. False, and nothing stored, where the thread is unknown:
        its root may never have arrived, and what did arrive must still be booked."""
        if await self.get(thread_id) is None:
            return False
        row = {"chat": _chat(channel), "message_id": message_id, "thread_id": thread_id}
        await upsert(self._connection, messages, row, keys=["chat", "message_id"])
        return True

    async def by_message(self, channel: Channel, message_id: str) -> Thread | None:
        """The thread of a message of this chat, in whatever thread of the chat it stands."""
        statement = (
            select(threads)
            .join_from(messages, threads, messages.c.thread_id == threads.c.id)
            .where(messages.c.chat == _chat(channel), messages.c.message_id == message_id)
        )
        row = (await self._connection.execute(statement)).mappings().first()
        return None if row is None else noun(Thread, row)

    async def get(self, thread_id: str) -> Thread | None:
        return await self._newest(threads.c.id == thread_id)

    async def latest(self, channel: Channel) -> Thread | None:
        """The thread that was begun last in a channel."""
        return await self._newest(threads.c.channel == channel)

    async def _newest(self, condition: ColumnElement[bool]) -> Thread | None:
        statement = select(threads).where(condition).order_by(threads.c.number.desc()).limit(1)
        row = (await self._connection.execute(statement)).mappings().first()
        return None if row is None else noun(Thread, row)


def _chat(channel: Channel) -> Channel:
    return replace(channel, thread_id=None)
