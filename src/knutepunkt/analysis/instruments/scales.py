"""Which items are read together as one score, and what does a difference in it mean?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from knutepunkt.analysis.instruments.texts import Texts


class ScaleRole(StrEnum):
    """What a scale is used for in a report."""

    PERCEIVED_CHANGE = "perceived_change"
    OUTCOME = "outcome"
    MECHANISM = "mechanism"


@dataclass(frozen=True)
class Scale:
    """A score: the mean of the answered items, when enough of them are answered.

    `minimum_answered` is the share of items that must be answered, written as a fraction ("2/3").
    `centre` is the score that means "as before" or "neither"; scores themselves stay on low..high.
    `smallest_change` is the smallest difference that matters, in points of the score.
    `reliability_note` says what is known of the reliability of this wording.
    """

    id: str
    texts: Texts
    items: tuple[str, ...]
    role: ScaleRole
    scoring: str = "mean"
    minimum_answered: str = "2/3"
    low: float = 1.0
    high: float = 5.0
    centre: float | None = None
    smallest_change: float | None = None
    primary: bool = False
    reliability_note: Texts | None = None

    @property
    def least_answered(self) -> int:
        """The smallest number of answered items that gives a score, at least one."""
        return max(1, math.ceil(Fraction(self.minimum_answered) * len(self.items)))
