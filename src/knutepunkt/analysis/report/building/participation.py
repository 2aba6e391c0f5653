"""How does the report tell who was asked and who answered (T1, T2, F1)?"""

from __future__ import annotations

from knutepunkt.analysis.disclosure import CountClass, Released, ReleasedNumber, ResponseClass
from knutepunkt.analysis.instruments.texts import Texts
from knutepunkt.analysis.report.building.columns import columns
from knutepunkt.analysis.report.building.material import (
    WITHHELD,
    Material,
    class_of,
    not_shown,
    source,
    told,
)
from knutepunkt.analysis.report.planning.planned import Place
from knutepunkt.analysis.report.structure import Figure, FigureKind, Line, Mark, Row, Table
from knutepunkt.analysis.report.values import (
    NOTHING,
    AtLeast,
    Below,
    Number,
    Sentence,
    Unit,
    Value,
)

LANGUAGES = ("nb", "nn", "en")


def flow_table(material: Material) -> Table:
    """T1: one line per step and round."""
    rounds = not material.design.is_single
    rows: list[Row] = []
    order = {each.id: number for number, each in enumerate(material.design.rounds)}
    for place in sorted(material.plan.places("T1"), key=lambda place: order[place.rounds[0]]):
        for name, value in steps(material, place):
            lead: list[Value] = [Sentence(f"step.{name}")]
            if rounds:
                lead.append(material.design.round(place.rounds[0]).label)
            rows.append(Row(f"{place.rounds[0]}#{name}", (*lead, value)))
    names = ["step", *(["round"] if rounds else []), "count"]
    return Table("T1", Sentence("table.T1"), columns(*names), tuple(rows), not_shown(rows))


def steps(material: Material, place: Place) -> list[tuple[str, Value]]:
    """Every count of a course that was planned, those that stayed behind as withheld."""
    released = material.released(place)
    found = {count.name: count for count in (released.counts if released is not None else ())}
    planned = [each.request for each in material.plan.figures if each.place == place]
    return [
        (name, _count(place, found[name]) if name in found else WITHHELD)
        for name in (count.name for request in planned for count in request.counts)
    ]


def _count(place: Place, count: ReleasedNumber | CountClass) -> Value:
    if isinstance(count, CountClass):
        return class_of(place, count)
    return told(place, count, unit=Unit.COUNT, decimals=0)


def used(material: Material, round_id: str) -> Value:
    """How many answered in a round, as it was released."""
    return _step(material, round_id, "used")


def handed_out(material: Material, round_id: str) -> Value:
    """How many were asked in a round; withheld where nobody counted."""
    for name in ("handed_out", "invited"):
        found = _step(material, round_id, name)
        if isinstance(found, Number):
            return found
    return WITHHELD


def answered_without_slip(material: Material) -> bool:
    """Whether some answered with a code that many share, so that one may have answered twice."""
    return any(
        name == "without_slip"
        for place in material.plan.places("T1")
        for name, _value in steps(material, place)
    )


def unreadable(material: Material) -> str:
    """What is said of answers that could not be read: a class, and the same for none as for few."""
    fewest = material.policy.threshold(material.design.audience)
    return f"who.unreadable_{'few' if material.design.left_out < fewest else 'more'}"


def _step(material: Material, round_id: str, name: str) -> Value:
    return dict(_steps_of(material, round_id)).get(name, WITHHELD)


def _steps_of(material: Material, round_id: str) -> list[tuple[str, Value]]:
    """The course of one round, from every figure that tells of it."""
    places = (place for place in material.plan.places("T1") if place.rounds[0] == round_id)
    return [step for place in places for step in steps(material, place)]


def is_rounded(material: Material, value: Value) -> bool:
    """Whether a released count was rounded by the policy, so that it must be called "about"."""
    return isinstance(value, Number) and value.value < material.policy.coarse_below


def flow_figure(material: Material) -> Figure:
    """F1: boxes for the last round, from those asked to those who answered."""
    names = ("handed_out", "invited", "used", "linked")
    drawn = [each for each in _steps_of(material, material.design.last.id) if each[0] in names]
    lines = tuple(
        Line(name, Sentence(f"step.{name}"), (Mark(name, Sentence(f"step.{name}"), value),))
        for name, value in drawn
    )
    alternative = [
        Sentence("figure.alt_box", {"label": line.label, "value": line.marks[0].value})
        for line in lines
    ]
    return Figure(
        "F1",
        FigureKind.FLOW,
        Sentence("figure.flow"),
        lines,
        "T1",
        (Sentence("figure.alt_kind_flow"), *alternative),
        high=_widest(lines),
    )


def _widest(lines: tuple[Line, ...]) -> float:
    """The end of the axis: the largest count that was released."""
    sizes = [_size(line.marks[0].value) for line in lines]
    return max([1.0, *sizes])


def _size(value: Value) -> float:
    if isinstance(value, Number):
        return value.value
    return float(value.threshold) if isinstance(value, Below | AtLeast) else 0.0


def response_table(material: Material) -> Table | None:
    """T2: the response per group, in classes; None where the design has no slips per group."""
    places = material.plan.places("T2")
    if not places:
        return None
    rounds = not material.design.is_single
    rows: list[Row] = []
    for place in places:
        lead: list[Value] = [material.design.round(place.rounds[0]).label] if rounds else []
        rows += _response_rows(material, place, lead)
    names = [*(["round"] if rounds else []), "group_class", "groups", "which_groups"]
    notes = (Sentence("note.group_order"), Sentence("note.small_groups"), *not_shown(rows))
    return Table("T2", Sentence("table.T2"), columns(*names), tuple(rows), notes)


def _response_rows(material: Material, place: Place, lead: list[Value]) -> list[Row]:
    released: Released | None = material.released(place)
    if released is None:
        return [Row(f"{place.cell}#all", (*lead, NOTHING, WITHHELD, NOTHING))]
    rows = []
    where = source(place, f"{place.subject}.response")
    for words, upper in (("half_or_more", True), ("below_half", False)):
        here = [each for each in released.responses if (each.high >= 1.0) is upper]
        if not here:
            continue
        count = Number(sum(response.groups for response in here), Unit.COUNT, where)
        names = [_name_of(material, place, response) for response in here]
        cells = (*lead, Sentence(f"value.{words}"), count, _listed(names))
        rows.append(Row(f"{place.cell}#{words}", cells))
    return rows


def _listed(names: list[Texts | None]) -> Value:
    """The groups of a class by name; nothing where the audience is told only how many."""
    known = [name for name in names if name is not None]
    if not known:
        return NOTHING
    said = [", ".join(name.in_language(language) for name in known) for language in LANGUAGES]
    return Texts(nb=said[0], nn=said[1], en=said[2])


def _name_of(material: Material, place: Place, response: ResponseClass) -> Texts | None:
    """A group's name, or its number among all that were asked; nothing where none is told."""
    if response.group is None:
        return None
    groups = material.design.round(place.rounds[0]).groups
    found = next((each for each in enumerate(groups, 1) if each[1].id == response.group), None)
    if found is None:
        return None
    number, group = found
    said = str(number)
    return group.label or Texts(nb=said, nn=said, en=said)
