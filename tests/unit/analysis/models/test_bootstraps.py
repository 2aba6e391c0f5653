"""Do the bootstraps draw groups, and are their intervals those of theory where theory has one?"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from knutepunkt.analysis.models.bootstrap import cluster_bootstrap
from knutepunkt.analysis.models.cluster_robust import Sandwich, cluster_robust
from knutepunkt.analysis.models.moments import moments_from_rows
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.models.wild_bootstrap import wild_cluster_bootstrap, wild_cluster_p


def grouped(groups: int = 40, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(groups), 7)
    return 5 + rng.normal(0, 1, groups)[codes] + rng.normal(0, 2, codes.size), codes


def test_the_standard_error_of_a_mean_is_that_between_groups() -> None:
    y, codes = grouped()
    found = cluster_bootstrap(lambda rows, own: np.array([y[rows].mean()]), codes)
    means = y.reshape(40, 7).mean(axis=1)
    assert found.values[0] == pytest.approx(y.mean())
    # The bootstrap's variance of a mean of means is that of the means over G, divisor G.
    assert found.se[0] == pytest.approx(means.std() / np.sqrt(40), rel=0.05)
    assert found.low[0] < y.mean() < found.high[0]
    assert found.n_groups == 40


def test_a_group_drawn_twice_counts_as_two() -> None:
    y, codes = grouped(groups=6)

    def number_of_groups(rows: np.ndarray, own: np.ndarray) -> np.ndarray:
        assert np.unique(own).size == 6 or np.unique(own).size == 5  # five when one is left out
        return np.array([y[rows].mean()])

    cluster_bootstrap(number_of_groups, codes, replications=50)


def test_limits_of_a_skewed_figure_are_moved() -> None:
    """Efron and Tibshirani's point: percentiles are symmetric about nothing when it is skewed."""
    rng = np.random.default_rng(3)
    y, codes = rng.exponential(1.0, 30), np.arange(30)
    found = cluster_bootstrap(lambda rows, own: np.array([y[rows].var()]), codes)
    assert found.high[0] - found.values[0] > 1.5 * (found.values[0] - found.low[0])


def test_the_same_rows_give_the_same_limits() -> None:
    y, codes = grouped()
    first, second = (
        cluster_bootstrap(lambda rows, own: np.array([np.median(y[rows])]), codes, replications=200)
        for _ in range(2)
    )
    assert first.low[0] == second.low[0]


def test_figures_that_cannot_be_computed_are_refused() -> None:
    y, codes = grouped(groups=8)

    def often(rows: np.ndarray, own: np.ndarray) -> np.ndarray:
        if np.unique(rows).size < 50:
            raise ModelRefusal(RefusalCode.TOO_FEW_ROWS, "too few")
        return np.array([y[rows].mean()])

    with pytest.raises(ModelRefusal) as refusal:
        cluster_bootstrap(often, codes, replications=200)
    assert refusal.value.code is RefusalCode.NOT_ESTIMABLE
    with pytest.raises(ModelRefusal) as refusal:
        cluster_bootstrap(often, codes, least_groups=20)
    assert refusal.value.code is RefusalCode.TOO_FEW_GROUPS
    with pytest.raises(ModelRefusal) as refusal:
        cluster_bootstrap(lambda rows, own: np.array([1.0]), codes, replications=50)
    assert refusal.value.code is RefusalCode.NO_VARIANCE


def brute_force_p(y: np.ndarray, x: np.ndarray, codes: np.ndarray, weights: np.ndarray) -> float:
    """The restricted wild cluster bootstrap of the slope, row by row, for given weights."""

    def t_of(outcome: np.ndarray) -> float:
        design = np.column_stack([np.ones_like(x), x])
        inverse = np.linalg.inv(design.T @ design)
        beta = inverse @ design.T @ outcome
        gap = outcome - design @ beta
        scores = np.array([design[codes == g].T @ gap[codes == g] for g in np.unique(codes)])
        vcov = inverse @ scores.T @ scores @ inverse * len(scores) / (len(scores) - 1)
        return float(beta[1] / np.sqrt(vcov[1, 1]))

    restricted = y - y.mean()
    observed = abs(t_of(y))
    beyond = sum(abs(t_of(y.mean() + restricted * w[codes])) >= observed for w in weights)
    return (beyond + 1) / (len(weights) + 1)


def test_sums_per_group_give_the_bootstrap_of_the_rows() -> None:
    y, codes = grouped(groups=14, seed=4)
    x = np.random.default_rng(9).normal(size=y.size) + codes * 0.1
    y = y + 0.2 * x
    weights = np.random.default_rng(20_071).choice(np.array([-1.0, 1.0]), size=(400, 14))
    found = wild_cluster_bootstrap(moments_from_rows(y, codes, x), [0.0, 1.0], replications=400)
    assert found.p_value == pytest.approx(brute_force_p(y, x, codes, weights), abs=1e-12)
    robust = cluster_robust(moments_from_rows(y, codes, x), Sandwich.CR1)
    assert found.t == pytest.approx(robust.beta[1] / np.sqrt(robust.vcov[1, 1]))


def test_the_interval_is_where_the_test_turns() -> None:
    y, codes = grouped(groups=10, seed=6)
    moments = moments_from_rows(y, codes)
    found = wild_cluster_bootstrap(moments, [1.0], null=5.0)
    assert found.low < found.value < found.high
    for limit in (found.low, found.high):
        assert wild_cluster_bootstrap(moments, [1.0], null=limit).p_value == pytest.approx(
            0.05, abs=2e-3
        )
    means = y.reshape(10, 7).mean(axis=1)
    reach = stats.t.ppf(0.975, 9) * means.std(ddof=1) / np.sqrt(10)
    assert found.high - found.value == pytest.approx(reach, rel=0.25)


def test_one_group_is_refused() -> None:
    with pytest.raises(ModelRefusal) as refusal:
        wild_cluster_bootstrap(moments_from_rows([1.0, 2.0, 4.0], np.zeros(3)), [1.0])
    assert refusal.value.code is RefusalCode.TOO_FEW_GROUPS


def test_the_p_value_alone_is_that_of_the_whole_bootstrap() -> None:
    rng = np.random.default_rng(3)
    codes = np.repeat(np.arange(8), 5)
    moments = moments_from_rows(rng.normal(0.3, 1.0, 40), codes)
    whole = wild_cluster_bootstrap(moments, [1.0], replications=500)
    assert wild_cluster_p(moments, [1.0], replications=500) == whole.p_value
