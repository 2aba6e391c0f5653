"""What may be read from the vault, and by whom?

``surveys.actions`` reads slips and public keys; ``evaluations.extract`` reads opened answers of
closed rounds and contributor sets. Nobody else reads anything.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

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
from knutepunkt.responses.sealing import OpenedAnswer, letter_size, open_envelope

VAULT = "vault"


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
    receipt_iterations: int = ITERATIONS


@dataclass(frozen=True)
class OpenedRound:
    """All answers of a closed round in random order, and how many could not be read."""

    answers: tuple[OpenedAnswer, ...]
    left_out: int


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


def slip_of_code(digest: bytes) -> SlipMark:
    """Return the slip of an open round; raise ``RoundClosed`` or ``SlipUnknown``."""
    try:
        return SlipMark.objects.get(code_digest=digest)
    except SlipMark.DoesNotExist as missing:
        if RetiredCode.objects.filter(code_digest=digest).exists():
            raise RoundClosed() from missing
        raise SlipUnknown() from missing


def slip_standing(code: str) -> SlipStanding:
    """Say where a typed code stands; raise ``SlipUnknown`` where no round knows it."""
    bare = typed(code)
    if bare is None:
        raise SlipUnknown()
    digest = code_digest(bare)
    slip = SlipMark.objects.filter(code_digest=digest).first()
    if slip is None:
        retired = RetiredCode.objects.filter(code_digest=digest).first()
        if retired is None:
            raise SlipUnknown()
        asked = sealed_round(retired.round_ref)
    else:
        asked = sealed_round(slip.round_ref)
    return SlipStanding(
        code=bare,
        round_ref=asked.round_ref,
        is_open=asked.is_open,
        is_used=slip is not None and (slip.is_used or slip.is_void),
        recipient=asked.recipient,
        size=asked.size,
        receipt_salt=bytes(asked.receipt_salt),
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
    key = unwrap_identity(bytes(opened.wrapped_identity), identity)
    answers: list[OpenedAnswer] = []
    left_out = 0
    stored = SealedAnswer.objects.filter(round_ref=round_ref)
    for row in stored.only("id", "sealed").iterator(chunk_size=500):
        try:
            answers.append(open_envelope(row.id, bytes(row.sealed), key))
        except NotSealed:
            left_out += 1
    secrets.SystemRandom().shuffle(answers)
    return OpenedRound(tuple(answers), left_out)


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
