"""Does the random-intercept model from group sums equal the model of the rows?"""

from __future__ import annotations

import time

import numpy as np
import pytest
from scipy import optimize

from knutepunkt.analysis.models.kenward_roger import adjusted, denominator
from knutepunkt.analysis.models.mixed import fit_mixed
from knutepunkt.analysis.models.moments import moments_from_rows, moments_from_sums
from knutepunkt.analysis.models.random_intercept import fit_random_intercept
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from tests.unit.analysis.models.oracles import dense_criterion, indicator


def unbalanced(seed: int = 3, spread: float = 1.5) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(9), [3, 8, 5, 2, 7, 7, 4, 9, 6])
    x = rng.normal(size=group.size)
    y = 10 + 0.5 * x + spread * rng.normal(size=9)[group] + rng.normal(size=group.size)
    return y, group, x


@pytest.mark.parametrize("reml", [True, False])
def test_equals_the_dense_likelihood_at_its_own_optimum(reml: bool) -> None:
    y, group, x = unbalanced()
    design = np.column_stack([np.ones_like(y), x])
    shared = indicator(group) @ indicator(group).T

    def criterion(log_variances: np.ndarray) -> float:
        between, within = np.exp(log_variances)
        v = between * shared + within * np.eye(y.size)
        return dense_criterion(y, design, v, reml=reml)

    best = optimize.minimize(
        criterion, np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12}
    )
    result = fit_random_intercept(moments_from_rows(y, group, x), reml=reml)
    assert result.fit.criterion == pytest.approx(best.fun, abs=1e-8)
    assert result.fit.terms[0].covariance[0, 0] == pytest.approx(np.exp(best.x[0]), rel=1e-6)
    assert result.fit.sigma**2 == pytest.approx(np.exp(best.x[1]), rel=1e-6)
    v = np.exp(best.x[0]) * shared + np.exp(best.x[1]) * np.eye(y.size)
    vcov = np.linalg.inv(design.T @ np.linalg.solve(v, design))
    np.testing.assert_allclose(result.fit.vcov, vcov, rtol=1e-6)
    np.testing.assert_allclose(result.fit.beta, vcov @ design.T @ np.linalg.solve(v, y), rtol=1e-6)


def test_balanced_groups_give_the_analysis_of_variance() -> None:
    rng = np.random.default_rng(5)
    table = rng.normal(size=(8, 6)) + 1.3 * rng.normal(size=(8, 1)) + 4
    group = np.repeat(np.arange(8), 6)
    result = fit_random_intercept(moments_from_rows(table.ravel(), group))
    within = table.var(axis=1, ddof=1).mean()
    between = 6 * table.mean(axis=1).var(ddof=1)
    assert result.fit.sigma**2 == pytest.approx(within, rel=1e-9)
    assert result.fit.terms[0].covariance[0, 0] == pytest.approx((between - within) / 6, rel=1e-8)
    assert result.fit.se[0] == pytest.approx(np.sqrt(between / 48), rel=1e-9)
    fit = result.fit
    correction = adjusted(fit.solver.kenward_roger_parts(fit.inner_theta, fit.sigma**2))
    df, scaling = denominator(correction, fit.inner_contrast(np.eye(1)))
    assert (df, scaling) == (pytest.approx(7.0, abs=1e-8), pytest.approx(1.0))


def test_groups_alike_are_a_singular_fit_with_an_interval_from_zero() -> None:
    """Means of groups closer than chance: the variance between is zero, and said to be."""
    y = np.tile([1.0, 2.0, 4.0, 7.0], 6) + np.repeat(np.arange(6) * 1e-3, 4)
    result = fit_random_intercept(moments_from_rows(y, np.repeat(np.arange(6), 4)))
    assert result.fit.singular
    assert result.icc == 0.0
    assert result.design_effect == 1.0
    assert result.icc_interval.low == 0.0
    assert 0.0 < result.icc_interval.high < 1.0
    fit = result.fit
    correction = adjusted(fit.solver.kenward_roger_parts(fit.inner_theta, fit.sigma**2))
    assert denominator(correction, fit.inner_contrast(np.eye(1)))[0] == pytest.approx(5.0)


def test_sums_and_rows_are_the_same_model() -> None:
    y, group, x = unbalanced()
    design = np.column_stack([np.ones_like(y), x])
    blocks = [design[group == level] for level in range(9)]
    sums = moments_from_sums(
        n=[len(block) for block in blocks],
        xx=np.stack([block.T @ block for block in blocks]),
        xy=np.stack([block.T @ y[group == level] for level, block in enumerate(blocks)]),
        yy=[float(y[group == level] @ y[group == level]) for level in range(9)],
        names=("(Intercept)", "x"),
    )
    from_sums, from_rows = (
        fit_random_intercept(sums),
        fit_random_intercept(moments_from_rows(y, group, x)),
    )
    np.testing.assert_allclose(from_sums.fit.beta, from_rows.fit.beta, rtol=1e-9)
    np.testing.assert_allclose(from_sums.fit.vcov, from_rows.fit.vcov, rtol=1e-8)
    assert from_sums.icc_interval.high == pytest.approx(from_rows.icc_interval.high, rel=1e-7)


