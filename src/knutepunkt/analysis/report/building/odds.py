"""How does the report tell about single questions over rounds, as odds (T6-odds)?"""

from __future__ import annotations

from knutepunkt.analysis.disclosure.ladder import Partition
from knutepunkt.analysis.disclosure.told_categories import in_common
from knutepunkt.analysis.models.policy import LEAST_TO_GENERALISE, OutcomeKind, choose
from knutepunkt.analysis.report.building.change import compared, p_value, trait
from knutepunkt.analysis.report.building.columns import columns
from knutepunkt.analysis.report.building.material import (
    WITHHELD,
    Material,
    answers_behind,
    not_shown,
    number_of,
    range_of,
)
from knutepunkt.analysis.report.ladders import ladder_of, words_of
from knutepunkt.analysis.report.planning.kinds import table_of
from knutepunkt.analysis.report.planning.odds import TABLE, towards
from knutepunkt.analysis.report.planning.planned import Place
from knutepunkt.analysis.report.structure import Row, Table
from knutepunkt.analysis.report.values import Sentence, Unit, Value, Verbatim

NAMES = ("question", "compared", "answers", "towards", "odds", "interval", "p", "degrees")
SINGULAR = "singular_fit"


def odds_table(material: Material) -> Table | None:
    """Every later round against the first, question by question."""
    places = material.plan.places(TABLE)
    if not places:
        return None
    rows = [
        Row(f"{place.cell}@{later}", _cells(material, place, later))
        for place in places
        for later in place.rounds[1:]
    ]
    withheld = not_shown(rows)
    notes = [Sentence("note.odds"), *_notes(material, places)]
    notes += [Sentence("note.odds_withheld"), *withheld] if withheld else []
    return Table(TABLE, Sentence("table.T6_odds"), columns(*NAMES), tuple(rows), tuple(notes))


def _cells(material: Material, place: Place, later: str) -> tuple[Value, ...]:
    released = material.released(place)
    model = row_of(material, partition_of(material, place))

    def number(name: str, unit: Unit = Unit.PLAIN, decimals: int = 2) -> Value:
        return number_of(
            place, released, f"{name}@{later}", unit=unit, decimals=decimals, model=model
        )

    ends = (f"odds_low@{later}", f"odds_high@{later}")
    return (
        material.instrument.item(place.subject).texts,
        compared(material, place.rounds[0], later),
        answers_behind(place, released),
        _direction(material, place),
        number("odds"),
        range_of(place, released, ends, unit=Unit.PLAIN, decimals=2, model=model),
        p_value(number("p", Unit.PLAIN, 3)),
        number("df", Unit.DEGREES, 0),
    )


def partition_of(material: Material, place: Place) -> Partition:
    """The categories told of every round of a question; () where one was told in none."""
    table = table_of(material.instrument, material.instrument.item(place.subject))
    told = []
    for name in place.rounds:
        released = material.judgement.figure(table, f"{place.subject}@{name}")
        categories = () if released is None else released.categories
        told.append(tuple(cell.codes for cell in categories))
    return in_common(told)


def row_of(material: Material, partition: Partition) -> str:
    """The id of the row of the policy table: by how many categories there are, and whether groups."""
    if not partition:
        return ""
    kind = OutcomeKind.BINARY if len(partition) == 2 else OutcomeKind.ORDINAL
    return choose(LEAST_TO_GENERALISE if material.design.has_groups else 0, 0, kind).id


def _direction(material: Material, place: Place) -> Value:
    """The answer whose odds are told: the category at the far end."""
    partition = partition_of(material, place)
    if not partition:
        return WITHHELD
    item = material.instrument.item(place.subject)
    far = towards(ladder_of(material.instrument, item), partition)[-1]
    return words_of(material.instrument, item, far)


def _notes(material: Material, places: tuple[Place, ...]) -> list[Sentence]:
    """The rows of the policy table that fired, and what a reader of a shown fit must know."""
    rows: dict[str, None] = {}
    flags = False
    for place in places:
        released = material.released(place)
        if released is None or not released.numbers:
            continue
        rows.setdefault(row_of(material, partition_of(material, place)))
        flags = flags or bool(trait(material, place, SINGULAR))
    told = [
        Sentence("note.row", {"row": Sentence(f"row.{row}"), "id": Verbatim(row)}) for row in rows
    ]
    return [*told, *([Sentence(f"flag.{SINGULAR}")] if flags else [])]
