"""Which elements fill which field of an entry or a feed.

Where a feed says one thing twice, the element of its own format wins, then Dublin Core, then media
and podcast extensions. The items of one feed have few sets of names, so that what fills a field is
worked out once for each set and not for each item.
"""

from functools import lru_cache
from typing import NamedTuple

from bot.ingest.elements import Children

_MOST_SETS = 512  # remembered; an attacker may invent more
_Keys = tuple[str, ...]


class Fields(NamedTuple):
    """The names of elements that fill each field, the worthiest first."""

    title: _Keys
    summary: _Keys
    content: _Keys
    published: _Keys
    updated: _Keys
    created: _Keys
    authors: _Keys
    categories: _Keys
    guids: _Keys
    links: _Keys


_ALL = Fields(
    title=("title", "a:title", "dc:title", "media:title", "itunes:title", "?:title"),
    summary=(
        "description", "a:summary", "a:tagline", "a:subtitle", "dc:description", "abstract",
        "media:description", "itunes:summary", "itunes:subtitle", "summary", "?:description",
    ),
    content=(
        "content:encoded", "a:content", "content", "xhtml:body", "body", "fullitem", "xhtml:div",
        "content_encoded", "?:encoded", "?:body",
    ),
    published=(
        "pubdate", "a:published", "a:issued", "dcterms:issued", "published", "a:pubdate",
        "?:pubdate", "dc:issued",
    ),
    updated=(
        "a:updated", "dcterms:modified", "a:modified", "lastbuilddate", "dc:date", "dc:modified",
        "updated", "?:date",
    ),
    created=("a:created", "dcterms:created", "dc:created", "dcterms:date", "date"),
    authors=("a:author", "dc:creator", "author", "itunes:author", "creator"),
    categories=("category", "a:category", "dc:subject"),
    guids=("guid", "a:id", "id", "?:guid", "dc:identifier"),
    links=("link", "a:link", "?:link"),
)  # fmt: skip


def of(found: Children) -> Fields:
    """The names among those found that fill each field."""
    return _worked_out(tuple(found))


@lru_cache(maxsize=_MOST_SETS)
def _worked_out(names: _Keys) -> Fields:
    return Fields(*(tuple(key for key in keys if key in names) for keys in _ALL))
