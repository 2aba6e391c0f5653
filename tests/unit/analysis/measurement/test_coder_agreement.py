"""Are the coefficients for coders those of the books, with intervals that behave?"""

import numpy as np
import pytest

from knutepunkt.analysis.measurement import (
    MeasurementRefused,
    Metric,
    RefusalCode,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
)

N = float("nan")
# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, example C: 4 coders, 12 units.
CODED = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
        [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
    ]
).T


@pytest.mark.parametrize(
    ("metric", "published"),
    [(Metric.NOMINAL, 0.743), (Metric.ORDINAL, 0.815), (Metric.INTERVAL, 0.849)],
)
def test_krippendorff_published_example(metric: Metric, published: float) -> None:
    found = krippendorff_alpha(CODED, metric)
    assert found.value == pytest.approx(published, abs=5e-4)
    assert found.units == 11
    assert found.interval.low < found.value <= found.interval.high <= 1


def test_gwet_and_fleiss_as_printed_by_irrcac() -> None:
    """irrCAC on the same data: AC1 .77544 (SE .14295), Fleiss' kappa .76117 (SE .15302)."""
    for found, value, se in (
        (gwet_ac1(CODED), 0.77544, 0.14295),
        (fleiss_kappa(CODED), 0.76117, 0.15302),
    ):
        assert found.value == pytest.approx(value, abs=5e-6)
        t = 2.2009851601  # quantile on 11 degrees of freedom
        assert (found.value - found.interval.low) / t == pytest.approx(se, abs=5e-6)
        assert found.interval.high == 1.0


def test_cohen_by_hand() -> None:
    """20 both yes, 5 and 10 apart, 15 both no: p_o .70, p_e .50, kappa .40."""
    first = [1] * 20 + [1] * 5 + [2] * 10 + [2] * 15
    second = [1] * 20 + [2] * 5 + [1] * 10 + [2] * 15
    found = cohen_kappa(first, second)
    assert (found.value, found.observed) == pytest.approx((0.4, 0.7))
    # The jackknife over units is another road to the same standard error.
    pairs = np.column_stack([first, second])
    without = [cohen_kappa(*np.delete(pairs, i, 0).T).value for i in range(50)]
    jackknife = np.sqrt(49 / 50 * ((np.array(without) - np.mean(without)) ** 2).sum())
    assert (found.interval.high - 0.4) / 1.96 == pytest.approx(jackknife, rel=0.04)


def test_one_rare_code_shakes_kappa_and_not_ac1() -> None:
    codes = np.array([[1, 1]] * 95 + [[1, 2]] * 3 + [[2, 1]] * 2)
    assert fleiss_kappa(codes).value < 0
    assert gwet_ac1(codes).value > 0.9


def test_total_agreement_is_one() -> None:
    codes = np.array([[1, 1], [2, 2], [3, 3], [1, 1]])
    for found in (krippendorff_alpha(codes), fleiss_kappa(codes), gwet_ac1(codes)):
        assert found.value == pytest.approx(1.0)
        assert found.observed == pytest.approx(1.0)


def test_alpha_of_codes_drawn_at_random_is_near_nought() -> None:
    rng = np.random.default_rng(9)
    inside = 0
    for _ in range(60):
        found = krippendorff_alpha(rng.integers(1, 4, size=(60, 2)), replications=400)
        inside += found.interval.holds(0.0)
    assert inside >= 52


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ([[1], [2]], RefusalCode.ONE_CODER),
        ([[N, N], [N, N]], RefusalCode.ALL_MISSING),
        ([[1, N], [N, 2], [1, 1]], RefusalCode.TOO_FEW),
        ([[1, 1], [1, 1]], RefusalCode.CONSTANT),
    ],
)
def test_refusals(codes: list[list[float]], code: RefusalCode) -> None:
    for statistic in (krippendorff_alpha, fleiss_kappa, gwet_ac1):
        with pytest.raises(MeasurementRefused) as caught:
            statistic(codes)
        assert caught.value.code is code
