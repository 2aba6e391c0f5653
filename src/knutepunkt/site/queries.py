"""Whose site is this, and in which roles does the person who reads act?"""

from __future__ import annotations

from knutepunkt.people.models import Membership, Organisation, Person
from knutepunkt.people.policies import held_today
from knutepunkt.people.vocabulary import OrganisationKind, Role


def only_centre() -> Organisation | None:
    """Return the centre of an installation that serves one; otherwise nothing."""
    centres = list(Organisation.objects.filter(kind=OrganisationKind.CENTRE)[:2])
    return centres[0] if len(centres) == 1 else None


def reachable_centres() -> list[Organisation]:
    """Return the centres that have written down how to reach them, by name."""
    centres = Organisation.objects.filter(kind=OrganisationKind.CENTRE).exclude(
        email="", telephone=""
    )
    return list(centres.order_by("name"))


def only_examples() -> bool:
    """Return whether everything on this installation is invented, as in the demonstration."""
    organisations = Organisation.objects.all()
    return organisations.exists() and not organisations.filter(is_example=False).exists()


def roles_held(person: Person) -> list[Membership]:
    """Return the roles the person holds today, by organisation, in the vocabulary's order.

    Running the installation belongs to no organisation and comes last.
    """
    order = {role: place for place, role in enumerate(Role.values)}
    held = Membership.objects.filter(held_today(), person=person).select_related("organisation")

    def place(one: Membership) -> tuple[bool, str, int]:
        name = one.organisation.name if one.organisation else ""
        return (one.organisation is None, name, order.get(one.role, len(order)))

    return sorted(held, key=place)
