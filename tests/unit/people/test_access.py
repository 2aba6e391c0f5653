"""Does the guard at the door let in the right people, for the right organisation?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.cache import SessionStore
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from knutepunkt.people import queries
from knutepunkt.people.access import acting_for, needs
from knutepunkt.people.models import Organisation, Person
from knutepunkt.people.policies import require
from knutepunkt.people.vocabulary import Role

from .conftest import make_person


def ask(user: Person | AnonymousUser, chosen: Organisation | None = None) -> HttpRequest:
    request = RequestFactory().get("/grupper/?vis=tabell")
    request.user = user
    request.session = SessionStore()
    if chosen is not None:
        request.session[queries.ACTING_ORGANISATION] = str(chosen.pk)
    return request


@needs(Role.COORDINATOR)
def coordinators_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(acting_for(request).short_name)


@needs(Role.OPERATOR)
def operators_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("drift")


@needs()
def anybody_who_also_must_lead(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, Person)
    require(request.user, acting_for(request), Role.DIRECTOR)
    return HttpResponse("senteret")


def test_visitor_is_sent_to_sign_in_and_back(db: None) -> None:
    answer = coordinators_page(ask(AnonymousUser()))
    assert answer.status_code == 302
    assert answer["Location"].endswith("?next=/grupper/%3Fvis%3Dtabell")


def test_coordinator_comes_in(centre: Organisation, person: Callable[..., Person]) -> None:
    assert coordinators_page(ask(person(Role.COORDINATOR))).content == b"Sildrehuset"


@pytest.mark.parametrize("role", [Role.STARTER, Role.APPROVER, Role.EDITOR])
def test_other_roles_read_why_not(person: Callable[..., Person], role: Role) -> None:
    with pytest.raises(PermissionDenied, match="Sildrehuset"):
        coordinators_page(ask(person(role)))


def test_refusal_inside_the_view_is_the_same_page(person: Callable[..., Person]) -> None:
    with pytest.raises(PermissionDenied, match="Sildrehuset"):
        anybody_who_also_must_lead(ask(person(Role.COORDINATOR)))


def test_nobody_without_a_role_comes_in(db: None) -> None:
    with pytest.raises(PermissionDenied):
        coordinators_page(ask(make_person("Uten rolle")))


def test_operator_sees_operation_and_no_centre(person: Callable[..., Person]) -> None:
    operator = person(Role.OPERATOR)
    assert operators_page(ask(operator)).content == b"drift"
    with pytest.raises(PermissionDenied):
        coordinators_page(ask(operator))


def test_director_is_no_operator(person: Callable[..., Person]) -> None:
    with pytest.raises(PermissionDenied):
        operators_page(ask(person(Role.DIRECTOR)))


def test_person_with_two_centres_acts_for_the_chosen_one(
    centre: Organisation, neighbour: Organisation
) -> None:
    both = make_person("Marit", (Role.COORDINATOR, centre), (Role.COORDINATOR, neighbour))
    assert coordinators_page(ask(both)).content == b"Naustet"
    assert coordinators_page(ask(both, centre)).content == b"Sildrehuset"


def test_choosing_a_centre_one_has_no_role_in_has_no_effect(
    centre: Organisation, neighbour: Organisation, person: Callable[..., Person]
) -> None:
    assert coordinators_page(ask(person(Role.COORDINATOR), neighbour)).content == b"Sildrehuset"
