"""JSON Feed 1.0 and 1.1 (jsonfeed.org) to a Feed. A field of the wrong type is as good as none."""

import html
import json
from datetime import datetime
from typing import Any

from bot.errors import ParseError
from bot.ingest import dates, links, prose
from bot.ingest.nouns import Entry, Feed, NotAFeed
from bot.ingest.syndication import LONGEST_TEXT, LONGEST_TITLE, MOST_ENTRIES

MOST_OBJECTS = 100_000  # of one text; each costs half a kilobyte
_MOST_PEOPLE = 20


def read(text: str, *, url: str, zone: str | None) -> Feed:
    """The feed in a JSON text. Raises NotAFeed for other JSON and ParseError
    (``parse.bad_json``, ``parse.too_large``) for broken or excessive one."""
    if text.count("{") > MOST_OBJECTS:
        raise ParseError(f"more than {MOST_OBJECTS} objects", code="parse.too_large")
    try:
        data = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise ParseError("broken JSON", code="parse.bad_json") from error
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        raise NotAFeed("JSON, but not a JSON Feed")
    home = links.absolute(_text(data, "home_page_url"), url)
    items = [item for item in data["items"] if isinstance(item, dict)]
    ages = [-_moment(item, zone) for item in items]
    kept = sorted(sorted(range(len(items)), key=lambda i: (ages[i], i))[:MOST_ENTRIES])
    newest = [_entry(items[i], home or url, zone) for i in kept]
    return Feed(
        title=prose.line_of(html.escape(_text(data, "title"), quote=False))[:LONGEST_TITLE],
        url=home,
        self_url=links.absolute(_text(data, "feed_url"), url),
        hub=_hub(data, url),
        lang=_text(data, "language") or None,
        updated=_latest(newest, "updated"),
        published=_latest(newest, "published"),
        entries=tuple(newest),
        dropped=len(items) - len(newest),
    )


def _text(data: dict[str, Any], *names: str) -> str:
    for key in names:
        value = data.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
        # Identifiers are texts, but numbers are common (JSON Feed 1.1 §Items: coerce them).
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
    return ""


def _entry(item: dict[str, Any], base: str, zone: str | None) -> Entry:
    link = links.absolute(_text(item, "url"), base) or links.absolute(
        _text(item, "external_url"), base
    )
    content = _text(item, "content_html") or html.escape(_text(item, "content_text"), quote=False)
    tags = item.get("tags")
    return Entry(
        guid=_text(item, "id"),
        link=link or _linking(_text(item, "id")),
        title=prose.line_of(html.escape(_text(item, "title"), quote=False))[:LONGEST_TITLE],
        summary=html.escape(_text(item, "summary"), quote=False)[:LONGEST_TEXT],
        content=content[:LONGEST_TEXT],
        published=dates.read(_text(item, "date_published"), zone),
        updated=dates.read(_text(item, "date_modified"), zone),
        authors=_authors(item),
        tags=tuple(t for t in tags if isinstance(t, str)) if isinstance(tags, list) else (),
        lang=_text(item, "language") or None,
    )


def _linking(guid: str) -> str:
    return links.absolute(guid, "") if guid.startswith("http") else ""


def _authors(item: dict[str, Any]) -> tuple[str, ...]:
    people = item.get("authors")
    listed = people if isinstance(people, list) else [item.get("author")]
    names = [_text(p, "name") for p in listed[:_MOST_PEOPLE] if isinstance(p, dict)]
    return tuple(dict.fromkeys(filter(None, names)))


def _hub(data: dict[str, Any], base: str) -> str:
    hubs = data.get("hubs")
    first = hubs[0] if isinstance(hubs, list) and hubs else {}
    return links.absolute(_text(first, "url"), base) if isinstance(first, dict) else ""


def _moment(item: dict[str, Any], zone: str | None) -> float:
    texts = (_text(item, "date_published"), _text(item, "date_modified"))
    at = next((at for text in texts if (at := dates.read(text, zone))), None)
    return at.timestamp() if at else 0.0


def _latest(entries: list[Entry], field: str) -> datetime | None:
    return max((at for e in entries if (at := getattr(e, field))), default=None)
