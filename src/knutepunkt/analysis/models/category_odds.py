"""How likely is each category of an ordered answer, and how does that bend with the predictor?

One family serves two: a yes-no answer is an ordered one with two categories and the threshold 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from knutepunkt.analysis.models.arrays import Floats, Integers

BEYOND = 1_000.0  # stands for an infinite threshold; the logistic tails are empty long before


@dataclass(frozen=True)
class RowTerms:
    """Log-probability of each row and its first two derivatives in the predictor, one shape."""

    value: Floats
    slope: Floats
    bend: Floats


def category_values(category: Integers, thresholds: Floats, predictor: Floats) -> Floats:
    """Return log P(category) alone; see :func:`category_terms`."""
    upper, lower = _ends(category, thresholds, predictor.ndim)
    a, b = upper - predictor, lower - predictor
    gap = np.log1p(-np.exp(lower - upper))
    return np.asarray(a + gap - _softplus(a) - _softplus(b))


def _softplus(values: Floats) -> Floats:
    """Return log(1 + exp(x)); several times quicker than numpy's logaddexp and as exact."""
    return np.asarray(np.maximum(values, 0.0) + np.log1p(np.exp(-np.abs(values))))


def category_terms(category: Integers, thresholds: Floats, predictor: Floats) -> RowTerms:
    """Return log P(category) and derivatives under the cumulative logit.

    P(Y <= k) = F(c_k - eta), F the logistic distribution function. With a = c_y - eta and
    b = c_(y-1) - eta: log P = a + log(1 - exp(b - a)) - log(1 + exp a) - log(1 + exp b), slope
    F(a) + F(b) - 1, bend -f(a) - f(b); concave in eta. Source: McCullagh (1980), JRSS B 42, 109-142.

    Args:
        category: 0-based category of each row, shape (n,).
        thresholds: increasing, shape (K - 1,).
        predictor: eta, shape (n,) or (n, J) for J values per row.
    """
    upper, lower = _ends(category, thresholds, predictor.ndim)
    above, below = special.expit(upper - predictor), special.expit(lower - predictor)
    bend = -above * (1.0 - above) - below * (1.0 - below)
    value = category_values(category, thresholds, predictor)
    return RowTerms(value, np.asarray(above + below - 1.0), np.asarray(bend))


def threshold_slopes(
    category: Integers, thresholds: Floats, predictor: Floats
) -> tuple[Floats, Floats]:
    """Return the derivatives of log P in the upper and in the lower threshold of each category.

    f(a) / P and -f(b) / P; 0 where the threshold is infinite.
    """
    upper, lower = _ends(category, thresholds, predictor.ndim)
    value = category_values(category, thresholds, predictor)

    def density(gap: Floats) -> Floats:
        return np.asarray(-np.abs(gap) - 2.0 * np.log1p(np.exp(-np.abs(gap))))

    above = np.exp(density(upper - predictor) - value)
    below = np.exp(density(lower - predictor) - value)
    return np.asarray(above), np.asarray(-below)


def _ends(category: Integers, thresholds: Floats, dimensions: int) -> tuple[Floats, Floats]:
    ends = np.concatenate([[-BEYOND], thresholds, [BEYOND]])
    shape = (-1, 1) if dimensions == 2 else (-1,)
    return ends[category + 1].reshape(shape), ends[category].reshape(shape)
