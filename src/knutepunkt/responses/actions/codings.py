"""How is it kept what a coder said of a round's open answers?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from knutepunkt.responses.models import SealedCoding
from knutepunkt.responses.queries import sealed_round
from knutepunkt.responses.refusals import KeyMissing, RoundStillOpen
from knutepunkt.responses.sealing import fill, seal_text

VAULT = "vault"
SMALLEST = 4096
_ROOM = 8


def keep_coding(*, round_ref: UUID, coding_ref: UUID, content: Mapping[str, Any]) -> None:
    """Keep a coding sealed to the round; the later one takes the earlier one's place.

    It is filled up to a power of two, so that its length tells little of how many wrote. Raises
    ``RoundStillOpen`` before the close and ``KeyMissing`` when the answers are destroyed.
    """
    with transaction.atomic(using=VAULT):
        coded = sealed_round(round_ref, for_update=True)
        if coded.is_open:
            raise RoundStillOpen()
        if not coded.wrapped_identity:
            raise KeyMissing()
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        size = max(SMALLEST, 1 << (len(text) + _ROOM).bit_length())
        SealedCoding.objects.update_or_create(
            round_ref=round_ref,
            coding_ref=coding_ref,
            defaults={"sealed": seal_text(fill(text, size), coded.recipient)},
        )
