"""How far would a figure move if other groups had been asked: groups drawn anew?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knutepunkt.analysis.distributions import normal_below, normal_quantile
from knutepunkt.analysis.models.arrays import Floats, Integers, codes_of
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode

REPLICATIONS = 1_999
SEED = 20_071
MOST_LOST = 0.05
EXTREME = 1e-4

# Given row numbers and the number of the drawn group of each, return the figures, shape (k,).
Statistic = Callable[[Integers, Integers], Floats]


@dataclass(frozen=True)
class ClusterBootstrap:
    """Figures with intervals from drawing whole groups.

    Attributes:
        values: the figures of the rows as they are, shape (k,).
        se: standard deviations over replications, shape (k,).
        low, high: bias-corrected and accelerated (BCa) limits, shape (k,).
        level: confidence level.
        replications: how many gave figures; ``lost`` ones could not be computed.
        n_groups: groups drawn from.
    """

    values: Floats
    se: Floats
    low: Floats
    high: Floats
    level: float
    replications: int
    lost: int
    n_groups: int


def cluster_bootstrap(
    statistic: Statistic,
    groups: NDArray[Any],
    *,
    level: float = 0.95,
    replications: int = REPLICATIONS,
    seed: int = SEED,
    least_groups: int = 2,
) -> ClusterBootstrap:
    """Draw G groups with replacement, all their rows with them, and compute the figures anew.

    A group drawn twice counts as two groups. Limits are BCa: percentiles moved for bias and for
    skewness, the latter from leaving out one group at a time. The seed is fixed, so the same rows
    give the same limits.

    Args:
        statistic: computes the figures from rows; see :data:`Statistic`.
        groups: group of each row, shape (n,).
        least_groups: fewer are refused.

    Raises:
        ModelRefusal: ``too_few_groups``; ``not_estimable`` if more than one replication in twenty
            cannot be computed; ``no_variance`` if a figure never moves; what ``statistic`` refuses
            on the rows as they are.
    Sources: Efron (1987), JASA 82, 171-185; Field and Welsh (2007), JRSS B 69, 369-390.
    """
    codes, levels = codes_of(np.asarray(groups))
    if levels.size < least_groups:
        raise ModelRefusal(
            RefusalCode.TOO_FEW_GROUPS, f"{levels.size} groups, {least_groups} needed"
        )
    order, sizes = np.argsort(codes, kind="stable"), np.bincount(codes)
    starts = np.cumsum(sizes) - sizes

    def of(drawn: Integers) -> Floats | None:
        many = sizes[drawn]
        own = np.repeat(np.arange(drawn.size), many)
        inside = np.arange(own.size) - np.repeat(np.cumsum(many) - many, many)
        rows = order[np.repeat(starts[drawn], many) + inside]
        try:
            return np.atleast_1d(np.asarray(statistic(rows, own), dtype=np.float64))
        except (ModelRefusal, np.linalg.LinAlgError):
            return None

    whole = np.arange(levels.size)
    values = np.atleast_1d(np.asarray(statistic(np.arange(codes.size), codes), dtype=np.float64))
    rng = np.random.default_rng(seed)
    drawn = [of(rng.integers(0, levels.size, levels.size)) for _ in range(replications)]
    found = np.array([one for one in drawn if one is not None and np.isfinite(one).all()])
    lost = replications - len(found)
    if lost > MOST_LOST * replications:
        raise ModelRefusal(
            RefusalCode.NOT_ESTIMABLE, f"{lost} of {replications} draws give nothing"
        )
    left_out = [of(np.delete(whole, one)) for one in whole]
    kept = np.array([one for one in left_out if one is not None and np.isfinite(one).all()])
    limits = [_bca(values[k], found[:, k], kept[:, k], level) for k in range(values.size)]
    low, high = (np.array(side) for side in zip(*limits, strict=True))
    return ClusterBootstrap(
        values, found.std(axis=0, ddof=1), low, high, level, len(found), lost, levels.size
    )


def _bca(value: float, found: Floats, left_out: Floats, level: float) -> tuple[float, float]:
    if float(np.ptp(found)) == 0.0:
        raise ModelRefusal(RefusalCode.NO_VARIANCE, "the figure is the same in every draw")
    below = float(np.mean(found < value) + 0.5 * np.mean(found == value))
    bias = float(normal_quantile(np.clip(below, EXTREME, 1.0 - EXTREME)))
    gaps = left_out.mean() - left_out
    cubes, squares = float((gaps**3).sum()), float((gaps**2).sum())
    skew = cubes / (6.0 * squares**1.5) if squares > 0.0 else 0.0
    shifted = bias + normal_quantile([0.5 - level / 2.0, 0.5 + level / 2.0])
    ends = np.asarray(normal_below(bias + shifted / (1.0 - skew * shifted)))
    low, high = np.quantile(found, ends)
    return float(low), float(high)
