"""How does the report tell about scales: mean, spread and reliability (T5)?"""

from __future__ import annotations

from knutepunkt.analysis.disclosure import Released
from knutepunkt.analysis.report.building.columns import columns
from knutepunkt.analysis.report.building.material import (
    Material,
    answers_behind,
    not_shown,
    number_of,
    range_of,
    source,
)
from knutepunkt.analysis.report.building.participation import used
from knutepunkt.analysis.report.building.standing import standing_of, standing_words
from knutepunkt.analysis.report.planning.planned import Place
from knutepunkt.analysis.report.planning.scales import not_estimated
from knutepunkt.analysis.report.structure import Row, Table
from knutepunkt.analysis.report.values import (
    NOTHING,
    NotMade,
    Number,
    Sentence,
    Source,
    Unit,
    Value,
    Withheld,
)

OMEGA = ("omega", "omega_interval")


def scale_table(material: Material) -> Table | None:
    """T5: one line per scale and round; None when the questionnaire has no scale."""
    places = sorted(material.plan.places("T5"), key=lambda place: _order(material, place))
    if not places:
        return None
    rounds = not material.design.is_single
    rows = tuple(_row(material, place, rounds=rounds) for place in places)
    names = ["scale", *(["round"] if rounds else []), "standing", "items", "answers", "missing"]
    names += ["mean", "sd", "alpha", "alpha_interval", *OMEGA, "sem", "sdc"]
    notes = (*_not_estimated(material, rows, names.index("alpha")), *not_shown(rows))
    return Table("T5", Sentence("table.T5"), columns(*names), rows, notes)


def _not_estimated(material: Material, rows: tuple[Row, ...], alpha: int) -> list[Sentence]:
    """What reliability takes, and what is known of it, for each scale of which it is not told.

    ``alpha`` is its place in a line.
    """
    silent = {
        row.key.partition("@")[0]
        for row in rows
        if isinstance(row.cells[alpha], NotMade | Withheld)
    }
    scales = (scale for scale in material.instrument.scales if scale.id in silent)
    return [not_estimated(material.design, scale) for scale in scales]


def _order(material: Material, place: Place) -> tuple[int, int]:
    scales = [scale.id for scale in material.instrument.scales]
    rounds = [each.id for each in material.design.rounds]
    return scales.index(place.subject), rounds.index(place.rounds[0])


def _row(material: Material, place: Place, *, rounds: bool) -> Row:
    scale = material.instrument.scale(place.subject)
    released = material.released(place)
    standing = standing_of(material.design, scale)
    n = answers_behind(place, released)
    lead: list[Value] = [scale.texts]
    if rounds:
        lead.append(material.design.round(place.rounds[0]).label)
    items = Number(len(scale.items), Unit.COUNT, Source("instrument.scale.items"))
    cells: tuple[Value, ...] = (
        *lead,
        standing_words(standing),
        items,
        n,
        _missing(material, place, n),
        number_of(place, released, "mean"),
        number_of(place, released, "sd"),
        *_reliability(material, place, released),
    )
    return Row(place.cell, cells, standing)


def _missing(material: Material, place: Place, n: Value) -> Value:
    """Those without a score, from two released counts: nothing new is told."""
    total = used(material, place.rounds[0])
    if not isinstance(n, Number) or not isinstance(total, Number):
        return NOTHING
    where = source(place, f"{place.subject}.missing: T1 used minus n")
    return Number(max(0.0, total.value - n.value), Unit.COUNT, where)


def _reliability(material: Material, place: Place, released: Released | None) -> tuple[Value, ...]:
    scale = material.instrument.scale(place.subject)
    if len(scale.items) < 2:
        return (NOTHING,) * 6
    refusal = next((each for each in material.plan.refused if each.place == place), None)
    if refusal is not None:
        return (NotMade(refusal.sentence),) * 6
    omega = number_of(place, released, "omega", unit=Unit.RELIABILITY, decimals=2)
    ends = range_of(place, released, ("omega_low", "omega_high"), unit=Unit.RELIABILITY, decimals=2)
    return (
        number_of(place, released, "alpha", unit=Unit.RELIABILITY, decimals=2),
        range_of(place, released, ("alpha_low", "alpha_high"), unit=Unit.RELIABILITY, decimals=2),
        *((NOTHING, NOTHING) if len(scale.items) < 3 else (omega, ends)),
        number_of(place, released, "sem"),
        number_of(place, released, "sdc"),
    )
