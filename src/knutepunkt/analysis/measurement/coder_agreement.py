"""Do two or more coders put the same thing in the same category, beyond chance?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from knutepunkt.analysis.distributions import normal_quantile, t_quantile
from knutepunkt.analysis.measurement.arrays import Floats, numbers
from knutepunkt.analysis.measurement.intervals import Interval
from knutepunkt.analysis.measurement.refusals import MeasurementRefused, RefusalCode


class Metric(StrEnum):
    """How far apart two codes count as lying."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"


class KappaWeights(StrEnum):
    """How much two codes count as agreeing: not unless equal, or less with each step between them."""

    NONE = "none"
    LINEAR = "linear"
    QUADRATIC = "quadratic"


@dataclass(frozen=True)
class CoderAgreement:
    """A coefficient with its interval, the observed agreement, units with two codes, and coders."""

    coefficient: str
    value: float
    interval: Interval
    observed: float
    units: int
    coders: int


def _table(codes: Any, statistic: str) -> tuple[Floats, Floats]:
    """(units, coders) codes, NaN for not coded -> counts per unit and category, and the codes."""
    table = numbers(statistic, codes)
    if table.ndim != 2 or np.isinf(table).any():
        raise MeasurementRefused(statistic, RefusalCode.BAD_ARGUMENT)
    if table.shape[1] < 2:
        raise MeasurementRefused(statistic, RefusalCode.ONE_CODER, table.shape[1])
    if np.isnan(table).all():
        raise MeasurementRefused(statistic, RefusalCode.ALL_MISSING, 0)
    known = np.unique(table[~np.isnan(table)])
    counts = (table[:, :, None] == known).sum(axis=1).astype(np.float64)
    pairable = int((counts.sum(axis=1) >= 2).sum())
    if pairable < 2:
        raise MeasurementRefused(statistic, RefusalCode.TOO_FEW, pairable)
    if len(known) < 2:
        # Everyone used one code: agreement is total and says nothing, chance agreement is 1.
        raise MeasurementRefused(statistic, RefusalCode.CONSTANT, pairable)
    return counts, known


def _apart(counts: Floats, places: Floats | None) -> Floats:
    """Distances added up over the ordered pairs of codes in each row of counts (rows, q).

    `places` (q,): where on a line each code stands, the distance is the squared gap; None: any two
    unlike codes are 1 apart. In closed form, so that no table of code by code is needed.
    """
    m = counts.sum(axis=-1)
    if places is None:
        return np.asarray(m**2 - (counts**2).sum(axis=-1))
    return np.asarray(2 * (m * (counts @ places**2) - (counts @ places) ** 2))


def _places(known: Floats, totals: Floats, metric: Metric) -> Floats | None:
    if metric is Metric.NOMINAL:
        return None
    at = known if metric is Metric.INTERVAL else np.cumsum(totals) - totals / 2
    return np.asarray(at - (at @ totals) / totals.sum())


def krippendorff_alpha(
    codes: Any,
    metric: Metric = Metric.NOMINAL,
    *,
    level: float = 0.95,
    replications: int = 2000,
    seed: int = 20_260_101,
) -> CoderAgreement:
    """Krippendorff's alpha of (units, coders) codes; NaN where a coder did not code a unit.

    alpha = 1 - D_o / D_e over the coincidences of units with two or more codes. The interval is
    the percentile interval over `replications` resamples of units (fixed seed), with the expected
    disagreement taken anew in each. Raises ONE_CODER, ALL_MISSING, TOO_FEW, CONSTANT.
    Source: Krippendorff (2019), Content Analysis, ch. 12; Hayes and Krippendorff (2007).
    """
    counts, known = _table(codes, "krippendorff")
    counts = counts[counts.sum(axis=1) >= 2]
    if (counts.sum(axis=0) > 0).sum() < 2:
        raise MeasurementRefused("krippendorff", RefusalCode.CONSTANT, len(counts))
    m = counts.sum(axis=1)
    places = _places(known, counts.sum(axis=0), metric)
    # With the distances fixed, a resample needs only its disagreements and its marginal totals.
    disagreement = _apart(counts, places) / (m - 1)

    def alpha(weights: Floats) -> Floats:
        totals = weights @ counts
        expected = _apart(totals, places) / (totals.sum(axis=-1) - 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.where(expected > 0, 1 - (weights @ disagreement) / expected, 1.0))

    rng = np.random.default_rng(seed)
    units = len(counts)
    drawn = rng.multinomial(units, np.full(units, 1 / units), size=replications)
    tail = (1 - level) / 2
    low, high = np.quantile(alpha(drawn.astype(np.float64)), [tail, 1 - tail])
    observed = 1 - float((_apart(counts, None) / (m - 1)).sum() / m.sum())
    return CoderAgreement(
        coefficient=f"krippendorff_{metric.value}",
        value=float(alpha(np.ones(units))),
        interval=Interval(float(low), float(high), level, "bootstrap_units"),
        observed=observed,
        units=units,
        coders=int(np.asarray(codes).shape[1]),
    )


