"""What is kept about who did what, and when?"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from knutepunkt.shared.errors import Refusal


class AuditEvent(models.Model):
    """One act by one person: append-only, never about a participant's answer or slip."""

    happened_at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    actor_name = models.CharField(max_length=200)
    verb = models.CharField(max_length=60)
    room = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    organisation_id = models.CharField(max_length=64, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=["subject_kind", "subject_id"])]

    def __str__(self) -> str:
        return f"{self.actor_name}: {self.verb} {self.subject_kind} {self.subject_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append only: an event once written is never written again."""
        if self.pk is not None and not self._state.adding:
            raise Refusal("An audit event cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Append only."""
        raise Refusal("An audit event cannot be deleted.")


class Deletion(models.Model):
    """That something was deleted because its time was over: what kind, when, by which clock.

    Never whose, and no count of anything that comes from participants.
    """

    happened_on = models.DateField()
    kind = models.CharField(max_length=40)
    days = models.PositiveIntegerField()
    count = models.PositiveIntegerField(null=True, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    organisation_id = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-happened_on", "-id")

    def __str__(self) -> str:
        return f"{self.happened_on}: {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append only."""
        if not self._state.adding:
            raise Refusal("A record of a deletion cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Append only."""
        raise Refusal("A record of a deletion cannot be deleted.")
