"""How does each engine fail: a full disk, a lock that somebody holds, a server that is gone?"""

from __future__ import annotations

import secrets
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import psycopg

from tests.postgres import Cluster, unprivileged
from tests.served import Served

SMALL_FILES = 4096
MIGRATED_MAIN, MIGRATED_VAULT = "migrated_main", "migrated_vault"
#: Where a process's state names its parent and its group, counted after its name.
PARENT, GROUP = 1, 2


class Kept(Protocol):
    """Where the real server keeps its databases, and how that place fails."""

    #: Whether whoever only reads waits too while the vault is locked.
    readers_wait: bool

    def served(self, folder: Path, **environment: str) -> Served:
        """Return the server, not started, on fresh databases."""

    def full_disk(self) -> AbstractContextManager[None]:
        """Let nothing more be written while the block lasts."""

    def locked(self) -> AbstractContextManager[None]:
        """Hold the vault's lock while the block lasts."""


@dataclass
class OnSqlite:
    """Files beside the server."""

    readers_wait = False
    _served: Served | None = None

    def served(self, folder: Path, **environment: str) -> Served:
        self._served = Served(folder, environment=environment)
        return self._served

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        assert self._served
        assert self._served.process
        with _small_files(_group(self._served.process.pid), SMALL_FILES):
            yield

    @contextmanager
    def locked(self) -> Iterator[None]:
        assert self._served
        holder = sqlite3.connect(self._served.folder / "vault.sqlite3", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            holder.execute("ROLLBACK")
            holder.close()


@dataclass
class OnPostgres:
    """Two databases of a cluster that waits for the disk at each commit."""

    cluster: Cluster
    readers_wait = True
    _vault: str = field(default="")

    def served(self, folder: Path, **environment: str) -> Served:
        at = secrets.token_hex(6)
        self._vault = f"vault_{at}"
        self._migrate_once(folder)
        urls = {"KNUTEPUNKT_DATABASE_URL": self.cluster.create(f"main_{at}", MIGRATED_MAIN)}
        vault = self.cluster.create(self._vault, MIGRATED_VAULT)
        return Served(folder, vault_url=vault, environment=urls | environment, is_migrated=True)

    def _migrate_once(self, folder: Path) -> None:
        """Make the two databases that every server's are copied from."""
        if MIGRATED_VAULT not in self.cluster.made:
            urls = {"KNUTEPUNKT_DATABASE_URL": self.cluster.create(MIGRATED_MAIN)}
            Served(folder, vault_url=self.cluster.create(MIGRATED_VAULT), environment=urls)

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        """The vault's tables cannot grow. A log that cannot grow stops the server: see the stops.

        A connection made while the disk is full meets the same disk, and an emptied one after it.
        """
        self.cluster.sql("SELECT pg_switch_wal()")
        first = self.cluster.first_process()
        busy = [first, *self.cluster.processes(self._vault)]
        with _small_files(busy, SMALL_FILES * 16, children_of=first, owner=unprivileged()):
            yield

    @contextmanager
    def locked(self) -> Iterator[None]:
        """As strongly as the close of another round locks: readers wait too."""
        with psycopg.connect(self.cluster.url(self._vault)) as holder:
            holder.execute("LOCK TABLE responses_slipmark IN ACCESS EXCLUSIVE MODE")
            yield
            holder.rollback()


def _group(leader: int) -> list[int]:
    """Return the processes of a group."""
    return _processes(GROUP, leader)


def _processes(place: int, number: int) -> list[int]:
    """Return the processes with this number at a place of their state."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            seen = int(stat.read_text().rsplit(")", 1)[1].split()[place])
        except OSError:
            continue
        if seen == number:
            found.append(int(stat.parent.name))
    return found


@contextmanager
def _small_files(
    processes: Iterable[int],
    size: int,
    *,
    children_of: int | None = None,
    owner: dict[str, Any] | None = None,
) -> Iterator[None]:
    """Let no process write beyond this place in a file, as on a full disk.

    Only a process's owner may do that, so the owner's own ``prlimit`` is asked. Who is started
    meanwhile by ``children_of`` takes its limit along: it is lifted from the parent first, and then
    from all who came from it, so that nobody is left with it.
    """
    chosen = list(processes)
    for pid in chosen:
        _limit(pid, str(size), owner)
    try:
        yield
    finally:
        for pid in chosen:
            _limit(pid, "unlimited", owner)
        for pid in _processes(PARENT, children_of) if children_of else ():
            _limit(pid, "unlimited", owner)


def _limit(pid: int, most: str, owner: dict[str, Any] | None) -> None:
    command = ["prlimit", "--pid", str(pid), f"--fsize={most}:unlimited"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, **(owner or {}))
    has_ended = not Path(f"/proc/{pid}").exists()
    assert done.returncode == 0 or has_ended, done.stderr
