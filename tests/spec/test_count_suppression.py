"""Do hidden cells hold where those of a well-known program can be worked out?

Compared with outputs of GaussSuppression for four tables of small counts; the tables are read from
the folder of real data and skipped by name without it.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from knutepunkt.analysis.disclosure.counts import (
    CountTable,
    Demand,
    could_be,
    suppress,
    table_of,
)

pytestmark = pytest.mark.reference

#: What must seem possible in every small cell: nobody, and two people.
REACH = 2


@dataclass(frozen=True)
class Case:
    """One table: where it lies, how it is divided, and what the other program made of it."""

    data: str
    by: tuple[tuple[str, ...], ...]
    output: str
    threshold: int
    zeros_are_small: bool = True
    #: Cells more than the other program hides, where fewer cannot hold (proved by the solver).
    more: int = 0


CASES = {
    "two_way": Case("suppression_in", (("gruppe",), ("nytte",)), "suppression_2way", 3),
    "nested": Case("suppression_in", (("org", "gruppe"), ("nytte",)), "suppression_hier", 3, False),
    "linked": Case("suppression_in", (("org", "gruppe"), ("nytte",)), "suppression_linked", 3),
    "three_way": Case(
        "suppression12_in", (("gruppe",), ("nytte",), ("kjonn",)), "suppression12_out", 4, more=1
    ),
}


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _theirs(case: Case, table: CountTable, folder: Path) -> np.ndarray:
    rows = _read(folder / f"{case.output}.csv")
    names = [name for name in rows[0] if name not in {"freq", "primary", "suppressed"}]
    hidden = {tuple(row[name] for name in names): row["suppressed"] == "TRUE" for row in rows}
    return np.array([hidden[key] for key in table.keys])


def _pinned(table: CountTable, hidden: np.ndarray, small: np.ndarray) -> int:
    """Small cells in which somebody certainly is, or in which two people cannot be."""
    found = 0
    for place in np.flatnonzero(small):
        low, high = could_be(table, hidden, int(place))
        found += low > 0 or high < min(REACH, table.size_above(int(place)))
    return found


@pytest.mark.parametrize("name", CASES)
def test_no_more_is_hidden_and_nothing_can_be_worked_out(name: str, reference: Path) -> None:
    case = CASES[name]
    folder = reference / "gold"
    table = table_of(_read(folder / f"{case.data}.csv"), by=case.by, count="freq")
    demand = Demand(case.threshold, REACH, case.zeros_are_small)
    theirs = _theirs(case, table, folder)
    ours = suppress(table, demand)
    assert ours.is_smallest
    assert np.all(theirs[ours.small])
    assert ours.hidden.sum() <= theirs.sum() + case.more
    assert _pinned(table, ours.hidden, ours.small) == 0
    if case.more:
        assert _pinned(table, theirs, ours.small) > 0


def test_the_other_output_gives_a_member_away(reference: Path) -> None:
    case = CASES["two_way"]
    folder = reference / "gold"
    table = table_of(_read(folder / f"{case.data}.csv"), by=case.by, count="freq")
    theirs = _theirs(case, table, folder)
    place = table.keys.index(("G4", "noe"))
    assert could_be(table, theirs, place) == (1, 4)
    assert could_be(table, suppress(table, Demand(3, REACH)).hidden, place)[0] == 0
