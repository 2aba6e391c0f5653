"""Are change, effect sizes and the classes of change right on worked cases?"""

import math

import numpy as np
import pytest
from scipy import stats

from knutepunkt.analysis.measurement import (
    ChangeClass,
    Interval,
    MeasurementRefused,
    RefusalCode,
    clinical_cutoff,
    paired_change,
    reliable_change,
    reliable_change_index,
    standardised,
)

BEFORE = [10.0, 12.0, 14.0, 16.0, 18.0]
AFTER = [11.0, 15.0, 14.0, 20.0, 20.0]


def test_paired_change_by_hand() -> None:
    """Gains 1, 3, 0, 4, 2: mean 2, SD sqrt 2.5; SDs sqrt 10 and sqrt 15.5."""
    found = paired_change(BEFORE, AFTER)
    assert (found.n, found.df) == (5, 4)
    assert found.difference == pytest.approx(2.0)
    assert found.t == pytest.approx(2 / math.sqrt(0.5))
    half = stats.t.ppf(0.975, 4) * math.sqrt(0.5)
    assert (found.interval.low, found.interval.high) == pytest.approx((2 - half, 2 + half))
    assert found.d_z.d == pytest.approx(2 / math.sqrt(2.5))
    assert found.d_z.g == pytest.approx(found.d_z.d * (1 - 3 / 15))
    assert found.d_av.d == pytest.approx(4 / (math.sqrt(10) + math.sqrt(15.5)))
    assert found.d_pre == pytest.approx(2 / math.sqrt(10))
    assert found.half_sd == pytest.approx(math.sqrt(10) / 2)


def test_the_interval_of_d_z_puts_t_in_the_tails() -> None:
    found = paired_change(BEFORE, AFTER)
    for limit, share in ((found.d_z.interval.low, 0.975), (found.d_z.interval.high, 0.025)):
        assert stats.nct.cdf(found.t, 4, limit * math.sqrt(5)) == pytest.approx(share)


def test_intervals_of_effect_sizes_cover() -> None:
    """250 samples of 40 pairs, correlation .6, true d_av .5 and d_z .5 / sqrt .8."""
    rng = np.random.default_rng(8)
    root = np.linalg.cholesky(np.array([[1, 0.6], [0.6, 1]]))
    held = np.zeros(2)
    for _ in range(250):
        pairs = rng.standard_normal((40, 2)) @ root.T + [0, 0.5]
        found = paired_change(pairs[:, 0], pairs[:, 1])
        held += [
            found.d_z.interval.holds(0.5 / math.sqrt(0.8)),
            found.d_av.interval.holds(0.5),
        ]
    assert (held >= 0.91 * 250).all()
    assert (held <= 0.985 * 250).all()


def test_people_in_one_round_alone_do_not_count() -> None:
    found = paired_change([*BEFORE, 3.0, np.nan], [*AFTER, np.nan, 4.0])
    assert found.n == 5


def test_a_models_difference_in_standard_deviations() -> None:
    found = standardised(1.0, Interval(0.2, 1.8, 0.95, "kr"), BEFORE, AFTER)
    average = (math.sqrt(10) + math.sqrt(15.5)) / 2
    assert found.d == pytest.approx(1 / average)
    assert found.interval.low == pytest.approx(0.2 / average)
    assert found.interval.method == "kr"


def test_jacobson_and_truax_published_example() -> None:
    """Their couple: 32.5 to 47.5, SD 10, reliability .80: RC = 2.37; cut-off c between means."""
    assert reliable_change_index(47.5 - 32.5, 10, 0.80) == pytest.approx(2.3717, abs=5e-5)
    assert clinical_cutoff(40, 7.5, 60, 7.5) == 50


def test_classes_by_hand() -> None:
    """SD 10 before; reliability .92: Sdiff = 4, threshold 7.84."""
    spread = 10 * np.array([-1, -1, 1, 1]) * math.sqrt(3 / 4)
    before = 40 + spread
    after = before + np.array([9.0, 20.0, -8.0, 7.0])
    found = reliable_change(before, after, reliability=0.92, higher_is_better=True, cutoff=45)
    assert found.threshold == pytest.approx(7.84)
    assert dict(found.counts) == {
        ChangeClass.RECOVERED: 1,
        ChangeClass.IMPROVED: 1,
        ChangeClass.UNCHANGED: 1,
        ChangeClass.DETERIORATED: 1,
    }
    turned = reliable_change(-before, -after, reliability=0.92, higher_is_better=False, cutoff=-45)
    assert turned.counts == found.counts
    without = reliable_change(before, after, reliability=0.92, higher_is_better=True)
    assert without.count(ChangeClass.RECOVERED) == 0
    assert without.count(ChangeClass.IMPROVED) == 2


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ([1.0, 2.0], [2.0, 3.0], RefusalCode.TOO_FEW),
        ([1.0, 1.0, 1.0], [1.0, 2.0, 3.0], RefusalCode.CONSTANT),
        ([1.0, 2.0, 3.0], [2.0, 3.0, 4.0], RefusalCode.CONSTANT),
        ([np.nan, 2.0, 3.0], [2.0, np.nan, np.nan], RefusalCode.ALL_MISSING),
        ([1.0, 2.0, 3.0], [2.0, 3.0], RefusalCode.BAD_ARGUMENT),
        ([1.0, 2.0, np.inf], [2.0, 3.0, 4.0], RefusalCode.BAD_ARGUMENT),
    ],
)
def test_refusals(before: list[float], after: list[float], code: RefusalCode) -> None:
    with pytest.raises(MeasurementRefused) as caught:
        paired_change(before, after)
    assert caught.value.code is code


def test_a_perfect_reliability_is_no_measure_of_change() -> None:
    with pytest.raises(MeasurementRefused, match="bad_argument"):
        reliable_change(BEFORE, AFTER, reliability=1.0, higher_is_better=True)
