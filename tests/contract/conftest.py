"""What do the contract's tests share? Every test here runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from knutepunkt.responses import writer
from knutepunkt.surveys.queries.answering import forget_asked_rounds
from tests.contract.failing import Kept, OnPostgres, OnSqlite
from tests.engines import Engine
from tests.postgres import Cluster, cluster

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """Return a private PostgreSQL cluster."""
    with cluster() as running:
        yield running


@pytest.fixture(scope="session")
def durable() -> Iterator[Cluster]:
    """Return a private PostgreSQL cluster that waits for the disk, as an installation's does."""
    with cluster(is_durable=True) as running:
        yield running


@pytest.fixture(params=BOTH)
def kept(request: pytest.FixtureRequest) -> Kept:
    """Say where the real server keeps its databases: on either engine."""
    if request.param == "postgres":
        return OnPostgres(request.getfixturevalue("durable"))
    return OnSqlite()


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Engine]:
    """Keep the engines, each with its migrated templates, for the whole session."""
    return {"sqlite": Engine("sqlite", tmp_path_factory.mktemp("sqlite"))}


@pytest.fixture(params=BOTH)
def engine(
    request: pytest.FixtureRequest,
    engines: dict[str, Engine],
    django_db_blocker: Any,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Engine]:
    """Give a test both databases, fresh, on one engine; keys lie in the test's own folder."""
    if request.param == "postgres" and "postgres" not in engines:
        running = request.getfixturevalue("postgres")
        engines["postgres"] = Engine("postgres", tmp_path, running)
    settings.KEY_DIR, settings.TRANSPORT_DIR = tmp_path / "keys", tmp_path / "transport"
    monkeypatch.setattr(writer, "IDLE_SECONDS", 0.05)
    forget_asked_rounds()
    with django_db_blocker.unblock(), engines[request.param].fresh() as fresh:
        yield fresh
