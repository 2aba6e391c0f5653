"""Which accounts and invitations have outlived their time, and how are they deleted?"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from knutepunkt.audit.actions import record_deletion
from knutepunkt.people.models import Invitation, Membership, Person
from knutepunkt.people.policies import held_today


@transaction.atomic
def delete_old_invitations(*, today: dt.date, days: int) -> int:
    """Delete invitations whose link ran out, used or not; the audit log keeps that they were sent."""
    old = Invitation.objects.filter(expires_at__date__lt=today - dt.timedelta(days=days))
    count = old.count()
    if count:
        old.delete()
        record_deletion("invitations", on=today, days=days, count=count)
    return count


@transaction.atomic
def delete_old_accounts(*, today: dt.date, days: int) -> int:
    """Delete accounts that hold no role and have not been used; what they did stays in the log."""
    with_role = Membership.objects.filter(held_today() | Q(since__gt=today)).values("person")
    old = Person.objects.annotate(used_at=Coalesce("last_login", "created_at")).filter(
        used_at__date__lt=today - dt.timedelta(days=days)
    )
    idle = old.exclude(pk__in=with_role)
    count = idle.count()
    if count:
        idle.delete()
        record_deletion("accounts", on=today, days=days, count=count)
    return count
