"""How does the report show where the groups are (T2-map, F2), never finer than three groups?"""

from __future__ import annotations

from knutepunkt.analysis.instruments.texts import Texts
from knutepunkt.analysis.report.building.columns import columns
from knutepunkt.analysis.report.building.material import Material, told
from knutepunkt.analysis.report.planning.places import REST, TABLE
from knutepunkt.analysis.report.planning.planned import Place
from knutepunkt.analysis.report.structure import Figure, FigureKind, Line, Mark, Row, Table
from knutepunkt.analysis.report.values import NOTHING, Sentence, Unit, Value, Verbatim

ANSWERED = {True: "value.half_or_more", False: "value.below_half"}


def place_table(material: Material) -> Table | None:
    """T2-map: groups asked by county, and how their slips were used, in the classes of T2."""
    place = next(iter(material.plan.places(TABLE)), None)
    if place is None:
        return None
    shown = _counted(material, place)
    rows = tuple(
        Row(name, (_named(name), number, _responses(material, name, [each for each, _ in shown])))
        for name, number in shown
    )
    notes = (Sentence("note.map"), Sentence("note.map_classes"))
    return Table(
        TABLE, Sentence("table.T2_map"), columns("area", "groups", "area_class"), rows, notes
    )


def place_figure(material: Material) -> Figure | None:
    """F2: the same on a map of equal tiles, one for each county."""
    place = next(iter(material.plan.places(TABLE)), None)
    shown = _counted(material, place) if place is not None else []
    if not shown:
        return None
    lines = tuple(
        Line(name, _named(name), (Mark("groups", Sentence("column.groups"), number, tone=1),))
        for name, number in shown
    )
    alternative = [
        Sentence("figure.alt_area", {"area": line.label, "groups": line.marks[0].value})
        for line in lines
    ]
    return Figure(
        "F2",
        FigureKind.TILES,
        Sentence("figure.map"),
        lines,
        TABLE,
        (
            Sentence("figure.alt_kind_tiles"),
            *alternative,
            Sentence("figure.alt_table", {"table": Verbatim(TABLE)}),
        ),
    )


def _counted(material: Material, place: Place) -> list[tuple[str, Value]]:
    released = material.released(place)
    found = released.counts if released is not None else ()
    return [
        (count.name, told(place, count, unit=Unit.COUNT, decimals=0))
        for count in found
        if not hasattr(count, "fewer_than")
    ]


def _named(name: str) -> Value:
    return Sentence("place.rest") if name == REST else Texts(nb=name, nn=name, en=name)


def _responses(material: Material, name: str, shown: list[str]) -> Value:
    """What T2 told of the groups of a county, put together; nothing where it named no group."""
    last = material.design.last
    place = material.place("T2", last.id)
    released = material.released(place) if place is not None else None
    homes = {group.id: group.county for group in last.groups}
    classes = {
        each.high >= 1.0
        for each in (released.responses if released is not None else ())
        if each.group is not None and _lies_in(homes.get(each.group, ""), name, shown)
    }
    if not classes:
        return NOTHING
    return Sentence("value.both_classes" if len(classes) > 1 else ANSWERED[classes.pop()])


def _lies_in(county: str, name: str, shown: list[str]) -> bool:
    return county == name if name != REST else county not in shown
