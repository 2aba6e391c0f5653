"""How does somebody get an account and a role: by a link that works once?"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knutepunkt.audit.actions import record
from knutepunkt.people.models import Invitation, Membership, Organisation, Person
from knutepunkt.people.policies import ROLES_A_DIRECTOR_GIVES, is_operator, require
from knutepunkt.people.queries import has_operator
from knutepunkt.people.vocabulary import Role
from knutepunkt.shared.clock import today
from knutepunkt.shared.errors import NotPermitted, Refusal

VALID_DAYS = 14


class InvitationOver(Refusal):
    """The link has been used, or its time has run out."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy(
                "This link has been used or is too old. Ask the one who sent it for a new one."
            )
        )


class AccountExists(Refusal):
    """Somebody has an account with this address already."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("There is already an account with this address. Sign in with it first.")
        )


def digest_of(token: str) -> str:
    """Return what is kept of a link: enough to know it again, not to make it."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def first_operator_link() -> str:
    """Return a one-time link that makes the first operator, or nothing once there is one.

    Printed where the installation is started; an unused earlier link stops working.
    """
    if has_operator():
        return ""
    Invitation.objects.filter(role=Role.OPERATOR, used_at=None).delete()
    return _address(_new_invitation(email="", organisation=None, role=Role.OPERATOR, by=None))


@transaction.atomic
def invite(*, organisation: Organisation, email: str, role: Role, by: Person) -> Invitation:
    """Invite somebody to one role; directors invite to their own organisation, operators to any."""
    if not is_operator(by):
        require(by, organisation, Role.DIRECTOR)
    if role not in ROLES_A_DIRECTOR_GIVES:
        raise NotPermitted(_("Only those who run the installation can give this role."))
    token = _new_invitation(email=email, organisation=organisation, role=role, by=by)
    invitation = Invitation.objects.get(digest=digest_of(token))
    record("invite", invitation, by=by, organisation_id=organisation.pk, role=str(role))
    transaction.on_commit(lambda: _send(invitation, _address(token)))
    return invitation


@transaction.atomic
def accept_invitation(
    *, token: str, by: Person | None = None, email: str = "", name: str = "", password: str = ""
) -> Person:
    """Take on the role: as the one signed in, or with a new account made on the spot."""
    invitation = (
        Invitation.objects.select_for_update()
        .filter(digest=digest_of(token), used_at=None, expires_at__gt=timezone.now())
        .first()
    )
    if invitation is None:
        raise InvitationOver
    person = by or _new_account(invitation.email or email, name, password)
    Membership.objects.get_or_create(
        person=person,
        organisation=invitation.organisation,
        role=invitation.role,
        until=None,
        defaults={"since": today()},
    )
    invitation.used_at = timezone.now()
    invitation.save(update_fields=["used_at"])
    record(
        "accept_invitation",
        invitation,
        by=person,
        organisation_id=invitation.organisation_id or "",
    )
    return person


@transaction.atomic
def make_reviewer_account(*, email: str, name: str, password: str) -> Person:
    """Make an account without any role, for somebody invited to approve one report."""
    person = _new_account(email, name, password)
    record("make_reviewer_account", person, by=person)
    return person


def _new_account(email: str, name: str, password: str) -> Person:
    if Person.objects.filter(email__iexact=email).exists():
        raise AccountExists
    return Person.objects.create_user(email, password, name=name)


def _new_invitation(
    *, email: str, organisation: Organisation | None, role: Role, by: Person | None
) -> str:
    token = secrets.token_urlsafe(32)
    Invitation.objects.create(
        digest=digest_of(token),
        email=email,
        organisation=organisation,
        role=role,
        invited_by=by,
        expires_at=timezone.now() + dt.timedelta(days=VALID_DAYS),
    )
    return token


def _address(token: str) -> str:
    return settings.SITE_URL + reverse("people:invitation-accept", args=[token])


def _send(invitation: Invitation, address: str) -> None:
    """Send the link in the organisation's language."""
    organisation = invitation.organisation
    assert organisation is not None
    with translation.override(organisation.language):
        send_mail(
            _("An invitation from {centre}").format(centre=organisation.short_name),
            _("{centre} invites you to be {role}. Open this link to accept: {address}").format(
                centre=organisation.name, role=invitation.get_role_display(), address=address
            ),
            None,
            [invitation.email],
        )
