"""The loopback web server of the bundled news: five feeds and a page for each of their articles.

The feeds are templates: ``{{site}}`` stands for the server's address and ``{{published:-3h}}`` for
the moment three hours before `now` (``m`` for minutes), so that the news is always fresh.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from importlib import resources

from aiohttp import web

from bot import ingest
from bot.model import Fetched, Lang, Source

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class _Feed:
    """A bundled feed; `file` is its place in the package's feeds and on the site."""

    id: str
    file: str
    title: str
    lang: Lang
    timezone: str

    @property
    def content_type(self) -> str:
        return _CONTENT_TYPES[self.file.rpartition("/")[2]]


_CONTENT_TYPES = {
    "rss.xml": "application/rss+xml",
    "atom.xml": "application/atom+xml",
    "feed.json": "application/feed+json",
}
_FEEDS = (
    _Feed("demo-ja", "ja/rss.xml", "みなと経済新報", "ja", "Asia/Tokyo"),
    _Feed("demo-hans", "zh-Hans/atom.xml", "江岸财经", "zh-Hans", "Asia/Shanghai"),
    _Feed("demo-hant", "zh-Hant/rss.xml", "島港科技報", "zh-Hant", "Asia/Taipei"),
    _Feed("demo-wire", "en/rss.xml", "Harbour Wire", "en", "Europe/London"),
    _Feed("demo-trade", "en/feed.json", "Silicon & Trade", "en", "America/New_York"),
)
_MARKER = re.compile(r"\{\{published:-(\d+)([hm])\}\}")


def sources(base_url: str) -> tuple[Source, ...]:
    """The sources of the bundled news on the server at `base_url` (no slash at its end)."""
    return tuple(
        Source(
            id=feed.id,
            url=f"{base_url}/{feed.file}",
            title=feed.title,
            lang=feed.lang,
            timezone=feed.timezone,
        )
        for feed in _FEEDS
    )


class Site:
    """The server, for the time of an ``async with``; the news is as old as it says at `now`."""

    def __init__(self, *, now: datetime) -> None:
        self._now = now
        self._runner: web.AppRunner | None = None
        self._pages: dict[str, tuple[str, str]] = {}  # path: content type, text

    async def __aenter__(self) -> "Site":
        application = web.Application()
        application.add_routes([web.get("/{path:.*}", self._serve)])
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, 0).start()
        self._pages = dict(_pages(self.url, self._now))
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def port(self) -> int:
        """The port that the system gave; RuntimeError while the site is not open."""
        if self._runner is None:
            raise RuntimeError("the site is not open")
        return int(self._runner.addresses[0][1])

    @property
    def url(self) -> str:
        """The address without a slash at its end."""
        return f"http://{HOST}:{self.port}"

    async def _serve(self, request: web.Request) -> web.Response:
        page = self._pages.get(request.path)
        if page is None:
            raise web.HTTPNotFound
        content_type, text = page
        return web.Response(text=text, content_type=content_type, charset="utf-8")


def _pages(base_url: str, now: datetime) -> Iterator[tuple[str, tuple[str, str]]]:
    """Every path of the site with its content type and text."""
    folder = resources.files("bot.demo") / "feeds"
    for feed, source in zip(_FEEDS, sources(base_url), strict=True):
        template = (folder / feed.file).read_text(encoding="utf-8")
        text = _filled(template, base_url, now, rfc822=feed.file.endswith("rss.xml"))
        yield f"/{feed.file}", (feed.content_type, text)
        parsed = ingest.parse(_answer(text, feed, source, now), source=source)
        for entry in parsed.entries:
            yield entry.link.removeprefix(base_url), ("text/html", _page(entry, feed.lang))


def _filled(template: str, base_url: str, now: datetime, *, rfc822: bool) -> str:
    """The template with its markers replaced: dates by RFC 822 (RSS 2.0), else by RFC 3339
    (RFC 4287 section 3.3; JSON Feed 1.1, date_published)."""

    def moment(match: re.Match[str]) -> str:
        number = int(match[1])
        at = now - (timedelta(hours=number) if match[2] == "h" else timedelta(minutes=number))
        return format_datetime(at) if rfc822 else at.isoformat(timespec="seconds")

    return _MARKER.sub(moment, template).replace("{{site}}", base_url)


def _answer(text: str, feed: _Feed, source: Source, now: datetime) -> Fetched:
    return Fetched(
        url=source.url,
        status=200,
        body=text.encode(),
        content_type=feed.content_type,
        fetched_at=now,
    )


def _page(entry: ingest.Entry, lang: Lang) -> str:
    title = html.escape(entry.title)
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head><meta charset="utf-8">'
        f"<title>{title}</title></head>\n<body><article>\n<h1>{title}</h1>\n"
        f"{entry.content}\n</article></body>\n</html>\n"
    )
