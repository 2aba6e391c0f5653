"""What do the tables of an evaluation (T4-T8) say, given sums per group alone?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from knutepunkt.analysis.measurement.change import EffectSize, corrected
from knutepunkt.analysis.measurement.frequencies import CategoryShare, share_interval
from knutepunkt.analysis.measurement.intervals import Interval as Limits
from knutepunkt.analysis.measurement.omega import omega_from_sums
from knutepunkt.analysis.measurement.refusals import MeasurementRefused
from knutepunkt.analysis.measurement.reliability import Precision, alpha_of, feldt, precision
from knutepunkt.analysis.measurement.reliable_change import ChangeClass, classes_of_pairs
from knutepunkt.analysis.models.arrays import Floats
from knutepunkt.analysis.models.at_scale.layout import Layout
from knutepunkt.analysis.models.at_scale.reduction import ScaleSums, reduce_scale
from knutepunkt.analysis.models.cluster_robust import cluster_robust
from knutepunkt.analysis.models.inference import Estimate, Inference, SmallSample
from knutepunkt.analysis.models.moments import GroupMoments, moments_from_sums
from knutepunkt.analysis.models.policy import Method, PolicyRow, choose
from knutepunkt.analysis.models.random_intercept import (
    Interval,
    RandomIntercept,
    fit_random_intercept,
)
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode


@dataclass(frozen=True)
class ItemShares:
    """T4: one question: answers, those left out for a code it does not have, shares by code."""

    item: str
    n: int
    outside: int
    shares: tuple[CategoryShare, ...]


@dataclass(frozen=True)
class ScaleQuality:
    """T5: alpha and omega of complete rows with their intervals, SEM and detectable change."""

    n: int
    alpha: float
    alpha_interval: Any
    omega: float | None
    omega_interval: Any
    precision: Precision


@dataclass(frozen=True)
class ScaleVariance:
    """T8: variances by level and the share between groups, of pairs, with its profile interval."""

    group: float
    person: float
    residual: float
    icc: float
    icc_interval: Interval
    singular: bool


@dataclass(frozen=True)
class ScaleTables:
    """Everything of one scale; ``refused`` names what could not be computed, and why.

    Attributes:
        name: the scale.
        shares, quality: T4 and T5, over both rounds.
        means: T6: the mean of each round, by least squares with CR2.
        change: T6: later minus earlier over all rows, by least squares with CR2.
        paired: T6: the same among persons with both, by the policy's row.
        effect: d_av and g of ``paired``.
        row: the row of the policy table behind ``paired``.
        classes: T7: how many recovered, improved and so on; nobody recovers without a cut-off.
        variance: T8.
    """

    name: str
    shares: tuple[ItemShares, ...]
    quality: ScaleQuality | None
    means: tuple[Estimate, ...]
    change: Estimate | None
    paired: Estimate | None
    effect: EffectSize | None
    row: PolicyRow | None
    classes: tuple[tuple[ChangeClass, int], ...]
    variance: ScaleVariance | None
    refused: tuple[tuple[str, str], ...]


def tables_at_scale(
    table: Any, layout: Layout, *, higher_is_better: bool = False, level: float = 0.95
) -> Iterator[ScaleTables]:
    """Reduce a table scale by scale and give each scale's figures.

    Args:
        table: a Polars or Spark frame; see ``reduce_scale``.
        layout: which columns are what.
        higher_is_better: for the classes of individual change.
        level: confidence level.
    """
    for scale in layout.scales:
        yield scale_tables(
            reduce_scale(table, layout, scale), higher_is_better=higher_is_better, level=level
        )


def scale_tables(
    sums: ScaleSums, *, higher_is_better: bool = False, level: float = 0.95
) -> ScaleTables:
    """Give T4-T8 of one scale from its sums."""
    refused: list[tuple[str, str]] = []

    def attempted(name: str, make: Any) -> Any:
        try:
            return make()
        except (ModelRefusal, MeasurementRefused) as refusal:
            refused.append((name, str(refusal.code)))
            return None

    quality = attempted("T5", lambda: _quality(sums, level))
    by_round = attempted("T6", lambda: _by_round(sums, level))
    paired = attempted("T6 paired", lambda: _paired(sums, level))
    effect = None
    if paired is not None:
        effect = attempted("T6 effect", lambda: _effect(sums, paired[0]))
    reliability = None if quality is None else quality.omega or quality.alpha
    classes: tuple[tuple[ChangeClass, int], ...] = ()
    if reliability is not None:
        better = higher_is_better
        classes = attempted("T7", lambda: classes_of_pairs(sums.joint, reliability, better)) or ()
    return ScaleTables(
        name=sums.name,
        shares=tuple(_shares(sums, level, attempted)),
        quality=quality,
        means=() if by_round is None else by_round[0],
        change=None if by_round is None else by_round[1],
        paired=None if paired is None else paired[0],
        effect=effect,
        row=None if paired is None else paired[1],
        classes=classes,
        variance=attempted("T8", lambda: _variance(sums, level)),
        refused=tuple(refused),
    )


def _shares(sums: ScaleSums, level: float, attempted: Any) -> Iterable[ItemShares]:
    for place, item in enumerate(sums.items):
        counts = sums.counts[:, place, :]
        sizes = counts.sum(axis=1)
        n = int(sizes.sum())
        shares = []
        for column, code in enumerate(sums.codes):
            chosen = counts[:, column]
            found = attempted(f"T4 {item}", partial(share_interval, chosen, sizes, level=level))
            if found is not None:
                count = int(chosen.sum())
                shares.append(CategoryShare((code,), count, count / n, *found))
        yield ItemShares(item, n, int(sums.outside[place]), tuple(shares))


def _quality(sums: ScaleSums, level: float) -> ScaleQuality:
    n = int(sums.complete.sum())
    if n < 2:
        raise ModelRefusal(RefusalCode.TOO_FEW_ROWS, f"{n} complete rows")
    k = len(sums.items)
    mean = sums.sums.sum(axis=0) / n
    # Per group, sum of (x - mean)(x - mean)'.
    shift = sums.sums[:, :, None] * mean
    centred = sums.products - shift - np.swapaxes(shift, 1, 2)
    centred += sums.complete[:, None, None] * np.outer(mean, mean)
    covariance = centred.sum(axis=0) / (n - 1)
    if (np.diag(covariance) <= 1e-12).any():
        raise ModelRefusal(RefusalCode.NO_VARIANCE, "an item is answered alike by all")
    alpha = alpha_of(covariance)
    omega, limits = None, None
    if k >= 3:
        used = sums.complete > 0
        found = omega_from_sums(centred[used], sums.complete[used], level=level)
        omega, limits = found.omega, found.interval
    sd = float(np.sqrt(covariance.sum())) / k
    reliability = min(max(alpha if omega is None else omega, 0.0), 1.0)
    return ScaleQuality(
        n, alpha, feldt(alpha, n, k, level=level), omega, limits, precision(sd, reliability)
    )


def _moments(n: Floats, total: Floats, square: Floats) -> GroupMoments:
    """Sums of one outcome as those of an intercept-only model, centred for the sake of digits."""
    origin = float(total.sum() / max(float(n.sum()), 1.0))
    xy = total - n * origin
    yy = square - 2.0 * origin * total + n * origin**2
    return moments_from_sums(
        n, n[:, None, None], xy[:, None], yy, names=("(Intercept)",), y_origin=origin
    )


def _by_round(sums: ScaleSums, level: float) -> tuple[tuple[Estimate, ...], Estimate]:
    """Both means and their difference over all rows: y = a + b later, clustered by group."""
    n, total, square = (sums.by_round[:, :, place] for place in range(3))
    xx = np.empty((len(n), 2, 2))
    xx[:, 0, 0] = n.sum(axis=1)
    xx[:, 0, 1] = xx[:, 1, 0] = xx[:, 1, 1] = n[:, 1]
    origin = float(total.sum() / max(float(n.sum()), 1.0))
    sums_y = total - n * origin
    xy = np.column_stack([sums_y.sum(axis=1), sums_y[:, 1]])
    yy = (square - 2.0 * origin * total + n * origin**2).sum(axis=1)
    moments = moments_from_sums(
        xx[:, 0, 0], xx, xy, yy, names=("(Intercept)", "later"), y_origin=origin
    )
    robust = cluster_robust(moments)
    means = tuple(
        robust.estimate(row, name=name, level=level)
        for name, row in (("earlier", [1.0, 0.0]), ("later", [1.0, 1.0]))
    )
    return means, robust.estimate([0.0, 1.0], name="later - earlier", level=level)


def _paired(sums: ScaleSums, level: float) -> tuple[Estimate, PolicyRow]:
    """The mean change among persons with both scores, as the policy table has it."""
    moments = _moments(sums.pairs[:, 0], sums.pairs[:, 1], sums.pairs[:, 2])
    found = fit_random_intercept(moments, level=level)
    row = choose(found.n_groups, moments.n_rows, singular=found.fit.singular)
    name = "later - earlier"
    if row.method is Method.CR2:
        return cluster_robust(moments).estimate([1.0], name=name, level=level), row
    method = SmallSample.KENWARD_ROGER
    if row.method is Method.SATTERTHWAITE:
        method = SmallSample.SATTERTHWAITE
    return Inference(found.fit).estimate([1.0], name=name, method=method, level=level), row


def _effect(sums: ScaleSums, paired: Estimate) -> EffectSize:
    """d_av: the change over the mean of the two SDs among persons with both; g corrected."""
    earlier, later, persons = sums.joint.T
    n = float(persons.sum())
    sds = []
    for score in (earlier, later):
        mean = float(persons @ score) / n
        sds.append(float(np.sqrt(persons @ (score - mean) ** 2 / (n - 1.0))))
    average = sum(sds) / 2.0
    if average <= 1e-12:
        raise ModelRefusal(RefusalCode.NO_VARIANCE, "all scores are equal")
    limits = Limits(paired.low / average, paired.high / average, paired.level, paired.method)
    return corrected(paired.value / average, limits, int(n) - 1)


def _variance(sums: ScaleSums, level: float) -> ScaleVariance:
    """Variances of y ~ round + (1 | group/person) by REML, among persons with both scores.

    The likelihood parts in two: changes hold the residual alone, s^2 = SS / (2 (n - 1)); means of
    both rounds are a random-intercept model with within-variance person + residual / 2.
    """
    n, change, square, middle, square_of_middle = sums.pairs.T
    persons = float(n.sum())
    if persons < 3:
        raise ModelRefusal(RefusalCode.TOO_FEW_ROWS, f"{persons:.0f} persons with both scores")
    residual = float(square.sum() - change.sum() ** 2 / persons) / (2.0 * (persons - 1.0))
    found: RandomIntercept = fit_random_intercept(
        _moments(n, middle, square_of_middle), level=level
    )
    between = float(found.fit.terms[0].covariance[0, 0])
    person = found.fit.sigma**2 - residual / 2.0
    if person < 0.0:
        raise ModelRefusal(RefusalCode.SINGULAR_FIT, "persons differ less than chance")
    # The interval of the share among means is carried over to the share among answers.
    of_means = found.fit.sigma**2
    total = between + person + residual

    def share(icc: float) -> float:
        group = of_means * icc / (1.0 - icc) if icc < 1.0 else np.inf
        return float(group / (group + person + residual)) if np.isfinite(group) else 1.0

    limits = found.icc_interval
    return ScaleVariance(
        between, person, residual, between / total,
        Interval(share(limits.low), share(limits.high), limits.level), found.fit.singular,
    )  # fmt: skip
