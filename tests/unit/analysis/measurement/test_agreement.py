"""Are agreement within groups and between occasions right on small worked cases?"""

import numpy as np
import pytest
from scipy import stats

from knutepunkt.analysis.measurement import (
    MeasurementRefused,
    RefusalCode,
    group_icc,
    retest_reliability,
    shrout_fleiss,
    within_group_agreement,
)

# Shrout and Fleiss (1979), table 2: six targets, four judges.
RATINGS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def test_shrout_and_fleiss_published_example() -> None:
    found = shrout_fleiss(RATINGS)
    published = {
        "ICC1": 0.17,
        "ICC2": 0.29,
        "ICC3": 0.71,
        "ICC1k": 0.44,
        "ICC2k": 0.62,
        "ICC3k": 0.91,
    }
    assert {form: round(one.icc, 2) for form, one in found.items()} == published
    # The intervals printed by psych::ICC for the same table.
    assert found["ICC1"].interval.low == pytest.approx(-0.1329, abs=5e-4)
    assert found["ICC1"].interval.high == pytest.approx(0.7226, abs=5e-4)
    assert found["ICC2"].interval.low == pytest.approx(0.0188, abs=5e-4)
    assert found["ICC2"].interval.high == pytest.approx(0.7611, abs=5e-4)
    assert found["ICC3"].interval.low == pytest.approx(0.3425, abs=5e-4)
    assert found["ICC3"].interval.high == pytest.approx(0.9459, abs=5e-4)


def test_group_icc_by_hand() -> None:
    """Groups (1, 3), (5, 7), (9, 11): MSB 32, MSW 2, k 2: ICC1 30/34, ICC2 30/32."""
    found = group_icc([1, 3, 5, 7, 9, 11], list("aabbcc"))
    assert (found.icc1, found.icc2) == pytest.approx((30 / 34, 30 / 32))
    assert (found.f, found.df) == (pytest.approx(16.0), (2, 3))
    assert found.p == pytest.approx(stats.f.sf(16, 2, 3))


def test_group_icc_interval_covers_in_equal_groups() -> None:
    rng = np.random.default_rng(4)
    groups = np.repeat(np.arange(15), 7)
    held = 0
    for _ in range(500):
        scores = rng.standard_normal(15)[groups] * np.sqrt(0.1) + rng.standard_normal(
            105
        ) * np.sqrt(0.9)
        held += group_icc(scores, groups).icc1_interval.holds(0.1)
    assert 460 <= held <= 490


def test_rwg_of_perfect_and_of_random_agreement() -> None:
    """All alike gives 1; answers spread as at random (variance 2 on five points) give 0."""
    alike = within_group_agreement([[4], [4], [4]], [1, 1, 1], points=5)
    assert (alike.mean, alike.groups) == (1.0, 1)
    spread = within_group_agreement([[1], [2], [3], [4], [5]], [1] * 5, points=5)
    assert spread.mean == 0.0  # sample variance 2.5 is above 2, so it counts as none


def test_rwgj_by_hand_and_groups_left_out() -> None:
    """Two items, variances 1 and 0, mean 1/2; u = 2: r = 2 * .75 / (2 * .75 + .25)."""
    found = within_group_agreement([[1, 3], [2, 3], [3, 3], [5, 5]], [1, 1, 1, 2], points=5)
    assert found.mean == pytest.approx(1.5 / 1.75)
    assert (found.groups, found.left_out) == (1, 1)


def test_retest_knows_a_shift_from_noise() -> None:
    rng = np.random.default_rng(6)
    true = rng.standard_normal(80)
    first = true + 0.3 * rng.standard_normal(80)
    second = true + 0.3 * rng.standard_normal(80) + 1.0
    found = retest_reliability(first, second)
    assert found.n == 80
    assert found.consistency.icc > 0.85
    assert found.agreement.icc < 0.75
    assert found.correlation_interval.holds(found.correlation)
    # Occasion variance 1/2 (two occasions one apart) and residual .09.
    assert found.sem == pytest.approx(np.sqrt(0.5 + 0.09), rel=0.1)


@pytest.mark.parametrize(
    ("values", "groups", "code"),
    [
        ([1, 2, 3], [1, 1, 1], RefusalCode.ONE_GROUP),
        ([1, 2, 3], [1, 2, 3], RefusalCode.TOO_FEW),
        ([1, 1, 2, 2], [1, 1, 2, 2], RefusalCode.CONSTANT),
        ([np.nan, np.nan], [1, 2], RefusalCode.ALL_MISSING),
    ],
)
def test_group_icc_refusals(values: list[float], groups: list[int], code: RefusalCode) -> None:
    with pytest.raises(MeasurementRefused) as caught:
        group_icc(values, groups)
    assert caught.value.code is code


def test_retest_refuses_few_and_constant() -> None:
    with pytest.raises(MeasurementRefused, match="too_few"):
        retest_reliability(np.arange(49), np.arange(49))
    with pytest.raises(MeasurementRefused, match="constant"):
        retest_reliability(np.arange(60), np.ones(60))
    with pytest.raises(MeasurementRefused, match="one_coder"):
        shrout_fleiss([[1], [2]])
