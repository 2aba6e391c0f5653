"""Is it told of the same people twice how they changed, and how alike a retest is?"""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from knutepunkt.analysis.disclosure import Ledger, policy_for
from knutepunkt.analysis.measurement import paired_change, retest_reliability
from knutepunkt.analysis.report import DesignFault, build_report
from knutepunkt.analysis.report.planning.courses import both_scores
from knutepunkt.analysis.report.populations import Answers
from knutepunkt.analysis.report.values import Number, Range, Withheld
from tests.unit.analysis.report.sample import centre


def _report(design, frame):
    return build_report(design, frame, Ledger(), policy_for())[0]


def _rows(table):
    names = [column.id for column in table.columns]
    return {row.key: dict(zip(names, row.cells, strict=True)) for row in table.rows}


def _pair(design, frame, scale):
    answers = Answers.of(design, frame)
    first, later = design.rounds[:2]
    both = both_scores(answers, design.instrument.scale(scale), first, later)
    return both["first"].to_numpy(), both["y"].to_numpy()


@pytest.fixture(scope="module", params=[True, False], ids=["groups", "no groups"])
def study(request):
    design, frame = centre(rounds=2, groups=30, response=0.7, has_groups=request.param)
    design = replace(design, retest=("r1", "r2"))
    return design, frame, _report(design, frame)


def test_what_a_collection_of_studies_needs_is_told(study):
    design, frame, report = study
    for key, cells in _rows(report.table("T6-pairs")).items():
        found = paired_change(*_pair(design, frame, key.partition("@")[0]))
        assert cells["correlation"].value == pytest.approx(found.correlation, abs=0.0051)
        assert cells["d_z"].value == pytest.approx(found.d_z.d, abs=0.0051)
        # People of one group are not independent, so there d_z stands without an interval.
        assert ("d_z_interval" in cells) is not design.has_groups
        if "d_z_interval" in cells:
            assert cells["d_z_interval"].low == pytest.approx(found.d_z.interval.low, abs=0.0051)


def test_a_retest_tells_how_alike_two_occasions_are(study):
    design, frame, report = study
    rows = _rows(report.table("T5-retest"))
    assert set(rows) == {f"{scale.id}@r2" for scale in design.instrument.scales}
    told = {key: cells for key, cells in rows.items() if isinstance(cells["r"], Number)}
    assert len(told) >= 3
    for key, cells in told.items():
        found = retest_reliability(*_pair(design, frame, key.partition("@")[0]))
        assert cells["r"].value == pytest.approx(found.correlation, abs=0.0051)
        assert cells["icc_a"].value == pytest.approx(found.agreement.icc, abs=0.0051)
        assert cells["icc_c"].value == pytest.approx(found.consistency.icc, abs=0.0051)
        assert isinstance(cells["icc_a_interval"], Range)
    # Where somebody's change could be read off, no part of a line is told.
    for key in rows.keys() - told.keys():
        assert isinstance(rows[key]["icc_c"], Withheld)


def test_a_retest_by_fewer_than_fifty_is_withheld_in_its_place():
    design, frame = centre(rounds=2, groups=8, response=0.7)
    report = _report(replace(design, retest=("r1", "r2")), frame)
    for cells in _rows(report.table("T5-retest")).values():
        assert isinstance(cells["r"], Withheld)
        assert isinstance(cells["sdc"], Withheld)


def test_that_nobody_changed_is_not_told_by_a_perfect_retest():
    design, frame = centre(rounds=2, groups=30, response=0.9)
    first = frame.filter(pl.col("round") == "r1")
    same = pl.concat([first, first.with_columns(pl.lit("r2").alias("round"))])
    report = _report(replace(design, retest=("r1", "r2")), same)
    for table in ("T5-retest", "T6-pairs"):
        for cells in _rows(report.table(table)).values():
            assert not [value for value in list(cells.values())[3:] if isinstance(value, Number)]


def test_rounds_that_are_not_linked_have_neither():
    design, frame = centre(rounds=2, linked=False)
    report = _report(replace(design, retest=("r1", "r2")), frame)
    assert not {"T5-retest", "T6-pairs"} & {table.id for table in report.tables}


@pytest.mark.parametrize("named", [("r2", "r1"), ("r1", "r1"), ("r1", "r9")])
def test_a_retest_is_two_rounds_in_order(named):
    design, _ = centre(rounds=2)
    with pytest.raises(DesignFault, match="retest"):
        replace(design, retest=named)
