"""The version of a database: what it is, whether this program can use it, and the way up.

Alembic's revision is the version. Going down is not offered: a newer database is refused.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import StoreError
from bot.store import search

HEAD = "0002"
MIGRATIONS = Path(__file__).with_name("migrations")
VERSIONS = "alembic_version"
# One process migrates at a time: the key of PostgreSQL's advisory lock, any constant of our own.
ADVISORY_LOCK = 0x6469_6765_7374


async def version(connection: AsyncConnection) -> str | None:
    """The revision of the database, None where it has no tables of ours."""
    if not await connection.run_sync(lambda c: inspect(c).has_table(VERSIONS)):
        return None
    return (await connection.execute(text(f"SELECT version_num FROM {VERSIONS}"))).scalar()  # noqa: S608 - a constant


async def upgrade(engine: AsyncEngine) -> tuple[str | None, str]:
    """Bring the database to HEAD and its search index up to date, in one transaction; the
    revisions before and after. StoreError ``store.newer`` where it is ahead of this program."""
    async with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))
        before = await version(connection)
        if before != HEAD:
            await connection.run_sync(_run, before)
        await search.refresh(connection)
    return before, HEAD


async def require(connection: AsyncConnection) -> str | None:
    """The revision; StoreError ``store.newer`` or ``store.older`` where it is not HEAD."""
    found = await version(connection)
    if found == HEAD:
        return found
    if found is not None and not _known(found):
        raise newer(found)
    raise StoreError(
        f"The database is at version {found or 'none'}, this program needs {HEAD}: "
        "run `digestbot migrate`.",
        code="store.older",
        transient=False,
    )


def newer(found: str) -> StoreError:
    return StoreError(
        f"The database has version {found}, written by a later version of this program, which "
        f"knows {HEAD}: install that version.",
        code="store.newer",
        transient=False,
    )


def _known(revision: str) -> bool:
    from alembic.script import ScriptDirectory

    revisions = ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    return revision in {script.revision for script in revisions}


def _run(connection: Connection, before: str | None, to: str = HEAD) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    if before is not None and not _known(before):
        raise newer(before)
    script = ScriptDirectory(str(MIGRATIONS))

    def steps(revision: object, _context: object) -> object:
        return script._upgrade_revs(to, revision)  # type: ignore[arg-type]  # noqa: SLF001 - as alembic.command does

    with EnvironmentContext(Config(), script, fn=steps, destination_rev=to) as environment:
        environment.configure(connection=connection, render_as_batch=True)
        environment.run_migrations()
    require_parents(connection)


def require_parents(connection: Connection) -> None:
    """StoreError where rows lack what they refer to: on SQLite, migrations run without foreign
    keys (see session), so they are checked at the end."""
    if connection.dialect.name != "sqlite":
        return
    if connection.execute(text("PRAGMA foreign_key_check")).first() is not None:
        raise StoreError(
            "The migration was undone: it would leave rows that refer to nothing.",
            transient=False,
        )
