"""A centre and its people, for the tests of the shell."""

from __future__ import annotations

from datetime import date

import pytest

from knutepunkt.people.models import Membership, Organisation, Person
from knutepunkt.people.vocabulary import OrganisationKind, Role


@pytest.fixture
def centre(db: None) -> Organisation:
    """Return the only centre of the installation."""
    return Organisation.objects.create(
        name="Sildrehuset, senter for selvhjelp og mestring",
        short_name="Sildrehuset",
        slug="sildrehuset",
        kind=OrganisationKind.CENTRE,
        email="post@sildrehuset.example",
    )


@pytest.fixture
def marit(centre: Organisation) -> Person:
    """Return the centre's coordinator."""
    person = Person.objects.create_user(
        "marit@sildrehuset.example", "et-langt-passord", name="Marit"
    )
    Membership.objects.create(
        person=person, organisation=centre, role=Role.COORDINATOR, since=date(2024, 1, 1)
    )
    return person
