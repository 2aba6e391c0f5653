"""How is a house where groups meet written down and changed?"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from knutepunkt.audit.actions import record
from knutepunkt.directory.models import House
from knutepunkt.directory.policies import require_to_run_directory
from knutepunkt.people.models import Organisation, Person
from knutepunkt.shared.errors import Refusal


class HouseNameTaken(Refusal):
    """Another house of the organisation has the name."""


@dataclass(frozen=True, kw_only=True)
class HouseFacts:
    """What is written down about a house."""

    name: str
    municipality_code: str
    municipality_valid_on: date
    address: str = ""


@transaction.atomic
def create_house(*, organisation: Organisation, facts: HouseFacts, by: Person) -> House:
    """Write down a house of the organisation."""
    require_to_run_directory(by, organisation)
    house = House(organisation=organisation)
    _write(house, facts)
    record("house_added", house, by=by, organisation_id=organisation.pk, name=house.name)
    return house


@transaction.atomic
def update_house(*, house: House, facts: HouseFacts, by: Person) -> House:
    """Change what is written about a house."""
    require_to_run_directory(by, house.organisation)
    _write(house, facts)
    record("house_changed", house, by=by, organisation_id=house.organisation_id, name=house.name)
    return house


def _write(house: House, facts: HouseFacts) -> None:
    taken = House.objects.filter(organisation=house.organisation, name__iexact=facts.name)
    if taken.exclude(pk=house.pk).exists():
        raise HouseNameTaken(
            _("There is already a house named {name}. Give this one a name of its own.").format(
                name=facts.name
            )
        )
    for field in fields(HouseFacts):
        setattr(house, field.name, getattr(facts, field.name))
    house.save()
