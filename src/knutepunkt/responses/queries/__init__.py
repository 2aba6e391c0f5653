"""What may be read from the vault, and by whom?

``surveys.actions`` reads slips and public keys; ``evaluations.extract`` reads opened answers of
closed rounds and contributor sets. Nobody else reads anything.
"""

from __future__ import annotations

import functools
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connections
from pyrage.x25519 import Identity

from knutepunkt.responses.codes import code_digest, typed
from knutepunkt.responses.keys import unwrap_identity
from knutepunkt.responses.models import (
    ContributorSet,
    RetiredCode,
    SealedAnswer,
    SealedRound,
    SlipCount,
    SlipMark,
)
from knutepunkt.responses.receipts import ITERATIONS
from knutepunkt.responses.refusals import (
    KeyMissing,
    NotSealed,
    RoundClosed,
    RoundStillOpen,
    RoundUnknown,
    SlipUnknown,
)
from knutepunkt.responses.sealing import (
    OpenedAnswer,
    letter_size,
    open_envelope,
    open_together,
    seal_together,
)

VAULT = "vault"
#: Where answers came without a slip, sealed answers are carried with room for at least so many.
LEAST_ROOM = 64


@dataclass(frozen=True)
class SlipStanding:
    """What a visit with a code needs to know: the round, whether it may answer, and how to seal."""

    code: str
    round_ref: UUID
    is_open: bool
    is_used: bool
    recipient: str
    size: int
    receipt_salt: bytes
    card_recipient: str
    receipt_iterations: int = ITERATIONS


@dataclass(frozen=True)
class SealingFacts:
    """How answers of an open round are sealed and covered."""

    recipient: str
    transport_recipient: str
    size: int
    receipt_salt: bytes
    #: Whom second letters are sealed to; empty where the round follows nobody.
    card_recipient: str


@dataclass(frozen=True)
class OpenedRound:
    """All answers of a closed round in random order, and how many could not be read.

    ``naming_key`` follows from the round's own key: what is named under it joins to nothing for
    whoever cannot open the answers, and to nothing at all once they are destroyed.
    """

    answers: tuple[OpenedAnswer, ...]
    left_out: int
    naming_key: bytes = b""


@dataclass(frozen=True)
class SlipTally:
    """Slips of one group after the close."""

    handed_out: int
    used: int


def sealed_round(round_ref: UUID, *, for_update: bool = False) -> SealedRound:
    """Return the round's row or raise ``RoundUnknown``."""
    rounds = SealedRound.objects.all()
    if for_update:
        rounds = rounds.select_for_update()
    try:
        return rounds.get(round_ref=round_ref)
    except SealedRound.DoesNotExist as missing:
        raise RoundUnknown() from missing


@dataclass(frozen=True)
class KnownSlip:
    """A slip of an open round, as far as an answer needs it."""

    round_ref: UUID
    group_ref: UUID
    is_on_wall: bool
    is_used: bool
    is_void: bool


@functools.lru_cache(maxsize=500)
def sealing_facts(round_ref: UUID) -> SealingFacts:
    """Return what never changes while a round is open; remembered, and asked only of open rounds.

    Whoever finds a slip knows that the round is open: the close deletes the slips in the same
    transaction. So nothing remembered here is ever out of date.
    """
    asked = sealed_round(round_ref)
    if not asked.is_open:
        raise RoundClosed()
    return SealingFacts(
        asked.recipient,
        asked.transport_recipient,
        asked.size,
        bytes(asked.receipt_salt),
        asked.card_recipient,
    )


