"""Versions of the database: the way up, what is refused, and that nothing is half done."""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table, inspect

from bot import model, store
from bot.errors import StoreError
from bot.store import Store, schema, tables
from bot.store import engine as engines
from bot.store.rows import record
from tests.servers.postgres import PostgresServer
from tests.store.samples import article, figure, seed, source

NEWER = ("number", "figures")  # columns of a revision that the engine or a later version fills

SEARCH = "article_search"  # an index of the engine's own, no part of the metadata


def _differences(connection: Connection) -> Sequence[Any]:
    options = {"include_name": lambda name, kind, _: kind != "table" or not name.startswith(SEARCH)}
    context = MigrationContext.configure(connection, opts={"compare_type": True, **options})
    found: Sequence[Any] = compare_metadata(context, tables.metadata)
    return found


async def test_the_migrations_make_the_tables_that_the_program_uses(opened: Store) -> None:
    async with opened.read() as tx:
        assert await tx._connection.run_sync(_differences) == []
        names = await tx._connection.run_sync(lambda c: inspect(c).get_table_names())
    assert SEARCH in names


def test_there_is_one_newest_version() -> None:
    assert ScriptDirectory(str(schema.MIGRATIONS)).get_heads() == [schema.HEAD]


@pytest.mark.parametrize(
    ("noun", "table", "elsewhere"),
    [
        (model.Source, tables.sources, set()),
        (model.SourceState, tables.source_states, set()),
        (model.Workspace, tables.workspaces, set()),
        (model.Listing, tables.listings, set()),
        (model.Article, tables.articles, set()),
        (model.Subscription, tables.subscriptions, set()),
        (model.Digest, tables.digests, set()),
        (model.Delivery, tables.deliveries, set()),
        (model.Receipt, tables.deliveries, {"delivery_id"}),
        (model.Thread, tables.threads, set()),
        (model.Question, tables.questions, set()),
        (model.Usage, tables.usage, set()),
    ],
)
def test_every_field_of_a_noun_has_its_column(
    noun: type[Any], table: Table, elsewhere: set[str]
) -> None:
    assert {f.name for f in fields(noun)} - elsewhere <= {c.name for c in table.columns}


async def test_migrating_tells_the_versions_before_and_after(tmp_path: Path) -> None:
    path = f"sqlite:///{tmp_path}/deep/down/news.db"
    assert await store.migrate(path) == (None, schema.HEAD)
    assert await store.migrate(path) == (schema.HEAD, schema.HEAD)


async def test_opening_without_migrating_refuses_an_older_database(path: Path) -> None:
    with pytest.raises(StoreError, match="digestbot migrate") as caught:
        await store.open(str(path), migrate=False)
    assert (caught.value.code, caught.value.transient) == ("store.older", False)
    await store.migrate(str(path))
    opened = await store.open(str(path), migrate=False)
    await opened.close()


@pytest.mark.parametrize("migrate", [True, False])
async def test_a_newer_database_is_refused_and_left_alone(path: Path, migrate: bool) -> None:
    opened = await store.open(str(path))
    await seed(opened)
    await opened.close()
    _set_version(path, "9999")
    before = _content(path)
    with pytest.raises(StoreError, match="later version") as caught:
        await store.open(str(path), migrate=migrate)
    assert (caught.value.code, caught.value.transient) == ("store.newer", False)
    assert _content(path) == before
    _set_version(path, schema.HEAD)
    opened = await store.open(str(path), migrate=migrate)  # the lock was freed
    async with opened.read() as tx:
        assert len(await tx.sources.all()) == 1
    await opened.close()


@pytest.mark.postgres
async def test_a_newer_database_is_refused_on_a_server(
    postgres_copy_url: str, postgres_server: PostgresServer
) -> None:
    name = _database(postgres_copy_url)
    postgres_server.execute("UPDATE alembic_version SET version_num = '9999'", name)
    with pytest.raises(StoreError) as caught:
        await store.open(postgres_copy_url)
    assert caught.value.code == "store.newer"


