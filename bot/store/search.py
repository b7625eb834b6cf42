"""The search index over articles: FTS5 on SQLite, tsvector under GIN on PostgreSQL, fed with the
same tokens (words, numbers and pairs of CJK characters, see bot.text.tokens).

FTS5's own tokenizers find no CJK word (unicode61) or none of two characters (trigram). The index
is contentless: a row leaves it by being told its tokens again, which come from the stored text.
"""

import itertools
import re
from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import articles
from bot.text import CJK, tokens

# PostgreSQL manual, 12.11: a lexeme is shorter than 2 KB, all of a tsvector with its positions
# shorter than 1 MB, a position at most 16,383, at most 256 of them per lexeme.
LONGEST_WORD = 500  # characters, of up to four bytes
INDEXED_BYTES = 400_000  # of tokens; an article beyond that is found by its beginning
LAST_POSITION = 16_383
QUOTE = '"'
QUERY_TOKENS = 32  # a question needs no more; each costs a look-up


def words(title: str, body: str) -> list[str]:
    """What an article is found by, in order; its title counts once more than its body has it."""
    found = [w for w in tokens(f"{title}\n{body}") if len(w) <= LONGEST_WORD]
    sizes = itertools.accumulate(len(w.encode()) for w in found)
    return [w for w, size in zip(found, sizes, strict=True) if size <= INDEXED_BYTES]


async def add(connection: AsyncConnection, number: int, title: str, body: str) -> None:
    """Index an article under its number."""
    if connection.dialect.name == "sqlite":
        statement = "INSERT INTO article_search (rowid, tokens) VALUES (:number, :tokens)"
        values = " ".join(words(title, body))
    else:
        statement = (
            "INSERT INTO article_search (number, tokens)"
            " VALUES (:number, CAST(CAST(:tokens AS text) AS tsvector))"
        )
        values = _vector(words(title, body))
    await connection.execute(text(statement), {"number": number, "tokens": values})


async def remove(connection: AsyncConnection, number: int, title: str, body: str) -> None:
    """Take an article out of the index, by the title and text it went in with."""
    if connection.dialect.name == "sqlite":
        statement = (
            "INSERT INTO article_search (article_search, rowid, tokens)"
            " VALUES ('delete', :number, :tokens)"
        )
        values: dict[str, object] = {"number": number, "tokens": " ".join(words(title, body))}
    else:
        statement = "DELETE FROM article_search WHERE number = :number"
        values = {"number": number}
    await connection.execute(text(statement), values)


async def forget(connection: AsyncConnection, source_id: str) -> None:
    """Take all articles of a source out of the index."""
    statement = select(articles.c.number, articles.c.title, articles.c.text)
    rows = await connection.execute(statement.where(articles.c.source_id == source_id))
    for row in rows.all():
        await remove(connection, row.number, row.title, row.text)


async def find(
    connection: AsyncConnection, source_ids: Sequence[str], query: str, limit: int
) -> list[int]:
    """Numbers of the articles of these sources that match, best first: those with all words of
    the query, then those with any."""
    wanted = terms(query)
    found: list[int] = []
    for joined in ("all", "any") if len(wanted) > 1 else ("all",):
        if wanted and source_ids and len(found) < limit:
            more = await _ranked(connection, source_ids, wanted, joined, limit)
            found.extend(n for n in more if n not in found)
    return found[:limit]


def terms(query: str) -> list[tuple[str, bool]]:
    """The search terms of a query, each with whether it is only the beginning of a token.

    The last character of a run of CJK is a token of its own; in a query it says nothing that its
    pair has not said, unless it is all there is of the run.

    >>> terms("6300億 半導体")
    [('6300', False), ('億', True), ('半導', False), ('導体', False)]
    """
    found = tokens(query)
    kept = {}
    for before, token in zip(["", *found], found, strict=False):
        single = len(token) == 1 and _is_cjk(token)
        if single and len(before) == 2 and before[1] == token and _is_cjk(before[0]):
            continue
        kept[token] = single
    return list(itertools.islice(kept.items(), QUERY_TOKENS))


# bm25: the less, the better; the newer of two equals first.
_SQLITE = """
    SELECT articles.number
    FROM article_search JOIN articles ON articles.number = article_search.rowid
    WHERE article_search MATCH :query AND articles.source_id IN :source_ids
    ORDER BY article_search.rank, articles.number DESC LIMIT :limit
"""
# Normalisation 1 divides by the logarithm of the length (PostgreSQL manual, 12.3.3).
_POSTGRESQL = """
    SELECT articles.number FROM article_search JOIN articles USING (number),
        CAST(CAST(:query AS text) AS tsquery) AS query
    WHERE article_search.tokens @@ query AND articles.source_id IN :source_ids
    ORDER BY ts_rank(article_search.tokens, query, 1) DESC, articles.number DESC LIMIT :limit
"""


async def _ranked(
    connection: AsyncConnection,
    source_ids: Sequence[str],
    wanted: Sequence[tuple[str, bool]],
    joined: str,
    limit: int,
) -> list[int]:
    if connection.dialect.name == "sqlite":
        statement, query = _SQLITE, _match(wanted, " AND " if joined == "all" else " OR ")
    else:
        statement, query = _POSTGRESQL, _tsquery(wanted, " & " if joined == "all" else " | ")
    prepared = text(statement).bindparams(bindparam("source_ids", expanding=True))
    values = {"query": query, "source_ids": list(source_ids), "limit": limit}
    return list((await connection.execute(prepared, values)).scalars())


def _match(wanted: Iterable[tuple[str, bool]], operator: str) -> str:
    """An FTS5 query: each term a string (sqlite.org/fts5.html, 3.1), so that none is syntax."""
    return operator.join(
        f'"{term.replace(QUOTE, QUOTE * 2)}"{"*" if start else ""}' for term, start in wanted
    )


def _tsquery(wanted: Iterable[tuple[str, bool]], operator: str) -> str:
    return operator.join(f"{_lexeme(term)}{':*' if start else ''}" for term, start in wanted)


def _vector(found: Sequence[str]) -> str:
    """The text form of a tsvector: each lexeme with its positions (PostgreSQL manual, 8.11.1)."""
    positions: dict[str, list[int]] = {}
    for position, word in enumerate(found, start=1):
        positions.setdefault(word, []).append(min(position, LAST_POSITION))
    return " ".join(f"{_lexeme(w)}:{','.join(map(str, at))}" for w, at in positions.items())


def _lexeme(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def _is_cjk(characters: str) -> bool:
    return re.fullmatch(f"[{CJK}]+", characters) is not None
