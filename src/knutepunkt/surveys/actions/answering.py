"""How does an answer get from a participant's page into the vault, and how is it taken back?

These are the only lines between the pages and the vault. Nothing here is recorded anywhere else: no
audit event, no log line, no time.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from knutepunkt.responses import actions as vault
from knutepunkt.responses import queries as vault_queries
from knutepunkt.responses import refusals
from knutepunkt.responses.receipts import ENTROPY_BITS, read_words, receipt_digest, words_of
from knutepunkt.responses.sealing import seal_card, seal_letter
from knutepunkt.surveys.policies.answering import (
    AnswerRefused,
    CodeUnknown,
    NotStoredNow,
    RoundOver,
    SlipSpent,
    WordsNotFound,
)

CONTENT_FORM = 1
RECEIPT_BYTES = ENTROPY_BITS // 8


@dataclass(frozen=True)
class Standing:
    """Where a slip stands, and what a browser needs to seal to the round."""

    code: str
    round_ref: UUID
    is_open: bool
    is_used: bool
    recipient: str
    size: int
    salt: bytes
    iterations: int
    #: Whom a second letter is sealed to; empty where the round follows nobody.
    card_recipient: str = ""


@dataclass(frozen=True)
class Thanks:
    """The answer is stored. ``words`` take it back; ``is_repeat``: it had been stored before."""

    round_ref: UUID
    words: tuple[str, ...]
    is_repeat: bool


def standing_of(code: str) -> Standing:
    """Say where a typed code stands; raise ``CodeUnknown`` where no round knows it."""
    try:
        found = vault_queries.slip_standing(code)
    except refusals.SlipUnknown as unknown:
        raise CodeUnknown(unknown.sentence) from unknown
    return Standing(
        code=found.code,
        round_ref=found.round_ref,
        is_open=found.is_open,
        is_used=found.is_used,
        recipient=found.recipient,
        size=found.size,
        salt=found.receipt_salt,
        iterations=found.receipt_iterations,
        card_recipient=found.card_recipient,
    )


def deliver(
    *,
    standing: Standing,
    instrument: str,
    language: str,
    answers: Mapping[str, Any],
    secret: bytes,
    card: Mapping[str, Any] | None = None,
) -> Thanks:
    """Seal an answer in memory and store it, once.

    ``secret`` is the visit's random eight bytes: the receipt's words stand for it. ``card`` is what
    was typed so that the same person can be found again; nothing of it is used elsewhere. Raises
    ``SlipSpent``, ``RoundOver`` or ``AnswerRefused``; then nothing was stored.
    """
    words = words_of(secret)
    content = answer_content(instrument=instrument, language=language, answers=answers)
    try:
        letter = seal_letter(content, standing.recipient, standing.size)
        second = _second_letter(standing, secret, card or {})
    except refusals.AnswerTooLong as refused:
        raise AnswerRefused(refused.sentence) from refused
    is_repeat = _receive(standing, letter, receipt_digest(words, standing.salt), second)
    return Thanks(standing.round_ref, words, is_repeat)


def deliver_sealed(*, standing: Standing, letter: str, digest: str, card: str = "") -> Thanks:
    """Store an answer that a browser sealed; all arguments are base64. Raises as ``deliver``."""
    try:
        sealed = base64.b64decode(letter, validate=True)
        receipt = base64.b64decode(digest, validate=True)
        second = base64.b64decode(card, validate=True)
    except binascii.Error as damaged:
        raise AnswerRefused(refusals.NotSealed().sentence) from damaged
    return Thanks(standing.round_ref, (), _receive(standing, sealed, receipt, second))


def answer_content(
    *, instrument: str, language: str, answers: Mapping[str, Any]
) -> dict[str, object]:
    """Return what is sealed: the same, whoever seals it."""
    return {
        "form": CONTENT_FORM,
        "instrument": instrument,
        "language": language,
        "answers": dict(answers),
    }


def card_content(*, secret: bytes, card: Mapping[str, Any]) -> dict[str, object]:
    """Return what the second letter holds: the same, whoever seals it."""
    return {
        "form": CONTENT_FORM,
        "own": secret.hex(),
        "typed": card.get("typed", ""),
        "about": card.get("about", []),
    }


def _second_letter(standing: Standing, secret: bytes, card: Mapping[str, Any]) -> bytes:
    if not standing.card_recipient:
        return b""
    return seal_card(card_content(secret=secret, card=card), standing.card_recipient)


def withdraw_answer(*, words: str) -> UUID:
    """Mark the answer with these words for deletion at the close; return its round."""
    try:
        return vault.withdraw(words=words)
    except refusals.WordsUnknown as unknown:
        raise WordsNotFound(unknown.sentence) from unknown
    except refusals.NotWithdrawnNow as busy:
        raise NotStoredNow(busy.sentence) from busy


def queue_deletion(*, words: str) -> None:
    """Put a card in the queue of those who want to leave a survey that follows people."""
    try:
        vault.queue_deletion(words=words)
    except refusals.WordsUnknown as unknown:
        raise WordsNotFound(unknown.sentence) from unknown
    except refusals.NotWithdrawnNow as busy:
        raise NotStoredNow(busy.sentence) from busy


def not_stored_sentence() -> str:
    """Return what is said where the vault cannot write just now."""
    return str(refusals.VaultBusy().sentence)


def not_withdrawn_sentence() -> str:
    """Return what is said where the vault cannot be asked for an answer to take back."""
    return str(refusals.NotWithdrawnNow().sentence)


def is_card(words: str) -> bool:
    """Say whether these words can be a card, small slips of the pen forgiven."""
    return read_words(words) is not None


def _receive(standing: Standing, letter: bytes, digest: bytes, card: bytes) -> bool:
    try:
        return vault.receive(
            code=standing.code, sealed=letter, receipt_digest=digest, card=card
        ).is_repeat
    except (refusals.SlipUsed, refusals.SlipUnknown) as used:
        raise SlipSpent(used.sentence) from used
    except refusals.RoundClosed as closed:
        raise RoundOver(closed.sentence) from closed
    except refusals.VaultBusy as busy:
        raise NotStoredNow(busy.sentence) from busy
    except (refusals.NotSealed, refusals.AnswerTooLong) as refused:
        raise AnswerRefused(refused.sentence) from refused
