"""How does the report tell whether an outcome is the same in all of three rounds or more (T6-rounds)?"""

from __future__ import annotations

from typing import Final

from knutepunkt.analysis.report.building.change import (
    model_row,
    notes_on_models,
    p_value,
    requested,
)
from knutepunkt.analysis.report.building.columns import columns
from knutepunkt.analysis.report.building.material import (
    Material,
    answers_behind,
    not_shown,
    number_of,
)
from knutepunkt.analysis.report.planning.planned import Place
from knutepunkt.analysis.report.structure import Row, Table
from knutepunkt.analysis.report.values import Number, Sentence, Source, Unit, Value

TABLE: Final = "T6-rounds"
ELSEWHERE: Final = ("note.check_cr2", "note.check_group_means", "note.flipped")
"""Notes on columns that stand in T6 alone."""


def together_table(material: Material) -> Table | None:
    """One line per outcome that was asked in three rounds or more: the F test of its changes."""
    places = [place for place in material.plan.places("T6") if "f" in requested(material, place)]
    if not places:
        return None
    rows = tuple(Row(place.cell, _cells(material, place)) for place in places)
    notes = (
        Sentence("note.together"),
        *(note for note in notes_on_models(material, places) if note.message not in ELSEWHERE),
        *not_shown(rows),
    )
    found = columns("outcome", "answers", "f", "f_rounds", "degrees", "p")
    return Table(TABLE, Sentence("table.T6_rounds"), found, rows, notes)


def _cells(material: Material, place: Place) -> tuple[Value, ...]:
    released, model = material.released(place), model_row(material, place)

    def number(name: str, unit: Unit, decimals: int) -> Value:
        return number_of(place, released, name, unit=unit, decimals=decimals, model=model)

    changes = Number(len(place.rounds) - 1, Unit.DEGREES, Source("design.rounds"))
    return (
        material.instrument.scale(place.subject).texts,
        answers_behind(place, released),
        number("f", Unit.PLAIN, 2),
        changes,
        number("f_df", Unit.DEGREES, 0),
        p_value(number("f_p", Unit.PLAIN, 3)),
    )
