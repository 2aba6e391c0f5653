"""A centre an attack can be tried on, and what an attacker may know of it.

The attacker reads release documents, knows the policy, who is in which group, and, where the attack
says so, what one or two members of a group answered. Nothing here looks into the gate.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from knutepunkt.analysis.disclosure import (
    Audience,
    Judgement,
    Kind,
    Ladder,
    Ledger,
    Policy,
    Records,
    TableRequest,
    Variable,
    append,
    judge,
    kp1,
)

CODES = (1, 2, 3, 4, 5)
ITEM = Variable("BEN1", 1, 5)


@dataclass(frozen=True)
class Centre:
    """Who is in which group, and what each answered: the truth an attacker is after."""

    people: tuple[str, ...]
    groups: tuple[str, ...]
    answers: tuple[int, ...]

    @classmethod
    def drawn(
        cls, n: int, weights: Sequence[float], rng: np.random.Generator, spread: float = 0.5
    ) -> Centre:
        """n people in groups of five to eight; groups lean differently by ``spread``."""
        groups: list[str] = []
        while len(groups) < n:
            groups += [f"g{len(set(groups)):02}"] * int(rng.integers(5, 9))
        groups = groups[:n]
        lean = {g: rng.normal(0, spread) for g in sorted(set(groups))}
        answers = []
        for group in groups:
            tilted = np.array(weights) * np.exp(lean[group] * (np.arange(5) - 2))
            answers.append(int(rng.choice(CODES, p=tilted / tilted.sum())))
        return cls(tuple(f"p{i:03}" for i in range(n)), tuple(groups), tuple(answers))

    def records(self, keep: Sequence[bool] | None = None, **changes: Any) -> Records:
        """The centre's answers as records, or those of some people."""
        chosen = [i for i in range(len(self.people)) if keep is None or keep[i]]
        columns: dict[str, Any] = {
            "participants": [self.people[i] for i in chosen],
            "groups": [self.groups[i] for i in chosen],
            "values": [self.answers[i] for i in chosen],
            "closed": True,
        }
        return Records.of(ITEM, "autumn", **{**columns, **changes})


def table(records: Records, cell: str = "BEN1") -> TableRequest:
    """A planned row of the benefit table."""
    return TableRequest("T4", cell, Kind.FREQUENCY, (records,), ladder=Ladder.ordinal(CODES))


def mean(records: Records, cell: str = "BEN1") -> TableRequest:
    """A planned row of the table of means."""
    return TableRequest("T5", cell, Kind.MEAN, (records,))


def release(
    *requests: TableRequest,
    ledger: Ledger | None = None,
    policy: Policy | None = None,
    audience: Audience = Audience.CENTRE,
) -> Judgement:
    """Judge the planned figures; the attacker reads ``document`` only."""
    return judge(requests, policy=policy or kp1(), audience=audience, ledger=ledger or Ledger())


def remembered(*judgements: Judgement, audience: Audience = Audience.CENTRE) -> Ledger:
    """The ledger after these releases."""
    entries: tuple[Any, ...] = ()
    contributors: dict[str, Any] = {}
    for place, judgement in enumerate(judgements):
        entry = append(
            entries,
            release=f"r{place}",
            audience=audience,
            policy_hash=kp1().hash,
            statements=judgement.statements,
        )
        entries = (*entries, entry)
        contributors |= judgement.contributors
    return Ledger(entries, contributors)


def figure(document: dict[str, Any], cell: str = "BEN1", table_id: str = "T4") -> dict[str, Any]:
    """One figure of a release document; empty where it is not there."""
    wanted = (table_id, cell)
    found = [f for f in document["figures"] if (f["table"], f["cell"]) == wanted]
    return found[0] if found else {}


def plain_figure(
    records: Records, threshold: int = 5, partition: Sequence[tuple[int, ...]] | None = None
) -> dict[str, Any]:
    """What a plain threshold would publish: exact n and percentages if every cell holds enough."""
    cells = partition or [(1, 2, 3), (4, 5)]
    n = int(records.valid.sum())
    counts = [int(records.in_cell(cell).sum()) for cell in cells]
    if min(counts) < threshold:
        return {}
    rows = [
        {"codes": list(cell), "percent": 100 * count / n}
        for cell, count in zip(cells, counts, strict=True)
    ]
    return {"n": n, "categories": rows, "band": None, "rung": "categories", "exact": True}


def counts_within(shown: dict[str, Any], n: int) -> dict[tuple[int, ...], tuple[int, int]]:
    """Every count a figure tells, as the attacker can bound it when he knows n exactly.

    A percentage to the nearest 5 (below 100) or 1 gives an interval of counts; a band gives the
    side of its cut. An exact percentage gives the count itself.
    """
    if not shown:
        return {}
    step = 0.0 if shown.get("exact") else 5.0 if n < 100 else 1.0
    bounds: dict[tuple[int, ...], tuple[int, int]] = {}
    for row in shown["categories"]:
        low = math.ceil(round((row["percent"] - step / 2) * n / 100, 6))
        high = math.floor(round((row["percent"] + step / 2) * n / 100, 6))
        bounds[tuple(row["codes"])] = (max(0, low), min(n, high))
    band = shown["band"]
    if band:
        low = math.ceil(round(band["low_tenths"] * n / 10, 6))
        high = math.floor(round(band["high_tenths"] * n / 10, 6))
        bounds[tuple(band["codes"])] = (low, high)
    return bounds
