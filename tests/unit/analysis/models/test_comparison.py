"""Are organisations compared fairly: adjusted, pulled together, and tested for their number?"""

from __future__ import annotations

import numpy as np
import pytest

from knutepunkt.analysis.models.comparison import (
    compare_organisations,
    holm_adjusted,
    pull_together,
)
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode


def world(
    organisations: int, groups: int, size: int, seed: int, spread: float = 0.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    org = np.repeat(np.arange(organisations), groups * size)
    group = np.repeat(np.arange(organisations * groups), size)
    y = (
        3
        + spread * rng.normal(size=organisations)[org]
        + 0.3 * rng.normal(size=org.size // size)[group]
    )
    return y + rng.normal(0, 0.8, org.size), np.array([f"org {k}" for k in org]), group


def test_adjusted_means_of_equal_groups_are_plain_means() -> None:
    y, org, group = world(4, 5, 6, 1)
    found = compare_organisations(y, org, group)
    for one in found.organisations:
        assert one.adjusted.value == pytest.approx(y[org == one.label].mean())
        assert one.deviation.value == pytest.approx(y[org == one.label].mean() - y.mean())
        # Balanced and nested: an organisation's mean is judged by the spread of its groups' means.
        assert one.adjusted.df == pytest.approx(16, rel=0.05)


def test_a_covariate_takes_away_what_it_explains() -> None:
    y, org, group = world(3, 6, 6, 2)
    age = np.where(org == "org 2", 1.0, 0.0) + np.random.default_rng(3).normal(0, 0.5, y.size)
    found = compare_organisations(y + 2 * age, org, group, {"age": age})
    plain = compare_organisations(y + 2 * age, org, group)
    assert plain.organisations[2].deviation.value > 1.0
    assert abs(found.organisations[2].deviation.value) < 0.4


def test_holm_is_as_in_r() -> None:
    # Values of R 4.2, stats::p.adjust by Holm.
    assert holm_adjusted([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm_adjusted([0.9, 0.8]) == pytest.approx([1.0, 1.0])


def test_equal_and_independent_means_are_pulled_as_the_closed_form_says() -> None:
    means = np.array([1.0, 2.0, 4.0, 7.0])
    error = 0.5
    found = pull_together(means, error * np.eye(4))
    between = means.var(ddof=1) - error
    kept = between / (between + error)
    assert found.spread**2 == pytest.approx(between, rel=1e-4)
    assert found.means == pytest.approx(means.mean() + kept * (means - means.mean()), rel=1e-4)
    assert found.kept == pytest.approx(np.full(4, kept), rel=1e-4)
    variance = kept * error + (1 - kept) ** 2 * (between + error) / 4
    half = (found.ends[:, 1] - found.ends[:, 0]) / 2
    assert half == pytest.approx(np.full(4, 1.959964 * variance**0.5), rel=1e-3)


def test_means_no_further_apart_than_chance_become_one() -> None:
    found = pull_together(np.array([2.0, 2.1, 1.9]), np.eye(3))
    assert found.spread == 0.0
    assert found.means == pytest.approx(np.full(3, 2.0))


def test_organisations_that_do_not_differ_are_seldom_told_apart() -> None:
    hits = sum(
        min(one.holm_p for one in compare_organisations(*world(4, 4, 6, seed)).organisations) < 0.05
        for seed in range(40)
    )
    assert hits <= 6


def test_what_cannot_be_compared_is_refused() -> None:
    y, org, group = world(3, 4, 5, 4)
    bad = {
        "one": (y[org == "org 0"], org[org == "org 0"], group[org == "org 0"]),
        "few": (y[group > 1], org[group > 1], group[group > 1]),
    }
    for data in bad.values():
        with pytest.raises(ModelRefusal) as refused:
            compare_organisations(*data)
        assert refused.value.code is RefusalCode.TOO_FEW_GROUPS
    with pytest.raises(ModelRefusal) as refused:
        compare_organisations(y, org, np.where(group == 4, 0, group))
    assert refused.value.code is RefusalCode.BAD_ARGUMENT
    with pytest.raises(ModelRefusal) as refused:
        compare_organisations(y * np.nan, org, group)
    assert refused.value.code is RefusalCode.NO_ROWS
    with pytest.raises(ModelRefusal) as refused:
        compare_organisations(y[1:], org, group)
    assert refused.value.code is RefusalCode.BAD_SHAPE
