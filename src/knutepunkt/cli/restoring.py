"""Put a backup back. Stop the site first. What is there now is kept beside it, never overwritten."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from knutepunkt.cli import say, start_django
from knutepunkt.cli.backing_up import (
    MANIFEST,
    STAMP,
    postgres_address,
    postgres_environment,
    sha256,
)
from knutepunkt.cli.migrating import migrate_both


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare which backup."""
    parser.add_argument("backup", type=Path, help="the backup's folder (knutepunkt-...)")


def run(options: argparse.Namespace) -> int:
    """Check the backup whole, then put both databases back and bring them up to this version."""
    start_django()
    problem = problem_with(options.backup)
    if problem:
        sys.stderr.write(f"{problem} Nothing has been changed.\n")
        return 2
    for aside in put_back(options.backup):
        say(f"What was there before is kept as {aside}.")
    migrate_both()
    say(f"Restored {options.backup}.")
    return remember_again()


def remember_again() -> int:
    """Enter the releases that the backup does not know; exit 1 where nothing may be released."""
    from knutepunkt.cli.checking import ledger_problem
    from knutepunkt.evaluations.actions.remembering import restore_from_copy
    from knutepunkt.evaluations.ledger_copy import CopyDamaged
    from knutepunkt.shared.errors import Refusal

    try:
        entered = restore_from_copy()
    except (CopyDamaged, Refusal):
        entered = ()
    if entered:
        say(f"{len(entered)} releases were made after it and have been entered again.")
        say("Nothing more is told of the rounds they are about.")
    problem = ledger_problem()
    if problem:
        sys.stderr.write(f"{problem}\n")
    return 1 if problem else 0


def problem_with(backup: Path) -> str:
    """Say what is wrong with a backup, or nothing."""
    manifest_path = backup / MANIFEST
    if not manifest_path.exists():
        return f"{backup} is not a whole backup: {MANIFEST} is missing. Choose another one."
    manifest = json.loads(manifest_path.read_text("utf-8"))
    for name, sum_then in manifest["files"].items():
        path = backup / name
        if not path.exists():
            return f"{backup} is not a whole backup: {name} is missing. Choose another one."
        if sha256(path) != sum_then:
            return f"{name} has changed since the backup was made. Choose another one."
    from django.db import connections

    if manifest["vendor"] != connections["default"].vendor:
        return (
            f"The backup is of a {manifest['vendor']} database and this installation uses "
            f"{connections['default'].vendor}. Set KNUTEPUNKT_DATABASE_URL to match."
        )
    return ""


def put_back(backup: Path) -> list[Path]:
    """Move what is there aside, then put both databases in place."""
    from django.db import connections

    kept = []
    for alias in ("vault", "default"):
        connections[alias].close()
        config = connections[alias].settings_dict
        if config["ENGINE"].endswith("sqlite3"):
            kept += put_sqlite_back(backup / f"{alias}.sqlite3", Path(str(config["NAME"])))
        else:
            put_postgres_back(backup / f"{alias}.dump", config)
    return kept


def put_sqlite_back(source: Path, target: Path) -> list[Path]:
    """Copy one file back; the write-ahead log of the old file must not be replayed on the new."""
    kept = []
    stamp = datetime.now(UTC).strftime(STAMP)
    for suffix in ("", "-wal", "-shm"):
        there = Path(f"{target}{suffix}")
        if there.exists():
            aside = there.with_name(f"before-{stamp}-{there.name}")
            there.rename(aside)
            kept.append(aside)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    shutil.copyfile(source, part)
    part.rename(target)
    return kept


def put_postgres_back(source: Path, config: dict[str, Any]) -> None:
    """Restore one dump in a single transaction: all of it or nothing."""
    subprocess.run(
        [
            "pg_restore",
            "--clean",
            "--if-exists",
            "--no-owner",
            "--single-transaction",
            f"--dbname={postgres_address(config)}",
            str(source),
        ],
        check=True,
        env=postgres_environment(config),
    )
