"""What a feed holds before it becomes articles."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import ParseError
from bot.model import Lang


class NotAFeed(ParseError):
    """The bytes are something else. `candidates` are feed URLs that the page itself names."""

    code = "parse.not_a_feed"

    def __init__(self, message: str = "", candidates: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.candidates = candidates


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed. `title` is plain text on one line; `summary` and `content` are HTML.
    `shared` names what other entries of the same feed have too and so cannot tell them apart:
    of "guid", "link", "title", "date"."""

    guid: str = ""
    link: str = ""
    title: str = ""
    summary: str = ""
    content: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    lang: Lang | None = None
    is_based_on: str | None = None
    shared: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A parsed feed. `kind` is its format: rss, atom, rdf, cdf, json, sitemap, telegram, page.
    `url` is the site's page (or, unknown, the feed's), `self_url` the feed's own word for where it
    lives, `moved_to` its word for where it went. `ttl` is the shortest time
    between two looks, `skip_hours` (0-23, UTC) and `skip_days` (0 Monday to 6) are when not to
    look (RSS 2.0). `repairs` names what had to be mended; `dropped` counts the oldest entries that
    were left out."""

    title: str = ""
    url: str = ""
    self_url: str = ""
    hub: str = ""
    moved_to: str = ""
    lang: Lang | None = None
    published: datetime | None = None
    updated: datetime | None = None
    ttl: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    entries: tuple[Entry, ...] = ()
    repairs: tuple[str, ...] = ()
    encoding: str = "utf-8"
    kind: str = ""
    dropped: int = 0
