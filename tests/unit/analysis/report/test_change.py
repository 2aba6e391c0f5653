"""Is change told from the model, with words that follow the released interval?"""

from __future__ import annotations

import polars as pl
import pytest

from knutepunkt.analysis.disclosure import Ledger, policy_for
from knutepunkt.analysis.models.term_tests import term_tests
from knutepunkt.analysis.report import build_report
from knutepunkt.analysis.report.planning.courses import course_of, followed_scales
from knutepunkt.analysis.report.populations import Answers
from knutepunkt.analysis.report.structure import Finding
from knutepunkt.analysis.report.values import NOTHING, Number, Range, Withheld
from knutepunkt.analysis.report.walk import sentences_of
from tests.unit.analysis.report.sample import centre, reported, survey


def _report(design, frame):
    return build_report(design, frame, Ledger(), policy_for())[0]


@pytest.fixture(scope="module")
def three():
    return reported(rounds=3)[0]


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
    forth = _first(reported(rounds=3)[0])
    back = _first(_report(design, frame.with_columns(turned)))
    assert {forth.message, back.message} == {"finding.higher", "finding.lower"}
    assert forth.parameters["difference"].value == back.parameters["difference"].value


def test_what_people_say_looking_back_is_never_compared(three):
    assert not any(row.key.startswith("BEN") for row in three.table("T6").rows)


def test_below_six_groups_there_is_no_interval():
    report = reported(rounds=2, groups=5, size=14)[0]
    for row in report.table("T6").rows:
        cells = dict(zip([c.id for c in report.table("T6").columns], row.cells, strict=False))
        assert cells["interval"] == NOTHING
        assert cells["p"] == NOTHING
    assert "T8" not in {table.id for table in report.tables}
    assert not [figure for figure in report.figures if figure.id.startswith("F5")]
    said = {sentence.message for sentence in sentences_of(report)}
    assert "row.G1" in said
    assert "method.change_model" not in said


def test_without_groups_nothing_is_told_between_groups():
    report = reported(rounds=2, has_groups=False)[0]
    columns = [column.id for column in report.table("T8").columns]
    for row in report.table("T8").rows:
        cells = dict(zip(columns, row.cells, strict=False))
        assert cells["group_variance"] == cells["icc"] == NOTHING
        assert isinstance(cells["person_variance"], Number)


def test_a_single_round_makes_no_comparison():
    report = reported()[0]
    assert not {"T6", "T7"} & {table.id for table in report.tables}
    assert not {"F4", "F5-sd", "F5-mid"} & {figure.id for figure in report.figures}


def test_a_single_round_still_tells_how_alike_members_of_a_group_are():
    table = reported()[0].table("T8")
    for row in table.rows:
        cells = dict(zip([column.id for column in table.columns], row.cells, strict=True))
        low, high = cells["icc_interval"].low, cells["icc_interval"].high
        assert low <= cells["icc"].value <= high
        assert cells["design_effect"].value >= 1
        assert cells["person_variance"] == NOTHING


def _row(**design):
    said = [each for each in sentences_of(_report(*centre(**design))) if each.message == "note.row"]
    return {each.parameters["id"].value for each in said}


@pytest.mark.parametrize(
    ("design", "row"),
    [({"groups": 8}, "G2"), ({"groups": 18}, "G3"), ({"groups": 45, "size": 4}, "G4"),
     ({"has_groups": False}, "P1")],
)  # fmt: skip
def test_the_report_names_the_row_of_the_policy_table(design, row):
    found = _row(rounds=2, **design) - {"P4", "B1", "O1"}  # of single questions, as odds
    # From 40 groups a variance of zero moves an outcome to another row, so that which one it was
    # is told where the variance may be.
    assert found <= {row, "S1"} if row == "G4" else found == {row}


def test_the_check_of_the_row_stands_beside_the_interval(three):
    names = [column.id for column in three.table("T6").columns]
    for row in three.table("T6").rows:
        cells = dict(zip(names, row.cells, strict=True))
        assert isinstance(cells["check"], Range)
        # Another way to the same difference: the two intervals overlap.
        assert cells["check"].low <= cells["interval"].high
        assert cells["check"].high >= cells["interval"].low


def test_the_forest_in_smallest_differences_is_the_released_difference_divided(three):
    figure = three.figure("F5-mid")
    smallest = {s.id: s.smallest_change for s in survey().scales if s.smallest_change}
    names = [column.id for column in three.table("T6").columns]
    rows = {row.key: dict(zip(names, row.cells, strict=True)) for row in three.table("T6").rows}
    assert {line.key for line in figure.lines} == set(smallest)
    for line in figure.lines:
        released = rows[f"{line.key}@r3"]["difference"].value
        assert line.marks[0].value.value == round(released / smallest[line.key], 1)
        assert figure.low <= line.marks[0].interval.low <= line.marks[0].interval.high
        assert line.marks[0].interval.high <= figure.high


