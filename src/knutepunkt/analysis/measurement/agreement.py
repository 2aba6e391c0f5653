"""How alike are the members of a group, and how alike are two measurements of one person?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from knutepunkt.analysis.distributions import f_above, f_quantile, normal_quantile
from knutepunkt.analysis.measurement.arrays import (
    ROUNDING,
    Floats,
    group_labels,
    group_places,
    matrix,
    pair,
    still,
    vector,
)
from knutepunkt.analysis.measurement.intervals import Interval
from knutepunkt.analysis.measurement.refusals import MeasurementRefused, RefusalCode

SHROUT_FLEISS = ("ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k")


@dataclass(frozen=True)
class GroupAgreement:
    """ICC1: share of variance between groups; ICC2: reliability of a group's mean.

    `icc2` is None where the groups have the very same mean, so that there is nothing to divide by.
    """

    icc1: float
    icc1_interval: Interval
    icc2: float | None
    n: int
    groups: int
    mean_size: float
    f: float
    df: tuple[int, int]
    p: float


@dataclass(frozen=True)
class RaterAgreement:
    """One of Shrout and Fleiss's six coefficients with its F test and interval."""

    form: str
    icc: float
    interval: Interval
    f: float
    df: tuple[int, int]
    p: float


@dataclass(frozen=True)
class WithinGroupAgreement:
    """r_wg(j) summed up over groups; no group's own value leaves this object."""

    mean: float
    median: float
    groups: int
    left_out: int


def group_icc(values: Any, groups: Any, *, level: float = 0.95) -> GroupAgreement:
    """ICC1 and ICC2 of one score (n,) over group labels (n,), by one-way analysis of variance.

    ICC1 = (MSB - MSW) / (MSB + (k - 1) MSW), ICC2 = (MSB - MSW) / MSB, k = n / G the mean group
    size; the interval of ICC1 by the F distribution of MSB / MSW. Negative values are kept: they
    say that groups differ less than chance. Groups of one stay in; rows without a score or a group
    label are left out. Raises ONE_GROUP, TOO_FEW (no
    group with two members), CONSTANT (no variance within any group).
    Sources: Bartko (1976), Psychological Bulletin 83, 762-765; Bliese (2000); Searle (1971).
    """
    scores = vector("group_icc", values)
    labels, known = group_labels("group_icc", groups, len(scores))
    present = ~np.isnan(scores) & known
    y = scores[present]
    if len(y) == 0:
        raise MeasurementRefused("group_icc", RefusalCode.ALL_MISSING, 0)
    places, G = group_places("group_icc", labels[present], len(y))
    n = len(y)
    if G < 2:
        raise MeasurementRefused("group_icc", RefusalCode.ONE_GROUP, G)
    if n - G < 1:
        raise MeasurementRefused("group_icc", RefusalCode.TOO_FEW, n)
    sizes = np.bincount(places, minlength=G)
    means = np.bincount(places, weights=y, minlength=G) / sizes
    between = float((sizes * (means - y.mean()) ** 2).sum()) / (G - 1)
    within = float(((y - means[places]) ** 2).sum()) / (n - G)
    if still(np.sqrt(within), y):
        raise MeasurementRefused("group_icc", RefusalCode.CONSTANT, n)
    k, f, df = n / G, between / within, (G - 1, n - G)
    tail = (1 - level) / 2
    ratios = f / np.asarray(f_quantile([1 - tail, tail], *df))
    low, high = (ratios - 1) / (ratios + k - 1)
    return GroupAgreement(
        icc1=(between - within) / (between + (k - 1) * within),
        icc1_interval=Interval(float(low), float(high), level, "f"),
        icc2=(between - within) / between
        if np.sqrt(between) > ROUNDING * np.abs(y).max()
        else None,
        n=n,
        groups=G,
        mean_size=k,
        f=f,
        df=df,
        p=float(f_above(f, *df)),
    )


