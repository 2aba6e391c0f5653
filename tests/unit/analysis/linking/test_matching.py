"""Are probabilities of pairs those of all one-to-one matchings?"""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest

from knutepunkt.analysis.linking.matching import best_matching, pair_probabilities


def enumerated(log_odds: np.ndarray) -> np.ndarray:
    """Marginals by adding up every partial matching of a small block."""
    n, m = log_odds.shape
    total, pairs = 0.0, np.zeros((n, m))
    for size in range(min(n, m) + 1):
        for rows in combinations(range(n), size):
            for columns in permutations(range(m), size):
                weight = float(
                    np.exp(sum(log_odds[i, j] for i, j in zip(rows, columns, strict=True)))
                )
                total += weight
                for i, j in zip(rows, columns, strict=True):
                    pairs[i, j] += weight
    return pairs / total


@pytest.mark.parametrize("seed", range(4))
def test_clear_pairs_have_the_probabilities_of_enumeration(seed: int) -> None:
    rng = np.random.default_rng(seed)
    log_odds = rng.normal(-5, 1.5, (4, 5))
    log_odds[[0, 1, 2], [1, 0, 3]] = rng.normal(4, 2, 3)
    assert pair_probabilities(log_odds) == pytest.approx(enumerated(log_odds), abs=0.01)


def test_pairs_that_do_not_compete_are_exact() -> None:
    log_odds = np.full((3, 3), -np.inf)
    log_odds[np.diag_indices(3)] = [2.0, -1.0, 0.0]
    expected = np.diag(1 / (1 + np.exp(-np.array([2.0, -1.0, 0.0]))))
    assert pair_probabilities(log_odds) == pytest.approx(expected, abs=1e-12)


def test_two_equal_candidates_share_one_person() -> None:
    found = pair_probabilities(np.array([[6.0], [6.0]]))
    assert found[0, 0] == pytest.approx(found[1, 0])
    assert 0.49 < found[0, 0] < 0.5


def test_many_blocks_at_once_give_what_each_gives_alone() -> None:
    blocks = np.random.default_rng(3).normal(0, 3, (5, 4, 3))
    together = pair_probabilities(blocks)
    for at in range(5):
        assert together[at] == pytest.approx(pair_probabilities(blocks[at]), abs=1e-7)


def test_nobody_stands_in_two_pairs_of_the_best_matching() -> None:
    log_odds = np.array([[5.0, 4.5], [4.8, -3.0]])
    pairs = best_matching(log_odds, np.ones((2, 2)), 0.9)
    assert pairs.tolist() == [[0, 1], [1, 0]]


def test_unsure_pairs_are_left_out() -> None:
    log_odds = np.array([[5.0, 5.0], [-9.0, -9.0]])
    assert best_matching(log_odds, pair_probabilities(log_odds), 0.9).size == 0
    assert best_matching(np.empty((0, 3)), np.empty((0, 3)), 0.9).shape == (0, 2)
