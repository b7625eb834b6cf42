"""What the nouns' files share: a connection, and rows made of nouns and nouns of rows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, RowMapping, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")
Record = Mapping[str, Any]


class Rows:
    """Access to the tables of one noun inside one transaction."""

    __slots__ = ("_connection",)

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection


class Insert(Protocol):
    """The part of an INSERT that both engines share."""

    def values(self, *args: Any) -> Any: ...


def record(table: Table, noun: object, **more: object) -> dict[str, Any]:
    """The row of a noun: every column that bears the name of a field, and what `more` says."""
    fields = {c.name: getattr(noun, c.name) for c in table.columns if hasattr(noun, c.name)}
    return {**fields, **more}


def noun(cls: type[T], row: RowMapping, **more: object) -> T:
    """The noun of a row: columns that bear the name of a field, and what `more` says."""
    fields: Mapping[str, Any] = cls.__dataclass_fields__  # type: ignore[attr-defined]
    return cls(**{**{k: v for k, v in row.items() if k in fields}, **more})


def insert(connection: AsyncConnection, table: Table) -> Any:
    """An INSERT of this engine, that knows ON CONFLICT."""
    name = connection.dialect.name
    return sqlite.insert(table) if name == "sqlite" else postgresql.insert(table)


async def upsert(
    connection: AsyncConnection,
    table: Table,
    row: Record,
    *,
    keys: Sequence[str],
    where: ColumnElement[bool] | None = None,
) -> None:
    """Insert a row, or overwrite the one with the same `keys`; columns not named keep their
    value. `where` is the condition of a partial unique index."""
    statement = insert(connection, table).values(row)
    rest = {name: statement.excluded[name] for name in row if name not in keys}
    await connection.execute(
        statement.on_conflict_do_update(index_elements=keys, index_where=where, set_=rest)
    )


async def insert_new(connection: AsyncConnection, table: Table, row: Record, *, key: str) -> bool:
    """Insert a row unless its `key` is taken; whether it was inserted."""
    statement = (
        insert(connection, table)
        .values(row)
        .on_conflict_do_nothing(index_elements=[key])
        .returning(table.c[key])
    )
    return (await connection.execute(statement)).first() is not None


async def insert_all(
    connection: AsyncConnection,
    table: Table,
    rows: Iterable[Record],
    *,
    keys: Sequence[str] | None = None,
) -> None:
    """Insert rows, passing over those whose `keys` are taken; without `keys`, any unique ones."""
    listed = list(rows)
    if listed:
        statement = insert(connection, table).on_conflict_do_nothing(index_elements=keys)
        await connection.execute(statement, listed)
