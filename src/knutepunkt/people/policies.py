"""Who may do what where: which roles does a person hold, and what do they allow?"""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils.translation import gettext as _

from knutepunkt.people.models import Membership, Organisation, Person
from knutepunkt.people.vocabulary import ROLE_PLURALS, Role
from knutepunkt.shared import clock
from knutepunkt.shared.errors import NotPermitted

#: Roles that come with another: whoever leads a centre may do what its coordinator does.
INCLUDED_ROLES: dict[Role, frozenset[Role]] = {
    Role.DIRECTOR: frozenset({Role.COORDINATOR, Role.STARTER}),
    Role.COORDINATOR: frozenset({Role.STARTER}),
}
#: Roles a director gives at the own organisation; operators are made by operators alone.
ROLES_A_DIRECTOR_GIVES = tuple(role for role in Role if role != Role.OPERATOR)
#: Roles an operator gives: enough to start a centre, nothing that opens its content.
ROLES_AN_OPERATOR_GIVES = (Role.DIRECTOR, Role.OPERATOR)


def held_today() -> Q:
    """Return the condition that a membership is in force today; a role ended today is over."""
    today = clock.today()
    return Q(since__lte=today) & (Q(until__isnull=True) | Q(until__gt=today))


def roles_in(person: Person | AnonymousUser, organisation: Organisation | None) -> frozenset[Role]:
    """Return the roles the person holds today, exactly as given.

    ``organisation=None`` asks about the installation itself, where only operators have a role.
    """
    if not isinstance(person, Person) or not person.is_active:
        return frozenset()
    held = Membership.objects.filter(held_today(), person=person, organisation=organisation)
    return frozenset(Role(role) for role in held.values_list("role", flat=True))


def with_included(roles: Iterable[Role]) -> frozenset[Role]:
    """Return the roles together with those that come with them."""
    held = frozenset(roles)
    return held.union(*(INCLUDED_ROLES.get(role, frozenset()) for role in held))


def may_act_as(
    person: Person | AnonymousUser, organisation: Organisation | None, *roles: Role
) -> bool:
    """Say whether the person holds one of the roles, or a role that includes it."""
    return not with_included(roles_in(person, organisation)).isdisjoint(roles)


def require(
    person: Person | AnonymousUser, organisation: Organisation | None, *roles: Role
) -> None:
    """Raise ``NotPermitted``, with the sentence the person reads, unless one of the roles is held."""
    if not may_act_as(person, organisation, *roles):
        raise NotPermitted(no_permission_sentence(organisation, *roles))


def is_operator(person: Person | AnonymousUser) -> bool:
    """Say whether the person runs the installation."""
    return Role.OPERATOR in roles_in(person, None)


def same_mailbox(one: str, other: str) -> bool:
    """Say whether two addresses are the same letter box: case and a ``+tag`` make no difference."""
    return _mailbox(one) == _mailbox(other)


def _mailbox(address: str) -> str:
    name, _at, host = address.strip().casefold().rpartition("@")
    return f"{name.partition('+')[0]}@{host}"


def same_human(one: Person, other: Person) -> bool:
    """Say whether two accounts look like one person's: the account, its letter box or its name.

    Errs on the side of yes: whoever is stopped by a namesake can ask somebody else.
    """
    if one.pk == other.pk or same_mailbox(one.email, other.email):
        return True
    return bool(one.name.strip()) and one.name.casefold().split() == other.name.casefold().split()


def no_permission_sentence(organisation: Organisation | None, *roles: Role) -> str:
    """Return why the page is closed and whom to ask; the same sentence on page and button."""
    if organisation is None:
        return _(
            "You do not have access to this page. It is for those who run the installation. "
            "If you think you should have access, ask them."
        )
    asked = person_to_ask(organisation)
    name = asked.name if asked is not None else organisation.email or organisation.name
    if not roles or Role.COORDINATOR in roles:
        return _(
            "You do not have access to this page. It is for coordinators at {centre}. "
            "If you think you should have access, ask {name}."
        ).format(centre=organisation.short_name, name=name)
    return _(
        "You do not have access to this page. It is for {roles} at {centre}. "
        "If you think you should have access, ask {name}."
    ).format(roles=ROLE_PLURALS[roles[0]], centre=organisation.short_name, name=name)


def person_to_ask(organisation: Organisation) -> Person | None:
    """Return who gives access at the organisation: its longest-serving director."""
    membership = (
        Membership.objects.filter(
            held_today(), organisation=organisation, role=Role.DIRECTOR, person__is_active=True
        )
        .select_related("person")
        .order_by("since", "pk")
        .first()
    )
    return membership.person if membership is not None else None
