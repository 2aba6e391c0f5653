"""Between which limits does a share lie, when the answers are independent of one another?"""

from __future__ import annotations

import math
from dataclasses import dataclass

from knutepunkt.analysis.distributions import beta_quantile, normal_quantile
from knutepunkt.analysis.measurement.refusals import MeasurementRefused, RefusalCode


@dataclass(frozen=True)
class Interval:
    """Limits with the confidence level they were made for, and the name of the method."""

    low: float
    high: float
    level: float = 0.95
    method: str = ""

    def holds(self, value: float) -> bool:
        """Whether the value lies within the limits, both included."""
        return self.low <= value <= self.high


def _checked(x: float, n: float, level: float) -> None:
    if not (n > 0 and 0 <= x <= n and 0 < level < 1):
        raise MeasurementRefused("share", RefusalCode.BAD_ARGUMENT)


def wilson(x: float, n: float, *, level: float = 0.95, quantile: float | None = None) -> Interval:
    """Wilson's score interval for x of n; both may be fractions of an effective sample.

    (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n). `quantile` replaces z (for example
    by a t quantile). Raises BAD_ARGUMENT unless 0 <= x <= n, n > 0 and 0 < level < 1.
    Source: Wilson (1927), JASA 22, 209-212.
    """
    _checked(x, n, level)
    z = quantile if quantile is not None else float(normal_quantile(0.5 + level / 2))
    p = x / n
    middle = p + z * z / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    low = 0.0 if x == 0 else max(0.0, (middle - half) / scale)
    high = 1.0 if x == n else min(1.0, (middle + half) / scale)
    return Interval(low, high, level, "wilson")


def clopper_pearson(x: float, n: float, *, level: float = 0.95) -> Interval:
    """The exact interval for x of n by beta quantiles; both may be fractions.

    low = B(a/2; x, n-x+1), high = B(1-a/2; x+1, n-x). Raises BAD_ARGUMENT as `wilson`.
    Source: Clopper and Pearson (1934), Biometrika 26, 404-413.
    """
    _checked(x, n, level)
    tail = (1 - level) / 2
    low = 0.0 if x == 0 else float(beta_quantile(tail, x, n - x + 1))
    high = 1.0 if x == n else float(beta_quantile(1 - tail, x + 1, n - x))
    return Interval(low, high, level, "clopper_pearson")


def jeffreys(x: float, n: float, *, level: float = 0.95) -> Interval:
    """The equal-tailed Jeffreys interval for x of n, without adjustment at 0 and n.

    Quantiles of Beta(x + 1/2, n - x + 1/2). Raises BAD_ARGUMENT as `wilson`.
    Source: Brown, Cai and DasGupta (2001), Statistical Science 16, 101-133.
    """
    _checked(x, n, level)
    tail = (1 - level) / 2
    low = float(beta_quantile(tail, x + 0.5, n - x + 0.5))
    high = float(beta_quantile(1 - tail, x + 0.5, n - x + 0.5))
    return Interval(low, high, level, "jeffreys")
