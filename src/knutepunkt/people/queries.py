"""Whom does somebody act for, who works where, and which invitations are open?"""

from __future__ import annotations

import hashlib

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from knutepunkt.people.models import Invitation, Membership, Organisation, Person
from knutepunkt.people.policies import (
    held_today,
    is_operator,
    may_act_as,
    no_permission_sentence,
    person_to_ask,
    roles_in,
    with_included,
)
from knutepunkt.people.vocabulary import Role

__all__ = [
    "ACTING_ORGANISATION",
    "account_with",
    "acting_organisation",
    "digest_of",
    "has_operator",
    "invitation_behind",
    "is_operator",
    "may_act_as",
    "memberships_of",
    "no_permission_sentence",
    "open_invitations",
    "open_operator_invitations",
    "operators",
    "organisations_of",
    "organisations_with_directors",
    "people_with_role",
    "person_to_ask",
    "roles_in",
    "with_included",
]

#: Where the session keeps which organisation a person with several has chosen to act for.
ACTING_ORGANISATION = "acting_organisation"


def organisations_of(person: Person | AnonymousUser) -> list[Organisation]:
    """Return the organisations where the person holds a role today, by name."""
    if not isinstance(person, Person) or not person.is_active:
        return []
    held = Membership.objects.filter(held_today(), person=person, organisation__isnull=False)
    return list(Organisation.objects.filter(pk__in=held.values("organisation")).order_by("name"))


def acting_organisation(request: HttpRequest) -> Organisation | None:
    """Return the organisation the signed-in person acts for in this request.

    The choice kept in the session holds only as long as the person has a role there; otherwise
    the first organisation by name. The answer is kept on the request.
    """
    known = request.__dict__.get("_acting_organisation", False)
    if known is not False:
        found: Organisation | None = known
        return found
    organisations = organisations_of(request.user)
    chosen = request.session.get(ACTING_ORGANISATION) if organisations else None
    organisation = next(
        (each for each in organisations if str(each.pk) == chosen),
        organisations[0] if organisations else None,
    )
    request.__dict__["_acting_organisation"] = organisation
    return organisation


def memberships_of(organisation: Organisation) -> QuerySet[Membership]:
    """Return the roles held today at the organisation, with their persons, by name."""
    return (
        Membership.objects.filter(held_today(), organisation=organisation)
        .select_related("person")
        .order_by("person__name", "person_id", "role")
    )


def people_with_role(organisation: Organisation, *roles: Role) -> list[Person]:
    """Return the active persons who hold one of the roles at the organisation today, by name."""
    held = Membership.objects.filter(held_today(), organisation=organisation)
    if roles:
        held = held.filter(role__in=roles)
    return list(
        Person.objects.filter(pk__in=held.values("person"), is_active=True).order_by("name", "pk")
    )


def open_invitations(organisation: Organisation) -> QuerySet[Invitation]:
    """Return invitations nobody has used and whose time has not run out."""
    return Invitation.objects.filter(
        organisation=organisation, used_at__isnull=True, expires_at__gt=timezone.now()
    ).order_by("created_at")


def digest_of(token: str) -> str:
    """Return what is kept of a link: enough to know it again, not to make it."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_behind(token: str, *, for_update: bool = False) -> Invitation | None:
    """Return the invitation a link leads to, as long as it is unused and its time has not run out."""
    found = Invitation.objects.filter(
        digest=digest_of(token), used_at=None, expires_at__gt=timezone.now()
    )
    if for_update:
        return found.select_for_update().first()
    return found.select_related("organisation", "invited_by").first()


def account_with(email: str) -> Person | None:
    """Return the account with this address, whatever the case of its letters."""
    return Person.objects.filter(email__iexact=email).first() if email else None


def open_operator_invitations() -> QuerySet[Invitation]:
    """Return the links to run the installation that were sent and nobody has used."""
    return Invitation.objects.filter(
        role=Role.OPERATOR, used_at__isnull=True, expires_at__gt=timezone.now()
    ).exclude(email="")


def operators() -> QuerySet[Membership]:
    """Return who runs the installation today, by name."""
    return (
        Membership.objects.filter(held_today(), role=Role.OPERATOR)
        .select_related("person")
        .order_by("person__name", "person_id")
    )


def organisations_with_directors() -> list[tuple[Organisation, list[Person]]]:
    """Return every organisation of the installation with those who lead it, by name."""
    return [
        (each, people_with_role(each, Role.DIRECTOR))
        for each in Organisation.objects.order_by("name")
    ]


def has_operator() -> bool:
    """Say whether somebody runs the installation already."""
    return Membership.objects.filter(
        held_today(), role=Role.OPERATOR, person__is_active=True
    ).exists()
