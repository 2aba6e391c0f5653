"""What is planned to be shown: the requests to the gate, and what each of them stands for?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from knutepunkt.analysis.disclosure.statements import Number, NumberKind, Records, TableRequest
from knutepunkt.analysis.models.policy import choose
from knutepunkt.analysis.models.reported import Flag
from knutepunkt.analysis.report.values import Sentence


@dataclass(frozen=True)
class Place:
    """Where a figure stands in the report: its table, the row's key, and the round or rounds."""

    table: str
    cell: str
    subject: str
    rounds: tuple[str, ...]


@dataclass(frozen=True)
class Refused:
    """A planned figure that the method refuses, with the sentence that stands in its place.

    Only refusals that follow from what is public anyway (how many answered) have a sentence of
    their own; whatever depends on the answers is planned without its numbers and withheld like any
    other figure.
    """

    place: Place
    sentence: Sentence


@dataclass(frozen=True)
class Fitted:
    """The model behind a figure: which row of the policy table fires, from public facts alone.

    For many groups or rows it also matters whether the fit was singular. That is a number of the
    figure, so which of the two rows it was is known where the gate let that number out.
    """

    row: str
    singular: str
    check: str = "none"

    @classmethod
    def of(cls, groups: int, rows: int) -> Fitted:
        """The model of so many groups (0: none in the design) and rows."""
        plain, singular = choose(groups, rows), choose(groups, rows, singular=True)
        return cls(plain.id, singular.id, str(plain.check))


TRAITS: Final = (Flag.SINGULAR, Flag.SLOPE_NOT_ESTIMABLE, Flag.SLOPE_ESTIMATED)
"""What a reader is told of a fit; it depends on the answers."""


def traits(flags: Collection[Flag], beside: tuple[Records, ...] = ()) -> list[Number]:
    """Each trait as a number the gate judges: 1 where it holds, 0 where it does not."""
    return [Number(str(flag), float(flag in flags), NumberKind.TRAIT, beside) for flag in TRAITS]


@dataclass(frozen=True)
class Planned:
    """One planned figure: its place, and the request the gate judges."""

    place: Place
    request: TableRequest
    model: Fitted | None = None


@dataclass(frozen=True)
class Plan:
    """All planned figures, most important first, and those that were refused beforehand."""

    figures: tuple[Planned, ...] = ()
    refused: tuple[Refused, ...] = ()

    @property
    def requests(self) -> tuple[TableRequest, ...]:
        """What the gate is asked, in order."""
        return tuple(each.request for each in self.figures)

    def model_of(self, place: Place) -> Fitted | None:
        """The model behind the figure of a place, where it has one."""
        return next((each.model for each in self.figures if each.place == place), None)

    def places(self, table: str) -> tuple[Place, ...]:
        """The places of one table that were asked for, in order."""
        return tuple(each.place for each in self.figures if each.place.table == table)

    def joined(self, other: Plan) -> Plan:
        """Both plans, this one first."""
        return Plan(
            (*self.figures, *other.figures),
            (*self.refused, *other.refused),
        )
