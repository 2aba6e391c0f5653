"""What does a participant's page say about the round that asks?"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, fields
from uuid import UUID

from knutepunkt.analysis.instruments import Instrument
from knutepunkt.shared import clock
from knutepunkt.surveys.models import Round
from knutepunkt.surveys.queries.instruments import instrument_of

#: A round's facts are read again after so many seconds: an extension shows within that time. The
#: close itself is the vault's to say, at once.
REMEMBERED_SECONDS = 5.0
_MOST_REMEMBERED = 500


@dataclass(frozen=True, eq=False)
class AskedRound:
    """Who asks, with which questionnaire, and until when."""

    round_ref: UUID
    centre: str
    language: str
    is_example: bool
    instrument: Instrument
    opens_on: dt.date
    closes_on: dt.date
    report_expected_on: dt.date | None
    is_open: bool
    number: int = 1
    planned_rounds: int = 1
    follows_people: bool = False
    asks_about_oneself: bool = False

    @property
    def comes_again(self) -> bool:
        """Say whether the card given now is of use in a round to come."""
        return self.follows_people and self.number < self.planned_rounds

    @property
    def has_card_page(self) -> bool:
        """Say whether there is anything to ask so that a person can be found again."""
        return self.follows_people and (self.number > 1 or self.asks_about_oneself)

    def takes_answers(self, today: dt.date | None = None) -> bool:
        """Say whether an answer is taken today; the day of the deadline is included."""
        return self.is_open and (today or clock.today()) <= self.closes_on

    def says_the_same_as(self, other: AskedRound | None) -> bool:
        """Say whether a page about the one is a page about the other."""
        return other is not None and all(
            getattr(self, each.name) == getattr(other, each.name) for each in fields(self)
        )


@dataclass
class _Remembered:
    facts: AskedRound | None
    read_at: float


_remembered: dict[UUID, _Remembered] = {}


def asked_round(round_ref: UUID) -> AskedRound | None:
    """Return the facts a participant's page shows, or None where the round was deleted.

    While one visit reads them again, the others go on with what is known; facts that have not
    changed stay the same object, and so do the pages made of them.
    """
    now = time.monotonic()
    known = _remembered.get(round_ref)
    if known is not None and now - known.read_at < REMEMBERED_SECONDS:
        return known.facts
    if known is None:
        if len(_remembered) >= _MOST_REMEMBERED:
            _remembered.clear()
        known = _remembered.setdefault(round_ref, _Remembered(_read(round_ref), now))
        return known.facts
    known.read_at = now
    facts = _read(round_ref)
    if facts is None or not facts.says_the_same_as(known.facts):
        known.facts = facts
    return known.facts


def forget_asked_rounds() -> None:
    """Read every round again at the next visit."""
    _remembered.clear()


def _read(round_ref: UUID) -> AskedRound | None:
    rounds = Round.objects.select_related("survey__organisation")
    asked = rounds.filter(pk=round_ref).first()
    if asked is None:
        return None
    centre = asked.survey.organisation
    return AskedRound(
        round_ref=round_ref,
        centre=centre.name,
        language=centre.language,
        is_example=centre.is_example,
        instrument=instrument_of(asked.survey),
        opens_on=asked.opens_on,
        closes_on=asked.closes_on,
        report_expected_on=asked.report_expected_on,
        is_open=asked.is_open,
        number=asked.number,
        planned_rounds=asked.survey.planned_rounds,
        follows_people=asked.survey.follows_people,
        asks_about_oneself=asked.survey.asks_about_oneself,
    )
