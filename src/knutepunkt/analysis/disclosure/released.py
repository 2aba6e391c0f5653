"""What leaves the gate, and what stays behind?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from knutepunkt.analysis.disclosure.ladder import Band, Cell, Rung
from knutepunkt.analysis.disclosure.rounding import ReleasedNumber


@dataclass(frozen=True)
class ReleasedCell:
    """One published category: its codes, its rounded percentage and its rounded interval."""

    codes: Cell
    percent: float
    low: float | None = None
    high: float | None = None

    def as_json(self) -> dict[str, Any]:
        """The cell as the reader is told it."""
        return {
            "codes": list(self.codes),
            "percent": self.percent,
            "low": self.low,
            "high": self.high,
        }


@dataclass(frozen=True)
class CountClass:
    """A count told only as "fewer than t" or "t or more".

    ``fewer_than`` or ``at_least`` holds t, the other is None; ``codes`` is what is counted.
    """

    name: str
    fewer_than: int | None
    at_least: int | None
    codes: Cell = ()

    def as_json(self) -> dict[str, Any]:
        """The class as the reader is told it."""
        return {
            "name": self.name,
            "fewer_than": self.fewer_than,
            "at_least": self.at_least,
            "codes": list(self.codes),
        }


@dataclass(frozen=True)
class ResponseClass:
    """A group's response as a share between two bounds; ``group`` is None when groups are counted.

    With ``group`` None, ``groups`` is the number of groups in the class.
    """

    group: str | None
    low: float
    high: float
    groups: int = 1

    def as_json(self) -> dict[str, Any]:
        """The class as the reader is told it."""
        return {"group": self.group, "low": self.low, "high": self.high, "groups": self.groups}


@dataclass(frozen=True)
class ReleasedQuotation:
    """Words of one participant under a code that others share; never more."""

    code: str
    words: str
    language: str = ""

    def as_json(self) -> dict[str, Any]:
        """The quotation as the reader is told it."""
        return {"code": self.code, "words": self.words, "language": self.language}


@dataclass(frozen=True)
class Released:
    """One figure as it may be shown; what is empty is not shown."""

    table: str
    cell: str
    kind: str
    rung: Rung
    n: int | None = None
    categories: tuple[ReleasedCell, ...] = ()
    band: Band | None = None
    count_class: CountClass | None = None
    numbers: tuple[ReleasedNumber, ...] = ()
    counts: tuple[ReleasedNumber | CountClass, ...] = ()
    responses: tuple[ResponseClass, ...] = ()
    quotations: tuple[ReleasedQuotation, ...] = ()

    def number(self, name: str) -> ReleasedNumber | None:
        """The released number of that name, or None where it stayed behind."""
        return next((number for number in self.numbers if number.name == name), None)

    def as_json(self) -> dict[str, Any]:
        """Exactly what the reader is told, in a fixed order."""
        return {
            "table": self.table,
            "cell": self.cell,
            "kind": self.kind,
            "rung": str(self.rung),
            "n": self.n,
            "categories": [cell.as_json() for cell in self.categories],
            "band": None if self.band is None else self.band.as_json(),
            "class": None if self.count_class is None else self.count_class.as_json(),
            "numbers": [number.as_json() for number in self.numbers],
            "counts": [count.as_json() for count in self.counts],
            "responses": [response.as_json() for response in self.responses],
            "quotations": [quotation.as_json() for quotation in self.quotations],
        }


class Cause(StrEnum):
    """Why a figure was withheld, as far as anyone may be told.

    Everything that depends on the answers is one and the same cause.
    """

    PROTECTION = "protection"
    ROUND_OPEN = "round_open"
    NOT_EXPRESSIBLE = "not_expressible"
    SOLVER_STOPPED = "solver_stopped"
    TOO_MANY_COMPARISONS = "too_many_comparisons"
    LEDGER_BROKEN = "ledger_broken"
    POLICY_BELOW_FLOOR = "policy_below_floor"
    AUDIT_DISAGREES = "audit_disagrees"


@dataclass(frozen=True)
class Withheld:
    """A planned figure that is not shown; the reader gets one sentence whatever the cause."""

    table: str
    cell: str
    cause: Cause
    detail: str = ""


@dataclass(frozen=True)
class Finding:
    """Something true of the whole release that the second person may read, as code and numbers."""

    code: str
    numbers: tuple[tuple[str, float], ...] = ()
