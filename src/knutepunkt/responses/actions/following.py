"""How does a study that follows people get its key, keep its links, and lose its cards?

The study's key opens the second letters (card and answers about oneself) and is used only to link.
After the last planned round is linked, the key and all second letters are destroyed; the links stay,
sealed to the round they were made for last, and end with that round.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from uuid import UUID

import pyrage
from django.db import transaction

from knutepunkt.responses import keys
from knutepunkt.responses.actions.clearing import clear
from knutepunkt.responses.models import (
    DeletionRequest,
    FollowedStudy,
    SealedAnswer,
    SealedCard,
    SealedRound,
)
from knutepunkt.responses.queries import sealed_round
from knutepunkt.responses.sealing import seal_text

VAULT = "vault"
SALT_BYTES = 16


def open_study(study_ref: UUID, readers: list[list[str]]) -> str:
    """Give the study its key, wrapped as a round's is; return whom cards are sealed to.

    Done twice is done: all rounds of a study share one key. Empty where the study has been linked
    for the last time: its key is gone, and one more round follows nobody.
    """
    identity = pyrage.x25519.Identity.generate()
    with transaction.atomic(using=VAULT):
        study, _is_new = FollowedStudy.objects.get_or_create(
            study_ref=study_ref,
            defaults={
                "recipient": str(identity.to_public()),
                "wrapped_identity": keys.wrap_identity(identity, readers),
                "card_salt": secrets.token_bytes(SALT_BYTES),
            },
        )
    return study.recipient if study.wrapped_identity else ""


def keep_links(*, study_ref: UUID, round_ref: UUID, links: bytes) -> None:
    """Keep who was found to be whom, sealed to the key of the round that was linked last."""
    with transaction.atomic(using=VAULT):
        study = FollowedStudy.objects.select_for_update().get(study_ref=study_ref)
        study.links = seal_text(links, sealed_round(round_ref).recipient)
        study.links_round_ref = round_ref
        study.save(update_fields=["links", "links_round_ref"])


def destroy_cards(*, study_ref: UUID) -> None:
    """Destroy the study's key, its second letters and the queue; done twice is done."""
    rounds = SealedRound.objects.filter(study_ref=study_ref).values_list("round_ref", flat=True)
    with transaction.atomic(using=VAULT):
        study = FollowedStudy.objects.select_for_update().get(study_ref=study_ref)
        SealedCard.objects.filter(round_ref__in=list(rounds)).delete()
        DeletionRequest.objects.filter(study_ref=study_ref).delete()
        study.wrapped_identity = b""
        study.save(update_fields=["wrapped_identity"])
        transaction.on_commit(_clear, using=VAULT)


def delete_answers(*, answer_refs: Iterable[UUID]) -> None:
    """Delete answers of closed rounds whose people have asked for it, with their cards."""
    refs = list(answer_refs)
    if not refs:
        return
    with transaction.atomic(using=VAULT):
        SealedAnswer.objects.filter(id__in=refs).delete()
        SealedCard.objects.filter(answer_ref__in=refs).delete()
        transaction.on_commit(_clear, using=VAULT)


def _clear() -> None:
    clear(SealedCard, FollowedStudy, DeletionRequest)
