"""A Socket Mode connection that stays up, and what the SDK may log of it: no secrets.

Source: https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import contextlib
import logging
import re
from datetime import timedelta

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp

from . import faults

log = logging.getLogger(__name__)

HEARTBEAT = timedelta(seconds=10)  # between pings; four that are not answered are a lost connection
PATIENCE = 6  # heartbeats without a connection until it is built anew
CLOSING = 5.0  # seconds for the closing handshake

_SECRET = re.compile(
    r"(xox[a-z][.-]|xapp-)[^\s'\"&)]+|(?<=ticket=)[^\s'\"&)]+|(?<=hooks\.slack\.com/)[^\s'\"]+"
)


class _Redacted(logging.Filter):
    """Takes tokens and tickets out of a record, and the traceback, whose text may hold more."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(record.getMessage())
        record.args = ()
        record.exc_info = None
        record.exc_text = None
        return True


def redact(text: str) -> str:
    """The text without Slack's tokens, socket tickets and webhook addresses."""
    return _SECRET.sub("…", text)


def quiet() -> logging.Logger:
    """The logger that the SDK and Bolt get: errors only. At DEBUG both write whole payloads, the
    socket's address with its ticket among them."""
    logger = logging.getLogger("bot.chat.slack.sdk")
    logger.setLevel(logging.ERROR)
    if not any(isinstance(known, _Redacted) for known in logger.filters):
        logger.addFilter(_Redacted())
    return logger


class Connection:
    """One connection at a time. The SDK reconnects by itself; when it cannot (it goes on dialling
    an address whose ticket was used up), the connection is built anew."""

    def __init__(
        self, app: AsyncApp, app_token: str, *, proxy: str | None, heartbeat: timedelta = HEARTBEAT
    ) -> None:
        self._app = app
        self._token = app_token
        self._proxy = proxy
        self._heartbeat = heartbeat.total_seconds()
        self._handler: AsyncSocketModeHandler | None = None
        self._watch: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Connect, and stay so until `close`. Raises what the SDK and aiohttp raise."""
        await self._dial()
        self._watch = asyncio.create_task(self._stay())

    async def close(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
            self._watch = None
        await self._hang_up()

    async def alive(self) -> bool:
        return self._handler is not None and await self._handler.client.is_connected()

    async def _dial(self) -> None:
        handler = AsyncSocketModeHandler(
            self._app,
            self._token,
            logger=quiet(),
            web_client=self._app.client,
            proxy=self._proxy,
            ping_interval=self._heartbeat,
        )
        self._handler = handler
        handler.client.proxy = self._proxy  # the SDK would take one from the environment
        try:
            # asked for here, since connect() repeats a refusal for ever
            handler.client.wss_uri = await handler.client.issue_new_wss_url()
            async with asyncio.timeout(PATIENCE * self._heartbeat):
                await handler.connect_async()  # type: ignore[no-untyped-call] # as they ship it
        except BaseException:
            await self._hang_up()
            raise

    async def _hang_up(self) -> None:
        handler, self._handler = self._handler, None
        if handler is None:
            return
        client = handler.client
        with contextlib.suppress(TimeoutError, aiohttp.ClientError, OSError):
            async with asyncio.timeout(CLOSING):
                await handler.close_async()  # type: ignore[no-untyped-call] # as they ship it
        running = (
            client.message_processor,
            client.current_session_monitor,
            client.message_receiver,
        )
        tasks = [task for task in running if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await client.aiohttp_client_session.close()

    async def _stay(self) -> None:
        down = 0
        while True:
            await asyncio.sleep(self._heartbeat)
            down = 0 if await self.alive() else down + 1
            if down < PATIENCE:
                continue
            log.warning("slack.reconnect after=%.0fs", down * self._heartbeat)
            try:
                await self._hang_up()
                await self._dial()
                down = 0
            except (*faults.FAILURES, TimeoutError) as error:
                log.warning("slack.reconnect_failed error=%s", type(error).__name__)
