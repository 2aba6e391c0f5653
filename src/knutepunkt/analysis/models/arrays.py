"""What do the numeric arrays of this package look like?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

# What a caller may hand over as rows: a polars frame, or named columns of one length.
Table = pl.DataFrame | Mapping[str, Sequence[Any] | NDArray[Any]]


def symmetric(matrix: Floats) -> Floats:
    """Return the symmetric part of the last two axes, which rounding may have disturbed."""
    swapped: Floats = np.swapaxes(matrix, -1, -2)
    half: Floats = 0.5 * (matrix + swapped)
    return half


def present(values: NDArray[Any]) -> Flags:
    """Return where a value or label is given: neither None nor NaN, shape (n,)."""
    if values.dtype.kind == "f":
        known: Flags = ~np.isnan(values)
        return known
    if values.dtype.kind == "O":
        return np.array([one is not None and one == one for one in values], dtype=np.bool_)
    return np.ones(values.shape, dtype=np.bool_)


def codes_of(labels: NDArray[Any]) -> tuple[Integers, NDArray[Any]]:
    """Return 0-based codes of each label and the sorted labels they stand for.

    Whole numbers close together are counted instead of sorted, texts are looked up; labels of mixed
    kinds are read as text.
    """
    if labels.dtype.kind in "iu" and labels.size:
        low, high = int(labels.min()), int(labels.max())
        if high - low < 4 * labels.size and high < 2**62:
            places = labels.astype(np.int64).reshape(-1) - low
            occurs = np.bincount(places) > 0
            levels = (np.flatnonzero(occurs) + low).astype(labels.dtype)
            return (places if occurs.all() else (np.cumsum(occurs) - 1)[places]), levels
    if labels.dtype.kind == "O" and labels.size:
        texts = [str(one) for one in labels.reshape(-1).tolist()]
        places_of = {text: place for place, text in enumerate(sorted(set(texts)))}
        found = np.array([places_of[text] for text in texts], dtype=np.int64)
        return found, np.array(list(places_of))
    levels, codes = np.unique(labels, return_inverse=True)
    return codes.astype(np.int64).reshape(-1), levels
