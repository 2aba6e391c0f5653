"""How much did scores change between two rounds, in points and in standard deviations?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from scipy import optimize

from knutepunkt.analysis.distributions import (
    chi2_density,
    chi2_exceeded,
    normal_below,
    normal_quantile,
    t_above,
    t_quantile,
)
from knutepunkt.analysis.measurement.arrays import Floats, pair, still
from knutepunkt.analysis.measurement.intervals import Interval
from knutepunkt.analysis.measurement.refusals import MeasurementRefused, RefusalCode


@dataclass(frozen=True)
class EffectSize:
    """A standardised difference with its interval, and the same corrected for small samples (g)."""

    d: float
    interval: Interval
    g: float
    g_interval: Interval


@dataclass(frozen=True)
class PairedChange:
    """Change of the same people from one round to the next; positive is higher afterwards.

    `d_z` divides by the SD of the differences, `d_av` by the mean of the two SDs. `d_rm` and
    `d_pre` are there for comparison with other reports.
    """

    n: int
    mean_before: float
    mean_after: float
    sd_before: float
    sd_after: float
    correlation: float
    difference: float
    sd_difference: float
    interval: Interval
    t: float
    df: int
    p: float
    d_z: EffectSize
    d_av: EffectSize
    d_rm: float
    d_pre: float
    half_sd: float


def small_sample_correction(df: int) -> float:
    """Hedges' J = 1 - 3 / (4 df - 1), close to the exact ratio of gamma functions from df = 2."""
    return 1 - 3 / (4 * df - 1)


def paired_change(before: Any, after: Any, *, level: float = 0.95, least: int = 3) -> PairedChange:
    """Paired change between two vectors (n,), people present in both alone.

    Mean difference with its t interval; d_z = mean / SD of differences, its interval by the
    noncentral t; d_av = mean / ((SD1 + SD2) / 2), its interval by Bonett's variance; g = J d with
    df = n - 1. The t interval treats people as independent: where they sit in groups the mixed
    model's interval is the one to report, and this object describes. Raises TOO_FEW (below `least`),
    CONSTANT (no variance before, after or in the differences), ALL_MISSING, BAD_ARGUMENT.
    Sources: Cumming (2012), ch. 11; Bonett (2008), Psychological Methods 13, 99-109;
    Hedges (1981), Journal of Educational Statistics 6, 107-128; Morris and DeShon (2002).
    """
    pre, post = pair("change", before, after, least=max(least, 3))
    gain = post - pre
    n = len(gain)
    sds = [float(one.std(ddof=1)) for one in (pre, post, gain)]
    if still(min(sds), np.concatenate([pre, post])):
        raise MeasurementRefused("change", RefusalCode.CONSTANT, n)
    sd_pre, sd_post, sd_gain = sds
    difference, df = float(gain.mean()), n - 1
    se = sd_gain / math.sqrt(n)
    half = float(t_quantile(0.5 + level / 2, df)) * se
    r = float(np.corrcoef(pre, post)[0, 1].clip(-1.0, 1.0))
    t = difference / se
    d_z = difference / sd_gain
    return PairedChange(
        n=n,
        mean_before=float(pre.mean()),
        mean_after=float(post.mean()),
        sd_before=sd_pre,
        sd_after=sd_post,
        correlation=r,
        difference=difference,
        sd_difference=sd_gain,
        interval=Interval(difference - half, difference + half, level, "t"),
        t=t,
        df=df,
        p=float(2 * t_above(abs(t), df)),
        d_z=corrected(d_z, _noncentral(t, df, n, level), df),
        d_av=corrected(*_average_sd(difference, sds, r, n, level), df),
        d_rm=d_z * math.sqrt(2 * (1 - r)),
        d_pre=difference / sd_pre,
        half_sd=0.5 * sd_pre,
    )


