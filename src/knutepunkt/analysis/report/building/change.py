"""How does the report tell about change between rounds (T6)?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from knutepunkt.analysis.instruments.scales import Scale
from knutepunkt.analysis.report.building.columns import columns
from knutepunkt.analysis.report.building.material import (
    Material,
    answers_behind,
    not_shown,
    number_of,
    range_of,
)
from knutepunkt.analysis.report.building.standing import (
    primary_scale,
    standing_of,
    standing_words,
)
from knutepunkt.analysis.report.planning.planned import TRAITS, Place
from knutepunkt.analysis.report.structure import (
    Finding,
    Row,
    Table,
)
from knutepunkt.analysis.report.values import (
    NOTHING,
    Number,
    Range,
    Sentence,
    Source,
    Unit,
    Value,
    Verbatim,
)

PROTOCOL = Source("protocol.smallest_change")
SINGULAR = "singular_fit"
DESCRIBED = "G1"
"""The row of the policy table for up to five groups: no interval, no test."""


def change_table(material: Material) -> Table | None:
    """T6: every later round against the first, outcome by outcome."""
    places = material.plan.places("T6")
    if not places:
        return None
    names = "outcome standing compared answers from_mean to_mean difference interval d_av g"
    rows = [row for place in places for row in _change_rows(material, place)]
    notes = (
        *([Sentence("note.rounded_apart")] if rows else []),
        *notes_on_models(material, places),
        *not_shown(rows),
    )
    found = columns(*names.split(), "p", "degrees", "check", "flipped", "smallest")
    return Table("T6", Sentence("table.T6"), found, tuple(rows), notes)


def notes_on_models(material: Material, places: Sequence[Place]) -> list[Sentence]:
    """What is said of the models of several figures, each sentence once."""
    told: list[Sentence] = []
    for place in places:
        told += [note for note in model_notes(material, place) if note not in told]
    return told


def model_notes(material: Material, place: Place) -> list[Sentence]:
    """The row of the policy table, its check, and what a reader of a shown figure must know.

    Row and check follow from public facts. Traits of the fit are numbers of the figure, mentioned
    where the gate let them out.
    """
    model = material.plan.model_of(place)
    if model is None or not shows_numbers(material, place):
        return []
    told = []
    row = model_row(material, place)
    if row:
        words: dict[str, Value] = {"row": Sentence(f"row.{row}"), "id": Verbatim(row)}
        told.append(Sentence("note.row", words))
    if model.check != "none":
        told.append(Sentence(f"note.check_{model.check}"))
    if any(name.startswith("flipped@") for name in requested(material, place)):
        told.append(Sentence("note.flipped"))
    if row == DESCRIBED:
        told.append(Sentence("flag.conditional_on_groups"))
    return told + [Sentence(f"flag.{name}") for name in TRAITS if trait(material, place, name)]


def trait(material: Material, place: Place, name: str) -> bool | None:
    """Whether something holds of a figure's model; None where that was not released."""
    released = material.released(place)
    found = released.number(name) if released is not None else None
    return None if found is None else found.value == 1


def shows_numbers(material: Material, place: Place) -> bool:
    """Whether the figure of a place was released with its numbers."""
    released = material.released(place)
    return released is not None and bool(released.numbers)


def _change_rows(material: Material, place: Place) -> list[Row]:
    return [_change_row(material, place, later) for later in place.rounds[1:]]


def _change_row(material: Material, place: Place, later: str) -> Row:
    scale = material.instrument.scale(place.subject)
    standing = standing_of(material.design, scale)
    released = material.released(place)
    model = model_row(material, place)
    first, asked = place.rounds[0], requested(material, place)

    def number(name: str, unit: Unit = Unit.SCORE, decimals: int = 1) -> Value:
        # Below six groups there is neither interval nor test: nothing was held back.
        if name not in asked:
            return NOTHING
        return number_of(place, released, name, unit=unit, decimals=decimals, model=model)

    interval = interval_at(material, place, "difference", later)
    cells: tuple[Value, ...] = (
        scale.texts,
        standing_words(standing),
        compared(material, first, later),
        answers_behind(place, released),
        number(f"mean@{first}"),
        number(f"mean@{later}"),
        number(f"difference@{later}"),
        interval if f"difference_low@{later}" in asked else NOTHING,
        number(f"d_av@{later}", Unit.STANDARDISED, 2),
        number(f"g@{later}", Unit.STANDARDISED, 2),
        p_value(number(f"p@{later}", Unit.PLAIN, 3)),
        number(f"df@{later}", Unit.DEGREES, 0),
        _check(material, place, later),
        _flipped(material, place, later),
        _smallest(scale),
    )
    return Row(f"{place.cell}@{later}", cells, standing)


