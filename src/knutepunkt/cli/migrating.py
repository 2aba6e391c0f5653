"""Make both databases, or bring them up to this version. Safe to run again."""

from __future__ import annotations

import argparse

from knutepunkt.cli import say, start_django


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take no arguments."""


def run(options: argparse.Namespace) -> int:
    """Migrate the main database, then the vault."""
    start_django()
    migrate_both()
    say("Both databases are up to date.")
    return 0


def migrate_both() -> None:
    """Migrate the main database first: the vault's rows point to nothing, so the order is free."""
    from django.conf import settings
    from django.core.management import call_command

    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    for database in ("default", "vault"):
        call_command("migrate", database=database, verbosity=0, interactive=False)
