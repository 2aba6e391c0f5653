"""Does the report hold what was released, all of it in place, and nothing else?"""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from knutepunkt.analysis.disclosure import Audience, Ledger, Rung, policy_for
from knutepunkt.analysis.report import DesignFault, build_report, from_json, plan, to_json
from knutepunkt.analysis.report.sentences import cell, fill
from knutepunkt.analysis.report.structure import FigureHere, Finding, TableHere
from knutepunkt.analysis.report.values import Number, Range, Unit, Withheld
from knutepunkt.analysis.report.walk import everything_in, sentences_of
from tests.unit.analysis.report.sample import centre, reported


@pytest.fixture(scope="module")
def single():
    return reported()


@pytest.fixture(scope="module")
def three():
    return reported(rounds=3)


@pytest.fixture(scope="module")
def tiny():
    return reported(groups=2, size=4)


def test_the_sections_stand_in_the_agreed_order(single):
    report, _ = single
    assert [section.id for section in report.sections] == [
        "findings", "benefit", "helped", "difficult", "who", "use", "withheld", "method", "approver",
    ]  # fmt: skip
    assert [each.id for each in report.sections if each.folded] == [
        "withheld",
        "method",
        "approver",
    ]


@pytest.mark.parametrize("study", ["single", "three", "tiny"])
def test_every_figure_and_table_is_placed_or_behind_a_figure(study, request):
    report, _ = request.getfixturevalue(study)
    blocks = [block for section in report.sections for block in section.blocks]
    tables = {block.id for block in blocks if isinstance(block, TableHere)}
    figures = {block.id for block in blocks if isinstance(block, FigureHere)}
    behind = {figure.table for figure in report.figures}
    assert figures == {figure.id for figure in report.figures}
    assert {table.id for table in report.tables} <= tables | behind
    assert behind <= {table.id for table in report.tables}


@pytest.mark.parametrize("study", ["single", "three", "tiny"])
def test_rows_have_one_cell_per_column(study, request):
    report, _ = request.getfixturevalue(study)
    for table in report.tables:
        assert {len(row.cells) for row in table.rows} <= {len(table.columns)}
        assert len({row.key for row in table.rows}) == len(table.rows)


@pytest.mark.parametrize("study", ["single", "three"])
def test_each_number_about_answers_names_its_statement(study, request):
    report, judgement = request.getfixturevalue(study)
    released = {f"{each.table}/{each.cell}" for each in judgement.released}
    named = [
        part.source.statement
        for part in everything_in(report)
        if isinstance(part, Number | Range) and part.source.statement is not None
    ]
    assert named
    assert set(named) <= released
    for part in everything_in(report):
        if isinstance(part, Number) and part.unit is Unit.PERCENT:
            assert part.source.statement in released


def test_shares_are_those_the_gate_released(single):
    report, judgement = single
    for table in (each for each in report.tables if each.id.startswith("T4")):
        for row in table.rows:
            name, _, key = row.key.partition("#")
            released = judgement.figure(table.id, name)
            share = row.cells[-2]
            if released.rung is Rung.CATEGORIES:
                wanted = {"-".join(map(str, c.codes)): c.percent for c in released.categories}
                assert share.value == wanted[key]


@pytest.mark.parametrize("audience", [Audience.CENTRE, Audience.PUBLIC])
def test_answers_that_could_not_be_read_are_told_as_a_class_and_never_as_a_count(audience):
    """None and few read the same: a report says nothing by what it lacks."""
    design, frame = centre(groups=2, size=4, audience=audience)
    fewest = policy_for().threshold(audience)

    def told(left_out: int) -> str:
        made, _judgement = build_report(
            replace(design, left_out=left_out), frame, Ledger(), policy_for()
        )
        return to_json(made)

    few = told(0)
    assert "who.unreadable_few" in few
    assert few == told(1) == told(fewest - 1)
    more = told(fewest)
    assert "who.unreadable_more" in more
    assert more == told(fewest + 20)


def test_nothing_comes_out_of_a_centre_of_two_groups(tiny):
    report, judgement = tiny
    assert {each.table for each in judgement.released} <= {"T1", "T2"}
    told = [
        part for part in everything_in(report)
        if isinstance(part, Number) and part.source.statement is not None
    ]  # fmt: skip
    assert {part.source.statement.split("/")[0] for part in told} <= {"T1", "T2"}
    finding = next(
        block for block in report.section("findings").blocks if isinstance(block, Finding)
    )
    assert not list(_numbers_in(finding))


def _numbers_in(part):
    return (each for each in everything_in(part) if isinstance(each, Number))


