"""The fetcher: one GET, its redirects followed by hand, its every limit kept."""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar
from weakref import WeakValueDictionary

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.errors import FetchError
from bot.fetcher import body, headers
from bot.fetcher.addresses import BlockedAddress, CheckedResolver, Network, Policy, registrable
from bot.model import Fetched

_Value = TypeVar("_Value")
_log = logging.getLogger(__name__)

MOST_BYTES = 15 * 1024 * 1024  # after decompression; the largest feed seen in the wild had 10.5 MB
TOTAL = timedelta(seconds=20)  # for a whole fetch, redirects and all
CONNECT = timedelta(seconds=10)
SPACING = timedelta(seconds=1)  # between two requests to one host; hosts ask for 1 to 2 s
MOST_REDIRECTS = 5
_CHUNK = 64 * 1024
_MOST_HOSTS = 10_000  # remembered for spacing and Retry-After
_KEEP_ALIVE = 75.0  # seconds an idle connection is kept: as long as common servers do
_PERMANENT = frozenset((301, 308))
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_ACCEPT = (
    "application/atom+xml,application/rss+xml,application/feed+json,application/rdf+xml;q=0.9,"
    "application/xml;q=0.8,text/xml;q=0.8,text/html;q=0.7,*/*;q=0.5"
)


class StatusError(FetchError):
    """The server answered with an error: ``fetch.http_4xx``, ``fetch.http_5xx``, ``fetch.gone``
    (410), ``fetch.challenge`` (a robot check). `status` is the number."""

    def __init__(
        self,
        message: str = "",
        *,
        status: int = 0,
        code: str | None = None,
        transient: bool | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message, code=code, transient=transient, retry_after=retry_after)
        self.status = status


@dataclass(slots=True, kw_only=True)
class _Trip:
    """One fetch on its way: where it is, what it sends, how many seconds are left. Cookies live as
    long as it does: some sites redirect to themselves until theirs comes back. `moved` is the end
    of the leading run of permanent redirects."""

    where: URL
    validators: dict[str, str]
    left: float
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    moved: URL | None = None
    is_permanent: bool = True
    retried: bool = False
    requests: int = 0

    def redirected(self, where: URL, is_permanent: bool) -> None:
        self.where = where
        self.is_permanent = self.is_permanent and is_permanent
        self.moved = where if self.is_permanent else self.moved


