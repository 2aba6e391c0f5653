"""How are estimates from several completed data sets made into one?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scipy import stats

from knutepunkt.analysis.measurement.arrays import vector
from knutepunkt.analysis.measurement.intervals import Interval
from knutepunkt.analysis.measurement.refusals import MeasurementRefused, RefusalCode


@dataclass(frozen=True)
class Pooled:
    """One estimate from m imputations: total variance, its parts, df and what is missing."""

    estimate: float
    within: float
    between: float
    total: float
    df: float
    relative_increase: float
    fraction_missing: float
    imputations: int
    interval: Interval


def pool(
    estimates: Any, variances: Any, *, n: int, coefficients: int, level: float = 0.95
) -> Pooled:
    """Rubin's rules with Barnard and Rubin's df, from m estimates (m,) and their variances (m,).

    T = U + (1 + 1/m) B; r = (1 + 1/m) B / U; df from m - 1 and the complete-data df n - coefficients.
    fraction missing = (r + 2 / (df + 3)) / (r + 1). Raises TOO_FEW (m < 2), BAD_ARGUMENT.
    Sources: Rubin (1987), ch. 3; Barnard and Rubin (1999), Biometrika 86, 948-955.
    """
    q, u = vector("pooling", estimates), vector("pooling", variances)
    m = len(q)
    if m < 2:
        raise MeasurementRefused("pooling", RefusalCode.TOO_FEW, m)
    if len(u) != m or not (u > 0).all() or n <= coefficients:
        raise MeasurementRefused("pooling", RefusalCode.BAD_ARGUMENT)
    within, between = float(u.mean()), float(q.var(ddof=1))
    total = within + (1 + 1 / m) * between
    increase = (1 + 1 / m) * between / within
    complete = n - coefficients
    share = (1 + 1 / m) * between / total
    seen = (complete + 1) / (complete + 3) * complete * (1 - share)
    df = seen if between == 0 else 1 / (share**2 / (m - 1) + 1 / seen)
    estimate = float(q.mean())
    half = float(stats.t.ppf(0.5 + level / 2, df)) * total**0.5
    return Pooled(
        estimate=estimate,
        within=within,
        between=between,
        total=total,
        df=df,
        relative_increase=increase,
        fraction_missing=(increase + 2 / (df + 3)) / (increase + 1),
        imputations=m,
        interval=Interval(estimate - half, estimate + half, level, "rubin"),
    )
