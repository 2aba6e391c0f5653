"""How does the report tell how alike members of a group answer (T8-groups)?"""

from __future__ import annotations

from knutepunkt.analysis.report.building.change import requested
from knutepunkt.analysis.report.building.columns import columns
from knutepunkt.analysis.report.building.material import (
    Material,
    answers_behind,
    not_shown,
    number_of,
    range_of,
)
from knutepunkt.analysis.report.planning.alikeness import AGREED, TABLE
from knutepunkt.analysis.report.planning.planned import Place
from knutepunkt.analysis.report.structure import Row, Table
from knutepunkt.analysis.report.values import NOTHING, Sentence, Unit, Value


def alikeness_table(material: Material) -> Table | None:
    """One line per scale, from its last round: ICC1, ICC2 and r_wg(j)."""
    places = material.plan.places(TABLE)
    if not places:
        return None
    rows = tuple(Row(place.cell, _cells(material, place)) for place in places)
    notes = (Sentence("note.alikeness"), *not_shown(rows))
    found = columns("scale", "answers", "icc1", "icc1_interval", "icc2", "rwg")
    return Table(TABLE, Sentence("table.T8_groups"), found, rows, notes)


def _cells(material: Material, place: Place) -> tuple[Value, ...]:
    released = material.released(place)

    def number(name: str) -> Value:
        return number_of(place, released, name, unit=Unit.RELIABILITY, decimals=2)

    ends = ("icc1_low", "icc1_high")
    return (
        material.instrument.scale(place.subject).texts,
        answers_behind(place, released),
        number("icc1"),
        range_of(place, released, ends, unit=Unit.RELIABILITY, decimals=2),
        number("icc2"),
        number(AGREED) if AGREED in requested(material, place) else NOTHING,
    )
