"""Are the paths those of lavaan, and do their intervals cover what they should?"""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from knutepunkt.analysis.models.bootstrap import cluster_bootstrap
from knutepunkt.analysis.models.mediation import mediation
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode

FOLDER = os.environ.get("KNUTEPUNKT_REFERENCE_DATA", "")
ORDER = (1, 2, 3)


def world(groups: int, size: int, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """a = .4, b = .5, with groups that differ in all three."""
    group = np.repeat(np.arange(groups), size)
    shift = rng.normal(0, 0.4, (3, groups))[:, group]
    x = rng.normal(size=group.size) + shift[0]
    m = 0.4 * x + rng.normal(size=group.size) + shift[1]
    y = 0.5 * m + 0.1 * x + rng.normal(size=group.size) + shift[2]
    return x, m, y, group


def least_squares(y: np.ndarray, *columns: np.ndarray) -> np.ndarray:
    design = np.column_stack([np.ones(y.size), *columns])
    return np.linalg.lstsq(design, y, rcond=None)[0]


def test_paths_are_least_squares() -> None:
    x, m, y, group = world(25, 6, np.random.default_rng(1))
    found = mediation(x, m, y, group, rounds=ORDER)
    a, (_, b, direct) = least_squares(m, x)[1], least_squares(y, m, x)
    values = (found.a.value, found.b.value, found.direct.value)
    assert values == pytest.approx((a, b, direct), rel=1e-9)
    assert found.ab.value == pytest.approx(a * b, rel=1e-9)
    assert found.ab.low is not None
    assert found.ab.low < a * b < (found.ab.high or 0)
    assert found.in_order


def test_covariates_are_adjusted_for() -> None:
    x, m, y, group = world(25, 6, np.random.default_rng(2))
    before = np.random.default_rng(3).normal(size=x.size)
    found = mediation(x, m + before, y + before, group, {"before": before}, rounds=ORDER)
    assert found.a.value == pytest.approx(least_squares(m + before, before, x)[2])


def test_the_skewed_ends_are_bca_ends_of_least_squares_paths() -> None:
    x, m, y, group = world(25, 6, np.random.default_rng(4))
    found = mediation(x, m, y, group, rounds=ORDER, with_skewed=True)

    def paths(rows: np.ndarray, _: np.ndarray) -> np.ndarray:
        a = least_squares(m[rows], x[rows])[1]
        _, b, direct = least_squares(y[rows], m[rows], x[rows])
        return np.array([a, b, a * b, direct])

    wanted = cluster_bootstrap(paths, group)
    assert np.array(found.skewed) == pytest.approx(
        np.column_stack([wanted.low, wanted.high]), rel=1e-6
    )
    assert mediation(x, m, y, group, rounds=ORDER).skewed == ()


def test_below_twenty_groups_there_are_no_skewed_ends() -> None:
    x, m, y, group = world(19, 6, np.random.default_rng(5))
    assert mediation(x, m, y, group, rounds=ORDER, with_skewed=True).skewed == ()


@pytest.mark.reference
@pytest.mark.skipif(not FOLDER, reason="KNUTEPUNKT_REFERENCE_DATA is not set")
def test_paths_agree_with_lavaan() -> None:
    gold = Path(FOLDER) / "gold"
    rows = pl.read_csv(gold / "mediation.csv")
    stored = json.loads((gold / "psychometrics_gold.json").read_text())["mediation"]
    expected = {row["label"]: row["est"] for row in stored if row.get("label")}
    columns = [rows[name].to_numpy() for name in ("x", "m", "y")]
    found = mediation(*columns, np.arange(rows.height), rounds=ORDER)
    assert found.a.value == pytest.approx(expected["a"], rel=1e-6)
    assert found.b.value == pytest.approx(expected["b"], rel=1e-6)
    assert found.direct.value == pytest.approx(expected["c"], rel=1e-6)
    assert found.ab.value == pytest.approx(expected["a"] * expected["b"], rel=1e-6)


def test_intervals_of_whole_groups_cover_about_as_promised() -> None:
    rng = np.random.default_rng(4)
    inside = 0
    for _ in range(200):
        x, m, y, group = world(30, 6, rng)
        found = mediation(x, m, y, group, rounds=ORDER, draws=400)
        assert found.ab.low is not None
        assert found.ab.high is not None
        inside += found.ab.low <= 0.2 <= found.ab.high
    assert 0.88 <= inside / 200 <= 0.99


def test_below_twenty_groups_there_is_no_interval() -> None:
    found = mediation(*world(19, 8, np.random.default_rng(5)), rounds=ORDER)
    assert (found.ab.low, found.ab.high, found.draws) == (None, None, 0)


def test_rounds_out_of_order_are_a_covariation() -> None:
    data = world(20, 5, np.random.default_rng(6))
    assert not mediation(*data, rounds=(1, 1, 2)).in_order
    assert not mediation(*data, rounds=(2, 1, 3)).in_order


def test_the_same_answers_give_the_same_figures() -> None:
    data = world(20, 5, np.random.default_rng(7))
    assert mediation(*data, rounds=ORDER) == mediation(*data, rounds=ORDER)


def test_what_has_no_paths_is_refused() -> None:
    x, m, y, group = world(20, 5, np.random.default_rng(8))
    bad = {
        RefusalCode.NO_VARIANCE: (np.ones_like(x), m, y, group),
        RefusalCode.COLLINEAR_COLUMNS: (x, 2 * x, y, group),
        RefusalCode.TOO_FEW_ROWS: (x[:11], m[:11], y[:11], group[:11]),
        RefusalCode.NO_ROWS: (x * np.nan, m, y, group),
        RefusalCode.BAD_SHAPE: (x[:-1], m, y, group),
    }
    for code, data in bad.items():
        with pytest.raises(ModelRefusal) as refused:
            mediation(*data, rounds=ORDER)
        assert refused.value.code is code
    with pytest.raises(ModelRefusal):
        mediation(x, m, y, group, rounds=ORDER, draws=10)
