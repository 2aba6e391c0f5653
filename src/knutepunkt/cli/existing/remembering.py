"""What has been told of a file of answers before, so that two reports cannot be subtracted?

One line of JSON for each report, chained as the site's ledger is: the entry, and who was behind each
figure. It says as much about people as the answers do, so it lies beside them and not in the report's
folder, and nobody else on the machine may read it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from knutepunkt.analysis.disclosure import (
    BrokenChain,
    Ledger,
    LedgerEntry,
    RecordSet,
    verify_chain,
)
from knutepunkt.analysis.disclosure.ledger import digest
from knutepunkt.analysis.disclosure.storing import packed, unpacked
from knutepunkt.cli.existing.problems import BadInput, Place

ENDING = ".ledger"


@dataclass(frozen=True)
class Memory:
    """The ledger of one file of answers, with who was behind each figure, by key."""

    path: Path
    entries: tuple[LedgerEntry, ...] = ()
    contributors: Mapping[str, RecordSet] = field(default_factory=dict)
    #: For each entry, the digest of what that report was made of.
    made_of: tuple[str, ...] = ()
    #: The entry of the very report that is being made again; it is remembered already.
    again: LedgerEntry | None = None

    @classmethod
    def of(
        cls, path: Path | None, answers: Path, out: Path | None = None, *, of_a_site: bool = False
    ) -> Memory:
        """Read the ledger of these answers; an empty one where nothing was told before.

        It lies beside the answers; where nothing is to be written there, beside the folder `out`.
        `of_a_site`: the chain is the site's, and these are the links made here.

        Raises `BadInput` where the file is damaged, or was changed.
        """
        name = f"knutepunkt{ENDING}" if of_a_site else f"{answers.name}{ENDING}"
        beside = answers if out is None or _takes_files(answers.parent) else out
        where = path or beside.with_name(name)
        if not where.exists():
            return cls(where)
        entries: list[LedgerEntry] = []
        made_of: list[str] = []
        contributors: dict[str, RecordSet] = {}
        try:
            for line in where.read_text("utf-8").splitlines():
                told = json.loads(line)
                statements = tuple(told["entry"]["statements"])
                entries.append(LedgerEntry(**{**told["entry"], "statements": statements}))
                made_of.append(str(told.get("made_of", "")))
                contributors |= unpacked(told)
            _verify(entries, of_a_site=of_a_site)
        except (ValueError, LookupError, TypeError, OSError) as damaged:
            number = damaged.sequence if isinstance(damaged, BrokenChain) else len(entries) + 1
            raise BadInput(
                Place(where.name, row=number),
                "What was told of these answers before cannot be read.",
                "Take the file back from a copy. Without it nothing is told.",
            ) from damaged
        return cls(where, tuple(entries), contributors, tuple(made_of))

    def before(self, made_of: str) -> Memory:
        """What was remembered when a report was last made of this; all of it where none was.

        Made again of the same, a report is the same to the last byte, and it tells nothing new.
        """
        if made_of not in self.made_of:
            return self
        at = len(self.made_of) - 1 - self.made_of[::-1].index(made_of)
        earlier = {
            key: known for key, known in self.contributors.items() if int(key.split(":")[0]) <= at
        }
        return replace(
            self, entries=self.entries[:at], contributors=earlier, again=self.entries[at]
        )

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

    def remember(
        self, entry: LedgerEntry, contributors: Mapping[str, RecordSet], made_of: str = ""
    ) -> None:
        """Write one more report, and wait until it lies on the disk."""
        if self.again is not None and entry.hash == self.again.hash:
            return
        told = {
            "entry": entry.as_json(),
            "made_of": made_of,
            **packed(contributors.values()),
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


def _takes_files(folder: Path) -> bool:
    """Whether the folder is meant to be written in; its owner's marks count for everybody."""
    try:
        return os.access(folder, os.W_OK) and bool(folder.stat().st_mode & 0o222)
    except OSError:
        return False


def _verify(entries: list[LedgerEntry], *, of_a_site: bool) -> None:
    if not of_a_site:
        verify_chain(entries)
    for entry in entries:
        if digest(entry.content()) != entry.hash:
            raise BrokenChain(entry.sequence)
