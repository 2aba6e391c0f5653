"""What might people who did not answer have answered, given all that is known of them and their group?

Multiple imputation by chained equations with a random group intercept: every column with gaps is
explained by all others and by its group, and drawn anew, round and round; several completed tables
carry the doubt on. Right where gaps depend on what is known (missing at random); what if they do not
is asked by the tipping point.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knutepunkt.analysis.models.arrays import Flags, Floats, Integers, codes_of, present
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode

COMPLETED = 20
CYCLES = 12
SWEEPS = 8
SEED = 19_870_401
LEAST_GROUPS = 6
#: Observed values that must be to spare beyond the columns that explain them.
MARGIN = 5
_RIDGE = 1e-6


@dataclass(frozen=True, eq=False)
class Completed:
    """Tables without gaps.

    Attributes:
        names: names of the k columns.
        values: shape (m, n, k); what was answered is the same in every table.
        missing: shape (n, k), where there was a gap.
        two_level: whether a random group intercept was in the model; below six groups the groups
            are fixed, without groups there is none.
    """

    names: tuple[str, ...]
    values: Floats
    missing: Flags
    two_level: bool

    def column(self, name: str) -> Floats:
        """All tables' values of one column, shape (m, n)."""
        found: Floats = self.values[:, :, self.names.index(name)]
        return found


def impute(
    columns: Mapping[str, NDArray[Any]],
    group: NDArray[Any] | None = None,
    *,
    completed: int = COMPLETED,
    cycles: int = CYCLES,
    seed: int = SEED,
) -> Completed:
    """Fill the gaps of a table with one row per person, ``completed`` times.

    Model of each column: y = X beta + u_group + e, with X the other columns. One turn of the Gibbs
    sampler draws beta, u, the residual variance (prior 1/sigma^2) and the variance between groups
    (uniform prior on the standard deviation), then the gaps (van Buuren 2018, ch. 7: the method
    known as 2l.pan, with a homogeneous residual variance).

    Args:
        columns: numeric columns by name, shape (n,) each, NaN for a gap: the outcome in every round
            and what else may explain gaps.
        group: group of each person, or None.
        completed: number of tables, at least two.
        cycles: turns through all columns before a table is kept; each table has a chain of its own.
        seed: of the draws; fixed, so that the same answers give the same tables.

    Raises:
        ModelRefusal: ``bad_shape``, ``bad_argument`` below two tables, ``not_finite`` for infinite
            values, ``no_rows``, ``no_variance`` for a column whose answers are all equal,
            ``too_few_rows`` for one with too few answers to be explained by the others.
    """
    names = tuple(columns)
    values = _table(columns, completed)
    missing = np.isnan(values)
    codes, n_groups = _groups(group, values.shape[0])
    rng = np.random.default_rng(seed)
    fixed = _dummies(codes, n_groups) if n_groups < LEAST_GROUPS else np.ones((values.shape[0], 1))
    _check(values, missing, names, fixed.shape[1])
    two_level = n_groups >= LEAST_GROUPS
    center, scale = np.nanmean(values, axis=0), np.nanstd(values, axis=0)
    standard = (values - center) / scale
    tables = np.empty((completed, *values.shape))
    for at in range(completed):
        chain = _Chain(standard, missing, fixed, codes if two_level else None, rng)
        for _ in range(cycles):
            chain.turn()
        tables[at] = chain.values * scale + center
    tables[:, ~missing] = values[~missing]
    return Completed(names, tables, missing, two_level)


def _table(columns: Mapping[str, NDArray[Any]], completed: int) -> Floats:
    if completed < 2:
        raise ModelRefusal(RefusalCode.BAD_ARGUMENT, f"{completed} tables; at least two are needed")
    given = [np.asarray(one, dtype=np.float64).reshape(-1) for one in columns.values()]
    if not given or len({one.size for one in given}) != 1:
        raise ModelRefusal(RefusalCode.BAD_SHAPE, "the columns differ in length")
    values = np.column_stack(given)
    if values.shape[0] == 0:
        raise ModelRefusal(RefusalCode.NO_ROWS, "there is nobody")
    if np.isinf(values).any():
        raise ModelRefusal(RefusalCode.NOT_FINITE, "a value is infinite")
    return values


def _groups(group: NDArray[Any] | None, n: int) -> tuple[Integers, int]:
    if group is None:
        return np.zeros(n, dtype=np.int64), 1
    labels = np.asarray(group).reshape(-1)
    if labels.size != n:
        raise ModelRefusal(RefusalCode.BAD_SHAPE, "groups and columns differ in length")
    if not present(labels).all():
        raise ModelRefusal(RefusalCode.BAD_ARGUMENT, "a person has no group")
    codes, levels = codes_of(labels)
    return codes, levels.size


