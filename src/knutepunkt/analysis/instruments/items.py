"""What is one question, and what must the rest of the product know about it?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from knutepunkt.analysis.instruments.texts import Texts

LONGEST_TEXT = 1500


class ItemKind(StrEnum):
    """The ways a question can be answered."""

    SINGLE_CHOICE = "single_choice"
    SCALE = "scale"
    MULTIPLE_CHOICE = "multiple_choice"
    NUMBER = "number"
    FREE_TEXT = "free_text"
    INFORMATION = "information"


CLOSED_KINDS = frozenset({ItemKind.SINGLE_CHOICE, ItemKind.SCALE, ItemKind.MULTIPLE_CHOICE})


@dataclass(frozen=True)
class Part:
    """One page of the questionnaire: a heading and the items under it."""

    id: str
    texts: Texts
    lead: Texts | None = None


@dataclass(frozen=True)
class Item:
    """One question or one piece of information.

    `harm` items are always reported, one by one, and can be part of no scale. `sensitive` items
    may not be shown at 0 or 100 %. `reversed` items count from the other end in a scale.
    `consent_to_quote`: a free text that asks whether it may be quoted, default no.
    `seed` names what in the mission the item answers to. `own` marks a centre's own question.
    """

    id: str
    kind: ItemKind
    part: str
    texts: Texts
    response_set: str | None = None
    reversed: bool = False
    does_not_apply: bool = True
    prefer_not_to_say: bool = True
    sensitive: bool = True
    harm: bool = False
    background: bool = False
    seed: str = ""
    own: bool = False
    consent_to_quote: bool = False
    longest: int = LONGEST_TEXT
    minimum: float | None = None
    maximum: float | None = None
    whole_numbers: bool = True

    @property
    def is_closed(self) -> bool:
        """Whether it is answered by choosing among options."""
        return self.kind in CLOSED_KINDS

    @property
    def takes_an_answer(self) -> bool:
        """Whether there is anything to answer."""
        return self.kind is not ItemKind.INFORMATION
