"""What can stand in a cell or a sentence of a report, and where does each number come from?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from knutepunkt.analysis.instruments.texts import Texts


class Unit(StrEnum):
    """What a number counts or measures; it decides how the number is written."""

    COUNT = "count"
    PERCENT = "percent"
    SCORE = "score"
    STANDARDISED = "standardised"
    RELIABILITY = "reliability"
    DEGREES = "degrees_of_freedom"
    PLAIN = "plain"


@dataclass(frozen=True)
class Source:
    """Where a number comes from: the query on the answers, the model row, the gate's statement.

    `statement` is the id the gate gave the released statement; None only for numbers that say
    nothing about answers (a threshold of the policy, a date, the number of questions).
    """

    query: str
    statement: str | None = None
    model: str | None = None


@dataclass(frozen=True)
class Number:
    """A released number, already rounded by the gate, written with `decimals` decimals."""

    value: float
    unit: Unit
    source: Source
    decimals: int = 0


@dataclass(frozen=True)
class Range:
    """A released interval from `low` to `high`, rounded as the number it belongs to."""

    low: float
    high: float
    unit: Unit
    source: Source
    decimals: int = 0


@dataclass(frozen=True)
class Band:
    """A share known only to be at least or at most so many per cent."""

    percent: float
    at_least: bool
    source: Source


@dataclass(frozen=True)
class Below:
    """A count known only to be below the policy's threshold, zero included."""

    threshold: int
    source: Source


@dataclass(frozen=True)
class AtLeast:
    """A count known only to be at least so many."""

    threshold: int
    source: Source


@dataclass(frozen=True)
class Withheld:
    """A figure that is not shown. It carries nothing: no reason, no size, no rung."""


@dataclass(frozen=True)
class NotMade:
    """A figure the method refuses to make; `sentence` says why, from what is public anyway."""

    sentence: Sentence


@dataclass(frozen=True)
class Day:
    """A date that a protocol or a survey fixes."""

    value: date


@dataclass(frozen=True)
class Verbatim:
    """Characters shown as they stand: a hash, a version, an id."""

    value: str


NOTHING = Verbatim("")
"""A cell in which there is nothing to say, as the interval of a band."""


@dataclass(frozen=True)
class Quoted:
    """Words of a participant as they were written, in the `language` they were written in."""

    words: str
    language: str
    source: Source


@dataclass(frozen=True)
class Sentence:
    """A message of the catalogue with what is filled in: the same in every language and format."""

    message: str
    parameters: Mapping[str, Value] = field(default_factory=dict)


Value = (
    Number
    | Range
    | Band
    | Below
    | AtLeast
    | Withheld
    | NotMade
    | Day
    | Verbatim
    | Quoted
    | Texts
    | Sentence
)
