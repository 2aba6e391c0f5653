"""Does the interval a reader sees miss a truth of no change as seldom as it says?

Statistic: type I error of what the report asks for. The table of 2,000 replications per scenario is
`benchmarks/type_one_error.csv`; here it is read, a few scenarios are run small, and more at night.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from benchmarks.type_one_error import RESULTS, SCENARIOS, Scenario, run
from knutepunkt.analysis.models.inference import Estimate, t_estimate
from knutepunkt.analysis.models.policy import TABLE, PolicyRow

MOST = 0.07
BY_NAME = {one.name: one for one in SCENARIOS}


def stored() -> list[dict[str, str]]:
    with RESULTS.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_no_measured_error_is_above_seven_per_cent() -> None:
    rows = stored()
    assert rows
    for row in rows:
        assert row["scenario"] in BY_NAME
        assert int(row["intervals"]) >= 1_900
        assert float(row["type_one_error"]) <= MOST, row


def test_every_scenario_aims_at_a_row_of_the_table() -> None:
    assert {one.row for one in SCENARIOS} == {row.id for row in TABLE}


def test_no_two_scenarios_share_a_name() -> None:
    assert len(BY_NAME) == len(SCENARIOS)


def test_a_run_that_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    def by_mean(
        scenario: Scenario, rows: dict[str, np.ndarray | None]
    ) -> tuple[PolicyRow, Estimate]:
        values = rows["y"]
        assert values is not None
        middle = float(values.mean())
        return TABLE[0], t_estimate("mean", middle, 0.05, 30.0, level=0.95, method="")

    scenario, partial = BY_NAME["mean G=6 m=7 icc=0.05 waves=2"], tmp_path / "partial.json"
    whole = run(scenario, 150, by_mean)
    run(scenario, 100, by_mean, partial)
    again = run(scenario, 150, by_mean, partial)
    assert (again.misses, again.fired) == (whole.misses, whole.fired)
    assert 0 < whole.misses < 150


def most_misses(replications: int, tail: float = 1e-3) -> int:
    """More misses than this are a sign of an error above 5 %, once in a thousand by chance."""
    return int(stats.binom.isf(tail, replications, 0.05))


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario("G2", "change", 6, 7, 0.05, 0.5),
        Scenario("G2", "mean", 6, 7, 0.2),
        Scenario("P1", "change", 0, 30, 0.0),
    ],
    ids=lambda one: one.name,
)
def test_a_small_simulation_does_not_miss_too_often(scenario: Scenario) -> None:
    found = run(scenario, 60)
    assert found.refused == 0
    assert found.misses <= most_misses(60)
    assert set(found.fired) == {scenario.row}


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", [one.name for one in SCENARIOS if one.size < 100])
def test_a_fuller_simulation_does_not_miss_too_often(name: str) -> None:
    found = run(BY_NAME[name], 500)
    assert found.misses <= most_misses(500)
