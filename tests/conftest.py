"""What do all tests share?"""

from __future__ import annotations

import gc
import os
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.beginning_anew import Worlds


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each process tests that lie beside each other: what they share is then made once."""
    if config.getoption("dist") != "load":
        return None  # somebody chose another way
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log)


def pytest_collection_finish() -> None:
    """Look for garbage among what tests make, not among three thousand tests and their modules."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def reference() -> Path:
    """Return the folder of real data, or skip by name where there is none."""
    folder = os.environ.get("KNUTEPUNKT_REFERENCE_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("no real data: KNUTEPUNKT_REFERENCE_DATA does not name a folder")
    return Path(folder)


@pytest.fixture(scope="session", autouse=True)
def _nothing_in_the_tree(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let tests keep keys and files in a folder of their own, not in the one of who runs them."""
    from django.conf import settings

    folder = tmp_path_factory.mktemp("data")
    settings.DATA_DIR = folder
    settings.KEY_DIR, settings.TRANSPORT_DIR = folder / "keys", folder / "transport"
    settings.STATIC_ROOT, settings.MEDIA_ROOT = folder / "static", folder / "files"
    # Where there is no such folder, each client of each test says so.
    settings.STATIC_ROOT.mkdir()


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> None:
    """Hash passwords as shipped, but at the least cost: they are made up, and nobody guesses them."""
    from django.contrib.auth.hashers import Argon2PasswordHasher as Hasher

    Hasher.time_cost, Hasher.memory_cost, Hasher.parallelism = 1, 8, 1


@pytest.fixture(autouse=True)
def _ledger_copy_of_its_own(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let no test see the releases of another in the copy outside the databases."""
    from django.conf import settings

    folder = tmp_path_factory.getbasetemp() / "ledgers" / uuid.uuid4().hex
    monkeypatch.setattr(settings, "LEDGER_COPY", folder / "releases.jsonl")


@pytest.fixture(scope="session", autouse=True)
def _begin_by_copying() -> None:
    """Let tests that write for real begin anew quickly."""
    from tests.beginning_anew import begin_by_copying

    begin_by_copying()


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    """Keep what takes long to make, for every test that begins with it."""
    from tests.beginning_anew import Worlds

    return Worlds(tmp_path_factory.mktemp("worlds"))
