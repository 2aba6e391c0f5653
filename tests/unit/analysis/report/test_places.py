"""Is the map made of the roster alone, and of T2's classes where T2 names its groups?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from knutepunkt.analysis.disclosure import Audience, Ledger, policy_for
from knutepunkt.analysis.report import build_report
from knutepunkt.analysis.report.sentences import cell
from tests.unit.analysis.report.sample import centre

HOMES = ["Vestland"] * 5 + ["Oslo"] * 3 + ["Agder"] * 2 + ["Troms"]


def _made(homes, audience=Audience.CENTRE):
    design, frame = centre(groups=len(homes), audience=audience)
    only = design.rounds[0]
    groups = tuple(
        replace(group, county=home) for group, home in zip(only.groups, homes, strict=True)
    )
    placed = replace(design, rounds=(replace(only, groups=groups),))
    return build_report(placed, frame, Ledger(), policy_for())[0]


@pytest.mark.parametrize("audience", [Audience.CENTRE, Audience.PUBLIC])
def test_counties_with_fewer_than_three_groups_are_in_the_rest(audience):
    report = _made(HOMES, audience)
    rows = {row.key: row.cells for row in report.table("T2-map").rows}
    assert {name: cells[1].value for name, cells in rows.items()} == {
        "Oslo": 3, "Vestland": 5, "rest": 3,
    }  # fmt: skip
    said = {name: cell(cells[2], "en").lower() for name, cells in rows.items()}
    if audience is Audience.PUBLIC:
        assert set(said.values()) == {""}
    else:
        assert set(said.values()) <= {"", "half or more", "below half", "both above and below half"}
        assert set(said.values()) != {""}
    drawn = report.figure("F2")
    assert [line.key for line in drawn.lines] == list(rows)


def test_there_is_no_map_of_one_county_or_of_unknown_places():
    for homes in (["Oslo"] * 8, [""] * 8):
        report = _made(homes)
        assert "F2" not in {figure.id for figure in report.figures}
        assert "T2-map" not in {table.id for table in report.tables}