def cohen_kappa(
    first: Any,
    second: Any,
    *,
    weights: KappaWeights = KappaWeights.NONE,
    level: float = 0.95,
) -> CoderAgreement:
    """Cohen's kappa of two coders' codes (n,), units coded by both alone; plain or weighted.

    kappa = (p_o - p_e) / (1 - p_e), p_o = sum w_ij p_ij, p_e = sum w_ij p_i. p_.j. Of q codes used,
    in order, w_ij = 1 - |i - j| / (q - 1), or 1 minus its square; plain: 1 for equal codes alone.
    The interval by the large-sample standard error that holds away from 0: n (1 - p_e)^2 V =
    sum p_ij (w_ij - (w_i. + w_.j)(1 - kappa))^2 - (kappa - p_e (1 - kappa))^2, w_i. and w_.j the
    means of the weights. Raises TOO_FEW, CONSTANT, BAD_ARGUMENT.
    Sources: Cohen (1960); Cohen (1968), Psychological Bulletin 70, 213-220; Fleiss, Cohen and
    Everitt (1969), Psychological Bulletin 72, 323-327.
    """
    one, other = (numbers("cohen", each) for each in (first, second))
    if one.shape != other.shape or one.ndim != 1 or np.isinf(one).any() or np.isinf(other).any():
        raise MeasurementRefused("cohen", RefusalCode.BAD_ARGUMENT)
    both = ~(np.isnan(one) | np.isnan(other))
    n = int(both.sum())
    if n < 2:
        raise MeasurementRefused("cohen", RefusalCode.TOO_FEW, n)
    known = np.unique(np.concatenate([one[both], other[both]]))
    if len(known) < 2:
        raise MeasurementRefused("cohen", RefusalCode.CONSTANT, n)
    shares = np.zeros((len(known), len(known)))
    np.add.at(shares, (np.searchsorted(known, one[both]), np.searchsorted(known, other[both])), 1)
    shares /= n
    w = _kappa_weights(len(known), weights)
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    observed, expected = float((w * shares).sum()), float(rows @ w @ columns)
    kappa = (observed - expected) / (1 - expected)
    means = (w @ columns)[:, None] + (rows @ w)[None, :]
    variance = float((shares * (w - means * (1 - kappa)) ** 2).sum())
    variance -= (kappa - expected * (1 - kappa)) ** 2
    se = float(np.sqrt(max(variance, 0.0) / n)) / (1 - expected)
    half = float(normal_quantile(0.5 + level / 2)) * se
    limits = Interval(max(-1.0, kappa - half), min(1.0, kappa + half), level, "asymptotic")
    name = "cohen" if weights is KappaWeights.NONE else f"cohen_{weights.value}"
    return CoderAgreement(name, kappa, limits, observed, n, 2)


def _kappa_weights(q: int, weights: KappaWeights) -> Floats:
    """How much two of q ordered codes count as agreeing, shape (q, q)."""
    if weights is KappaWeights.NONE:
        return np.eye(q)
    steps = np.abs(np.subtract.outer(np.arange(q), np.arange(q))) / (q - 1)
    return np.asarray(1 - steps if weights is KappaWeights.LINEAR else 1 - steps**2)


def fleiss_kappa(codes: Any, *, level: float = 0.95) -> CoderAgreement:
    """Fleiss' kappa of (units, coders) codes, NaN where not coded; see `gwet_ac1` for the rest.

    Chance agreement is the sum of squared category shares.
    Sources: Fleiss (1971), Psychological Bulletin 76, 378-382; Gwet (2014), ch. 5.
    """
    counts, _ = _table(codes, "fleiss")
    of_unit = counts / counts.sum(axis=1, keepdims=True).clip(1)
    shares = of_unit[counts.sum(axis=1) > 0].mean(axis=0)
    chance = of_unit @ shares
    return _chance_corrected(codes, "fleiss", counts, chance, float(shares @ shares), level)


def gwet_ac1(codes: Any, *, level: float = 0.95) -> CoderAgreement:
    """Gwet's AC1 of (units, coders) codes; NaN where a coder did not code a unit.

    AC1 = (p_a - p_e) / (1 - p_e), p_a the mean over units with two or more codes of the share of
    agreeing pairs, p_e = sum s_k (1 - s_k) / (q - 1), s_k the mean share of category k, q the number
    of categories used. Steady where nearly everything falls in one category, which kappa is not.
    Interval by the linearised variance over units, t quantile on units - 1.
    Raises ONE_CODER, ALL_MISSING, TOO_FEW, CONSTANT.
    Sources: Gwet (2008), Br J Math Stat Psychol 61, 29-48; Gwet (2014), ch. 5.
    """
    counts, known = _table(codes, "gwet_ac1")
    of_unit = counts / counts.sum(axis=1, keepdims=True).clip(1)
    shares = of_unit[counts.sum(axis=1) > 0].mean(axis=0)
    q = len(known)
    chance = of_unit @ (1 - shares) / (q - 1)
    expected = float(shares @ (1 - shares)) / (q - 1)
    return _chance_corrected(codes, "gwet_ac1", counts, chance, expected, level)


def _chance_corrected(
    codes: Any, name: str, counts: Floats, chance: Floats, expected: float, level: float
) -> CoderAgreement:
    coded = counts.sum(axis=1) > 0
    counts, chance = counts[coded], chance[coded]
    r = counts.sum(axis=1)
    n, twice = len(counts), r >= 2
    agreeing = np.zeros(n)
    agreeing[twice] = (counts * (counts - 1)).sum(axis=1)[twice] / (r * (r - 1))[twice]
    observed = float(agreeing[twice].mean())
    value = (observed - expected) / (1 - expected)
    each = np.where(twice, n / twice.sum() * (agreeing - expected) / (1 - expected), 0.0)
    each -= 2 * (1 - value) * (chance - expected) / (1 - expected)
    se = float(np.sqrt(((each - value) ** 2).sum() / (n * (n - 1))))
    half = float(t_quantile(0.5 + level / 2, n - 1)) * se
    limits = Interval(max(-1.0, value - half), min(1.0, value + half), level, "linearised_units")
    coders = int(np.asarray(codes).shape[1])
    return CoderAgreement(name, value, limits, observed, int(twice.sum()), coders)
