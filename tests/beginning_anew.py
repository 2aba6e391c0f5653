"""How does each test that writes for real begin with the databases as migrating left them?

Django empties every table after such a test, and makes anew what migrating had put there. Where the
databases lie in memory, a copy taken once is put back instead: all of it, triggers and all, in a
hundredth of the time. What takes long to make can be kept in the same way (`Worlds`).
"""

from __future__ import annotations

import contextlib
import copy
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from django.db import connections
from django.test import TransactionTestCase

ALIASES = ("default", "vault")
Made = TypeVar("Made")


class InUse(Exception):
    """Somebody still reads or writes in the database, or it does not lie in memory."""


@dataclass
class Saved:
    """Both databases at one moment."""

    copies: dict[str, sqlite3.Connection]

    @classmethod
    def now(cls) -> Saved:
        """Copy them; raises ``InUse``."""
        found = {}
        for alias in ALIASES:
            found[alias] = sqlite3.connect(":memory:", check_same_thread=False)
            _copied(_in_memory(alias), found[alias])
        return cls(found)

    def put_back(self) -> None:
        """Make both databases what they were then; raises ``InUse``."""
        for alias, kept in self.copies.items():
            _copied(kept, _in_memory(alias))


def _in_memory(alias: str) -> sqlite3.Connection:
    connection: Any = connections[alias]
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        raise InUse
    connection.ensure_connection()
    if connection.in_atomic_block:
        raise InUse
    found: sqlite3.Connection = connection.connection
    return found


def _copied(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    def at_once(status: int, _left: int, _all: int) -> None:
        if status != sqlite3.SQLITE_DONE:
            raise InUse  # it would be tried for ever

    source.backup(target, progress=at_once)


@dataclass
class Beginning:
    """The state that each test begins with, and which known state this one is in."""

    saved: Saved | None = None
    state: str = ""
    written: dict[str, int] = field(default_factory=dict)

    def take(self) -> None:
        """Remember the state, at the first test; raises ``InUse``."""
        self.saved = self.saved or Saved.now()
        self.mark("")

    def put_back(self) -> None:
        """Begin anew; raises ``InUse``."""
        if self.saved is None:
            raise InUse
        self.saved.put_back()

    def mark(self, state: str) -> None:
        """Say which state this is; raises ``InUse``."""
        self.state, self.written = state, _written()

    def is_at(self, state: str) -> bool:
        """Say whether the test has come to this state and written nothing since."""
        return self.state == state and bool(self.written) and self.written == _written()


def _written() -> dict[str, int]:
    return {alias: _in_memory(alias).total_changes for alias in ALIASES}


beginning = Beginning()


def begin_by_copying() -> None:
    """Let Django put the copy back where it can, and empty the tables where it cannot."""
    set_up, empty = TransactionTestCase._fixture_setup, TransactionTestCase._fixture_teardown

    def prepared(case: type[TransactionTestCase]) -> None:
        set_up.__func__(case)
        try:
            beginning.take()
        except InUse:
            beginning.written = {}

    def begun_anew(test: TransactionTestCase) -> None:
        try:
            beginning.put_back()
        except InUse:
            from knutepunkt.evaluations.locking import unlock_ledger

            unlock_ledger()  # the release ledger refuses deletion
            empty(test)

    TransactionTestCase._fixture_setup = classmethod(prepared)  # type: ignore[assignment]
    TransactionTestCase._fixture_teardown = begun_anew  # type: ignore[method-assign]


@dataclass
class Worlds:
    """What takes long to make, kept with the databases and the folder it left behind."""

    top: Path
    kept: dict[str, tuple[Any, Saved, Path]] = field(default_factory=dict)

    def world(self, name: str, folder: Path, build: Callable[[], Made], *, after: str = "") -> Made:
        """Return the same world to each test that asks for it at the same state; else build it."""
        try:
            if not beginning.is_at(after):
                return build()
            if name in self.kept:
                return self._again(name, folder)
        except InUse:
            return build()
        made = build()
        with contextlib.suppress(InUse):
            saved = Saved.now()
            shutil.copytree(folder, self.top / name)
            self.kept[name] = copy.deepcopy(made), saved, self.top / name
            beginning.mark(name)
        return made

    def _again(self, name: str, folder: Path) -> Any:
        objects, saved, files = self.kept[name]
        saved.put_back()
        beginning.mark(name)
        shutil.copytree(files, folder, dirs_exist_ok=True)
        return copy.deepcopy(objects)
