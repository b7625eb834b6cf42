"""A loopback news site: feeds and pages, and every way in which a web server misbehaves.

    async with NewsSite() as site:
        site.publish("/feed", RSS, content_type="application/rss+xml")
        ... site.url("/feed") ... site.requests ...

Beside what a test publishes, the site answers the routes of `MISBEHAVIOUR` below, each as its name
says. It speaks HTTP/1.1 over plain sockets, since a web framework would refuse to be this rude.
"""

import asyncio
import contextlib
import gzip
import hashlib
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

FEED = b"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Loopback News</title><link>http://news.example/</link>
<description>News for tests</description><item><title>A first story</title>
<link>http://news.example/1</link><guid>n1</guid><pubDate>Tue, 30 Jul 2024 09:00:00 +0900</pubDate>
<description>8,192 chips were used.</description></item></channel></rss>"""
HOME = b"<!doctype html><html><head><title>Home</title></head><body>Welcome</body></html>"
XML = "application/rss+xml"


@dataclass(frozen=True, slots=True)
class Request:
    path: str
    headers: Mapping[str, str]  # names in lower case


@dataclass(slots=True)
class Page:
    body: bytes
    content_type: str = XML
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    conditional: bool = True  # answers 304 to its own ETag
    delay: float = 0.0  # seconds before the answer


Handler = Callable[["NewsSite", Request, asyncio.StreamWriter], Awaitable[None]]


class NewsSite:
    """The server. `requests` is the history; `open_requests` the number in flight, `busiest` the
    most there were at once, `connections` how many sockets were accepted."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self._host = host
        self._port = port
        self._pages: dict[str, Page] = {}
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.requests: list[Request] = []
        self.open_requests = 0
        self.busiest = 0
        self.connections = 0

    async def __aenter__(self) -> "NewsSite":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, self._host, self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def port(self) -> int:
        return self._port

    def url(self, path: str = "/", host: str | None = None) -> str:
        return f"http://{host or self._host}:{self._port}{path}"

    def publish(self, path: str, body: bytes | str, **options: object) -> str:
        """Puts a page at a path (its options are Page's fields) and gives its URL."""
        raw = body.encode() if isinstance(body, str) else body
        self._pages[path] = Page(raw, **options)  # type: ignore[arg-type]
        return self.url(path)

    def seen(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path.partition("?")[0] == path]

    # --- HTTP ----------------------------------------------------------------------------------

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self.connections += 1
        with contextlib.suppress(
            ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError
        ):
            while request := await self._next(reader, writer):
                self.requests.append(request)
                self.open_requests += 1
                self.busiest = max(self.busiest, self.open_requests)
                try:
                    await self._answer(request, writer)
                finally:
                    self.open_requests -= 1
                await writer.drain()
                if writer.is_closing():
                    break
        writer.close()

    async def _next(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> Request | None:
        start = await reader.readexactly(1)
        if start == b"\x16":  # a TLS handshake: this is a plain site, and answers as those do
            send(writer, 400)
            return None
        head = start + await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines if line)
        return Request(first.split(" ")[1], {k.lower(): v.strip() for k, _, v in pairs})

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        path = request.path.partition("?")[0]
        page = self._pages.get(path)
        if page is not None:
            await self._serve(page, request, writer)
            return
        handler = MISBEHAVIOUR.get(path) or (_chain if path.startswith("/chain/") else None)
        if handler is not None:
            await handler(self, request, writer)
        else:
            send(writer, 404, b"not here", {"Content-Type": "text/plain"})

    async def _serve(self, page: Page, request: Request, writer: asyncio.StreamWriter) -> None:
        if page.delay:
            await asyncio.sleep(page.delay)
        etag = f'"{hashlib.sha256(page.body).hexdigest()[:16]}"'
        headers = {"Content-Type": page.content_type, **page.headers}
        if page.conditional and page.status == 200:
            headers.setdefault("ETag", etag)
            if request.headers.get("if-none-match") == headers["ETag"]:
                send(writer, 304, b"", {"ETag": headers["ETag"]})
                return
        send(writer, page.status, page.body, headers)


