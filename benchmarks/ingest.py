"""Feeds fetched, side by side with feedparser and httpx in one run.

Polling goes to a loopback server in a process of its own, each source on an address of its own.
CPU times are this process's alone.
"""

import argparse
import asyncio
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import feedparser
import httpx

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.generated import rss
from bot import ingest
from bot.fetcher import Fetcher
from bot.ingest import cadence
from bot.model import Source, SourceState

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SOURCES = 1000
CONCURRENCY = 64
SOURCE = Source(id="s", url="https://news.example/feed")


# --- polling -----------------------------------------------------------------------------------


class _Site(asyncio.Protocol):
    """As little of a web server as will do: one feed under two versions, 304 to its ETag."""

    bodies = (rss(20), rss(21))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        for request in data.split(b"\r\n\r\n")[:-1]:
            version = 1 if b"GET /changed" in request else 0
            tag = b'"v%d"' % version
            if tag in request:
                reply = b"HTTP/1.1 304 Not Modified\r\nETag: %b\r\n\r\n" % tag
            else:
                body = self.bodies[version]
                reply = (
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: %b\r\n"
                    b"Content-Length: %d\r\n\r\n%b" % (tag, len(body), body)
                )
            self.transport.write(reply)  # type: ignore[attr-defined]


async def serve(port: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Site, "0.0.0.0", port, backlog=4096)  # noqa: S104 - loopback
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def urls(port: int, changed: int) -> list[str]:
    return [
        f"http://127.1.{n // 250}.{n % 250 + 1}:{port}/{'changed' if n < changed else 'feed'}"
        for n in range(SOURCES)
    ]


async def all_of(todo: list[str], one: Callable[[str], Awaitable[None]]) -> tuple[float, float]:
    """Sources a second of wall and of CPU time, CONCURRENCY at once."""
    gate = asyncio.Semaphore(CONCURRENCY)

    async def guarded(url: str) -> None:
        async with gate:
            await one(url)

    wall, cpu = perf_counter(), process_time()
    await asyncio.gather(*(guarded(url) for url in todo))
    return len(todo) / (perf_counter() - wall), len(todo) / (process_time() - cpu)


async def poll_ours(port: int) -> None:
    """As the bot does it: what a feed brought before is known by its first key and not looked at
    again."""
    states = {n: SourceState(source_id=str(n)) for n in range(SOURCES)}
    seen: set[str] = set()
    async with Fetcher(
        clock=lambda: NOW,
        user_agent="benchmark",
        allow_private=["127.0.0.0/8"],
        spacing=timedelta(0),
        concurrency=SOURCES,
    ) as fetcher:

        async def one(url: str) -> None:
            host = url.split("/")[2].split(":", maxsplit=1)[0].split(".")
            number = int(host[2]) * 250 + int(host[3]) - 1
            state = states[number]
            got = await fetcher.fetch(url, etag=state.etag, last_modified=state.last_modified)
            feed = None
            if got.status == 200:
                feed = ingest.parse(got, source=SOURCE)
                mine = replace(SOURCE, id=str(number))
                keys = {ingest.keys(entry, mine)[0]: entry for entry in feed.entries}
                fresh = tuple(entry for key, entry in keys.items() if key not in seen)
                ingest.articles(replace(feed, entries=fresh), source=mine, now=NOW)
                seen.update(keys)
            states[number] = cadence.after(
                state, source=SOURCE, now=NOW, chance=0.5, fetched=got, feed=feed
            )

        await report("aiohttp + bot.ingest", port, one)


async def poll_httpx(port: int) -> None:
    tags: dict[str, str] = {}
    limits = httpx.Limits(max_connections=CONCURRENCY)
    async with httpx.AsyncClient(limits=limits, trust_env=False) as client:

        async def one(url: str) -> None:
            key = url.rpartition("/")[0]
            sent = {"If-None-Match": tags[key]} if key in tags else {}
            got = await client.get(url, headers=sent)
            if got.status_code == 200:
                tags[key] = got.headers["etag"]
                feedparser.parse(got.content)

        await report("httpx + feedparser", port, one)


async def report(name: str, port: int, one: Callable[[str], Awaitable[None]]) -> None:
    runs = (("cold, all new", 0), ("warm, all 304", 0), ("warm, 10 % changed", SOURCES // 10))
    for label, changed in runs:
        wall, cpu = await all_of(urls(port, changed), one)
        print(f"{name:24}{label:22}{wall:8.0f}/s wall{cpu:8.0f}/s CPU")


def bench_poll() -> None:
    command = [sys.executable, __file__, "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        try:
            asyncio.run(poll_ours(port))
            asyncio.run(poll_httpx(port))
        finally:
            server.send_signal(signal.SIGTERM)


def main(argv: Sequence[str] = ()) -> None:
    tasks: dict[str, Callable[[], Any]] = {
        "poll": bench_poll,
        "serve": lambda: asyncio.run(serve(0)),
    }
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", nargs="?", default="all", choices=[*tasks, "all"])
    given = parser.parse_args(argv)
    tasks["poll" if given.task == "all" else given.task]()


if __name__ == "__main__":
    main(sys.argv[1:])
