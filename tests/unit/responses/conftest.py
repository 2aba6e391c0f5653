"""What do the vault's tests share?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.asked_round import Asked, ask


@pytest.fixture(autouse=True)
def _keys_apart(settings: Any, tmp_path: Path) -> None:
    settings.KEY_DIR = tmp_path / "keys"
    settings.TRANSPORT_DIR = tmp_path / "transport"


@pytest.fixture
def asked() -> Asked:
    """Return an open round of three groups with eight slips each."""
    return ask(groups=3, slips=8)
