"""How does one test run on both engines: SQLite in files, PostgreSQL in a private cluster?"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections

from knutepunkt.config.settings import _database, _vault
from knutepunkt.responses import writer
from tests.postgres import Cluster

ALIASES = ("default", "vault")


@dataclass
class Engine:
    """A place where fresh copies of both databases are made."""

    name: str
    folder: Path
    cluster: Cluster | None = None
    is_made: bool = False
    urls: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def fresh(self) -> Iterator[Engine]:
        """Let Django use new, migrated, empty databases while the block lasts."""
        if not self.is_made:
            self._make_templates()
        names = {alias: f"{alias}_{uuid.uuid4().hex[:12]}" for alias in ALIASES}
        self.urls = {alias: self._copy(alias, name) for alias, name in names.items()}
        with _using(self.urls):
            yield self
        for name in names.values():
            if self.cluster:
                self.cluster.drop(name)

    def file_bytes(self, alias: str = "vault") -> bytes:
        """Return every byte the engine keeps of a database in its files, logs beside it included."""
        if self.cluster:
            paths = self.cluster.files(self.urls[alias].rsplit("/", 1)[1])
        else:
            path = Path(connections[alias].settings_dict["NAME"])
            paths = [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))]
        return b"".join(path.read_bytes() for path in paths if path.exists())

    def _make_templates(self) -> None:
        urls = {}
        for alias in ALIASES:
            if self.cluster:
                urls[alias] = self.cluster.create(f"template_{alias}")
            else:
                urls[alias] = f"sqlite:///{self.folder / f'template_{alias}.sqlite3'}"
        with _using(urls):
            for alias in ALIASES:
                call_command("migrate", database=alias, verbosity=0, interactive=False)
        self.is_made = True

    def _copy(self, alias: str, name: str) -> str:
        if self.cluster:
            return self.cluster.create(name, f"template_{alias}")
        target = self.folder / f"{name}.sqlite3"
        shutil.copyfile(self.folder / f"template_{alias}.sqlite3", target)
        return f"sqlite:///{target}"


@contextmanager
def _using(urls: dict[str, str]) -> Iterator[None]:
    """Swap Django's two connections. The old ones are kept whole: one may be a database in memory."""
    settings: dict[str, Any] = connections.settings
    old = {alias: (settings[alias], connections[alias]) for alias in ALIASES}
    fresh = {"default": _database(urls["default"], ""), "vault": _vault(urls["vault"])}
    settings.update(connections.configure_settings(fresh))
    for alias in ALIASES:
        connections[alias] = connections.create_connection(alias)
    try:
        yield
    finally:
        _end_writer()
        for alias in ALIASES:
            connections[alias].close()
            settings[alias], connections[alias] = old[alias]


def _end_writer() -> None:
    """Wait until the vault's writing thread has given its connection back."""
    thread = writer.writer._thread
    if thread is not None:
        thread.join(timeout=10)
