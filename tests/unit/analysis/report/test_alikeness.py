"""Is it told how alike members of a group answer, of all groups together and of none alone?"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from knutepunkt.analysis.disclosure import Ledger, policy_for
from knutepunkt.analysis.measurement import group_icc, within_group_agreement
from knutepunkt.analysis.report import build_report
from knutepunkt.analysis.report.populations import Answers
from knutepunkt.analysis.report.values import Number, Withheld
from tests.unit.analysis.report.sample import centre


def _table(design, frame):
    report = build_report(design, frame, Ledger(), policy_for())[0]
    found = next((table for table in report.tables if table.id == "T8-groups"), None)
    if found is None:
        return None
    names = [column.id for column in found.columns]
    return {row.key: dict(zip(names, row.cells, strict=True)) for row in found.rows}


def test_the_figures_are_those_of_the_last_round():
    design, frame = centre(groups=30)
    answers = Answers.of(design, frame)
    groups = answers.in_round("r1")["group"].cast(str).to_numpy()
    rows = _table(design, frame)
    assert set(rows) == {f"{scale.id}@r1" for scale in design.instrument.scales}
    for scale in design.instrument.scales:
        cells = rows[f"{scale.id}@r1"]
        found = group_icc(answers.scores(scale, "r1"), groups)
        assert cells["icc1"].value == pytest.approx(found.icc1, abs=0.0051)
        assert cells["icc2"].value == pytest.approx(found.icc2, abs=0.0051)
        assert cells["icc1_interval"].low == pytest.approx(found.icc1_interval.low, abs=0.0051)
        agreed = within_group_agreement(answers.turned_items(scale, "r1"), groups, points=5)
        assert cells["rwg"].value == pytest.approx(agreed.mean, abs=0.0051)


@pytest.mark.parametrize("design", [{"groups": 5, "size": 14}, {"has_groups": False}])
def test_few_groups_or_none_have_no_such_table(design):
    assert _table(*centre(**design)) is None


def test_groups_that_each_answered_as_one_are_withheld_in_their_place():
    design, frame = centre(groups=18)
    items = [name for scale in design.instrument.scales for name in scale.items]
    rng = np.random.default_rng(3)
    as_one = {group: int(rng.integers(1, 6)) for group in sorted(set(frame["group"]))}
    said = pl.col("group").replace_strict(as_one, return_dtype=pl.Int8)
    rows = _table(design, frame.with_columns(said.alias(name) for name in items))
    assert len(rows) == len(design.instrument.scales)
    for cells in rows.values():
        assert not [value for value in list(cells.values())[2:] if isinstance(value, Number)]
        assert isinstance(cells["rwg"], Withheld)


def test_one_question_that_a_group_answered_as_one_keeps_the_agreement_inside():
    """The score still differs inside groups; on one of its questions nobody does."""
    design, frame = centre(groups=18)
    scale = design.instrument.scale("MES")
    name = scale.items[0]
    places = {group: 4 + place % 2 for place, group in enumerate(sorted(set(frame["group"])))}
    said = pl.col("group").replace_strict(places, return_dtype=pl.Int8)
    cells = _table(design, frame.with_columns(said.alias(name)))["MES@r1"]
    assert isinstance(cells["icc1"], Number)
    assert isinstance(cells["rwg"], Withheld)