def _average_sd(
    difference: float, sds: list[float], r: float, n: int, level: float
) -> tuple[float, Interval]:
    sd_pre, sd_post, sd_gain = sds
    average = (sd_pre + sd_post) / 2
    d, df = difference / average, n - 1
    spread = sd_pre**4 + sd_post**4 + 2 * r * r * sd_pre**2 * sd_post**2
    variance = d * d * spread / (8 * df * average**4) + sd_gain**2 / (df * average**2)
    half = float(normal_quantile(0.5 + level / 2)) * math.sqrt(variance)
    return d, Interval(d - half, d + half, level, "bonett")


def corrected(d: float, interval: Interval, df: int) -> EffectSize:
    """Return d with its interval, and both times Hedges' J for ``df`` degrees of freedom."""
    j = small_sample_correction(df)
    low, high = interval.low * j, interval.high * j
    return EffectSize(d, interval, j * d, Interval(low, high, interval.level, interval.method))


def _noncentral(t: float, df: int, n: int, level: float) -> Interval:
    """Limits of d = ncp / sqrt(n): the noncentralities for which t lies in a tail of each size."""
    tail = (1 - level) / 2

    def limit(share: float) -> float:
        reach = 4.0 + abs(t)
        while _noncentral_t_cdf(t, df, t - reach) < share or (
            _noncentral_t_cdf(t, df, t + reach) > share
        ):
            reach *= 2
        return float(
            optimize.brentq(
                lambda ncp: _noncentral_t_cdf(t, df, ncp) - share, t - reach, t + reach, xtol=1e-10
            )
        )

    low, high = limit(1 - tail) / math.sqrt(n), limit(tail) / math.sqrt(n)
    return Interval(low, high, level, "noncentral_t")


@cache
def _quadrature() -> tuple[Floats, Floats]:
    nodes, weights = np.polynomial.legendre.leggauss(200)
    return nodes, weights


def _noncentral_t_cdf(t: float, df: int, ncp: float) -> float:
    """P(T <= t) = integral of Phi(t s - ncp) over the density of s = sqrt(chi2 / df).

    By 200-point Gauss-Legendre quadrature between the extreme quantiles of s. scipy's own function
    gives NaN where ncp and t lie far apart with opposite signs.
    """
    ends = np.sqrt(np.asarray(chi2_exceeded([1 - 1e-15, 1e-15], df)) / df)
    nodes, weights = _quadrature()
    s = (ends[1] - ends[0]) / 2 * nodes + (ends[1] + ends[0]) / 2
    density = np.asarray(chi2_density(df * s * s, df)) * 2 * df * s
    inside = np.asarray(normal_below(t * s - ncp)) * density
    return float((weights * inside).sum() * (ends[1] - ends[0]) / 2)


def standardised(difference: float, interval: Interval, before: Any, after: Any) -> EffectSize:
    """A model's difference and interval in units of the average SD of two rounds (n1,), (n2,).

    d_av = difference / ((SD1 + SD2) / 2), the limits likewise: the uncertainty of the SDs is not
    added, as said in the report. g with df = min(n1, n2) - 1. Each round uses all who answered.
    Raises TOO_FEW (fewer than three in a round) and CONSTANT.
    Source: Cumming (2012), Understanding the New Statistics, ch. 11.
    """
    rounds: list[Floats] = [np.asarray(one, dtype=np.float64) for one in (before, after)]
    rounds = [one[~np.isnan(one)] for one in rounds]
    least = min(len(one) for one in rounds)
    if least < 3:
        raise MeasurementRefused("change", RefusalCode.TOO_FEW, least)
    average = float(sum(one.std(ddof=1) for one in rounds)) / 2
    if still(average, np.concatenate(rounds)):
        raise MeasurementRefused("change", RefusalCode.CONSTANT, least)
    limits = Interval(
        interval.low / average, interval.high / average, interval.level, interval.method
    )
    return corrected(difference / average, limits, least - 1)
