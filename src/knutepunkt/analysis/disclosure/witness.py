"""Do several published statements about one question still leave every group's answers open (P5)?

One table over one population is settled in closed form (``interval.py``). Where populations overlap
(a linked subset, a filter, an earlier release) or a mean stands beside a table, this file looks for
the worlds themselves: whole numbers of people per block, membership pattern and answer that agree
with everything published. A block is the group looked at, or everybody else; how everybody else is
spread over their groups is free, so two blocks are enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from knutepunkt.analysis.disclosure.places import Places
from knutepunkt.analysis.disclosure.policy import Audience, Policy
from knutepunkt.analysis.disclosure.record_sets import RecordSet
from knutepunkt.analysis.disclosure.scene import (
    Demand,
    Mask,
    Scene,
    Vector,
    entangled,
    scene_of,
    telling,
    weights_of,
)


class SolverStopped(RuntimeError):
    """The integer solver ran out of time, or the release out of witnesses."""


@dataclass
class Budget:
    """How many integer problems a release has been given, and how many were used."""

    limit: int
    seconds: float
    used: int = 0

    def spend(self) -> None:
        """Count one problem.

        Raises:
            SolverStopped: there are none left.
        """
        self.used += 1
        if self.used > self.limit:
            raise SolverStopped


def stays_open(
    sets: Sequence[RecordSet], policy: Policy, budget: Budget, places: Places | None = None
) -> bool:
    """Whether all statements about one question together keep every group's answers open.

    They are looked at as each circle of readers sees them: the centre sees what a wider audience
    was shown as well, the public does not see what the centre was shown.

    Args:
        sets: every published and proposed set of one variable in one round.
        policy: the policy in force.
        budget: integer problems left for the release.
        places: everybody in the sets, where that is known already.

    Raises:
        SolverStopped: no answer within the policy's time; the figure must be withheld.
    """
    if not policy.applies("P5"):
        return True
    places = places or Places(sets)
    for audience in sorted({Audience(s.audience) for s in sets}, key=lambda a: a.breadth):
        seen = [s for s in sets if Audience(s.audience).breadth >= audience.breadth]
        seen = telling(seen, places)
        if entangled(seen, places):
            scene = scene_of(seen, places)
            if not _scene_open(scene, policy.threshold(audience), policy, budget):
                return False
    return True


def _scene_open(scene: Scene, threshold: int, policy: Policy, budget: Budget) -> bool:
    """Every demand, for every group: by exchange where that serves, else by the solver.

    A world in which nobody of many others lies in a cell is also one for fewer of them, so of
    vectors where one holds the other only the larger is asked about nobody.
    """
    vectors = _others(scene.groups, policy.coalition)
    worlds = _Worlds(scene, policy, budget)
    for demand in scene.demands:
        asked = [v for v in vectors if _members(v, demand)]
        hard = [v for v in asked if not worlds.serve(v, demand, 0)]
        if not all(worlds.exists(others, demand, 0) for others in _largest(hard)):
            return False
        if not all(worlds.exists(v, demand, min(threshold, _members(v, demand))) for v in asked):
            return False
    return True


def _members(others: Vector, demand: Demand) -> int:
    return sum(others[i] for i in demand.patterns)


@dataclass(frozen=True)
class _Wanted:
    """Others of whom so many are to lie where a demand looks; without a demand, anywhere."""

    others: Vector
    demand: Demand | None
    least: int
    most: int

    def is_met(self, inside: Mask) -> bool:
        """Whether the others lie so."""
        if self.demand is None:
            return True
        lying = inside[np.ix_(self.demand.patterns, self.demand.pieces)].sum()
        return bool(self.least <= lying <= self.most)


@dataclass(frozen=True)
class _Blocks:
    """A world that agrees with the facts: the others, and everybody else, by pattern and piece."""

    inside: Mask
    outside: Mask

    def has_room(self, known: Mask) -> bool:
        """Whether everybody else can hold a coalition that answered so."""
        return bool(np.all(self.outside >= known))


class _Worlds:
    """The worlds known to agree with a scene; from each, an exchange makes many more.

    The real one as far as the sets tell it, one that spreads people as evenly as the facts allow,
    and every one the solver found: participants of one pattern change groups, and no number moves.
    """

    def __init__(self, scene: Scene, policy: Policy, budget: Budget) -> None:
        self._scene, self._policy, self._budget = scene, policy, budget
        self._tables = [] if scene.table is None else [scene.table]
        self._evened = False
        self._blocks: dict[Vector, list[_Blocks]] = {}

    def serve(self, others: Vector, demand: Demand, least: int) -> bool:
        """Whether an exchange puts nobody (least 0), or at least so many, of the others in."""
        if any(self._served(table, others, demand, least) for table in self._tables):
            return True
        if self._evened:
            return False
        self._evened = True
        even = _even_world(self._scene, self._policy, self._budget)
        if even is None:
            return False
        self._tables.append(even)
        return self._served(even, others, demand, least)

    def exists(self, others: Vector, demand: Demand, least: int) -> bool:
        """Whether any world at all does; what the solver finds serves the next group as well."""
        if self.serve(others, demand, least):
            return True
        wanted = _Wanted(others, demand, least, _members(others, demand) if least else 0)
        return self._found(wanted)

    def _found(self, wanted: _Wanted) -> bool:
        """Whether some world agrees with the facts and has so many of the others in the cell.

        The rest of the world keeps a coalition's worth of people in every pattern and piece, so that
        one world serves whatever the coalition answered; where there are too few people for that,
        every coalition is looked at on its own, and a world found for one serves each that it has
        room for. A world of the first kind is added to the tables.
        """
        shape = (len(self._scene.totals), len(self._scene.pieces))
        everywhere = np.full(shape, float(self._policy.coalition))
        rest = np.array(self._scene.totals) - np.array(wanted.others)
        if np.all(rest >= everywhere.sum(axis=1)):
            found = _solved(self._scene, wanted, everywhere, self._budget)
            if found is not None:
                self._tables.append(found.inside + found.outside)
                return True
        return all(
            self._withstands(wanted, known) for known in _coalitions(shape, self._policy.coalition)
        )

    def _withstands(self, wanted: _Wanted, known: Mask) -> bool:
        """Whether a world with this coalition serves, or no world has this coalition at all."""
        blocks = self._blocks.setdefault(wanted.others, [])
        if any(each.has_room(known) and wanted.is_met(each.inside) for each in blocks):
            return True
        found = _solved(self._scene, wanted, known, self._budget)
        if found is not None:
            blocks.append(found)
            return True
        if any(each.has_room(known) for each in blocks):
            return False
        anyhow = _Wanted(wanted.others, None, 0, 0)
        return _solved(self._scene, anyhow, known, self._budget) is None

    def _served(self, table: Mask, others: Vector, demand: Demand, least: int) -> bool:
        known, inside = self._policy.coalition, 0
        for pattern in demand.patterns:
            in_cell = int(table[pattern, list(demand.pieces)].sum())
            left = self._scene.totals[pattern] - in_cell
            if least == 0 and others[pattern] and left < others[pattern] + known:
                return False
            inside += min(others[pattern], max(0, in_cell - known))
        return inside >= least


def _even_world(scene: Scene, policy: Policy, budget: Budget) -> Mask | None:
    """A world whose emptiest piece is as full as the facts allow, with room for a coalition in it."""
    budget.spend()
    patterns, pieces = len(scene.totals), len(scene.pieces)
    rows: list[Mask] = [np.append(fact.weights.ravel(), 0.0) for fact in scene.facts]
    limits = [(fact.low - 1e-6, fact.high + 1e-6) for fact in scene.facts]
    for pattern, total in enumerate(scene.totals):
        people = np.zeros((patterns, pieces))
        people[pattern] = 1.0
        rows.append(np.append(people.ravel(), 0.0))
        limits.append((float(total), float(total)))
    for place in range(patterns * pieces):
        row: Mask = np.zeros(patterns * pieces + 1)
        row[place], row[-1] = 1.0, -1.0
        rows.append(row)
        limits.append((0.0, np.inf))
    ends = np.array(limits)
    answer = milp(
        np.append(np.zeros(patterns * pieces), -1.0),
        integrality=np.ones(patterns * pieces + 1, dtype=np.int64),
        bounds=Bounds(np.full(patterns * pieces + 1, float(policy.coalition)), np.inf),
        constraints=LinearConstraint(np.array(rows), ends[:, 0], ends[:, 1]),
        # Any fairly even world will do; to prove the most even one takes many times longer.
        options={"time_limit": budget.seconds, "mip_rel_gap": 0.5},
    )
    if answer.status not in (0, 2):
        raise SolverStopped
    if answer.status == 2:
        return None
    world: Mask = np.rint(answer.x[:-1]).reshape(patterns, pieces)
    return world


def _largest(vectors: Sequence[Vector]) -> list[Vector]:
    """The vectors that no other vector holds."""
    return [
        v
        for v in vectors
        if not any(v != w and all(a <= b for a, b in zip(v, w, strict=True)) for w in vectors)
    ]


def _others(groups: Iterable[Vector], coalition: int) -> tuple[Vector, ...]:
    """Every group as it looks to outsiders, and to a coalition inside it: the other members."""
    seen: dict[Vector, None] = {}
    for group in groups:
        frontier = {group}
        for _ in range(coalition + 1):
            seen |= dict.fromkeys(sorted(frontier))
            frontier = {smaller for vector in frontier for smaller in _without_one(vector)}
    return tuple(seen)


def _without_one(vector: Vector) -> Iterator[Vector]:
    for place, count in enumerate(vector):
        if count:
            yield (*vector[:place], count - 1, *vector[place + 1 :])


def _coalitions(shape: tuple[int, int], size: int) -> Iterator[Mask]:
    """Every multiset of ``size`` known answers, as people per pattern and piece."""
    cells = shape[0] * shape[1]

    def extend(known: Vector, start: int, left: int) -> Iterator[Vector]:
        if left == 0:
            yield known
            return
        for place in range(start, cells):
            grown = (*known[:place], known[place] + 1, *known[place + 1 :])
            yield from extend(grown, place, left - 1)

    for known in extend((0,) * cells, 0, size):
        yield np.array(known, dtype=float).reshape(shape)


def _solved(scene: Scene, wanted: _Wanted, elsewhere: Mask, budget: Budget) -> _Blocks | None:
    """One integer problem: people per block (the others, everybody else), pattern and piece.

    Returns a world, or None where there is none.
    """
    budget.spend()
    patterns, pieces = len(scene.totals), len(scene.pieces)
    rows: list[Mask] = []
    limits: list[tuple[float, float]] = []
    for pattern in range(patterns):
        row = np.zeros((patterns, pieces))
        row[pattern] = 1.0
        inside = float(wanted.others[pattern])
        outside = float(scene.totals[pattern]) - inside
        rows += [_both(row, 0 * row), _both(0 * row, row)]
        limits += [(inside, inside), (outside, outside)]
    for fact in scene.facts:
        rows.append(_both(fact.weights, fact.weights))
        limits.append((fact.low - 1e-6, fact.high + 1e-6))
    if (demand := wanted.demand) is not None:
        cell = weights_of((patterns, pieces), demand.patterns, dict.fromkeys(demand.pieces, 1.0))
        rows.append(_both(cell, 0 * cell))
        limits.append((float(wanted.least), float(wanted.most)))
    low = np.concatenate([np.zeros(patterns * pieces), elsewhere.ravel()])
    ends = np.array(limits)
    answer = milp(
        np.zeros(low.size),
        integrality=np.ones(low.size, dtype=np.int64),
        bounds=Bounds(low, np.inf),
        constraints=LinearConstraint(np.array(rows), ends[:, 0], ends[:, 1]),
        options={"time_limit": budget.seconds},
    )
    if answer.status not in (0, 2):
        raise SolverStopped
    if answer.status == 2:
        return None
    blocks: Mask = np.rint(answer.x).reshape(2, patterns, pieces)
    return _Blocks(blocks[0], blocks[1])


def _both(inside: Mask, outside: Mask) -> Mask:
    return np.concatenate([inside.ravel(), outside.ravel()])
