"""A made-up centre whose answers a test can set exactly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from knutepunkt.analysis.disclosure import Kind, Ladder, Records, TableRequest, Variable

FIVE_POINTS = (1, 2, 3, 4, 5)
BENEFIT = Variable("BEN1", low=1, high=5)
HARM = Variable("NEG1", low=1, high=5)
HARM_LADDER = Ladder.of(((1,), (2,), (3, 4, 5)), ((1, 2), (3, 4, 5)))


def answers(counts: Sequence[int], codes: Sequence[int] = FIVE_POINTS) -> list[int]:
    """So many answers of each code."""
    return [code for code, count in zip(codes, counts, strict=True) for _ in range(count)]


def records(
    values: Sequence[float | None],
    *,
    group_size: int = 6,
    variable: Variable = BENEFIT,
    round_id: str = "autumn",
    participants: Sequence[str] | None = None,
    groups: Sequence[str] | None = None,
    with_slip: Sequence[bool] | None = None,
    closed: bool = True,
    seed: int | None = 1,
) -> Records:
    """Records of one variable; the answers are shuffled over groups of equal size."""
    shuffled = list(values)
    if seed is not None:
        order = np.random.default_rng(seed).permutation(len(shuffled))
        shuffled = [shuffled[i] for i in order]
    n = len(shuffled)
    return Records.of(
        variable,
        round_id,
        participants=participants or [f"p{i}" for i in range(n)],
        groups=groups or [f"g{i // group_size}" for i in range(n)],
        values=shuffled,
        with_slip=with_slip,
        closed=closed,
    )


def frequency(
    data: Records, *, cell: str = "BEN1", table: str = "T4", ladder: Ladder | None = None
) -> TableRequest:
    """A planned row of the benefit table."""
    return TableRequest(
        table, cell, Kind.FREQUENCY, (data,), ladder=ladder or Ladder.ordinal(FIVE_POINTS)
    )


def harm(data: Records) -> TableRequest:
    """A planned row of the table of harm, which is always shown."""
    return TableRequest(
        "T15", "NEG1", Kind.FREQUENCY, (data,), ladder=HARM_LADDER, always_shown=True
    )
