"""How does one answer come in, once and whole?"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction

from knutepunkt.responses.codes import code_digest, typed
from knutepunkt.responses.models import CoveredAnswer, SealedRound, SlipMark
from knutepunkt.responses.queries import sealed_round, slip_of_code
from knutepunkt.responses.receipts import DIGEST_BYTES
from knutepunkt.responses.refusals import (
    NotSealed,
    RoundClosed,
    SlipUnknown,
    SlipUsed,
    VaultBusy,
)
from knutepunkt.responses.sealing import cover, seal_envelope
from knutepunkt.responses.writer import writer

VAULT = "vault"


@dataclass(frozen=True)
class Delivery:
    """An answer is stored durably; ``is_repeat`` where the same visit had sent it before."""

    round_ref: UUID
    is_repeat: bool


@dataclass(frozen=True)
class _Arrival:
    digest: bytes
    answer: CoveredAnswer


def receive(*, code: str, sealed: bytes, receipt_digest: bytes) -> Delivery:
    """Store one answer and mark its slip used, in one durable transaction.

    ``sealed`` is the letter as ``seal_letter`` makes it. ``receipt_digest`` is also the name of the
    visit: the same visit sent again, fifty times at once or after a broken connection, counts once
    and is thanked again; another visit with the same slip is refused (``SlipUsed``).

    Raises ``SlipUnknown``, ``SlipUsed``, ``RoundClosed``, ``NotSealed``, ``AnswerTooLong`` or
    ``VaultBusy``; then nothing was stored.
    """
    if len(receipt_digest) != DIGEST_BYTES:
        raise NotSealed()
    bare = typed(code)
    if bare is None:
        raise SlipUnknown()
    try:
        arrival = _arrival(code_digest(bare), sealed, receipt_digest)
        return writer.write(lambda: _store(arrival))
    except IntegrityError:
        # The visit was stored before, with this code on the wall or with another slip, which
        # the rolled back transaction left unused.
        if not _was_delivered(arrival.answer):
            raise
        return Delivery(arrival.answer.round_ref, is_repeat=True)
    except OperationalError as refused:
        raise VaultBusy() from refused


def _arrival(digest: bytes, letter: bytes, receipt_digest: bytes) -> _Arrival:
    """Do the costly sealing before anything is locked."""
    slip = slip_of_code(digest)
    opened = sealed_round(slip.round_ref)
    if not opened.is_open:
        raise RoundClosed()
    return _Arrival(digest, _covered_answer(slip, opened, letter, receipt_digest))


def _covered_answer(
    slip: SlipMark, opened: SealedRound, letter: bytes, receipt_digest: bytes
) -> CoveredAnswer:
    envelope = seal_envelope(
        letter,
        group_ref=slip.group_ref,
        by_slip=not slip.is_on_wall,
        recipient=opened.recipient,
        size=opened.size,
    )
    return CoveredAnswer(
        round_ref=slip.round_ref,
        sealed=cover(envelope, opened.transport_recipient),
        receipt_digest=receipt_digest,
    )


def _store(arrival: _Arrival) -> Delivery:
    """Mark and answer. Must run inside a transaction of the vault.

    The update takes the slip's row lock, and the close locks every slip before it reads the
    answers, so no answer slips in behind a close; SQLite has one writer at a time anyway.
    """
    if not transaction.get_connection(VAULT).in_atomic_block:
        raise RuntimeError("an answer is stored outside a transaction")
    slips = SlipMark.objects.filter(code_digest=arrival.digest)
    fresh = slips.filter(is_used=False, is_void=False)
    marked = fresh.filter(is_on_wall=False).update(is_used=True)
    if marked or fresh.select_for_update().values_list("pk", flat=True).first():
        arrival.answer.save(force_insert=True)
        return Delivery(arrival.answer.round_ref, is_repeat=False)
    if _was_delivered(arrival.answer):
        return Delivery(arrival.answer.round_ref, is_repeat=True)
    raise SlipUsed() if slips.exists() else RoundClosed()


def _was_delivered(answer: CoveredAnswer) -> bool:
    return CoveredAnswer.objects.filter(
        round_ref=answer.round_ref, receipt_digest=answer.receipt_digest
    ).exists()
