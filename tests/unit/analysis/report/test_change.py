"""Is change told from the model, with words that follow the released interval?"""

from __future__ import annotations

import polars as pl
import pytest

from knutepunkt.analysis.disclosure import Ledger, policy_for
from knutepunkt.analysis.report import build_report
from knutepunkt.analysis.report.planning.change import row_for
from knutepunkt.analysis.report.structure import Finding
from knutepunkt.analysis.report.values import NOTHING, Number, Range
from knutepunkt.analysis.report.walk import sentences_of
from tests.unit.analysis.report.sample import centre


def _report(design, frame):
    return build_report(design, frame, Ledger(), policy_for())[0]


@pytest.fixture(scope="module")
def three():
    return _report(*centre(rounds=3))


def _first(report):
    return next(b for b in report.section("findings").blocks if isinstance(b, Finding)).sentence


def test_each_later_round_stands_against_the_first(three):
    keys = [row.key for row in three.table("T6").rows]
    assert keys[:2] == ["MES@r2", "MES@r3"]
    # The sample lifts everybody between rounds, so the difference is above zero.
    cells = dict(
        zip(
            [c.id for c in three.table("T6").columns], three.table("T6").rows[1].cells, strict=False
        )
    )
    assert cells["difference"].value > 0
    assert isinstance(cells["interval"], Range)
    assert cells["interval"].low <= cells["difference"].value <= cells["interval"].high


def test_the_finding_follows_the_interval(three):
    assert _first(three).message == "finding.higher"


def test_the_other_way_round_it_is_lower():
    design, frame = centre(rounds=3)
    turned = pl.col("round").replace({"r1": "r3", "r3": "r1"})
    forth = _first(_report(design, frame))
    back = _first(_report(design, frame.with_columns(turned)))
    assert {forth.message, back.message} == {"finding.higher", "finding.lower"}
    assert forth.parameters["difference"].value == back.parameters["difference"].value


def test_what_people_say_looking_back_is_never_compared(three):
    assert not any(row.key.startswith("BEN") for row in three.table("T6").rows)


def test_below_six_groups_there_is_no_interval():
    report = _report(*centre(rounds=2, groups=5, size=14))
    for row in report.table("T6").rows:
        cells = dict(zip([c.id for c in report.table("T6").columns], row.cells, strict=False))
        assert cells["interval"] == NOTHING
        assert cells["p"] == NOTHING
    assert "T8" not in {table.id for table in report.tables}
    said = {sentence.message for sentence in sentences_of(report)}
    assert "row.few_groups" in said
    assert "method.change_model" not in said


def test_without_groups_nothing_is_told_between_groups():
    report = _report(*centre(rounds=2, has_groups=False))
    columns = [column.id for column in report.table("T8").columns]
    for row in report.table("T8").rows:
        cells = dict(zip(columns, row.cells, strict=False))
        assert cells["group_variance"] == cells["icc"] == NOTHING
        assert isinstance(cells["person_variance"], Number)


def test_a_single_round_makes_no_comparison():
    assert not {"T6", "T8"} & {table.id for table in _report(*centre()).tables}


@pytest.mark.parametrize(
    ("groups", "rows", "has_groups", "row"),
    [(5, 100, True, "few_groups"), (6, 100, True, "groups"), (1, 100, False, "persons"),
     (40, 9_000, True, "many_rows")],
)  # fmt: skip
def test_the_row_of_the_model_table(groups, rows, has_groups, row):
    assert row_for(groups, rows, has_groups=has_groups).id == row
