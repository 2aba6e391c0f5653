"""How do organisations differ, when their groups and their people are taken into account?

Never a league table: every organisation is set against the mean of all, pulled toward it as far as its
own uncertainty demands, and tests are adjusted for their number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import optimize

from knutepunkt.analysis.distributions import normal_quantile
from knutepunkt.analysis.models.arrays import Floats, present
from knutepunkt.analysis.models.design import build_design
from knutepunkt.analysis.models.fit import MixedFit
from knutepunkt.analysis.models.inference import Estimate
from knutepunkt.analysis.models.mixed import fit_design
from knutepunkt.analysis.models.policy import PolicyRow, choose
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.models.round_mean import estimated
from knutepunkt.analysis.models.specification import MixedModel, RandomEffects

LEAST_GROUPS_EACH = 3
LEAST_ORGANISATIONS = 2


@dataclass(frozen=True)
class OrganisationMean:
    """One organisation.

    Attributes:
        label: its label.
        adjusted: mean at the average of the covariates.
        deviation: adjusted mean minus the plain mean of all organisations' adjusted means.
        holm_p: p-value of the deviation, adjusted over all organisations (Holm 1979).
        pooled: adjusted mean pulled toward the common mean (empirical Bayes).
        pooled_low, pooled_high: its interval.
        kept: share of the deviation that is left after pulling, 0 to 1.
        n_rows, n_groups: what it rests on.
    """

    label: str
    adjusted: Estimate
    deviation: Estimate
    holm_p: float
    pooled: float
    pooled_low: float
    pooled_high: float
    kept: float
    n_rows: int
    n_groups: int


@dataclass(frozen=True)
class Comparison:
    """All organisations, and how much they differ beyond chance.

    Attributes:
        organisations: in the order of their labels, never of their means.
        common: the precision-weighted mean they are pulled toward.
        spread: tau, estimated standard deviation between organisations.
        row: the row of the policy table that fired.
        formula: the model in lme4's notation.
        n_rows, n_dropped: rows used and left out.
    """

    organisations: tuple[OrganisationMean, ...]
    common: float
    spread: float
    row: PolicyRow
    formula: str
    n_rows: int
    n_dropped: int


def compare_organisations(
    y: NDArray[Any],
    organisation: NDArray[Any],
    group: NDArray[Any],
    covariates: Mapping[str, NDArray[Any]] | None = None,
    *,
    level: float = 0.95,
) -> Comparison:
    """Compare organisations on one value per person.

    Model: y = organisation + covariates (centred) + u_group + e by REML, one variance between groups
    for all organisations. Partial pooling: adjusted means b with covariance V are N(mu 1,
    V + tau^2 I); tau^2 by REML, then b shrunk to mu + tau^2 (V + tau^2 I)^-1 (b - mu), with a
    variance that also holds the uncertainty of mu (Morris 1983).

    Args:
        y: outcome, shape (n,); NaN for missing.
        organisation: label of each row, shape (n,).
        group: group of each row, shape (n,); a group belongs to one organisation.
        covariates: numeric columns by name that are adjusted for.
        level: confidence level.

    Raises:
        ModelRefusal: ``bad_shape``, ``no_rows``, ``too_few_groups`` for one organisation or one with
            fewer than three groups, ``bad_argument`` for a group in two organisations, and what a
            fit refuses.
    """
    frame, names, dropped = _complete(y, organisation, group, covariates or {})
    labels = sorted(frame["org"].unique().to_list())
    _check(frame, labels)
    model = MixedModel(
        "y",
        (("org",), *((name,) for name in names)),
        (RandomEffects(("group",)),),
        categorical=frozenset({"org"}),
    )
    fit = fit_design(build_design(model, frame))
    row = choose(frame["group"].n_unique(), fit.n_rows, singular=fit.singular)
    weights = _weights(fit, labels)
    adjusted = _estimates(fit, row, weights, labels, level)
    deviations = _estimates(fit, row, weights - weights.mean(axis=0), labels, level)
    holm = holm_adjusted([one.p_value for one in deviations])
    pulled = pull_together(
        np.array([one.value for one in adjusted]), _covariance(fit, weights, adjusted), level
    )
    counts = {label: frame.filter(pl.col("org") == label) for label in labels}
    rows = zip(
        labels, adjusted, deviations, holm, pulled.means, pulled.ends, pulled.kept, strict=True
    )
    return Comparison(
        organisations=tuple(
            OrganisationMean(
                label, mean, gap, p, float(value), float(low), float(high), float(kept),
                counts[label].height, counts[label]["group"].n_unique(),
            )
            for label, mean, gap, p, value, (low, high), kept in rows
        ),
        common=pulled.common,
        spread=pulled.spread,
        row=row,
        formula=" + ".join(("y ~ organisation", *(covariates or {}), "(1 | group)")),
        n_rows=fit.n_rows,
        n_dropped=dropped,
    )  # fmt: skip


def holm_adjusted(p_values: Sequence[float]) -> list[float]:
    """Return Holm's (1979) step-down adjusted p-values, in the order given.

    Raises:
        ModelRefusal: ``bad_argument`` for a value that is no probability.
    """
    if not all(0.0 <= one <= 1.0 for one in p_values):
        raise ModelRefusal(RefusalCode.BAD_ARGUMENT, "a p-value lies outside 0 to 1")
    order = np.argsort(p_values, kind="stable")
    count = len(p_values)
    adjusted = [0.0] * count
    highest = 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (count - rank) * p_values[place]))
        adjusted[place] = highest
    return adjusted


@dataclass(frozen=True, eq=False)
class Pulled:
    """Means pulled toward their common mean: shapes (k,), (k, 2), (k,), and two numbers."""

    means: Floats
    ends: Floats
    kept: Floats
    common: float
    spread: float


def pull_together(means: Floats, covariance: Floats, level: float = 0.95) -> Pulled:
    """Return empirical Bayes means; see :func:`compare_organisations`.

    Args:
        means: adjusted means, shape (k,).
        covariance: their covariance, shape (k, k), positive definite.
        level: confidence level.
    """
    k = means.size
    ones = np.ones(k)
    highest = 10.0 * float(means.var(ddof=1)) + 10.0 * float(np.diag(covariance).max())

    def criterion(variance: float) -> float:
        total = covariance + variance * np.eye(k)
        inverse = np.linalg.inv(total)
        precision = float(ones @ inverse @ ones)
        gap = means - float(ones @ inverse @ means) / precision
        return float(np.linalg.slogdet(total)[1] + np.log(precision) + gap @ inverse @ gap)

    found = optimize.minimize_scalar(criterion, bounds=(0.0, highest), method="bounded")
    variance = 0.0 if criterion(0.0) <= float(found.fun) else float(found.x)
    inverse = np.linalg.inv(covariance + variance * np.eye(k))
    precision = float(ones @ inverse @ ones)
    common = float(ones @ inverse @ means) / precision
    shrink = variance * inverse
    pulled = common + shrink @ (means - common)
    left = np.eye(k) - shrink
    reach = left @ ones
    spread = np.sqrt(variance * np.diag(left) + reach**2 / precision)
    width = float(normal_quantile(0.5 + level / 2.0)) * spread
    ends = np.column_stack([pulled - width, pulled + width])
    return Pulled(pulled, ends, np.diag(shrink).copy(), common, float(np.sqrt(variance)))


def _complete(
    y: NDArray[Any],
    organisation: NDArray[Any],
    group: NDArray[Any],
    covariates: Mapping[str, NDArray[Any]],
) -> tuple[pl.DataFrame, tuple[str, ...], int]:
    """Complete rows with centred covariates under safe names."""
    names = tuple(f"covariate{place}" for place in range(len(covariates)))
    numbers = {
        name: np.asarray(one, dtype=np.float64).reshape(-1)
        for name, one in zip(("y", *names), (y, *covariates.values()), strict=True)
    }
    labelled = present(np.asarray(organisation)), present(np.asarray(group))
    orgs, groups = np.asarray(organisation).astype(str), np.asarray(group).astype(str)
    if len({one.size for one in (*numbers.values(), orgs, groups)}) != 1:
        raise ModelRefusal(RefusalCode.BAD_SHAPE, "the columns differ in length")
    keep = np.isfinite(np.vstack(list(numbers.values()))).all(axis=0) & labelled[0] & labelled[1]
    if not keep.any():
        raise ModelRefusal(RefusalCode.NO_ROWS, "no row is complete")
    kept = {name: one[keep] for name, one in numbers.items()}
    kept |= {name: kept[name] - kept[name].mean() for name in names}
    frame = pl.DataFrame({**kept, "org": orgs[keep], "group": groups[keep]})
    return frame, names, int((~keep).sum())


def _check(frame: pl.DataFrame, labels: list[str]) -> None:
    if len(labels) < LEAST_ORGANISATIONS:
        raise ModelRefusal(RefusalCode.TOO_FEW_GROUPS, "one organisation has none to compare with")
    homes = frame.group_by("group").agg(pl.col("org").n_unique())
    if (homes["org"] > 1).any():
        raise ModelRefusal(RefusalCode.BAD_ARGUMENT, "a group stands in two organisations")
    groups = frame.group_by("org").agg(pl.col("group").n_unique())
    if (groups["group"] < LEAST_GROUPS_EACH).any():
        raise ModelRefusal(
            RefusalCode.TOO_FEW_GROUPS, "an organisation has fewer than three groups"
        )


def _weights(fit: MixedFit, labels: list[str]) -> Floats:
    """Rows that give each organisation's mean at the average of the covariates, shape (k, p)."""
    weights = np.zeros((len(labels), len(fit.names)))
    weights[:, fit.names.index("(Intercept)")] = 1.0
    for place, label in enumerate(labels[1:], start=1):
        weights[place, fit.names.index(f"org{label}")] = 1.0
    return weights


def _estimates(
    fit: MixedFit, row: PolicyRow, weights: Floats, labels: list[str], level: float
) -> list[Estimate]:
    found = [
        estimated(fit, row, each, label, level) for each, label in zip(weights, labels, strict=True)
    ]
    if any(one is None for one in found):
        raise ModelRefusal(
            RefusalCode.NOT_ESTIMABLE, "a singular fit of so many rows has no method"
        )
    return [one for one in found if one is not None]


def _covariance(fit: MixedFit, weights: Floats, adjusted: list[Estimate]) -> Floats:
    """Covariance of the adjusted means, its diagonal widened to the corrected standard errors."""
    plain = weights @ fit.vcov @ weights.T
    widened = np.array([one.se for one in adjusted]) / np.sqrt(np.diag(plain))
    found: Floats = plain * np.outer(widened, widened)
    return found
