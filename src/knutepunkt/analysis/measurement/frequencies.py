"""How many chose each answer, and how sure is the share when people sit in groups?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from knutepunkt.analysis.distributions import t_quantile
from knutepunkt.analysis.measurement.arrays import Floats, group_labels, group_places, vector
from knutepunkt.analysis.measurement.intervals import Interval, clopper_pearson, wilson
from knutepunkt.analysis.measurement.refusals import MeasurementRefused, RefusalCode

# At 0 and 100 % the data say nothing about how alike people in a group are, so an intraclass
# correlation is assumed. 0.10 lies above most published values for well-being in groups.
ASSUMED_ICC = 0.10


@dataclass(frozen=True)
class CategoryShare:
    """One category: how many, what share, its interval, and the design effect behind it."""

    codes: tuple[int, ...]
    count: int
    share: float
    interval: Interval
    design_effect: float
    effective_n: float


@dataclass(frozen=True)
class Frequencies:
    """All categories of one variable. `missing` answers are outside n; `groups` is None without."""

    n: int
    missing: int
    groups: int | None
    categories: tuple[CategoryShare, ...]


def share_interval(
    in_category: Any, group_sizes: Any | None = None, *, level: float = 0.95
) -> tuple[Interval, float, float]:
    """The interval of a share from counts per group: (interval, design effect, effective n).

    `in_category` (G,): how many of each group chose it; `group_sizes` (G,): how many answered.
    Without `group_sizes`, `in_category` holds a pair (x, n) of independent answers: Wilson.
    With y_g of m_g, n = sum m_g, p = sum y_g / n:
    v = G/(G-1) sum (y_g - p m_g)^2 / n^2;  deff = max(1, v / (p(1-p)/n));  n_eff = n / deff;
    Wilson's formula with n_eff and the t quantile on G - 1 degrees of freedom.
    At 0 and 100 %: deff = 1 + (sum m_g^2 / n - 1) * 0.10, Clopper-Pearson on n_eff.
    Raises ONE_GROUP, ALL_MISSING and BAD_ARGUMENT.
    Sources: Kish (1965), Survey Sampling; Korn and Graubard (1998), Survey Methodology 24,
    193-201; Dean and Pagano (2015), Survey Methodology 41, 453-476.
    """
    if group_sizes is None:
        x, n = (float(one) for one in in_category)
        return wilson(x, n, level=level), 1.0, n
    y, m = vector("share", in_category), vector("share", group_sizes)
    if y.shape != m.shape or (y < 0).any() or (y > m).any():
        raise MeasurementRefused("share", RefusalCode.BAD_ARGUMENT)
    y, m = y[m > 0], m[m > 0]
    n, x, G = float(m.sum()), float(y.sum()), len(m)
    if G == 0:
        raise MeasurementRefused("share", RefusalCode.ALL_MISSING, 0)
    if G == 1:
        raise MeasurementRefused("share", RefusalCode.ONE_GROUP, 1)
    if x in (0.0, n):
        deff = max(1.0, 1 + (float((m**2).sum()) / n - 1) * ASSUMED_ICC)
        exact = clopper_pearson(x / deff, n / deff, level=level)
        return (
            Interval(exact.low, exact.high, level, "clopper_pearson_effective"),
            deff,
            n / deff,
        )
    p = x / n
    deff = max(1.0, _variance_between(y, m, p) / (p * (1 - p) / n))
    t = float(t_quantile(0.5 + level / 2, G - 1))
    score = wilson(x / deff, n / deff, level=level, quantile=t)
    return Interval(score.low, score.high, level, "wilson_effective_t"), deff, n / deff


def _variance_between(y: Floats, m: Floats, p: float) -> float:
    G = len(m)
    return float(G / (G - 1) * ((y - p * m) ** 2).sum() / m.sum() ** 2)


def frequencies(
    codes: Any,
    groups: Any | None,
    categories: Sequence[Sequence[int]],
    *,
    level: float = 0.95,
) -> Frequencies:
    """Counts and shares of the categories, in the order given.

    `codes` (n,): answer codes, NaN for none; codes in no category count as missing (a negative
    code, "does not apply", is such a one), and so does an answer without a group label. `groups`
    (n,): group labels, or None for a design without groups. `categories`: the codes of each category, as merged; no code in two.
    Raises ALL_MISSING, ONE_GROUP (then pass None, or describe without an interval), BAD_ARGUMENT.
    Formula and sources: see `share_interval`.
    """
    values = vector("frequencies", codes)
    flat = [code for category in categories for code in category]
    if len(set(flat)) != len(flat) or not flat:
        raise MeasurementRefused("frequencies", RefusalCode.BAD_ARGUMENT)
    answered, labels = np.isin(values, flat), None
    if groups is not None:
        labels, known = group_labels("frequencies", groups, len(values))
        answered &= known
    n = int(answered.sum())
    if n == 0:
        raise MeasurementRefused("frequencies", RefusalCode.ALL_MISSING, 0)
    places, G = None, None
    if labels is not None:
        places, G = group_places("frequencies", labels[answered], n)
    shares = []
    for category in categories:
        chosen = np.isin(values[answered], category)
        x = int(chosen.sum())
        if places is None or G is None:
            interval, deff, effective = share_interval((x, n), level=level)
        else:
            per_group = np.bincount(places, weights=chosen, minlength=G)
            sizes = np.bincount(places, minlength=G)
            interval, deff, effective = share_interval(per_group, sizes, level=level)
        shares.append(CategoryShare(tuple(category), x, x / n, interval, deff, effective))
    return Frequencies(n, len(values) - n, G, tuple(shares))
