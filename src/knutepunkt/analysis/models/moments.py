"""Which sums per group are enough to fit a random-intercept model without any row?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from knutepunkt.analysis.models.arrays import Floats, codes_of, present
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode


@dataclass(frozen=True)
class GroupMoments:
    """Sufficient statistics of a random-intercept model, summed per group.

    The fixed effects have an intercept in column 0, so that the sums of every column stand in
    ``xx[:, 0, :]`` and the sum of the outcome in ``xy[:, 0]``.

    Attributes:
        n: rows per group, shape (G,).
        xx: X'X per group, shape (G, p, p).
        xy: X'y per group, shape (G, p).
        yy: y'y per group, shape (G,).
        names: names of the p fixed effects, the intercept first.
        x_origin: what was subtracted from each column before summing, shape (p,), 0 first.
        y_origin: what was subtracted from the outcome before summing.
    """

    n: Floats
    xx: Floats
    xy: Floats
    yy: Floats
    names: tuple[str, ...]
    x_origin: Floats
    y_origin: float

    @property
    def n_rows(self) -> int:
        """Number of rows behind the sums."""
        return int(self.n.sum())

    @property
    def n_groups(self) -> int:
        """Number of groups with at least one row."""
        return int(self.n.size)


def moments_from_rows(
    y: ArrayLike,
    group: NDArray[Any],
    x: ArrayLike | None = None,
    *,
    names: tuple[str, ...] | None = None,
) -> GroupMoments:
    """Sum rows to :class:`GroupMoments`; rows with a missing value or no label are left out.

    Columns and outcome are centred before squaring, so that large means cost no digits.

    Args:
        y: outcome, shape (n,).
        group: label of the group of each row, shape (n,), any sortable type.
        x: predictors without the intercept, shape (n, p - 1) or (n,); none for a mean.
        names: names of the predictors; ``x1``, ``x2``, ... if not given.

    Raises:
        ModelRefusal: ``bad_shape`` for unequal lengths, ``no_rows`` if nothing is left,
            ``not_finite`` for infinite values.
    """
    outcome = np.asarray(y, dtype=np.float64).reshape(-1)
    labels = np.asarray(group).reshape(-1)
    predictors = _as_columns(x, outcome.size)
    if labels.size != outcome.size or predictors.shape[0] != outcome.size:
        raise ModelRefusal(RefusalCode.BAD_SHAPE, "outcome, groups and predictors differ in length")
    if np.isinf(outcome).any() or np.isinf(predictors).any():
        raise ModelRefusal(RefusalCode.NOT_FINITE, "the outcome or a predictor is infinite")
    missing = np.isnan(outcome) | np.isnan(predictors).any(axis=1) | ~present(labels)
    if missing.any():
        keep = ~missing
        outcome, labels, predictors = outcome[keep], labels[keep], predictors[keep]
    if outcome.size == 0:
        raise ModelRefusal(RefusalCode.NO_ROWS, "no row has a complete outcome and predictors")
    return _summed(outcome, labels, predictors, _full_names(names, predictors.shape[1]))


def moments_from_sums(
    n: ArrayLike,
    xx: ArrayLike,
    xy: ArrayLike,
    yy: ArrayLike,
    *,
    names: tuple[str, ...],
    x_origin: ArrayLike | None = None,
    y_origin: float = 0.0,
) -> GroupMoments:
    """Take sums a data engine has made; see :class:`GroupMoments` for the shapes.

    Sum values that were centred (and name the origins) where means are large beside the spread.

    Raises:
        ModelRefusal: ``bad_shape`` if shapes disagree or column 0 of X is no intercept.
    """
    counts = np.asarray(n, dtype=np.float64).reshape(-1)
    p = len(names)
    arrays = [np.asarray(part, dtype=np.float64) for part in (xx, xy, yy)]
    shapes = [(counts.size, p, p), (counts.size, p), (counts.size,)]
    if [array.shape for array in arrays] != shapes:
        raise ModelRefusal(RefusalCode.BAD_SHAPE, f"sums must have the shapes {shapes}")
    if not np.array_equal(arrays[0][:, 0, 0], counts):
        raise ModelRefusal(RefusalCode.BAD_SHAPE, "column 0 of X must be the intercept")
    origin = np.zeros(p) if x_origin is None else np.asarray(x_origin, dtype=np.float64)
    used = counts > 0
    if not used.any():
        raise ModelRefusal(RefusalCode.NO_ROWS, "no group has a row")
    xx_sums, xy_sums, yy_sums = (array[used] for array in arrays)
    return GroupMoments(counts[used], xx_sums, xy_sums, yy_sums, names, origin, float(y_origin))


def _as_columns(x: ArrayLike | None, n_rows: int) -> Floats:
    if x is None:
        return np.zeros((n_rows, 0))
    columns = np.asarray(x, dtype=np.float64)
    return columns.reshape(-1, 1) if columns.ndim == 1 else columns


def _full_names(names: tuple[str, ...] | None, n_predictors: int) -> tuple[str, ...]:
    given = names or tuple(f"x{position + 1}" for position in range(n_predictors))
    if len(given) != n_predictors:
        raise ModelRefusal(RefusalCode.BAD_SHAPE, "one name is needed for each predictor")
    return ("(Intercept)", *given)


def _summed(
    outcome: Floats, labels: NDArray[Any], predictors: Floats, names: tuple[str, ...]
) -> GroupMoments:
    codes, levels = codes_of(labels)
    n_codes = int(levels.size)
    y_origin = float(outcome.mean())
    x_means = predictors.mean(axis=0)
    y = outcome - y_origin
    columns = [np.ones_like(y), *(predictors - x_means).T]
    p = len(columns)
    counts = np.bincount(codes, minlength=n_codes).astype(np.float64)
    xx = np.empty((n_codes, p, p))
    xy = np.empty((n_codes, p))
    xx[:, 0, 0] = counts
    for row in range(p):
        xy[:, row] = np.bincount(codes, columns[row] * y, minlength=n_codes)
        for column in range(max(row, 1), p):
            weights = columns[row] * columns[column]
            xx[:, row, column] = np.bincount(codes, weights, minlength=n_codes)
            xx[:, column, row] = xx[:, row, column]
    yy = np.bincount(codes, y * y, minlength=n_codes).astype(np.float64)
    origin = np.concatenate([[0.0], x_means])
    return GroupMoments(counts, xx, xy, yy, names, origin, y_origin)
