"""How does the report tell about those who left, and how firm a change is without them (T12, F8, F9)?"""

from __future__ import annotations

import math

from knutepunkt.analysis.instruments import Texts
from knutepunkt.analysis.report.building.change import compared, requested
from knutepunkt.analysis.report.building.columns import columns
from knutepunkt.analysis.report.building.material import Material, not_shown, number_of, range_of
from knutepunkt.analysis.report.building.participation import steps, used
from knutepunkt.analysis.report.building.standing import primary_scale
from knutepunkt.analysis.report.planning.attrition import FLOW, TABLE
from knutepunkt.analysis.report.planning.planned import Place
from knutepunkt.analysis.report.structure import Figure, FigureKind, Line, Mark, Row, Table
from knutepunkt.analysis.report.values import (
    NOTHING,
    AtLeast,
    Number,
    Range,
    Sentence,
    Unit,
    Value,
    Verbatim,
    Withheld,
)


def attrition_table(material: Material) -> Table | None:
    """T12-flow: how many of the first round answered each later one, and how many were new."""
    places = material.plan.places(FLOW)
    if not places:
        return None
    rows = tuple(
        Row(
            f"{place.cell}#{name}",
            (material.design.round(place.subject).label, Sentence(f"step.{name}"), value),
        )
        for place in places
        for name, value in steps(material, place)
    )
    found = columns("round", "step", "count")
    return Table(FLOW, Sentence("table.T12_flow"), found, rows, not_shown(rows))


def missing_table(material: Material) -> Table | None:
    """T12: the change among those with both rounds, with gaps filled, and the tipping point."""
    places = material.plan.places(TABLE)
    if not places:
        return None
    rows = tuple(Row(place.cell, _cells(material, place)) for place in places)
    never = any(_never_falls(material, place) for place in places)
    notes = [
        Sentence("note.imputed"),
        Sentence("note.imputed_assumes"),
        Sentence("note.imputed_from"),
        Sentence("note.tipping"),
    ]
    notes += [Sentence("note.never_falls")] if never else []
    notes += not_shown(rows)
    names = ("outcome", "compared", "both", "both_interval", "pooled", "pooled_interval", "tipping")
    return Table(TABLE, Sentence("table.T12"), columns(*names), rows, tuple(notes))


def _cells(material: Material, place: Place) -> tuple[Value, ...]:
    released = material.released(place)
    tipping = number_of(place, released, "tipping", unit=Unit.STANDARDISED, decimals=2)
    return (
        material.instrument.scale(place.subject).texts,
        compared(material, *place.rounds),
        number_of(place, released, "both"),
        range_of(place, released, ("both_low", "both_high")),
        number_of(place, released, "pooled"),
        range_of(place, released, ("pooled_low", "pooled_high")),
        NOTHING if _never_falls(material, place) else tipping,
    )


def _never_falls(material: Material, place: Place) -> bool:
    """Whether no answer of the missing undoes the finding; said only where the finding is told."""
    released = material.released(place)
    told_finding = released is not None and released.number("pooled") is not None
    return told_finding and released is not None and released.number("tipping") is None


def attrition_figure(material: Material) -> Figure | None:
    """F8: those of the first round, and how many of them answered each later one."""
    places = material.plan.places(FLOW)
    if not places:
        return None
    first = material.design.rounds[0]
    lines = [_bar(first.id, first.label, used(material, first.id))]
    for place in places:
        label = material.design.round(place.subject).label
        lines.append(
            _bar(place.subject, label, dict(steps(material, place)).get("of_first", Withheld()))
        )
    boxes = [
        Sentence("figure.alt_box", {"label": line.label, "value": line.marks[0].value})
        for line in lines
    ]
    sizes = [_size(line.marks[0].value) for line in lines]
    return Figure(
        "F8",
        FigureKind.FLOW,
        Sentence("figure.attrition"),
        tuple(lines),
        FLOW,
        (Sentence("figure.alt_kind_attrition"), *boxes),
        high=max([1.0, *sizes]),
    )


def _bar(key: str, label: Value, value: Value) -> Line:
    return Line(key, label, (Mark(key, label, value),))


def _size(value: Value) -> float:
    if isinstance(value, Number):
        return value.value
    return float(value.threshold) if isinstance(value, AtLeast) else 0.0


def tipping_figure(material: Material) -> Figure | None:
    """F9: the primary outcome's change as those missing are moved against it, step by step."""
    scale = primary_scale(material.design)
    place = material.place(TABLE, scale.id) if scale is not None else None
    if scale is None or place is None or material.released(place) is None:
        return None
    marks = tuple(_moved(material, place, index) for index in range(_points(material, place)))
    ends = [
        end
        for mark in marks
        if isinstance(mark.interval, Range)
        for end in (mark.interval.low, mark.interval.high)
    ]
    if not ends:
        return None
    spoken = [
        Sentence(
            "figure.alt_interval",
            {
                "line": scale.texts,
                "label": mark.label,
                "value": mark.value,
                "interval": mark.interval or NOTHING,
            },
        )
        for mark in marks
    ]
    return Figure(
        "F9",
        FigureKind.TRAJECTORY,
        Sentence("figure.tipping"),
        (Line(scale.id, scale.texts, marks),),
        TABLE,
        (
            Sentence("figure.alt_kind_tipping"),
            *spoken,
            Sentence("figure.alt_table", {"table": Verbatim(TABLE)}),
        ),
        low=float(math.floor(min(0.0, *ends))),
        high=float(math.ceil(max(0.0, *ends))),
        reference=0.0,
    )


def _points(material: Material, place: Place) -> int:
    return sum(name.startswith("curve@") for name in requested(material, place))


def _moved(material: Material, place: Place, index: int) -> Mark:
    """The change when the missing are moved by so many tenths of a standard deviation."""
    released = material.released(place)
    point = f"{0.4 * index:.1f}"
    comma = point.replace(".", ",")
    moved = {"deviations": Texts(nb=comma, nn=comma, en=point)}
    return Mark(
        str(index),
        Sentence("figure.moved", moved),
        number_of(place, released, f"curve@{index}"),
        range_of(place, released, (f"curve_low@{index}", f"curve_high@{index}")),
    )
