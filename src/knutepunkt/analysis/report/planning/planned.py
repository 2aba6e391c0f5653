"""What is planned to be shown: the requests to the gate, and what each of them stands for?"""

from __future__ import annotations

from dataclasses import dataclass

from knutepunkt.analysis.disclosure.statements import TableRequest
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

    Only refusals that follow from what is public anyway (how many answered, how many groups) have
    a sentence of their own; whatever depends on the answers is withheld like any other figure.
    """

    place: Place
    sentence: Sentence


@dataclass(frozen=True)
class Fitted:
    """The model behind a figure: the row of the policy table that fired, and what to mention.

    `flags` can depend on the answers, so they are told only beside a figure that was released.
    """

    row: str
    formula: str
    check: str = "none"
    flags: tuple[str, ...] = ()


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
