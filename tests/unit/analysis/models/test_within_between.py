"""Is attendance taken apart into people within groups and groups, as fixed effects and means have it?"""

from __future__ import annotations

import numpy as np
import pytest

from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.models.reported import Flag
from knutepunkt.analysis.models.within_between import within_between


def world(groups: int, size: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Within slope .5, between slope -1."""
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(groups), size)
    mean = rng.normal(6, 2, groups)
    x = mean[group] + rng.normal(0, 1.5, group.size)
    x_mean = np.array([x[group == g].mean() for g in range(groups)])[group]
    noise = rng.normal(0, 0.5, groups)[group] + rng.normal(0, 1, group.size)
    return 0.5 * (x - x_mean) - x_mean + noise, x, group


def fixed_effects_slope(y: np.ndarray, x: np.ndarray, group: np.ndarray) -> float:
    dummies = (group[:, None] == np.unique(group)).astype(float)
    return float(np.linalg.lstsq(np.column_stack([x, dummies]), y, rcond=None)[0][0])


@pytest.mark.parametrize("groups", [4, 8, 15, 45])
def test_within_is_the_slope_with_groups_as_fixed_effects(groups: int) -> None:
    y, x, group = world(groups, 7, groups)
    keep = np.random.default_rng(1).random(y.size) > 0.2
    found = within_between(y[keep], x[keep], group[keep])
    assert found.within.value == pytest.approx(fixed_effects_slope(y[keep], x[keep], group[keep]))


def test_between_is_the_slope_of_group_means_in_equal_groups() -> None:
    y, x, group = world(12, 6, 3)
    means = [np.array([one[group == g].mean() for g in range(12)]) for one in (x, y)]
    slope = float(np.polyfit(means[0], means[1], 1)[0])
    found = within_between(y, x, group)
    assert found.between is not None
    assert found.contextual is not None
    assert found.between.value == pytest.approx(slope)
    assert found.contextual.value == pytest.approx(slope - found.within.value)
    # n - 1 degrees less one slope are left within; G - 2 between.
    assert found.between.df == pytest.approx(10, rel=0.05)


def test_the_first_round_can_be_adjusted_for() -> None:
    y, x, group = world(10, 7, 4)
    before = np.random.default_rng(2).normal(size=y.size)
    found = within_between(y + 2 * before, x, group, {"first round": before})
    assert found.within.value == pytest.approx(0.5, abs=0.4)
    assert "first round" not in found.formula


def test_few_groups_say_nothing_between_groups() -> None:
    found = within_between(*world(5, 8, 5))
    assert found.between is None
    assert Flag.CONDITIONAL_ON_GROUPS in found.flags
    assert found.row.id == "G1"


def test_missing_rows_are_left_out_and_flagged() -> None:
    y, x, group = world(8, 6, 6)
    y[3], x[9] = np.nan, np.nan
    found = within_between(y, x, group)
    assert (found.n_dropped, found.n_rows) == (2, 46)
    assert Flag.ROWS_DROPPED in found.flags


def test_groups_of_one_mean_leave_only_within() -> None:
    group = np.repeat(np.arange(8), 4)
    x = np.tile([1.0, 2.0, 3.0, 4.0], 8)
    y = x + np.random.default_rng(3).normal(size=32)
    assert within_between(y, x, group).between is None


@pytest.mark.parametrize(
    ("y", "x", "group", "code"),
    [
        ([1.0, 2.0], [1.0], [0, 0], RefusalCode.BAD_SHAPE),
        ([np.nan, np.nan], [1.0, 2.0], [0, 1], RefusalCode.NO_ROWS),
        ([1.0, 2.0], [1.0, 2.0], [0, 0], RefusalCode.TOO_FEW_GROUPS),
        ([1.0, 2.0, 3.0, 4.0], [1.0, 1.0, 2.0, 2.0], [0, 0, 1, 1], RefusalCode.NO_VARIANCE),
        ([3.0] * 4, [1.0, 2.0, 1.0, 2.0], [0, 0, 1, 1], RefusalCode.NO_VARIANCE),
    ],
)
def test_what_cannot_be_taken_apart_is_refused(
    y: list[float], x: list[float], group: list[int], code: RefusalCode
) -> None:
    with pytest.raises(ModelRefusal) as refused:
        within_between(np.array(y), np.array(x), np.array(group))
    assert refused.value.code is code