def slip_of_code(digest: bytes) -> KnownSlip | None:
    """Return the slip of an open round, or None.

    Every page of a visit asks this first. It is written in SQL because building the query costs
    Django ten times what the database needs to answer it.
    """
    with connections[VAULT].cursor() as cursor:
        cursor.execute(
            f"SELECT round_ref, group_ref, is_on_wall, is_used, is_void "  # noqa: S608
            f"FROM {SlipMark._meta.db_table} WHERE code_digest = %s",
            [digest],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    round_ref, group_ref = (ref if isinstance(ref, UUID) else UUID(ref) for ref in row[:2])
    return KnownSlip(round_ref, group_ref, *map(bool, row[2:]))


def slip_standing(code: str) -> SlipStanding:
    """Say where a typed code stands; raise ``SlipUnknown`` where no round knows it."""
    bare = typed(code)
    if bare is None:
        raise SlipUnknown()
    digest = code_digest(bare)
    slip = slip_of_code(digest)
    if slip is None:
        return _closed_standing(bare, digest)
    facts = sealing_facts(slip.round_ref)
    return SlipStanding(
        code=bare,
        round_ref=slip.round_ref,
        is_open=True,
        is_used=slip.is_used or slip.is_void,
        recipient=facts.recipient,
        size=facts.size,
        receipt_salt=facts.receipt_salt,
        card_recipient=facts.card_recipient,
    )


def _closed_standing(bare: str, digest: bytes) -> SlipStanding:
    retired = RetiredCode.objects.filter(code_digest=digest).first()
    if retired is None:
        raise SlipUnknown()
    asked = sealed_round(retired.round_ref)
    return SlipStanding(
        code=bare,
        round_ref=asked.round_ref,
        is_open=False,
        is_used=False,
        recipient=asked.recipient,
        size=asked.size,
        receipt_salt=bytes(asked.receipt_salt),
        card_recipient=asked.card_recipient,
    )


def opened_answers(round_ref: UUID, identity: str | None = None) -> OpenedRound:
    """Open a closed round with the server's identity, or with one that is handed in.

    Raises ``RoundStillOpen`` before the close and ``KeyMissing`` where the key lies elsewhere or is
    destroyed. What cannot be opened is counted and left out; whether the content fits the
    instrument is for the caller to check.
    """
    opened = sealed_round(round_ref)
    if opened.is_open:
        raise RoundStillOpen()
    if not opened.wrapped_identity:
        raise KeyMissing()
    stored = SealedAnswer.objects.filter(round_ref=round_ref).only("id", "sealed")
    rows = ((row.id, bytes(row.sealed)) for row in stored.iterator(chunk_size=500))
    return open_rows(bytes(opened.wrapped_identity), rows, identity)


def open_rows(
    wrapped_identity: bytes, rows: Iterable[tuple[UUID, bytes]], identity: str | None
) -> OpenedRound:
    """Open the answers of a closed round. Raises ``KeyMissing``."""
    return _opened(rows, unwrap_identity(wrapped_identity, identity))


def open_carried(wrapped_identity: bytes, sealed: bytes, identity: str) -> OpenedRound | None:
    """Open the answers of a closed round where they were carried; nothing where they are not whole.

    Raises ``KeyMissing`` with another key.
    """
    key = unwrap_identity(wrapped_identity, identity)
    try:
        return _opened(open_together(sealed, key), key)
    except NotSealed:
        return None


def _opened(rows: Iterable[tuple[UUID, bytes]], key: Identity) -> OpenedRound:
    answers: list[OpenedAnswer] = []
    left_out = 0
    for ref, sealed in rows:
        try:
            answers.append(open_envelope(ref, sealed, key))
        except NotSealed:
            left_out += 1
    secrets.SystemRandom().shuffle(answers)
    naming_key = hmac.digest(str(key).encode("ascii"), b"names of open answers", "sha256")
    return OpenedRound(tuple(answers), left_out, naming_key)


@dataclass(frozen=True)
class SealedContent:
    """A closed round as it lies in the vault, for whoever holds its key elsewhere."""

    round_ref: UUID
    wrapped_identity: bytes
    answers: bytes


def sealed_content(round_ref: UUID) -> SealedContent:
    """Return a closed round's answers unopened, sealed together with room for all who were asked.

    How many answered cannot be seen from it: its length follows from how many slips were handed out.
    """
    closed = sealed_round(round_ref)
    if closed.is_open:
        raise RoundStillOpen()
    if not closed.wrapped_identity:
        raise KeyMissing()
    rows = SealedAnswer.objects.filter(round_ref=round_ref).order_by("id")
    answers = seal_together(
        [(row.id, bytes(row.sealed)) for row in rows.only("id", "sealed")],
        recipient=closed.recipient,
        size=closed.size,
        room=sum(tally.handed_out for tally in slip_tallies(round_ref).values()) or LEAST_ROOM,
    )
    return SealedContent(round_ref, bytes(closed.wrapped_identity), answers)


def slip_tallies(round_ref: UUID) -> dict[UUID, SlipTally]:
    """Return, after the close, how many slips each group was handed and used."""
    return {
        count.group_ref: SlipTally(count.handed_out, count.used)
        for count in SlipCount.objects.filter(round_ref=round_ref)
    }


def contributors(
    release_refs: Iterable[UUID], round_refs: Iterable[UUID]
) -> dict[str, dict[str, Any]]:
    """Return the record sets of these releases in these rounds, by key, as they were handed in."""
    kept = ContributorSet.objects.filter(
        release_ref__in=list(release_refs), round_ref__in=list(round_refs)
    )
    return {row.record_set_ref: row.record_set for row in kept}


def largest_letter(size: int) -> int:
    """Return how many bytes a letter of a round of this size may have on its way here."""
    return letter_size(size)
