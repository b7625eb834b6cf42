"""The search index of PostgreSQL: tsvectors of our own tokens under GIN (its manual, chapter 12).

Its parser and dictionaries are passed by, so that both engines index the same tokens. ts_rank does
not know how rare a word is; where articles need not have all the words, rareness is worked in.
"""

import math
from collections.abc import Sequence

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

Terms = Sequence[tuple[str, bool]]
LAST_POSITION = 16_383  # manual, 12.11: the greatest position
COMMON = 5_000  # a word in as many articles tells nothing; counting stops there

_ADD = text(
    "INSERT INTO article_search (number, tokens)"
    " VALUES (:number, CAST(CAST(:tokens AS text) AS tsvector))"
)
_REMOVE = text("DELETE FROM article_search WHERE number = :number")
_CLEAR = text("DELETE FROM article_search")
_COUNT = (
    "(SELECT count(*) FROM (SELECT 1 FROM article_search"
    " WHERE tokens @@ CAST(CAST(:term{0} AS text) AS tsquery) LIMIT :common) AS counted)"
)
_WEIGHT = (
    "CASE WHEN tokens @@ CAST(CAST(:term{0} AS text) AS tsquery)"
    " THEN CAST(:weight{0} AS float) ELSE 0 END"
)
# Of two equals the newer goes first.
_FIND = """
    SELECT articles.number FROM article_search JOIN articles USING (number)
    WHERE tokens @@ CAST(CAST(:query AS text) AS tsquery) AND articles.source_id IN :source_ids
    ORDER BY {order}, articles.number DESC LIMIT :limit
"""
# Normalisation 1 divides by the logarithm of the length (12.3.3).
_RANK = "ts_rank(tokens, CAST(CAST(:query AS text) AS tsquery), 1) DESC"


async def add(connection: AsyncConnection, number: int, words: Sequence[str]) -> None:
    await connection.execute(_ADD, {"number": number, "tokens": _vector(words)})


async def remove(connection: AsyncConnection, number: int, words: Sequence[str]) -> None:
    await connection.execute(_REMOVE, {"number": number})


async def clear(connection: AsyncConnection) -> None:
    await connection.execute(_CLEAR)


async def find_all(
    connection: AsyncConnection, source_ids: Sequence[str], terms: Terms, limit: int
) -> list[int]:
    """Articles with all of the terms, best first."""
    values = {"query": " & ".join(map(_query, terms)), "limit": limit}
    return await _find(connection, source_ids, _RANK, values)


async def find_any(
    connection: AsyncConnection, source_ids: Sequence[str], terms: Terms, limit: int
) -> list[int]:
    """Articles with any of the terms, those with the rarest first. Terms that are everywhere count
    only where another is found, unless all are."""
    queries = [_query(term) for term in terms]
    counts = await _counts(connection, queries)
    telling = [q for q, n in zip(queries, counts, strict=True) if 0 < n < COMMON]
    values: dict[str, object] = {"query": " | ".join(telling or queries), "limit": limit}
    for number, (query, count) in enumerate(zip(queries, counts, strict=True)):
        values |= {f"term{number}": query, f"weight{number}": math.log(1 + COMMON / (count + 1))}
    score = " + ".join(_WEIGHT.format(number) for number in range(len(queries)))
    return await _find(connection, source_ids, f"{score} DESC, {_RANK}", values)


async def _counts(connection: AsyncConnection, queries: Sequence[str]) -> Sequence[int]:
    """In how many articles each is found, COMMON at most."""
    columns = ", ".join(_COUNT.format(number) for number in range(len(queries)))
    values: dict[str, object] = {f"term{n}": query for n, query in enumerate(queries)}
    found = await connection.execute(text(f"SELECT {columns}"), values | {"common": COMMON})
    return tuple(found.one())


async def _find(
    connection: AsyncConnection, source_ids: Sequence[str], order: str, values: dict[str, object]
) -> list[int]:
    statement = text(_FIND.format(order=order)).bindparams(bindparam("source_ids", expanding=True))
    found = await connection.execute(statement, values | {"source_ids": list(source_ids)})
    return list(found.scalars())


def _query(term: tuple[str, bool]) -> str:
    word, start = term
    return _lexeme(word) + ":*" * start


def _vector(words: Sequence[str]) -> str:
    """The text form of a tsvector: each lexeme with its positions (8.11.1)."""
    positions: dict[str, list[int]] = {}
    for position, word in enumerate(words, start=1):
        positions.setdefault(word, []).append(min(position, LAST_POSITION))
    return " ".join(f"{_lexeme(w)}:{','.join(map(str, at))}" for w, at in positions.items())


def _lexeme(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