def send(
    writer: asyncio.StreamWriter,
    status: int,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> None:
    """Writes one whole answer."""
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if status != 304 and "Content-Length" not in (headers or {}):
        lines.append(f"Content-Length: {len(body)}")
    writer.write("\r\n".join([*lines, "", ""]).encode() + body)


def _fixed(status: int, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Handler:
    async def answer(site: NewsSite, request: Request, writer: asyncio.StreamWriter) -> None:
        send(writer, status, body, headers)

    return answer


def _feed(headers: Mapping[str, str] | None = None, body: bytes = FEED) -> Handler:
    return _fixed(200, {"Content-Type": XML, **(headers or {})}, body)


async def _chain(site: NewsSite, request: Request, writer: asyncio.StreamWriter) -> None:
    left = int(request.path.rpartition("/")[2])
    if left:
        send(writer, 302, b"", {"Location": f"/chain/{left - 1}"})
    else:
        send(writer, 200, FEED, {"Content-Type": XML})


def _conditional(name: str, value: str, asked: str) -> Handler:
    """200 with a validator, 304 to it."""

    async def answer(site: NewsSite, request: Request, writer: asyncio.StreamWriter) -> None:
        if request.headers.get(asked) == value:
            send(writer, 304, b"", {name: value})
        else:
            send(writer, 200, FEED, {"Content-Type": XML, name: value})

    return answer


async def _cookie_wall(site: NewsSite, request: Request, writer: asyncio.StreamWriter) -> None:
    if "seen=1" in request.headers.get("cookie", ""):
        send(writer, 200, FEED, {"Content-Type": XML})
    else:
        send(writer, 302, b"", {"Location": "/set-cookie", "Set-Cookie": "seen=1; Path=/"})


async def _slowloris(site: NewsSite, request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(f"HTTP/1.1 200 OK\r\nContent-Type: {XML}\r\nContent-Length: 9999\r\n\r\n".encode())
    for byte in FEED:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(1)


async def _never(site: NewsSite, request: Request, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(3600)


async def _drip_headers(site: NewsSite, request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    number = 0
    while True:
        writer.write(f"X-Drip-{number}: {'x' * 512}\r\n".encode())
        await writer.drain()
        number += 1


async def _endless(site: NewsSite, request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(
        f"HTTP/1.1 200 OK\r\nContent-Type: {XML}\r\nConnection: close\r\n\r\n<rss>".encode()
    )
    while True:
        writer.write(b" " * 65536)
        await writer.drain()


async def _short(site: NewsSite, request: Request, writer: asyncio.StreamWriter) -> None:
    send(writer, 200, FEED, {"Content-Type": XML, "Content-Length": str(len(FEED) + 100)})
    writer.close()


async def _reset(site: NewsSite, request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(f"HTTP/1.1 200 OK\r\nContent-Type: {XML}\r\nContent-Length: 999\r\n\r\n".encode())
    await writer.drain()
    writer.transport.abort()


def _redirect(status: int, location: str) -> Handler:
    return _fixed(status, {"Location": location})


MISBEHAVIOUR: dict[str, Handler] = {
    "/feed": _feed(),
    "/loop-a": _redirect(302, "/loop-b"),
    "/loop-b": _redirect(302, "/loop-a"),
    "/self": _redirect(301, "/self"),
    "/moved-301": _redirect(301, "/feed"),
    "/moved-308": _redirect(308, "/feed"),
    "/temp-302": _redirect(302, "/feed"),
    "/temp-307": _redirect(307, "/feed"),
    "/mixed": _redirect(301, "/mixed-2"),
    "/mixed-2": _redirect(302, "/feed"),
    "/moved-home": _redirect(301, "/home"),
    "/home": _fixed(200, {"Content-Type": "text/html"}, HOME),
    "/moved-evil": _redirect(301, "http://169.254.169.254/latest/meta-data/"),
    "/no-location": _fixed(302),
    "/relative": _redirect(302, "../feed?x=1"),
    "/scheme": _redirect(302, "file:///etc/passwd"),
    "/304-always": _fixed(304),
    "/304-unasked": _fixed(304),
    "/200-same-etag": _feed({"ETag": '"same"'}),
    "/weak-etag": _conditional("ETag", 'W/"x"', "if-none-match"),
    "/etag-gzip": _conditional("ETag", '"x-gzip"', "if-none-match"),
    "/lm-only": _conditional("Last-Modified", "Tue, 30 Jul 2024 00:00:00 GMT", "if-modified-since"),
    "/429-seconds": _fixed(429, {"Retry-After": "120"}),
    "/429-date": _fixed(
        429,
        {"Retry-After": "Wed, 31 Jul 2024 00:00:00 GMT", "Date": "Tue, 30 Jul 2024 23:00:00 GMT"},
    ),
    "/429-huge": _fixed(429, {"Retry-After": "99999999"}),
    "/429-bad": _fixed(429, {"Retry-After": "soon"}),
    "/429-negative": _fixed(429, {"Retry-After": "-5"}),
    "/503-retry": _fixed(503, {"Retry-After": "300"}),
    "/500": _fixed(500),
    "/410": _fixed(410),
    "/404": _fixed(404),
    "/401": _fixed(401),
    "/403-challenge": _fixed(
        403,
        {"cf-mitigated": "challenge", "Content-Type": "text/html"},
        b"<title>Just a moment...</title>",
    ),
    "/slowloris": _slowloris,
    "/never": _never,
    "/drip-headers": _drip_headers,
    "/endless": _endless,
    "/short": _short,
    "/reset": _reset,
    "/gzip": _feed({"Content-Encoding": "gzip"}, gzip.compress(FEED)),
    "/deflate": _feed({"Content-Encoding": "deflate"}, zlib.compress(FEED)),
    "/deflate-raw": _feed({"Content-Encoding": "deflate"}, zlib.compress(FEED, wbits=-15)),
    "/gzip-unlabelled": _feed({}, gzip.compress(FEED)),
    "/gzip-labelled-plain": _feed({"Content-Encoding": "gzip"}),
    "/gzip-twice": _feed({"Content-Encoding": "gzip, gzip"}, gzip.compress(gzip.compress(FEED))),
    "/br": _feed({"Content-Encoding": "br"}, b"\x0b\x02\x80hello\x03"),
    "/zstd": _feed({"Content-Encoding": "zstd"}, b"\x28\xb5\x2f\xfd\x04\x00"),
    "/cached": _feed({"Cache-Control": "public, max-age=1800"}),
    "/set-cookie": _cookie_wall,
}
