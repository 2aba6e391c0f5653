"""Are the arrays handed over what a statistic can be computed from?"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from knutepunkt.analysis.measurement.refusals import MeasurementRefused, RefusalCode

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def matrix(statistic: str, values: Any) -> Floats:
    """A two-dimensional float array; NaN is a missing value. Infinite values are refused."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 2 or np.isinf(array).any():
        raise MeasurementRefused(statistic, RefusalCode.BAD_ARGUMENT)
    if array.size == 0 or np.isnan(array).all():
        raise MeasurementRefused(statistic, RefusalCode.ALL_MISSING, 0)
    return array


def vector(statistic: str, values: Any) -> Floats:
    """A one-dimensional float array; NaN is a missing value. Infinite values are refused."""
    array = np.asarray(values, dtype=np.float64)
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


def group_places(statistic: str, groups: Any, n: int) -> tuple[Integers, int]:
    """Group labels as places 0..G-1, and G. Labels may be numbers or text; one per row."""
    labels = np.asarray(groups)
    if labels.ndim != 1 or len(labels) != n:
        raise MeasurementRefused(statistic, RefusalCode.BAD_ARGUMENT)
    known, places = np.unique(labels, return_inverse=True)
    return places.astype(np.int64), len(known)
