"""What is planned to be shown: the requests to the gate, and what each of them stands for?"""

from __future__ import annotations

from dataclasses import dataclass, field

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
class Planned:
    """One planned figure: its place, and the request the gate judges."""

    place: Place
    request: TableRequest
    model: str | None = None


@dataclass(frozen=True)
class Plan:
    """All planned figures, most important first, and those that were refused beforehand."""

    figures: tuple[Planned, ...] = ()
    refused: tuple[Refused, ...] = ()
    facts: tuple[tuple[str, str], ...] = field(default=())

    @property
    def requests(self) -> tuple[TableRequest, ...]:
        """What the gate is asked, in order."""
        return tuple(each.request for each in self.figures)

    def places(self, table: str) -> tuple[Place, ...]:
        """The places of one table that were asked for, in order."""
        return tuple(each.place for each in self.figures if each.place.table == table)

    def joined(self, other: Plan) -> Plan:
        """Both plans, this one first."""
        return Plan(
            (*self.figures, *other.figures),
            (*self.refused, *other.refused),
            (*self.facts, *other.facts),
        )
