"""How does a round get its keys, say that it has enough answers, and end for good?"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import partial
from uuid import UUID

import pyrage
from django.db import transaction
from django.utils import timezone

from knutepunkt.responses import keys
from knutepunkt.responses.actions.clearing import clear
from knutepunkt.responses.actions.following import open_study
from knutepunkt.responses.models import (
    ContributorSet,
    RetiredCode,
    SealedAnswer,
    SealedCard,
    SealedCoding,
    SealedRound,
    SlipCount,
    SlipMark,
)
from knutepunkt.responses.queries import sealed_round
from knutepunkt.responses.refusals import RoundClosed, RoundStillOpen
from knutepunkt.responses.sealing import USUAL_SIZE, fitting_size

VAULT = "vault"
SALT_BYTES = 16
#: KP-1, P1: a population rests on so many participants, from so many groups, none more than half.
ENOUGH_ANSWERS = 10
ENOUGH_GROUPS = 3
#: What lives and dies with a closed round.
_OF_A_ROUND = (
    SealedAnswer,
    SealedCard,
    SealedCoding,
    SlipCount,
    RetiredCode,
    ContributorSet,
)


def open_round(
    *,
    round_ref: UUID,
    escrow: str = "",
    evaluators: Sequence[str] = (),
    largest_content: int = 0,
    study_ref: UUID | None = None,
) -> None:
    """Give the round its keys; done twice is done.

    ``escrow`` and ``evaluators`` are age recipients. With evaluators the round can be opened by all
    of them together (or escrow) alone; without, by the server. ``largest_content`` is the greatest
    length in bytes an answer can have; it decides the one size all answers of the round get.
    ``study_ref`` is named where the study follows people: then the study gets its key first.

    The transport key is made first: a kill in between leaves a key without a round, which the next
    call uses.
    """
    transport_recipient = keys.make_transport_key(round_ref)
    identity = pyrage.x25519.Identity.generate()
    readers = keys.readers_of(evaluators, escrow)
    card_recipient = open_study(study_ref, readers) if study_ref is not None else ""
    with transaction.atomic(using=VAULT):
        opened, _is_new = SealedRound.objects.get_or_create(
            round_ref=round_ref,
            defaults={
                "recipient": str(identity.to_public()),
                "wrapped_identity": keys.wrap_identity(identity, readers),
                "transport_recipient": transport_recipient,
                "receipt_salt": secrets.token_bytes(SALT_BYTES),
                "size": fitting_size(largest_content) if largest_content else USUAL_SIZE,
                "study_ref": study_ref if card_recipient else None,
                "card_recipient": card_recipient,
            },
        )
    if not opened.is_open:
        keys.destroy_transport_key(round_ref)
        raise RoundClosed()


def enough_answers(round_ref: UUID, *, today: date | None = None) -> bool:
    """Say whether a report can come of the round, looked up once a day and then remembered.

    Counts used slips, as clause P1 does: at least ten, from at least three groups, none of them
    more than half.
    """
    day = today or timezone.localdate()
    with transaction.atomic(using=VAULT):
        asked = sealed_round(round_ref, for_update=True)
        if asked.is_open and not asked.has_enough and asked.looked_up_on != day:
            asked.has_enough = _has_enough(round_ref)
            asked.looked_up_on = day
            asked.save(update_fields=["has_enough", "looked_up_on"])
    return asked.has_enough


def destroy_round(*, round_ref: UUID) -> None:
    """Destroy a closed round's key, answers and contributor sets for good; done twice is done.

    The key first of all: without it, what a database keeps of deleted rows is random bytes.
    """
    with transaction.atomic(using=VAULT):
        ended = sealed_round(round_ref, for_update=True)
        if ended.is_open:
            raise RoundStillOpen()
        for kind in (*_OF_A_ROUND, SlipMark):
            kind._default_manager.filter(round_ref=round_ref).delete()
        ended.wrapped_identity = b""
        ended.save(update_fields=["wrapped_identity"])
        transaction.on_commit(
            partial(clear, SealedRound, SlipCount, RetiredCode, ContributorSet, SealedCoding),
            using=VAULT,
        )


def _has_enough(round_ref: UUID) -> bool:
    used = SlipMark.objects.filter(round_ref=round_ref, is_used=True)
    by_group = Counter(used.values_list("group_ref", flat=True))
    total = by_group.total()
    return (
        total >= ENOUGH_ANSWERS
        and len(by_group) >= ENOUGH_GROUPS
        and max(by_group.values()) * 2 <= total
    )
