"""Does a plan become a survey with its groups, questions and protocol, whole or not at all?"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json

import pytest

from knutepunkt.analysis.instruments import ItemKind, OwnQuestion, Texts, read_catalogue
from knutepunkt.audit.models import AuditEvent
from knutepunkt.directory.lifecycle import PLANNED
from knutepunkt.directory.queries import groups_started_between
from knutepunkt.shared.errors import NotPermitted
from knutepunkt.surveys.actions.instruments import register_participant_survey
from knutepunkt.surveys.actions.keeping import hold_key
from knutepunkt.surveys.actions.planning import (
    AskedGroup,
    discard_draft,
    keep_page,
    plan_survey,
    start_draft,
)
from knutepunkt.surveys.actions.protocols import (
    choose_in_protocol,
    draft_protocol,
    lock_protocol,
    note_deviation,
)
from knutepunkt.surveys.models import InstrumentVersion, Protocol, Survey, SurveyDraft
from knutepunkt.surveys.policies.refusals import (
    DatesOutOfOrder,
    FollowingNeedsTheServer,
    ForeignGroup,
    NoGroupsAsked,
    ProtocolLocked,
    ProtocolNotLocked,
    UnfitQuestions,
)
from knutepunkt.surveys.queries.instruments import instrument_of
from knutepunkt.surveys.queries.rounds import frame_design
from knutepunkt.surveys.vocabulary import Channel
from tests.unit.surveys.conftest import FIRST, LAST, make_group, make_theme

pytestmark = pytest.mark.django_db


def own(text: str) -> OwnQuestion:
    return OwnQuestion(kind=ItemKind.FREE_TEXT, texts=Texts(nb=text, nn=text, en=text))


def test_a_plan_becomes_a_survey_with_one_round_and_its_groups(centre, coordinator, plan):
    asked_round = plan_survey(organisation=centre, plan=plan, by=coordinator)
    assert asked_round.number == 1
    assert asked_round.state == "draft"
    assert [(each.group.name, each.members) for each in asked_round.asked_groups.all()] == [
        ("Gruppe A", 7),
        ("Gruppe B", 6),
        ("Gruppe C", 5),
    ]
    assert instrument_of(asked_round.survey) == read_catalogue()["participant_survey"]
    assert AuditEvent.objects.filter(verb="plan", actor=coordinator).count() == 1


def test_ended_groups_get_letters_where_that_is_chosen(centre, coordinator, plan):
    plan = dataclasses.replace(plan, ended_groups_get=Channel.LETTER)
    asked_round = plan_survey(organisation=centre, plan=plan, by=coordinator)
    by_name = {each.group.name: each.channel for each in asked_round.asked_groups.all()}
    assert by_name == {"Gruppe A": "slips", "Gruppe B": "slips", "Gruppe C": "letter"}
    assert asked_round.channels == ["letter", "slips"]


def test_groups_started_between_two_days_include_ended_ones_of_this_centre_only(
    centre, neighbour, groups
):
    make_group(centre, "Før", started_on=dt.date(2023, 12, 31))
    make_group(centre, "Planlagt", state=PLANNED, started_on=None)
    make_group(neighbour, "Naboens")
    found = groups_started_between(centre, FIRST, LAST)
    assert [group.name for group in found] == ["Gruppe A", "Gruppe B", "Gruppe C"]


def test_a_group_of_another_centre_is_refused_and_nothing_is_made(
    centre, neighbour, coordinator, plan
):
    foreign = AskedGroup(make_group(neighbour, "Naboens"), 5)
    plan = dataclasses.replace(plan, asked=(*plan.asked, foreign))
    with pytest.raises(ForeignGroup):
        plan_survey(organisation=centre, plan=plan, by=coordinator)
    assert not Survey.objects.exists()


def test_nobody_asked_and_days_out_of_order_are_refused(centre, coordinator, plan):
    with pytest.raises(NoGroupsAsked):
        plan_survey(organisation=centre, plan=dataclasses.replace(plan, asked=()), by=coordinator)
    late = dataclasses.replace(plan, report_expected_on=plan.closes_on - dt.timedelta(days=1))
    with pytest.raises(DatesOutOfOrder):
        plan_survey(organisation=centre, plan=late, by=coordinator)
    assert not Survey.objects.exists()


def test_a_starter_of_groups_cannot_plan_a_survey(centre, starter, plan):
    with pytest.raises(NotPermitted):
        plan_survey(organisation=centre, plan=plan, by=starter)
    with pytest.raises(NotPermitted):
        start_draft(organisation=centre, by=starter)


def test_a_sensitive_theme_marks_the_whole_survey(centre, coordinator, plan):
    grave = make_group(centre, "Gruppe D", theme=make_theme("grave-x", is_sensitive=True))
    plan = dataclasses.replace(plan, asked=(*plan.asked, AskedGroup(grave, 5)))
    asked_round = plan_survey(organisation=centre, plan=plan, by=coordinator)
    assert asked_round.survey.is_sensitive
    assert asked_round.survey.protocol.content["privacy"]["sensitive_theme"] is True


def test_own_questions_make_a_new_version_and_the_shipped_one_stays(coordinator):
    shipped = register_participant_survey(by=coordinator)
    with_own = register_participant_survey(by=coordinator, own_questions=[own("Hva mer?")])
    again = register_participant_survey(by=coordinator, own_questions=[own("Hva mer?")])
    assert with_own.pk == again.pk != shipped.pk
    assert InstrumentVersion.objects.count() == 2
    canonical = json.dumps(
        with_own.content, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    assert hashlib.sha256(canonical.encode()).hexdigest() == with_own.pk


def test_six_own_questions_are_refused(coordinator):
    with pytest.raises(UnfitQuestions):
        register_participant_survey(by=coordinator, own_questions=[own(str(n)) for n in range(6)])


def test_a_draft_keeps_each_page_as_typed(centre, coordinator, colleague):
    draft = start_draft(organisation=centre, by=coordinator)
    keep_page(draft=draft, page="dates", fields={"opens_on": ["31.02.2026"]}, by=coordinator)
    keep_page(draft=draft, page="groups", fields={"group": ["1", "2"]}, by=colleague)
    kept = SurveyDraft.objects.get(pk=draft.pk)
    assert kept.pages == {"dates": {"opens_on": ["31.02.2026"]}, "groups": {"group": ["1", "2"]}}
    discard_draft(draft=kept, by=coordinator)
    assert not SurveyDraft.objects.exists()


def test_the_draft_goes_when_the_survey_comes(centre, coordinator, plan):
    draft = start_draft(organisation=centre, by=coordinator)
    plan_survey(organisation=centre, plan=plan, by=coordinator, draft=draft)
    assert not SurveyDraft.objects.exists()


def test_the_protocol_is_filled_in_from_the_plan(centre, coordinator, plan):
    content = plan_survey(organisation=centre, plan=plan, by=coordinator).survey.protocol.content
    assert content["population"] == {
        "groups_started_from": "2024-01-01",
        "groups_started_until": "2026-12-31",
        "ended_groups_included": True,
        "groups": 3,
        "members": 18,
    }
    assert content["primary_outcome"] == "BEN"
    assert content["ends_on"] == "2027-01-15"
    several = dataclasses.replace(plan, planned_rounds=2, title="Igjen")
    content = plan_survey(organisation=centre, plan=several, by=coordinator).survey.protocol.content
    assert content["primary_outcome"] == "MES"
    assert content["smallest_change"] == 0.3


def test_a_locked_protocol_has_the_hash_of_its_content_and_is_not_changed(
    centre, coordinator, plan
):
    survey = plan_survey(organisation=centre, plan=plan, by=coordinator).survey
    with pytest.raises(ProtocolNotLocked):
        note_deviation(survey=survey, what="x", why="y", by=coordinator)
    protocol = lock_protocol(survey=survey, by=coordinator)
    stored = Protocol.objects.get(pk=protocol.pk)
    canonical = json.dumps(
        stored.content, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    assert stored.hash == hashlib.sha256(canonical.encode()).hexdigest()
    for change in (
        lambda: lock_protocol(survey=survey, by=coordinator),
        lambda: draft_protocol(survey=survey, by=coordinator),
        lambda: choose_in_protocol(
            protocol=stored, primary_outcome="TIL", smallest_change=0.1, by=coordinator
        ),
    ):
        with pytest.raises(ProtocolLocked):
            change()
    assert Protocol.objects.get(pk=protocol.pk).hash == stored.hash


def test_choices_in_the_protocol_stay_through_locking(centre, coordinator, plan):
    several = dataclasses.replace(plan, planned_rounds=2)
    survey = plan_survey(organisation=centre, plan=several, by=coordinator).survey
    choose_in_protocol(
        protocol=survey.protocol, primary_outcome="TIL", smallest_change=0.5, by=coordinator
    )
    content = lock_protocol(survey=survey, by=coordinator).content
    assert (content["primary_outcome"], content["smallest_change"]) == ("TIL", 0.5)


def test_an_evaluation_reads_groups_questions_plan_and_deviations(centre, coordinator, plan):
    asked_round = plan_survey(organisation=centre, plan=plan, by=coordinator)
    protocol = lock_protocol(survey=asked_round.survey, by=coordinator)
    note_deviation(
        survey=asked_round.survey,
        what="Ei gruppe kom til",
        why="Ho starta seint",
        by=coordinator,
        noted_on=dt.date(2026, 11, 5),
    )
    design = frame_design(asked_round)
    assert design.members == 18
    assert {each.ref for each in design.groups} == {each.group.pk for each in plan.asked}
    assert design.instrument.id == "participant_survey"
    assert design.protocol_hash == protocol.hash
    assert design.deviations == ((dt.date(2026, 11, 5), "Ei gruppe kom til", "Ho starta seint"),)


def test_a_survey_that_follows_people_keeps_its_key_on_the_server(
    centre, coordinator, plan
) -> None:
    followed = dataclasses.replace(plan, planned_rounds=2, follows_people=True)
    survey = plan_survey(organisation=centre, plan=followed, by=coordinator).survey
    assert Protocol.objects.get(survey=survey).content["privacy"]["follows_people"] is True
    key = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
    with pytest.raises(FollowingNeedsTheServer):
        hold_key(survey=survey, recipients=[key], by=coordinator)
    assert hold_key(survey=survey, recipients=[], by=coordinator).key_holding == "server"
