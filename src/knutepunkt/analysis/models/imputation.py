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
    explained = _explained(standard, missing, fixed, codes if two_level else None)
    tables = np.empty((completed, *values.shape))
    for at in range(completed):
        chain = _Chain(standard, missing, explained, rng)
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


@dataclass(frozen=True, eq=False)
class _Sums:
    """Sums over the rows in which a column is known: of products of [X y], and of [X y] by group.

    ``products`` has shape (p + 1, p + 1); ``sizes`` (G,) and ``by_group`` (G, p + 1) are those of
    the groups, without rows where there are none.
    """

    products: Floats
    sizes: Floats
    by_group: Floats

    @classmethod
    def of(cls, rows: Floats, codes: Integers | None, groups: int) -> _Sums:
        """Of some rows of [X y] and their groups."""
        if codes is None:
            return cls(rows.T @ rows, np.zeros(0), np.zeros((0, rows.shape[1])))
        sums = [np.bincount(codes, column, groups) for column in rows.T]
        sizes = np.bincount(codes, minlength=groups).astype(np.float64)
        return cls(rows.T @ rows, sizes, np.column_stack(sums))

    def __add__(self, other: _Sums) -> _Sums:
        return _Sums(
            self.products + other.products,
            self.sizes + other.sizes,
            self.by_group + other.by_group,
        )

    def left(self, beta: Floats) -> float:
        """The sum of squares of y - X beta."""
        line = np.append(-beta, 1.0)
        return float(line @ self.products @ line)


@dataclass(frozen=True, eq=False)
class _Rows:
    """Some rows of the table: which, the fixed part of what explains them, and their groups."""

    places: Integers
    fixed: Floats
    codes: Integers | None

    @classmethod
    def of(cls, chosen: Flags, fixed: Floats, codes: Integers | None) -> _Rows:
        """The chosen rows of all."""
        places = np.flatnonzero(chosen)
        return cls(places, fixed[places], None if codes is None else codes[places])

    def x(self, values: Floats, others: Integers) -> Floats:
        """What explains a column in these rows."""
        return np.hstack([self.fixed, values[np.ix_(self.places, others)]])

    def sums(self, values: Floats, column: int, others: Integers, groups: int) -> _Sums:
        """Sums over these rows of what explains a column, and of the column."""
        columns = np.column_stack([self.x(values, others), values[self.places, column]])
        return _Sums.of(columns, self.codes, groups)


@dataclass(frozen=True, eq=False)
class _Explained:
    """A column with gaps, and what explains it.

    Attributes:
        column: its place; ``others``: the places of the columns that explain it.
        known: in how many rows it is known; ``groups``: how many there are, 0 where none are random.
        gaps: the rows in which it is to be drawn.
        moving: the rows in which it is known and something that explains it is not.
        settled: sums over the rows in which all is known; they are the same at every turn.
    """

    column: int
    others: Integers
    known: int
    groups: int
    gaps: _Rows
    moving: _Rows
    settled: _Sums

    def sums(self, values: Floats) -> _Sums:
        """Sums over the rows in which it is known, as the other columns are filled now."""
        moving = self.moving.sums(values, self.column, self.others, self.groups)
        return self.settled + moving


def _explained(
    standard: Floats, missing: Flags, fixed: Floats, codes: Integers | None
) -> list[_Explained]:
    """Every column with gaps, those with the fewest gaps first."""
    groups = 0 if codes is None else int(codes.max()) + 1
    found = []
    for k in np.argsort(missing.sum(axis=0), kind="stable"):
        gaps = missing[:, k]
        if not gaps.any():
            continue
        others = np.delete(np.arange(missing.shape[1]), k)
        unsettled = missing[:, others].any(axis=1)
        settled = _Rows.of(~gaps & ~unsettled, fixed, codes)
        found.append(
            _Explained(
                column=int(k),
                others=others,
                known=int((~gaps).sum()),
                groups=groups,
                gaps=_Rows.of(gaps, fixed, codes),
                moving=_Rows.of(~gaps & unsettled, fixed, codes),
                settled=settled.sums(standard, int(k), others, groups),
            )
        )
    return found


