"""How is a shared report corrected or taken back, visibly?"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from knutepunkt.audit.actions import record
from knutepunkt.evaluations.actions.making import make_evaluation
from knutepunkt.evaluations.lifecycle import EVALUATION
from knutepunkt.evaluations.models import Evaluation
from knutepunkt.evaluations.policies import require_maker
from knutepunkt.people.models import Person
from knutepunkt.shared.clock import today
from knutepunkt.shared.errors import Refusal


class NeedsReason(Refusal):
    """A report is not taken back without saying why."""

    def __init__(self) -> None:
        super().__init__(_("Write why the report is taken back. The readers see the reason."))


@transaction.atomic
def retract(*, evaluation: Evaluation, reason: str, by: Person) -> Evaluation:
    """Take a shared report back: its address stays and shows the reason instead of figures.

    What was read cannot be unread, so the release stays in the ledger and counts.
    """
    require_maker(by, evaluation.organisation)
    if not reason.strip():
        raise NeedsReason
    fresh = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    fresh.state = EVALUATION.after(fresh.state, "retract")
    fresh.reason = reason.strip()
    fresh.ended_on = today()
    fresh.save(update_fields=["state", "reason", "ended_on"])
    record("retract", fresh, by=by, organisation_id=fresh.organisation_id)
    return fresh


def correct(*, evaluation: Evaluation, reason: str, by: Person) -> Evaluation:
    """Start the report that will replace a shared one; the old one stands until it is approved."""
    require_maker(by, evaluation.organisation)
    if not reason.strip():
        raise NeedsReason
    EVALUATION.after(evaluation.state, "correct")
    correction = make_evaluation(
        survey=evaluation.survey,
        rounds=list(evaluation.rounds.all()),
        audience=evaluation.audience,
        by=by,
        corrects=evaluation,
    )
    return _say_why(correction, reason.strip(), by)


@transaction.atomic
def _say_why(correction: Evaluation, reason: str, by: Person) -> Evaluation:
    correction.reason = reason
    correction.save(update_fields=["reason"])
    record("correct", correction, by=by, organisation_id=correction.organisation_id)
    return correction
