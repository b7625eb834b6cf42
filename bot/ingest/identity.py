"""Whether two sightings are one article.

Publishers change guids at every fetch, give one guid to many items, recycle guids, put the
headline's words into guid and link, move to another host and let old items slide back into the
window. No single field identifies an item, so an entry has several keys, each a pair of fields
that do not change together by chance; it is known when any of its keys was seen. A field that
several entries of one feed have in common is no key there (`Entry.shared`).
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.ingest import links, prose
from bot.ingest.nouns import Entry
from bot.model import Article, Source
from bot.text import fold

_SAMPLE = 4000  # characters of markup that stand for a body
_SHORTEST_BODY = 24  # letters; less says nothing ("Read more")
_NUMBER = re.compile(r"(?<!\d)\d{7,}(?!\d)")
_DATE = re.compile(r"(?:19|20)\d{6,}")
_ADDRESS = re.compile(r"https?://\S+|\w+\.(?:php|aspx?|jpe?g|png|gif|webp)\S*", re.IGNORECASE)
_MARK_OF_ADDRESS = re.compile(r"://|\.(?:php|aspx?|jpe?g|png|gif|webp)", re.IGNORECASE)

_DASHES = str.maketrans("−–—‐‑▲△", "-------")  # a triangle is the minus of Japanese accounts
_SILENT = re.compile(r"[^\w$€£¥₩%‰°.,:/+-]|_")
# Marks that are no part of a number; nor is the comma between its thousands.
_IDLE = re.compile(r"(?<!\d)[.,:/]|[.,:/](?!\d)|,(?=\d{3}(?!\d))|[-+](?!\d)")


def keys(entry: Entry, source: Source) -> tuple[str, ...]:
    """The keys of an entry within its source; () for an empty entry.

    Each is 32 hexadecimal digits. Store all of them for an article, and keep them longer than the
    feed's window: an entry with any known key is not news. The first stands for the entry as it
    is, to the letter: if that one is known, nothing changed and there is nothing to convert.
    """
    parts = _Parts(entry)
    whole = (entry.guid, entry.link, entry.title, entry.summary, entry.content)
    if not any(whole):
        return ()
    as_it_is = _digest(source.id, *whole, str(entry.published))
    return as_it_is, *dict.fromkeys(_digest(source.id, *pair) for pair in parts.pairs())


class _Parts:
    """The fields of one entry in comparable form."""

    def __init__(self, entry: Entry) -> None:
        self._shared = entry.shared
        self._guid = entry.guid
        self._link = links.canonical(entry.link) if entry.link else ""
        self._title = fold(entry.title)
        self._date = _minute(entry.published)
        self._markup = entry.content or entry.summary
        self._is_telling = bool(entry.link) and links.is_telling(entry.link)

    def _own(self, *fields: str) -> bool:
        return not self._shared.intersection(fields)

    def pairs(self) -> Iterator[tuple[str, ...]]:
        """All keys, the strongest first; each is only worked out when it is asked for."""
        found = False
        for part in (self._by_guid, self._by_date, self._by_link, self._by_text):
            for pair in part():
                found = True
                yield pair
        if not found:
            yield "alone", self._guid, self._link, self._title, self._markup

    def _by_guid(self) -> Iterator[tuple[str, ...]]:
        if not self._guid:
            return
        if self._link and (self._own("guid") or self._own("link")):
            yield "guid+link", self._guid, self._link
        elif not self._link and self._own("guid"):
            yield "guid", self._guid
        if self._title and (self._own("guid") or self._own("title")):
            yield "guid+title", self._guid, self._title
        if self._date and self._own("guid", "date"):
            yield "guid+date", self._guid, self._date

    def _by_date(self) -> Iterator[tuple[str, ...]]:
        if not self._date:
            return
        if self._title and self._own("title"):
            yield "title+date", self._title, self._date
        if self._is_telling and self._own("link"):
            yield "link+date", self._link, self._date

    def _by_text(self) -> Iterator[tuple[str, ...]]:
        body = letters(prose.text_of(self._markup[:_SAMPLE]))
        if len(body) >= _SHORTEST_BODY:
            if self._title:
                yield "title+body", self._title, body
            if self._is_telling:
                yield "link+body", self._link, body
        if body and not (self._title or self._link or self._guid):
            yield "body", body

    def _by_link(self) -> Iterator[tuple[str, ...]]:
        if self._link and self._title and not (self._guid and self._date):
            yield "link+title", self._link, self._title
            if self._is_telling and self._own("title"):
                yield "path+title", links.place(self._link), self._title
        if self._is_telling and self._own("link"):
            if not self._guid:
                yield "link", self._link
            number = _number(self._link)
            if number:
                yield "number", number


def article_id(entry: Entry, source: Source) -> str:
    """The id that an entry's article gets when it is new: the same for the same bytes."""
    return _digest(source.id, *next(_Parts(entry).pairs()))[:24]


def of_url(url: str) -> str:
    """The id of an article that is known by its address alone."""
    return _digest("url", links.canonical(url))[:24]


def recognise(
    articles: Sequence[Article], keys_of: Sequence[tuple[str, ...]], seen: Mapping[str, str]
) -> tuple[tuple[Article, bool], ...]:
    """The articles of one fetch with their settled ids, and whether each is new.

    `seen` maps keys to article ids. An article that any key knows takes the known id; a second
    entry of the same article within the fetch and an article without text are left out. Whether
    a known one was edited, its `content_hash` tells.
    """
    here: dict[str, str] = {}
    settled: dict[str, tuple[Article, bool]] = {}
    for article, own in zip(articles, keys_of, strict=True):
        known = next((seen[key] for key in own if key in seen), None)
        same = next((here[key] for key in own if key in here), None)
        at = known or same or article.id
        here.update(dict.fromkeys(own, at))
        if own and article.text and at not in settled:
            settled[at] = (replace(article, id=at), known is None)
    return tuple(settled.values())


def content_hash(text: str) -> str:
    """A hash of what a text says: its letters, its numbers and their signs, without addresses, so
    that a new avatar or a reflowed paragraph is no edit, and 15 % in place of 1.5 % is one."""
    said = _SILENT.sub("", fold(_without_addresses(text)).translate(_DASHES))
    return hashlib.sha256(_IDLE.sub("", said).encode("utf-8", "replace")).hexdigest()[:32]


def letters(text: str) -> str:
    """The letters and digits of a text, folded, without the addresses in it."""
    return "".join(filter(str.isalnum, fold(_without_addresses(text))))


def _without_addresses(text: str) -> str:
    return _ADDRESS.sub("", text) if _MARK_OF_ADDRESS.search(text) else text


def _digest(*parts: str) -> str:
    joined = "\x1f".join(parts).encode("utf-8", "replace")
    return hashlib.sha256(joined).hexdigest()[:32]


def _minute(moment: datetime | None) -> str:
    return moment.isoformat(timespec="minutes") if moment else ""


def _number(link: str) -> str:
    """The number that a content system gave the page: long, no date, in the last segment."""
    last = links.place(link).rstrip("/").rpartition("/")[2]
    numbers = [n for n in _NUMBER.findall(last) if not _DATE.match(n)]
    return max(numbers, key=len, default="")
