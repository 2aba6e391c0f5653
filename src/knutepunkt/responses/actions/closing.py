"""How does a round close so that nothing joins an answer to a slip any more?

Order and recovery. (1) One transaction rewrites the answers in shuffled order without the transport
cover, leaves out what was withdrawn, reduces the slips to counts and closes the round: killed before
the commit, nothing has happened; run again. (2) After the commit the transport key is destroyed and
free pages and logs are cleared: killed here, the round is closed and unswept; ``finish_closing`` or
a second ``close_round`` does the rest. A transport key without an open round is always destroyed.
"""

from __future__ import annotations

import logging
import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

import pyrage
from django.db import transaction

from knutepunkt.responses import keys
from knutepunkt.responses.actions.clearing import clear_open_tables, renew_slips
from knutepunkt.responses.models import (
    ROWS_AT_ONCE,
    CoveredAnswer,
    RetiredCode,
    SealedAnswer,
    SealedCard,
    SealedRound,
    SlipCount,
    SlipMark,
)
from knutepunkt.responses.queries import sealed_round
from knutepunkt.responses.refusals import NotSealed
from knutepunkt.responses.sealing import uncover

VAULT = "vault"
CHUNK = 500
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CloseReport:
    """What the close found. No count of answers or withdrawals: those are the gate's to show."""

    round_ref: UUID
    was_closed_before: bool


def close_round(*, round_ref: UUID) -> CloseReport:
    """Close the round for good; done twice is done. Raises ``KeyMissing`` without a transport key."""
    with transaction.atomic(using=VAULT):
        closing = sealed_round(round_ref, for_update=True)
        was_closed_before = not closing.is_open
        if closing.is_open:
            _rewrite(closing)
        transaction.on_commit(partial(_sweep, round_ref), using=VAULT)
    return CloseReport(round_ref, was_closed_before)


def finish_closing() -> list[UUID]:
    """Do what a kill during a close left undone; return the rounds it concerned. For every start."""
    unswept = set(
        SealedRound.objects.filter(is_open=False, is_swept=False).values_list(
            "round_ref", flat=True
        )
    )
    closed = SealedRound.objects.filter(is_open=False, round_ref__in=keys.transport_keys())
    unswept |= set(closed.values_list("round_ref", flat=True))
    for round_ref in unswept:
        _sweep(round_ref)
    return sorted(unswept)


def _rewrite(closing: SealedRound) -> None:
    # Locking every slip first waits for visits under way; none can store an answer after this.
    slips = list(SlipMark.objects.filter(round_ref=closing.round_ref).select_for_update())
    _rewrite_answers(closing.round_ref, keys.transport_identity(closing.round_ref))
    _reduce_slips(closing.round_ref, slips)
    closing.is_open = False
    closing.is_swept = False
    closing.transport_recipient = ""
    closing.save(update_fields=["is_open", "is_swept", "transport_recipient"])


def _rewrite_answers(round_ref: UUID, transport: pyrage.x25519.Identity) -> None:
    covered = CoveredAnswer.objects.filter(round_ref=round_ref)
    refs = list(covered.filter(is_withdrawn=False).values_list("id", flat=True))
    _shuffle(refs)
    for at in range(0, len(refs), CHUNK):
        rows = CoveredAnswer.objects.only("round_ref", "sealed", "card").in_bulk(
            refs[at : at + CHUNK]
        )
        chunk = [rows[ref] for ref in refs[at : at + CHUNK]]
        pairs = [(row, found) for row in chunk if (found := _uncovered(row, transport))]
        SealedAnswer.objects.bulk_create(answer for _row, answer in pairs)
        SealedCard.objects.bulk_create(_uncovered_cards(pairs, transport))
    covered.delete()


def _uncovered(row: CoveredAnswer, transport: pyrage.x25519.Identity) -> SealedAnswer | None:
    try:
        envelope = uncover(bytes(row.sealed), transport)
    except NotSealed:
        _log.error("an answer was damaged in the database and is left out at the close")
        return None
    return SealedAnswer(round_ref=row.round_ref, sealed=envelope)


def _uncovered_cards(
    pairs: list[tuple[CoveredAnswer, SealedAnswer]], transport: pyrage.x25519.Identity
) -> Iterator[SealedCard]:
    """Second letters of a study that follows people; they point to the answer as it is named now."""
    for row, answer in pairs:
        if not row.card:
            continue
        try:
            card = uncover(bytes(row.card), transport)
        except NotSealed:
            _log.error(
                "a card was damaged in the database; its answer is kept and cannot be linked"
            )
            continue
        yield SealedCard(round_ref=row.round_ref, answer_ref=answer.id, sealed=card)


def _reduce_slips(round_ref: UUID, slips: list[SlipMark]) -> None:
    once = [slip for slip in slips if not slip.is_on_wall]
    # Spoiled ones too: were they left out unless they had been used, the count would tell which were.
    handed_out = Counter(slip.group_ref for slip in once)
    used = Counter(slip.group_ref for slip in once if slip.is_used)
    groups = list(handed_out)
    _shuffle(groups)
    SlipCount.objects.bulk_create(
        [
            SlipCount(
                round_ref=round_ref,
                group_ref=group,
                handed_out=handed_out[group],
                used=used[group],
            )
            for group in groups
        ],
        batch_size=ROWS_AT_ONCE,
    )
    _shuffle(slips)
    RetiredCode.objects.bulk_create(
        [RetiredCode(code_digest=slip.code_digest, round_ref=round_ref) for slip in slips],
        batch_size=ROWS_AT_ONCE,
    )
    SlipMark.objects.filter(round_ref=round_ref).delete()
    renew_slips()


def _shuffle(things: list[Any]) -> None:
    secrets.SystemRandom().shuffle(things)


def _sweep(round_ref: UUID) -> None:
    """Destroy the transport key, then clear free pages and the write-ahead log."""
    keys.destroy_transport_key(round_ref)
    if clear_open_tables():
        SealedRound.objects.filter(round_ref=round_ref).update(is_swept=True)
    else:
        _log.error("free pages of the vault could not be cleared now; the next start does it")
