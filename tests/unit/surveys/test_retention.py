"""Is what has outlived its time deleted, nothing else, and is it written down?"""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from knutepunkt.audit.models import Deletion
from knutepunkt.cli.expiring import expire_all
from knutepunkt.people.models import Invitation, Membership, Person
from knutepunkt.people.vocabulary import Role
from knutepunkt.responses import actions as vault
from knutepunkt.responses.models import SealedAnswer, SealedRound
from knutepunkt.responses.queries import slip_standing
from knutepunkt.responses.sealing import seal_letter
from knutepunkt.shared.errors import Refusal
from knutepunkt.surveys.actions.planning import plan_survey, start_draft
from knutepunkt.surveys.actions.protocols import lock_protocol
from knutepunkt.surveys.actions.rounds import close_round, open_round
from knutepunkt.surveys.actions.slips import print_slips
from knutepunkt.surveys.models import Round, SurveyDraft
from knutepunkt.surveys.queries.retention import deletions_of

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)
TODAY = dt.date(2028, 12, 31)


@pytest.fixture
def closed(centre, coordinator, plan) -> Round:
    asked_round = open_round(
        asked_round=plan_survey(organisation=centre, plan=plan, by=coordinator), by=coordinator
    )
    code = print_slips(asked_round=asked_round, by=coordinator)[0].codes[0]
    standing = slip_standing(code)
    letter = seal_letter({"answers": {"BEN1": 4}}, standing.recipient, standing.size)
    vault.receive(code=code, sealed=letter, receipt_digest=b"x" * 32)
    lock_protocol(survey=asked_round.survey, by=coordinator)
    return close_round(asked_round=asked_round, by=coordinator)


def closed_on(asked_round: Round, day: dt.date) -> None:
    Round.objects.filter(pk=asked_round.pk).update(closed_on=day)


def test_answers_are_destroyed_two_years_after_the_last_close_with_a_record(closed, centre):
    assert SealedAnswer.objects.count() == 1
    closed_on(closed, TODAY - dt.timedelta(days=730))
    assert expire_all(TODAY)["answers of rounds"] == 0
    assert SealedAnswer.objects.count() == 1
    closed_on(closed, TODAY - dt.timedelta(days=731))
    assert expire_all(TODAY)["answers of rounds"] == 1
    assert not SealedAnswer.objects.exists()
    assert bytes(SealedRound.objects.get().wrapped_identity) == b""
    closed.refresh_from_db()
    assert closed.answers_destroyed_on == TODAY
    record = Deletion.objects.get(kind="answers")
    assert record.subject_id == str(closed.pk)
    assert record.count is None
    assert [each.kind for each, _words in deletions_of(centre)] == ["answers"]
    # Done twice is done: no second record.
    assert expire_all(TODAY)["answers of rounds"] == 0
    assert Deletion.objects.count() == 1


def test_a_stop_between_the_databases_is_finished_the_next_night(closed):
    closed_on(closed, TODAY - dt.timedelta(days=800))
    vault.destroy_round(round_ref=closed.pk)
    assert expire_all(TODAY)["answers of rounds"] == 1
    assert Deletion.objects.get().kind == "answers"


def test_a_survey_with_a_round_to_come_keeps_its_answers(closed):
    closed_on(closed, TODAY - dt.timedelta(days=900))
    Round.objects.create(
        survey=closed.survey, number=2, opens_on=TODAY, closes_on=TODAY + dt.timedelta(days=9)
    )
    assert expire_all(TODAY)["answers of rounds"] == 0
    assert SealedAnswer.objects.count() == 1


def test_another_centre_does_not_read_of_the_deletion(closed, neighbour):
    closed_on(closed, TODAY - dt.timedelta(days=800))
    expire_all(TODAY)
    assert deletions_of(neighbour) == []


def test_plans_invitations_and_accounts_go_when_their_time_is_over(centre, coordinator, starter):
    now = timezone.make_aware(dt.datetime(2028, 12, 31, 12))
    fresh, old = (start_draft(organisation=centre, by=coordinator) for _each in range(2))
    SurveyDraft.objects.filter(pk=old.pk).update(changed_at=now - dt.timedelta(days=200))
    SurveyDraft.objects.filter(pk=fresh.pk).update(changed_at=now - dt.timedelta(days=20))
    for days in (10, 60):
        Invitation.objects.create(
            digest=str(days),
            email=f"d{days}@example.org",
            organisation=centre,
            role=Role.EDITOR,
            expires_at=now - dt.timedelta(days=days),
        )
    gone = Person.objects.create_user("borte@example.org", None, name="Borte")
    seen = Person.objects.create_user("nylig@example.org", None, name="Nylig")
    Person.objects.update(created_at=now - dt.timedelta(days=2000))
    Person.objects.filter(pk=seen.pk).update(last_login=now - dt.timedelta(days=30))
    deleted = expire_all(TODAY)
    assert deleted["unfinished plans"] == deleted["invitations"] == deleted["accounts"] == 1
    assert list(SurveyDraft.objects.all()) == [fresh]
    assert Invitation.objects.get().email == "d10@example.org"
    assert set(Person.objects.all()) == {coordinator, starter, seen}
    assert not Person.objects.filter(pk=gone.pk).exists()
    assert {each.kind for each in Deletion.objects.all()} == {"drafts", "invitations", "accounts"}
    assert Membership.objects.filter(person=coordinator).exists()


def test_a_record_of_a_deletion_cannot_be_changed_or_deleted(closed):
    closed_on(closed, TODAY - dt.timedelta(days=800))
    expire_all(TODAY)
    record = Deletion.objects.get()
    for act in (record.save, record.delete):
        with pytest.raises(Refusal):
            act()
