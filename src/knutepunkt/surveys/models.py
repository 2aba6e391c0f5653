"""Which surveys are there, which rounds, which groups are asked, and what was planned?"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q

from knutepunkt.directory.models import Group
from knutepunkt.people.models import Organisation
from knutepunkt.shared.ids import random_id
from knutepunkt.surveys.lifecycle import CLOSED, OPEN, ROUND
from knutepunkt.surveys.vocabulary import Channel, KeyHolding


class InstrumentVersion(models.Model):
    """One immutable version of a questionnaire, known by the hash of its content."""

    hash = models.CharField(max_length=64, primary_key=True)
    instrument_id = models.CharField(max_length=60)
    version = models.CharField(max_length=30)
    content = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("instrument_id", "version")

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.version}"


class ConsentVersion(models.Model):
    """The words of consent that participants of a round read, by purpose; immutable."""

    hash = models.CharField(max_length=64, primary_key=True)
    content = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.hash[:12]


class SurveyDraft(models.Model):
    """A survey being planned: what was typed on each page, kept as typed, valid or not."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="survey_drafts"
    )
    pages = models.JSONField(default=dict)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-changed_at",)

    def __str__(self) -> str:
        return f"{self.organisation} ({self.changed_at:%Y-%m-%d})"


class Survey(models.Model):
    """A centre's question to its groups, asked in one round or several."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="surveys")
    title = models.CharField(max_length=160)
    instrument = models.ForeignKey(
        InstrumentVersion, on_delete=models.PROTECT, related_name="surveys"
    )
    groups_from = models.DateField()
    groups_until = models.DateField()
    planned_rounds = models.PositiveSmallIntegerField(default=1)
    is_sensitive = models.BooleanField(default=False)
    #: The same person is found again in the next round, by a card and perhaps by eight questions.
    follows_people = models.BooleanField(default=False)
    asks_about_oneself = models.BooleanField(default=False)
    key_holding = models.CharField(max_length=10, choices=KeyHolding, default=KeyHolding.SERVER)
    #: Age recipients of those who hold the key offline; with two, both are needed.
    key_recipients = models.JSONField(default=list, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(groups_until__gte=models.F("groups_from")),
                name="survey_period_runs_forward",
            ),
            models.CheckConstraint(
                condition=Q(asks_about_oneself=False) | Q(follows_people=True),
                name="eight_questions_only_to_follow_people",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Round(models.Model):
    """One time of asking: opens on a day, closes on a day, never opens again."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=ROUND.choices(), default=ROUND.initial)
    channels = models.JSONField(default=list)
    opens_on = models.DateField()
    closes_on = models.DateField()
    report_expected_on = models.DateField(null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    consent = models.ForeignKey(
        ConsentVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="rounds"
    )
    answers_destroyed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("survey", "number")
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="round_number_once"),
            models.CheckConstraint(
                condition=Q(closes_on__gte=models.F("opens_on")), name="round_runs_forward"
            ),
            models.CheckConstraint(
                condition=~Q(state=CLOSED) | Q(closed_on__isnull=False),
                name="closed_round_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey} ({self.number})"

    @property
    def is_open(self) -> bool:
        """Whether the round has been opened and not closed."""
        return self.state == OPEN

    @property
    def is_closed(self) -> bool:
        """Whether the round has been closed."""
        return self.state == CLOSED

    def takes_answers_on(self, day: dt.date) -> bool:
        """Whether somebody with a slip can answer on this day: open, and the deadline included."""
        return self.is_open and day <= self.closes_on


class RoundGroup(models.Model):
    """A group that is asked in a round, with the number of members who are asked."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="asked_groups")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="asked_in")
    members = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.SLIPS)
    slips_printed = models.PositiveSmallIntegerField(default=0)
    slips_replaced = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "group"], name="group_asked_once_in_round"),
            models.CheckConstraint(condition=Q(members__gte=1), name="asked_group_has_members"),
        ]

    def __str__(self) -> str:
        return f"{self.group} ({self.round})"


class PaperEntry(models.Model):
    """A paper answer typed once, waiting for a second person; opened only with the slip's code.

    Neither the code nor a time is kept. The key lies outside the database and every backup, and
    goes when the round closes.
    """

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="paper_entries")
    digest = models.CharField(max_length=64)
    locked_answers = models.BinaryField()
    typed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "digest"], name="paper_answer_waits_once_in_round"
            )
        ]

    def __str__(self) -> str:
        return "paper answer"


class Protocol(models.Model):
    """What was planned before the data: questions, outcome, model, limits. Locked, then hashed."""

    survey = models.OneToOneField(Survey, on_delete=models.CASCADE, related_name="protocol")
    content = models.JSONField()
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(locked_at__isnull=True, hash="")
                | (Q(locked_at__isnull=False) & ~Q(hash="")),
                name="protocol_locked_with_hash",
            )
        ]

    def __str__(self) -> str:
        return f"{self.survey}"


class Deviation(models.Model):
    """A departure from the locked protocol, with its reason; printed in the report."""

    protocol = models.ForeignKey(Protocol, on_delete=models.CASCADE, related_name="deviations")
    what = models.CharField(max_length=200)
    why = models.TextField()
    noted_on = models.DateField()

    def __str__(self) -> str:
        return self.what
