"""Entries of a feed to articles."""

import re
from datetime import datetime

from bot.ingest import identity, links, prose
from bot.ingest.nouns import Entry, Feed
from bot.model import Article, Lang, Source
from bot.text import detect

_FULL = 1500  # characters; a summary as long as that is the story itself
_SAMPLE = 1000  # characters that tell the language
_TITLE = 120  # characters of a text that stand in for a missing headline
_CUT = re.compile(
    r"(?:\[?(?:…|\.\.\.)\]?|\[&hellip;\]|続きを読む|続きはこちら|阅读全文|閱讀全文|read more"
    r"|continue reading)\W*$",
    re.IGNORECASE,
)


def articles(feed: Feed, *, source: Source, now: datetime) -> tuple[Article, ...]:
    """The articles of a feed: one for each entry, in the feed's order, so that they can be read
    beside `Feed.entries`. An entry that says nothing gives an article with an empty text.

    A publication time in the future becomes `now`; a missing one stays None. Keep the first time
    that was stored: it never moves.
    """
    return tuple(_article(entry, feed, source, now) for entry in feed.entries)


def _article(entry: Entry, feed: Feed, source: Source, now: datetime) -> Article:
    body = prose.text_of(entry.content or entry.summary)
    if entry.content and len(entry.summary) > len(entry.content):
        # Some put a teaser into content and the story into summary.
        body = max(body, prose.text_of(entry.summary), key=len)
    title = headline(entry)
    text = compose(title, body)
    moment = entry.published or entry.updated
    return Article(
        id=identity.article_id(entry, source),
        source_id=source.id,
        # Where nothing has a link, the feed's own address stands in: it may hold a secret.
        url=links.publishers(entry.link or links.masked(feed.url)),
        title=title,
        text=text,
        lang=detect(text[:_SAMPLE], spell(source.lang or entry.lang or feed.lang)),
        fetched_at=now,
        published_at=min(moment, now) if moment else None,
        authors=entry.authors,
        guid=entry.guid,
        content_hash=identity.content_hash(text),
        partial=is_partial(body, has_content=bool(entry.content)),
        is_based_on=entry.is_based_on,
    )


def headline(entry: Entry) -> str:
    """An entry's title, or the beginning of its text, or its link: never empty where there is
    anything to show."""
    if entry.title:
        return entry.title
    text = " ".join(prose.text_of((entry.summary or entry.content)[:4000]).split())
    if not text:
        return entry.link
    return text if len(text) <= _TITLE else text[: _TITLE - 1].rstrip() + "…"


def compose(title: str, body: str) -> str:
    """Headline and body as one text, the headline once."""
    first, _, rest = body.partition("\n")
    if _same(first, title):
        body = rest.strip()
    return f"{title}\n\n{body}" if title and body else title or body


def _same(line: str, title: str) -> bool:
    return bool(title) and re.sub(r"\W", "", line) == re.sub(r"\W", "", title)


def is_partial(body: str, *, has_content: bool) -> bool:
    """Whether a body is an excerpt, as far as can be told without the page."""
    return bool(_CUT.search(body[-40:])) or not body or (not has_content and len(body) < _FULL)


def spell(lang: str | None) -> Lang | None:
    """A language tag in this project's spelling.

    >>> spell("zh-TW"), spell("zh_CN"), spell("en-us"), spell("x"), spell(None)
    ('zh-Hant', 'zh-Hans', 'en', None, None)
    """
    parts = (lang or "").strip().replace("_", "-").lower().split("-")
    if not re.fullmatch("[a-z]{2,3}", parts[0]):
        return None
    if parts[0] == "zh":
        return "zh-Hant" if {"tw", "hk", "mo", "hant"} & set(parts) else "zh-Hans"
    return parts[0]
