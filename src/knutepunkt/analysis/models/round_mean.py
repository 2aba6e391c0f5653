"""What is the mean of one round, or of one difference per person, with an honest interval?"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from knutepunkt.analysis.models.arrays import Floats, codes_of
from knutepunkt.analysis.models.fit import MixedFit
from knutepunkt.analysis.models.inference import Estimate, Inference, SmallSample
from knutepunkt.analysis.models.moments import GroupMoments, moments_from_rows
from knutepunkt.analysis.models.policy import Check, Method, PolicyRow, choose
from knutepunkt.analysis.models.random_intercept import RandomIntercept, fit_random_intercept
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.models.reported import (
    Flag,
    ReportedModel,
    cr2_estimates,
    least_squares,
    plain_mean,
    variance_shares,
)

SMALL_SAMPLE: Final = {
    Method.KENWARD_ROGER: SmallSample.KENWARD_ROGER,
    Method.SATTERTHWAITE: SmallSample.SATTERTHWAITE,
    Method.GROUPS_AS_FIXED: SmallSample.KENWARD_ROGER,
}
"""How the degrees of freedom of a row's mixed model are found; a row of CR2 has no such model."""


def mean_for_report(
    y: NDArray[Any],
    group: NDArray[Any] | None = None,
    *,
    name: str = "mean",
    level: float = 0.95,
    bare: bool = False,
) -> ReportedModel:
    """Return the mean of one value per person as the policy table has it.

    Args:
        y: one value per person, shape (n,); missing values are left out and flagged.
        group: group of each person, shape (n,); None where the design has no groups.
        name: name of the estimate.
        level: confidence level.
        bare: leave out checks and variances, where only the estimate is wanted, many times.

    Raises:
        ModelRefusal: ``no_rows``, ``too_few_rows``, ``no_variance``, ``no_residual_variance``.
    """
    values = np.asarray(y, dtype=np.float64).reshape(-1)
    keep = ~np.isnan(values)
    if not keep.any():
        raise ModelRefusal(RefusalCode.NO_ROWS, "no value is known")
    flags = () if keep.all() else (Flag.ROWS_DROPPED,)
    values = values[keep]
    if group is None:
        row = choose(0, values.size)
        mean = plain_mean(name, values, level=level, method="t")
        return _packed(mean, row, (*flags, Flag.NO_GROUPS), values.size, 0)
    labels = np.asarray(group).reshape(-1)
    if labels.size != keep.size:
        raise ModelRefusal(RefusalCode.BAD_SHAPE, "values and groups differ in length")
    codes, levels = codes_of(labels[keep])
    if levels.size == values.size:
        row = choose(levels.size, values.size)
        mean = plain_mean(name, values, level=level, method="t")
        return _packed(mean, row, (*flags, Flag.ONE_PERSON_PER_GROUP), values.size, levels.size)
    if choose(levels.size, values.size).method is Method.GROUPS_AS_FIXED:
        return _conditional(values, codes, flags, name, level)
    return _mixed(values, codes, flags, name, level, bare=bare)


def mean_of_sums(moments: GroupMoments, *, name: str, level: float) -> Estimate | None:
    """Return the bare mean of :func:`mean_for_report` from sums per group.

    None where the policy's row needs the rows themselves: up to five groups, one person in each
    group, and CR2.

    Raises:
        ModelRefusal: what :func:`fit_random_intercept` refuses.
    """
    rows, groups = moments.n_rows, moments.n_groups
    if rows == groups or choose(groups, rows).method is Method.GROUPS_AS_FIXED:
        return None
    fit = fit_random_intercept(moments, level=level).fit
    row = choose(groups, rows, singular=fit.singular)
    return estimated(fit, row, np.ones(1), name, level)


def _conditional(
    y: Floats, codes: NDArray[np.int64], flags: tuple[Flag, ...], name: str, level: float
) -> ReportedModel:
    """The mean in these groups; nothing is said of other groups."""
    groups = int(codes.max()) + 1
    if np.ptp(y) <= 1e-12 * max(1.0, float(np.abs(y).max())):
        raise ModelRefusal(RefusalCode.NO_VARIANCE, "all values are equal")
    x = (codes[:, None] == np.arange(groups)).astype(np.float64)
    weights = x.mean(axis=0)
    row = choose(groups, y.size)
    mean = least_squares(name, y, x, weights, level=level, method=row.method.value)
    flags = (*flags, Flag.CONDITIONAL_ON_GROUPS)
    return _packed(mean, row, flags, y.size, groups, "y ~ group")


def _mixed(
    y: Floats,
    codes: NDArray[np.int64],
    flags: tuple[Flag, ...],
    name: str,
    level: float,
    *,
    bare: bool,
) -> ReportedModel:
    found = fit_random_intercept(moments_from_rows(y, codes), level=level)
    fit = found.fit
    row = choose(found.n_groups, y.size, singular=fit.singular)
    mean = estimated(fit, row, np.ones(1), name, level) or _robust(y, codes, name, level)
    if fit.singular:
        flags = (*flags, Flag.SINGULAR)
    formula = "y ~ 1 + (1 | group)"
    if bare:
        return _packed(mean, row, flags, y.size, found.n_groups, formula)
    checks = _checks(row, y, codes, name, level)
    return _packed(mean, row, flags, y.size, found.n_groups, formula, found, checks)


def estimated(
    source: MixedFit | Inference, row: PolicyRow, contrast: Floats, name: str, level: float
) -> Estimate | None:
    """Return a contrast by the row's mixed-model method; None where the row is CR2."""
    if row.method not in SMALL_SAMPLE:
        return None
    # Whoever asks for several contrasts hands over one prepared inference.
    inference = source if isinstance(source, Inference) else Inference(source)
    return inference.estimate(contrast, name=name, method=SMALL_SAMPLE[row.method], level=level)


def _robust(y: Floats, codes: NDArray[np.int64], name: str, level: float) -> Estimate:
    columns = np.zeros((y.size, 0))
    found = cr2_estimates(y, codes.astype(float), columns, [(name, np.ones(1))], level=level)
    if not found:
        raise ModelRefusal(RefusalCode.NOT_ESTIMABLE, "the clusters cannot bear an interval")
    return found[0]


def _checks(
    row: PolicyRow, y: Floats, codes: NDArray[np.int64], name: str, level: float
) -> tuple[Estimate, ...]:
    if row.check is Check.GROUP_MEANS:
        sums, counts = np.bincount(codes, y), np.bincount(codes)
        try:
            return (plain_mean(name, sums / counts, level=level, method=row.check.value),)
        except ModelRefusal:
            return ()
    if row.check is Check.CR2:
        columns = np.zeros((y.size, 0))
        return cr2_estimates(y, codes.astype(float), columns, [(name, np.ones(1))], level=level)
    return ()


def _packed(
    mean: Estimate,
    row: PolicyRow,
    flags: tuple[Flag, ...],
    n: int,
    groups: int,
    formula: str = "y ~ 1",
    found: RandomIntercept | None = None,
    checks: tuple[Estimate, ...] = (),
) -> ReportedModel:
    shares = (
        () if found is None else variance_shares(found.fit, {"group": "group"}, found.icc_interval)
    )
    effect = None if found is None else found.design_effect
    return ReportedModel(
        (mean,), (mean,), row, formula, shares, checks, flags, effect, n, n, groups
    )
