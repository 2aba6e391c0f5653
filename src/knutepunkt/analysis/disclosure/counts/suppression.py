"""Which cells of a table of counts must stay hidden so that no small one can be worked out?

A reader who knows the published cells and that they add up can bound every hidden one. A small cell
is protected when, for all the reader can tell, nobody is in it and enough people could be. The
fewest hidden cells that protect all small ones are found exactly: a small problem chooses cells,
the attack is tried on its choice, and each attack that succeeds becomes a constraint that the next
choice must obey (Fischetti and Salazar 2001, "Solving the cell suppression problem on tabular data
with linear constraints", Management Science 47).
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from knutepunkt.analysis.disclosure.counts.table import CountTable

Hidden = NDArray[np.bool_]


class TooLarge(RuntimeError):
    """The table could not be protected within the time given; nothing of it may be shown."""


@dataclass(frozen=True)
class Demand:
    """What must stay uncertain.

    Attributes:
        threshold: cells with fewer people than this are small; zero is small too unless
            ``zeros_are_small`` is false.
        reach: a small cell must look as if it could hold this many, or everyone of its group where
            the group is smaller; never more than ``threshold``.
        zeros_are_small: whether an empty cell is hidden (P3: "nobody" is a statement about all).
    """

    threshold: int
    reach: int
    zeros_are_small: bool = True

    def small(self, table: CountTable) -> Hidden:
        """The cells that are small in themselves, shape (C,)."""
        few = table.counts < self.threshold
        found: Hidden = few if self.zeros_are_small else few & (table.counts > 0)
        return found


@dataclass(frozen=True, eq=False)
class Suppression:
    """What stays hidden.

    Attributes:
        small: hidden because few people are in them, shape (C,).
        hidden: all hidden cells, ``small`` included, shape (C,).
        is_smallest: whether no smaller set of cells was possible.
    """

    small: Hidden
    hidden: Hidden
    is_smallest: bool


def suppress(table: CountTable, demand: Demand, *, seconds: float = 60.0) -> Suppression:
    """The fewest cells to hide so that no small cell can be worked out.

    Args:
        table: counts with their totals.
        demand: which cells are small, and what must seem possible in them.
        seconds: time before the table is given up.

    Returns:
        The hidden cells. Every small cell could, for all a reader can tell from the published
        cells, hold nobody, and could hold min(reach, size of its group) people; shown by whole
        numbers, never by a relaxation alone.

    Raises:
        TooLarge: out of time, or no set of cells protects the table (one small cell alone in a
            table whose totals are all known elsewhere).
    """
    ends = time.monotonic() + seconds
    small = demand.small(table)
    cuts = _Cuts(table, small)
    while True:
        hidden, is_smallest = cuts.choose(ends)
        broken = False
        for place in np.flatnonzero(small):
            if time.monotonic() > ends:
                raise TooLarge
            wanted = min(demand.reach, table.size_above(int(place)))
            broken |= cuts.attack(int(place), hidden, 0, ends)
            broken |= cuts.attack(int(place), hidden, wanted, ends)
        if not broken:
            return Suppression(small, hidden, is_smallest)


def could_be(
    table: CountTable, hidden: Hidden, place: int, *, seconds: float = 10.0
) -> tuple[int, int]:
    """The fewest and the most people a reader must think possible in a cell (the interval attack).

    Args:
        table: counts with their totals.
        hidden: the cells not published, shape (C,).
        place: the cell's index.
        seconds: time for each end.

    Returns:
        Whole numbers (low, high); the same number twice when the cell is known exactly.

    Raises:
        TooLarge: out of time.
    """
    low, high = (_extreme(table, hidden, place, sign, seconds) for sign in (1.0, -1.0))
    return low, high


def _extreme(table: CountTable, hidden: Hidden, place: int, sign: float, seconds: float) -> int:
    cost = np.zeros(len(table.keys))
    cost[place] = sign
    found = milp(
        cost,
        constraints=LinearConstraint(table.sums, 0.0, 0.0),
        bounds=_bounds(table, hidden),
        integrality=np.ones(cost.size, dtype=np.int64),
        options={"time_limit": seconds},
    )
    if found.status != 0:
        raise TooLarge
    return round(float(found.x[place]))


def _bounds(table: CountTable, hidden: Hidden) -> Bounds:
    most = float(table.counts.max(initial=0))
    return Bounds(np.where(hidden, 0.0, table.counts), np.where(hidden, most, table.counts))


class _Cuts:
    """The choice of cells, and what every choice must obey."""

    def __init__(self, table: CountTable, small: Hidden) -> None:
        self._table = table
        self._small = small
        self._rows: list[NDArray[np.float64]] = []
        self._least: list[float] = []
        self._worlds: list[NDArray[np.int64]] = []
        # Fewest cells first; among equals those with few people, so that large cells stay.
        spread = 1.0 + float(table.counts.sum())
        self._cost = 1.0 + table.counts / (spread * len(table.keys))

    def choose(self, ends: float) -> tuple[Hidden, bool]:
        """The cheapest cells that obey every cut so far, and whether that is proved."""
        rows = [LinearConstraint(np.array(self._rows), self._least, np.inf)] if self._rows else []
        found = milp(
            self._cost,
            constraints=rows,
            bounds=Bounds(self._small.astype(float), np.ones(self._small.size)),
            integrality=np.ones(self._small.size, dtype=np.int64),
            options={"time_limit": max(0.1, ends - time.monotonic()), "mip_rel_gap": 0.0},
        )
        if found.x is None:
            raise TooLarge
        hidden: Hidden = np.round(found.x) > 0
        return hidden, found.status == 0

    def attack(self, place: int, hidden: Hidden, wanted: int, ends: float) -> bool:
        """Whether the reader learns too much of this cell; if so, the next choice must differ.

        ``wanted`` zero asks whether nobody could be in the cell, else whether so many could.
        """
        if any(self._shows(world, place, hidden, wanted) for world in self._worlds):
            return False
        if self._bound_holds(place, hidden, wanted):
            world = self._whole_world(place, hidden, wanted, ends)
            if world is not None:
                self._worlds.append(world)
                return False
            self._add(np.where(hidden, 0.0, 1.0), 1.0)
        return True

    def _shows(self, world: NDArray[np.int64], place: int, hidden: Hidden, wanted: int) -> bool:
        there = world[place] >= wanted if wanted else world[place] == 0
        return bool(there) and not np.any((world != self._table.counts) & ~hidden)

    def _bound_holds(self, place: int, hidden: Hidden, wanted: int) -> bool:
        """Whether fractions at least reach what is wanted; if not, the dual gives the cut."""
        counts = self._table.counts.astype(float)
        cost = np.zeros(counts.size)
        cost[place] = -1.0 if wanted else 1.0
        bounds = _bounds(self._table, hidden)
        found = linprog(
            cost,
            A_eq=self._table.sums,
            b_eq=np.zeros(len(self._table.sums)),
            bounds=list(zip(bounds.lb.tolist(), bounds.ub.tolist(), strict=True)),
            method="highs",
        )
        if found.status != 0:
            raise TooLarge
        reached = abs(float(found.fun or 0.0))
        short = (wanted - counts[place]) if wanted else counts[place]
        if (reached >= wanted - 1e-6) if wanted else (reached <= 1e-6):
            return True
        up, down = -found.upper.marginals, found.lower.marginals
        most = counts.max(initial=0.0)
        gain = np.maximum(up, 0.0) * (most - counts) + np.maximum(down, 0.0) * counts
        self._add(np.minimum(gain, short), short)
        return False

    def _whole_world(
        self, place: int, hidden: Hidden, wanted: int, ends: float
    ) -> NDArray[np.int64] | None:
        bounds = _bounds(self._table, hidden)
        if wanted:
            bounds.lb[place] = float(wanted)
        else:
            bounds.ub[place] = 0.0
        found = milp(
            np.zeros(hidden.size),
            constraints=LinearConstraint(self._table.sums, 0.0, 0.0),
            bounds=bounds,
            integrality=np.ones(hidden.size, dtype=np.int64),
            options={"time_limit": max(0.1, ends - time.monotonic())},
        )
        if found.status not in (0, 2):
            raise TooLarge
        return None if found.x is None else np.round(found.x).astype(np.int64)

    def _add(self, row: NDArray[np.float64], least: float) -> None:
        if not np.any(row[~self._small] > 0) and row[self._small].sum() < least - 1e-9:
            raise TooLarge
        self._rows.append(row)
        self._least.append(least)
