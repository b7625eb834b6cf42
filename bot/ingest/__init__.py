"""Bytes from strangers to articles: pure functions that raise only ParseError.

    feed = ingest.parse(fetched, source=source)
    articles = ingest.articles(feed, source=source, now=now)
    keys = [ingest.keys(entry, source) for entry in feed.entries]
    for article, is_new in ingest.recognise(articles, keys, seen): ...

`page` reads an article page, `document` a plain text, `discover` finds the feeds of a page.
When to look again: `cadence`; lists of sources: `opml`; what people paste: `recipes`.
"""

from bot.ingest.article import articles
from bot.ingest.discovery import discover
from bot.ingest.feed import parse
from bot.ingest.identity import keys, recognise
from bot.ingest.nouns import Entry, Feed, NotAFeed
from bot.ingest.plaintext import document
from bot.ingest.webpage import PageRefused, page

__all__ = [
    "Entry",
    "Feed",
    "NotAFeed",
    "PageRefused",
    "articles",
    "discover",
    "document",
    "keys",
    "page",
    "parse",
    "recognise",
]
