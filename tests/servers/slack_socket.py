"""Socket Mode from Slack's side: envelopes, acknowledgements, redelivery, disconnects.

Source: https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import contextlib
import json
from collections import deque
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import WSMsgType, web

ACK = 3.0  # seconds in which an envelope must be acknowledged
RETRIES = 3  # times that one that was not is sent again


@dataclass
class Envelope:
    kind: str
    payload: dict[str, Any]
    attempt: int = 0
    done: asyncio.Event = field(default_factory=asyncio.Event)


class Sockets:
    """The connections of one app. What cannot be delivered waits for the next connection."""

    def __init__(self, *, ack: float = ACK) -> None:
        self.ack = ack
        self.acks: list[dict[str, Any]] = []  # what the app answered, in order
        self.opened = 0
        self.lost: list[Envelope] = []  # given up after the last retry
        self.stuck = False  # swallow new envelopes' acknowledgements
        self._deaf: set[web.WebSocketResponse] = set()
        self._waiting: deque[Envelope] = deque()
        self._sent: dict[str, tuple[Envelope, web.WebSocketResponse]] = {}
        self._open: list[web.WebSocketResponse] = []
        self._tickets: set[str] = set()
        self._numbers = count(1)
        self._timers: set[asyncio.Task[None]] = set()

    def ticket(self) -> str:
        """A ticket for one connection, once."""
        made = f"canary-ticket-{next(self._numbers)}"
        self._tickets.add(made)
        return made

    def forget_tickets(self) -> None:
        self._tickets.clear()

    async def put(self, kind: str, payload: dict[str, Any]) -> Envelope:
        envelope = Envelope(kind, payload)
        self._waiting.append(envelope)
        await self._pump()
        return envelope

    async def serve(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403)
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        self.opened += 1
        self._open.append(socket)
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self._open),
                "connection_info": {"app_id": "A1"},
                "debug_info": {"host": "loopback", "approximate_connection_time": 18060},
            }
        )
        await self._pump()
        try:
            async for frame in socket:
                if frame.type == WSMsgType.TEXT:
                    self._acknowledged(json.loads(frame.data))
                elif frame.type == WSMsgType.PING and socket not in self._deaf:
                    await socket.pong(frame.data)
        finally:
            self._deaf.discard(socket)
            self._open.remove(socket)
            await self._gone(socket)
        return socket

    async def refresh(self) -> None:
        """Ask every connection to be replaced, as Slack does every few hours; each is closed a
        moment later."""
        for socket in list(self._open):
            await socket.send_json(
                {"type": "disconnect", "reason": "refresh_requested", "debug_info": {"host": "l"}}
            )
            self._later(socket)

    def drop(self) -> None:
        """Cut every connection without a word."""
        for socket in list(self._open):
            transport = socket._req.transport if socket._req else None
            assert transport is not None
            transport.abort()

    def silence(self) -> None:
        """Let every connection go dead without an end: no frame passes any more."""
        self._deaf.update(self._open)

    async def close(self) -> None:
        for timer in list(self._timers):
            timer.cancel()
        await asyncio.gather(*self._timers, return_exceptions=True)
        for socket in list(self._open):
            await socket.close()

    async def _pump(self) -> None:
        while self._waiting and self._open:
            envelope, socket = self._waiting.popleft(), self._open[-1]
            name = f"env-{next(self._numbers)}"
            self._sent[name] = (envelope, socket)
            sent = {
                "envelope_id": name,
                "type": envelope.kind,
                "payload": envelope.payload,
                "accepts_response_payload": envelope.kind != "events_api",
            }
            if envelope.kind == "events_api":
                reason = "timeout" if envelope.attempt else ""
                sent |= {"retry_attempt": envelope.attempt, "retry_reason": reason}
            if socket not in self._deaf:
                with contextlib.suppress(ConnectionError):
                    await socket.send_json(sent)
            self._start(self._expire(name))

    def _acknowledged(self, answer: dict[str, Any]) -> None:
        if self.stuck:
            return
        self.acks.append(answer)
        envelope, _ = self._sent.pop(answer["envelope_id"], (None, None))
        if envelope is not None:
            envelope.done.set()

    async def _expire(self, name: str) -> None:
        await asyncio.sleep(self.ack)
        if name in self._sent:
            await self._again(name)

    async def _gone(self, socket: web.WebSocketResponse) -> None:
        for name in [n for n, (_, where) in self._sent.items() if where is socket]:
            await self._again(name)

    async def _again(self, name: str) -> None:
        envelope, _ = self._sent.pop(name)
        envelope.attempt += 1
        if envelope.attempt > RETRIES:
            self.lost.append(envelope)
            return
        self._waiting.append(envelope)
        await self._pump()

    def _later(self, socket: web.WebSocketResponse) -> None:
        async def close() -> None:
            await asyncio.sleep(self.ack / 10)
            await socket.close()

        self._start(close())

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._timers.add(task)
        task.add_done_callback(self._timers.discard)
