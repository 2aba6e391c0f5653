"""What may the report be built from: the design, the plan, and what the gate let out?

The answers are not here. Whatever is made from this cannot hold a number that was not released.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knutepunkt.analysis.disclosure import (
    Band as GateBand,
)
from knutepunkt.analysis.disclosure import (
    CountClass,
    Judgement,
    NumberKind,
    Policy,
    Released,
    ReleasedCell,
    ReleasedNumber,
)
from knutepunkt.analysis.instruments import Instrument
from knutepunkt.analysis.report.design import Design
from knutepunkt.analysis.report.planning.planned import Place, Plan
from knutepunkt.analysis.report.sentences import WITHHELD as WITHHELD_SENTENCE
from knutepunkt.analysis.report.structure import Row
from knutepunkt.analysis.report.values import (
    NOTHING,
    AtLeast,
    Band,
    Below,
    Number,
    Range,
    Sentence,
    Source,
    Unit,
    Value,
    Withheld,
)

WITHHELD = Withheld()


@dataclass(frozen=True, eq=False)
class Material:
    """The design, the planned figures, and the gate's judgement of them."""

    design: Design
    plan: Plan
    judgement: Judgement
    policy: Policy

    @property
    def instrument(self) -> Instrument:
        """The questionnaire."""
        return self.design.instrument

    def released(self, place: Place) -> Released | None:
        """What was released for a place, or None where it was withheld."""
        return self.judgement.figure(place.table, place.cell)

    def place(self, table: str, cell: str) -> Place | None:
        """The place of that name, or None when it was never planned."""
        found = (each for each in self.plan.places(table) if each.cell == cell)
        return next(found, None)

    @property
    def threshold(self) -> int:
        """The fewest people behind a figure for this audience."""
        return self.policy.threshold(self.design.audience)


def source(place: Place, query: str, model: str | None = None) -> Source:
    """The source of a number of a released figure."""
    return Source(query, f"{place.table}/{place.cell}", model)


def answers_behind(place: Place, released: Released | None) -> Value:
    """How many answers a figure rests on, as it was released."""
    if released is None or released.n is None:
        return WITHHELD
    return Number(released.n, Unit.COUNT, source(place, f"{place.subject}.n"))


def share_of(place: Place, cell: ReleasedCell) -> Number:
    """A category's percentage."""
    return Number(cell.percent, Unit.PERCENT, source(place, _cell_query(place, cell.codes)))


def interval_of(place: Place, cell: ReleasedCell) -> Value:
    """A category's interval; nothing where the gate was handed none."""
    if cell.low is None or cell.high is None:
        return NOTHING
    found = source(place, f"{_cell_query(place, cell.codes)}.interval")
    return Range(cell.low, cell.high, Unit.PERCENT, found)


def band_of(place: Place, band: GateBand) -> Band:
    """A band as the reader is told it, in per cent."""
    percent = 10 * (band.low if band.at_least else band.high)
    return Band(percent, band.at_least, source(place, _cell_query(place, band.codes)))


def class_of(place: Place, found: CountClass) -> Below | AtLeast:
    """A count told as a class."""
    where = source(place, f"{place.subject}.{found.name}")
    if found.fewer_than is not None:
        return Below(found.fewer_than, where)
    return AtLeast(int(found.at_least or 0), where)


def number_of(
    place: Place,
    released: Released | None,
    name: str,
    *,
    unit: Unit = Unit.SCORE,
    decimals: int = 1,
    model: str | None = None,
) -> Value:
    """A named number of a released figure, withheld where it stayed behind."""
    found = None if released is None else released.number(name)
    if found is None:
        return WITHHELD
    return told(place, found, unit=unit, decimals=decimals, model=model)


def told(
    place: Place, found: ReleasedNumber, *, unit: Unit, decimals: int, model: str | None = None
) -> Value:
    """A released number as a value of the report: a number, or a class between two bounds."""
    where = source(place, f"{place.subject}.{found.name}", model)
    if found.value is not None:
        return Number(found.value, unit, where, decimals)
    if found.low is None or found.high is None:
        return WITHHELD
    fine = max(decimals, 3) if found.kind == NumberKind.P_VALUE else decimals
    return Range(found.low, found.high, unit, where, fine)


def range_of(
    place: Place,
    released: Released | None,
    names: tuple[str, str],
    *,
    unit: Unit = Unit.SCORE,
    decimals: int = 1,
    model: str | None = None,
) -> Value:
    """The interval between two named numbers, withheld where either stayed behind."""
    ends = [released.number(name) if released else None for name in names]
    if ends[0] is None or ends[1] is None or ends[0].value is None or ends[1].value is None:
        return WITHHELD
    where = source(place, f"{place.subject}.{names[0]}-{names[1]}", model)
    return Range(ends[0].value, ends[1].value, unit, where, decimals)


def _cell_query(place: Place, codes: tuple[int, ...]) -> str:
    return f"{place.subject} in {{{', '.join(map(str, codes))}}}"


def not_shown(rows: Sequence[Row]) -> tuple[Sentence, ...]:
    """The one sentence on what is withheld, where anything in these lines is."""
    is_withheld = any(isinstance(cell, Withheld) for row in rows for cell in row.cells)
    return (WITHHELD_SENTENCE,) if is_withheld else ()
