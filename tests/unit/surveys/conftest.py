"""What do the tests of surveys share?"""

from __future__ import annotations

import datetime as dt

import pytest

from knutepunkt.directory.lifecycle import ENDED, RUNNING
from knutepunkt.directory.models import Group, Theme
from knutepunkt.people.models import Membership, Organisation, Person
from knutepunkt.people.vocabulary import OrganisationKind, Role
from knutepunkt.surveys.actions.planning import AskedGroup, SurveyPlan

FIRST, LAST = dt.date(2024, 1, 1), dt.date(2026, 12, 31)


def make_person(email: str, organisation: Organisation, role: Role) -> Person:
    person = Person.objects.create_user(email=email, name=email)
    Membership.objects.create(
        person=person, organisation=organisation, role=role, since=dt.date(2020, 1, 1)
    )
    return person


@pytest.fixture(autouse=True)
def _keys_apart(settings, tmp_path) -> None:
    settings.KEY_DIR = tmp_path / "keys"
    settings.TRANSPORT_DIR = tmp_path / "transport"


@pytest.fixture
def centre(db) -> Organisation:
    return Organisation.objects.create(
        name="Sildrehuset, senter for selvhjelp og mestring",
        short_name="Sildrehuset",
        slug="sildrehuset-x",
        kind=OrganisationKind.CENTRE,
    )


@pytest.fixture
def neighbour(db) -> Organisation:
    return Organisation.objects.create(
        name="Naustet Vågsund", short_name="Naustet", slug="naustet-x", kind=OrganisationKind.CENTRE
    )


@pytest.fixture
def coordinator(centre) -> Person:
    return make_person("marit@example.org", centre, Role.COORDINATOR)


@pytest.fixture
def colleague(centre) -> Person:
    return make_person("samir@example.org", centre, Role.COORDINATOR)


@pytest.fixture
def starter(centre) -> Person:
    return make_person("oddny@example.org", centre, Role.STARTER)


def make_theme(slug: str, *, is_sensitive: bool = False) -> Theme:
    return Theme.objects.get_or_create(
        slug=slug,
        defaults={
            "name_nb": slug,
            "name_nn": slug,
            "name_en": slug,
            "is_sensitive": is_sensitive,
        },
    )[0]


def make_group(organisation: Organisation, name: str, **fields) -> Group:
    fields.setdefault("theme", make_theme("open-x"))
    fields.setdefault("started_on", dt.date(2025, 2, 1))
    fields.setdefault("state", RUNNING)
    fields.setdefault("members", 7)
    return Group.objects.create(organisation=organisation, name=name, **fields)


@pytest.fixture
def groups(centre) -> list[Group]:
    return [
        make_group(centre, "Gruppe A"),
        make_group(centre, "Gruppe B", members=6),
        make_group(centre, "Gruppe C", members=5, state=ENDED, ended_on=dt.date(2026, 3, 1)),
    ]


@pytest.fixture
def plan(groups) -> SurveyPlan:
    return SurveyPlan(
        title="Hva har gruppa gitt deg?",
        groups_from=FIRST,
        groups_until=LAST,
        asked=tuple(AskedGroup(group, group.members or 1) for group in groups),
        opens_on=dt.date(2026, 11, 1),
        closes_on=dt.date(2026, 11, 30),
        report_expected_on=dt.date(2027, 1, 15),
    )
