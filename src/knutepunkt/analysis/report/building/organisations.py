"""How does the report set organisations beside each other (T9), and never in a league table?"""

from __future__ import annotations

from knutepunkt.analysis.instruments.texts import Texts
from knutepunkt.analysis.report.building.change import model_row, notes_on_models, p_value
from knutepunkt.analysis.report.building.columns import columns
from knutepunkt.analysis.report.building.material import (
    Material,
    answers_behind,
    not_shown,
    number_of,
    range_of,
)
from knutepunkt.analysis.report.planning.planned import Place
from knutepunkt.analysis.report.structure import Row, Table
from knutepunkt.analysis.report.values import Sentence, Unit, Value

NAMES = (
    "outcome",
    "organisation",
    "answers",
    "adjusted",
    "adjusted_interval",
    "drawn",
    "drawn_interval",
    "apart",
    "holm",
)


def organisation_table(material: Material) -> Table | None:
    """T9: one line per outcome and organisation, organisations in the order of their names."""
    places = material.plan.places("T9")
    if not places:
        return None
    rows = tuple(
        Row(f"{place.subject}#{_name(place)}", _cells(material, place)) for place in places
    )
    notes = (
        Sentence("note.no_league"),
        _adjustment(material),
        Sentence("note.pulled"),
        Sentence("note.small_organisations"),
        *notes_on_models(material, places),
        *not_shown(rows),
    )
    return Table("T9", Sentence("table.T9"), columns(*NAMES), rows, notes)


def _name(place: Place) -> str:
    return place.cell.partition("@")[2]


def _cells(material: Material, place: Place) -> tuple[Value, ...]:
    released, model, name = material.released(place), model_row(material, place), _name(place)

    def number(which: str, unit: Unit = Unit.SCORE, decimals: int = 1) -> Value:
        return number_of(place, released, which, unit=unit, decimals=decimals, model=model)

    def between(which: str) -> Value:
        return range_of(place, released, (f"{which}_low", f"{which}_high"), model=model)

    return (
        material.instrument.scale(place.subject).texts,
        Texts(nb=name, nn=name, en=name),
        answers_behind(place, released),
        number("adjusted"),
        between("adjusted"),
        number("drawn"),
        between("drawn"),
        number("apart"),
        p_value(number("p", Unit.PLAIN, 3)),
    )


def _adjustment(material: Material) -> Sentence:
    """What the organisations' means are adjusted for, in the questions' own words."""
    instrument = material.instrument
    names = material.design.adjusted_for
    if not names:
        return Sentence("note.not_adjusted")
    words = [
        instrument.scale(name).texts
        if any(scale.id == name for scale in instrument.scales)
        else instrument.item(name).texts
        for name in names
    ]
    said = {
        language: ", ".join(f"«{text.in_language(language)}»" for text in words)
        for language in ("nb", "nn", "en")
    }
    return Sentence("note.adjusted", {"names": Texts(nb=said["nb"], nn=said["nn"], en=said["en"])})
