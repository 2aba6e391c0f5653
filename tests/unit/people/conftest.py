"""Two centres with people in them, for the tests of this room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import count

import pytest

from knutepunkt.people.models import Membership, Organisation, Person
from knutepunkt.people.vocabulary import OrganisationKind, Role

_numbers = count(1)


def make_organisation(short_name: str, **fields: object) -> Organisation:
    """Make a centre with a name of its own."""
    return Organisation.objects.create(
        name=f"{short_name}, senter for selvhjelp",
        short_name=short_name,
        slug=f"{short_name.lower()}-{next(_numbers)}",
        kind=OrganisationKind.CENTRE,
        **fields,
    )


def make_person(name: str, *held: tuple[Role, Organisation | None]) -> Person:
    """Make a person with roles since the start of the year 2024."""
    person = Person.objects.create_user(
        f"person{next(_numbers)}@example.org", "hemmelig-nok-passord", name=name
    )
    for role, organisation in held:
        Membership.objects.create(
            person=person, organisation=organisation, role=role, since=date(2024, 1, 1)
        )
    return person


@pytest.fixture
def centre(db: None) -> Organisation:
    """Return one centre."""
    return make_organisation("Sildrehuset")


@pytest.fixture
def neighbour(db: None) -> Organisation:
    """Return another centre."""
    return make_organisation("Naustet")


@pytest.fixture
def person(centre: Organisation) -> Callable[..., Person]:
    """Return a function that makes a person with one role at the centre."""

    def make(role: Role, name: str = "Marit Haugland", at: Organisation | None = None) -> Person:
        where = None if role == Role.OPERATOR else at or centre
        return make_person(name, (role, where))

    return make