def shrout_fleiss(ratings: Any, *, level: float = 0.95) -> dict[str, RaterAgreement]:
    """The six intraclass correlations of (n subjects, k raters or occasions), complete rows only.

    One-way (ICC1), two-way random (ICC2, agreement) and two-way mixed (ICC3, consistency), for one
    rating and for the mean of k. Raises TOO_FEW (fewer than two complete rows), ONE_CODER, CONSTANT.
    Sources: Shrout and Fleiss (1979), Psychological Bulletin 86, 420-428; McGraw and Wong (1996).
    """
    table = matrix("shrout_fleiss", ratings)
    table = table[~np.isnan(table).any(axis=1)]
    n, k = table.shape
    if k < 2:
        raise MeasurementRefused("shrout_fleiss", RefusalCode.ONE_CODER, k)
    if n < 2:
        raise MeasurementRefused("shrout_fleiss", RefusalCode.TOO_FEW, n)
    rows, columns, residual, within = _mean_squares(table)
    if still(np.sqrt(min(residual, within)), table.ravel()):
        raise MeasurementRefused("shrout_fleiss", RefusalCode.CONSTANT, n)
    tail = (1 - level) / 2
    one_way = _by_f(rows / within, (n - 1, n * (k - 1)), tail)
    two_way = _by_f(rows / residual, (n - 1, (n - 1) * (k - 1)), tail)
    agreement = (rows - residual) / (rows + (k - 1) * residual + k * (columns - residual) / n)
    low, high = _agreement_limits(rows, columns, residual, n, k, agreement, tail)
    single = {
        "ICC1": ((rows - within) / (rows + (k - 1) * within), *_single(one_way[1:], k)),
        "ICC2": (agreement, low, high),
        "ICC3": ((rows - residual) / (rows + (k - 1) * residual), *_single(two_way[1:], k)),
    }
    found = {}
    for form, (icc, lower, upper) in single.items():
        f, df = one_way[0], (n - 1, n * (k - 1))
        if form != "ICC1":
            f, df = two_way[0], (n - 1, (n - 1) * (k - 1))
        p = float(f_above(f, *df))
        limits = Interval(lower, upper, level, "f")
        found[form] = RaterAgreement(form, icc, limits, f, df, p)
        stepped = Interval(_stepped_up(lower, k), _stepped_up(upper, k), level, "f")
        found[form + "k"] = RaterAgreement(form + "k", _stepped_up(icc, k), stepped, f, df, p)
    return {form: found[form] for form in SHROUT_FLEISS}


def _mean_squares(table: Floats) -> tuple[float, float, float, float]:
    n, k = table.shape
    grand = table.mean()
    by_row, by_column = table.mean(axis=1), table.mean(axis=0)
    rows = k * float(((by_row - grand) ** 2).sum()) / (n - 1)
    columns = n * float(((by_column - grand) ** 2).sum()) / (k - 1)
    left = table - by_row[:, None] - by_column[None, :] + grand
    residual = float((left**2).sum()) / ((n - 1) * (k - 1))
    within = float(((table - by_row[:, None]) ** 2).sum()) / (n * (k - 1))
    return rows, columns, residual, within


def _by_f(f: float, df: tuple[int, int], tail: float) -> tuple[float, float, float]:
    high = float(f_quantile(1 - tail, *df))
    low = float(f_quantile(tail, *df))
    return f, f / high, f / low


def _single(ratios: tuple[float, ...], k: int) -> tuple[float, float]:
    low, high = ((one - 1) / (one + k - 1) for one in ratios)
    return low, high


def _stepped_up(icc: float, k: int) -> float:
    return k * icc / (1 + (k - 1) * icc)


def _agreement_limits(
    rows: float, columns: float, residual: float, n: int, k: int, icc: float, tail: float
) -> tuple[float, float]:
    """McGraw and Wong's limits of ICC(A,1), with Satterthwaite's df for the compound of two."""
    ratio = columns / residual
    part = k * icc * ratio + n * (1 + (k - 1) * icc) - k * icc
    df = (n - 1) * (k - 1) * part**2
    df /= (n - 1) * k**2 * icc**2 * ratio**2 + (n * (1 + (k - 1) * icc) - k * icc) ** 2
    upper = float(f_quantile(1 - tail, n - 1, df))
    lower = float(f_quantile(1 - tail, df, n - 1))
    noise = k * columns + (k * n - k - n) * residual
    low = n * (rows - upper * residual) / (upper * noise + n * rows)
    high = n * (lower * rows - residual) / (noise + n * lower * rows)
    return low, high


