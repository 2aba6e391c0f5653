"""How does the server get a new key, or a round a new holder, without its answers being opened?

Only the wrapped identities of rounds and studies are written anew. A kill in between leaves some
wrapped to the old key and some to the new one; both keys are there, and doing it again finishes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from knutepunkt.responses import keys
from knutepunkt.responses.actions.clearing import clear
from knutepunkt.responses.models import FollowedStudy, SealedRound
from knutepunkt.responses.refusals import KeyMissing

VAULT = "vault"


@dataclass(frozen=True)
class KeyStanding:
    """Who can open a round: this server, somebody else, or nobody any more."""

    round_ref: UUID
    is_open: bool
    opens_here: bool
    is_destroyed: bool


def key_standings() -> list[KeyStanding]:
    """Return for each round whether the key on this server opens it."""
    return [
        KeyStanding(
            row.round_ref,
            row.is_open,
            bool(row.wrapped_identity) and _opens(bytes(row.wrapped_identity)),
            not row.wrapped_identity,
        )
        for row in SealedRound.objects.order_by("round_ref")
    ]


def rewrap(*, identity: str | None = None) -> int:
    """Wrap to a new server key what ``identity`` opens (without one: what the server's opens).

    Returns how many rounds and studies it concerned. Those held offline are left alone where the
    identity does not open them.
    """
    opener = identity or keys.server_identity_text()
    keys.renew_server_identity()
    readers = keys.readers_of((), settings.ESCROW_RECIPIENT)
    done = 0
    with transaction.atomic(using=VAULT):
        kinds: tuple[Any, ...] = (SealedRound, FollowedStudy)
        for kind in kinds:
            for row in kind.objects.select_for_update().exclude(wrapped_identity=b""):
                done += _rewrapped(row, opener, readers)
        transaction.on_commit(lambda: clear(*kinds), using=VAULT)
    return done


def _rewrapped(row: Any, opener: str, readers: list[list[str]]) -> bool:
    try:
        identity = keys.unwrap_identity(bytes(row.wrapped_identity), opener)
    except KeyMissing:
        return False
    row.wrapped_identity = keys.wrap_identity(identity, readers)
    row.save(update_fields=["wrapped_identity"])
    return True


def _opens(wrapped: bytes) -> bool:
    try:
        keys.unwrap_identity(wrapped)
    except KeyMissing:
        return False
    return True
