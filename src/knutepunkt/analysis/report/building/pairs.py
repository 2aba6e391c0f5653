"""How does the report tell of the same people twice: their change (T6-pairs), a retest (T5-retest)?"""

from __future__ import annotations

from knutepunkt.analysis.report.building.change import compared, requested
from knutepunkt.analysis.report.building.columns import columns
from knutepunkt.analysis.report.building.material import (
    Material,
    answers_behind,
    not_shown,
    number_of,
    range_of,
)
from knutepunkt.analysis.report.planning.pairs import CHANGE, D_Z_ENDS, RETEST
from knutepunkt.analysis.report.planning.planned import Place
from knutepunkt.analysis.report.structure import Row, Table
from knutepunkt.analysis.report.values import Sentence, Unit, Value

LEAD = ("outcome", "compared", "answers")
OF_CHANGE = ("correlation", "sd_change", "d_z")
OF_RETEST = ("r", "r_interval", "icc_a", "icc_a_interval", "icc_c", "retest_sem", "sdc")


def pair_table(material: Material) -> Table | None:
    """T6-pairs: the correlation of two rounds, the SD of the changes, and d_z."""
    places = material.plan.places(CHANGE)
    if not places:
        return None
    ends = all(set(D_Z_ENDS) <= requested(material, place) for place in places)
    names = (*LEAD, *OF_CHANGE, *(("d_z_interval",) if ends else ()))
    rows = tuple(Row(place.cell, _changed(material, place, ends=ends)) for place in places)
    notes = [Sentence("note.pairs")] + ([] if ends else [Sentence("note.pairs_in_groups")])
    return _table(CHANGE, "table.T6_pairs", names, rows, notes)


def retest_table(material: Material) -> Table | None:
    """T5-retest: how alike two rounds are between which nobody was expected to change."""
    places = material.plan.places(RETEST)
    if not places:
        return None
    rows = tuple(Row(place.cell, _again(material, place)) for place in places)
    notes = [Sentence("note.retest")]
    return _table(RETEST, "table.T5_retest", (*LEAD, *OF_RETEST), rows, notes)


def _table(
    name: str, caption: str, names: tuple[str, ...], rows: tuple[Row, ...], notes: list[Sentence]
) -> Table:
    return Table(name, Sentence(caption), columns(*names), rows, (*notes, *not_shown(rows)))


def _lead(material: Material, place: Place) -> tuple[Value, ...]:
    return (
        material.instrument.scale(place.subject).texts,
        compared(material, *place.rounds),
        answers_behind(place, material.released(place)),
    )


def _changed(material: Material, place: Place, *, ends: bool) -> tuple[Value, ...]:
    released = material.released(place)
    d_z = number_of(place, released, "d_z", unit=Unit.STANDARDISED, decimals=2)
    interval = range_of(place, released, D_Z_ENDS, unit=Unit.STANDARDISED, decimals=2)
    return (
        *_lead(material, place),
        number_of(place, released, "correlation", unit=Unit.RELIABILITY, decimals=2),
        number_of(place, released, "sd_change"),
        d_z,
        *((interval,) if ends else ()),
    )


def _again(material: Material, place: Place) -> tuple[Value, ...]:
    released = material.released(place)

    def number(name: str) -> Value:
        return number_of(place, released, name, unit=Unit.RELIABILITY, decimals=2)

    def interval(name: str) -> Value:
        ends = (f"{name}_low", f"{name}_high")
        return range_of(place, released, ends, unit=Unit.RELIABILITY, decimals=2)

    return (
        *_lead(material, place),
        number("r"),
        interval("r"),
        number("icc_a"),
        interval("icc_a"),
        number("icc_c"),
        number_of(place, released, "sem"),
        number_of(place, released, "sdc"),
    )
