"""Serve the site with granian, and keep the background worker running beside it.

Two server processes use two cores; on SQLite they take turns at writing answers.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from knutepunkt.cli import say, start_django
from knutepunkt.cli.migrating import migrate_both

#: A worker that stops is started again, a little later each time, at most a minute apart.
LONGEST_PAUSE = 60.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where to listen and with how many processes."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
    parser.add_argument(
        "--workers",
        type=int,
        default=usual_workers(),
        help="server processes (one a core, up to 2)",
    )
    parser.add_argument("--threads", type=int, default=8, help="threads per process (8)")


def usual_workers() -> int:
    """Return how many processes serve a machine of this size, leaving cores for the database."""
    return min(2, os.cpu_count() or 1)


def run(options: argparse.Namespace) -> int:
    """Check, migrate, print the operator's link where nobody operates yet, and serve."""
    start_django()
    from django.db import connections

    migrate_both()
    if not prepare():
        return 1
    connections.close_all()
    say(f"Serving at http://{options.host}:{options.port} (stop with Ctrl-C)")
    return supervise(options)


def prepare() -> bool:
    """Collect static files, verify the ledger, and print the first operator's link."""
    from django.conf import settings
    from django.core.management import call_command

    from knutepunkt.cli.checking import ledger_problem
    from knutepunkt.people.actions import first_operator_link

    if settings.IS_PRODUCTION:
        call_command("collectstatic", verbosity=0, interactive=False)
    # Empty where files are served as they lie, and missed when it is not there.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    problem = ledger_problem()
    if problem:
        sys.stderr.write(f"{problem} The site starts, but nothing can be released.\n")
    link = first_operator_link()
    if link:
        say(f"Nobody operates this installation yet. Open this link once: {link}")
    return True


def server_command(options: argparse.Namespace) -> list[str]:
    """Return the command line of the server process; its access log stays off.

    Its warnings are about threads per core, which is for us to choose and not for whoever serves.
    """
    return [
        sys.executable, "-m", "granian", "knutepunkt.config.wsgi:application",
        "--interface", "wsgi", "--host", options.host, "--port", str(options.port),
        "--workers", str(options.workers), "--blocking-threads", str(options.threads),
        "--no-access-log", "--log-level", "error", "--no-ws", "--backlog", "2048",
    ]  # fmt: skip


class Worker:
    """The background worker: started again when it stops, a little later each time."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.command = [sys.executable, "-m", "django", "db_worker", "--no-startup-delay"]
        self.environment = environment
        self.pause = 1.0
        self.due: float | None = None
        self.child = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self.command, env=self.environment)

    def keep_running(self) -> None:
        """Start a stopped worker again when its pause is over."""
        if self.child.poll() is None:
            return
        now = time.monotonic()
        if self.due is None:
            self.due = now + self.pause
            sys.stderr.write(
                f"The background worker stopped; starting again in {self.pause:.0f} s.\n"
            )
        elif now >= self.due:
            self.child = self._start()
            self.pause, self.due = min(self.pause * 2, LONGEST_PAUSE), None


def supervise(options: argparse.Namespace) -> int:
    """Run server and worker until told to stop, or until the server stops by itself."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    server = subprocess.Popen(server_command(options), env=environment)
    worker = Worker(environment)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    while not stopping.wait(0.2) and server.poll() is None:
        worker.keep_running()
    for child in (server, worker.child):
        end(child)
    return 0 if stopping.is_set() else server.returncode or 1


def end(child: subprocess.Popen[bytes]) -> None:
    """Ask a child to stop; insist after ten seconds."""
    if child.poll() is None:
        child.terminate()
    try:
        child.wait(timeout=10)
    except subprocess.TimeoutExpired:
        child.kill()
