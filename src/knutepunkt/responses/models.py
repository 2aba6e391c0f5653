"""What lies in the vault? Nothing here is finer than the round, and nothing points out of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from knutepunkt.responses.sealing import SIZES
from knutepunkt.shared.ids import random_id

#: Written with one statement: PostgreSQL takes 65,535 values in it, and a row has up to eight.
ROWS_AT_ONCE = 5_000


class SealedRound(models.Model):
    """The keys of one round. ``round_ref`` is a bare identifier, not a relation."""

    round_ref = models.UUIDField(primary_key=True)
    recipient = models.CharField(max_length=120)
    #: The round's identity, sealed to those who may open it; empty once it is destroyed.
    wrapped_identity = models.BinaryField()
    #: Empty once the round is closed.
    transport_recipient = models.CharField(max_length=120, blank=True)
    receipt_salt = models.BinaryField()
    size = models.PositiveIntegerField(choices=[(size, size) for size in SIZES])
    is_open = models.BooleanField(default=True)
    #: After the close: transport key destroyed, free pages and logs cleared.
    is_swept = models.BooleanField(default=False)
    #: Where the study follows people: the study, and the key a card is sealed to. Empty elsewhere.
    study_ref = models.UUIDField(null=True)
    card_recipient = models.CharField(max_length=120, blank=True)
    #: "Enough answers", looked up at most once a day (P7).
    has_enough = models.BooleanField(default=False)
    looked_up_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_open=False, transport_recipient="")
                | (Q(is_open=True) & ~Q(transport_recipient="")),
                name="open_round_has_a_transport_key",
            ),
            models.CheckConstraint(
                condition=Q(study_ref__isnull=True, card_recipient="")
                | (Q(study_ref__isnull=False) & ~Q(card_recipient="")),
                name="card_is_sealed_where_a_study_follows",
            ),
        ]

    def __str__(self) -> str:
        return str(self.round_ref)


class SlipMark(models.Model):
    """A slip that can be used once (or, on the wall, again and again); gone when the round closes."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    round_ref = models.UUIDField(db_index=True)
    group_ref = models.UUIDField()
    code_digest = models.BinaryField(max_length=32, unique=True)
    is_on_wall = models.BooleanField(default=False)
    is_used = models.BooleanField(default=False)
    is_void = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_on_wall=False) | Q(is_used=False), name="wall_code_is_never_used_up"
            )
        ]

    def __str__(self) -> str:
        return "slip"


class RetiredCode(models.Model):
    """A code of a closed round: enough to say "the survey is closed", and not whether it was used."""

    code_digest = models.BinaryField(max_length=32, primary_key=True)
    round_ref = models.UUIDField(db_index=True)

    def __str__(self) -> str:
        return "retired code"


class CoveredAnswer(models.Model):
    """A sealed answer of an open round, under the transport cover; gone when the round closes.

    It lies in a table of its own, so that a close clears what joined without touching the answers
    of rounds closed before.
    """

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    round_ref = models.UUIDField()
    sealed = models.BinaryField()
    #: The second letter, under the transport cover too; empty where the round follows nobody.
    card = models.BinaryField(default=b"")
    receipt_digest = models.BinaryField(max_length=32)
    is_withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round_ref", "receipt_digest"], name="one_answer_per_receipt"
            ),
        ]

    def __str__(self) -> str:
        return "covered answer"


class SealedAnswer(models.Model):
    """One sealed answer of a closed round. The group is inside the seal; all have one length."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    round_ref = models.UUIDField(db_index=True)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return "sealed answer"


class SlipCount(models.Model):
    """What is left of the slips after the close: per group, how many were handed out and used."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    round_ref = models.UUIDField(db_index=True)
    group_ref = models.UUIDField()
    handed_out = models.PositiveIntegerField()
    used = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round_ref", "group_ref"], name="one_count_per_group"),
            models.CheckConstraint(
                condition=Q(used__lte=models.F("handed_out")), name="no_more_used_than_handed_out"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.used}/{self.handed_out}"


class ContributorSet(models.Model):
    """Who a released statement rests on; lives here and dies with the answers."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    release_ref = models.UUIDField(db_index=True)
    round_ref = models.UUIDField(db_index=True)
    record_set_ref = models.CharField(max_length=200)
    record_set = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release_ref", "round_ref", "record_set_ref"],
                name="one_contributor_set_per_statement",
            )
        ]

    def __str__(self) -> str:
        return self.record_set_ref


class SealedCoding(models.Model):
    """What a coder said of the round's open answers, sealed to the round's key and gone with it.

    ``coding_ref`` is a bare identifier: a coder, or the coding itself for what was settled.
    """

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    round_ref = models.UUIDField()
    coding_ref = models.UUIDField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round_ref", "coding_ref"], name="one_coding_per_coder")
        ]

    def __str__(self) -> str:
        return "sealed coding"


class FollowedStudy(models.Model):
    """The key of a study that follows people over rounds, and who was found to be whom.

    ``study_ref`` is a bare identifier, not a relation. The key goes when the last planned round is
    linked; the links stay as long as the answers, sealed to the round they were made for last.
    """

    study_ref = models.UUIDField(primary_key=True)
    recipient = models.CharField(max_length=120)
    #: Empty once the study is linked and its cards are destroyed.
    wrapped_identity = models.BinaryField()
    card_salt = models.BinaryField()
    links = models.BinaryField(default=b"")
    links_round_ref = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(links_round_ref__isnull=True, links=b"")
                | (Q(links_round_ref__isnull=False) & ~Q(links=b"")),
                name="links_name_the_round_they_are_sealed_to",
            )
        ]

    def __str__(self) -> str:
        return "followed study"


class SealedCard(models.Model):
    """The second letter of a closed answer: card and answers about oneself, sealed to the study."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    round_ref = models.UUIDField(db_index=True)
    answer_ref = models.UUIDField(unique=True)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return "sealed card"


class DeletionRequest(models.Model):
    """Somebody with a card wants to leave a study after the close; only a slow digest is kept."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    study_ref = models.UUIDField()
    card_digest = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["study_ref", "card_digest"], name="one_request_per_card"
            )
        ]

    def __str__(self) -> str:
        return "deletion request"
