"""Are gaps filled so that the truth is found again, and is doubt about them carried on?"""

from __future__ import annotations

import numpy as np
import pytest

from knutepunkt.analysis.models import imputation
from knutepunkt.analysis.models.imputation import impute
from knutepunkt.analysis.models.missing_rounds import MissingRounds, attrition
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.models.round_mean import mean_for_report

CHANGE = 0.5


def world(
    groups: int, size: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two rounds; who is low in the first tends to leave (missing at random)."""
    group = np.repeat(np.arange(groups), size)
    first = rng.normal(0, 0.4, groups)[group] + rng.normal(0, 0.9, group.size)
    second = (
        CHANGE + 0.6 * first + rng.normal(0, 0.3, groups)[group] + rng.normal(0, 0.7, group.size)
    )
    leaves = rng.random(group.size) < 1 / (1 + np.exp(0.6 + 1.5 * first))
    return first, np.where(leaves, np.nan, second), group


def test_without_groups_the_mean_is_that_of_maximum_likelihood() -> None:
    rng = np.random.default_rng(1)
    first, second, _ = world(60, 5, rng)
    there = ~np.isnan(second)
    # Anderson (1957): with only the second of two normal variables missing.
    slope = np.cov(first[there], second[there])[0, 1] / first[there].var(ddof=1)
    expected = second[there].mean() + slope * (first.mean() - first[there].mean())
    found = impute({"first": first, "second": second}, completed=200)
    assert found.column("second").mean() == pytest.approx(expected, abs=0.02)
    assert not found.two_level


def test_what_was_answered_stays_and_gaps_differ_between_tables() -> None:
    first, second, group = world(10, 7, np.random.default_rng(2))
    found = impute({"first": first, "second": second}, group, completed=5)
    gaps = np.isnan(second)
    assert (found.column("first") == first).all()
    assert (found.column("second")[:, ~gaps] == second[~gaps]).all()
    assert (found.column("second")[:, gaps].std(axis=0) > 0).all()
    assert found.two_level


def test_groups_draw_their_members_gaps_toward_them() -> None:
    rng = np.random.default_rng(3)
    group = np.repeat(np.arange(20), 8)
    shift = np.linspace(-3, 3, 20)
    y = shift[group] + rng.normal(0, 0.5, group.size)
    z = rng.normal(size=group.size)
    gaps = rng.random(group.size) < 0.4
    found = impute({"y": np.where(gaps, np.nan, y), "z": z}, group, completed=10)
    drawn = found.column("y").mean(axis=0)[gaps]
    assert np.corrcoef(drawn, shift[group[gaps]])[0, 1] > 0.95


def test_complete_rounds_give_the_plain_change() -> None:
    rng = np.random.default_rng(4)
    group = np.repeat(np.arange(12), 6)
    first, second = rng.normal(size=(2, 72))
    found = MissingRounds({"a": first, "b": second}, group, completed=3).change("b")
    plain = mean_for_report(second - first, group).estimates[0]
    assert found.pooled.estimate.value == pytest.approx(plain.value)
    assert found.pooled.estimate.se == pytest.approx(plain.se)
    assert found.n_imputed == 0


def test_the_interval_covers_where_leavers_would_bias_the_plain_mean() -> None:
    rng = np.random.default_rng(5)
    covered, shift = 0, []
    for _ in range(40):
        first, second, group = world(20, 6, rng)
        found = MissingRounds({"a": first, "b": second}, group, completed=5).change("b")
        covered += found.pooled.estimate.low <= CHANGE <= found.pooled.estimate.high
        shift.append((found.pooled.estimate.value - CHANGE, found.both.value - CHANGE))
    imputed, plain = np.mean(shift, axis=0)
    assert covered >= 34
    assert abs(imputed) < 0.06
    assert abs(plain) > 2 * abs(imputed)


def test_the_finding_falls_where_the_moved_interval_reaches_zero() -> None:
    first, second, group = world(15, 7, np.random.default_rng(6))
    rounds = MissingRounds({"a": first, "b": second}, group, completed=5)
    found = rounds.tipping_point("b")
    assert found.falls_at is not None
    assert found.falls_at < 0
    at_fall = rounds._pooled("b", found.falls_at).estimate
    assert at_fall.low == pytest.approx(0.0, abs=0.01)
    # The mean moves by delta times the share that is missing.
    share = np.isnan(second).mean()
    moved = found.points[-1][1].value - found.points[0][1].value
    assert moved == pytest.approx(found.points[-1][0] * share, abs=0.03)
    assert rounds.tipping_point("b", against=-5.0).falls_at is None
    assert rounds.tipping_point("b", against=found.points[0][1].value).falls_at == 0.0


def test_attrition_counts_patterns_and_compares_the_first_round() -> None:
    first = np.array([1.0, 2.0, 3.0, 4.0, np.nan])
    second = np.array([1.0, np.nan, 3.0, np.nan, 2.0])
    third = np.array([2.0, np.nan, 4.0, np.nan, np.nan])
    found = attrition({"a": first, "b": second, "c": third})
    assert [(one.answered, one.of_first) for one in found.rounds] == [(4, 4), (3, 2), (2, 2)]
    assert dict(found.patterns) == {
        (True, True, True): 2,
        (True, False, False): 2,
        (False, True, False): 1,
    }
    (compared,) = found.compared
    assert (compared.stayers, compared.leavers) == (2.0, 3.0)
    assert compared.difference is not None
    assert compared.difference.value == pytest.approx(1 / 2**0.5)


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({}, RefusalCode.BAD_SHAPE),
        ({"a": np.ones(3), "b": np.ones(4)}, RefusalCode.BAD_SHAPE),
        ({"a": np.array([]), "b": np.array([])}, RefusalCode.NO_ROWS),
        ({"a": np.arange(30.0), "b": np.full(30, np.inf)}, RefusalCode.NOT_FINITE),
        ({"a": np.arange(30.0), "b": np.ones(30)}, RefusalCode.NO_VARIANCE),
        ({"a": np.arange(30.0), "b": np.full(30, np.nan)}, RefusalCode.TOO_FEW_ROWS),
    ],
)
def test_gaps_that_cannot_be_filled_are_refused(
    columns: dict[str, np.ndarray], code: RefusalCode
) -> None:
    with pytest.raises(ModelRefusal) as refused:
        impute(columns)
    assert refused.value.code is code


def test_one_round_and_one_table_are_refused() -> None:
    with pytest.raises(ModelRefusal) as refused:
        attrition({"a": np.arange(5.0)})
    assert refused.value.code is RefusalCode.ONE_ROUND
    with pytest.raises(ModelRefusal) as refused:
        impute({"a": np.arange(30.0)}, completed=1)
    assert refused.value.code is RefusalCode.BAD_ARGUMENT
    with pytest.raises(ModelRefusal) as refused:
        MissingRounds({"a": np.full(9, np.nan), "b": np.full(9, np.nan)})
    assert refused.value.code is RefusalCode.NO_ROWS


def test_a_bare_mean_is_the_mean_of_the_report() -> None:
    rng = np.random.default_rng(8)
    group = np.repeat(np.arange(9), 6)
    y = rng.normal(size=54) + rng.normal(size=9)[group]
    whole, bare = mean_for_report(y, group), mean_for_report(y, group, bare=True)
    assert bare.estimates == whole.estimates
    assert bare.row == whole.row
    assert whole.variances
    assert not bare.variances


@pytest.mark.parametrize("groups", [0, 8])
def test_sums_of_settled_and_of_moving_rows_are_those_of_all_rows(groups: int) -> None:
    """The sampler is told of the rows that are filled anew alone; the others are summed once."""
    rng = np.random.default_rng(3)
    values = rng.normal(size=(60, 3))
    missing = rng.random((60, 3)) < 0.2
    codes = rng.integers(0, groups, 60) if groups else None
    fixed = np.ones((60, 1))
    for column in imputation._explained(values, missing, fixed, codes):
        filled = np.where(missing, rng.normal(size=values.shape), values)
        rows = ~missing[:, column.column]
        y = filled[rows, column.column][:, None]
        whole = np.hstack([fixed[rows], filled[np.ix_(rows, column.others)], y])
        sums = column.sums(filled)
        assert sums.products == pytest.approx(whole.T @ whole)
        assert column.known == rows.sum()
        if codes is not None:
            by_group = [whole[codes[rows] == g].sum(axis=0) for g in range(groups)]
            assert sums.by_group == pytest.approx(np.array(by_group), abs=1e-9)
            assert sums.sizes.sum() == rows.sum()
        beta = rng.normal(size=3)
        left = float(((whole @ np.append(-beta, 1.0)) ** 2).sum())
        assert sums.left(beta) == pytest.approx(left)
