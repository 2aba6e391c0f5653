"""How are model means over rounds (F4) and differences around zero (F5) made into figures?"""

from __future__ import annotations

from knutepunkt.analysis.report.building.change import interval_at, model_row
from knutepunkt.analysis.report.building.material import Material, number_of, range_of
from knutepunkt.analysis.report.planning.planned import Place
from knutepunkt.analysis.report.structure import Figure, FigureKind, Line, Mark
from knutepunkt.analysis.report.values import (
    Number,
    Range,
    Sentence,
    Source,
    Unit,
    Value,
    Verbatim,
    Withheld,
)


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
    model = model_row(material, place)
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


def forest_figures(material: Material) -> tuple[Figure, ...]:
    """F5: the last round against the first, in standard deviations and in smallest differences."""
    places = material.plan.places("T6")
    drawn = [
        ("F5-sd", "forest_sd", [_forest_line(p, *_in_deviations(material, p)) for p in places]),
        ("F5-mid", "forest", [_forest_line(p, *_in_smallest(material, p)) for p in places]),
    ]
    found = [_forest(material, name, title, lines) for name, title, lines in drawn]
    return tuple(figure for figure in found if figure is not None)


def _forest(material: Material, name: str, title: str, lines: list[Line]) -> Figure | None:
    """One forest; None where no outcome has an interval, as below six groups."""
    known = tuple(line for line in lines if isinstance(line.marks[0].interval, Range))
    if not known:
        return None
    named = tuple(
        Line(line.key, material.instrument.scale(line.key).texts, line.marks) for line in known
    )
    reach = _reach(named)
    return Figure(
        name,
        FigureKind.FOREST,
        Sentence(f"figure.{title}"),
        named,
        "T6",
        (Sentence("figure.alt_kind_forest"), *_told(named), _behind()),
        low=-reach,
        high=reach,
        reference=0.0,
    )


def _reach(lines: tuple[Line, ...]) -> float:
    """The ends of the axis: the first whole number beyond every released interval."""
    ends = [
        abs(end)
        for line in lines
        for mark in line.marks
        if isinstance(mark.interval, Range)
        for end in (mark.interval.low, mark.interval.high)
    ]
    return float(max(1, -(-max(ends, default=1.0) // 1)))


def _forest_line(place: Place, value: Value, interval: Value) -> Line:
    mark = Mark("difference", Sentence("figure.last_first"), value, interval)
    return Line(place.subject, Verbatim(place.subject), (mark,))


def _in_deviations(material: Material, place: Place) -> tuple[Value, Value]:
    """Hedges' g with its interval, as released."""
    released, later = material.released(place), place.rounds[-1]
    model = model_row(material, place)
    value = number_of(
        place, released, f"g@{later}", unit=Unit.STANDARDISED, decimals=2, model=model
    )
    ends = (f"g_low@{later}", f"g_high@{later}")
    return value, range_of(place, released, ends, unit=Unit.STANDARDISED, decimals=2, model=model)


def _in_smallest(material: Material, place: Place) -> tuple[Value, Value]:
    """The released difference and its ends, divided by the smallest difference that matters."""
    smallest = material.instrument.scale(place.subject).smallest_change
    later = place.rounds[-1]
    gap = number_of(place, material.released(place), f"difference@{later}")
    interval = interval_at(material, place, "difference", later)
    if not smallest or not isinstance(gap, Number) or not isinstance(interval, Range):
        return Withheld(), Withheld()
    return (
        Number(
            round(gap.value / smallest, 1), Unit.STANDARDISED, _divided(gap.source, smallest), 1
        ),
        Range(
            round(interval.low / smallest, 1),
            round(interval.high / smallest, 1),
            Unit.STANDARDISED,
            _divided(interval.source, smallest),
            1,
        ),
    )


def _divided(source: Source, by: float) -> Source:
    """The source of a number worked out from a released one, for whoever checks the report."""
    return Source(f"{source.query} divided by {by}", source.statement, source.model)
