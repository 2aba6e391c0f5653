"""What has been shown before, to whom, and has anybody changed that record?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from knutepunkt.analysis.disclosure.record_sets import RecordSet
from knutepunkt.analysis.disclosure.statements import Statement

GENESIS = "0" * 64


class BrokenChain(ValueError):
    """An entry of the ledger is missing, changed or out of order; ``sequence`` names it."""

    def __init__(self, sequence: int) -> None:
        super().__init__(f"ledger broken at entry {sequence}")
        self.sequence = sequence


class MissingContributors(LookupError):
    """The vault no longer knows who was behind an earlier figure, although answers remain."""


@dataclass(frozen=True)
class LedgerEntry:
    """One release: what it said, under which policy, for whom, chained to the one before.

    ``seal`` is the seal of the release's certificate, so that the chain covers what was told.
    """

    sequence: int
    release: str
    audience: str
    policy_hash: str
    statements: tuple[dict[str, Any], ...]
    previous: str
    hash: str
    seal: str = ""

    def content(self) -> dict[str, Any]:
        """Everything the hash covers."""
        return {
            "sequence": self.sequence,
            "release": self.release,
            "audience": self.audience,
            "policy_hash": self.policy_hash,
            "statements": list(self.statements),
            "previous": self.previous,
            "seal": self.seal,
        }

    def as_json(self) -> dict[str, Any]:
        """The entry with its hash, as it is handed to whoever checks the release."""
        return {**self.content(), "hash": self.hash}


def canonical(content: Any) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8: the bytes every hash here is taken of."""
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def digest(content: Any) -> str:
    """SHA-256 of canonical JSON."""
    return hashlib.sha256(canonical(content)).hexdigest()


def root_of(entries: Sequence[LedgerEntry]) -> str:
    """The hash of the last entry: it stands for the whole ledger."""
    return entries[-1].hash if entries else GENESIS


def append(
    entries: Sequence[LedgerEntry],
    *,
    release: str,
    audience: str,
    policy_hash: str,
    statements: Sequence[Statement],
    seal: str = "",
) -> LedgerEntry:
    """The next entry. The caller stores it where sequence and previous hash are unique.

    Raises:
        BrokenChain: the ledger it would be appended to is not intact.
    """
    verify_chain(entries)
    draft = LedgerEntry(
        sequence=len(entries) + 1,
        release=release,
        audience=audience,
        policy_hash=policy_hash,
        statements=tuple(statement.as_json() for statement in statements),
        previous=root_of(entries),
        hash="",
        seal=seal,
    )
    return LedgerEntry(**{**draft.__dict__, "hash": digest(draft.content())})


def verify_chain(entries: Sequence[LedgerEntry]) -> None:
    """Check that the entries are numbered from 1, chained, and unchanged.

    Raises:
        BrokenChain: naming the first entry that is not.
    """
    previous = GENESIS
    for place, entry in enumerate(entries, start=1):
        intact = entry.sequence == place and entry.previous == previous
        if not intact or entry.hash != digest(entry.content()):
            raise BrokenChain(place)
        previous = entry.hash


@dataclass(frozen=True)
class Ledger:
    """The entries, and the contributor sets the vault still holds, by key.

    A set that is gone together with its answers can no longer be subtracted from anything; name
    its round in ``forgotten_rounds``. Any other missing set makes the gate refuse. ``previews``
    are sets of reports that staff have seen and that are not released: they were shown as well.
    """

    entries: tuple[LedgerEntry, ...] = ()
    contributors: Mapping[str, RecordSet] = field(default_factory=dict)
    forgotten_rounds: frozenset[str] = frozenset()
    previews: tuple[RecordSet, ...] = ()

    @property
    def root(self) -> str:
        """The hash that stands for everything released before."""
        return root_of(self.entries)

    def verified_sets(self) -> tuple[RecordSet, ...]:
        """Every contributor set of every earlier release, after checking the chain.

        All audiences count: readers of a narrow release read the wide ones as well.

        Raises:
            BrokenChain: the chain is not intact.
            MissingContributors: a set is missing although its round is not forgotten.
        """
        verify_chain(self.entries)
        found: list[RecordSet] = []
        for entry in self.entries:
            for statement in entry.statements:
                found.extend(self._sets_of(statement))
        return (*found, *self.previews)

    def _sets_of(self, statement: dict[str, Any]) -> list[RecordSet]:
        sets: list[RecordSet] = []
        for row in statement["sets"]:
            known = self.contributors.get(row["key"])
            if known is not None:
                sets.append(known)
            elif row["round"] not in self.forgotten_rounds:
                raise MissingContributors(row["key"])
        return sets
