"""How does the report tell about attendance, mechanism and outcome (T10, T11, F7)?"""

from __future__ import annotations

from knutepunkt.analysis.report.building.change import notes_on_models, requested
from knutepunkt.analysis.report.building.columns import columns
from knutepunkt.analysis.report.building.material import (
    Material,
    answers_behind,
    not_shown,
    number_of,
    range_of,
)
from knutepunkt.analysis.report.planning import attendance as within
from knutepunkt.analysis.report.planning import mechanism as paths
from knutepunkt.analysis.report.planning.planned import Place
from knutepunkt.analysis.report.structure import Figure, FigureKind, Line, Mark, Row, Table
from knutepunkt.analysis.report.values import (
    NOTHING,
    Range,
    Sentence,
    Unit,
    Value,
    Verbatim,
)


def attendance_table(material: Material) -> Table | None:
    """T10: the outcome per step of attendance, within groups, between groups, and their difference."""
    places = material.plan.places(within.TABLE)
    if not places:
        return None
    rows = tuple(row for place in places for row in _rows(material, place, within.PARTS))
    notes = [Sentence("note.attendance"), *notes_on_models(material, places)]
    return Table(
        within.TABLE,
        Sentence("table.T10"),
        columns("outcome", "answers", "association", "coefficient", "interval"),
        rows,
        (*notes, *not_shown(rows)),
    )


def mechanism_table(material: Material) -> Table | None:
    """T11: the paths; titled covariation unless three rounds in order bear them."""
    places = material.plan.places(paths.TABLE)
    if not places:
        return None
    in_order = paths.in_order(material.design)
    has_ends = all("a_low" in requested(material, place) for place in places)
    rows = tuple(
        Row(row.key, (*row.cells, _skewed(material, place, row))) if has_ends else row
        for place in places
        for row in _rows(material, place, paths.PATHS)
    )
    names = ["outcome", "answers", "association", "coefficient", "interval"]
    notes = [
        Sentence("note.in_order" if in_order else "note.same_time"),
        Sentence("note.paths_bootstrap" if has_ends else "note.paths_alone"),
        *([Sentence("note.paths_skewed")] if has_ends else []),
    ]
    return Table(
        paths.TABLE,
        Sentence("table.T11" if in_order else "table.T11_covariation"),
        columns(*names, *(["bca_interval"] if has_ends else [])),
        rows,
        (*notes, *not_shown(rows)),
    )


def _skewed(material: Material, place: Place, row: Row) -> Value:
    """The BCa interval of a path, as a check on the percentile interval."""
    name = row.key.rpartition("#")[2]
    low, high = (f"{name}_{end}" for end in paths.SKEWED)
    return range_of(place, material.released(place), (low, high), unit=Unit.SCORE, decimals=2)


def _rows(material: Material, place: Place, names: tuple[str, ...]) -> list[Row]:
    asked = requested(material, place)
    released = material.released(place)
    scale = material.instrument.scale(place.subject).texts
    rows = []
    for name in (each for each in names if each in asked):
        value, interval = _estimate(material, place, name)
        cells = (
            scale,
            answers_behind(place, released),
            Sentence(f"association.{name}"),
            value,
            interval if f"{name}_low" in asked else NOTHING,
        )
        rows.append(Row(f"{place.cell}#{name}", cells))
    return rows


def _estimate(material: Material, place: Place, name: str) -> tuple[Value, Value]:
    released = material.released(place)
    return (
        number_of(place, released, name, unit=Unit.SCORE, decimals=2),
        range_of(place, released, (f"{name}_low", f"{name}_high"), unit=Unit.SCORE, decimals=2),
    )


def attendance_figure(material: Material) -> Figure | None:
    """F7: both associations around the line at none; None where no interval was released."""
    lines = []
    for place in material.plan.places(within.TABLE):
        for name in ("within", "between"):
            value, interval = _estimate(material, place, name)
            if isinstance(interval, Range):
                scale = material.instrument.scale(place.subject).texts
                words: dict[str, Value] = {
                    "scale": scale,
                    "part": Sentence(f"association.{name}"),
                }
                label = Sentence("figure.association_line", words)
                mark = Mark(name, Sentence(f"association.{name}"), value, interval)
                lines.append(Line(f"{place.subject}-{name}", label, (mark,)))
    if not lines:
        return None
    reach = max(1.0, max(_furthest(line) for line in lines))
    return Figure(
        "F7",
        FigureKind.FOREST,
        Sentence("figure.attendance"),
        tuple(lines),
        within.TABLE,
        (
            Sentence("figure.alt_kind_forest"),
            *(_told(line) for line in lines),
            Sentence("figure.alt_table", {"table": Verbatim(within.TABLE)}),
        ),
        low=-reach,
        high=reach,
        reference=0.0,
    )


def _furthest(line: Line) -> float:
    interval = line.marks[0].interval
    ends = (interval.low, interval.high) if isinstance(interval, Range) else (0.0,)
    return float(max(-(-abs(end) // 1) for end in ends))


def _told(line: Line) -> Sentence:
    mark = line.marks[0]
    words: dict[str, Value] = {"line": line.label, "label": mark.label, "value": mark.value}
    if mark.interval is not None:
        words["interval"] = mark.interval
    return Sentence("figure.alt_interval", words)
