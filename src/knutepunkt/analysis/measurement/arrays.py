"""Are the arrays handed over what a statistic can be computed from?"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from knutepunkt.analysis.measurement.refusals import MeasurementRefused, RefusalCode

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Arithmetic in double precision leaves about this much of a value behind where nothing varies.
ROUNDING = 1e-12


def numbers(statistic: str, values: Any) -> Floats:
    """A float array; None is a missing value. Text and ragged rows are refused: BAD_ARGUMENT."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise MeasurementRefused(statistic, RefusalCode.BAD_ARGUMENT) from None


def matrix(statistic: str, values: Any) -> Floats:
    """A two-dimensional float array; NaN is a missing value. Infinite values are refused."""
    array = numbers(statistic, values)
    if array.ndim != 2 or np.isinf(array).any():
        raise MeasurementRefused(statistic, RefusalCode.BAD_ARGUMENT)
    if array.size == 0 or np.isnan(array).all():
        raise MeasurementRefused(statistic, RefusalCode.ALL_MISSING, 0)
    return array


def vector(statistic: str, values: Any) -> Floats:
    """A one-dimensional float array; NaN is a missing value. Infinite values are refused."""
    array = numbers(statistic, values)
    if array.ndim != 1 or np.isinf(array).any():
        raise MeasurementRefused(statistic, RefusalCode.BAD_ARGUMENT)
    return array


def pair(statistic: str, first: Any, second: Any, *, least: int) -> tuple[Floats, Floats]:
    """Two vectors of equal length, reduced to the places where both are present.

    Raises BAD_ARGUMENT for unequal lengths, ALL_MISSING when no place is left, TOO_FEW below
    `least`.
    """
    one, other = vector(statistic, first), vector(statistic, second)
    if one.shape != other.shape:
        raise MeasurementRefused(statistic, RefusalCode.BAD_ARGUMENT)
    both = ~(np.isnan(one) | np.isnan(other))
    n = int(both.sum())
    if n == 0:
        raise MeasurementRefused(statistic, RefusalCode.ALL_MISSING, 0)
    if n < least:
        raise MeasurementRefused(statistic, RefusalCode.TOO_FEW, n)
    return one[both], other[both]


def still(spread: Any, values: Any) -> bool:
    """Whether any of the standard deviations is mere rounding beside the values it is taken of.

    `spread`: one SD or (k,) of them, `values` (n,) or (n, k); the units of the score do not matter.
    """
    size = np.nanmax(np.abs(values), axis=0, initial=0.0)
    return bool((np.asarray(spread) <= ROUNDING * size).any())


def group_labels(statistic: str, groups: Any, n: int) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """The labels (n,), sortable, and where there is one: None and NaN are no label.

    Labels may be numbers or text, also mixed: then all are read as text. Raises BAD_ARGUMENT unless
    there is one per row.
    """
    labels = np.asarray(groups)
    if labels.shape != (n,):
        raise MeasurementRefused(statistic, RefusalCode.BAD_ARGUMENT)
    if labels.dtype.kind == "f":
        return labels, ~np.isnan(labels)
    known = np.ones(n, dtype=np.bool_)
    if labels.dtype.kind == "O":
        known = np.array([one is not None and one == one for one in labels], dtype=np.bool_)
        labels = np.array([str(one) for one in labels])
    return labels, known


def group_places(statistic: str, groups: Any, n: int) -> tuple[Integers, int]:
    """Group labels as places 0..G-1, and G. Labels may be numbers or text; one per row.

    Raises BAD_ARGUMENT where a row has no label: leave such rows out first, by `group_labels`.
    """
    labels, known = group_labels(statistic, groups, n)
    if not known.all():
        raise MeasurementRefused(statistic, RefusalCode.BAD_ARGUMENT)
    levels, places = np.unique(labels, return_inverse=True)
    return places.astype(np.int64).reshape(-1), len(levels)
