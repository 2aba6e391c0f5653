"""How is somebody asked to approve a report: a colleague, or a person from outside?"""

from __future__ import annotations

import datetime as dt
import secrets

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from knutepunkt.audit.actions import record
from knutepunkt.evaluations.lifecycle import EVALUATION
from knutepunkt.evaluations.models import Evaluation, ReviewInvitation
from knutepunkt.evaluations.policies import (
    NeedsSecondPerson,
    require_maker,
    require_second_person,
    those_who_made,
)
from knutepunkt.evaluations.queries import review_invitation_behind
from knutepunkt.people.actions import InvitationOver, SentToAnother, make_reviewer_account
from knutepunkt.people.models import Person
from knutepunkt.people.policies import same_human, same_mailbox
from knutepunkt.people.queries import digest_of
from knutepunkt.shared.errors import NotNow

VALID_DAYS = 14


@transaction.atomic
def ask_colleague(*, evaluation: Evaluation, approver: Person, by: Person) -> Evaluation:
    """Put the report forward for approval by somebody who has an account."""
    fresh = _put_forward(evaluation, by)
    if same_human(approver, by):
        raise NeedsSecondPerson
    require_second_person(approver, fresh)
    fresh.approver = approver
    fresh.save()
    record(
        "ask_colleague",
        fresh,
        by=by,
        organisation_id=fresh.organisation_id,
        approver=str(approver),
    )
    address = settings.SITE_URL + reverse("evaluations:check", args=[fresh.pk])
    transaction.on_commit(lambda: _tell(fresh, approver.email, approver.language, address))
    return fresh


@transaction.atomic
def invite_reviewer(*, evaluation: Evaluation, email: str, by: Person) -> ReviewInvitation:
    """Put the report forward for approval by somebody outside, invited for this report alone.

    Whoever opens the link signs in or makes an account; the link works once and gives no role.
    """
    makers = (by, *those_who_made(evaluation))
    if any(same_mailbox(email, each.email) for each in makers):
        raise NeedsSecondPerson
    fresh = _put_forward(evaluation, by)
    fresh.approver = None
    fresh.save()
    token = secrets.token_urlsafe(32)
    invitation = ReviewInvitation.objects.create(
        evaluation=fresh,
        email=email,
        digest=digest_of(token),
        invited_by=by,
        expires_at=timezone.now() + dt.timedelta(days=VALID_DAYS),
    )
    record("invite_reviewer", fresh, by=by, organisation_id=fresh.organisation_id, email=email)
    address = settings.SITE_URL + reverse("evaluations:review-accept", args=[token])
    language = fresh.organisation.language
    transaction.on_commit(lambda: _tell(fresh, email, language, address))
    return invitation


@transaction.atomic
def ask_nobody(*, evaluation: Evaluation, by: Person) -> Evaluation:
    """Take the request back: whoever was asked cannot, and somebody else is to be asked.

    An unused link stops working, and whoever was asked no longer sees the report.
    """
    require_maker(by, evaluation.organisation)
    fresh = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    fresh.state = EVALUATION.after(fresh.state, "take_back")
    fresh.approver = None
    fresh.save(update_fields=["state", "approver"])
    fresh.review_invitations.filter(used_at=None).delete()
    record("ask_nobody", fresh, by=by, organisation_id=fresh.organisation_id)
    return fresh


def accept_review(*, token: str, by: Person) -> Evaluation:
    """Take on the approval somebody was invited to, with the account of the invited address.

    Whoever had a hand in the report cannot, also by another account of theirs.
    """
    with transaction.atomic():
        invitation = review_invitation_behind(token, for_update=True)
        if invitation is None:
            raise InvitationOver
        evaluation = Evaluation.objects.select_for_update().get(pk=invitation.evaluation_id)
        require_second_person(by, evaluation)
        if by.email.casefold() != invitation.email.casefold():
            raise SentToAnother
        if not EVALUATION.can(evaluation.state, "approve"):
            raise NotNow(EVALUATION.step("approve").sentence)
        invitation.used_at = timezone.now()
        invitation.save(update_fields=["used_at"])
        evaluation.approver = by
        evaluation.save(update_fields=["approver"])
        record("accept_review", evaluation, by=by, organisation_id=evaluation.organisation_id)
    return evaluation


def accept_review_with_account(
    *, token: str, name: str, password: str
) -> tuple[Evaluation, Person]:
    """Make the account of somebody invited from outside, and take on the approval with it.

    The account has the address the link was sent to, and no role anywhere.
    """
    with transaction.atomic():
        invitation = review_invitation_behind(token, for_update=True)
        if invitation is None:
            raise InvitationOver
        person = make_reviewer_account(email=invitation.email, name=name, password=password)
        return accept_review(token=token, by=person), person


def _put_forward(evaluation: Evaluation, by: Person) -> Evaluation:
    require_maker(by, evaluation.organisation)
    fresh = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    fresh.state = EVALUATION.after(fresh.state, "propose")
    fresh.comment = ""
    fresh.review_invitations.filter(used_at=None).delete()
    return fresh


def _tell(evaluation: Evaluation, email: str, language: str, address: str) -> None:
    """Send the link. The e-mail names no figure and no group."""
    with translation.override(language):
        send_mail(
            _("A report waits for your approval"),
            _(
                "{centre} asks you to read a report and approve it, or send it back: {address}"
            ).format(centre=evaluation.organisation.name, address=address),
            None,
            [email],
        )
