"""How does a survey come into being, from the first page of its plan to a round ready to open?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from knutepunkt.analysis.instruments import OwnQuestion
from knutepunkt.audit.actions import record
from knutepunkt.directory.lifecycle import ENDED
from knutepunkt.directory.models import Group
from knutepunkt.people.models import Organisation, Person
from knutepunkt.surveys.actions.instruments import register_participant_survey
from knutepunkt.surveys.actions.protocols import draft_protocol
from knutepunkt.surveys.models import Round, RoundGroup, Survey, SurveyDraft
from knutepunkt.surveys.policies.refusals import DatesOutOfOrder, ForeignGroup, NoGroupsAsked
from knutepunkt.surveys.policies.runners import require_survey_runner
from knutepunkt.surveys.vocabulary import Channel


@dataclass(frozen=True)
class AskedGroup:
    """A group to ask, and how many of its members (former members of an ended group) to ask."""

    group: Group
    members: int


@dataclass(frozen=True)
class SurveyPlan:
    """Everything a coordinator decides before a survey exists.

    ``ended_groups_get`` is how groups that have ended get the survey, where that differs.
    """

    title: str
    groups_from: dt.date
    groups_until: dt.date
    asked: tuple[AskedGroup, ...]
    opens_on: dt.date
    closes_on: dt.date
    report_expected_on: dt.date | None = None
    groups_get: Channel = Channel.SLIPS
    ended_groups_get: Channel | None = None
    own_questions: tuple[OwnQuestion, ...] = ()
    planned_rounds: int = 1
    is_sensitive: bool = False
    follows_people: bool = False
    asks_about_oneself: bool = False

    def channel_for(self, group: Group) -> Channel:
        """Return how this group gets the survey."""
        if group.state == ENDED and self.ended_groups_get is not None:
            return self.ended_groups_get
        return self.groups_get


@transaction.atomic
def start_draft(*, organisation: Organisation, by: Person) -> SurveyDraft:
    """Start planning a survey; what is typed is kept on the server from the first page on."""
    require_survey_runner(by, organisation)
    draft = SurveyDraft.objects.create(organisation=organisation, made_by=by)
    record("start_draft", draft, by=by, organisation_id=organisation.pk)
    return draft


@transaction.atomic
def keep_page(
    *, draft: SurveyDraft, page: str, fields: Mapping[str, Sequence[str]], by: Person
) -> SurveyDraft:
    """Keep what was typed on one page, as it was typed, so that going back loses nothing."""
    require_survey_runner(by, draft.organisation)
    fresh = SurveyDraft.objects.select_for_update().get(pk=draft.pk)
    fresh.pages = {**fresh.pages, page: {name: list(values) for name, values in fields.items()}}
    fresh.save(update_fields=["pages", "changed_at"])
    record("keep_page", fresh, by=by, organisation_id=draft.organisation_id, page=page)
    return fresh


@transaction.atomic
def discard_draft(*, draft: SurveyDraft, by: Person) -> None:
    """Throw a plan away that never became a survey."""
    require_survey_runner(by, draft.organisation)
    record("discard_draft", draft, by=by, organisation_id=draft.organisation_id)
    draft.delete()


@transaction.atomic
def plan_survey(
    *,
    organisation: Organisation,
    plan: SurveyPlan,
    by: Person,
    draft: SurveyDraft | None = None,
) -> Round:
    """Make the survey, its first round and its protocol; the draft has then done its work."""
    require_survey_runner(by, organisation)
    check_dates(plan.opens_on, plan.closes_on, plan.report_expected_on)
    survey = Survey.objects.create(
        organisation=organisation,
        title=plan.title,
        instrument=register_participant_survey(by=by, own_questions=plan.own_questions),
        groups_from=plan.groups_from,
        groups_until=plan.groups_until,
        planned_rounds=plan.planned_rounds,
        is_sensitive=plan.is_sensitive or any(each.group.theme.is_sensitive for each in plan.asked),
        follows_people=plan.follows_people,
        asks_about_oneself=plan.asks_about_oneself,
        made_by=by,
    )
    asked_round = Round.objects.create(
        survey=survey,
        opens_on=plan.opens_on,
        closes_on=plan.closes_on,
        report_expected_on=plan.report_expected_on,
    )
    ask_groups(asked_round, [(each, plan.channel_for(each.group)) for each in plan.asked])
    draft_protocol(survey=survey, by=by)
    record("plan", survey, by=by, organisation_id=organisation.pk, title=survey.title)
    if draft is not None:
        draft.delete()
    return asked_round


def ask_groups(asked_round: Round, asked: Sequence[tuple[AskedGroup, Channel]]) -> None:
    """Write down which groups a round asks; part of planning it, inside that transaction."""
    organisation_id = asked_round.survey.organisation_id
    if not asked:
        raise NoGroupsAsked
    if any(each.group.organisation_id != organisation_id for each, _channel in asked):
        raise ForeignGroup
    RoundGroup.objects.bulk_create(
        RoundGroup(round=asked_round, group=each.group, members=each.members, channel=channel)
        for each, channel in asked
    )
    asked_round.channels = sorted({str(channel) for _each, channel in asked})
    asked_round.save(update_fields=["channels"])


def check_dates(opens_on: dt.date, closes_on: dt.date, report_on: dt.date | None) -> None:
    """Raise ``DatesOutOfOrder`` unless opening, deadline and report follow each other."""
    if closes_on < opens_on or (report_on is not None and report_on < closes_on):
        raise DatesOutOfOrder
