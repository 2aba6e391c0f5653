"""Which surveys and rounds does a centre have, whom do they ask, and what comes next?"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from knutepunkt.analysis.instruments import Instrument
from knutepunkt.directory.lifecycle import ENDED, SPLIT
from knutepunkt.directory.models import Group
from knutepunkt.people.models import Organisation
from knutepunkt.shared.alphabet import in_order
from knutepunkt.surveys.lifecycle import CLOSED, DRAFT, OPEN
from knutepunkt.surveys.models import Round, RoundGroup, Survey, SurveyDraft
from knutepunkt.surveys.queries.instruments import instrument_of
from knutepunkt.surveys.queries.protocols import protocol_of


def surveys_of(organisation: Organisation) -> QuerySet[Survey]:
    """Return the centre's surveys, newest first, with their rounds in order."""
    return (
        Survey.objects.filter(organisation=organisation)
        .select_related("instrument")
        .prefetch_related(Prefetch("rounds", queryset=Round.objects.order_by("number")))
    )


def drafts_of(organisation: Organisation) -> QuerySet[SurveyDraft]:
    """Return the surveys the centre is planning, the one worked on last first."""
    return SurveyDraft.objects.filter(organisation=organisation).select_related("made_by")


def rounds_of(organisation: Organisation) -> QuerySet[Round]:
    """Return the centre's rounds with their surveys, in the order they open."""
    return (
        Round.objects.filter(survey__organisation=organisation)
        .select_related("survey__organisation")
        .order_by("opens_on", "number")
    )


def is_ended(group: Group) -> bool:
    """Say whether the group no longer meets under its name: ended, or split into others."""
    return group.state in (ENDED, SPLIT)


def asked_groups_of(asked_round: Round) -> list[RoundGroup]:
    """Return the groups a round asks, by name."""
    return sorted(
        asked_round.asked_groups.select_related("group__theme"),
        key=lambda asked: in_order(asked.group.name),
    )


def members_last_asked(organisation: Organisation) -> dict[UUID, int]:
    """Return how many members of each group were asked the last time it was asked."""
    asked = RoundGroup.objects.filter(round__survey__organisation=organisation)
    in_time = asked.order_by("round__opens_on", "round__number")
    return {each.group_id: each.members for each in in_time}


@dataclass(frozen=True)
class AskedGroupDesign:
    """A group as an evaluation needs it: a reference, how many were asked in which way, and where.

    ``county`` is empty where the group has no place, or its address is withheld.
    """

    ref: UUID
    members: int
    slips: int
    channel: str
    county: str = ""


@dataclass(frozen=True)
class FrameDesign:
    """What an evaluation must know of a round beside its answers.

    ``protocol`` is the plan's content, ``protocol_hash`` its fingerprint ("" until locked),
    ``deviations`` what was noted as different from it: day, what, why.
    """

    round_ref: UUID
    number: int
    opens_on: dt.date
    closes_on: dt.date
    closed_on: dt.date | None
    instrument: Instrument
    groups: tuple[AskedGroupDesign, ...]
    is_sensitive: bool
    follows_people: bool
    protocol: dict[str, Any]
    protocol_hash: str
    deviations: tuple[tuple[dt.date, str, str], ...]

    @property
    def members(self) -> int:
        """How many were asked in all."""
        return sum(group.members for group in self.groups)


def frame_design(asked_round: Round) -> FrameDesign:
    """Return whom a round asked, with which questions, under which plan."""
    survey = asked_round.survey
    protocol = protocol_of(survey)
    deviations = protocol.deviations.order_by("noted_on", "pk") if protocol is not None else ()
    return FrameDesign(
        round_ref=asked_round.pk,
        number=asked_round.number,
        opens_on=asked_round.opens_on,
        closes_on=asked_round.closes_on,
        closed_on=asked_round.closed_on,
        instrument=instrument_of(survey),
        groups=tuple(
            AskedGroupDesign(
                each.group_id,
                each.members,
                each.slips_printed + each.slips_replaced,
                each.channel,
                each.group.county_on(asked_round.closes_on),
            )
            for each in asked_groups_of(asked_round)
        ),
        is_sensitive=survey.is_sensitive,
        follows_people=survey.follows_people,
        protocol=protocol.content if protocol is not None else {},
        protocol_hash=protocol.hash if protocol is not None else "",
        deviations=tuple((each.noted_on, each.what, each.why) for each in deviations),
    )


def open_rounds(organisation: Organisation) -> list[Round]:
    """Return the rounds that can be answered or wait to be closed."""
    return list(rounds_of(organisation).filter(state=OPEN))


def waiting_rounds(organisation: Organisation) -> list[Round]:
    """Return the rounds that are planned and not yet opened."""
    return list(rounds_of(organisation).filter(state=DRAFT))


def closed_rounds(organisation: Organisation) -> list[Round]:
    """Return the rounds whose answers can be evaluated."""
    return list(rounds_of(organisation).filter(state=CLOSED))
