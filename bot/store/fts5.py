"""The search index of SQLite (sqlite.org/fts5.html). It is contentless: a row leaves it by being
told its tokens again, so that the texts are stored once."""

from collections.abc import Sequence

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

Terms = Sequence[tuple[str, bool]]
QUOTE = '"'

_ADD = text("INSERT INTO article_search (rowid, tokens) VALUES (:number, :tokens)")
_REMOVE = text(
    "INSERT INTO article_search (article_search, rowid, tokens) VALUES ('delete', :number, :tokens)"
)
_CLEAR = text("INSERT INTO article_search (article_search) VALUES ('delete-all')")
# rank is bm25: the less, the better; of two equals the newer goes first.
_FIND = text(
    """
    SELECT articles.number
    FROM article_search JOIN articles ON articles.number = article_search.rowid
    WHERE article_search MATCH :query AND articles.source_id IN :source_ids
    ORDER BY article_search.rank, articles.number DESC LIMIT :limit
    """
).bindparams(bindparam("source_ids", expanding=True))


async def add(connection: AsyncConnection, number: int, words: Sequence[str]) -> None:
    await connection.execute(_ADD, {"number": number, "tokens": " ".join(words)})


async def remove(connection: AsyncConnection, number: int, words: Sequence[str]) -> None:
    await connection.execute(_REMOVE, {"number": number, "tokens": " ".join(words)})


async def clear(connection: AsyncConnection) -> None:
    await connection.execute(_CLEAR)


async def find_all(
    connection: AsyncConnection, source_ids: Sequence[str], terms: Terms, limit: int
) -> list[int]:
    """Articles with all of the terms, best first."""
    return await _find(connection, source_ids, " AND ".join(map(_quoted, terms)), limit)


async def find_any(
    connection: AsyncConnection, source_ids: Sequence[str], terms: Terms, limit: int
) -> list[int]:
    """Articles with any of the terms, best first."""
    return await _find(connection, source_ids, " OR ".join(map(_quoted, terms)), limit)


async def _find(
    connection: AsyncConnection, source_ids: Sequence[str], query: str, limit: int
) -> list[int]:
    values = {"query": query, "source_ids": list(source_ids), "limit": limit}
    return list((await connection.execute(_FIND, values)).scalars())


def _quoted(term: tuple[str, bool]) -> str:
    """A term as a string (3.1), so that nothing in it is syntax."""
    word, start = term
    return f"{QUOTE}{word.replace(QUOTE, QUOTE * 2)}{QUOTE}{'*' * start}"
