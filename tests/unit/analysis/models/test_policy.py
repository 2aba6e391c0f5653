"""Does the number of groups decide the model, and does the report learn which row fired?"""

from __future__ import annotations

import numpy as np
import pytest

from knutepunkt.analysis.models.policy import choose
from knutepunkt.analysis.models.round_change import change_for_report
from knutepunkt.analysis.models.round_mean import mean_for_report


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
