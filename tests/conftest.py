"""What do all tests share?"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def reference() -> Path:
    """Return the folder of real data, or skip by name where there is none."""
    folder = os.environ.get("KNUTEPUNKT_REFERENCE_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("no real data: KNUTEPUNKT_REFERENCE_DATA does not name a folder")
    return Path(folder)


@pytest.fixture(autouse=True)
def _ledger_copy_of_its_own(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let no test see the releases of another in the copy outside the databases."""
    from django.conf import settings

    folder = tmp_path_factory.getbasetemp() / "ledgers" / uuid.uuid4().hex
    monkeypatch.setattr(settings, "LEDGER_COPY", folder / "releases.jsonl")


@pytest.fixture(autouse=True)
def _ledger_can_be_emptied(
    request: pytest.FixtureRequest, _django_db_marker: None
) -> Iterator[None]:
    """Let tests that write for real end with empty tables: the release ledger refuses deletion."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker is not None and marker.kwargs.get("transaction"):
        from knutepunkt.evaluations.locking import unlock_ledger

        unlock_ledger()
