"""Do units, offsets, gaps and odd labels leave each statistic what it is?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from knutepunkt.analysis.measurement import (
    KappaWeights,
    MeasurementRefused,
    Metric,
    RefusalCode,
    cohen_kappa,
    cronbach_alpha,
    frequencies,
    group_icc,
    krippendorff_alpha,
    mcdonald_omega,
    paired_change,
    reliable_change,
    shrout_fleiss,
    within_group_agreement,
)

SCALES = [(1e-9, 0.0), (1e-6, 1e-3), (1e6, 0.0), (1.0, 1e6), (1e12, 0.0)]


def table() -> np.ndarray[Any, Any]:
    rng = np.random.default_rng(12)
    return rng.normal(size=(80, 1)) + rng.normal(size=(80, 4))


@pytest.mark.parametrize(("scale", "offset"), SCALES)
def test_points_may_be_of_any_size(scale: float, offset: float) -> None:
    plain, moved = table(), table() * scale + offset
    groups = np.repeat(np.arange(16), 5)
    near = {"rel": 1e-5}
    assert cronbach_alpha(moved).alpha == pytest.approx(cronbach_alpha(plain).alpha, **near)
    assert mcdonald_omega(moved).omega == pytest.approx(mcdonald_omega(plain).omega, **near)
    one, other = group_icc(moved[:, 0], groups), group_icc(plain[:, 0], groups)
    assert (one.icc1, one.icc2) == pytest.approx((other.icc1, other.icc2), **near)
    for form, found in shrout_fleiss(moved).items():
        assert found.icc == pytest.approx(shrout_fleiss(plain)[form].icc, **near)
    change, wanted = (paired_change(each[:, 0], each[:, 1]) for each in (moved, plain))
    assert (change.d_z.d, change.d_av.g) == pytest.approx((wanted.d_z.d, wanted.d_av.g), **near)
    classes = [
        reliable_change(each[:, 0], each[:, 1], reliability=0.8, higher_is_better=True).counts
        for each in (moved, plain)
    ]
    assert classes[0] == classes[1]


@pytest.mark.parametrize("value", [0.0, 7.3e-7, 0.1, 1e6 + 0.1, 1e15 / 3])
def test_what_does_not_vary_is_refused_at_any_size(value: float) -> None:
    same, groups = np.full((60, 4), value), np.repeat(np.arange(12), 5)
    with pytest.raises(MeasurementRefused) as refusal:
        cronbach_alpha(same)
    assert refusal.value.code is RefusalCode.CONSTANT_ITEM
    for refused in (
        lambda: group_icc(same[:, 0], groups),
        lambda: shrout_fleiss(same),
        lambda: paired_change(same[:, 0], same[:, 1]),
        lambda: reliable_change(same[:, 0], same[:, 1], reliability=0.8, higher_is_better=True),
    ):
        with pytest.raises(MeasurementRefused) as refusal:
            refused()
        assert refusal.value.code is RefusalCode.CONSTANT


@pytest.mark.parametrize("gap", [None, float("nan")])
def test_rows_without_a_group_are_left_out(gap: float | None) -> None:
    values = np.array([1, 2, 3, 4, 1, 2, 3, 4, 1, 2], dtype=float)
    names: list[Any] = ["a", "a", "a", "b", "b", "b", 3, 3, gap, gap]
    labels = np.array(names, dtype=object)
    inside = values[:8], np.array([str(one) for one in names[:8]])
    assert group_icc(values, labels) == group_icc(*inside)
    found = frequencies(values, labels, [[1], [2], [3], [4]])
    assert (found.n, found.missing, found.groups) == (8, 2, 3)
    assert found.categories == frequencies(*inside, [[1], [2], [3], [4]]).categories
    agreement = within_group_agreement(values[:, None], labels, points=4)
    assert agreement == within_group_agreement(inside[0][:, None], inside[1], points=4)
    numbers = np.array([1, 1, 1, 2, 2, 2, 3, 3, np.nan, np.nan])
    assert group_icc(values, numbers) == group_icc(values[:8], numbers[:8])


def test_a_group_for_each_answer_is_needed() -> None:
    with pytest.raises(MeasurementRefused) as refusal:
        group_icc(np.arange(6.0), np.arange(5))
    assert refusal.value.code is RefusalCode.BAD_ARGUMENT


def test_groups_with_the_very_same_mean_have_no_icc2() -> None:
    found = group_icc([1.0, 3.0, 1.0, 3.0], [1, 1, 2, 2])
    assert (found.icc1, found.icc2) == (pytest.approx(-1.0), None)


@pytest.mark.parametrize("metric", list(Metric))
def test_alpha_of_codes_is_that_of_the_pairs_written_out(metric: Metric) -> None:
    """Against the coincidence table, summed pair by pair."""
    rng = np.random.default_rng(4)
    codes = rng.integers(1, 6, (14, 1)) + rng.integers(0, 2, (14, 3)).astype(float)
    codes[rng.random(codes.shape) < 0.15] = np.nan
    kept = [row[~np.isnan(row)] for row in codes if (~np.isnan(row)).sum() > 1]
    every = np.concatenate(kept)
    levels, counts = np.unique(every, return_counts=True)

    def gap(a: float, b: float) -> float:
        if metric is Metric.NOMINAL:
            return float(a != b)
        if metric is Metric.INTERVAL:
            return (a - b) ** 2
        low, high = sorted((int(np.searchsorted(levels, a)), int(np.searchsorted(levels, b))))
        between = counts[low : high + 1].sum() - (counts[low] + counts[high]) / 2
        return float(between**2) if low != high else 0.0

    seen = sum(gap(a, b) / (len(row) - 1) for row in kept for a in row for b in row)
    chance = sum(gap(a, b) for a in every for b in every) / (len(every) - 1)
    assert krippendorff_alpha(codes, metric).value == pytest.approx(1 - seen / chance, rel=1e-12)


def test_many_different_codes_need_no_table_of_pairs() -> None:
    rng = np.random.default_rng(6)
    true = rng.normal(size=(3000, 1))
    found = krippendorff_alpha(
        true + rng.normal(size=(3000, 2)) / 10, Metric.INTERVAL, replications=100
    )
    assert 0.98 < found.value < 1.0


@pytest.mark.parametrize(
    ("weights", "value", "variance"),
    [
        (KappaWeights.NONE, 22 / 37, 0.03086681187),
        (KappaWeights.LINEAR, 32 / 47, 0.02094450437),
        (KappaWeights.QUADRATIC, 52 / 67, 0.01186608923),
    ],
)
def test_weighted_kappa_by_the_delta_method(
    weights: KappaWeights, value: float, variance: float
) -> None:
    """Variances by numerical derivatives of kappa in the cells of the table."""
    one = [1, 2, 3, 3, 2, 1, 2, 3, 1, 2, 3, 1, 2, 2, 3]
    other = [1, 2, 3, 2, 2, 1, 3, 3, 1, 1, 3, 2, 2, 2, 3]
    found = cohen_kappa(one, other, weights=weights)
    assert found.value == pytest.approx(value, rel=1e-9)
    half = (found.value - found.interval.low) / 1.959963984540054
    assert half**2 == pytest.approx(variance, rel=1e-8)


def test_words_are_no_numbers() -> None:
    for refused in (
        lambda: cohen_kappa(["a", "b"], ["a", "b"]),
        lambda: cronbach_alpha([["a", "b"]] * 60),
        lambda: krippendorff_alpha([["a", "b"], ["a", "a"]]),
        lambda: frequencies(["yes"], None, [[1]]),
        lambda: group_icc([[1, 2], [3]], [1, 2]),
    ):
        with pytest.raises(MeasurementRefused) as refusal:
            refused()
        assert refusal.value.code is RefusalCode.BAD_ARGUMENT


def test_groups_without_two_complete_answers_say_nothing() -> None:
    with pytest.raises(MeasurementRefused) as refusal:
        within_group_agreement([[1, np.nan], [np.nan, 2]], [1, 1], points=5)
    assert refusal.value.code is RefusalCode.TOO_FEW