def _dummies(codes: Integers, n_groups: int) -> Floats:
    found: Floats = (codes[:, None] == np.arange(n_groups)).astype(np.float64)
    return found


def _check(values: Floats, missing: Flags, names: tuple[str, ...], fixed: int) -> None:
    for k, name in enumerate(names):
        known = values[~missing[:, k], k]
        if known.size < fixed + len(names) - 1 + MARGIN:
            raise ModelRefusal(RefusalCode.TOO_FEW_ROWS, f"{name} has {known.size} answers")
        if np.ptp(known) <= 1e-12 * max(1.0, float(np.abs(known).max())):
            raise ModelRefusal(RefusalCode.NO_VARIANCE, f"all answers to {name} are equal")


class _Chain:
    """One chain: current values, and the group intercepts and variances of every column."""

    def __init__(
        self,
        standard: Floats,
        missing: Flags,
        fixed: Floats,
        codes: Integers | None,
        rng: np.random.Generator,
    ) -> None:
        self.missing, self.fixed, self.codes, self.rng = missing, fixed, codes, rng
        self.values = standard.copy()
        for k in range(standard.shape[1]):  # start from answers drawn at random
            gaps = missing[:, k]
            self.values[gaps, k] = rng.choice(standard[~gaps, k], int(gaps.sum()))
        self.state: dict[int, tuple[Floats, float, float]] = {}

    def turn(self) -> None:
        """Draw every column with gaps anew, those with the fewest gaps first."""
        for k in np.argsort(self.missing.sum(axis=0), kind="stable"):
            if self.missing[:, k].any():
                self._draw(int(k))

    def _draw(self, k: int) -> None:
        gaps = self.missing[:, k]
        x = np.hstack([self.fixed, np.delete(self.values, k, axis=1)])
        y = self.values[~gaps, k]
        if self.codes is None:
            beta, sigma2 = _regression(x[~gaps], y, self.rng)
            shift: Floats = np.zeros(gaps.size)
        else:
            groups = int(self.codes.max()) + 1
            start = self.state.get(k, (np.zeros(groups), 0.5, 0.1))
            beta, u, sigma2, tau2 = _gibbs(x[~gaps], y, self.codes[~gaps], start, self.rng)
            self.state[k] = (u, sigma2, tau2)
            shift = u[self.codes]
        noise = self.rng.normal(size=int(gaps.sum())) * np.sqrt(sigma2)
        self.values[gaps, k] = x[gaps] @ beta + shift[gaps] + noise


def _regression(x: Floats, y: Floats, rng: np.random.Generator) -> tuple[Floats, float]:
    """Draw coefficients and residual variance of a plain regression from their posterior."""
    root, mean = _solved(x, y)
    rest = float(((y - x @ mean) ** 2).sum())
    sigma2 = rest / float(rng.chisquare(max(y.size - x.shape[1], 1)))
    return mean + np.sqrt(sigma2) * (root @ rng.normal(size=mean.size)), sigma2


def _solved(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """A root of (X'X)^-1 and the least squares solution, slightly ridged against collinearity."""
    cross = x.T @ x
    cross = cross + _RIDGE * np.diag(np.diag(cross) + 1.0)
    root = np.linalg.inv(np.linalg.cholesky(cross)).T
    return root, root @ (root.T @ (x.T @ y))


def _gibbs(
    x: Floats,
    y: Floats,
    codes: Integers,
    start: tuple[Floats, float, float],
    rng: np.random.Generator,
) -> tuple[Floats, Floats, float, float]:
    """Some sweeps of the sampler for a random intercept: beta, u, sigma^2 and tau^2."""
    u, sigma2, tau2 = start
    groups = u.size
    sizes = np.bincount(codes, minlength=groups)
    root, _ = _solved(x, y)
    beta = np.zeros(x.shape[1])
    for _ in range(SWEEPS):
        mean = root @ (root.T @ (x.T @ (y - u[codes])))
        beta = mean + np.sqrt(sigma2) * (root @ rng.normal(size=mean.size))
        rest = y - x @ beta
        precision = sizes / sigma2 + 1.0 / tau2
        center = np.bincount(codes, rest, groups) / sigma2 / precision
        u = center + rng.normal(size=groups) / np.sqrt(precision)
        rest = rest - u[codes]
        sigma2 = max(float(rest @ rest) / float(rng.chisquare(y.size)), 1e-10)
        tau2 = max(float(u @ u) / float(rng.chisquare(groups - 1)), 1e-8)
    return beta, u, sigma2, tau2
