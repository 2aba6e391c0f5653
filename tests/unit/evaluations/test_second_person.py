"""Can whoever made a report approve it after all: by a link, an account or a role of theirs?"""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from knutepunkt.evaluations import actions
from knutepunkt.evaluations.models import Evaluation, Release
from knutepunkt.evaluations.policies import NeedsSecondPerson, SameHuman
from knutepunkt.evaluations.queries import possible_approvers
from knutepunkt.people.actions import SentToAnother
from knutepunkt.people.models import Person
from knutepunkt.people.vocabulary import Role
from tests.unit.evaluations.conftest import Centre, person

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)
PASSWORD = "fire-ville-ender-i-regn"


def made(centre: Centre, by: Person | None = None) -> Evaluation:
    return actions.make_evaluation(
        survey=centre.asked_round.survey,
        rounds=[centre.asked_round],
        audience="centre",
        by=by or centre.maker,
    )


def token() -> str:
    return str(mail.outbox[-1].body).strip().rstrip("/").rsplit("/", 1)[-1]


def test_another_account_of_the_maker_cannot_approve(centre: Centre) -> None:
    evaluation = made(centre)
    centre.maker.name = "Marit Haugland"
    centre.maker.save()
    tagged = person(centre.maker.email.replace("@", "+to@"), centre.organisation, Role.APPROVER)
    namesake = person("privat@example.org", centre.organisation, Role.APPROVER)
    namesake.name = "marit haugland"
    namesake.save()
    assert possible_approvers(evaluation) == [centre.colleague]
    for account in (tagged, namesake):
        with pytest.raises((SameHuman, NeedsSecondPerson)):
            actions.ask_colleague(evaluation=evaluation, approver=account, by=centre.maker)
    with pytest.raises(NeedsSecondPerson):
        actions.invite_reviewer(evaluation=evaluation, email=tagged.email, by=centre.maker)
    actions.invite_reviewer(evaluation=evaluation, email=namesake.email, by=centre.maker)
    with pytest.raises(SameHuman):
        actions.accept_review(token=token(), by=namesake)
    assert not Release.objects.exists()


def test_whoever_made_it_again_or_put_it_forward_cannot_approve_either(centre: Centre) -> None:
    evaluation = made(centre)
    second = person("annen@example.org", centre.organisation, Role.COORDINATOR)
    third = person("tredje@example.org", centre.organisation, Role.COORDINATOR)
    actions.make_again(evaluation=evaluation, by=second)
    with pytest.raises(NeedsSecondPerson):
        actions.ask_colleague(evaluation=evaluation, approver=second, by=third)
    actions.ask_colleague(evaluation=evaluation, approver=centre.colleague, by=third)
    Evaluation.objects.update(approver=third)
    evaluation.refresh_from_db()
    with pytest.raises(NeedsSecondPerson):
        actions.approve(evaluation=evaluation, by=third)


def test_a_review_link_is_of_no_use_to_another_address(centre: Centre, client: Client) -> None:
    actions.invite_reviewer(evaluation=made(centre), email="styret@e.org", by=centre.maker)
    link = reverse("evaluations:review-accept", args=[token()])
    client.force_login(centre.colleague)
    for method in ("get", "post"):
        answer = getattr(client, method)(link)
        assert answer.status_code == 403
    with pytest.raises(SentToAnother):
        actions.accept_review(token=token(), by=centre.colleague)


def test_somebody_from_outside_makes_an_account_reads_and_approves(
    centre: Centre, client: Client
) -> None:
    evaluation = made(centre)
    actions.invite_reviewer(evaluation=evaluation, email="styret@e.org", by=centre.maker)
    link = reverse("evaluations:review-accept", args=[token()])
    page = client.get(link, headers={"accept-language": "nn"}).text
    assert "styret@e.org" in page
    assert centre.organisation.name in page
    answer = client.post(link, {"name": "Bjørn Tveiten", "password": PASSWORD})
    check = reverse("evaluations:check", args=[evaluation.pk])
    assert answer["Location"] == check
    assert client.get(check).status_code == 200
    # The start page leads to what waits, though there is no role anywhere.
    assert check in client.get("/min-side/").text
    assert client.get(reverse("surveys:survey-list")).status_code == 403
    client.post(check, {"step": "approve"})
    assert Release.objects.get().approved_by == Person.objects.get(email="styret@e.org")
    # The account lasts, and signs in with the password.
    again = Client()
    again.post(reverse("account_login"), {"login": "styret@e.org", "password": PASSWORD})
    assert again.get(reverse("evaluations:waiting-list")).status_code == 200


def test_somebody_from_outside_with_an_account_is_led_to_sign_in(
    centre: Centre, client: Client
) -> None:
    Person.objects.create_user("styret@e.org", PASSWORD, name="Bjørn Tveiten")
    actions.invite_reviewer(evaluation=made(centre), email="styret@e.org", by=centre.maker)
    link = reverse("evaluations:review-accept", args=[token()])
    assert f"{reverse('account_login')}?next={link}" in client.get(link).text
    client.post(reverse("account_login"), {"login": "styret@e.org", "password": PASSWORD})
    assert client.post(link).status_code == 302


def test_a_request_can_be_taken_back_and_somebody_else_asked(
    centre: Centre, client: Client
) -> None:
    evaluation = made(centre)
    detail = reverse("evaluations:report-detail", args=[evaluation.pk])
    another = reverse("evaluations:report-ask-another", args=[evaluation.pk])
    actions.invite_reviewer(evaluation=evaluation, email="ute@example.org", by=centre.maker)
    link = reverse("evaluations:review-accept", args=[token()])
    client.force_login(centre.maker)
    assert another in client.get(detail).text
    client.post(another)
    assert another not in client.get(detail).text
    assert Client().get(link).status_code == 422, "the link has stopped working"
    evaluation.refresh_from_db()
    actions.ask_colleague(evaluation=evaluation, approver=centre.colleague, by=centre.maker)
    client.post(another)
    client.force_login(centre.colleague)
    assert client.get(reverse("evaluations:check", args=[evaluation.pk])).status_code == 404
