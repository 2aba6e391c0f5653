"""What would a report look like with so many answers: which lines, in how many pieces?

The lengths drawn are the same for everybody and come from no answer; they only show the detail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knutepunkt.surveys.queries.expectations import Expectation, Telling

WIDTH = 280
#: Lengths of the pieces a line is drawn in, by how much can be told.
PIECES = {
    Telling.FIVE: (12, 28, 60, 110, 70),
    Telling.THREE: (40, 60, 180),
    Telling.TWO: (80, 200),
    Telling.BAND: (224,),
    Telling.FIGURE: (150,),
    Telling.FEWER: (60,),
}


@dataclass(frozen=True)
class Piece:
    """One piece of a line: where it begins, how long it is, how dark."""

    x: int
    width: int
    shade: int


@dataclass(frozen=True)
class Line:
    """One line of the example: what it is about, how much is told, and its pieces."""

    about: str
    telling: Telling
    pieces: tuple[Piece, ...]
    is_open: bool


@dataclass(frozen=True)
class Example:
    """An example report for so many answers."""

    answers: int
    lines: tuple[Line, ...]


def examples_of(expected: Sequence[Expectation]) -> tuple[Example, ...]:
    """Return one example report for each number of answers."""
    return tuple(
        Example(
            each.answers,
            (
                _line("benefit", each.benefit),
                _line("score", each.score),
                _line("harm", each.harm),
            ),
        )
        for each in expected
    )


def _line(about: str, telling: Telling) -> Line:
    pieces: list[Piece] = []
    x = 0
    for shade, width in enumerate(PIECES.get(telling, ())):
        pieces.append(Piece(x, width - 2, shade))
        x += width
    # "At least" reaches an unknown way further, so its end stays open.
    return Line(about, telling, tuple(pieces), telling is Telling.BAND)
