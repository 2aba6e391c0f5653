"""Do sums of persons with equally many rows say what the persons one by one do?"""

from __future__ import annotations

import numpy as np
import pytest

from knutepunkt.analysis.models.folded_products import FoldedProducts
from knutepunkt.analysis.models.nested_solver import eliminate


def products(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Cross-products of [z rest] for persons with one to three rows, and where each group begins."""
    rng = np.random.default_rng(seed)
    starts = np.cumsum([0, *rng.integers(1, 6, 6)])
    found = []
    for person in range(int(starts[-1])):
        rows = rng.normal(size=(int(rng.integers(1, 4)), 4))
        rows[:, 0] = float(person != 2)  # one person on whom the column says nothing
        found.append(rows.T @ rows)
    return np.array(found), starts[:-1]


@pytest.mark.parametrize("factor", [0.0, 0.7, 1e4])
@pytest.mark.parametrize("seed", range(4))
def test_folds_are_eliminated_as_the_levels_in_them(seed: int, factor: float) -> None:
    levels, starts = products(seed)
    folded = FoldedProducts.of(levels, starts)
    assert folded.counts.sum() == len(levels)
    assert len(folded.squares) < len(levels)
    one_by_one, logdet = eliminate(levels, np.array([[factor]]))
    rest, found = folded.eliminated(factor)
    assert found == pytest.approx(logdet, rel=1e-12)
    assert rest == pytest.approx(np.add.reduceat(one_by_one, starts, axis=0), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_the_slope_is_that_of_what_is_left(seed: int) -> None:
    levels, starts = products(seed)
    folded = FoldedProducts.of(levels, starts)
    rng = np.random.default_rng([seed, 1])
    back = rng.normal(size=(starts.size, 3, 3))
    back = back + np.swapaxes(back, 1, 2)

    def criterion(variance: float) -> float:
        rest, logdet = folded.eliminated(float(np.sqrt(variance)))
        return logdet + float((rest * back).sum())

    at, step = 0.5, 1e-5
    numeric = (criterion(at + step) - criterion(at - step)) / (2.0 * step)
    assert folded.covariance_slope(float(np.sqrt(at)), back) == pytest.approx(numeric, rel=1e-6)


def test_a_variance_far_above_the_rest_loses_no_digits() -> None:
    """What is left is what lies within persons, though their borders are a million times larger."""
    levels, starts = products(1)
    levels[:, 0, 0] = 2.0
    border = np.random.default_rng(2).normal(size=(len(levels), 3)) * 1e6
    inside = np.einsum("ni,nj->nij", levels[:, 1, 1:], levels[:, 1, 1:])
    levels[:, 0, 1:] = levels[:, 1:, 0] = border
    levels[:, 1:, 1:] = inside + border[:, :, None] * border[:, None, :] / 2.0
    rest, _ = FoldedProducts.of(levels, starts).eliminated(1e8)
    assert (np.linalg.eigvalsh(rest).min(axis=1) > -1e-2).all()
