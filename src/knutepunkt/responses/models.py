"""What lies in the vault? Nothing here is finer than the round, and nothing points out of it."""

from __future__ import annotations

from django.db import models

from knutepunkt.shared.ids import random_id


class SealedRound(models.Model):
    """The keys of one round. ``round_ref`` is a bare identifier, not a relation."""

    round_ref = models.UUIDField(primary_key=True)
    recipient = models.CharField(max_length=120)
    wrapped_identity = models.BinaryField()
    transport_recipient = models.CharField(max_length=120, blank=True)
    receipt_salt = models.BinaryField()
    is_open = models.BooleanField(default=True)

    def __str__(self) -> str:
        return str(self.round_ref)


class SlipMark(models.Model):
    """A slip that can be used once; gone when the round closes."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    round_ref = models.UUIDField(db_index=True)
    group_ref = models.UUIDField()
    code_digest = models.BinaryField(max_length=32, unique=True)
    is_used = models.BooleanField(default=False)
    is_void = models.BooleanField(default=False)

    def __str__(self) -> str:
        return "slip"


class SealedAnswer(models.Model):
    """One sealed answer. The group is inside the seal; the size is one of a few fixed ones."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    round_ref = models.UUIDField(db_index=True)
    sealed = models.BinaryField()
    receipt_digest = models.BinaryField(max_length=32, null=True)
    is_withdrawn = models.BooleanField(default=False)

    def __str__(self) -> str:
        return "sealed answer"


class SlipCount(models.Model):
    """What is left of the slips after the close: per group, how many were handed out and used."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    round_ref = models.UUIDField(db_index=True)
    group_ref = models.UUIDField()
    handed_out = models.PositiveSmallIntegerField()
    used = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round_ref", "group_ref"], name="one_count_per_group")
        ]

    def __str__(self) -> str:
        return f"{self.used}/{self.handed_out}"


class ContributorSet(models.Model):
    """Who a released statement rests on; lives here and dies with the answers."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    release_ref = models.UUIDField(db_index=True)
    round_ref = models.UUIDField(db_index=True)
    record_set_ref = models.CharField(max_length=64)
    members = models.JSONField()

    def __str__(self) -> str:
        return self.record_set_ref
