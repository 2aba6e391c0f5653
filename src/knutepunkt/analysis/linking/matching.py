"""Who is probably whom, when everybody can be at most one of the others?

Weights of single pairs ignore that two people cannot both be the same third. Here the probability of
a pair takes every other pair of the block into account, and the best one-to-one matching is chosen.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

Reals = NDArray[np.float64]
Pairs = NDArray[np.int64]

ROUNDS = 60
CLOSE = 1e-9
LARGEST_LOG_ODDS = 60.0


def pair_probabilities(log_odds: Reals) -> Reals:
    """Return P(pair is linked) under one-to-one matching, for any number of blocks at once.

    The probability of a matching M is proportional to the product of exp(log_odds) over its pairs
    (a monomer-dimer model). Marginals by belief propagation, which converges on every graph (Bayati,
    Gamarnik, Katz, Nair and Tetali 2007) and is exact where pairs do not compete in a circle; the
    tests compare it with enumeration.

    Args:
        log_odds: shape (..., n, m), log odds of each pair against being unlinked; -inf for pairs
            that cannot be.

    Returns:
        Shape (..., n, m); rows and columns sum to at most one.
    """
    odds = np.exp(np.minimum(log_odds, LARGEST_LOG_ODDS))
    free_row = np.ones_like(odds)  # P(row i would be free, were column j not there)
    free_column = np.ones_like(odds)
    for _ in range(ROUNDS):
        offers = odds * free_column
        renewed_row = 1.0 / (1.0 + np.maximum(offers.sum(-1, keepdims=True) - offers, 0.0))
        offers = odds * renewed_row
        renewed_column = 1.0 / (1.0 + np.maximum(offers.sum(-2, keepdims=True) - offers, 0.0))
        step = max(_gap(renewed_row, free_row), _gap(renewed_column, free_column))
        free_row, free_column = renewed_row, renewed_column
        if step < CLOSE:
            break
    strength = odds * free_row * free_column
    probabilities: Reals = strength / (1.0 + strength)
    return probabilities


def best_matching(log_odds: Reals, probabilities: Reals, least: float) -> Pairs:
    """Return the one-to-one matching of highest total log odds, kept where it is sure enough.

    Args:
        log_odds: shape (n, m) of one block.
        probabilities: shape (n, m), of :func:`pair_probabilities`.
        least: smallest probability of a pair that is kept.

    Returns:
        Shape (k, 2), positions (i, j), ascending in i.
    """
    if not log_odds.size:
        return np.empty((0, 2), dtype=np.int64)
    gain = np.where(np.isfinite(log_odds), np.maximum(log_odds, 0.0), 0.0)
    rows, columns = linear_sum_assignment(gain, maximize=True)
    keep = (gain[rows, columns] > 0.0) & (probabilities[rows, columns] >= least)
    found: Pairs = np.column_stack([rows[keep], columns[keep]]).astype(np.int64)
    return found


def _gap(a: Reals, b: Reals) -> float:
    return float(np.abs(a - b).max()) if a.size else 0.0
