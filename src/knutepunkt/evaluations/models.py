"""Which evaluations are there, what was released to whom, and who approved it?"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from knutepunkt.analysis.disclosure.ledger import LedgerEntry
from knutepunkt.evaluations.ledger_copy import KeptRelease
from knutepunkt.evaluations.lifecycle import EVALUATION, TEXT_CODING
from knutepunkt.evaluations.vocabulary import Audience
from knutepunkt.people.models import Organisation
from knutepunkt.shared.errors import Refusal
from knutepunkt.shared.ids import random_id
from knutepunkt.surveys.models import Round, Survey


class Evaluation(models.Model):
    """One report in the making: which rounds, for whom, by whom, and how far it has come.

    ``report`` holds the report as data, made of released figures alone; ``judged`` what the gate
    said of it (release document, statements, certificate, findings), at the ledger's ``root``.
    """

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
    judged = models.JSONField(default=dict)
    root = models.CharField(max_length=64, blank=True)
    corrects = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="corrections"
    )
    reason = models.TextField(blank=True)
    made_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("-made_on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(approver__isnull=True) | ~Q(approver=models.F("made_by")),
                name="maker_never_approves",
            )
        ]

    def __str__(self) -> str:
        return f"{self.survey}"


class Calibration(models.Model):
    """How often a report's method is wrong on simulated studies of the report's own shape.

    ``shape`` is what T1 tells; ``result`` is empty until the simulation has ended, and an empty dict
    where nothing could be inferred. ``done`` of ``wanted`` studies have been made.
    """

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    evaluation = models.OneToOneField(
        Evaluation, on_delete=models.CASCADE, related_name="calibration"
    )
    shape = models.JSONField()
    wanted = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    result = models.JSONField(null=True, blank=True)
    has_failed = models.BooleanField(default=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.evaluation}: {self.done}/{self.wanted}"


class TextCoding(models.Model):
    """The coding of one round's open answers: by which codes, and how far it has come.

    What the coders say lies sealed in the vault, with the answers and as long as they do.
    """

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="text_codings"
    )
    round = models.OneToOneField(Round, on_delete=models.CASCADE, related_name="text_coding")
    codebook = models.JSONField()
    state = models.CharField(
        max_length=10, choices=TEXT_CODING.choices(), default=TEXT_CODING.initial
    )

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.round}"


class Coder(models.Model):
    """One of the two people who read and code a round's open answers."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    coding = models.ForeignKey(TextCoding, on_delete=models.CASCADE, related_name="coders")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="codings"
    )
    handed_in_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["coding", "person"], name="coder_once_in_coding")
        ]

    def __str__(self) -> str:
        return f"{self.person}"


class ReviewInvitation(models.Model):
    """A one-time link for approving one report, sent to somebody outside; only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.CASCADE, related_name="review_invitations"
    )
    email = models.EmailField()
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.email}: {self.evaluation}"


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
    policy_hash = models.CharField(max_length=64)
    statements = models.JSONField()
    certificate = models.JSONField()
    previous_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("sequence",)
        constraints = [
            models.CheckConstraint(condition=Q(sequence__gte=1), name="release_sequence_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence}: {self.organisation}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append only: an entry once written is never written again."""
        if not self._state.adding:
            raise Refusal("An entry of the release ledger cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Append only."""
        raise Refusal("An entry of the release ledger cannot be deleted.")

    def as_entry(self) -> LedgerEntry:
        """Return the entry in the form whose hash is chained."""
        return LedgerEntry(
            sequence=self.sequence,
            release=str(self.pk),
            audience=self.audience,
            policy_hash=self.policy_hash,
            statements=tuple(self.statements),
            previous=self.previous_hash,
            hash=self.hash,
            seal=str(self.certificate.get("seal", "")),
        )

    def as_kept(self) -> KeptRelease:
        """Return the entry as the copy outside the database has it."""
        return KeptRelease(
            self.as_entry(), self.certificate, str(self.organisation_id), self.released_on
        )
