"""How does the report tell about change between rounds (T6, T8, F4, F5)?"""

from __future__ import annotations

from knutepunkt.analysis.instruments.scales import Scale
from knutepunkt.analysis.report.building.columns import columns
from knutepunkt.analysis.report.building.material import (
    Material,
    answers_behind,
    number_of,
    range_of,
)
from knutepunkt.analysis.report.building.standing import (
    primary_scale,
    standing_of,
    standing_words,
)
from knutepunkt.analysis.report.planning.planned import Place
from knutepunkt.analysis.report.sentences import WITHHELD as WITHHELD_SENTENCE
from knutepunkt.analysis.report.structure import (
    Figure,
    FigureKind,
    Finding,
    Line,
    Mark,
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
    Withheld,
)

PROTOCOL = Source("protocol.smallest_change")


def change_table(material: Material) -> Table | None:
    """T6: every later round against the first, outcome by outcome."""
    places = material.plan.places("T6")
    refused = tuple(e.sentence for e in material.plan.refused if e.place.table == "T6")
    if not places and not refused:
        return None
    names = "outcome standing compared answers from_mean to_mean difference interval d_av g"
    rows = [row for place in places for row in _change_rows(material, place)]
    shown = any(isinstance(cell, Withheld) for row in rows for cell in row.cells)
    notes = (*refused, *([WITHHELD_SENTENCE] if shown else []))
    found = columns(*names.split(), "p", "degrees", "smallest")
    return Table("T6", Sentence("table.T6"), found, tuple(rows), notes)


def _change_rows(material: Material, place: Place) -> list[Row]:
    return [_change_row(material, place, later) for later in place.rounds[1:]]


def _change_row(material: Material, place: Place, later: str) -> Row:
    scale = material.instrument.scale(place.subject)
    standing = standing_of(material.design, scale)
    released = material.released(place)
    model = _model(material, place)
    first = place.rounds[0]

    def number(name: str, unit: Unit = Unit.SCORE, decimals: int = 1) -> Value:
        found = number_of(place, released, name, unit=unit, decimals=decimals, model=model)
        # Below six groups there is neither interval nor test: nothing was held back.
        return NOTHING if model == "few_groups" and isinstance(found, Withheld) else found

    interval = interval_at(material, place, "difference", later)
    cells: tuple[Value, ...] = (
        scale.texts,
        standing_words(standing),
        compared(material, first, later),
        answers_behind(place, released),
        number(f"mean@{first}"),
        number(f"mean@{later}"),
        number(f"difference@{later}"),
        NOTHING if model == "few_groups" else interval,
        number(f"d_av@{later}", Unit.STANDARDISED, 2),
        number(f"g@{later}", Unit.STANDARDISED, 2),
        _p_value(number(f"p@{later}", Unit.PLAIN, 3)),
        number(f"df@{later}", Unit.DEGREES, 0),
        _smallest(scale),
    )
    return Row(f"{place.cell}@{later}", cells, standing)


def _p_value(found: Value) -> Value:
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
    return range_of(place, material.released(place), ends, model=_model(material, place))


def _model(material: Material, place: Place) -> str:
    found = (each.model for each in material.plan.figures if each.place == place)
    return next(found) or ""


def _smallest(scale: Scale) -> Value:
    if scale.smallest_change is None:
        return NOTHING
    return Number(scale.smallest_change, Unit.SCORE, PROTOCOL, 1)


def variance_table(material: Material) -> Table | None:
    """T8: how much lies between groups, between persons, and in the rest."""
    places = material.plan.places("T8")
    if not places:
        return None
    names = ("group_variance", "person_variance", "residual_variance", "icc")
    rows = []
    for place in places:
        released = material.released(place)
        requested = _requested(material, place)
        cells = [
            number_of(place, released, name, unit=Unit.RELIABILITY, decimals=2)
            if name in requested
            else NOTHING
            for name in names
        ]
        rows.append(Row(place.cell, (material.instrument.scale(place.subject).texts, *cells)))
    shown = any(isinstance(cell, Withheld) for row in rows for cell in row.cells)
    notes = (WITHHELD_SENTENCE,) if shown else ()
    return Table("T8", Sentence("table.T8"), columns("outcome", *names), tuple(rows), notes)


def _requested(material: Material, place: Place) -> set[str]:
    """Which numbers the design has at all: without groups there is none between groups."""
    requests = (each.request for each in material.plan.figures if each.place == place)
    return {number.name for request in requests for number in request.numbers}


def trajectory_figure(material: Material) -> Figure | None:
    """F4: model means in every round, on the instrument's own range."""
    places = material.plan.places("T6")
    if not places:
        return None
    scales = [material.instrument.scale(place.subject) for place in places]
    if len({(scale.low, scale.high) for scale in scales}) > 1:
        # Outcomes on different ranges share no axis: the first range is drawn, the table has all.
        places = tuple(
            place
            for place, scale in zip(places, scales, strict=True)
            if (scale.low, scale.high) == (scales[0].low, scales[0].high)
        )
    lines = tuple(_trajectory(material, place) for place in places)
    return Figure(
        "F4",
        FigureKind.TRAJECTORY,
        Sentence("figure.trajectory"),
        lines,
        "T6",
        (Sentence("figure.alt_kind_trajectory"), *_told(lines), _behind()),
        low=scales[0].low,
        high=scales[0].high,
    )


def _trajectory(material: Material, place: Place) -> Line:
    released = material.released(place)
    model = _model(material, place)
    marks = tuple(
        Mark(
            each,
            material.design.round(each).label,
            number_of(place, released, f"mean@{each}", model=model),
            interval_at(material, place, "mean", each),
        )
        for each in place.rounds
    )
    return Line(place.subject, material.instrument.scale(place.subject).texts, marks)


def _told(lines: tuple[Line, ...]) -> list[Sentence]:
    told = []
    for line in lines:
        for mark in line.marks:
            words = {"line": line.label, "label": mark.label, "value": mark.value}
            if isinstance(mark.value, Withheld):
                told.append(Sentence("figure.alt_withheld", {"line": line.label}))
            elif isinstance(mark.interval, Range):
                told.append(Sentence("figure.alt_interval", {**words, "interval": mark.interval}))
            else:
                told.append(Sentence("figure.alt_mark", words))
    return told


def _behind() -> Sentence:
    return Sentence("figure.alt_table", {"table": Verbatim("T6")})


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
        return Finding(Sentence("finding.no_interval", words))
    return Finding(_direction(scale, difference, interval))


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
        "low": Number(-interval.high, Unit.SCORE, where, decimals),
        "high": Number(-interval.low, Unit.SCORE, where, decimals),
        "difference": Number(-difference.value, Unit.SCORE, difference.source, decimals),
    }
    return Sentence("finding.lower", {**words, **turned})


def has_change(material: Material) -> bool:
    """Whether any change was planned, so that the text may speak of it."""
    return bool(material.plan.places("T6"))
