"""Does the number of groups decide the model, and does the report learn which row fired?"""

from __future__ import annotations

import numpy as np
import pytest

from knutepunkt.analysis.models.generalised import GeneralisedFit, fit_generalised
from knutepunkt.analysis.models.policy import choose
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.models.reported import Flag
from knutepunkt.analysis.models.round_change import change_for_report
from knutepunkt.analysis.models.round_mean import mean_for_report
from knutepunkt.analysis.models.round_odds import odds_change_for_report
from knutepunkt.analysis.models.specification import MixedModel


@pytest.mark.parametrize(
    ("groups", "rows", "singular", "row"),
    [(0, 90, False, "P1"), (5, 40, False, "G1"), (6, 50, True, "G2"), (10, 99, False, "G3"),
     (40, 400, False, "G4"), (40, 400, True, "S1"), (20, 9000, False, "L1"),
     (20, 9000, True, "L2")],
)  # fmt: skip
def test_the_row_that_fires(groups: int, rows: int, singular: bool, row: str) -> None:
    assert choose(groups, rows, singular=singular).id == row


def test_balanced_groups_have_the_interval_of_their_means() -> None:
    table = np.random.default_rng(2).normal(size=(8, 6)) + np.arange(8)[:, None]
    found = mean_for_report(table.ravel(), np.repeat(np.arange(8), 6))
    assert found.row.id == "G2"
    assert found.estimates[0].df == pytest.approx(7.0)
    assert found.estimates[0].low == pytest.approx(found.checks[0].low)


def test_two_complete_rounds_give_the_paired_t() -> None:
    rng = np.random.default_rng(3)
    first = rng.normal(size=30)
    second = first + 1 + rng.normal(size=30)
    y, wave = np.concatenate([first, second]), np.repeat([0, 1], 30)
    found = change_for_report(y, wave, np.tile(np.arange(30), 2)).estimates[0]
    gap = second - first
    assert found.value == pytest.approx(gap.mean())
    assert found.se == pytest.approx(gap.std(ddof=1) / np.sqrt(30), rel=1e-5)
    assert found.df == pytest.approx(29.0, rel=1e-4)


def changing_groups(seed: int = 5) -> dict[str, np.ndarray]:
    """Eight groups of seven in two rounds; each group changes in its own way, none on average."""
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(8), 7)
    own = rng.normal(0, 1, 56)
    trend = rng.normal(0, 1, 8)
    first, second = own + rng.normal(0, 0.5, 56), own + trend[group] + rng.normal(0, 0.5, 56)
    return {
        "y": np.concatenate([first, second]), "wave": np.repeat([0, 1], 56),
        "person": np.tile(np.arange(56), 2), "group": np.tile(group, 2),
    }  # fmt: skip


def test_groups_that_change_in_their_own_way_widen_the_interval_to_that_of_their_means() -> None:
    """Balanced groups: the interval of the mean change is the t interval of the groups' changes."""
    rows = changing_groups()
    found = change_for_report(**rows)
    assert found.row.id == "G2"
    assert Flag.SLOPE_ESTIMATED in found.flags
    gaps = (rows["y"][56:] - rows["y"][:56]).reshape(8, 7).mean(axis=1)
    change, check = found.estimates[0], found.checks[0]
    assert change.value == pytest.approx(gaps.mean())
    assert change.df == pytest.approx(7.0, rel=1e-3)
    assert change.se == pytest.approx(gaps.std(ddof=1) / np.sqrt(8), rel=1e-4)
    assert (change.low, change.high) == pytest.approx((check.low, check.high), rel=1e-3)


