"""How does one answer come in, once and whole?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import OperationalError, connections, transaction

from knutepunkt.responses.codes import code_digest, typed
from knutepunkt.responses.models import CoveredAnswer, RetiredCode, SlipMark
from knutepunkt.responses.queries import SealingFacts, sealing_facts, slip_of_code
from knutepunkt.responses.receipts import DIGEST_BYTES
from knutepunkt.responses.refusals import (
    NotSealed,
    RoundClosed,
    SlipUnknown,
    SlipUsed,
    VaultBusy,
)
from knutepunkt.responses.sealing import cover, filled_card, seal_card, seal_envelope
from knutepunkt.responses.writer import writer
from knutepunkt.shared.errors import Refusal

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


def receive(*, code: str, sealed: bytes, receipt_digest: bytes, card: bytes = b"") -> Delivery:
    """Store one answer and mark its slip used, in one durable transaction.

    ``sealed`` is the letter as ``seal_letter`` makes it. ``receipt_digest`` is also the name of the
    visit: the same visit sent again, fifty times at once or after a broken connection, counts once
    and is thanked again; another visit with the same slip is refused (``SlipUsed``). ``card`` is the
    second letter, where the round follows people: whoever sends none gets an empty one, so that
    having a card does not show; a round that follows nobody keeps none.

    Raises ``SlipUnknown``, ``SlipUsed``, ``RoundClosed``, ``NotSealed``, ``AnswerTooLong`` or
    ``VaultBusy``; then nothing was stored.
    """
    if len(receipt_digest) != DIGEST_BYTES:
        raise NotSealed()
    bare = typed(code)
    if bare is None:
        raise SlipUnknown()
    try:
        arrival = _arrival(code_digest(bare), sealed, receipt_digest, card)
        return writer.write(lambda: _store(arrival))
    except OperationalError as refused:
        raise VaultBusy() from refused


def _arrival(digest: bytes, letter: bytes, receipt_digest: bytes, card: bytes) -> _Arrival:
    """Do the costly sealing before anything is locked."""
    slip = slip_of_code(digest)
    if slip is None:
        raise _no_such_slip(digest)
    facts = sealing_facts(slip.round_ref)
    envelope = seal_envelope(
        letter,
        group_ref=slip.group_ref,
        by_slip=not slip.is_on_wall,
        recipient=facts.recipient,
        size=facts.size,
    )
    answer = CoveredAnswer(
        round_ref=slip.round_ref,
        sealed=cover(envelope, facts.transport_recipient),
        card=_covered_card(facts, card),
        receipt_digest=receipt_digest,
    )
    return _Arrival(digest, answer)


def _covered_card(facts: SealingFacts, card: bytes) -> bytes:
    if not facts.card_recipient:
        return b""
    letter = card or seal_card({}, facts.card_recipient)
    return cover(filled_card(letter), facts.transport_recipient)


def _store(arrival: _Arrival) -> Delivery:
    """Mark and answer. Must run inside a transaction of the vault; refuses before it writes.

    The slip's row is locked first, and the close locks every slip before it reads the answers, so
    no answer slips in behind a close; SQLite has one writer at a time anyway. The answer goes in
    only where the slip is fresh and its receipt new. Then the slip is marked.
    """
    if not transaction.get_connection(VAULT).in_atomic_block:
        raise RuntimeError("an answer is stored outside a transaction")
    if _insert(arrival):
        return Delivery(arrival.answer.round_ref, is_repeat=False)
    if _was_delivered(arrival.answer):
        return Delivery(arrival.answer.round_ref, is_repeat=True)
    if SlipMark.objects.filter(code_digest=arrival.digest).exists():
        raise SlipUsed()
    raise _no_such_slip(arrival.digest)


def _insert(arrival: _Arrival) -> bool:
    """Write answer and mark in three plain statements; say whether they were written.

    In SQL, because this is where visits wait for each other.
    """
    connection: Any = connections[VAULT]
    fields = CoveredAnswer._meta.concrete_fields
    values = [
        field.get_db_prep_save(getattr(arrival.answer, field.attname), connection)
        for field in fields
    ]
    columns = ", ".join(str(field.column) for field in fields)
    slips, answers = SlipMark._meta.db_table, CoveredAnswer._meta.db_table
    with connection.cursor() as cursor:
        if connection.features.has_select_for_update:
            cursor.execute(
                f"SELECT 1 FROM {slips} WHERE code_digest = %s FOR UPDATE",  # noqa: S608
                [arrival.digest],
            )
        cursor.execute(
            f"INSERT INTO {answers} ({columns}) "  # noqa: S608
            f"SELECT {', '.join(['%s'] * len(values))} WHERE EXISTS (SELECT 1 FROM {slips} "
            "WHERE code_digest = %s AND NOT is_used AND NOT is_void) ON CONFLICT DO NOTHING",
            [*values, arrival.digest],
        )
        if cursor.rowcount != 1:
            return False
        cursor.execute(
            f"UPDATE {slips} SET is_used = %s WHERE code_digest = %s AND NOT is_on_wall",  # noqa: S608
            [True, arrival.digest],
        )
    return True


def _was_delivered(answer: CoveredAnswer) -> bool:
    return CoveredAnswer.objects.filter(
        round_ref=answer.round_ref, receipt_digest=answer.receipt_digest
    ).exists()


def _no_such_slip(digest: bytes) -> Refusal:
    is_retired = RetiredCode.objects.filter(code_digest=digest).exists()
    return RoundClosed() if is_retired else SlipUnknown()
