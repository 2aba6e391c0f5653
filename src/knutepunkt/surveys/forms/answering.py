"""What has a visit answered so far, carried from page to page without session or cookie?

The answers given so far travel in a hidden field, sealed under a key made from the secret key and
the round. The server keeps nothing between two pages, so nothing can expire; and nobody who finds
the field can read it. It is bound to the slip: on another slip's page it does not open.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from knutepunkt.analysis.instruments import (
    AnswersRefused,
    Instrument,
    answers_from_form,
    validate_answers,
)

SECRET_BYTES = 8
_NONCE_BYTES = 12
#: The field's length is a multiple of this, so that it tells little of what was written.
_STEP = 2048
LONGEST_FIELD = 131_072
#: Names of a page's own fields; everything else posted must be an answer.
BESIDE = ("state", "go", "lang", "page")


@dataclass(frozen=True)
class Visit:
    """One visit: the secret behind its receipt, and the answers so far."""

    secret: bytes
    answers: Mapping[str, Any] = field(default_factory=dict)
    card: Mapping[str, Any] = field(default_factory=dict)

    def with_card(self, card: Mapping[str, Any]) -> Visit:
        """Return the visit with what was typed so that the person can be found again."""
        return replace(self, card=dict(card))

    def with_answers(self, answers: Mapping[str, Any]) -> Visit:
        """Return the visit with these answers in place of the old ones."""
        return replace(self, answers=dict(answers))


def new_visit() -> Visit:
    """Begin a visit."""
    return Visit(os.urandom(SECRET_BYTES))


def seal_visit(visit: Visit, *, round_ref: UUID, code: str) -> str:
    """Return the hidden field."""
    plain = json.dumps(
        {"secret": visit.secret.hex(), "answers": dict(visit.answers), "card": dict(visit.card)},
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()
    padded = plain + b" " * (-len(plain) % _STEP)
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(_key(round_ref)).encrypt(nonce, padded, code.encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def open_visit(text: str, *, round_ref: UUID, code: str) -> Visit | None:
    """Return what the hidden field holds, or None where it was not made here for this slip."""
    if len(text) > LONGEST_FIELD:
        return None
    try:
        sealed = base64.urlsafe_b64decode(text.encode("ascii"))
        plain = AESGCM(_key(round_ref)).decrypt(
            sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], code.encode()
        )
    except (InvalidTag, ValueError, binascii.Error):
        return None
    content = json.loads(plain)
    return Visit(bytes.fromhex(content["secret"]), content["answers"], content["card"])


def _key(round_ref: UUID) -> bytes:
    secret = settings.SECRET_KEY.encode()
    return hmac.new(secret, b"answering pages " + round_ref.bytes, hashlib.sha256).digest()


@dataclass(frozen=True)
class Reading:
    """What was posted from some of the items: possible answers, faults by item, and the raw fields."""

    answers: dict[str, Any]
    faults: dict[str, str] = field(default_factory=dict)
    raw: Mapping[str, Sequence[str]] = field(default_factory=dict)


def read_items(
    instrument: Instrument, item_ids: Sequence[str], fields: Mapping[str, Sequence[str]]
) -> Reading:
    """Read the answers to these items from a posted page; what is impossible becomes a fault.

    Fields that are no item of the page are left alone: they cannot come from it.
    """
    mine = {name: given for name, given in fields.items() if name.split(".")[0] in set(item_ids)}
    try:
        answers = answers_from_form(instrument, mine)
    except AnswersRefused as refused:
        return Reading({}, {fault.item.split(".")[0]: fault.code for fault in refused.faults}, mine)
    faults = {}
    for item_id in list(answers):
        code = _fault(instrument, item_id, answers[item_id])
        if code is not None:
            faults[item_id] = code
            del answers[item_id]
    return Reading(answers, faults, mine)


def _fault(instrument: Instrument, item_id: str, answer: Any) -> str | None:
    """Return the code of what is wrong with one answer, seen alone; hidden items are no fault."""
    try:
        validate_answers(instrument, {item_id: answer})
    except AnswersRefused as refused:
        codes = {fault.code for fault in refused.faults} - {"hidden"}
        return min(codes) if codes else None
    return None


def merged(
    instrument: Instrument, before: Mapping[str, Any], item_ids: Sequence[str], reading: Reading
) -> dict[str, Any]:
    """Return the answers with those of a page renewed, and without what is now hidden."""
    others = {item: value for item, value in before.items() if item not in set(item_ids)}
    kept, _hidden = instrument.without_hidden({**others, **reading.answers})
    return kept
