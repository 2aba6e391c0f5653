"""Are organisations set beside each other without ranking them, and groups' spread without groups?"""

from __future__ import annotations

import math
from dataclasses import replace

import polars as pl
import pytest

from knutepunkt.analysis.disclosure import Ledger, policy_for
from knutepunkt.analysis.report import build_report
from knutepunkt.analysis.report.values import Number, Range, Withheld
from tests.unit.analysis.report.sample import centre

HOMES = {
    "Brua": range(6),
    "Naustet": range(6, 12),
    "Tunstova": range(12, 16),
    "Vesle": range(16, 18),
}


def _with_homes(frame, homes):
    names = {f"g{number:02d}": home for home, numbers in homes.items() for number in numbers}
    asked = ("MES1", "MES2", "MES3", "MES4", "MES5", "OPP2")
    return (
        frame.select("participant", "group", "round", "with_slip", *asked)
        .with_columns(organisation=pl.col("group").replace_strict(names, default=None))
        .filter(pl.col("organisation").is_not_null())
    )


def _about_coping(design, **more):
    """The study with coping as its primary result."""
    return replace(design, protocol=replace(design.protocol, primary="MES"), **more)


@pytest.fixture(scope="module")
def compared():
    design, frame = centre(groups=18)
    # Naustet answers a point higher on coping, so that there is something to find.
    lifted = [
        pl.when(pl.col("organisation") == "Naustet")
        .then((pl.col(f"MES{i}") + 1).clip(upper_bound=5))
        .otherwise((pl.col(f"MES{i}") - 1).clip(lower_bound=1))
        for i in (1, 2, 3, 4)
    ]
    asked = _about_coping(design, adjusted_for=("OPP2",))
    held = _with_homes(frame, HOMES).with_columns(lifted)
    return build_report(asked, held, Ledger(), policy_for())


def _rows(report, table="T9"):
    found = report.table(table)
    names = [column.id for column in found.columns]
    return {row.key: dict(zip(names, row.cells, strict=True)) for row in found.rows}


def test_each_organisation_stands_against_all_in_the_order_of_names(compared):
    report, _ = compared
    rows = _rows(report)
    assert list(rows) == ["MES#Brua", "MES#Naustet", "MES#Tunstova"]
    low = rows["MES#Brua"]
    assert low["apart"].value < -0.3
    assert (low["holm"].high if isinstance(low["holm"], Range) else low["holm"].value) <= 0.05
    # Pulled toward the common mean, never past it; rounded, the two may be the same.
    assert low["adjusted"].value <= low["drawn"].value
    # Fifteen people of four groups are too few for more than their number.
    assert isinstance(rows["MES#Tunstova"]["adjusted"], Withheld)
    said = {note.message for note in report.table("T9").notes}
    assert {"note.no_league", "note.adjusted", "note.small_organisations"} <= said


def test_every_figure_of_an_organisation_passed_the_gate(compared):
    report, judgement = compared
    released = {f"{each.table}/{each.cell}" for each in judgement.released}
    for cells in _rows(report).values():
        for value in cells.values():
            if isinstance(value, Number | Range):
                assert value.source.statement in released
    # The population is the organisation's own people, from its own groups (P1).
    sets = [each for each in judgement.contributors.values() if each.key.split(":")[1] == "T9"]
    assert {len(set(each.groups.values())) for each in sets} <= {4, 6}
    assert sets


def test_what_is_left_when_organisations_are_subtracted_is_not_told():
    design, frame = centre(groups=9)
    held = _with_homes(frame, {"Brua": range(6), "Vesle": range(6, 9)})
    # Four people of three groups are left of the small one: too few to be told themselves, and
    # what everybody answered minus the large one's answers would be theirs.
    small = held.filter(pl.col("organisation") == "Vesle").group_by("group").head(2).head(4)
    rest = held.filter(pl.col("organisation") == "Brua").select(small.columns)
    few = pl.concat([rest, small.select(rest.columns)])
    assert few.filter(pl.col("organisation") == "Vesle")["group"].n_unique() >= 2
    few = few.with_columns(
        group=pl.when(pl.col("organisation") == "Vesle")
        .then(pl.concat_str(pl.lit("v"), (pl.int_range(pl.len()) % 3).cast(pl.String)))
        .otherwise(pl.col("group"))
    )
    report, _ = build_report(_about_coping(design), few, Ledger(), policy_for())
    for cells in _rows(report).values():
        assert isinstance(cells["adjusted"], Withheld)


def test_one_organisation_is_compared_with_nothing():
    design, frame = centre(groups=6)
    report, _ = build_report(design, _with_homes(frame, {"Brua": range(6)}), Ledger(), policy_for())
    assert "T9" not in {table.id for table in report.tables}


def _spread(groups):
    design, frame = centre(groups=groups)
    held = _with_homes(frame, {"Brua": range(groups)}).drop("organisation")
    return build_report(_about_coping(design), held, Ledger(), policy_for())[0]


def test_spread_between_groups_is_the_models_alone_and_from_twelve_groups():
    report = _spread(18)
    (line,) = report.figure("F6").lines
    middle = line.marks[0].value
    assert middle.low == -middle.high
    variance = _rows(report, "T8")["MES"]["group_variance"].value
    reach = [1.2816 * math.sqrt(max(variance + end, 0)) for end in (-0.005, 0.005)]
    assert reach[0] - 0.006 <= middle.high <= reach[1] + 0.006
    few = _spread(11)
    assert "T8" in {table.id for table in few.tables}
    assert "F6" not in {figure.id for figure in few.figures}
