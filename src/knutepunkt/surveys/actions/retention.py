"""What of a survey has outlived its time, and how is it deleted with a record that it happened?

Answers lie in the vault and rounds in the main database. The vault goes first: stopped in between,
the answers are gone and the next night finds the round still unmarked, destroys what is destroyed
already, and writes the record.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction

from knutepunkt.audit.actions import record_deletion
from knutepunkt.responses import actions as vault
from knutepunkt.surveys.models import Round, Survey, SurveyDraft
from knutepunkt.surveys.policies.retention import ANSWERS, DRAFTS


def delete_old_drafts(*, today: dt.date) -> int:
    """Delete plans nobody has touched for half a year."""
    limit = today - dt.timedelta(days=DRAFTS.days)
    with transaction.atomic():
        old = SurveyDraft.objects.filter(changed_at__date__lt=limit)
        count = old.count()
        if count:
            old.delete()
            record_deletion(DRAFTS.kind, on=today, days=DRAFTS.days, count=count)
    return count


def destroy_old_answers(*, today: dt.date) -> int:
    """Destroy the answers of surveys whose last round closed two years ago; return how many rounds."""
    destroyed = 0
    for survey in Survey.objects.all():
        rounds = list(survey.rounds.order_by("number"))
        if _is_due(rounds, today):
            for each in rounds:
                destroyed += _destroy(each, today)
    return destroyed


def destroy_before_time(*, round_ref: UUID, today: dt.date) -> Round | None:
    """Destroy the key, answers and contributor sets of one closed round for good, and record it.

    Returns the round, or None where only the vault knew of it. Raises ``RoundUnknown`` where not
    even the vault does, ``RoundStillOpen`` before the close.
    """
    asked_round = Round.objects.filter(pk=round_ref).first()
    if asked_round is None:
        vault.destroy_round(round_ref=round_ref)
    else:
        _destroy(asked_round, today, days=(today - (asked_round.closed_on or today)).days)
    return asked_round


def _is_due(rounds: list[Round], today: dt.date) -> bool:
    closed = [each.closed_on for each in rounds if each.closed_on is not None]
    if not rounds or len(closed) < len(rounds):
        return False
    return max(closed) + dt.timedelta(days=ANSWERS.days) < today


def _destroy(asked_round: Round, today: dt.date, days: int = ANSWERS.days) -> int:
    if asked_round.answers_destroyed_on is not None:
        return 0
    vault.destroy_round(round_ref=asked_round.pk)
    with transaction.atomic():
        asked_round.answers_destroyed_on = today
        asked_round.save(update_fields=["answers_destroyed_on"])
        record_deletion(
            ANSWERS.kind,
            on=today,
            days=days,
            subject_id=asked_round.pk,
            organisation_id=asked_round.survey.organisation_id,
        )
    return 1
