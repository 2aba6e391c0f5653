"""Do invitations let in the person they were sent to, to the role they name, and nobody else?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from knutepunkt.people import actions, policies
from knutepunkt.people.actions import InvitationOver, SentToAnother
from knutepunkt.people.models import Invitation, Membership, Organisation, Person
from knutepunkt.people.vocabulary import Role
from knutepunkt.shared.errors import NotPermitted

from .conftest import make_person

PASSWORD = "fire-ville-ender-i-regn"


def token_in(message: mail.EmailMessage) -> str:
    """Return the secret part of the link in an e-mail."""
    return str(message.body).strip().rstrip("/").rsplit("/", 1)[-1]


@pytest.fixture
def invited(
    centre: Organisation,
    person: Callable[..., Person],
    django_capture_on_commit_callbacks: Any,
) -> Callable[..., str]:
    """Return a function that invites somebody and gives the link's secret."""

    def invite(email: str, role: Role = Role.COORDINATOR, by: Person | None = None) -> str:
        where = None if role == Role.OPERATOR else centre
        with django_capture_on_commit_callbacks(execute=True):
            actions.invite(
                organisation=where, email=email, role=role, by=by or person(Role.DIRECTOR)
            )
        return token_in(next(each for each in mail.outbox[::-1] if email in each.to))

    return invite


def test_the_invited_person_makes_an_account_with_the_address_it_was_sent_to(
    client: Client, centre: Organisation, invited: Callable[..., str]
) -> None:
    address = reverse("people:invitation-accept", args=[invited("ny@example.org")])
    page = client.get(address, headers={"accept-language": "en"}).text
    assert centre.name in page
    assert "You sign in with ny@example.org" in page
    fields = {"email": "other@example.org", "name": "Ny", "password": PASSWORD}
    assert client.post(address, fields).status_code == 302
    ny = Person.objects.get(email="ny@example.org")
    assert policies.roles_in(ny, centre) == {Role.COORDINATOR}
    assert not Person.objects.filter(email="other@example.org").exists()
    assert client.get("/min-side/").status_code == 200
    assert client.get(address).status_code == 422  # the link works once


def test_somebody_else_who_is_signed_in_cannot_take_the_role(
    client: Client, centre: Organisation, invited: Callable[..., str]
) -> None:
    token, thief = invited("ny@example.org"), make_person("Tyv")
    client.force_login(thief)
    for method in ("get", "post"):
        answer = getattr(client, method)(reverse("people:invitation-accept", args=[token]))
        assert answer.status_code == 403
        assert "ny@example.org" not in answer.text
    with pytest.raises(SentToAnother):
        actions.accept_invitation(token=token, by=thief)
    assert policies.roles_in(thief, centre) == frozenset()
    assert Invitation.objects.get(email="ny@example.org").used_at is None


def test_somebody_with_an_account_signs_in_and_comes_back(
    client: Client, centre: Organisation, invited: Callable[..., str]
) -> None:
    ny = Person.objects.create_user("ny@example.org", PASSWORD, name="Ny")
    address = reverse("people:invitation-accept", args=[invited("Ny@example.org")])
    page = client.get(address).text
    assert f"{reverse('account_login')}?next={address}" in page
    assert 'name="password"' not in page
    client.post(reverse("account_login"), {"login": ny.email, "password": PASSWORD})
    assert client.post(address).status_code == 302
    assert policies.roles_in(ny, centre) == {Role.COORDINATOR}


def test_a_weak_password_and_an_old_link_are_said_in_words(
    client: Client, invited: Callable[..., str]
) -> None:
    token = invited("ny@example.org")
    address = reverse("people:invitation-accept", args=[token])
    page = client.post(address, {"name": "Ny", "password": "kort"}).text
    assert 'id="id_password_error"' in page or 'href="#id_password"' in page
    assert not Person.objects.filter(email="ny@example.org").exists()
    Invitation.objects.update(expires_at="2020-01-01T00:00Z")
    assert client.get(address).status_code == 422
    with pytest.raises(InvitationOver):
        actions.accept_invitation(token=token, name="Ny", password=PASSWORD)


