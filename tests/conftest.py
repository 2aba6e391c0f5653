"""What do all tests share?"""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def reference() -> Path:
    """Return the folder of real data, or skip by name where there is none."""
    folder = os.environ.get("KNUTEPUNKT_REFERENCE_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("no real data: KNUTEPUNKT_REFERENCE_DATA does not name a folder")
    return Path(folder)
