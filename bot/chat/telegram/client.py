"""The library's client, tuned: what it logs, how long it waits, what it says of a refusal."""

import asyncio
import json
import logging
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import httpx
from telegram import Bot
from telegram._utils.types import ODVInput
from telegram.request import BaseRequest, HTTPXRequest, RequestData

from bot.errors import ConfigError

from .faults import Refusal

API = "https://api.telegram.org"
CONNECT, ANSWER, WRITE, POOL = 10.0, 30.0, 20.0, 30.0  # seconds
CONNECTIONS = 64
UPDATES = ("message", "edited_message", "channel_post", "callback_query", "my_chat_member")
_LEVELS = {
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "telegram": logging.CRITICAL,
}
WAIT = timedelta(seconds=30)  # where a 429 comes without retry_after


class Request(HTTPXRequest):
    """Requests whose 429 and 5xx keep status and retry_after."""

    def __init__(self, *, proxy: str | None, patience: float, connections: int) -> None:
        super().__init__(
            connection_pool_size=connections,
            connect_timeout=CONNECT,
            read_timeout=patience,
            write_timeout=WRITE,
            pool_timeout=POOL,
            proxy=proxy,
            httpx_kwargs={"trust_env": False},  # PROXY alone says which proxy
        )

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        status, body = await super().do_request(
            url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
        )
        if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise _refusal(status, body)
        return status, body


class Client(Bot):
    """The library's bot, with updates as Telegram sent them: one that cannot be read must not
    take the others of its batch along."""

    async def updates(self, offset: int | None, wait: int) -> list[dict[str, Any]]:
        """The updates from `offset` on, after at most `wait` seconds. Asking with an offset
        confirms those before it."""
        asked: dict[str, Any] = {"timeout": wait, "allowed_updates": list(UPDATES)}
        if offset is not None:
            asked["offset"] = offset
        found = await self._post("getUpdates", asked, read_timeout=ANSWER + wait)
        return found if isinstance(found, list) else []

    async def hang_up(self) -> None:
        """Close the connections, those of a client too that was never initialized."""
        await self.shutdown()
        await asyncio.gather(*(request.shutdown() for request in self._request))


def connect(token: str, *, base_url: str | None, proxy: str | None, patience: float) -> Client:
    """A client, which waits `patience` seconds for an answer. Raises ConfigError for a proxy that
    cannot be used."""
    quiet()
    base = (base_url or API).rstrip("/")
    try:
        requests = [
            Request(proxy=proxy, patience=patience, connections=number)
            for number in (CONNECTIONS, 1)  # polls have a connection of their own
        ]
    except (RuntimeError, ValueError, httpx.InvalidURL) as error:
        raise ConfigError(
            f"PROXY cannot be used ({type(error).__name__}): http://host:port is what works"
        ) from None
    return Client(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=requests[0],
        get_updates_request=requests[1],
    )


def quiet() -> None:
    """Keep the libraries from logging addresses, since the token stands in them, and whole answers
    with a traceback, since each failure is said once by us."""
    for name, level in _LEVELS.items():
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, level))


def _refusal(status: int, body: bytes) -> Refusal:
    try:
        told = json.loads(body)
        described = str(told.get("description") or status)
        after = (told.get("parameters") or {}).get("retry_after")
        seconds = timedelta(seconds=max(1, int(after))) if after is not None else None
    except (ValueError, TypeError, AttributeError):
        described, seconds = str(status), None
    if status == HTTPStatus.TOO_MANY_REQUESTS and seconds is None:
        seconds = WAIT
    return Refusal(status, described, seconds)
