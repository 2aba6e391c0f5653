"""What does one visit make the server do: function calls and database statements, counted?

    python -m benchmarks.visit_calls
    python -m benchmarks.visit_calls --engine postgres

Counts do not depend on who else uses the machine, so that a change for the worse shows anywhere.
The visits are those of `visits`, handed to the application in this process.
"""

from __future__ import annotations

import argparse
import base64
import cProfile
import io
import json
import os
import pstats
import secrets
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

from tests.postgres import cluster

VISITS, WARM = 50, 20


def main() -> int:
    """Count once and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    engine = parser.parse_args().engine
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        chosen = {
            "DJANGO_SETTINGS_MODULE": "knutepunkt.config.settings",
            "KNUTEPUNKT_DEBUG": "no",
            "KNUTEPUNKT_DATA_DIR": folder,
            "KNUTEPUNKT_SECRET_KEY": secrets.token_urlsafe(48),
        }
        if engine == "postgres":
            running = stack.enter_context(cluster())
            chosen["KNUTEPUNKT_DATABASE_URL"] = running.create("main")
            chosen["KNUTEPUNKT_VAULT_URL"] = running.create("vault")
        os.environ |= chosen
        sys.stdout.write(json.dumps({"engine": engine, **counted()}, indent=1) + "\n")
    return 0


def counted() -> dict[str, float]:
    """Make a round, let a few visits warm the server, and count the rest."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from knutepunkt.responses.queries import slip_standing
    from knutepunkt.responses.sealing import seal_letter
    from tests.answering_case import asking_centre

    for alias in ("default", "vault"):
        call_command("migrate", database=alias, verbosity=0)
    case = asking_centre(groups=1, slips=VISITS + WARM)
    standing = slip_standing(case.codes[0])
    content = {"form": 1, "instrument": case.round.survey.instrument_id, "language": "nb"}
    letter = seal_letter({**content, "answers": {"BEN1": 3}}, standing.recipient, standing.size)

    def get(code: str) -> None:
        ask("GET", f"/s/{code}", "vis=alt")

    def post(code: str) -> None:
        digest = base64.b64encode(os.urandom(32)).decode()
        ask(
            "POST",
            f"/s/{code}",
            body={"letter": base64.b64encode(letter).decode(), "digest": digest},
        )

    for code in case.codes[:WARM]:
        get(code)
        post(code)
    found = {}
    for name, act in (("GET", get), ("POST", post)):
        found[f"calls a {name}"] = calls(act, case.codes[WARM:])
    for connection in connections.all():
        connection.close()
    return found


def calls(act: Callable[[str], None], codes: Sequence[str]) -> float:
    """Return how many functions are called for each of these visits."""
    profile = cProfile.Profile()
    profile.enable()
    for code in codes:
        act(code)
    profile.disable()
    return round(pstats.Stats(profile, stream=io.StringIO()).total_calls / len(codes))  # type: ignore[attr-defined]


def ask(method: str, path: str, query: str = "", body: dict[str, str] | None = None) -> None:
    """Hand a request to the application; it must be answered well."""
    from knutepunkt.config.wsgi import application

    sent = json.dumps(body).encode() if body else b""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/json" if body else "",
        "CONTENT_LENGTH": str(len(sent)),
        "wsgi.input": io.BytesIO(sent),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
    }
    statuses: list[str] = []
    answer = application(environ, lambda status, _headers, _error=None: statuses.append(status))
    b"".join(answer)
    answer.close()
    if not statuses[0].startswith("200"):
        raise SystemExit(f"{method} {path}: {statuses[0]}")


if __name__ == "__main__":
    raise SystemExit(main())
