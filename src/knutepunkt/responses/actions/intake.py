"""How does one answer come in, once and whole?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connections

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
from knutepunkt.shared.databases import UNREACHED
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
    except UNREACHED as refused:
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
    """Mark and answer, in one transaction; refuses before it writes.

    The slip's row is locked first, and the close locks every slip before it reads the answers, so
    no answer slips in behind a close; SQLite has one writer at a time anyway. The answer goes in
    only where the slip is fresh and its receipt new. Then the slip is marked.
    """
    connection: Any = connections[VAULT]
    insert = _insert_at_once if connection.vendor == "postgresql" else _insert
    if insert(connection, arrival):
        return Delivery(arrival.answer.round_ref, is_repeat=False)
    if _was_delivered(arrival.answer):
        return Delivery(arrival.answer.round_ref, is_repeat=True)
    if SlipMark.objects.filter(code_digest=arrival.digest).exists():
        raise SlipUsed()
    raise _no_such_slip(arrival.digest)


_SLIPS, _ANSWERS = SlipMark._meta.db_table, CoveredAnswer._meta.db_table
_FIELDS = CoveredAnswer._meta.concrete_fields
_COLUMNS = ", ".join(str(field.column) for field in _FIELDS)
_PLACES = ", ".join(["%s"] * len(_FIELDS))
#: In SQL, because this is where visits wait for each other.
_INSERT = (
    f"INSERT INTO {_ANSWERS} ({_COLUMNS}) SELECT {_PLACES} "  # noqa: S608
    f"WHERE EXISTS (SELECT 1 FROM {_SLIPS} WHERE code_digest = %s AND NOT is_used AND NOT is_void) "
    "ON CONFLICT DO NOTHING"
)
_MARK = f"UPDATE {_SLIPS} SET is_used = %s WHERE code_digest = %s AND NOT is_on_wall"  # noqa: S608
#: The same on PostgreSQL in one statement, which is its own transaction: one way to the server and
#: back instead of five. Whoever waited for the slip's row sees it as it is after the wait.
_AT_ONCE = (
    f"WITH slip AS (SELECT code_digest, is_on_wall FROM {_SLIPS} "  # noqa: S608
    "WHERE code_digest = %s AND NOT is_used AND NOT is_void FOR UPDATE), "
    f"put AS (INSERT INTO {_ANSWERS} ({_COLUMNS}) SELECT {{places}} FROM slip "
    "ON CONFLICT DO NOTHING RETURNING 1), "
    f"mark AS (UPDATE {_SLIPS} AS used SET is_used = TRUE FROM slip "
    "WHERE used.code_digest = slip.code_digest AND NOT slip.is_on_wall AND EXISTS (SELECT FROM put)) "
    "SELECT count(*) FROM put"
)


def _values(connection: Any, answer: CoveredAnswer) -> list[Any]:
    return [field.get_db_prep_save(getattr(answer, field.attname), connection) for field in _FIELDS]


def _insert(connection: Any, arrival: _Arrival) -> bool:
    """Write answer and mark in two statements; say whether they were written."""
    if not connection.in_atomic_block:
        raise RuntimeError("an answer is stored outside a transaction")
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [*_values(connection, arrival.answer), arrival.digest])
        if cursor.rowcount != 1:
            return False
        cursor.execute(_MARK, [True, arrival.digest])
    return True


def _insert_at_once(connection: Any, arrival: _Arrival) -> bool:
    """Write answer and mark in one statement; say whether they were written."""
    types = (field.db_type(connection) for field in _FIELDS)
    statement = _AT_ONCE.format(places=", ".join(f"%s::{kind}" for kind in types))
    with connection.cursor() as cursor:
        cursor.execute(statement, [arrival.digest, *_values(connection, arrival.answer)])
        ((written,),) = cursor.fetchall()
    return bool(written)


def _was_delivered(answer: CoveredAnswer) -> bool:
    return CoveredAnswer.objects.filter(
        round_ref=answer.round_ref, receipt_digest=answer.receipt_digest
    ).exists()


def _no_such_slip(digest: bytes) -> Refusal:
    is_retired = RetiredCode.objects.filter(code_digest=digest).exists()
    return RoundClosed() if is_retired else SlipUnknown()
