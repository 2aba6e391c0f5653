"""Are reliability coefficients right on cases that can be worked out by hand?"""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from knutepunkt.analysis.measurement import (
    MeasurementRefused,
    MissingPolicy,
    RefusalCode,
    cronbach_alpha,
    mcdonald_omega,
    precision,
)
from knutepunkt.analysis.measurement.omega import one_factor_ml

Floats = NDArray[np.float64]
LOADINGS = np.array([0.9, 0.8, 0.7, 0.6])
UNIQUE = np.array([0.5, 0.4, 0.6, 0.3])


def one_factor_rows(rng: np.random.Generator, n: int) -> Floats:
    factor = rng.standard_normal((n, 1))
    return np.asarray(factor * LOADINGS + rng.standard_normal((n, 4)) * np.sqrt(UNIQUE))


def rows_with(covariance: Floats, n: int) -> Floats:
    """Rows whose sample covariance (divisor n - 1) is exactly the one asked for."""
    raw = np.random.default_rng(3).standard_normal((n, len(covariance)))
    raw -= raw.mean(axis=0)
    whitened = raw @ np.linalg.inv(np.linalg.cholesky(np.cov(raw.T))).T
    return np.asarray(whitened @ np.linalg.cholesky(covariance).T)


def test_alpha_by_hand() -> None:
    """Three items of variance 2 and covariances 1: alpha = 3/2 (1 - 6/12) = .75."""
    rows = rows_with(np.ones((3, 3)) + np.eye(3), 60)
    found = cronbach_alpha(rows)
    assert found.alpha == pytest.approx(0.75)
    assert found.alpha_if_dropped == pytest.approx([2 / 3] * 3)  # 2 (1 - 4/6)
    assert found.item_rest == pytest.approx([2 / np.sqrt(2 * 6)] * 3)
    assert (found.n, found.items) == (60, 3)


def test_feldt_interval_by_its_definition() -> None:
    """(1 - alpha_true) / (1 - alpha) follows F(n - 1, (n - 1)(k - 1)): each tail holds 2.5 %."""
    found = cronbach_alpha(rows_with(np.ones((3, 3)) + np.eye(3), 60))
    for limit, tail in ((found.interval.low, 0.975), (found.interval.high, 0.025)):
        ratio = (1 - limit) / (1 - found.alpha)
        assert stats.f.cdf(ratio, 59, 118) == pytest.approx(tail)


def test_pairwise_keeps_what_listwise_drops() -> None:
    rows = rows_with(np.ones((3, 3)) + np.eye(3), 80)
    rows[:20, 0] = np.nan
    assert cronbach_alpha(rows).n == 60
    listwise = cronbach_alpha(rows, policy=MissingPolicy.LISTWISE)
    assert listwise.alpha == pytest.approx(cronbach_alpha(rows[20:]).alpha)
    expected = np.cov(rows[20:].T)
    expected[1:, 1:] = np.cov(rows[:, 1:].T)
    assert cronbach_alpha(rows).alpha == pytest.approx(
        1.5 * (1 - np.trace(expected) / expected.sum())
    )


def test_one_factor_is_recovered_from_its_own_covariance() -> None:
    fit = one_factor_ml(np.outer(LOADINGS, LOADINGS) + np.diag(UNIQUE))
    assert fit.loadings == pytest.approx(LOADINGS, abs=1e-5)
    assert fit.uniquenesses == pytest.approx(UNIQUE, abs=1e-5)
    assert not fit.heywood


def test_omega_by_hand() -> None:
    rows = rows_with(np.outer(LOADINGS, LOADINGS) + np.diag(UNIQUE), 80)
    found = mcdonald_omega(rows)
    assert found.omega == pytest.approx(9.0 / (9.0 + 1.8), abs=1e-6)
    assert found.omega_observed == pytest.approx(found.omega, abs=1e-6)


def test_omega_interval_covers() -> None:
    """200 samples of 120: the interval holds the true omega in 92 to 98 of 100."""
    rng = np.random.default_rng(11)
    held = 0
    for _ in range(200):
        interval = mcdonald_omega(one_factor_rows(rng, 120)).interval
        assert interval is not None
        held += interval.holds(9.0 / 10.8)
    assert 182 <= held <= 198


def test_groups_of_copies_widen_the_interval() -> None:
    """The same answers three times over are no more information than once."""
    rows = one_factor_rows(np.random.default_rng(5), 60)
    once = mcdonald_omega(rows, groups=np.arange(60)).interval
    copied = np.repeat(rows, 3, axis=0)
    thrice = mcdonald_omega(copied, groups=np.repeat(np.arange(60), 3)).interval
    naive = mcdonald_omega(copied).interval
    assert once is not None
    assert thrice is not None
    assert naive is not None
    assert thrice.low == pytest.approx(once.low, abs=1e-4)
    assert naive.high - naive.low < 0.65 * (once.high - once.low)


def test_an_item_that_is_another_items_double_is_a_heywood_case() -> None:
    rng = np.random.default_rng(2)
    rows = rng.standard_normal((200, 3))
    rows[:, 1] = rows[:, 0] + 0.05 * rng.standard_normal(200)
    found = mcdonald_omega(rows)
    assert found.heywood
    assert found.interval is None


def test_precision_by_hand() -> None:
    """SD 2, reliability .75: SEM 1, SDC 1.96 sqrt 2, of a mean of 4 half of it."""
    found = precision(2.0, 0.75, n=4)
    assert (found.sem, found.sdc) == pytest.approx((1.0, 1.96 * np.sqrt(2)))
    assert found.sdc_mean == pytest.approx(found.sdc / 2)


def broken(kind: str) -> Floats:
    rows = one_factor_rows(np.random.default_rng(1), 60)
    if kind == "constant_item":
        rows[:, 2] = 4.0
    elif kind == "all_missing":
        rows[:] = np.nan
    elif kind == "no_overlap":
        rows[:30, 0] = np.nan
        rows[30:, 1] = np.nan
    return rows[:40] if kind == "too_few" else rows[:, :1] if kind == "one_item" else rows


@pytest.mark.parametrize(
    "kind", ["too_few", "constant_item", "all_missing", "no_overlap", "one_item"]
)
def test_refusals(kind: str) -> None:
    for statistic in (cronbach_alpha, mcdonald_omega):
        with pytest.raises(MeasurementRefused) as caught:
            statistic(broken(kind))
        expected = {RefusalCode(kind)}
        if statistic is mcdonald_omega and kind == "no_overlap":
            expected = {RefusalCode.TOO_FEW}  # omega uses complete rows, of which none are left
        assert caught.value.code in expected


def test_items_that_cancel_out_are_refused() -> None:
    one = np.random.default_rng(1).standard_normal(60)
    with pytest.raises(MeasurementRefused) as caught:
        cronbach_alpha(np.column_stack([one, -one]))
    assert caught.value.code is RefusalCode.CONSTANT


def test_items_that_cancel_without_one_have_alpha_and_no_alpha_without_each() -> None:
    rng = np.random.default_rng(1)
    one = rng.normal(size=60)
    found = cronbach_alpha(np.column_stack([one, -one, one + rng.normal(size=60)]))
    assert np.isfinite(found.alpha)
    assert found.alpha_if_dropped == ()
