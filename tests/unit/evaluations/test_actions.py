"""Does a report reach its readers only through the gate and a second person?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from knutepunkt.evaluations import actions
from knutepunkt.evaluations.actions import approving
from knutepunkt.evaluations.actions.asking import InvitationOver
from knutepunkt.evaluations.actions.ending import NeedsReason
from knutepunkt.evaluations.locking import unlock_ledger
from knutepunkt.evaluations.models import Evaluation, Release
from knutepunkt.evaluations.policies import (
    ChangedMeanwhile,
    ClockJumped,
    LedgerBroken,
    NeedsSecondPerson,
    NotYourApproval,
    RoundStillOpen,
    may_read,
)
from knutepunkt.evaluations.queries import broken_ledger_entry, ledger_entries
from knutepunkt.people.models import Person
from knutepunkt.responses.models import ContributorSet
from knutepunkt.shared.errors import NotNow, NotPermitted, Refusal
from knutepunkt.surveys.models import Round
from tests.unit.evaluations.conftest import Centre

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)


def made(centre: Centre, audience: str = "centre") -> Evaluation:
    return centre.first(
        f"report-for-{audience}",
        lambda: actions.make_evaluation(
            survey=centre.asked_round.survey,
            rounds=[centre.asked_round],
            audience=audience,
            by=centre.maker,
        ),
    )


def proposed(centre: Centre, audience: str = "centre") -> Evaluation:
    return actions.ask_colleague(
        evaluation=made(centre, audience), approver=centre.colleague, by=centre.maker
    )


def released(centre: Centre) -> Evaluation:
    evaluation = proposed(centre)
    actions.approve(evaluation=evaluation, by=centre.colleague)
    evaluation.refresh_from_db()
    return evaluation


def test_from_closed_round_to_ledger(centre: Centre) -> None:
    evaluation = released(centre)
    assert evaluation.state == "released"
    assert evaluation.release.approved_by == centre.colleague
    assert evaluation.judged["document"]["figures"]
    assert broken_ledger_entry() is None
    keys = {row["key"] for st in evaluation.release.statements for row in st["sets"]}
    assert keys == set(ContributorSet.objects.values_list("record_set_ref", flat=True))


def test_the_report_holds_no_participant_group_or_round_reference(centre: Centre) -> None:
    evaluation = released(centre)
    stored = str(evaluation.report) + str(evaluation.judged["document"])
    for kept in ContributorSet.objects.all():
        for participant in kept.record_set["participants"]:
            assert participant not in stored
    for asked in centre.asked_round.asked_groups.select_related("group"):
        assert asked.group.name not in stored


def test_an_open_round_gives_no_report(centre: Centre) -> None:
    Round.objects.filter(pk=centre.asked_round.pk).update(state="open", closed_on=None)
    centre.asked_round.refresh_from_db()
    with pytest.raises(RoundStillOpen):
        made(centre)
    assert not Evaluation.objects.exists()


def test_the_maker_never_approves(centre: Centre) -> None:
    evaluation = made(centre)
    with pytest.raises(NeedsSecondPerson):
        actions.ask_colleague(evaluation=evaluation, approver=centre.maker, by=centre.maker)
    with pytest.raises(NeedsSecondPerson):
        actions.invite_reviewer(
            evaluation=evaluation, email=centre.maker.email.upper(), by=centre.maker
        )
    with pytest.raises(NeedsSecondPerson):
        actions.approve(evaluation=proposed(centre), by=centre.maker)
    evaluation.approver = centre.maker
    with pytest.raises(IntegrityError):
        evaluation.save()


def test_only_the_one_who_was_asked_approves(centre: Centre) -> None:
    evaluation = proposed(centre)
    other = Person.objects.create_user("other@example.org", None, name="Other")
    with pytest.raises(NotYourApproval):
        actions.approve(evaluation=evaluation, by=other)
    assert not Release.objects.exists()


def test_somebody_outside_is_invited_for_one_report_alone(centre: Centre) -> None:
    first, second = made(centre), made(centre)
    actions.invite_reviewer(evaluation=first, email="board@example.org", by=centre.maker)
    token = mail.outbox[-1].body.rstrip("/").rsplit("/", 1)[-1]
    board = Person.objects.create_user("board@example.org", None, name="Board")
    assert actions.accept_review(token=token, by=board) == first
    first.refresh_from_db()
    assert may_read(board, first)
    assert not may_read(board, second)
    with pytest.raises(InvitationOver):
        actions.accept_review(token=token, by=board)
    actions.approve(evaluation=first, by=board)
    assert Release.objects.get().approved_by == board


def test_the_link_is_no_use_to_the_one_who_made_the_report(centre: Centre) -> None:
    evaluation = made(centre)
    actions.invite_reviewer(evaluation=evaluation, email="board@example.org", by=centre.maker)
    token = mail.outbox[-1].body.rstrip("/").rsplit("/", 1)[-1]
    with pytest.raises(NeedsSecondPerson):
        actions.accept_review(token=token, by=centre.maker)


def test_the_email_names_no_figure_and_no_group(centre: Centre) -> None:
    proposed(centre)
    text = mail.outbox[-1].subject + mail.outbox[-1].body
    assert "%" not in text
    assert not any(a.group.name in text for a in centre.asked_round.asked_groups.all())


def test_sent_back_is_mended_and_asked_again(centre: Centre) -> None:
    evaluation = proposed(centre)
    actions.send_back(evaluation=evaluation, comment="Se på tittelen.", by=centre.colleague)
    evaluation.refresh_from_db()
    assert (evaluation.state, evaluation.comment) == ("returned", "Se på tittelen.")
    actions.make_again(evaluation=evaluation, by=centre.maker)
    again = actions.ask_colleague(evaluation=evaluation, approver=centre.colleague, by=centre.maker)
    actions.approve(evaluation=again, by=centre.colleague)


def test_a_clock_that_jumped_back_stops_the_release_and_loses_nothing(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    waiting = proposed(centre)
    with monkeypatch.context() as patch:
        patch.setattr(approving, "today", lambda: dt.date(2024, 12, 31))
        with pytest.raises(ClockJumped) as refusal:
            actions.approve(evaluation=waiting, by=centre.colleague)
    assert "2024" not in str(refusal.value)
    assert "2024-12-31" in caplog.text
    waiting.refresh_from_db()
    assert (waiting.state, Release.objects.count()) == ("proposed", 0)
    actions.approve(evaluation=waiting, by=centre.colleague)


def test_a_clock_that_was_ahead_is_found_when_it_is_put_right(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = proposed(centre), proposed(centre)
    with monkeypatch.context() as patch:
        patch.setattr(approving, "today", lambda: dt.date(2199, 1, 1))
        actions.approve(evaluation=first, by=centre.colleague)
    with pytest.raises(ClockJumped):
        actions.approve(evaluation=second, by=centre.colleague)


def test_a_broken_ledger_stops_everything(centre: Centre, caplog: pytest.LogCaptureFixture) -> None:
    released(centre)
    waiting = proposed(centre)
    unlock_ledger()
    Release.objects.filter(sequence=1).update(audience="public")
    assert broken_ledger_entry() == 1
    with pytest.raises(LedgerBroken) as refusal:
        actions.approve(evaluation=waiting, by=centre.colleague)
    assert "1" not in str(refusal.value)
    assert "broken at entry 1" in caplog.text
    with pytest.raises(LedgerBroken):
        made(centre)
    assert Release.objects.count() == 1


def test_entries_cannot_be_changed_or_deleted(centre: Centre) -> None:
    entry = released(centre).release
    with pytest.raises(Refusal):
        entry.save()
    with pytest.raises(Refusal):
        entry.delete()


def test_two_releases_at_the_same_moment_take_one_place(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = proposed(centre), proposed(centre)
    before = ledger_entries()
    actions.approve(evaluation=first, by=centre.colleague)
    # The second approval read the ledger before the first one wrote its entry.
    monkeypatch.setattr(approving, "ledger_entries", lambda: before)
    with pytest.raises(ChangedMeanwhile):
        actions.approve(evaluation=second, by=centre.colleague)
    second.refresh_from_db()
    assert (Release.objects.count(), second.state) == (1, "returned")


def test_a_release_of_another_centre_does_not_disturb(
    make_centre: Callable[..., Centre],
) -> None:
    one, other = make_centre("one"), make_centre("other", seed=2)
    waiting = proposed(one)
    released(other)
    actions.approve(evaluation=waiting, by=one.colleague)
    assert broken_ledger_entry() is None


def test_the_wider_audience_is_judged_with_what_the_narrow_one_saw(centre: Centre) -> None:
    released(centre)
    public = proposed(centre, "public")
    actions.approve(evaluation=public, by=centre.colleague)
    assert public.judged["certificate"]["threshold"] == 10
    assert public.judged["certificate"]["ledger"]["releases_before"] == 1


def test_a_correction_replaces_and_the_old_one_says_so(centre: Centre) -> None:
    old = released(centre)
    correction = actions.correct(evaluation=old, reason="Feil tittel.", by=centre.maker)
    old.refresh_from_db()
    assert old.state == "released"
    asked = actions.ask_colleague(evaluation=correction, approver=centre.colleague, by=centre.maker)
    actions.approve(evaluation=asked, by=centre.colleague)
    old.refresh_from_db()
    assert (old.state, correction.corrects_id) == ("corrected", old.pk)
    assert "Les den rettede rapporten" in page(old, centre)
    actions.retract(evaluation=correction, reason="Feil igjen.", by=centre.maker)
    assert "Rapporten som erstattet den, er trukket tilbake" in page(old, centre)


def page(evaluation: Evaluation, centre: Centre) -> str:
    client = Client()
    client.force_login(centre.maker)
    return client.get(reverse("evaluations:report-read", args=[evaluation.pk])).content.decode()


def test_a_retraction_needs_a_reason_and_stays_in_the_ledger(centre: Centre) -> None:
    evaluation = released(centre)
    with pytest.raises(NeedsReason):
        actions.retract(evaluation=evaluation, reason="  ", by=centre.maker)
    actions.retract(evaluation=evaluation, reason="Feil periode.", by=centre.maker)
    evaluation.refresh_from_db()
    assert evaluation.state == "retracted"
    assert Release.objects.count() == 1
    with pytest.raises(NotNow):
        actions.retract(evaluation=evaluation, reason="Igjen.", by=centre.maker)


def test_people_of_another_centre_can_do_nothing(make_centre: Callable[..., Centre]) -> None:
    one, other = make_centre("one"), make_centre("other", groups=3, seed=2)
    evaluation = proposed(one)
    with pytest.raises(NotPermitted):
        actions.make_again(evaluation=evaluation, by=other.maker)
    with pytest.raises(NotPermitted):
        actions.retract(evaluation=evaluation, reason="x", by=other.maker)
    assert not may_read(other.maker, evaluation)


def test_what_goes_wrong_between_the_databases_leaves_nothing_shared(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluation = proposed(centre)

    def fail(*_args: Any) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(approving, "_write_entry", fail)
        with pytest.raises(RuntimeError):
            actions.approve(evaluation=evaluation, by=centre.colleague)
    evaluation.refresh_from_db()
    assert evaluation.state == "proposed"
    actions.approve(evaluation=evaluation, by=centre.colleague)
    assert Release.objects.count() == 1
