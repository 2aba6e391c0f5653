"""What can a reader work out about one question from everything told on it?

The reader knows who belongs to which population and to which group, what a coalition answered, and
the bounds every figure puts on a count or on a sum. He asks how few and how many of a block of
people may lie in a cell. It is a search over whole people by a solver: no code of the gate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.attacks.releases.world import counts_within

Codes = tuple[int, ...]


@dataclass(frozen=True)
class Told:
    """One statement: so many of a population lie in a cell, or their answers sum to so much."""

    population: frozenset[str]
    codes: Codes | None
    low: float
    high: float


@dataclass(frozen=True)
class Question:
    """Everything told on one question, the people in it, and the answers it can have."""

    told: tuple[Told, ...]
    groups: Mapping[str, str]
    codes: Codes

    def kinds(
        self, known: Mapping[str, int], block: frozenset[str]
    ) -> dict[tuple[object, ...], int]:
        """People nobody can tell apart: in the same statements, in the block or not, not known."""
        tally: dict[tuple[object, ...], int] = {}
        for person in self.groups:
            if person in known:
                continue
            kind = (person in block, tuple(person in t.population for t in self.told))
            tally[kind] = tally.get(kind, 0) + 1
        return tally

    def bounds(
        self, block: Iterable[str], cell: Codes, known: Mapping[str, int] | None = None
    ) -> tuple[int, int]:
        """How few and how many of a block's people, those known left out, lie in a cell."""
        known = known or {}
        inside = frozenset(block) - set(known)
        kinds = self.kinds(known, inside)
        names = list(kinds)
        columns = [(kind, code) for kind in names for code in self.codes]
        rows, limits = [], []
        for kind in names:
            rows.append([float(k == kind) for k, _ in columns])
            limits.append((kinds[kind], kinds[kind]))
        for place, told in enumerate(self.told):
            weigh = {c: float(c in told.codes) if told.codes else float(c) for c in self.codes}
            rows.append([weigh[c] if k[1][place] else 0.0 for k, c in columns])  # type: ignore[index]
            mine = sum(weigh[a] for p, a in known.items() if p in told.population)
            limits.append((told.low - mine - 1e-6, told.high - mine + 1e-6))
        wanted = np.array([float(bool(k[0]) and c in cell) for k, c in columns])
        ends = np.array(limits)
        constraints = LinearConstraint(np.array(rows), ends[:, 0], ends[:, 1])
        found = [self._least(sign * wanted, constraints) for sign in (1.0, -1.0)]
        return round(found[0]), round(-found[1])

    @staticmethod
    def _least(aim: np.ndarray, constraints: LinearConstraint) -> float:
        answer = milp(
            aim,
            integrality=np.ones(aim.size, dtype=np.int64),
            bounds=Bounds(0, np.inf),
            constraints=constraints,
        )
        assert answer.status == 0, "the true answers always agree with what was told"
        return float(answer.fun)


def forced(low: int, high: int, people: int) -> bool:
    """Whether every one of so many people is known to be in the cell, or known not to be."""
    return people > 0 and low == high and low in (0, people)


def statements(shown: dict[str, Any], members: Iterable[str]) -> list[Told]:
    """What one released figure says of its population, as bounds; nothing where it is withheld."""
    people = frozenset(members)
    n = len(people)
    found = [Told(people, cell, *ends) for cell, ends in counts_within(shown, n).items()]
    small = shown.get("class")
    if small:
        ends = (0, small["fewer_than"] - 1) if small["fewer_than"] else (small["at_least"], n)
        found.append(Told(people, tuple(small["codes"]), *ends))
    for number in shown.get("numbers", ()):
        if number["name"] == "mean" and "value" in number:
            found.append(
                Told(people, None, (number["value"] - 0.05) * n, (number["value"] + 0.05) * n)
            )
    return found
