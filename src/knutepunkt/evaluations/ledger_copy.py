"""What does the site remember of its releases outside its databases and their backups?

Every release is written here as well, before it is committed: one line of JSON each, in order. A
backup that is put back knows fewer releases than this file does, and that is noticed. Each line
holds what the ledger holds, so that what was forgotten can be entered again.

A line that is here and not in the database, although nothing was restored, is a release whose
transaction did not end; entering it again makes the gate more careful, never less.
"""

from __future__ import annotations

import fcntl
import itertools
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from knutepunkt.analysis.disclosure.ledger import BrokenChain, LedgerEntry, verify_chain


class CopyDamaged(ValueError):
    """A line of the copy cannot be read, or does not follow the one before; says which."""


@dataclass(frozen=True)
class KeptRelease:
    """One release as the copy has it."""

    entry: LedgerEntry
    certificate: dict[str, Any]
    organisation: str
    released_on: date


def kept_releases() -> tuple[KeptRelease, ...] | None:
    """Return the releases of the copy in order; None where there is no copy.

    Raises ``CopyDamaged``.
    """
    path: Path = settings.LEDGER_COPY
    if not path.exists():
        return None
    reading = _opened(fcntl.LOCK_SH)
    try:
        found = tuple(_lines(path.read_text("utf-8")))
    finally:
        os.close(reading)
    try:
        verify_chain([each.entry for each in found])
    except BrokenChain as broken:
        raise CopyDamaged(f"line {broken.sequence} does not follow the one before") from broken
    return found


class Writing:
    """One more line of the copy, locked until the transaction it belongs to has ended.

    Used around that transaction: whoever reads the copy meanwhile waits, and then finds the release
    in the database too. Where the transaction comes to nothing the line is taken back.
    """

    def __init__(self) -> None:
        self.copy: int | None = None
        self.length = 0

    def __enter__(self) -> Writing:
        return self

    def keep(self, release: KeptRelease) -> None:
        """Write the release, and wait until it lies on the disk."""
        line = {
            "entry": release.entry.as_json(),
            "certificate": release.certificate,
            "organisation": release.organisation,
            "released_on": release.released_on.isoformat(),
        }
        if self.copy is None:
            self.copy = _opened(fcntl.LOCK_EX)
            self.length = os.fstat(self.copy).st_size
        os.write(self.copy, json.dumps(line, ensure_ascii=False).encode() + b"\n")
        os.fsync(self.copy)

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        if self.copy is None:
            return
        if failed is not None:
            os.ftruncate(self.copy, self.length)
            os.fsync(self.copy)
        os.close(self.copy)


def replace(releases: Sequence[KeptRelease]) -> Path | None:
    """Begin the copy anew with these; what was there is kept beside it, and its path returned."""
    path: Path = settings.LEDGER_COPY
    aside = None
    if path.exists():
        names = (path.with_name(f"{path.name}.{number}") for number in itertools.count(1))
        aside = next(name for name in names if not name.exists())
        path.rename(aside)
    with Writing() as copy:
        for each in releases:
            copy.keep(each)
    return aside


def _opened(lock: int) -> int:
    path: Path = settings.LEDGER_COPY
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    copy = os.open(path, os.O_APPEND | os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(copy, lock)
    return copy


def _lines(text: str) -> Iterator[KeptRelease]:
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            found = json.loads(line)
            told = {**found["entry"], "statements": tuple(found["entry"]["statements"])}
            yield KeptRelease(
                LedgerEntry(**told),
                found["certificate"],
                found["organisation"],
                date.fromisoformat(found["released_on"]),
            )
        except (ValueError, KeyError, TypeError) as damaged:
            raise CopyDamaged(f"line {number} cannot be read") from damaged
