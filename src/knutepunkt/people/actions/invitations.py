"""How does somebody get an account and a role: by a link that works once?"""

from __future__ import annotations

import datetime as dt
import secrets

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knutepunkt.audit.actions import record
from knutepunkt.people.models import Invitation, Membership, Organisation, Person
from knutepunkt.people.policies import (
    ROLES_A_DIRECTOR_GIVES,
    ROLES_AN_OPERATOR_GIVES,
    is_operator,
    may_act_as,
    require,
)
from knutepunkt.people.queries import digest_of, has_operator, invitation_behind, people_with_role
from knutepunkt.people.vocabulary import Role
from knutepunkt.shared.clock import today
from knutepunkt.shared.errors import NotPermitted, Refusal
from knutepunkt.shared.wording import reader_language

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


class SentToAnother(NotPermitted):
    """The link belongs to another address than the account's."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy(
                "This link was sent to another e-mail address than the one you signed in with. "
                "Sign out, and open the link again."
            )
        )


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
def invite(*, organisation: Organisation | None, email: str, role: Role, by: Person) -> Invitation:
    """Invite somebody to one role: directors at their own organisation, operators as below.

    Whoever runs the installation gives two roles only: operator, and director of an organisation.
    Directors that are there already are told, so that nobody is let in behind their backs.
    """
    _require_giver(by, organisation, role)
    token = _new_invitation(email=email, organisation=organisation, role=role, by=by)
    invitation = Invitation.objects.get(digest=digest_of(token))
    organisation_id = organisation.pk if organisation else ""
    record("invite", invitation, by=by, organisation_id=organisation_id, role=str(role))
    transaction.on_commit(lambda: _send(invitation, _address(token)))
    if organisation is not None and not may_act_as(by, organisation, Role.DIRECTOR):
        told = people_with_role(organisation, Role.DIRECTOR)
        transaction.on_commit(lambda: _tell_directors(invitation, told))
    return invitation


def _require_giver(by: Person, organisation: Organisation | None, role: Role) -> None:
    """Raise unless this person may give this role there."""
    if role == Role.OPERATOR or organisation is None:
        require(by, None, Role.OPERATOR)
        if role != Role.OPERATOR or organisation is not None:
            raise NotPermitted(_("Operators run the installation and belong to no organisation."))
        return
    if may_act_as(by, organisation, Role.DIRECTOR) and role in ROLES_A_DIRECTOR_GIVES:
        return
    if not is_operator(by):
        require(by, organisation, Role.DIRECTOR)
    if role not in ROLES_AN_OPERATOR_GIVES:
        raise NotPermitted(
            _(
                "Those who run the installation invite directors only. The director invites the rest."
            )
        )


@transaction.atomic
def take_back_invitation(*, invitation: Invitation, by: Person) -> None:
    """Take an invitation back; its link stops working."""
    organisation = invitation.organisation
    require(by, organisation, Role.DIRECTOR if organisation else Role.OPERATOR)
    organisation_id = organisation.pk if organisation else ""
    record("take_back_invitation", invitation, by=by, organisation_id=organisation_id)
    invitation.delete()


@transaction.atomic
def accept_invitation(
    *, token: str, by: Person | None = None, email: str = "", name: str = "", password: str = ""
) -> Person:
    """Take on the role: as the one signed in, or with a new account made on the spot.

    The link belongs to the address it was sent to. The first operator's link was printed, not
    sent, and belongs to whoever reads it there.
    """
    invitation = invitation_behind(token, for_update=True)
    if invitation is None:
        raise InvitationOver
    if by is not None and invitation.email and by.email.casefold() != invitation.email.casefold():
        raise SentToAnother
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
    """Make an account without any role, for somebody invited to approve one report.

    The address is the one the link was sent to, so whoever opened the link has shown it is theirs.
    """
    person = _new_account(email, name, password)
    record("make_reviewer_account", person, by=person)
    return person


@transaction.atomic
def change_account(*, person: Person, name: str, language: str) -> Person:
    """Change one's own name and the language of e-mails."""
    fresh = Person.objects.select_for_update().get(pk=person.pk)
    fresh.name, fresh.language = name, language
    fresh.save(update_fields=["name", "language"])
    record("change_account", fresh, by=person)
    return fresh


def _new_account(email: str, name: str, password: str) -> Person:
    if Person.objects.filter(email__iexact=email).exists():
        raise AccountExists
    person = Person.objects.create_user(email, password, name=name, language=reader_language())
    # Whoever holds a link that was sent to an address has shown that the address is theirs.
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


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
    with translation.override(organisation.language if organisation else None):
        sender = organisation.name if organisation else settings.SITE_URL
        send_mail(
            _("An invitation from {centre}").format(
                centre=organisation.short_name if organisation else "Knutepunkt"
            ),
            _("{centre} invites you to be {role}. Open this link to accept: {address}").format(
                centre=sender, role=invitation.get_role_display(), address=address
            ),
            None,
            [invitation.email],
        )


def _tell_directors(invitation: Invitation, directors: list[Person]) -> None:
    """Tell those who lead an organisation that the installation has invited one more."""
    organisation = invitation.organisation
    assert organisation is not None
    for each in directors:
        with translation.override(each.language):
            send_mail(
                _("{email} is invited to lead {centre}").format(
                    email=invitation.email, centre=organisation.short_name
                ),
                _(
                    "Those who run the installation have invited {email} to be director of "
                    "{centre}. If you did not ask for this, tell them."
                ).format(email=invitation.email, centre=organisation.name),
                None,
                [each.email],
            )