def test_a_large_mean_costs_no_digits() -> None:
    y, group, x = unbalanced()
    plain = fit_random_intercept(moments_from_rows(y, group, x))
    moved = fit_random_intercept(moments_from_rows(y + 1e7, group, x + 1e5))
    assert moved.icc == pytest.approx(plain.icc, rel=1e-7)
    assert moved.fit.beta[1] == pytest.approx(plain.fit.beta[1], rel=1e-7)
    assert moved.fit.criterion == pytest.approx(plain.fit.criterion, abs=1e-5)


@pytest.mark.parametrize("mean", [1e9, -1e10])
def test_a_spread_small_beside_the_mean_is_a_spread(mean: float) -> None:
    y, group, _ = unbalanced()
    plain = fit_random_intercept(moments_from_rows(y, group))
    moved = fit_random_intercept(moments_from_rows(y + mean, group))
    assert moved.fit.sigma == pytest.approx(plain.fit.sigma, rel=1e-4)
    assert moved.icc == pytest.approx(plain.icc, rel=1e-3)
    with pytest.raises(ModelRefusal) as refusal:
        fit_random_intercept(moments_from_rows(np.full(y.size, mean + 0.1), group))
    assert refusal.value.code is RefusalCode.NO_VARIANCE


def test_rows_with_a_missing_value_are_left_out() -> None:
    y, group, x = unbalanced()
    holed, kept = y.copy(), np.arange(y.size) % 7 != 0
    holed[~kept] = np.nan
    full = fit_random_intercept(moments_from_rows(holed, group, x))
    cut = fit_random_intercept(moments_from_rows(y[kept], group[kept], x[kept]))
    assert full.fit.criterion == pytest.approx(cut.fit.criterion)


@pytest.mark.parametrize(
    ("y", "group", "x", "code"),
    [
        ([5.0] * 8, [1, 1, 2, 2, 3, 3, 4, 4], None, RefusalCode.NO_VARIANCE),
        ([0.1] * 9, [1, 1, 1, 2, 2, 2, 3, 3, 3], None, RefusalCode.NO_VARIANCE),
        ([1.0, 2, 3, 4], [1, 1, 1, 1], None, RefusalCode.TOO_FEW_GROUPS),
        ([1.0, 2, 3, 4], [1, 2, 3, 4], None, RefusalCode.ONE_ROW_PER_GROUP),
        ([1.0, 1, 2, 2, 3, 3], [1, 1, 2, 2, 3, 3], None, RefusalCode.NO_RESIDUAL_VARIANCE),
        ([1.0, 2, 4, 3, 1], [1, 1, 2, 2, 2], [2, 2, 2, 2, 2], RefusalCode.COLLINEAR_COLUMNS),
        ([1.0, 2, 3, 4, 5], [1, 1, 2, 2, 2], [1, 2, 3, 4, 5], RefusalCode.NO_RESIDUAL_VARIANCE),
        ([np.nan] * 4, [1, 1, 2, 2], None, RefusalCode.NO_ROWS),
        ([np.inf, 1, 2, 3], [1, 1, 2, 2], None, RefusalCode.NOT_FINITE),
        ([1.0, 2, 3], [1, 1], None, RefusalCode.BAD_SHAPE),
        ([1.0, 2.0], [1, 1], None, RefusalCode.TOO_FEW_GROUPS),
        ([1.0, 2.0, 3.0], [1, 1, 2], [1.0, 0.0, 5.0], RefusalCode.TOO_FEW_ROWS),
    ],
)
def test_bad_input_is_refused_by_name(y, group, x, code) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ModelRefusal) as refusal:
        fit_random_intercept(moments_from_rows(y, np.array(group), x))
    assert refusal.value.code is code


def test_a_hundred_thousand_rows_take_a_moment() -> None:
    rng = np.random.default_rng(1)
    group = rng.permutation(np.repeat(np.arange(10_000), 10))
    x = rng.normal(size=group.size)
    y = 20 - 0.5 * x + 4 * rng.normal(size=10_000)[group] + 3 * rng.normal(size=group.size)
    rows = {"y": y, "x": x, "group": group}
    # Processor time: what neighbours on the machine do is no matter of the model.
    from_sums, from_rows = [], []
    for _ in range(5):
        begun = time.process_time()
        result = fit_random_intercept(moments_from_rows(y, group, x))
        between = time.process_time()
        fit = fit_mixed("y ~ x + (1 | group)", rows)
        from_sums.append(between - begun)
        from_rows.append(time.process_time() - between)
    assert result.icc == pytest.approx(16 / 25, abs=0.02)
    assert fit.criterion == pytest.approx(result.fit.criterion, abs=1e-6)
    assert min(from_sums) < 0.1
    assert min(from_rows) < 0.1
