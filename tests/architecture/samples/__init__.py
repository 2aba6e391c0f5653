"""Which objects does each centre have, and which address parameters lead to them?

Each room has a module here with ``build(centre)``. It makes objects of the centre, writes
``centre.secret`` into every name and text of them, and says with ``centre.fill(...)`` which value
a parameter of an address takes to reach them. The walk over two centres finds the modules by
itself, and fails on an address whose parameters nobody has filled.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Model

from knutepunkt.people.models import Membership, Organisation, Person
from knutepunkt.people.vocabulary import OrganisationKind, Role


@dataclass
class Centre:
    """One of the two centres, its people, and the values that lead to what it owns."""

    name: str
    organisation: Organisation
    people: dict[Role, Person]
    #: Stands in the name of everything the centre owns and nowhere else.
    secret: str
    values: dict[str, str] = field(default_factory=dict)
    #: Objects made by one room that another room's module builds on.
    objects: dict[str, Model] = field(default_factory=dict)

    def fill(self, address: str, /, **values: object) -> None:
        """Say which values the parameters of an address (``"directory:group-show"``) take.

        ``"directory:*"`` stands for every address of the room.
        """
        for parameter, value in values.items():
            self.values[f"{address} {parameter}"] = str(value)

    def value(self, address: str, parameter: str) -> str | None:
        """Return the value for the parameter, the address's own before the room's."""
        room = address.partition(":")[0]
        own = self.values.get(f"{address} {parameter}")
        return own if own is not None else self.values.get(f"{room}:* {parameter}")

    @property
    def coordinator(self) -> Person:
        """Return who runs surveys at the centre."""
        return self.people[Role.COORDINATOR]


def build_centre(name: str) -> Centre:
    """Make a centre with one person per role and everything that rooms' modules add."""
    secret = f"Hemmelig{name}"
    organisation = Organisation.objects.create(
        name=f"{secret} senter",
        short_name=secret,
        slug=name.lower(),
        kind=OrganisationKind.CENTRE,
        email=f"{secret.lower()}@example.org",
    )
    people = {role: _person(role, secret, organisation) for role in Role}
    centre = Centre(name=name, organisation=organisation, people=people, secret=secret)
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda each: each.name):
        importlib.import_module(f"{__name__}.{module.name}").build(centre)
    return centre


def _person(role: Role, secret: str, organisation: Organisation) -> Person:
    person = Person.objects.create_user(
        f"{role}.{secret.lower()}@example.org", None, name=f"{secret} {role.label}"
    )
    where = None if role == Role.OPERATOR else organisation
    Membership.objects.create(person=person, organisation=where, role=role, since=date(2020, 1, 1))
    return person
