"""How does the report tell where the variation lies (T8)?"""

from __future__ import annotations

from knutepunkt.analysis.report.building.change import model_row, notes_on_models, requested
from knutepunkt.analysis.report.building.columns import columns
from knutepunkt.analysis.report.building.material import Material, not_shown, number_of, range_of
from knutepunkt.analysis.report.planning.planned import Place
from knutepunkt.analysis.report.structure import Row, Table
from knutepunkt.analysis.report.values import NOTHING, Sentence, Unit, Value

NAMES = ("group_variance", "person_variance", "residual_variance", "icc")


def variance_table(material: Material) -> Table | None:
    """T8: how much lies between groups, between persons, and in the rest."""
    places = material.plan.places("T8")
    if not places:
        return None
    rows = tuple(Row(place.cell, _cells(material, place)) for place in places)
    notes = (*notes_on_models(material, places), *not_shown(rows))
    found = columns("outcome", *NAMES, "icc_interval", "design_effect")
    return Table("T8", Sentence("table.T8"), found, rows, notes)


def _cells(material: Material, place: Place) -> tuple[Value, ...]:
    asked = requested(material, place)
    released, model = material.released(place), model_row(material, place)

    def number(name: str) -> Value:
        if name not in asked:
            return NOTHING
        return number_of(place, released, name, unit=Unit.RELIABILITY, decimals=2, model=model)

    ends = ("icc_low", "icc_high")
    interval = range_of(place, released, ends, unit=Unit.RELIABILITY, decimals=2, model=model)
    return (
        material.instrument.scale(place.subject).texts,
        *(number(name) for name in NAMES),
        interval if "icc_low" in asked else NOTHING,
        number("design_effect"),
    )