def test_an_outcome_that_never_varies_has_its_row_like_any_other():
    """A note that nobody differs would tell everybody's answer; what is told is for the gate."""
    design, frame = centre(rounds=2)
    alike = frame.with_columns(pl.lit(3, dtype=pl.Int8).alias(f"MES{i}") for i in range(1, 6))
    table = _report(design, alike).table("T6")
    [row] = [row for row in table.rows if row.key.startswith("MES")]
    kinds = [type(cell).__name__ for cell in row.cells]
    assert kinds.count("Withheld") > 4


def test_where_nobody_changed_the_interval_of_the_change_stays_behind():
    """An interval from 0.0 to 0.0 would say of each who was there before what they answer now."""
    design, frame = centre(rounds=2, response=0.95)
    names = [f"MES{i}" for i in range(1, 6)]
    before = frame.filter(pl.col("round") == "r1").select("participant", *names)
    joined = frame.join(before, on="participant", how="left", suffix="_before")
    came_again = (pl.col("round") == "r2") & pl.col(f"{names[0]}_before").is_not_null()
    alike = joined.with_columns(
        pl.when(came_again).then(pl.col(f"{name}_before")).otherwise(pl.col(name)).alias(name)
        for name in names
    ).select(frame.columns)
    report = _report(design, alike)
    columns = [column.id for column in report.table("T6").columns]
    rows = {row.key: dict(zip(columns, row.cells, strict=True)) for row in report.table("T6").rows}
    assert isinstance(rows["MES@r2"]["difference"], Number)
    for told in ("interval", "p", "check"):
        assert isinstance(rows["MES@r2"][told], Withheld)
    # The means of both rounds have theirs: they tell nothing of how differently people changed.
    [line] = [line for line in report.figure("F4").lines if line.key == "MES"]
    assert all(isinstance(mark.interval, Range) for mark in line.marks)


@pytest.mark.parametrize(("groups", "flips"), [(20, True), (45, False)])
def test_few_groups_have_a_p_value_by_flipping_them(groups, flips):
    table = _report(*centre(rounds=2, groups=groups, size=8 if flips else 4)).table("T6")
    columns = [column.id for column in table.columns]
    for row in table.rows:
        cells = dict(zip(columns, row.cells, strict=True))
        if flips:
            assert isinstance(cells["p"], Number | Range)
            assert isinstance(cells["flipped"], Number | Range)
        else:
            assert cells["flipped"] == NOTHING
    assert any(note.message == "note.flipped" for note in table.notes) is flips


def test_variances_over_rounds_have_an_interval_of_the_share_of_groups(three):
    table = three.table("T8")
    columns = [column.id for column in table.columns]
    for row in table.rows:
        cells = dict(zip(columns, row.cells, strict=True))
        interval = cells["icc_interval"]
        assert 0 <= interval.low <= cells["icc"].value <= interval.high <= 1


def test_from_three_rounds_all_changes_are_tested_at_once(three):
    table = three.table("T6-rounds")
    found = {
        row.key: dict(zip([c.id for c in table.columns], row.cells, strict=True))
        for row in table.rows
    }
    design, frame = centre(rounds=3)
    answers = Answers.of(design, frame)
    assert set(found) == {scale.id for scale in followed_scales(answers)}
    for name, cells in found.items():
        course = course_of(answers, design.instrument.scale(name))
        rows = course.rows.rename({"wave": "round", "participant": "person"}).with_columns(
            course=pl.col("round").replace_strict({"r1": -1.0, "r2": 0.0, "r3": 1.0}),
            bend=pl.col("round").replace_strict({"r1": 1.0, "r2": -2.0, "r3": 1.0}),
        )
        # By another road: lme4's notation, and slopes that turn the same space of courses.
        [tested] = term_tests(
            "y ~ round + (1 | group/person) + (0 + course || group) + (0 + bend || group)", rows
        )
        assert cells["f"].value == pytest.approx(tested.f, abs=0.006)
        assert cells["f_rounds"].value == tested.df1 == 2
        assert cells["degrees"].value == round(tested.df2)


@pytest.mark.parametrize("design", [{"rounds": 2}, {"rounds": 3, "groups": 5, "size": 14}])
def test_two_rounds_or_few_groups_have_no_such_test(design):
    assert "T6-rounds" not in {table.id for table in _report(*centre(**design)).tables}


def test_a_round_that_too_few_answered_leaves_the_test_withheld_in_its_place():
    design, frame = centre(rounds=3)
    lone = frame.filter((pl.col("round") != "r2") | (pl.col("participant") == "p-g00-0"))
    table = _report(design, lone).table("T6-rounds")
    for row in table.rows:
        assert isinstance(row.cells[2], Withheld)
        assert row.cells[3].value == 2
