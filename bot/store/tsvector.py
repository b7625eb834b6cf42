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
COMMON = 1_000  # a word in as many articles tells little; counting stops there
MANY = 20_000  # and there the counting of all articles

_ADD = text(
    "INSERT INTO article_search (number, tokens)"
    " VALUES (:number, CAST(CAST(:tokens AS text) AS tsvector))"
)
_REMOVE = text("DELETE FROM article_search WHERE number = :number")
_CLEAR = text("DELETE FROM article_search")
# Of two equals the newer goes first. Normalisation 1 divides by the logarithm of the length
# (12.3.3).
_FIND_ALL = text(
    """
    SELECT articles.number
    FROM article_search JOIN articles USING (number),
        CAST(CAST(:query AS text) AS tsquery) AS query
    WHERE tokens @@ query AND articles.source_id IN :source_ids
    ORDER BY ts_rank(tokens, query, 1) DESC, articles.number DESC LIMIT :limit
    """
).bindparams(bindparam("source_ids", expanding=True))
_COUNT = text(
    """
    SELECT (SELECT count(*) FROM (
        SELECT 1 FROM article_search WHERE tokens @@ CAST(term AS tsquery) LIMIT :common
    ) AS counted)
    FROM unnest(CAST(:terms AS text[])) WITH ORDINALITY AS t (term, place) ORDER BY place
    """
)
_TOTAL = text("SELECT count(*) FROM (SELECT 1 FROM article_search LIMIT :most) AS counted")
# Term by term, so that only the index is read and no tokens.
_FIND_ANY = text(
    """
    WITH found AS (
        SELECT number, sum(weight) AS score
        FROM unnest(CAST(:terms AS text[]), CAST(:weights AS float[])) AS t (term, weight)
        JOIN article_search ON tokens @@ CAST(term AS tsquery)
        GROUP BY number
    )
    SELECT number FROM found JOIN articles USING (number)
    WHERE articles.source_id IN :source_ids
    ORDER BY score DESC, number DESC LIMIT :limit
    """
).bindparams(bindparam("source_ids", expanding=True))


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
    found = await connection.execute(_FIND_ALL, values | {"source_ids": list(source_ids)})
    return list(found.scalars())


async def find_any(
    connection: AsyncConnection, source_ids: Sequence[str], terms: Terms, limit: int
) -> list[int]:
    """Articles with any of the terms, those with the most and the rarest first. Terms that are
    everywhere do not count, unless all are."""
    # Until the server has gathered statistics it would read every row for every term.
    await connection.execute(text("SET LOCAL enable_seqscan = off"))
    queries = [_query(term) for term in terms]
    found = await connection.execute(_COUNT, {"terms": queries, "common": COMMON})
    counts = dict(zip(queries, found.scalars(), strict=True))
    total = (await connection.execute(_TOTAL, {"most": MANY})).scalar_one()
    telling = [q for q in queries if 0 < counts[q] < COMMON] or queries
    values = {
        "terms": telling,
        "weights": [_rareness(counts[q], total) for q in telling],
        "source_ids": list(source_ids),
        "limit": limit,
    }
    numbers = list((await connection.execute(_FIND_ANY, values)).scalars())
    await connection.execute(text("SET LOCAL enable_seqscan = on"))
    return numbers


def _rareness(count: int, total: int) -> float:
    """The weight that BM25 gives a term which that many of all articles have."""
    return math.log(1 + (total - count + 0.5) / (count + 0.5))


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