class Fetcher:
    """Fetches feeds and pages. One for the process; close it at the end.

    `clock` gives the aware time in UTC. `user_agent` should name the bot and a contact.
    `allow_private` lists networks in CIDR notation that may be reached although they are not
    public, `allow_ports` further ports on public addresses. Through a `proxy` the proxy resolves
    names, so that only literal addresses can be checked here: it must do the rest.
    `spacing` is the least time between two requests to one host; never more than one is in flight.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        user_agent: str,
        allow_private: Iterable[str | Network] = (),
        allow_ports: Iterable[int] = (),
        proxy: str | None = None,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
        most_bytes: int = MOST_BYTES,
        total: timedelta = TOTAL,
        spacing: timedelta = SPACING,
        concurrency: int = 64,
    ) -> None:
        self._clock = clock
        self._headers = {
            "User-Agent": user_agent,
            "Accept": _ACCEPT,
            "Accept-Encoding": body.ACCEPTED,
        }
        self._policy = Policy(allow_private=allow_private, ports=allow_ports)
        self._proxy = proxy
        self._resolver = resolver
        self._tls = tls
        self._most = most_bytes
        self._total = total.total_seconds()
        self._spacing = spacing.total_seconds()
        self._concurrency = concurrency
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._last: dict[str, float] = {}
        self._closed_until: dict[str, datetime] = {}
        self._session: aiohttp.ClientSession | None = None

    async def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> Fetched:
        """The answer to a GET of `url`, with the given validators sent verbatim.

        A 304 gives an empty body and the validators that still hold. Raises FetchError:
        ``fetch.bad_url``, ``fetch.blocked_address``, ``fetch.dns``, ``fetch.refused``,
        ``fetch.tls``, ``fetch.timeout``, ``fetch.too_large``, ``fetch.encoding``,
        ``fetch.redirects``, ``fetch.broken``, ``fetch.postponed`` (the domain asked for a pause
        that is not over), or StatusError.
        """
        validators = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        trip = _Trip(
            where=self._policy.checked(_parsed(url)),
            validators={key: value for key, value in validators.items() if value},
            left=self._total,
        )
        while True:
            self._honour_pause(trip.where)
            async with self._turn(trip.where):
                answer = await self._visit(trip)
            if answer is not None:
                return answer

    async def close(self) -> None:
        """Closes the kept connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def __aenter__(self) -> "Fetcher":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    # --- one fetch -----------------------------------------------------------------------------

    async def _visit(self, trip: "_Trip") -> Fetched | None:
        """What one host says, its redirects to itself followed; None where it sends the trip on to
        another host, which has a turn of its own. Waiting for turns takes nothing of the time."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with asyncio.timeout(trip.left):
                return await self._follow(trip)
        except TimeoutError as error:
            raise FetchError("too slow", code="fetch.timeout") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise _translated(error) from error
        finally:
            trip.left -= loop.time() - started

    async def _follow(self, trip: "_Trip") -> Fetched | None:
        host = trip.where.raw_host
        while trip.where.raw_host == host:
            if trip.requests > MOST_REDIRECTS:
                raise FetchError("too many redirects", code="fetch.redirects", transient=False)
            trip.requests += 1
            mine = trip.cookies.setdefault(host or "", {})
            async with self._get(trip.where, trip.validators, mine) as answer:
                if answer.status in _REDIRECTS:
                    mine.update({name: morsel.value for name, morsel in answer.cookies.items()})
                    trip.redirected(self._next(trip.where, answer), answer.status in _PERMANENT)
                elif answer.status == 304 and not trip.validators and not trip.retried:
                    trip.retried = True  # a broken cache on the way: ask past it, once
                    trip.validators = {"Cache-Control": "no-cache"}
                else:
                    moved = str(trip.moved) if trip.moved else None
                    return await self._read(trip.where, answer, trip.validators, moved)
        return None

    @asynccontextmanager
    async def _get(
        self, where: URL, extra: dict[str, str], cookies: dict[str, str]
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        session = self._session or self._open()
        sent = {**self._headers, **extra}
        if cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        async with session.get(
            where, headers=sent, allow_redirects=False, proxy=self._proxy
        ) as answer:
            yield answer

    def _open(self) -> aiohttp.ClientSession:
        """The session, made in the running loop and not before."""
        inner = self._resolver or aiohttp.ThreadedResolver()
        through_proxy = self._proxy is not None
        connector = aiohttp.TCPConnector(
            limit=self._concurrency,
            limit_per_host=0,
            keepalive_timeout=_KEEP_ALIVE,
            resolver=inner if through_proxy else CheckedResolver(inner, self._policy),
            socket_factory=None if through_proxy else self._policy.socket,
            ssl=self._tls or True,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT.total_seconds()),
            auto_decompress=False,
            trust_env=False,
        )
        return self._session

    def _next(self, where: URL, answer: aiohttp.ClientResponse) -> URL:
        location = answer.headers.get("Location", "").strip()
        if not location:
            raise FetchError("a redirect to nowhere", code="fetch.redirects", transient=False)
        return self._policy.checked(where.join(_parsed(location, relative=True)))

    async def _read(
        self,
        where: URL,
        answer: aiohttp.ClientResponse,
        validators: dict[str, str],
        moved_to: str | None,
    ) -> Fetched:
        now = self._clock()
        wait = headers.retry_after(answer.headers, now)
        self._raise_for(where, answer, wait, bool(set(validators) - {"Cache-Control"}), now)
        raw, complete = (b"", True) if answer.status == 304 else await self._drain(answer)
        coding = answer.headers.get("Content-Encoding", "")
        return Fetched(
            url=str(where),
            status=answer.status,
            body=body.unpack(raw, coding, most=self._most) if raw else b"",
            content_type=answer.headers.get("Content-Type", ""),
            fetched_at=now,
            etag=answer.headers.get("ETag") or _kept(answer, validators, "If-None-Match"),
            last_modified=answer.headers.get("Last-Modified")
            or _kept(answer, validators, "If-Modified-Since"),
            retry_after=wait,
            moved_to=moved_to,
            fresh_for=headers.fresh_for(answer.headers, now),
            links=", ".join(answer.headers.getall("Link", [])),
            complete=complete,
        )

    async def _drain(self, answer: aiohttp.ClientResponse) -> tuple[bytes, bool]:
        """The raw body, and whether it came whole. What came before a break is kept."""
        if (answer.content_length or 0) > self._most:
            raise body.too_large(self._most)
        got = bytearray()
        try:
            async for chunk in answer.content.iter_chunked(_CHUNK):
                got += chunk
                if len(got) > self._most:
                    raise body.too_large(self._most)
        except (aiohttp.ClientPayloadError, ConnectionError):
            if not got:
                raise
            return bytes(got), False
        return bytes(got), True

    def _raise_for(
        self,
        where: URL,
        answer: aiohttp.ClientResponse,
        wait: timedelta | None,
        was_conditional: bool,
        now: datetime,
    ) -> None:
        status = answer.status
        if 200 <= status < 300 or (status == 304 and was_conditional):
            return
        if wait and status in (429, 503):
            self._pause(where, now + wait)
        code = "fetch.http_5xx" if status >= 500 else "fetch.http_4xx"
        if status < 400:  # a 304 that nothing was asked for
            code = "fetch.broken"
        if answer.headers.get("cf-mitigated"):
            code = "fetch.challenge"
        elif status == 410:
            code = "fetch.gone"
        _log.info("%s %s at %s", code, status, where.raw_host)
        raise StatusError(
            f"HTTP {status}",
            status=status,
            code=code,
            transient=status >= 500 or status in (304, 403, 408, 425, 429),
            retry_after=wait,
        )

    # --- politeness ----------------------------------------------------------------------------

    @asynccontextmanager
    async def _turn(self, where: URL) -> AsyncIterator[None]:
        """One request to a host at a time, and some time after the last one; none where the one
        before was told that the domain wants a pause."""
        host = where.raw_host or ""
        lock = self._locks.get(host)
        if lock is None:
            lock = self._locks[host] = asyncio.Lock()
        loop = asyncio.get_running_loop()
        async with lock:
            pause = self._last.get(host, -self._spacing) + self._spacing - loop.time()
            if pause > 0:
                await asyncio.sleep(pause)
            self._honour_pause(where)
            try:
                yield
            finally:
                if self._spacing:
                    _remember(self._last, host, loop.time())

    def _pause(self, where: URL, until: datetime) -> None:
        _remember(self._closed_until, registrable(where.raw_host or ""), until)

    def _honour_pause(self, where: URL) -> None:
        until = self._closed_until.get(registrable(where.raw_host or ""))
        wait = until - self._clock() if until else timedelta(0)
        if wait > timedelta(0):
            raise FetchError(
                "the server asked for a pause", code="fetch.postponed", retry_after=wait
            )


def _remember(memory: dict[str, _Value], key: str, value: _Value) -> None:
    memory.pop(key, None)
    memory[key] = value
    if len(memory) > _MOST_HOSTS:
        del memory[next(iter(memory))]


def _kept(answer: aiohttp.ClientResponse, validators: dict[str, str], name: str) -> str | None:
    """After a 304 the validator that was sent still holds, if the answer names no other."""
    return validators.get(name) if answer.status == 304 else None


def _parsed(url: str, *, relative: bool = False) -> URL:
    try:
        parsed = URL(url.strip())
        host = parsed.raw_host
        parsed.port  # noqa: B018 - raises for what is no port
    except ValueError as error:
        raise FetchError("not a URL", code="fetch.bad_url", transient=False) from error
    if not host and (parsed.scheme or not relative):
        raise FetchError("a URL without a host", code="fetch.bad_url", transient=False)
    return parsed


def _translated(error: BaseException) -> FetchError:
    """The error of the client library in this project's words. URLs stay out: they hold keys."""
    cause = getattr(error, "os_error", None)
    if isinstance(error, BlockedAddress) or isinstance(cause, BlockedAddress):
        return FetchError(
            "the address is not public", code="fetch.blocked_address", transient=False
        )
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return FetchError("no such host", code="fetch.dns")
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        return FetchError("no trusted TLS connection", code="fetch.tls")
    if isinstance(error, aiohttp.InvalidURL):
        return FetchError("not a URL", code="fetch.bad_url", transient=False)
    if isinstance(error, aiohttp.ClientConnectorError):
        return FetchError("no connection", code="fetch.refused")
    return FetchError("the connection broke", code="fetch.broken")
