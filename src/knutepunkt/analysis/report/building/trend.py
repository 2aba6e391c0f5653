"""How does the report tell about an even course over time (T6-trend)?"""

from __future__ import annotations

from knutepunkt.analysis.report.building.change import (
    interval_at,
    model_row,
    notes_on_models,
    p_value,
)
from knutepunkt.analysis.report.building.columns import columns
from knutepunkt.analysis.report.building.material import (
    Material,
    answers_behind,
    not_shown,
    number_of,
)
from knutepunkt.analysis.report.planning.planned import Place
from knutepunkt.analysis.report.planning.trend import TABLE
from knutepunkt.analysis.report.structure import Row, Table
from knutepunkt.analysis.report.values import Sentence, Unit, Value


def trend_table(material: Material) -> Table | None:
    """The level at time zero and the change per unit of time, outcome by outcome."""
    places = material.plan.places(TABLE)
    if not places:
        return None
    rows = tuple(Row(place.cell, _cells(material, place)) for place in places)
    notes = [Sentence("note.straight"), *notes_on_models(material, places)]
    found = columns("outcome", "answers", "start", "per_time", "interval", "p", "degrees")
    return Table(
        TABLE,
        Sentence("table.T6_trend"),
        found,
        rows,
        (*notes, *not_shown(rows)),
    )


def _cells(material: Material, place: Place) -> tuple[Value, ...]:
    released, model = material.released(place), model_row(material, place)

    def number(name: str, unit: Unit = Unit.SCORE, decimals: int = 1) -> Value:
        return number_of(place, released, name, unit=unit, decimals=decimals, model=model)

    return (
        material.instrument.scale(place.subject).texts,
        answers_behind(place, released),
        number("start@0"),
        number("step@1"),
        interval_at(material, place, "step", "1"),
        p_value(number("p@1", Unit.PLAIN, 3)),
        number("df@1", Unit.DEGREES, 0),
    )
