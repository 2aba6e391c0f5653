"""In which fixed steps may a table grow coarser until it exposes nobody?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from knutepunkt.analysis.disclosure.policy import Policy

Cell = tuple[int, ...]
Partition = tuple[Cell, ...]


class Rung(StrEnum):
    """What form a figure took when it left the gate, from the most to the least it says."""

    CATEGORIES = "categories"
    FIGURES = "figures"
    QUOTATIONS = "quotations"
    BAND = "band"
    CLASS = "class"
    ONLY_N = "only_n"
    WITHHELD = "withheld"


class LadderError(ValueError):
    """A ladder whose steps do not nest, or whose cells do not share the same codes."""


@dataclass(frozen=True)
class Ladder:
    """The partitions of one variable's codes, finest first; the last has two cells.

    The last cell of the last partition is the one a band or a class speaks about: the favourable
    side of a benefit question, the harm itself in a question about harm.
    """

    partitions: tuple[Partition, ...]

    def __post_init__(self) -> None:
        """Refuse partitions that overlap, differ in codes, or end in other than two cells."""
        if not self.partitions or len(self.partitions[-1]) != 2:
            raise LadderError("the last step of a ladder has two cells")
        codes = sorted(code for cell in self.partitions[0] for code in cell)
        for finer, coarser in zip(self.partitions, self.partitions[1:], strict=False):
            if any(not any(set(f) <= set(c) for c in coarser) for f in finer):
                raise LadderError("a step does not merge the cells of the step before it")
        for partition in self.partitions:
            members = sorted(code for cell in partition for code in cell)
            if members != codes or len(set(members)) != len(members):
                raise LadderError("every step holds each code exactly once")

    @classmethod
    def of(cls, *partitions: Partition) -> Ladder:
        """A ladder from its partitions, finest first."""
        return cls(tuple(partitions))

    @classmethod
    def ordinal(cls, codes: Cell) -> Ladder:
        """The ladder of an ordered answer scale: every code, then three cells, then two.

        Five points merge 5 -> 3 -> 2; the upper cell of the last step is the upper two of five.
        """
        k = len(codes)
        upper = k // 2
        steps: list[Partition] = [tuple((code,) for code in codes)]
        if k >= 4:
            steps.append((codes[:upper], codes[upper : k - upper], codes[k - upper :]))
        if k >= 3:
            steps.append((codes[: k - upper], codes[k - upper :]))
        return cls(tuple(tuple(c for c in step if c) for step in steps))

    @property
    def codes(self) -> Cell:
        """Every code of the variable."""
        return tuple(sorted(code for cell in self.partitions[0] for code in cell))

    @property
    def spoken(self) -> Cell:
        """The cell a band or a class speaks about."""
        return self.partitions[-1][-1]


@dataclass(frozen=True)
class Band:
    """A share known only to lie at or beyond a cut: "at least 8 in 10", "at most 2 in 10".

    ``low`` and ``high`` are tenths, the bounds the reader is told; ``within`` is the same as counts
    and includes what the reader can infer from the bands that were not taken.
    """

    codes: Cell
    low: float
    high: float
    within: tuple[int, int]

    @property
    def at_least(self) -> bool:
        """Whether the sentence reads "at least" (else "at most")."""
        return self.high >= 10.0

    def as_json(self) -> dict[str, object]:
        """The band as the reader is told it; the counts stay behind."""
        return {"codes": list(self.codes), "low_tenths": self.low, "high_tenths": self.high}


def room_beyond(n: int, tenths: float) -> int:
    """How many of ``n`` participants may lie on the small side of a cut at ``tenths`` in ten."""
    return math.floor(n * round(10.0 - tenths, 6) / 10.0 + 1e-9)


def band_cuts(n: int, sizes: tuple[int, ...], threshold: int, policy: Policy) -> tuple[float, ...]:
    """The cuts open to a population, nearest to everybody first; empty when it is too small.

    The cuts follow from ``n`` and the group sizes, which everyone knows, never from an answer. The
    small side must hold a whole group of others besides the coalition, so that neither "nobody of
    them" nor "all of them" can be excluded.

    Args:
        n: valid answers with a slip.
        sizes: participants per group; empty where the design has no groups.
        threshold: t for the audience.
        policy: the policy in force.
    """
    margin = max((threshold, *((policy.group_size, *sizes) if sizes else ())))
    needed = margin + policy.coalition
    return tuple(cut for cut in policy.band_tenths if room_beyond(n, cut) >= needed)


def band_of(count: int, n: int, codes: Cell, cuts: tuple[float, ...]) -> Band | None:
    """The first band that holds ``count`` of ``n``, from either end; None in the middle."""
    outer = -1
    for cut in cuts:
        room = room_beyond(n, cut)
        if n - count <= room:
            return Band(codes, cut, 10.0, (n - room, n - outer - 1))
        if count <= room:
            return Band(codes, 0.0, round(10.0 - cut, 6), (outer + 1, room))
        outer = room
    return None