def p_value(found: Value) -> Value:
    """A p-value; what rounds to nothing is told as below the last decimal, never as zero."""
    if isinstance(found, Number) and found.value == 0:
        return Range(0.0, 0.001, Unit.PLAIN, found.source, 3)
    return found


def compared(material: Material, first: str, later: str) -> Sentence:
    """The two rounds of a comparison, in words."""
    labels = {
        "first": material.design.round(first).label,
        "later": material.design.round(later).label,
    }
    return Sentence("value.rounds", labels)


def interval_at(material: Material, place: Place, name: str, round_id: str) -> Value:
    """The interval of a mean or a difference in one round."""
    ends = (f"{name}_low@{round_id}", f"{name}_high@{round_id}")
    return range_of(place, material.released(place), ends, model=model_row(material, place))


def _check(material: Material, place: Place, later: str) -> Value:
    """The interval of the row's check; nothing where the row has none."""
    is_asked = f"check@{later}" in requested(material, place)
    return interval_at(material, place, "check", later) if is_asked else NOTHING


def _flipped(material: Material, place: Place, later: str) -> Value:
    """P by flipping whole groups; nothing where the row has none."""
    name = f"flipped@{later}"
    if name not in requested(material, place):
        return NOTHING
    model = model_row(material, place)
    return p_value(
        number_of(place, material.released(place), name, unit=Unit.PLAIN, decimals=3, model=model)
    )


def requested(material: Material, place: Place) -> set[str]:
    """Which numbers were asked for: without groups, for instance, there is none between groups."""
    requests = (each.request for each in material.plan.figures if each.place == place)
    return {number.name for request in requests for number in request.numbers}


def model_row(material: Material, place: Place) -> str:
    """The id of the row of the policy table behind a figure; empty where it is not told."""
    model = material.plan.model_of(place)
    if model is None:
        return ""
    if model.row == model.singular:
        return model.row
    return {None: "", True: model.singular, False: model.row}[trait(material, place, SINGULAR)]


def _smallest(scale: Scale) -> Value:
    if scale.smallest_change is None:
        return NOTHING
    return Number(scale.smallest_change, Unit.SCORE, PROTOCOL, 1)


def change_finding(material: Material) -> Finding | None:
    """The primary outcome: higher, lower, or that we cannot say; None where it is not shown."""
    scale = primary_scale(material.design)
    place = material.place("T6", scale.id) if scale is not None else None
    if scale is None or place is None:
        return None
    later = place.rounds[-1]
    difference = number_of(place, material.released(place), f"difference@{later}")
    interval = interval_at(material, place, "difference", later)
    if not isinstance(difference, Number):
        return None
    if not isinstance(interval, Range):
        words: dict[str, Value] = {"scale": scale.texts, "difference": difference}
        is_described = model_row(material, place) == DESCRIBED
        message = "no_interval" if is_described else "difference_only"
        return Finding(Sentence(f"finding.{message}", words), "F4", scale.id)
    return Finding(_direction(scale, difference, interval), "F4", scale.id)


def _direction(scale: Scale, difference: Number, interval: Range) -> Sentence:
    """The words follow the released interval: zero inside, or on its end, is "cannot say"."""
    where, decimals = interval.source, interval.decimals
    words: dict[str, Value] = {
        "scale": scale.texts,
        "low": Number(interval.low, Unit.SCORE, where, decimals),
        "high": Number(interval.high, Unit.SCORE, where, decimals),
    }
    if interval.low <= 0 <= interval.high:
        return Sentence("finding.unclear", words)
    if difference.value > 0:
        return Sentence("finding.higher", {**words, "difference": difference})
    # "Lower by" is said without a sign; its interval turns round with it.
    turned = {
        "low": Number(-interval.high, Unit.SCORE, _turned(where), decimals),
        "high": Number(-interval.low, Unit.SCORE, _turned(where), decimals),
        "difference": Number(-difference.value, Unit.SCORE, _turned(difference.source), decimals),
    }
    return Sentence("finding.lower", {**words, **turned})


def _turned(source: Source) -> Source:
    """The source of a number told without its minus sign."""
    return replace(source, query=f"{source.query} divided by -1")


def has_change(material: Material) -> bool:
    """Whether any change was planned, so that the text may speak of it."""
    return bool(material.plan.places("T6"))
