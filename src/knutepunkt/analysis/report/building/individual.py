"""How does the report tell about how many changed more than the measure's error (T7)?"""

from __future__ import annotations

from knutepunkt.analysis.disclosure import Released
from knutepunkt.analysis.report.building.change import compared
from knutepunkt.analysis.report.building.columns import columns
from knutepunkt.analysis.report.building.material import Material, answers_behind, not_shown
from knutepunkt.analysis.report.building.shares import below_note, cells_of
from knutepunkt.analysis.report.design import Measure
from knutepunkt.analysis.report.planning.individual import (
    DETERIORATED,
    IMPROVED,
    RECOVERED,
    TABLE,
    UNCHANGED,
)
from knutepunkt.analysis.report.planning.planned import Place
from knutepunkt.analysis.report.structure import Row, Table
from knutepunkt.analysis.report.values import (
    AtLeast,
    Band,
    Below,
    Number,
    Sentence,
    Source,
    Unit,
    Value,
    Withheld,
)

PROTOCOL = Source("protocol.measures")
WORDS = {
    (DETERIORATED,): "deteriorated",
    (UNCHANGED, IMPROVED, RECOVERED): "not_deteriorated",
    (DETERIORATED, UNCHANGED): "not_improved",
    (IMPROVED, RECOVERED): "improved",
    (IMPROVED,): "improved_only",
    (RECOVERED,): "recovered",
}


def individual_table(material: Material) -> Table | None:
    """T7: outcome by outcome, those who score lower beyond error, and those who score higher."""
    places = material.plan.places(TABLE)
    refused = tuple(each.sentence for each in material.plan.refused if each.place.table == TABLE)
    if not places and not refused:
        return None
    rows = tuple(row for place in places for row in _rows(material, place))
    found = columns("outcome", "compared", "answers", "category", "share", "interval")
    once = tuple(note for index, note in enumerate(refused) if note not in refused[:index])
    return Table(TABLE, Sentence("table.T7"), found, rows, (*once, *_notes(material, rows)))


def deteriorated(material: Material) -> tuple[Sentence, ...]:
    """One sentence per outcome: how many score worse in the last round, whatever the number."""
    told = [Sentence("difficult.deteriorated")]
    last = material.design.last.id
    for place in material.plan.places(TABLE):
        if place.rounds[-1] != last or "#" in place.cell:
            continue
        words: dict[str, Value] = {"scale": material.instrument.scale(place.subject).texts}
        share = _worse(place, material.released(place))
        if isinstance(share, Below | AtLeast):
            told.append(Sentence("difficult.worse_class", {**words, "count": share}))
        elif isinstance(share, Number | Band):
            told.append(Sentence("difficult.worse", {**words, "share": share}))
        else:
            told.append(Sentence("difficult.worse_withheld", words))
    return tuple(told)


def _worse(place: Place, released: Released | None) -> Value:
    cells = cells_of(place, released, _words)
    found = [share for key, _, share, _ in cells if key in (str(DETERIORATED), "band", "class")]
    return found[0] if found else Withheld()


def _rows(material: Material, place: Place) -> list[Row]:
    released = material.released(place)
    lead: list[Value] = [
        material.instrument.scale(place.subject).texts,
        compared(material, *place.rounds),
        answers_behind(place, released),
    ]
    subject = place.cell.partition("#")[0]
    side = "better" if "#" in place.cell else "worse"
    return [
        Row(f"{subject}#{side}-{key}", (*lead, category, share, interval))
        for key, category, share, interval in cells_of(place, released, _words)
    ]


def _words(codes: tuple[int, ...]) -> Value:
    return Sentence(f"class.{WORDS[codes]}")


def _notes(material: Material, rows: tuple[Row, ...]) -> list[Sentence]:
    cells = [cell for row in rows for cell in row.cells]
    notes = [Sentence("note.beyond_error")] if rows else []
    for scale in {place.subject: None for place in material.plan.places(TABLE)}:
        notes += _reliability(material, scale)
    below = next((cell for cell in cells if isinstance(cell, Below)), None)
    if below is not None:
        notes.append(below_note(below.threshold))
    return [*notes, *not_shown(rows)]


def _reliability(material: Material, scale_id: str) -> list[Sentence]:
    """Where the size of the error comes from, and the cut-off, as the protocol has them."""
    measure = material.design.protocol.measure(scale_id)
    scale: dict[str, Value] = {"scale": material.instrument.scale(scale_id).texts}
    if measure.reliability is None:
        notes = [Sentence("note.reliability_estimated", scale)]
    else:
        known: dict[str, Value] = {
            **scale,
            "reliability": Number(measure.reliability, Unit.RELIABILITY, PROTOCOL, 2),
        }
        notes = [Sentence("note.reliability_known", known)]
        if measure.source is not None:
            notes.append(Sentence("note.reliability_source", {"source": measure.source}))
    return [*notes, *_cutoff(scale, measure)]


def _cutoff(scale: dict[str, Value], measure: Measure) -> list[Sentence]:
    """The cut-off, and from whom it was worked out where it was."""
    if measure.cutoff is None:
        return []
    if measure.troubled is None or measure.well is None:
        cut = Number(measure.cutoff, Unit.SCORE, PROTOCOL, 1)
        return [Sentence("note.cutoff", {**scale, "cutoff": cut})]
    words: dict[str, Value] = {
        name: Number(value, Unit.SCORE, PROTOCOL, 2)
        for name, value in (
            ("cutoff", measure.cutoff),
            ("troubled", measure.troubled.mean),
            ("troubled_sd", measure.troubled.sd),
            ("well", measure.well.mean),
            ("well_sd", measure.well.sd),
        )
    }
    told = Sentence("note.cutoff", {**scale, "cutoff": words.pop("cutoff")})
    return [told, Sentence("note.cutoff_between", words)]
