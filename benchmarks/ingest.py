"""Feeds parsed and fetched, side by side with feedparser and httpx in one run.

    python benchmarks/ingest.py parse | big | poll | hostile | pages

Feeds are generated: realistic HTML in four languages, in RSS, Atom, RDF and JSON Feed. Polling goes
to a loopback server in a process of its own, each source on an address of its own. CPU times are
this process's alone.
"""

import argparse
import asyncio
import json
import resource
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import fastfeedparser
import feedparser
import httpx

sys.path.insert(0, str(Path(__file__).parents[1]))
from bot import ingest
from bot.fetcher import Fetcher
from bot.ingest import cadence
from bot.model import Fetched, Source, SourceState

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SOURCES = 1000
CONCURRENCY = 64
STORIES = (
    (
        "アップル、基盤モデルの学習に8,192個のTPUを使用",
        "論文によると、サーバー向けモデルは6.3兆トークンで学習された。",
    ),
    ("苹果用谷歌芯片训练模型，共用8192块", "论文长47页，称端侧模型使用2048块TPUv5p芯片。"),
    ("蘋果以 Google TPU 訓練模型", "伺服器模型用了8192顆晶片，裝置端模型用了2048顆。"),
    (
        "Apple trained its models on 8,192 TPUs",
        "The 47-page paper counts 2,048 chips &amp; 6.3 trillion tokens.",
    ),
)
MORE = (
    '<p>{0} <a href="https://news.example/more?utm_source=rss&amp;id={1}">more</a></p>'
    '<figure><img src="https://cdn.example/{1}.jpg" alt="chip" width="640"/><figcaption>Photo: Li'
    "</figcaption></figure><ul><li>8,192 chips</li><li><b>47</b> pages</li></ul>"
    '<blockquote style="color: #333">{0}</blockquote>'
)


def story(number: int) -> tuple[str, str, str]:
    """A headline, a summary and HTML of about 1.5 kB."""
    title, summary = STORIES[number % len(STORIES)]
    html = "".join(MORE.format(summary * 2, number + part) for part in range(3))
    return f"{title} ({number})", summary, html


def rss(count: int) -> bytes:
    items = []
    for n in range(count):
        title, summary, html = story(n)
        items.append(
            f"<item><title>{title}</title><link>https://news.example/{n}</link>"
            f'<guid isPermaLink="false">g{n}</guid><dc:creator>Li</dc:creator>'
            "<category>AI</category>"
            f"<pubDate>Mon, 02 Mar 2026 {n % 12:02}:{n % 60:02}:00 GMT</pubDate>"
            f"<description>{summary}</description>"
            f"<content:encoded><![CDATA[{html}]]></content:encoded></item>"
        )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>News</title>'
        "<link>https://news.example/</link><description>d</description>"
        f"{''.join(items)}</channel></rss>"
    ).encode()


def atom(count: int) -> bytes:
    entries = []
    for n in range(count):
        title, summary, html = story(n)
        escaped = html.replace("&", "&amp;").replace("<", "&lt;")
        entries.append(
            f'<entry><title type="text">{title}</title><id>urn:g{n}</id>'
            f'<link href="https://news.example/{n}"/>'
            f"<updated>2026-03-02T{n % 12:02}:{n % 60:02}:00Z</updated>"
            "<author><name>Li</name></author>"
            f'<summary>{summary}</summary><content type="html">{escaped}</content></entry>'
        )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>News</title><id>urn:n</id><updated>2026-03-02T00:00:00Z</updated>{''.join(entries)}</feed>"
    ).encode()


def rdf(count: int) -> bytes:
    items = []
    for n in range(count):
        title, summary, _ = story(n)
        items.append(
            f'<item rdf:about="https://news.example/{n}"><title>{title}</title>'
            f"<link>https://news.example/{n}</link><description>{summary}</description>"
            f"<dc:date>2026-03-02T{n % 12:02}:{n % 60:02}:00+09:00</dc:date></item>"
        )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rdf:RDF xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        '<channel rdf:about="https://news.example/"><title>News</title></channel>'
        f"{''.join(items)}</rdf:RDF>"
    ).encode()


