"""Do roles open what they should, from the day they start to the day they end?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from knutepunkt.people import policies
from knutepunkt.people.models import Membership, Organisation, Person
from knutepunkt.people.vocabulary import Role
from knutepunkt.shared.errors import NotPermitted

from .conftest import make_person


def test_role_opens_only_the_organisation_it_is_held_in(
    centre: Organisation, neighbour: Organisation, person: Callable[..., Person]
) -> None:
    marit = person(Role.COORDINATOR)
    assert policies.may_act_as(marit, centre, Role.COORDINATOR)
    assert not policies.may_act_as(marit, neighbour, Role.COORDINATOR)


@pytest.mark.parametrize(
    ("held", "asked", "allowed"),
    [
        (Role.DIRECTOR, Role.COORDINATOR, True),
        (Role.DIRECTOR, Role.STARTER, True),
        (Role.COORDINATOR, Role.STARTER, True),
        (Role.COORDINATOR, Role.DIRECTOR, False),
        (Role.STARTER, Role.COORDINATOR, False),
        (Role.DIRECTOR, Role.APPROVER, False),
        (Role.RESEARCHER, Role.COORDINATOR, False),
    ],
)
def test_included_roles(
    centre: Organisation,
    person: Callable[..., Person],
    held: Role,
    asked: Role,
    allowed: bool,
) -> None:
    assert policies.may_act_as(person(held), centre, asked) is allowed


def test_role_that_ended_today_or_starts_tomorrow_opens_nothing(centre: Organisation) -> None:
    today = timezone.localdate()
    ended, coming = make_person("Kåre"), make_person("Oddny")
    Membership.objects.create(
        person=ended, organisation=centre, role=Role.STARTER, since=date(2020, 1, 1), until=today
    )
    Membership.objects.create(
        person=coming, organisation=centre, role=Role.STARTER, since=today + timedelta(days=1)
    )
    assert policies.roles_in(ended, centre) == frozenset()
    assert policies.roles_in(coming, centre) == frozenset()


def test_closed_account_and_visitor_hold_no_role(
    centre: Organisation, person: Callable[..., Person]
) -> None:
    marit = person(Role.DIRECTOR)
    marit.is_active = False
    marit.save()
    assert policies.roles_in(marit, centre) == frozenset()
    assert policies.roles_in(AnonymousUser(), centre) == frozenset()


def test_refusal_names_the_centre_and_whom_to_ask(
    centre: Organisation, person: Callable[..., Person]
) -> None:
    person(Role.DIRECTOR, "Marit Haugland")
    with translation.override("en"), pytest.raises(NotPermitted) as refused:
        policies.require(person(Role.STARTER, "Kåre"), centre, Role.COORDINATOR)
    assert str(refused.value) == (
        "You do not have access to this page. It is for coordinators at Sildrehuset. "
        "If you think you should have access, ask Marit Haugland."
    )


def test_operator_stands_outside_organisations(
    centre: Organisation, person: Callable[..., Person]
) -> None:
    operator = person(Role.OPERATOR)
    assert policies.is_operator(operator)
    assert not policies.may_act_as(operator, centre, *[r for r in Role if r != Role.OPERATOR])


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.DIRECTOR])
def test_database_keeps_operators_outside_and_others_inside(
    centre: Organisation, role: Role
) -> None:
    someone = make_person("Per")
    wrong_place = centre if role == Role.OPERATOR else None
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            person=someone, organisation=wrong_place, role=role, since=date(2024, 1, 1)
        )
