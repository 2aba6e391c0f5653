"""Check what an operator must know: settings, databases, keys, translations, the release ledger."""

from __future__ import annotations

import argparse
import stat
from collections.abc import Iterator

from knutepunkt.cli import say, start_django


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take no arguments."""


def run(options: argparse.Namespace) -> int:
    """Print one line for each check; exit 1 when something is not in order."""
    start_django()
    problems = 0
    for name, problem in checks():
        say(
            f"{'ok' if not problem else 'NOT IN ORDER':13}{name}{': ' + problem if problem else ''}"
        )
        problems += bool(problem)
    return 1 if problems else 0


def checks() -> Iterator[tuple[str, str]]:
    """Yield the name of each check and the sentence about what is wrong, if anything."""
    yield "settings", settings_problem()
    yield "databases", databases_problem()
    yield "vault apart", vault_problem()
    yield "keys", keys_problem()
    yield "translations", translations_problem()
    yield "release ledger", ledger_problem()
    yield "disclosure policy", disclosure_problem()


def settings_problem() -> str:
    """Say what Django's own checks find."""
    from django.core.checks import run_checks

    found = [str(message.msg) for message in run_checks() if message.is_serious()]
    return " ".join(found)


def databases_problem() -> str:
    """Say whether a database is behind this version."""
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor
    from django.db.utils import DatabaseError

    for alias in ("default", "vault"):
        try:
            executor = MigrationExecutor(connections[alias])
            behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
        except DatabaseError as problem:
            return f"The database {alias} does not answer ({problem}). Check its address."
        if behind:
            return f"The database {alias} is behind this version. Run: knutepunkt migrate"
    return ""


def vault_problem() -> str:
    """Say whether the vault shares a database with the rest."""
    from django.db import connections

    keys = ("ENGINE", "HOST", "PORT", "NAME")
    main, vault = (
        [str(connections[a].settings_dict[k]) for k in keys] for a in ("default", "vault")
    )
    if main == vault:
        return "The vault shares its database with the rest. Set KNUTEPUNKT_VAULT_URL."
    return ""


def keys_problem() -> str:
    """Say whether others on the machine could read the keys."""
    from django.conf import settings

    for folder in (settings.KEY_DIR, settings.TRANSPORT_DIR):
        if folder.exists() and stat.S_IMODE(folder.stat().st_mode) & 0o077:
            return f"Others on this machine can read {folder}. Run: chmod 700 {folder}"
    return ""


def translations_problem() -> str:
    """Say whether the Norwegian texts are compiled."""
    from django.conf import settings

    if list(settings.PACKAGE.rglob("*.po")) and not list(settings.PACKAGE.rglob("*.mo")):
        return "The translations are not compiled. Run: make messages"
    return ""


def ledger_problem() -> str:
    """Say whether the release ledger is whole, as long as its copy, and locked in the database."""
    from knutepunkt.evaluations.locking import is_locked
    from knutepunkt.evaluations.queries import ledger_trouble

    trouble = ledger_trouble()
    if trouble or is_locked():
        return trouble
    return "The database lets the release ledger be changed. Run: knutepunkt migrate"


def disclosure_problem() -> str:
    """Say whether the policy file asks for less than KP-1, or cannot be read."""
    from knutepunkt.shared.disclosure_policy import policy_problem

    return policy_problem()