def json_feed(count: int) -> bytes:
    items = []
    for n in range(count):
        title, summary, html = story(n)
        items.append(
            {
                "id": f"g{n}",
                "url": f"https://news.example/{n}",
                "title": title,
                "summary": summary,
                "content_html": html,
                "date_published": f"2026-03-02T{n % 12:02}:{n % 60:02}:00Z",
            }
        )
    data = {"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": items}
    return json.dumps(data, ensure_ascii=False).encode()


KINDS: dict[str, Callable[[int], bytes]] = {"rss": rss, "atom": atom, "rdf": rdf, "json": json_feed}


def answer(body: bytes) -> Fetched:
    return Fetched(
        url="https://news.example/feed", status=200, body=body, content_type="", fetched_at=NOW
    )


SOURCE = Source(id="s", url="https://news.example/feed")


def per_second(run: Callable[[], object], seconds: float = 1.0) -> float:
    """Runs a second of CPU time, after one to warm up."""
    run()
    count, started = 0, process_time()
    while process_time() - started < seconds:
        run()
        count += 1
    return count / (process_time() - started)


def bench_parse() -> None:
    print("feeds of 30 entries parsed a second, CPU time; x feedparser's default")
    print(
        f"{'kind':6}{'kB':>7}{'ours':>9}{'+articles':>11}{'feedparser':>12}{'fastfeed':>10}{'x':>8}"
    )
    for kind, make in KINDS.items():
        body = make(30)
        ours = per_second(partial(ingest.parse, answer(body), source=SOURCE))
        articles = per_second(partial(whole, body))
        theirs = per_second(partial(feedparser.parse, body)) if kind != "json" else 0.0
        fast = per_second(partial(fastfeedparser.parse, body))
        times = f"{ours / theirs:8.1f}" if theirs else "       -"
        row = f"{kind:6}{len(body) / 1000:7.0f}{ours:9.0f}{articles:11.0f}{theirs:12.1f}"
        print(f"{row}{fast:10.0f}{times}")


def whole(body: bytes) -> object:
    feed = ingest.parse(answer(body), source=SOURCE)
    return ingest.articles(feed, source=SOURCE, now=NOW)


def bench_big() -> None:
    """Each kind in a process of its own, so that memory is not shared."""
    print("large feeds: seconds of CPU, MB extra, entries kept")
    for kind in KINDS:
        command = [sys.executable, __file__, "big-one", kind]
        print(subprocess.run(command, check=True, capture_output=True, text=True).stdout, end="")


def bench_big_one(kind: str) -> None:
    ingest.parse(answer(KINDS[kind](30)), source=SOURCE)
    count = 5_000 if kind != "rdf" else 30_000  # about 10 MB of each kind
    body = KINDS[kind](count)
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, process_time()
    feed = ingest.parse(answer(body), source=SOURCE)
    spent = process_time() - started
    extra = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    total = len(feed.entries) + feed.dropped
    size = f"{kind:6}{len(body) / 1e6:6.1f} MB{total:7} entries"
    print(f"{size}{spent:7.2f} s{extra:7.0f} MB{len(feed.entries):6} kept")


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


def bench_pages() -> None:
    paragraphs = "".join(f"<p>{story(n)[1] * 3}</p>" for n in range(12))
    body = (
        "<html lang=ja><head><title>記事</title></head><body><nav><a href=/>Home</a></nav>"
        f"<article><h1>記事</h1>{paragraphs}</article><aside>関連記事</aside></body></html>"
    ).encode()
    got = replace(answer(body), url="https://news.example/1", content_type="text/html")
    print(f"article pages a second: {per_second(partial(ingest.page, got, now=NOW)):.0f}")


def main(argv: Sequence[str] = ()) -> None:
    tasks: dict[str, Callable[[], Any]] = {
        "parse": bench_parse,
        "big": bench_big,
        "poll": bench_poll,
        "pages": bench_pages,
        "serve": lambda: asyncio.run(serve(0)),
    }
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", nargs="?", default="all", choices=[*tasks, "all", "big-one"])
    parser.add_argument("kind", nargs="?", default="rss")
    given = parser.parse_args(argv)
    if given.task == "big-one":
        bench_big_one(given.kind)
    for name in ("parse", "big", "pages", "poll") if given.task == "all" else [given.task]:
        if name in tasks:
            tasks[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
