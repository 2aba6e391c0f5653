"""How small may a standard deviation, or a spread between groups, be before it tells on people?

A mean of 4.0 with a standard deviation of 0.0 says what everybody answered. P5 speaks of linear
statements, so the spread has a rule of its own: it is told exactly only where somebody may still
lie at either end of the scale, and a whole group away from the commonest answer, whatever a
coalition answered. Below that it is one class, "less than so much", whose limit follows from n, the
group sizes and the mean as it was told; the class itself leaves the same room. That a spread was
not told exactly therefore says no more than the class does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum

from knutepunkt.analysis.disclosure.interval import Crowd
from knutepunkt.analysis.disclosure.policy import Policy
from knutepunkt.analysis.disclosure.rounding import ReleasedNumber, half_up
from knutepunkt.analysis.disclosure.statements import (
    Number,
    NumberKind,
    Records,
)

STEP = 0.1
#: Half-width of a 95 % interval in standard errors: what an interval of a mean tells of the spread.
ERRORS = 2.0


class Room(IntEnum):
    """How much the spread of a set of records may tell."""

    LITTLE = 0  # even the public, who know nobody's answer, would learn something about somebody
    COALITION = 1  # a coalition would; told as a class
    PLENTY = 2


@dataclass(frozen=True)
class Spread:
    """The standard deviation of some records, and the limits below which it is a class.

    Attributes:
        deviation: unbiased, rounded as it would be told; 0 for fewer than two values.
        limit: from here on it is told exactly.
        public_limit: from here on it leaves the public room, if not a coalition.
        ceiling: up to here it is told exactly; beyond, nearly all stand at the two ends.
        n: values behind it.
    """

    deviation: float
    limit: float
    public_limit: float
    ceiling: float
    n: int

    @property
    def room(self) -> Room:
        """How much the spread may tell."""
        if self.limit <= self.deviation <= self.ceiling:
            return Room.PLENTY
        return Room.COALITION if self.deviation >= self.public_limit else Room.LITTLE

    @property
    def interval_leaves_room(self) -> bool:
        """Whether the interval of a mean, rounded to one decimal, is too coarse to tell on people.

        An end of the interval is known within half a step, so the spread behind it is known within
        that times the root of n over the number of standard errors. Even where nobody differs that
        must leave room: whether an interval is there then says nothing about the spread.
        """
        loose = STEP / 2 * math.sqrt(max(self.n, 1)) / ERRORS
        return loose >= self.public_limit

    @property
    def as_class(self) -> ReleasedNumber:
        """ "Less than so much", or "at least so much": told instead of an extreme one."""
        kind = str(NumberKind.DEVIATION)
        if self.deviation < self.limit:
            return ReleasedNumber("sd", None, 0.0, self.limit, kind)
        return ReleasedNumber("sd", None, max(self.limit, self.ceiling), None, kind)


def spread_of(records: Records, mean: tuple[float, float], crowd: Crowd, policy: Policy) -> Spread:
    """The spread of a set of records, judged beside its mean as it is told.

    Args:
        records: the records; only values that are there count.
        mean: the bounds within which the reader knows the mean.
        crowd: the people behind them.
        policy: the policy in force.
    """
    values = records.values[records.valid]
    deviation = half_up(float(values.std(ddof=1)), STEP) if values.size > 1 else 0.0
    if not policy.applies("P3"):
        return Spread(deviation, 0.0, 0.0, math.inf, values.size)
    limits = [_limit(records, mean, crowd, known, values.size) for known in (policy.coalition, 0)]
    return Spread(deviation, limits[0], limits[1], _ceiling(records, mean, policy), values.size)


def _limit(records: Records, mean: tuple[float, float], crowd: Crowd, known: int, n: int) -> float:
    """The smallest standard deviation that leaves room, on the grid it is told on."""
    low, high = records.variable.low, records.variable.high
    lattice = 1.0 / max(1, len(records.variable.components))
    farthest = max((end - m) ** 2 for end in (low, high) for m in mean)
    members = crowd.largest if crowd.sizes else crowd.threshold
    one_at_an_end = farthest * (1 + known)
    group_off_the_mode = members * lattice**2 + farthest * known
    uneven = _unevenness(mean, lattice) * n
    needed = max(one_at_an_end, group_off_the_mode) * n / max(n - members - known, 1) + uneven
    return round(math.ceil((math.sqrt(needed / max(n - 1, 1)) + STEP / 2) / STEP - 1e-9) * STEP, 1)


def _ceiling(records: Records, mean: tuple[float, float], policy: Policy) -> float:
    """The largest standard deviation that leaves room for somebody in the middle of the scale."""
    low, high = records.variable.low, records.variable.high
    n = int(records.valid.sum())
    widest = min((high - m) * (m - low) for m in mean) * n
    room = widest - (high - low) ** 2 / 4 * (1 + policy.coalition)
    found = math.sqrt(max(room, 0.0) / max(n - 1, 1)) - STEP / 2
    return round(math.floor(found / STEP) * STEP, 1)


def _unevenness(mean: tuple[float, float], lattice: float) -> float:
    """The variance that whole answers must have when their mean is no possible answer."""
    fractions = [(m / lattice) % 1.0 for m in (*mean, sum(mean) / 2)]
    return max(f * (1 - f) for f in fractions) * lattice**2


def told_with(spread: Spread, candidates: list[Number]) -> list[Number]:
    """The numbers that may stand beside each other given the spread.

    With little room whatever tells of the spread stays inside (its size, effect sizes, p, degrees
    of freedom, variances), and so do the ends of an interval where they would tell it.
    """
    if spread.room is Room.PLENTY:
        return candidates
    kept = [number for number in candidates if number.kind is not NumberKind.DEVIATION]
    if spread.room is Room.COALITION:
        return kept
    limits = {NumberKind.LIMIT} if spread.interval_leaves_room else set()
    return [number for number in kept if number.kind in {NumberKind.MEAN, *limits}]
