"""What do the vault's tests share?"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from knutepunkt.responses import actions, queries
from knutepunkt.responses.receipts import new_words, receipt_digest
from knutepunkt.responses.sealing import seal_letter


@pytest.fixture(autouse=True)
def _keys_apart(settings: Any, tmp_path: Path) -> None:
    settings.KEY_DIR = tmp_path / "keys"
    settings.TRANSPORT_DIR = tmp_path / "transport"


@dataclass
class Visit:
    """One participant with a slip and a card of words."""

    code: str
    words: tuple[str, ...]
    content: dict[str, object]

    def send(self) -> actions.Delivery:
        """Seal the answer as the page does and send it."""
        standing = queries.slip_standing(self.code)
        return actions.receive(
            code=self.code,
            sealed=seal_letter(self.content, standing.recipient, standing.size),
            receipt_digest=receipt_digest(self.words, standing.receipt_salt),
        )


@dataclass
class OpenRound:
    """A round with some groups and unused slips."""

    ref: uuid.UUID
    codes: dict[uuid.UUID, list[str]]

    def visit(self, group: int = 0, slip: int = 0, **content: object) -> Visit:
        """Return the visit of whoever drew this slip."""
        codes = self.codes[list(self.codes)[group]]
        return Visit(codes[slip], new_words(), content or {"answers": {"BEN1": 4}})


@pytest.fixture
def asked() -> OpenRound:
    """Return an open round of three groups with eight slips each."""
    ref = uuid.uuid4()
    actions.open_round(round_ref=ref)
    groups = [uuid.uuid4() for _ in range(3)]
    codes = {group: actions.hand_out(round_ref=ref, group_ref=group, count=8) for group in groups}
    return OpenRound(ref, codes)