def test_a_change_that_does_not_differ_keeps_its_variance_in_the_model() -> None:
    rows = changing_groups()
    rng = np.random.default_rng(3)
    rows["y"] = np.tile(rng.normal(0, 1, 56), 2) + rng.normal(0, 0.5, 112)
    found = change_for_report(**rows)
    assert found.formula.endswith("(0 + course || group)")
    assert {share.level for share in found.variances} == {
        "person",
        "group",
        "group:slope",
        "residual",
    }
    assert sum(share.share or 0.0 for share in found.variances) == pytest.approx(1.0)
    # Far fewer degrees of freedom than persons: the variance was estimated, from eight groups.
    assert found.estimates[0].df < 30


def test_odds_of_a_yes_change_as_they_were_made_to() -> None:
    rng = np.random.default_rng(8)
    group = np.repeat(np.arange(12), 8)
    own = rng.normal(0, 0.5, 96) + rng.normal(0, 0.5, 12)[group]
    latent = np.concatenate([own, own + 1.0]) + rng.logistic(size=192)
    rows = {
        "wave": np.repeat([0, 1], 96),
        "person": np.tile(np.arange(96), 2),
        "group": np.tile(group, 2),
    }
    found = odds_change_for_report((latent > 0).astype(float), **rows)
    ordered = odds_change_for_report(
        np.digitize(latent, [-1.0, 0.5, 2.0]).astype(float), ordered=True, **rows
    )
    assert (found.row.id, ordered.row.id) == ("B1", "O1")
    for one in (found, ordered):
        assert one.estimates[0].low < 1.0 < one.estimates[0].high
        assert one.estimates[0].df == 11.0
        assert one.estimates[0].se >= one.checks[0].se
    assert ordered.estimates[0].se < found.estimates[0].se
    apart = odds_change_for_report((latent > 0).astype(float), rows["wave"], rows["person"])
    assert apart.row.id == "P4"


def test_few_groups_and_unlinked_rounds_of_yes_and_no_are_refused_by_name() -> None:
    y, wave = np.array([0.0, 1, 1, 0, 1, 0]), np.repeat([0, 1], 3)
    with pytest.raises(ModelRefusal) as refusal:
        odds_change_for_report(y, wave, np.arange(6))
    assert refusal.value.code is RefusalCode.NOT_IDENTIFIED


@pytest.mark.parametrize("ordered", [False, True])
def test_where_nobody_changed_groups_alone_bear_the_odds(
    ordered: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, group = np.tile(np.arange(70), 2), np.tile(np.repeat(np.arange(10), 7), 2)
    rng = np.random.default_rng(3)
    latent = rng.normal(size=10)[group[:70]] + rng.logistic(size=70)
    y = np.tile(np.digitize(latent, [-1.0, 1.0] if ordered else [0.0]).astype(float), 2)
    tried = []

    def fitted(model: MixedModel, *args: object, **options: object) -> GeneralisedFit:
        tried.append(model)
        return fit_generalised(model, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("knutepunkt.analysis.models.round_odds.fit_generalised", fitted)
    wave = np.repeat([0, 1], 70)
    found = odds_change_for_report(y, wave, person, group, ordered=ordered)
    assert found.formula == "y ~ wave + (1 | group)"
    assert found.estimates[0].value == pytest.approx(0.0, abs=1e-6)
    assert len(tried) == 1  # persons' variance is not climbed after
    for alone in (None, person):
        with pytest.raises(ModelRefusal) as refusal:
            odds_change_for_report(y, wave, person, alone, ordered=ordered)
        assert refusal.value.code is RefusalCode.SEPARATED
    assert len(tried) == 1


def test_odds_where_every_group_has_one_person_have_one_variance() -> None:
    rng = np.random.default_rng(2)
    person = np.tile(np.arange(40), 2)
    wave = np.repeat(["a", "b"], 40)
    y = (rng.normal(size=40)[person] + rng.logistic(size=80) + 0.5 * (wave == "b") > 0).astype(
        float
    )
    found = odds_change_for_report(y, wave, person, person)
    assert found.formula == "y ~ wave + (1 | group)"
    assert found.estimates[0].value == pytest.approx(
        odds_change_for_report(y, wave, person).estimates[0].value, abs=1e-8
    )
