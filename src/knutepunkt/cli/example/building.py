"""How is the example's world built: organisations, people, and groups through three years?"""

from __future__ import annotations

import datetime as dt
import os

from allauth.account.models import EmailAddress
from django.db import transaction

from knutepunkt.cli.example import content
from knutepunkt.cli.example.content import ExampleGroup, ExamplePerson
from knutepunkt.directory import actions as directory
from knutepunkt.directory.models import Group, House, Theme
from knutepunkt.people.models import Membership, Organisation, Person
from knutepunkt.people.vocabulary import Role
from knutepunkt.shared.clock import EXAMPLE_DATE

SINCE = dt.date(2023, 1, 1)


def play(day: dt.date) -> None:
    """Let the example's clock show this day, here and in the server it starts."""
    os.environ[EXAMPLE_DATE] = day.isoformat()


@transaction.atomic
def build_people(password: str) -> dict[str, Person]:
    """Make the organisations and everybody with an account; return them by e-mail address."""
    organisations = {
        each.slug: Organisation.objects.create(
            slug=each.slug,
            name=each.name,
            short_name=each.short_name,
            kind=each.kind,
            language=each.language,
            email=f"post@{each.slug}.example",
            is_example=True,
        )
        for each in content.ORGANISATIONS
    }
    people = {
        each.email: _account(each, organisations[each.organisation], password)
        for each in content.PEOPLE
    }
    operator = content.OPERATOR
    people[operator.email] = _account(operator, None, password)
    return people


def _account(each: ExamplePerson, organisation: Organisation | None, password: str) -> Person:
    person = Person.objects.create_user(
        each.email, password, name=each.name, language=each.language
    )
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    Membership.objects.create(person=person, organisation=organisation, role=each.role, since=SINCE)
    return person


def build_groups(people: dict[str, Person]) -> list[Group]:
    """Write down the centre's groups and what has happened to them, on the days it happened."""
    centre = Organisation.objects.get(slug=content.CENTRE)
    director = people[content.PEOPLE[0].email]
    starters = [people[each.email] for each in content.PEOPLE if each.role == Role.STARTER]
    play(content.FIRST_GROUPS)
    facts = directory.HouseFacts(
        name="Sildrehuset",
        address="Strandgata 4",
        municipality_code="4601",
        municipality_valid_on=content.FIRST_GROUPS,
    )
    house = directory.create_house(organisation=centre, facts=facts, by=director)
    groups: list[Group] = []
    for number, described in enumerate(content.GROUPS):
        contact = starters[number % len(starters)]
        groups += _build_group(centre, house, described, contact, director)
    return groups


def _build_group(
    centre: Organisation, house: House, described: ExampleGroup, contact: Person, by: Person
) -> list[Group]:
    facts = directory.GroupFacts(
        name=described.name,
        theme=Theme.objects.get(slug=described.theme),
        form=described.form,
        house=None if described.address_withheld else house,
        contact=contact,
        members=described.members,
        municipality_code=described.municipality,
        municipality_valid_on=content.FIRST_GROUPS,
        address_withheld=described.address_withheld,
    )
    group = directory.create_group(organisation=centre, facts=facts, by=by)
    parts: list[Group] = []
    for verb, day in described.course:
        play(day)
        if verb == "split":
            parts = directory.split_group(group=group, into=described.split_into, on=day, by=by)
        else:
            step = getattr(directory, f"{verb}_group")
            group = step(group=group, on=day, by=by)
    for each in parts or [group]:
        if each.state == "running":
            play(dt.date(2026, 3, 2))
            directory.confirm_group(group=each, by=by)
    return [group, *parts]
