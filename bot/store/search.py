"""The search index over articles: FTS5 on SQLite, tsvector under GIN on PostgreSQL, fed with the
same tokens (words, numbers and pairs of CJK characters, see bot.text.tokens).

FTS5's own tokenizers find no CJK word (unicode61) or none of two characters (trigram). When
bot.text.tokens changes its mind, the index is made anew at the next start (see `refresh`).
"""

import itertools
import logging
import re
from collections.abc import Sequence
from hashlib import sha256
from types import ModuleType
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import fts5, tsvector
from bot.store.rows import upsert
from bot.store.tables import articles, settings
from bot.text import CJK, tokens

log = logging.getLogger(__name__)

# PostgreSQL manual, 12.11: a lexeme is shorter than 2 KB, all of a tsvector with its positions
# shorter than 1 MB.
LONGEST_WORD = 500  # characters, of up to four bytes
INDEXED_BYTES = 400_000  # of tokens; an article beyond that is found by its beginning
QUERY_TERMS = 32  # a question needs no more; each costs a look-up
BATCH = 500  # articles read at a time while the index is made anew

TOKENS_KEY = "search.tokens"
_PROBE = "Ｍｒ. O'Neil-Smith's 1,234.5% TPUv4、6,300億円の半導体・カタカナ 电池 臺灣 한국어 Größe"


class Term(NamedTuple):
    """A token to look for, whole or, with `start`, as the beginning of one."""

    text: str
    start: bool = False


def words(title: str, body: str) -> list[str]:
    """What an article is found by, in order; its title counts once more than its body has it."""
    found = [w for w in tokens(f"{title}\n{body}") if len(w) <= LONGEST_WORD]
    sizes = itertools.accumulate(len(w.encode()) for w in found)
    return [w for w, size in zip(found, sizes, strict=True) if size <= INDEXED_BYTES]


def terms(query: str) -> list[Term]:
    """The terms of a query, each once.

    The last character of a run of CJK is a token of its own; in a query it says nothing that its
    pair has not said, unless it is all there is of the run.

    >>> [term.text + "*" * term.start for term in terms("6300億 半導体")]
    ['6300', '億*', '半導', '導体']
    """
    found = tokens(query)
    kept: dict[str, Term] = {}
    for before, token in itertools.pairwise(["", *found]):
        single = len(token) == 1 and _is_cjk(token)
        if len(token) <= LONGEST_WORD and not (
            single and len(before) == 2 and before[1] == token and _is_cjk(before[0])
        ):
            kept.setdefault(token, Term(token, start=single))
    return list(itertools.islice(kept.values(), QUERY_TERMS))


async def add(connection: AsyncConnection, number: int, title: str, body: str) -> None:
    """Index an article under its number."""
    await _index(connection).add(connection, number, words(title, body))


async def remove(connection: AsyncConnection, number: int, title: str, body: str) -> None:
    """Take an article out of the index, by the title and text it went in with."""
    await _index(connection).remove(connection, number, words(title, body))


async def forget(connection: AsyncConnection, source_id: str) -> None:
    """Take all articles of a source out of the index."""
    statement = select(articles.c.number, articles.c.title, articles.c.text)
    rows = await connection.execute(statement.where(articles.c.source_id == source_id))
    for row in rows.all():
        await remove(connection, row.number, row.title, row.text)


async def find(
    connection: AsyncConnection, source_ids: Sequence[str], query: str, limit: int
) -> list[int]:
    """Numbers of the articles of these sources that match, best first: those with all terms of
    the query, then those with any."""
    wanted = terms(query)
    if not wanted or not source_ids:
        return []
    index = _index(connection)
    found: list[int] = await index.find_all(connection, source_ids, wanted, limit)
    if len(found) < limit and len(wanted) > 1:
        more = await index.find_any(connection, source_ids, wanted, limit)
        found = list(dict.fromkeys([*found, *more]))
    return found[:limit]


async def refresh(connection: AsyncConnection) -> bool:
    """Make the index anew where it was made with other tokens; whether it was."""
    version = sha256(" ".join(words("", _PROBE)).encode()).hexdigest()
    stored = select(settings.c.value).where(settings.c.key == TOKENS_KEY)
    if (await connection.execute(stored)).scalar() == version:
        return False
    await _index(connection).clear(connection)
    count, last = 0, 0
    statement = select(articles.c.number, articles.c.title, articles.c.text)
    statement = statement.order_by(articles.c.number).limit(BATCH)
    while rows := (await connection.execute(statement.where(articles.c.number > last))).all():
        for row in rows:
            await add(connection, row.number, row.title, row.text)
        count, last = count + len(rows), rows[-1].number
    await upsert(connection, settings, {"key": TOKENS_KEY, "value": version}, keys=["key"])
    log.info("store.reindexed articles=%d", count)
    return True


def _index(connection: AsyncConnection) -> ModuleType:
    return fts5 if connection.dialect.name == "sqlite" else tsvector


def _is_cjk(characters: str) -> bool:
    return re.fullmatch(f"[{CJK}]+", characters) is not None