def test_a_withheld_figure_says_one_and_the_same_thing():
    report, _ = reported(groups=2, size=9)
    shown = {cell(part, "nb") for part in everything_in(report) if isinstance(part, Withheld)}
    assert shown == {"vises ikke"}
    notes = {fill(note, "nb") for table in report.tables for note in table.notes}
    assert "Vi viser ikke dette tallet, for det kunne ha avslørt hvem som har svart hva." in notes


def test_three_findings_come_first_and_one_is_about_what_was_difficult(single):
    report, _ = single
    found = [b for b in report.section("findings").blocks if isinstance(b, Finding)]
    assert len(found) == 3
    assert found[2].figure == "F3-harm"
    assert found[0].line == "BEN1"


def test_one_round_has_no_change(single):
    report, _ = single
    ids = {table.id for table in report.tables}
    assert not ids & {"T6", "T7"}
    said = " ".join(fill(sentence, "nb") for sentence in sentences_of(report)).lower()
    assert "opplevd endring" in said
    assert "minnet" in said
    assert "sluttet" in said


@pytest.mark.parametrize("study", ["single", "three", "tiny"])
def test_json_gives_the_same_report_back(study, request):
    report, _ = request.getfixturevalue(study)
    again = from_json(to_json(report))
    assert again == report
    assert to_json(again) == to_json(report)


def test_made_again_it_is_the_same_to_the_byte(single):
    report, _ = single
    again, _ = build_report(*centre(), Ledger(), policy_for())
    assert to_json(again) == to_json(report)


def test_row_order_of_the_answers_does_not_matter(single):
    report, _ = single
    design, frame = centre()
    shuffled = frame.sample(fraction=1.0, shuffle=True, seed=3)
    assert to_json(build_report(design, shuffled, Ledger(), policy_for())[0]) == to_json(report)


def test_the_public_gets_coarser_figures_than_the_centre():
    mine, _ = reported()
    theirs, _ = build_report(*centre(audience=Audience.PUBLIC), Ledger(), policy_for())
    assert len(list(_shares(theirs))) <= len(list(_shares(mine)))


def _shares(report):
    return (n for n in _numbers_in(report.tables) if n.unit is Unit.PERCENT)


def test_without_groups_the_report_says_so():
    report, _ = reported(has_groups=False)
    said = {sentence.message for sentence in sentences_of(report)}
    assert {"who.no_groups", "privacy.no_groups_said", "method.shares_no_groups"} <= said
    assert "T2" not in {table.id for table in report.tables}


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda f: f.drop("round"), "no column 'round'"),
        (lambda f: f.with_columns(pl.lit("r9").alias("round")), "'r9' is not in the design"),
        (lambda f: pl.concat([f, f.head(1)]), "stands twice"),
        (lambda f: f.with_columns(pl.lit(9, dtype=pl.Int8).alias("BEN1")), "BEN1 holds a code"),
    ],
)
def test_bad_input_is_named_with_a_remedy(spoil, says):
    design, frame = centre()
    with pytest.raises(DesignFault, match=says):
        plan(design, spoil(frame))


def test_a_question_nobody_answered_has_its_line():
    design, frame = centre()
    empty = frame.with_columns(pl.lit(None, dtype=pl.Int8).alias("BEN1"))
    report, _ = build_report(design, empty, Ledger(), policy_for())
    lines = {line.key: line for line in report.figure("F3-BEN").lines}
    assert [type(mark.value).__name__ for mark in lines["BEN1"].marks] == ["Withheld"]


def test_a_question_a_round_did_not_ask_has_none():
    design, frame = centre()
    asked = frozenset(item.id for item in design.instrument.items) - {"BEN1"}
    asking = replace(design, rounds=(replace(design.rounds[0], asked=asked),))
    report, _ = build_report(asking, frame, Ledger(), policy_for())
    assert "BEN1" not in {line.key for line in report.figure("F3-BEN").lines}
    assert not [row for row in report.table("T5").rows if row.key.startswith("BEN@")]


def test_a_question_everybody_answered_alike_shows_no_share():
    design, frame = centre()
    alike = frame.with_columns(pl.lit(5, dtype=pl.Int8).alias("BEN1"))
    report, judgement = build_report(design, alike, Ledger(), policy_for())
    assert judgement.figure("T4-BEN", "BEN1@r1").rung is not Rung.CATEGORIES
    rows = [row for row in report.table("T4-BEN").rows if row.key.startswith("BEN1")]
    assert not any(_numbers_in(row.cells[-2]) and isinstance(row.cells[-2], Number) for row in rows)
