"""Likelihoods written straight from the definition, with dense matrices, to judge the engine by."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def dense_criterion(y: Floats, x: Floats, v: Floats, *, reml: bool) -> float:
    """-2 log (restricted) likelihood of y ~ N(X beta, V) at the best beta."""
    inverse = np.linalg.inv(v)
    information = x.T @ inverse @ x
    beta = np.linalg.solve(information, x.T @ inverse @ y)
    gap = y - x @ beta
    value = float(np.linalg.slogdet(v)[1] + gap @ inverse @ gap)
    free = y.size - x.shape[1] if reml else y.size
    value += free * math.log(2 * math.pi)
    return value + float(np.linalg.slogdet(information)[1]) if reml else value


def indicator(labels: NDArray[Any]) -> Floats:
    """One column per group, one row per label."""
    levels = np.unique(labels)
    return (labels[:, None] == levels[None, :]).astype(np.float64)
