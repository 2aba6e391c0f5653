"""A centre with a coordinator, a starter and a group, for the tests of this room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import count

import pytest

from knutepunkt.directory import actions
from knutepunkt.directory.models import Group
from knutepunkt.people.models import Membership, Organisation, Person
from knutepunkt.people.vocabulary import OrganisationKind, Role

_numbers = count(1)


def make_centre(short_name: str) -> Organisation:
    """Make a centre."""
    return Organisation.objects.create(
        name=f"{short_name}, senter for selvhjelp",
        short_name=short_name,
        slug=f"{short_name.lower()}-{next(_numbers)}",
        kind=OrganisationKind.CENTRE,
    )


def make_person(name: str, role: Role, centre: Organisation) -> Person:
    """Make a person with one role since 2020."""
    address = f"dir{next(_numbers)}@example.org"
    person = Person.objects.create_user(address, "hemmelig-nok-passord", name=name)
    Membership.objects.create(person=person, organisation=centre, role=role, since=date(2020, 1, 1))
    return person


@pytest.fixture
def centre(db: None) -> Organisation:
    """Return one centre."""
    return make_centre("Sildrehuset")


@pytest.fixture
def neighbour(db: None) -> Organisation:
    """Return another centre."""
    return make_centre("Naustet")


@pytest.fixture
def marit(centre: Organisation) -> Person:
    """Return the coordinator."""
    return make_person("Marit Haugland", Role.COORDINATOR, centre)


@pytest.fixture
def oddny(centre: Organisation) -> Person:
    """Return somebody who starts groups."""
    return make_person("Oddny Fjelde", Role.STARTER, centre)


@pytest.fixture
def new_group(centre: Organisation, marit: Person) -> Callable[..., Group]:
    """Return a function that makes a group, started where a day is given."""

    def make(name: str = "Åpen gruppe", started_on: date | None = None, **facts: object) -> Group:
        written = actions.GroupFacts(name=name, **facts)  # type: ignore[arg-type]
        group = actions.create_group(organisation=centre, facts=written, by=marit)
        if started_on is not None:
            actions.start_group(group=group, on=started_on, by=marit)
        return group

    return make
