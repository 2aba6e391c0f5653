"""What has been told of a file of answers before, so that two reports cannot be subtracted?

One line of JSON for each report, chained as the site's ledger is: the entry, and who was behind each
figure. It says as much about people as the answers do, so it lies beside them and not in the report's
folder, and nobody else on the machine may read it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from knutepunkt.analysis.disclosure import (
    BrokenChain,
    Ledger,
    LedgerEntry,
    RecordSet,
    verify_chain,
)
from knutepunkt.analysis.disclosure.ledger import digest
from knutepunkt.cli.existing.problems import BadInput, Place

ENDING = ".ledger"


@dataclass(frozen=True)
class Memory:
    """The ledger of one file of answers, with who was behind each figure, by key."""

    path: Path
    entries: tuple[LedgerEntry, ...] = ()
    contributors: Mapping[str, RecordSet] = field(default_factory=dict)

    @classmethod
    def of(cls, path: Path | None, answers: Path, *, of_a_site: bool = False) -> Memory:
        """Read the ledger of these answers; an empty one where nothing was told before.

        `of_a_site`: the chain is the site's, and these are the links made here.

        Raises `BadInput` where the file is damaged, or was changed.
        """
        name = f"knutepunkt{ENDING}" if of_a_site else f"{answers.name}{ENDING}"
        where = path or answers.with_name(name)
        if not where.exists():
            return cls(where)
        entries: list[LedgerEntry] = []
        contributors: dict[str, RecordSet] = {}
        try:
            for line in where.read_text("utf-8").splitlines():
                told = json.loads(line)
                statements = tuple(told["entry"]["statements"])
                entries.append(LedgerEntry(**{**told["entry"], "statements": statements}))
                contributors |= {s["key"]: RecordSet.from_json(s) for s in told["contributors"]}
            _verify(entries, of_a_site=of_a_site)
        except (ValueError, KeyError, TypeError, OSError) as damaged:
            number = damaged.sequence if isinstance(damaged, BrokenChain) else len(entries) + 1
            raise BadInput(
                Place(where.name, row=number),
                "What was told of these answers before cannot be read.",
                "Take the file back from a copy. Without it nothing is told.",
            ) from damaged
        return cls(where, tuple(entries), contributors)

    def ledger(self) -> Ledger:
        """The ledger the gate judges by."""
        return Ledger(self.entries, self.contributors)

    def beside(self, other: Ledger) -> Ledger:
        """A site's ledger with the sets that are remembered here: the site does not have them."""
        return Ledger(
            other.entries,
            {**self.contributors, **other.contributors},
            other.forgotten_rounds,
            other.previews,
        )

    def remember(self, entry: LedgerEntry, contributors: Mapping[str, RecordSet]) -> None:
        """Write one more report, and wait until it lies on the disk."""
        told = {
            "entry": entry.as_json(),
            "contributors": [each.as_json() for each in contributors.values()],
        }
        try:
            file = os.open(self.path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
        except OSError as problem:
            raise BadInput(
                Place(self.path.name),
                f"What is told could not be remembered there ({problem.strerror}).",
                "Name a file that can be written with --ledger. No report was written.",
            ) from problem
        try:
            os.write(file, json.dumps(told, ensure_ascii=False).encode() + b"\n")
            os.fsync(file)
        finally:
            os.close(file)


def _verify(entries: list[LedgerEntry], *, of_a_site: bool) -> None:
    if not of_a_site:
        verify_chain(entries)
    for entry in entries:
        if digest(entry.content()) != entry.hash:
            raise BrokenChain(entry.sequence)