def test_an_operator_invites_operators_and_directors_only(
    centre: Organisation, person: Callable[..., Person], invited: Callable[..., str]
) -> None:
    operator, director = person(Role.OPERATOR), person(Role.DIRECTOR, "Marit")
    for role in set(Role) - {Role.DIRECTOR, Role.OPERATOR}:
        with pytest.raises(NotPermitted):
            actions.invite(organisation=centre, email="x@example.org", role=role, by=operator)
    with pytest.raises(NotPermitted):
        actions.invite(organisation=None, email="x@example.org", role=Role.EDITOR, by=operator)
    invited("leder@example.org", Role.DIRECTOR, by=operator)
    assert [each.to for each in mail.outbox if "leder@example.org" in each.body] == [
        [director.email]
    ]
    token = invited("drift@example.org", Role.OPERATOR, by=operator)
    second = actions.accept_invitation(token=token, name="Drift", password=PASSWORD)
    assert policies.is_operator(second)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.APPROVER, Role.STARTER])
def test_others_invite_nobody(
    centre: Organisation, person: Callable[..., Person], role: Role
) -> None:
    for wanted in (Role.STARTER, Role.DIRECTOR, Role.OPERATOR):
        where = None if wanted == Role.OPERATOR else centre
        with pytest.raises(NotPermitted):
            actions.invite(organisation=where, email="x@example.org", role=wanted, by=person(role))
    assert not Invitation.objects.exists()


def test_a_director_gives_no_role_elsewhere_and_makes_no_operator(
    neighbour: Organisation, person: Callable[..., Person]
) -> None:
    marit = person(Role.DIRECTOR)
    with pytest.raises(NotPermitted):
        actions.invite(organisation=neighbour, email="x@e.org", role=Role.EDITOR, by=marit)
    with pytest.raises(NotPermitted):
        actions.invite(organisation=None, email="x@e.org", role=Role.OPERATOR, by=marit)


def test_an_invitation_taken_back_leads_nowhere(
    client: Client, invited: Callable[..., str], person: Callable[..., Person]
) -> None:
    token = invited("ny@example.org")
    client.force_login(Person.objects.get(name="Marit Haugland"))
    pk = Invitation.objects.get(email="ny@example.org").pk
    assert client.post(reverse("people:invitation-take-back", args=[pk])).status_code == 302
    with pytest.raises(InvitationOver):
        actions.accept_invitation(token=token, name="Ny", password=PASSWORD)


@pytest.mark.django_db
def test_the_first_operator_comes_by_a_link_that_is_printed_once() -> None:
    old, link = actions.first_operator_link(), actions.first_operator_link()
    assert old != link
    with pytest.raises(InvitationOver):
        actions.accept_invitation(
            token=old.rstrip("/").rsplit("/", 1)[-1],
            email="d@e.org", name="D", password=PASSWORD,
        )  # fmt: skip
    client, path = Client(), "/" + link.split("/", 3)[3]
    fields = {"email": "drift@example.org", "name": "Drift", "password": PASSWORD}
    assert client.post(path, fields).status_code == 302
    assert policies.is_operator(Person.objects.get(email="drift@example.org"))
    assert client.get(reverse("people:operator-list")).status_code == 200
    assert actions.first_operator_link() == ""


def test_the_last_operator_and_the_last_director_stay(
    centre: Organisation, person: Callable[..., Person]
) -> None:
    for role in (Role.OPERATOR, Role.DIRECTOR):
        only = person(role)
        held = Membership.objects.get(person=only)
        with pytest.raises(actions.LastDirector):
            actions.end_role(membership=held, by=only)
        another = person(role, "En til")
        actions.end_role(membership=held, by=another)
        assert policies.roles_in(only, held.organisation) == frozenset()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("marit@e.org", "Marit@E.org", True),
        ("marit+to@e.org", "marit@e.org", True),
        ("marit@e.org", "marit@f.org", False),
        ("bjorn@e.org", "marit@e.org", False),
    ],
)
def test_letter_boxes(one: str, other: str, same: bool) -> None:
    assert policies.same_mailbox(one, other) is same


def test_a_namesake_counts_as_the_same_human(db: None) -> None:
    assert policies.same_human(make_person("Marit  Haugland"), make_person("marit haugland"))
    assert not policies.same_human(make_person("Marit Haugland"), make_person("Bjørn Tveiten"))
    assert not policies.same_human(make_person(""), make_person(""))
