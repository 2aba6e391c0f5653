"""What do attacks on what is stored share? Evidence from each engine, gathered once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.attacks.storage.evidence import Taken, gathered
from tests.engines import Engine
from tests.postgres import cluster

ENGINES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
#: How the page of figures names what was attacked.
AGAINST = {"sqlite": "KP-1", "postgres": "KP-1 on PostgreSQL"}


class Evidence(list[Taken]):
    """The rounds that were taken, and what they were taken from."""

    against = ""


@pytest.fixture(scope="module", params=ENGINES)
def evidence(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: Any,
) -> Iterator[Evidence]:
    """Return what somebody took who could take everything, once the rounds were closed."""
    folder = tmp_path_factory.mktemp(request.param)
    engine = Engine(request.param, folder)
    with ExitStack() as stack:
        if request.param == "postgres":
            engine.cluster = stack.enter_context(cluster())
        stack.enter_context(django_db_blocker.unblock())
        rounds = stack.enter_context(gathered(engine, folder))
        found = Evidence(rounds)
        found.against = AGAINST[request.param]
        yield found