class _Chain:
    """One chain: current values, and the group intercepts and variances of every column.

    The sampler asks for sums alone, and of those for the rows that have moved: a turn takes time by
    gaps and groups, not by people.
    """

    def __init__(
        self,
        standard: Floats,
        missing: Flags,
        explained: list[_Explained],
        rng: np.random.Generator,
    ) -> None:
        self.explained, self.rng = explained, rng
        self.values = standard.copy()
        for k in range(standard.shape[1]):  # start from answers drawn at random
            gaps = missing[:, k]
            self.values[gaps, k] = rng.choice(standard[~gaps, k], int(gaps.sum()))
        self.state: dict[int, tuple[Floats, float, float]] = {}

    def turn(self) -> None:
        """Draw every column with gaps anew, those with the fewest gaps first."""
        for column in self.explained:
            self._draw(column)

    def _draw(self, column: _Explained) -> None:
        sums, gaps, k = column.sums(self.values), column.gaps, column.column
        shift: Floats = np.zeros(gaps.places.size)
        if gaps.codes is None:
            beta, sigma2 = _regression(sums, column.known, self.rng)
        else:
            start = self.state.get(k, (np.zeros(column.groups), 0.5, 0.1))
            beta, u, sigma2, tau2 = _gibbs(sums, column.known, start, self.rng)
            self.state[k] = (u, sigma2, tau2)
            shift = u[gaps.codes]
        noise = self.rng.normal(size=gaps.places.size) * np.sqrt(sigma2)
        foreseen = gaps.x(self.values, column.others) @ beta
        self.values[gaps.places, k] = foreseen + shift + noise


def _regression(sums: _Sums, known: int, rng: np.random.Generator) -> tuple[Floats, float]:
    """Draw coefficients and residual variance of a plain regression from their posterior."""
    root = _root(sums)
    mean = root @ (root.T @ sums.products[:-1, -1])
    sigma2 = max(sums.left(mean), 0.0) / float(rng.chisquare(max(known - mean.size, 1)))
    return mean + np.sqrt(sigma2) * (root @ rng.normal(size=mean.size)), sigma2


def _root(sums: _Sums) -> Floats:
    """A root of (X'X)^-1, slightly ridged against collinearity."""
    cross = sums.products[:-1, :-1]
    cross = cross + _RIDGE * np.diag(np.diag(cross) + 1.0)
    root: Floats = np.linalg.inv(np.linalg.cholesky(cross)).T
    return root


def _gibbs(
    sums: _Sums,
    known: int,
    start: tuple[Floats, float, float],
    rng: np.random.Generator,
) -> tuple[Floats, Floats, float, float]:
    """Some sweeps of the sampler for a random intercept: beta, u, sigma^2 and tau^2."""
    u, sigma2, tau2 = start
    groups, root = u.size, _root(sums)
    xy, x, y = sums.products[:-1, -1], sums.by_group[:, :-1], sums.by_group[:, -1]
    beta = np.zeros(xy.size)
    for _ in range(SWEEPS):
        mean = root @ (root.T @ (xy - u @ x))
        beta = mean + np.sqrt(sigma2) * (root @ rng.normal(size=mean.size))
        rest = y - x @ beta
        precision = sums.sizes / sigma2 + 1.0 / tau2
        u = rest / sigma2 / precision + rng.normal(size=groups) / np.sqrt(precision)
        # The squares of what is left of each row, from what is left of each group.
        left = sums.left(beta) - 2.0 * float(u @ rest) + float(u**2 @ sums.sizes)
        sigma2 = max(left / float(rng.chisquare(known)), 1e-10)
        tau2 = max(float(u @ u) / float(rng.chisquare(groups - 1)), 1e-8)
    return beta, u, sigma2, tau2
