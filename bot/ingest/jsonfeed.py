"""JSON Feed 1.0 and 1.1 (jsonfeed.org) to a Feed. A field of the wrong type is as good as none."""

import html
import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from bot.errors import ParseError
from bot.ingest import dates, links, prose
from bot.ingest.newest import Newest
from bot.ingest.nouns import Entry, Feed, NotAFeed
from bot.ingest.syndication import LONGEST_TEXT, LONGEST_TITLE

MOST_TOKENS = 2_000_000  # quotes and brackets of one text; a feed of 20,000 entries has 600,000
_MOST_AT_ONCE = 2_000_000  # bytes made objects at a time; small ones take up ten times the text
_MOST_BRACKETS = 20_000  # among them: an empty object takes up thirty times its text
_TOKEN = re.compile(
    rb'(?P<items>"items"\s*:\s*\[)|"(?:[^"\\]++|\\(?:.|\Z))*+(?:"|\Z)|(?P<open>[\[{])|(?P<close>[\]}])',
    re.DOTALL,
)
_BRACE = ord("{")
_IN_LIST = 2  # brackets are open around what stands in the list of items
_MOST_PEOPLE = 20


def read(utf8: bytes, *, url: str, zone: str | None) -> Feed:
    """The feed in a JSON text. Raises NotAFeed for other JSON and ParseError
    (``parse.bad_json``, ``parse.too_large``) for broken or excessive one."""
    if utf8.count(b'"') + sum(map(utf8.count, (b"[", b"{", b"]", b"}"))) > MOST_TOKENS:
        raise ParseError(f"more than {MOST_TOKENS} tokens", code="parse.too_large")
    places = list(_places(utf8))
    before, after = (places[0][0], places.pop()[0]) if places else (len(utf8), len(utf8))
    data = _loaded(utf8[:before] + utf8[after:])
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        raise NotAFeed("JSON, but not a JSON Feed")
    home = links.absolute(_text(data, "home_page_url"), url)
    newest = Newest()
    for start, end in places[1:]:
        item = _loaded(utf8[start:end])
        moment = _moment(item, zone)
        if newest.wants(moment):
            newest.add(moment, _entry(item, home or url, zone))
    entries = newest.entries
    return Feed(
        title=prose.line_of(html.escape(_text(data, "title"), quote=False))[:LONGEST_TITLE],
        url=home,
        self_url=links.absolute(_text(data, "feed_url"), url),
        hub=_hub(data, url),
        lang=_text(data, "language") or None,
        updated=_latest(entries, "updated"),
        published=_latest(entries, "published"),
        entries=entries,
        dropped=newest.dropped,
    )


def _places(utf8: bytes) -> Iterator[tuple[int, int]]:
    """Where the list of items begins, where each object in it stands, and where the list ends;
    nothing without a list. All items made objects at once may take up ten times their text."""
    depth, is_listed, start = 0, False, 0
    for token in _TOKEN.finditer(utf8):
        kind = token.lastgroup
        if kind is None:
            continue
        depth += -1 if kind == "close" else 1
        if not is_listed and kind == "items" and depth == _IN_LIST:
            is_listed = True
            yield token.end(), token.end()
        elif is_listed and kind == "close" and depth == _IN_LIST and utf8[start] == _BRACE:
            yield start, token.end()
        elif is_listed and kind == "close" and depth < _IN_LIST:
            yield token.start(), token.start()
            return
        elif kind == "open" and depth == _IN_LIST + 1:
            start = token.start()
    if is_listed:
        raise ParseError("JSON without an end", code="parse.bad_json")


def _loaded(utf8: bytes) -> Any:
    if len(utf8) > _MOST_AT_ONCE or utf8.count(b"{") + utf8.count(b"[") > _MOST_BRACKETS:
        raise ParseError("too much in one piece of JSON", code="parse.too_large")
    try:
        return json.loads(utf8.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError) as error:
        raise ParseError("broken JSON", code="parse.bad_json") from error


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


def _latest(entries: Sequence[Entry], field: str) -> datetime | None:
    return max((at for e in entries if (at := getattr(e, field))), default=None)
