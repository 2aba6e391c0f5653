"""Where does a test get a PostgreSQL server of its own?

A private cluster in a folder of its own, run by an unprivileged user (PostgreSQL refuses to run as
root), reachable on this machine alone, gone afterwards. Where PostgreSQL's programs are missing the
test is skipped by name, unless ``KNUTEPUNKT_REQUIRE`` demands ``postgres``.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

REQUIRED = {word.strip() for word in os.environ.get("KNUTEPUNKT_REQUIRE", "").split(",")}
OWNER = "kp"
#: Nothing here lives so long that it must be vacuumed; who does it of his own accord meets the full
#: disk of a test, and the log he cannot write then stops the whole server.
SETTINGS = {
    "shared_buffers": "64MB",
    "max_connections": "60",
    "listen_addresses": "127.0.0.1",
    "autovacuum": "off",
}
#: Tests kill our server, not the database's; waiting for the disk would show them nothing more.
HASTY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


def programs() -> Path | None:
    """Return the folder of PostgreSQL's server programs, the newest there is."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    named = shutil.which("initdb")
    if not found and named:
        found = [Path(named).resolve().parent]
    return max(found, key=lambda path: int(path.parent.name or 0), default=None)


@dataclass
class Cluster:
    """A running cluster; ``create`` makes databases in it."""

    bin: Path
    folder: Path
    port: int
    options: str = ""
    #: The databases that were made in it.
    made: set[str] = field(default_factory=set)

    def start(self) -> None:
        """Start the server; return when it takes connections."""
        self._control("-o", self.options, "start")

    def stop(self, how: str = "fast") -> None:
        """Stop the server: ``fast`` as an operator does, ``immediate`` as a power cut does."""
        self._control("-m", how, "stop")

    def _control(self, *words: str) -> None:
        program = [self.bin / "pg_ctl", "-D", self.folder, "-w", "-l", self.folder.parent / "log"]
        subprocess.run([*program, *words], check=True, capture_output=True, **_clean(self.folder))

    def processes(self, database: str) -> list[int]:
        """Return the server's processes that work for a database."""
        asked = f"SELECT pid FROM pg_stat_activity WHERE datname = '{database}'"
        return [pid for (pid,) in self.sql(asked)]

    def first_process(self) -> int:
        """Return the process that all later ones come from, and take its limits after."""
        return int((self.folder / "postmaster.pid").read_text().splitlines()[0])

    def url(self, name: str) -> str:
        """Return the address of a database."""
        return f"postgres://{OWNER}@127.0.0.1:{self.port}/{name}"

    def create(self, name: str, template: str = "template0") -> str:
        """Make a database, a copy of another if wanted; return its address."""
        self.sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self.made.add(name)
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database, whoever still looks at it."""
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def sql(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement outside a transaction; return its rows."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            done = connection.execute(statement)
            return done.fetchall() if done.description else []

    def files(self, database: str) -> list[Path]:
        """Return the files of a database, after everything in memory has been written to them."""
        self.sql("CHECKPOINT")
        ((number,),) = self.sql(f"SELECT oid FROM pg_database WHERE datname = '{database}'")
        return [path for path in (self.folder / "base" / str(number)).iterdir() if path.is_file()]


def unprivileged() -> dict[str, Any]:
    """Return how a child is started as somebody other than root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    pytest.fail("PostgreSQL must not run as root, and there is no other user here")


def _clean(folder: Path) -> dict[str, Any]:
    """Return how the cluster's programs are started: nothing of our surroundings reaches them."""
    surroundings = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    return {"cwd": folder.parent, "env": surroundings, **unprivileged()}


@contextmanager
def cluster(*, is_durable: bool = False) -> Iterator[Cluster]:
    """Run a cluster while the block lasts; skip by name where there is no PostgreSQL.

    ``is_durable``: commits wait for the disk, as they are shipped to; for what is measured or killed.
    """
    bin_folder = programs()
    if bin_folder is None:
        reason = "no PostgreSQL: install postgresql, so that initdb is found"
        if "postgres" in REQUIRED:
            pytest.fail(reason)
        pytest.skip(reason)
    top = Path(tempfile.mkdtemp(prefix="kp-pg-"))
    if who := unprivileged():
        os.chown(top, who["user"], who["group"])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = top / "data"
    subprocess.run(
        [bin_folder / "initdb", "-D", folder, "-U", OWNER, "-A", "trust", "-E", "UTF8"],
        check=True, capture_output=True, **_clean(folder),
    )  # fmt: skip
    chosen = SETTINGS if is_durable else SETTINGS | HASTY
    options = " ".join(f"-c {name}={value}" for name, value in chosen.items())
    running = Cluster(bin_folder, folder, port, f"-p {port} -k {top} {options}")
    running.start()
    try:
        yield running
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            running.stop("immediate")
        shutil.rmtree(top, ignore_errors=True)
