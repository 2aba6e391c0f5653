"""What did coders say of a round's open answers?"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from knutepunkt.responses.keys import unwrap_identity
from knutepunkt.responses.models import SealedCoding
from knutepunkt.responses.queries import sealed_round
from knutepunkt.responses.refusals import KeyMissing
from knutepunkt.responses.sealing import open_text, unfill


def kept_codings(round_ref: UUID, identity: str | None = None) -> dict[UUID, dict[str, Any]]:
    """Return the codings of a closed round, by the reference each was kept under.

    Raises ``KeyMissing`` where the key lies elsewhere or is destroyed.
    """
    wrapped = bytes(sealed_round(round_ref).wrapped_identity)
    if not wrapped:
        raise KeyMissing()
    rows = list(SealedCoding.objects.filter(round_ref=round_ref).order_by("id"))
    if not rows:
        return {}
    key = unwrap_identity(wrapped, identity)
    return {row.coding_ref: json.loads(unfill(open_text(bytes(row.sealed), key))) for row in rows}
