"""How does an organisation come to be, and how does a role in it end?"""

from __future__ import annotations

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from stdnum.no import orgnr

from knutepunkt.audit.actions import record
from knutepunkt.people.models import Membership, Organisation, Person
from knutepunkt.people.policies import is_operator, require
from knutepunkt.people.vocabulary import Role
from knutepunkt.shared.clock import today
from knutepunkt.shared.errors import NotPermitted, Refusal


class NumberNotValid(Refusal):
    """The organisation number's check digit does not fit."""


class LastDirector(Refusal):
    """An organisation keeps at least one director."""


@transaction.atomic
def create_organisation(
    *,
    name: str,
    short_name: str,
    kind: str,
    by: Person,
    number: str = "",
    language: str = "nb",
    email: str = "",
) -> Organisation:
    """Write an organisation down; its number is checked, its slug made from its short name."""
    if not is_operator(by):
        raise NotPermitted(_("Only those who run the installation can add organisations."))
    compact = orgnr.compact(number) if number else ""
    if compact and not orgnr.is_valid(compact):
        raise NumberNotValid(
            _("{number} is not an organisation number. Check the nine digits.").format(
                number=number
            )
        )
    organisation = Organisation.objects.create(
        name=name,
        short_name=short_name,
        slug=_free_slug(short_name),
        kind=kind,
        number=compact,
        language=language,
        email=email,
    )
    record("create_organisation", organisation, by=by, organisation_id=organisation.pk, name=name)
    return organisation


@transaction.atomic
def change_organisation(
    *,
    organisation: Organisation,
    name: str,
    short_name: str,
    language: str,
    email: str,
    telephone: str,
    by: Person,
) -> Organisation:
    """Change what an organisation is called and how it is reached; its address stays."""
    require(by, organisation, Role.DIRECTOR)
    fresh = Organisation.objects.select_for_update().get(pk=organisation.pk)
    fresh.name, fresh.short_name = name, short_name
    fresh.language, fresh.email, fresh.telephone = language, email, telephone
    fresh.save(update_fields=["name", "short_name", "language", "email", "telephone"])
    record("change_organisation", fresh, by=by, organisation_id=fresh.pk, name=name)
    return fresh


def _free_slug(name: str) -> str:
    base = slugify(name) or "senter"
    slug, number = base, 2
    while Organisation.objects.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug


def _why_last_stays(membership: Membership) -> str:
    if membership.role == Role.OPERATOR:
        return _("Somebody must run the installation. Invite another before this role ends.")
    return _("Somebody must lead the centre. Invite another director before this role ends.")


@transaction.atomic
def end_role(*, membership: Membership, by: Person) -> Membership:
    """End a role today. The last director stays until there is another."""
    organisation = membership.organisation
    require(by, organisation, Role.DIRECTOR if organisation else Role.OPERATOR)
    same = Membership.objects.select_for_update().filter(
        organisation=organisation, role=membership.role, until=None
    )
    is_last = membership.role in (Role.DIRECTOR, Role.OPERATOR) and same.count() < 2
    if is_last:
        raise LastDirector(_why_last_stays(membership))
    membership.until = max(today(), membership.since)
    membership.save(update_fields=["until"])
    record(
        "end_role",
        membership,
        by=by,
        organisation_id=membership.organisation_id or "",
        role=membership.role,
    )
    return membership
