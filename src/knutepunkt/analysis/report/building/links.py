"""How does the report tell what doubtful links between rounds may mean (T6-links)?"""

from __future__ import annotations

from knutepunkt.analysis.report.building.change import compared, interval_at, model_row
from knutepunkt.analysis.report.building.columns import columns
from knutepunkt.analysis.report.building.material import (
    Material,
    answers_behind,
    not_shown,
    number_of,
)
from knutepunkt.analysis.report.planning.links import TABLE
from knutepunkt.analysis.report.planning.planned import Place
from knutepunkt.analysis.report.structure import Row, Table
from knutepunkt.analysis.report.values import Sentence, Value


def link_table(material: Material) -> Table | None:
    """The change among those who were found again, and when every possible link has its say."""
    places = material.plan.places(TABLE)
    if not places:
        return None
    rows = tuple(Row(place.cell, _cells(material, place)) for place in places)
    names = ("outcome", "compared", "answers", "difference", "interval", "doubt", "doubt_interval")
    notes = (Sentence("note.links"), *not_shown(rows))
    return Table(TABLE, Sentence("table.T6_links"), columns(*names), rows, notes)


def _cells(material: Material, place: Place) -> tuple[Value, ...]:
    released, model = material.released(place), model_row(material, place)
    first, later = place.rounds
    used, doubt = (
        number_of(place, released, f"{name}@{later}", model=model) for name in ("used", "doubt")
    )
    return (
        material.instrument.scale(place.subject).texts,
        compared(material, first, later),
        answers_behind(place, released),
        used,
        interval_at(material, place, "used", later),
        doubt,
        interval_at(material, place, "doubt", later),
    )