def within_group_agreement(items: Any, groups: Any, *, points: int) -> WithinGroupAgreement:
    """r_wg(j) of (n, j) items with `points` answer points, summed up over groups of two or more.

    Per group: r = j(1 - s/u) / (j(1 - s/u) + s/u), s the mean item variance, u = (points^2 - 1)/12
    the variance of answers at random; below 0 counts as 0. With one item this is r_wg. A group
    without two complete answers is left out and counted, and so are rows without a group label,
    uncounted. Raises ALL_MISSING, TOO_FEW, BAD_ARGUMENT.
    Source: James, Demaree and Wolf (1984), Journal of Applied Psychology 69, 85-98.
    """
    values = matrix("rwg", items)
    if points < 2:
        raise MeasurementRefused("rwg", RefusalCode.BAD_ARGUMENT)
    labels, known = group_labels("rwg", groups, len(values))
    values = values[known]
    places, G = group_places("rwg", labels[known], len(values))
    complete = ~np.isnan(values).any(axis=1)
    sizes = np.bincount(places[complete], minlength=G)
    if not complete.any():
        raise MeasurementRefused("rwg", RefusalCode.TOO_FEW, 0)
    sums, squares = np.zeros((G, values.shape[1])), np.zeros((G, values.shape[1]))
    centred = values[complete] - values[complete].mean(axis=0)
    np.add.at(sums, places[complete], centred)
    np.add.at(squares, places[complete], centred**2)
    large = sizes >= 2
    if not large.any():
        raise MeasurementRefused("rwg", RefusalCode.TOO_FEW, int(complete.sum()))
    m = sizes[large][:, None]
    variances = (squares[large] - sums[large] ** 2 / m) / (m - 1)
    share = variances.mean(axis=1) / ((points**2 - 1) / 12)
    j = values.shape[1]
    r = np.where(share < 1, j * (1 - share) / (j * (1 - share) + share), 0.0)
    return WithinGroupAgreement(
        float(r.mean()), float(np.median(r)), int(large.sum()), int(G - large.sum())
    )


@dataclass(frozen=True)
class RetestReliability:
    """Two measurements of the same people: correlation, agreement, consistency, SEM of agreement."""

    n: int
    correlation: float
    correlation_interval: Interval
    agreement: RaterAgreement
    consistency: RaterAgreement
    sem: float

    @property
    def sdc(self) -> float:
        """The smallest detectable change of one person: 1.96 sqrt(2) SEM."""
        return float(1.96 * np.sqrt(2) * self.sem)


def retest_reliability(
    first: Any, second: Any, *, level: float = 0.95, least: int = 50
) -> RetestReliability:
    """Test-retest reliability of two vectors (n,) over people who are expected not to have changed.

    Pearson's r with Fisher's interval; ICC(A,1) and ICC(C,1); SEM of agreement, the square root of
    the occasion and residual variances. Raises TOO_FEW (below `least`), CONSTANT.
    Sources: de Vet et al. (2006), J Clin Epidemiol 59, 1033-1039; McGraw and Wong (1996).
    """
    one, other = pair("retest", first, second, least=max(least, 4))
    table = np.column_stack([one, other])
    if still(table.std(axis=0), table):
        raise MeasurementRefused("retest", RefusalCode.CONSTANT, len(one))
    n = len(one)
    r = float(np.corrcoef(one, other)[0, 1])
    half = float(normal_quantile(0.5 + level / 2)) / np.sqrt(n - 3)
    low, high = np.tanh(np.arctanh(min(max(r, -1 + 1e-15), 1 - 1e-15)) + np.array([-half, half]))
    forms = shrout_fleiss(table, level=level)
    _, columns, residual, _ = _mean_squares(table)
    occasion = max(0.0, (columns - residual) / n)
    return RetestReliability(
        n=n,
        correlation=r,
        correlation_interval=Interval(float(low), float(high), level, "fisher"),
        agreement=forms["ICC2"],
        consistency=forms["ICC3"],
        sem=float(np.sqrt(occasion + residual)),
    )
