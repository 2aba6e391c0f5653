"""What does somebody read when a file or a design cannot be used?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where in a file: row as a spreadsheet counts (the heading is row 1), column by name."""

    file: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        parts = [self.file]
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column is not None:
            parts.append(f"column {self.column!r}")
        return ", ".join(parts)


class BadInput(Exception):
    """The file or the design cannot be used: where, what is wrong, and what to do."""

    def __init__(self, place: Place, what: str, remedy: str) -> None:
        super().__init__(f"{place}: {what} {remedy}")
        self.place = place
        self.what = what
        self.remedy = remedy
