"""How is somebody asked to approve a report: a colleague, or a person from outside?"""

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

from knutepunkt.audit.actions import record
from knutepunkt.evaluations.lifecycle import EVALUATION
from knutepunkt.evaluations.models import Evaluation, ReviewInvitation
from knutepunkt.evaluations.policies import NeedsSecondPerson, require_maker
from knutepunkt.people.models import Person
from knutepunkt.shared.errors import NotNow, Refusal

VALID_DAYS = 14


class InvitationOver(Refusal):
    """The link has been used, or its time has run out."""

    def __init__(self) -> None:
        super().__init__(
            _("This link has been used or is too old. Ask the one who sent it for a new one.")
        )


@transaction.atomic
def ask_colleague(*, evaluation: Evaluation, approver: Person, by: Person) -> Evaluation:
    """Put the report forward for approval by somebody who has an account."""
    fresh = _put_forward(evaluation, by)
    if approver.pk in (fresh.made_by_id, by.pk):
        raise NeedsSecondPerson
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
    if email.casefold() == by.email.casefold():
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
def accept_review(*, token: str, by: Person) -> Evaluation:
    """Take on the approval somebody was invited to; the one who made the report cannot."""
    invitation = (
        ReviewInvitation.objects.select_for_update()
        .select_related("evaluation")
        .filter(digest=digest_of(token), used_at=None, expires_at__gt=timezone.now())
        .first()
    )
    if invitation is None:
        raise InvitationOver
    evaluation = Evaluation.objects.select_for_update().get(pk=invitation.evaluation_id)
    if by.pk in (evaluation.made_by_id, invitation.invited_by_id):
        raise NeedsSecondPerson
    if not EVALUATION.can(evaluation.state, "approve"):
        raise NotNow(EVALUATION.step("approve").sentence)
    invitation.used_at = timezone.now()
    invitation.save(update_fields=["used_at"])
    evaluation.approver = by
    evaluation.save(update_fields=["approver"])
    record("accept_review", evaluation, by=by, organisation_id=evaluation.organisation_id)
    return evaluation


def digest_of(token: str) -> str:
    """Return what is kept of a link: enough to know it again, not to make it."""
    return hashlib.sha256(token.encode()).hexdigest()


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