async def test_a_migration_that_fails_leaves_nothing_behind(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE usage (mine TEXT)")
        other.execute("INSERT INTO usage VALUES ('kept')")
        other.commit()
    with pytest.raises(StoreError) as caught:
        await store.migrate(str(path))
    assert caught.value.code == "store.failed"
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("usage",)]
        assert other.execute("SELECT mine FROM usage").fetchall() == [("kept",)]


@pytest.mark.postgres
async def test_a_migration_that_fails_on_a_server_leaves_nothing_behind(
    empty_postgres_url: str, postgres_server: PostgresServer
) -> None:
    name = _database(empty_postgres_url)
    postgres_server.execute("CREATE TABLE usage (mine TEXT)", name)
    with pytest.raises(StoreError):
        await store.migrate(empty_postgres_url)
    listed = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    assert postgres_server.execute(listed, name) == "usage"


@pytest.mark.postgres
async def test_processes_that_start_together_migrate_once(empty_postgres_url: str) -> None:
    found = await asyncio.gather(*(store.migrate(empty_postgres_url) for _ in range(4)))
    assert sorted(found, key=str) == sorted(
        [(None, schema.HEAD), *[(schema.HEAD, schema.HEAD)] * 3], key=str
    )


async def test_a_migration_may_not_leave_rows_without_their_parents(sqlite: Store) -> None:
    async with sqlite.read() as tx:
        await tx._connection.run_sync(schema.require_parents)
    async with sqlite.begin() as tx:
        await tx._connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        await tx.sources.save_state(model.SourceState(source_id="nobody"))
        with pytest.raises(StoreError, match="undone"):
            await tx._connection.run_sync(schema.require_parents)
        await tx.sources.save(source(id="nobody"))


@pytest.mark.parametrize(
    "engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
async def test_a_database_of_the_first_version_is_brought_up_with_its_rows(
    engine: str, path: Path, request: pytest.FixtureRequest
) -> None:
    url = str(path) if engine == "sqlite" else request.getfixturevalue("empty_postgres_url")
    await _first(url)
    assert await store.migrate(url) == ("0001", schema.HEAD)
    opened = await store.open(url, migrate=False)
    try:
        async with opened.begin() as tx:
            (old,) = await tx.articles.revisions("a1")
            assert old.text == "before"
            assert await tx.articles.former_figures("a1") == [()]
            now = article(text="Title 1\nand later")
            await tx.articles.update(now, [figure(now)])
            await tx.articles.update(replace(now, text="Title 1\nat last"))
            former = await tx.articles.former_figures("a1")
            assert [len(figures) for figures in former] == [0, 0, 1]
    finally:
        await opened.close()


async def _first(url: str) -> None:
    """A database as the first version left it, with an article that was edited once."""
    place = engines.place(url)
    made = (
        engines.sqlite_writer(place, busy_timeout=timedelta(seconds=5), foreign_keys=False)
        if place.path
        else engines.postgresql_engine(place, busy_timeout=timedelta(seconds=5))
    )
    async with made.begin() as connection:
        await connection.run_sync(schema._run, None, "0001")
        await connection.execute(tables.sources.insert().values(record(tables.sources, source())))
        row = record(tables.articles, article())
        await connection.execute(tables.articles.insert().values(row))
        old = {c.name: row.get(c.name) for c in tables.revisions.c if c.name not in NEWER}
        old |= {"article_id": "a1", "text": "before"}
        await connection.execute(tables.revisions.insert().values(old))
    await made.dispose()


def _database(url: str) -> str:
    return url.rpartition("/")[2].partition("?")[0]


def _set_version(path: Path, version: str) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("UPDATE alembic_version SET version_num = ?", [version])
        other.commit()
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _content(path: Path) -> bytes:
    return path.read_bytes()
