"""How do estimates from several completed data sets become one, with an honest interval?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knutepunkt.analysis.models.inference import Estimate, t_estimate
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode

#: Stands for "no fewer than this": an infinite number of degrees of freedom has no t interval.
MANY_DEGREES = 1e9


@dataclass(frozen=True)
class Pooled:
    """One estimate from m completed data sets.

    Attributes:
        estimate: the pooled estimate with Barnard and Rubin's degrees of freedom.
        within: mean of the squared standard errors.
        between: variance of the estimates over the data sets.
        relative_increase: r, (1 + 1/m) between / within.
        missing_information: lambda, (1 + 1/m) between / total.
        fraction_missing: fmi, (r + 2 / (df + 3)) / (r + 1).
        completed: m.
    """

    estimate: Estimate
    within: float
    between: float
    relative_increase: float
    missing_information: float
    fraction_missing: float
    completed: int

    @property
    def total(self) -> float:
        """Squared standard error of the pooled estimate, within + (1 + 1/m) between."""
        return self.estimate.se**2


def pool(
    values: Sequence[float],
    errors: Sequence[float],
    complete_df: float,
    *,
    name: str = "estimate",
    level: float = 0.95,
) -> Pooled:
    """Pool m estimates by Rubin's rules with Barnard and Rubin's (1999) degrees of freedom.

    With W the mean of the squared standard errors, B the variance of the estimates and
    T = W + (1 + 1/m) B: lambda = (1 + 1/m) B / T, df_old = (m - 1) / lambda^2,
    df_obs = (df + 1) / (df + 3) df (1 - lambda), and df = df_old df_obs / (df_old + df_obs).

    Args:
        values: the m estimates.
        errors: their standard errors, all above zero.
        complete_df: degrees of freedom the estimate would have without missing data; infinite is
            allowed.
        name: name of the estimate.
        level: confidence level.

    Raises:
        ModelRefusal: ``bad_shape`` below two data sets or for unequal lengths, ``not_finite`` for a
            value that is no number, ``no_variance`` for a standard error of zero, ``bad_argument``
            for degrees of freedom that are not positive.
    """
    found, spread = np.asarray(values, dtype=float), np.asarray(errors, dtype=float)
    m = found.size
    if m < 2 or spread.size != m:
        raise ModelRefusal(RefusalCode.BAD_SHAPE, f"{m} estimates and {spread.size} errors")
    if not (np.isfinite(found).all() and np.isfinite(spread).all()):
        raise ModelRefusal(RefusalCode.NOT_FINITE, "an estimate or its error is no number")
    if (spread <= 0.0).any():
        raise ModelRefusal(RefusalCode.NO_VARIANCE, "a standard error is not above zero")
    if not complete_df > 0.0:
        raise ModelRefusal(RefusalCode.BAD_ARGUMENT, f"{complete_df} degrees of freedom")
    within, between = float((spread**2).mean()), float(found.var(ddof=1))
    added = (1.0 + 1.0 / m) * between
    total = within + added
    share, increase = added / total, added / within
    df = _barnard_rubin(m, share, complete_df)
    estimate = t_estimate(
        name, float(found.mean()), float(np.sqrt(total)), df, level=level, method="rubin"
    )
    fraction = (increase + 2.0 / (df + 3.0)) / (increase + 1.0)
    return Pooled(estimate, within, between, increase, share, fraction, m)


def _barnard_rubin(m: int, share: float, complete_df: float) -> float:
    complete = min(complete_df, MANY_DEGREES)
    observed = (complete + 1.0) / (complete + 3.0) * complete * (1.0 - share)
    if share <= 1e-12:
        return min(observed, MANY_DEGREES)
    old = (m - 1) / share**2
    return min(old * observed / (old + observed), MANY_DEGREES)
