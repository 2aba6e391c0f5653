"""How is an act written down, in the same transaction as the act itself?"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models, transaction

from knutepunkt.audit.models import AuditEvent, Deletion


def record(
    verb: str,
    subject: models.Model,
    *,
    by: models.Model | None,
    organisation_id: object = "",
    **details: Any,
) -> AuditEvent:
    """Write one audit event; must be called inside the act's own transaction.

    ``details`` hold names and dates of things, never anything about a participant's answer.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"audit.record({verb!r}) was called outside a transaction")
    return AuditEvent.objects.create(
        actor_id=by.pk if by is not None else None,
        actor_name=str(by) if by is not None else "system",
        verb=verb,
        room=subject._meta.app_label,
        subject_kind=subject._meta.object_name or "",
        subject_id=str(subject.pk),
        organisation_id=str(organisation_id),
        details=details,
    )


def record_deletion(
    kind: str,
    *,
    on: dt.date,
    days: int,
    count: int | None = None,
    subject_id: object = "",
    organisation_id: object = "",
) -> Deletion:
    """Write down that a clock ran out and something was deleted; inside the same transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"audit.record_deletion({kind!r}) was called outside a transaction")
    return Deletion.objects.create(
        happened_on=on,
        kind=kind,
        days=days,
        count=count,
        subject_id=str(subject_id),
        organisation_id=str(organisation_id),
    )
