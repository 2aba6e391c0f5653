"""Are single questions told as odds over rounds, and only beside categories that were told?"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import polars as pl
import pytest

from knutepunkt.analysis.disclosure import Ledger, Rung, policy_for
from knutepunkt.analysis.disclosure.told_categories import in_common
from knutepunkt.analysis.models.round_odds import odds_change_for_report
from knutepunkt.analysis.report import build_report
from knutepunkt.analysis.report.design import Design
from knutepunkt.analysis.report.planning.odds import plan_odds
from knutepunkt.analysis.report.populations import Answers
from knutepunkt.analysis.report.structure import Report, Table
from knutepunkt.analysis.report.values import Number, Range, Sentence, Withheld
from tests.unit.analysis.report.sample import centre

SPREAD = {"TJE1": (0.25, 0.5), "TJE2": (0.02, 0.02)}


def study(*, has_groups: bool = True, groups: int = 30) -> tuple[Design, pl.DataFrame]:
    """Two rounds; TJE1 spreads over two answers and rises, TJE2 is nearly the same for all."""
    design, frame = centre(rounds=2, groups=groups, has_groups=has_groups)
    rng = np.random.default_rng(8)
    later = (frame["round"] == "r2").to_numpy()
    columns = [
        pl.Series(name, np.where(rng.random(later.size) < np.where(later, *shares[::-1]), 4, 2))
        for name, shares in SPREAD.items()
    ]
    return design, frame.with_columns(columns)


def told(report: Report) -> Table:
    """The table of odds."""
    [table] = [one for one in report.tables if one.id == "T6-odds"]
    return table


def cell(table: Table, row: str, column: str) -> object:
    names = [one.id for one in table.columns]
    [found] = [one for one in table.rows if one.key == row]
    return found.cells[names.index(column)]


def test_odds_are_told_as_the_model_has_them_beside_the_categories() -> None:
    design, frame = study()
    report, judgement = build_report(design, frame, Ledger(), policy_for())
    shares = [judgement.figure("T4-other", f"TJE1@{name}") for name in ("r1", "r2")]
    partition = in_common([tuple(one.codes for one in figure.categories) for figure in shares])  # type: ignore[union-attr]
    assert partition
    place = {code: at for at, codes in enumerate(sorted(partition)) for code in codes}
    rows = frame.filter(pl.col("TJE1").is_not_null())
    found = odds_change_for_report(
        rows["TJE1"].replace_strict(place).cast(pl.Float64).to_numpy(),
        rows["round"].to_numpy(),
        rows["participant"].to_numpy(),
        rows["group"].to_numpy(),
        ordered=len(partition) > 2,
    ).estimates[0]
    table = told(report)
    odds = cell(table, "TJE1@r2", "odds")
    interval = cell(table, "TJE1@r2", "interval")
    assert isinstance(odds, Number)
    assert isinstance(interval, Range)
    assert odds.value == pytest.approx(math.exp(found.value), abs=0.006)
    assert interval.low == pytest.approx(math.exp(found.low), abs=0.006)
    assert interval.high == pytest.approx(math.exp(found.high), abs=0.006)
    assert odds.value > 1.5
    row = "B1" if len(partition) == 2 else "O1"
    notes = [note for note in table.notes if isinstance(note, Sentence)]
    assert any(note.message == "note.row" and str(row) in str(note) for note in notes)


def test_nothing_is_told_where_a_round_is_told_as_a_band() -> None:
    design, frame = study()
    report, judgement = build_report(design, frame, Ledger(), policy_for())
    share = judgement.figure("T4-other", "TJE2@r1")
    assert share is not None
    assert not share.categories
    figure = judgement.figure("T6-odds", "TJE2")
    assert figure is not None
    assert figure.rung is Rung.ONLY_N
    assert figure.numbers == ()
    for column in ("towards", "odds", "interval", "p"):
        assert isinstance(cell(told(report), "TJE2@r2", column), Withheld)


def test_the_model_is_not_even_fitted_before_the_gate_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("fitted before the gate asked")

    monkeypatch.setattr("knutepunkt.analysis.report.planning.odds.odds_change_for_report", never)
    design, frame = study()
    figures = plan_odds(Answers.of(design, frame)).figures
    assert [one.place.subject for one in figures] == ["TJE1", "TJE2"]


@pytest.mark.parametrize(("groups", "planned"), [(5, 0), (6, 2)])
def test_few_groups_are_described_and_have_no_odds(groups: int, planned: int) -> None:
    design, frame = study(groups=groups)
    assert len(plan_odds(Answers.of(design, frame)).figures) == planned


def test_without_groups_persons_are_the_clusters() -> None:
    design, frame = study(has_groups=False)
    report, _ = build_report(design, frame.drop("group"), Ledger(), policy_for())
    assert isinstance(cell(told(report), "TJE1@r2", "odds"), Number)
    unlinked = dataclasses.replace(design, linked=False)
    assert not plan_odds(Answers.of(unlinked, frame)).figures


@pytest.mark.parametrize(
    ("partitions", "found"),
    [
        ([((1,), (2,), (3,)), ((1, 2), (3,))], ((1, 2), (3,))),
        ([((3,), (1, 2)), ((1,), (2,), (3,))], ((3,), (1, 2))),
        ([((1, 2), (3,)), ((1,), (2, 3))], ()),
        ([((1, 2), (3,)), ()], ()),
    ],
)
def test_only_categories_of_every_round_are_compared(
    partitions: list[tuple[tuple[int, ...], ...]], found: tuple[tuple[int, ...], ...]
) -> None:
    assert in_common(partitions) == found


def test_groups_of_one_mind_in_the_categories_have_no_odds() -> None:
    """Members differ in their codes and never in the category: odds would tell how alike they are."""
    design, frame = study()
    rng = np.random.default_rng(9)
    half = frame["group"].rank("dense").to_numpy() % 2 == 0
    codes = np.where(half, rng.choice([4, 5], half.size), rng.choice([1, 2], half.size))
    alike = frame.with_columns(pl.Series("TJE1", codes))
    judgement = build_report(design, alike, Ledger(), policy_for())[1]
    for name in ("r1", "r2"):
        share = judgement.figure("T4-other", f"TJE1@{name}")
        assert share is not None
        assert len(share.categories) == 2
    figure = judgement.figure("T6-odds", "TJE1")
    assert figure is not None
    assert figure.rung is Rung.ONLY_N
