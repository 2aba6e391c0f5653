"""How consistently do the items of a scale measure one thing, and how exact is one score?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from knutepunkt.analysis.distributions import f_quantile
from knutepunkt.analysis.measurement.arrays import ROUNDING, Floats, matrix, still
from knutepunkt.analysis.measurement.intervals import Interval
from knutepunkt.analysis.measurement.refusals import MeasurementRefused, RefusalCode

LEAST_N = 50  # below this a reliability is named from elsewhere, not estimated


class MissingPolicy(StrEnum):
    """Which answers enter a covariance: all that hold both items, or complete rows alone."""

    PAIRWISE = "pairwise"
    LISTWISE = "listwise"


@dataclass(frozen=True)
class Alpha:
    """Cronbach's alpha with Feldt's interval. n: complete rows, or the smallest pairwise count."""

    alpha: float
    interval: Interval
    n: int
    items: int
    policy: MissingPolicy
    alpha_if_dropped: tuple[float, ...]
    item_rest: tuple[float, ...]


@dataclass(frozen=True)
class Precision:
    """How exact one person's score is: SEM, smallest detectable change of one and of a mean."""

    sem: float
    sdc: float
    sdc_mean: float | None


def covariance(
    items: Floats, policy: MissingPolicy, *, statistic: str, least: int
) -> tuple[Floats, int]:
    """The k x k covariance (divisor n - 1) of (n, k) items under a policy, and the n behind it.

    Raises ONE_ITEM, TOO_FEW, CONSTANT_ITEM (an item nobody answers differently), NO_OVERLAP.
    """
    if items.shape[1] < 2:
        raise MeasurementRefused(statistic, RefusalCode.ONE_ITEM, items.shape[1])
    if policy is MissingPolicy.LISTWISE:
        items = items[~np.isnan(items).any(axis=1)]
    present = ~np.isnan(items)
    counts = present.T.astype(np.int64) @ present.astype(np.int64)
    n = int(counts.min()) if len(items) else 0
    if n < max(least, 2):
        code = RefusalCode.NO_OVERLAP if n == 0 and len(items) else RefusalCode.TOO_FEW
        raise MeasurementRefused(statistic, code, n)
    filled = np.where(present, items, 0.0)
    # Each pair is centred at its own means; shifting first keeps the sums well conditioned.
    filled -= np.where(present, filled.sum(0) / present.sum(0), 0.0)
    sums = filled.T @ present  # sum of item i over rows that hold j
    cov = (filled.T @ filled - sums * sums.T / counts) / (counts - 1)
    if still(np.sqrt(np.maximum(np.diag(cov), 0.0)), items):
        raise MeasurementRefused(statistic, RefusalCode.CONSTANT_ITEM, n)
    return cov, n


def alpha_of(cov: Floats) -> float:
    """k/(k-1) (1 - sum of variances / variance of the sum), from a covariance matrix."""
    k = len(cov)
    return float(k / (k - 1) * (1 - np.trace(cov) / cov.sum()))


def feldt(alpha: float, n: int, items: int, *, level: float = 0.95) -> Interval:
    """Feldt's interval: 1 - (1 - alpha) F quantiles on n - 1 and (n - 1)(k - 1) df.

    Source: Feldt, Woodruff and Salih (1987), Applied Psychological Measurement 11, 93-103.
    """
    tail = (1 - level) / 2
    df = (n - 1, (n - 1) * (items - 1))
    low = 1 - (1 - alpha) * float(f_quantile(1 - tail, *df))
    high = 1 - (1 - alpha) * float(f_quantile(tail, *df))
    return Interval(low, high, level, "feldt")


def cronbach_alpha(
    items: Any,
    *,
    policy: MissingPolicy = MissingPolicy.PAIRWISE,
    level: float = 0.95,
    least: int = LEAST_N,
) -> Alpha:
    """Cronbach's alpha of (n, k) item values, reversed items already turned; NaN is missing.

    alpha = k/(k-1) (1 - tr C / 1'C1). Pairwise, each covariance uses the rows that hold both
    items and n is the smallest such count, so that the interval claims no more than the data.
    Also per item: alpha without it, and its correlation with the sum of the others.
    Raises ONE_ITEM, TOO_FEW (below `least`), CONSTANT_ITEM, CONSTANT, ALL_MISSING, NO_OVERLAP.
    Sources: Cronbach (1951), Psychometrika 16, 297-334; Feldt et al. (1987).
    """
    values = matrix("alpha", items)
    cov, n = covariance(values, policy, statistic="alpha", least=least)
    if cov.sum() <= ROUNDING * np.trace(cov):
        raise MeasurementRefused("alpha", RefusalCode.CONSTANT, n)
    k = len(cov)
    alpha = alpha_of(cov)
    return Alpha(
        alpha=alpha,
        interval=feldt(alpha, n, k, level=level),
        n=n,
        items=k,
        policy=policy,
        alpha_if_dropped=_without_each(cov),
        item_rest=_item_rest(cov),
    )


def _without_each(cov: Floats) -> tuple[float, ...]:
    if len(cov) < 3:
        return ()
    rest = [np.delete(np.delete(cov, j, 0), j, 1) for j in range(len(cov))]
    # Items that cancel each other leave a sum that does not vary, and no alpha.
    if any(one.sum() <= ROUNDING * np.trace(one) for one in rest):
        return ()
    return tuple(alpha_of(one) for one in rest)


def _item_rest(cov: Floats) -> tuple[float, ...]:
    variances = np.diag(cov)
    with_rest = cov.sum(axis=0) - variances
    rest = cov.sum() - 2 * with_rest - variances
    if (rest <= ROUNDING * np.trace(cov)).any():
        return ()
    return tuple(float(r) for r in with_rest / np.sqrt(variances * rest))


def precision(sd: float, reliability: float, *, n: int | None = None) -> Precision:
    """SEM = sd sqrt(1 - r); SDC = 1.96 sqrt(2) SEM; of a mean of n persons SDC / sqrt(n).

    `sd` in points of the score, above 0; `reliability` in 0..1. Raises BAD_ARGUMENT.
    Sources: de Vet et al. (2006), Health and Quality of Life Outcomes 4, 54.
    """
    if not (sd > 0 and 0 <= reliability <= 1) or (n is not None and n < 1):
        raise MeasurementRefused("precision", RefusalCode.BAD_ARGUMENT)
    sem = sd * math.sqrt(1 - reliability)
    sdc = 1.96 * math.sqrt(2) * sem
    return Precision(sem, sdc, None if n is None else sdc / math.sqrt(n))
