"""Which evaluations are there, what was released to whom, and who approved it?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from knutepunkt.evaluations.lifecycle import EVALUATION
from knutepunkt.evaluations.vocabulary import Audience
from knutepunkt.people.models import Organisation
from knutepunkt.shared.ids import random_id
from knutepunkt.surveys.models import Round, Survey


class Evaluation(models.Model):
    """One report in the making: which rounds, for whom, by whom, and how far it has come."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="evaluations"
    )
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="evaluations")
    rounds = models.ManyToManyField(Round, related_name="evaluations")
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.CENTRE)
    state = models.CharField(
        max_length=10, choices=EVALUATION.choices(), default=EVALUATION.initial
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="evaluations_to_approve",
    )
    comment = models.TextField(blank=True)
    report = models.JSONField(null=True, blank=True)
    findings = models.JSONField(default=list)
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replaced_by"
    )
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(approver__isnull=True) | ~Q(approver=models.F("made_by")),
                name="maker_never_approves",
            )
        ]

    def __str__(self) -> str:
        return f"{self.survey} ({self.get_state_display()})"


class Release(models.Model):
    """One entry of the release ledger: append-only, each entry holds the hash of the one before."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    sequence = models.PositiveIntegerField(unique=True)
    evaluation = models.OneToOneField(
        Evaluation, null=True, on_delete=models.SET_NULL, related_name="release"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="releases"
    )
    audience = models.CharField(max_length=10, choices=Audience)
    released_on = models.DateField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    statements = models.JSONField()
    certificate = models.JSONField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("sequence",)
        constraints = [
            models.CheckConstraint(condition=Q(sequence__gte=1), name="release_sequence_from_one"),
            models.UniqueConstraint(fields=["previous_hash"], name="ledger_never_forks"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence}: {self.organisation}"
