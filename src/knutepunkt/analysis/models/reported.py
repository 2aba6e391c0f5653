"""What does the report get from a model: figures, the row of the policy, and what to mention?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from knutepunkt.analysis.models.arrays import Floats
from knutepunkt.analysis.models.cluster_robust import Sandwich, cluster_robust
from knutepunkt.analysis.models.design import INTERCEPT
from knutepunkt.analysis.models.fit import MixedFit
from knutepunkt.analysis.models.inference import Estimate, t_estimate
from knutepunkt.analysis.models.moments import moments_from_rows
from knutepunkt.analysis.models.policy import PolicyRow
from knutepunkt.analysis.models.random_intercept import Interval
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.models.term_tests import TermTest


class Flag(StrEnum):
    """What a reader must be told beside the figure."""

    SINGULAR = "singular_fit"
    CONDITIONAL_ON_GROUPS = "conditional_on_groups"
    NO_GROUPS = "no_groups_in_the_design"
    UNLINKED = "rounds_not_linked_by_person"
    ONE_PERSON_PER_GROUP = "one_person_per_group"
    SLOPE_NOT_ESTIMABLE = "slope_not_estimable"
    SLOPE_ESTIMATED = "slope_estimated"
    ROWS_DROPPED = "rows_without_answer_left_out"


@dataclass(frozen=True)
class VarianceShare:
    """The variance at one level.

    Attributes:
        level: ``group``, ``person`` or ``residual``; slopes as ``group:slope``.
        variance: on the outcome's scale.
        share: of the sum of the intercept and residual variances; None for a slope.
        interval: profile interval of the share, where there is one.
    """

    level: str
    variance: float
    share: float | None
    interval: Interval | None


@dataclass(frozen=True)
class ReportedModel:
    """What one row of the policy gives for one outcome.

    Attributes:
        estimates: the figures asked for: a mean, or the change to each later round.
        means: model means by round; for one round the mean itself.
        row: the row of the policy table that fired.
        formula: the model in lme4's notation.
        variances: by level, for the table of variances; empty where none was estimated.
        checks: the same estimates by the row's check.
        flags: what to mention.
        design_effect: variance of a mean over that of a simple random sample; None if unknown.
        n_rows, n_persons, n_groups: what it rests on; 0 groups where the design has none.
        flipped: p-value of each estimate by flipping whole groups, where the row has that.
        together: the F test of all changes at once; None where the row has none.
    """

    estimates: tuple[Estimate, ...]
    means: tuple[Estimate, ...]
    row: PolicyRow
    formula: str
    variances: tuple[VarianceShare, ...]
    checks: tuple[Estimate, ...]
    flags: tuple[Flag, ...]
    design_effect: float | None
    n_rows: int
    n_persons: int
    n_groups: int
    flipped: tuple[float, ...] = ()
    together: TermTest | None = None


def plain_mean(name: str, values: Floats, *, level: float, method: str) -> Estimate:
    """Return the mean of independent values with its t interval.

    Raises:
        ModelRefusal: ``too_few_rows`` below two values, ``no_variance`` if all are equal.
    """
    if values.size < 2:
        raise ModelRefusal(RefusalCode.TOO_FEW_ROWS, f"{values.size} values")
    spread = float(values.std(ddof=1))
    if spread <= 1e-12 * max(1.0, float(np.abs(values).max())):
        raise ModelRefusal(RefusalCode.NO_VARIANCE, "all values are equal")
    se = spread / float(np.sqrt(values.size))
    return t_estimate(name, float(values.mean()), se, values.size - 1.0, level=level, method=method)


def least_squares(
    name: str, y: Floats, x: Floats, contrast: Floats, *, level: float, method: str
) -> Estimate:
    """Return a contrast of ordinary least squares with its t interval; X has full rank or refuses.

    Raises:
        ModelRefusal: ``collinear_columns`` or ``too_few_rows``.
    """
    free = y.size - x.shape[1]
    if free < 1:
        raise ModelRefusal(RefusalCode.TOO_FEW_ROWS, f"{y.size} rows for {x.shape[1]} effects")
    beta, _, rank, _ = np.linalg.lstsq(x, y, rcond=None)
    if rank < x.shape[1]:
        raise ModelRefusal(RefusalCode.COLLINEAR_COLUMNS, "groups and rounds are confounded")
    gap = y - x @ beta
    covariance = np.linalg.inv(x.T @ x) * float(gap @ gap) / free
    se = float(np.sqrt(contrast @ covariance @ contrast))
    return t_estimate(name, float(contrast @ beta), se, float(free), level=level, method=method)


def variance_shares(
    fit: MixedFit, levels: dict[str, str], interval: Interval | None = None
) -> tuple[VarianceShare, ...]:
    """Return variances by level with their shares; ``levels`` names the factors of the fit.

    ``interval`` is that of the first named level's share.
    """
    intercepts = [term for term in fit.terms if term.columns[0] == INTERCEPT]
    total = fit.sigma**2 + sum(float(term.covariance[0, 0]) for term in intercepts)
    shares: list[VarianceShare] = []
    for term in fit.terms:
        level = levels[term.factor]
        for position, column in enumerate(term.columns):
            variance = float(term.covariance[position, position])
            if column == INTERCEPT:
                shares.append(VarianceShare(level, variance, variance / total, None))
            else:
                shares.append(VarianceShare(f"{level}:slope", variance, None, None))
    shares.append(VarianceShare("residual", fit.sigma**2, fit.sigma**2 / total, None))
    if interval is None:
        return tuple(shares)
    first = next(iter(levels.values()))
    return tuple(
        VarianceShare(one.level, one.variance, one.share, interval) if one.level == first else one
        for one in shares
    )


def cr2_estimates(
    y: Floats, group: Floats, x: Floats, contrasts: list[tuple[str, Floats]], *, level: float
) -> tuple[Estimate, ...]:
    """Return contrasts of least squares with CR2; none where the clusters cannot bear them."""
    try:
        robust = cluster_robust(moments_from_rows(y, group, x), Sandwich.CR2)
        return tuple(robust.estimate(row, name=name, level=level) for name, row in contrasts)
    except ModelRefusal:
        return ()
