"""Are attendance, mechanisms and those who left told as what they are, and only where they may be?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from knutepunkt.analysis.disclosure import Ledger, policy_for
from knutepunkt.analysis.linking import By, Link, Linkage
from knutepunkt.analysis.report import Conduct, build_report
from knutepunkt.analysis.report.calibration import Shape, calibrate, shape_of
from knutepunkt.analysis.report.sentences import cell as written
from knutepunkt.analysis.report.values import NOTHING, Number, Range, Verbatim, Withheld
from tests.unit.analysis.report.sample import centre, reported


def _made(**design):
    made, frame = centre(**design)
    asked = replace(made, attendance="OPP2")
    # Who comes more often (a lower code) answers somewhat higher on what happens in the meetings.
    often = pl.col("OPP2") <= 2
    lifted = [
        pl.when(often)
        .then((pl.col(f"MEK{i}") + 1).clip(upper_bound=5))
        .otherwise(pl.col(f"MEK{i}"))
        for i in range(1, 7)
    ]
    return build_report(asked, frame.with_columns(lifted), Ledger(), policy_for())


@pytest.fixture(scope="module")
def three():
    return _made(rounds=3, groups=24)


@pytest.fixture(scope="module")
def one():
    return _made(groups=18)


def _cells(table, row):
    return dict(zip([column.id for column in table.columns], row.cells, strict=True))


def test_attendance_is_taken_apart_within_groups_and_between(three):
    table = three[0].table("T10")
    assert [row.key for row in table.rows[:3]] == ["MES#within", "MES#between", "MES#contextual"]
    for row in table.rows:
        cells = _cells(table, row)
        assert cells["interval"].low <= cells["coefficient"].value <= cells["interval"].high
    assert "F7" in {figure.id for figure in three[0].figures}


def test_three_rounds_in_order_bear_paths_with_intervals_from_twenty_groups(three):
    table = three[0].table("T11")
    assert table.caption.message == "table.T11"
    assert {note.message for note in table.notes} >= {"note.in_order", "note.paths_bootstrap"}
    assert all(isinstance(_cells(table, row)["interval"], Range) for row in table.rows)


def test_paths_have_a_check_that_is_moved_for_skewness(three):
    table = three[0].table("T11")
    assert "note.paths_skewed" in {note.message for note in table.notes}
    for row in table.rows:
        cells = _cells(table, row)
        interval, check = cells["interval"], cells["bca_interval"]
        # Other draws of the same groups, and moved by skewness: near the percentiles, not at them.
        width = interval.high - interval.low
        assert abs(check.low - interval.low) < 0.35 * width
        assert abs(check.high - interval.high) < 0.35 * width
        assert check.low <= cells["coefficient"].value <= check.high


def test_one_round_is_titled_covariation_without_intervals_below_twenty_groups(one):
    table = one[0].table("T11")
    assert table.caption.message == "table.T11_covariation"
    rows = {row.key: _cells(table, row) for row in table.rows}
    assert all(row["interval"] == NOTHING for row in rows.values())
    # The sample lifts the mechanism for those who come often.
    assert rows["MES#a"]["coefficient"].value > 0


def test_who_left_is_told_in_counts_or_classes(three):
    table = three[0].table("T12-flow")
    assert {row.key for row in table.rows} == {"r2#of_first", "r2#new", "r3#of_first", "r3#new"}
    drawn = three[0].figure("F8")
    assert [line.key for line in drawn.lines] == ["r1", "r2", "r3"]


def test_gaps_are_filled_and_the_tipping_point_told(three):
    table = three[0].table("T12")
    for row in table.rows:
        cells = _cells(table, row)
        assert isinstance(cells["pooled"], Number)
        assert abs(cells["pooled"].value - cells["both"].value) < 0.5
    curve = three[0].figure("F9").lines[0].marks
    # The sample lifts everybody, so the missing are moved downwards.
    values = [mark.value.value for mark in curve]
    assert values == sorted(values, reverse=True)


def test_nothing_of_it_without_a_question_of_attendance_or_linked_rounds():
    made, frame = centre(rounds=2, linked=False)
    ids = {table.id for table in build_report(made, frame, Ledger(), policy_for())[0].tables}
    assert not ids & {"T10", "T11", "T12", "T12-flow"}


def test_every_number_of_it_was_released(three):
    report, judgement = three
    released = {f"{each.table}/{each.cell}" for each in judgement.released}
    for name in ("T10", "T11", "T12", "T12-flow"):
        for row in report.table(name).rows:
            for cell in row.cells:
                if isinstance(cell, Number | Range):
                    assert cell.source.statement in released


def test_that_everybody_comes_alike_is_withheld_as_any_other_figure():
    made, frame = centre()
    alike = frame.with_columns(pl.lit(2, dtype=pl.Int8).alias("OPP2"))
    report, _ = build_report(replace(made, attendance="OPP2"), alike, Ledger(), policy_for())
    assert {note.message for note in report.table("T10").notes} == {
        "note.attendance",
        "withheld.sentence",
    }
    for row in report.table("T10").rows:
        assert all(isinstance(cell, Withheld) for cell in row.cells[3:])


def test_the_doubt_about_links_widens_the_interval_or_leaves_it():
    made, frame = centre(rounds=2, groups=18, response=0.9)
    both = [set(frame.filter(pl.col("round") == name)["participant"]) for name in ("r1", "r2")]
    linked = sorted(both[0] & both[1])
    # Each link is fairly sure; the rest of its probability falls on another member of the group.
    sure = tuple(Link(name, name, By.ELEMENTS, 0.9) for name in linked)
    doubt = tuple(
        Link(f"{name[:-1]}{(int(name[-1]) + 1) % 3}", name, By.ELEMENTS, 0.1) for name in linked
    )
    linkage = Linkage(sure, (*sure, *doubt), (), 0.0, len(both[0]), len(both[1]), ())
    report, judgement = build_report(
        replace(made, linkages={"r2": linkage}), frame, Ledger(), policy_for()
    )
    table = report.table("T6-links")
    for row in table.rows:
        cells = _cells(table, row)
        width = cells["interval"].high - cells["interval"].low
        assert cells["doubt_interval"].high - cells["doubt_interval"].low >= width - 0.1
    assert not [each for each in judgement.withheld if each.table in ("T7", "T6-links")]


def test_checklists_name_tables_that_exist_and_say_what_was_not_done(three):
    report = three[0]
    ids = {table.id for table in report.tables}
    for name in ("C-STROBE", "C-CHERRIES", "C-GRAMMS"):
        for row in report.table(name).rows:
            where = row.cells[1]
            if isinstance(where, Verbatim):
                assert set(where.value.split(", ")) <= ids
    rows = {row.key: row.cells[1] for row in report.table("C-STROBE").rows}
    assert "T12" in rows["strobe-12"].value
    one_round = reported()[0]
    rows = {row.key: row.cells[1] for row in one_round.table("C-STROBE").rows}
    assert rows["strobe-17"].message == "where.not_done"


def test_a_calibration_says_how_often_the_method_is_wrong_on_its_own_shape():
    shape, heard = Shape(10, (60, 55), 45), []
    found = calibrate(shape, replications=40, told=heard.append)
    assert (found.row, found.replications + found.refused) == ("G3", 40)
    assert heard == list(range(1, 41))
    # Forty studies say little; an error rate of a third would still be a fault, and a change of
    # half a standard deviation is seen far more often than one that is not there.
    assert found.errors < 0.3
    assert found.found > found.wrong + 10
    low, high = found.doubt
    assert low <= found.errors <= high
    assert calibrate(shape, replications=40) == found


def test_a_calibration_knows_a_study_by_what_its_first_table_tells(three):
    flow = three[0].table("T1")
    counts = {row.key: row.cells[-1] for row in flow.rows}
    shape = shape_of(flow, has_groups=True)
    assert shape.groups == 24
    assert shape.answered == tuple(int(counts[f"r{each}#used"].value) for each in (1, 2, 3))
    assert shape.linked == int(counts["r3#linked"].value)
    unsaid = replace(flow, rows=tuple(row for row in flow.rows if "#groups" not in row.key))
    assert shape_of(unsaid, has_groups=True) is None


def test_a_report_can_hold_its_own_calibration():
    made, frame = centre(groups=8)
    report, _ = build_report(made, frame, Ledger(), policy_for(), calibrations=3)
    rows = {row.key: row.cells[1] for row in report.table("K1").rows}
    assert rows["replications"].value == 3
    assert rows["errors_one"].value + rows["coverage_one"].value == 100


def test_nothing_is_calibrated_where_nothing_is_inferred():
    assert calibrate(Shape(5, (40, 40), 30), replications=3) is None


def test_a_tiny_study_says_nothing_of_who_left():
    report, _ = reported(rounds=2, groups=2, size=4)
    drawn = [line.marks[0].value for line in report.figure("F8").lines]
    assert not [value for value in drawn if isinstance(value, Number)]


def _answers(report, name):
    return {row.key: written(row.cells[1], "en") for row in report.table(name).rows}


def test_checklists_state_what_this_survey_did_and_what_nobody_stated():
    made, frame = centre(groups=6)
    conduct = Conduct(
        channels=("slips", "paper", "wall"),
        follows="nobody",
        key="offline",
        asks_to_quote=False,
        started_from=date(2024, 1, 1),
        started_until=date(2026, 6, 30),
    )
    early = replace(made.protocol, locked_on=date(2025, 9, 15))
    asked = replace(made, conduct=conduct, protocol=early)
    known, _ = build_report(asked, frame, Ledger(), policy_for())
    strobe, cherries = _answers(known, "C-STROBE"), _answers(known, "C-CHERRIES")
    assert strobe["strobe-1"].startswith("One round without a comparison group")
    assert "locked on 15" in strobe["strobe-3"]
    assert "before the first round opened" in strobe["strobe-3"]
    assert "1\N{NO-BREAK SPACE}January 2024" in strobe["strobe-6"]
    assert strobe["strobe-22"] == "Not stated in the protocol."
    assert "off the server" in cherries["cherries-protection"]
    assert "could be used more than once" in cherries["cherries-twice"]
    assert "Nobody was asked to be quoted." in cherries["cherries-consent"]
    assert "Two people typed" in cherries["cherries-administration"]
    words = _answers(known, "C-GRAMMS")
    assert words["gramms-joined"] == "Not done."
    assert "3." in words["gramms-why"]
    # A file of answers says nothing of how they came, and the report does not pretend.
    unknown, _ = build_report(made, frame, Ledger(), policy_for())
    assert _answers(unknown, "C-CHERRIES")["cherries-consent"] == "Not stated in the protocol."
