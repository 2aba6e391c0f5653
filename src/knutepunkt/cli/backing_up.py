"""Copy both databases while the site runs, and remove backups that are too old.

A backup is a folder with both databases and a manifest with their sums. The keys that open
closed rounds are not in it (keep KNUTEPUNKT_KEY_DIR apart), and transport keys of open rounds
are never in any backup: answers of a round that is still open can only be opened on the machine
that received them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from knutepunkt import __version__
from knutepunkt.cli import say, start_django

MANIFEST = "manifest.json"
STAMP = "%Y%m%dT%H%M%SZ"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where backups go and how long they live."""
    parser.add_argument("folder", type=Path, help="folder that holds the backups")
    parser.add_argument(
        "--keep-days", type=int, default=30, help="backups older than this are removed (30)"
    )


def run(options: argparse.Namespace) -> int:
    """Make one backup; remove those past their date."""
    start_django()
    made = make_backup(options.folder)
    say(f"Backed up both databases to {made}.")
    for old in remove_expired(options.folder, keep_days=options.keep_days):
        say(f"Removed {old.name}: older than {options.keep_days} days.")
    return 0


def make_backup(folder: Path) -> Path:
    """Copy vault and main database into a new folder; nothing is left behind when a copy fails.

    The vault is copied first: a round that opens meanwhile is then known to the main database
    without a vault round, which opening it again repairs. The other order could leave slips
    in the vault that no round knows.
    """
    from django.db import connections

    now = datetime.now(UTC)
    target = folder / f"knutepunkt-{now.strftime(STAMP)}"
    part = target.with_suffix(".part")
    part.mkdir(parents=True)
    part.chmod(0o700)
    try:
        files = {}
        for alias in ("vault", "default"):
            path = copy_database(connections[alias].settings_dict, alias, part)
            files[path.name] = sha256(path)
        manifest = {
            "made": now.strftime(STAMP),
            "version": __version__,
            "vendor": connections["default"].vendor,
            "files": files,
        }
        (part / MANIFEST).write_text(json.dumps(manifest, indent=2), "utf-8")
        part.rename(target)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return target


def copy_database(config: dict[str, Any], alias: str, folder: Path) -> Path:
    """Copy one database as it is at one moment, whatever is written meanwhile."""
    if config["ENGINE"].endswith("sqlite3"):
        path = folder / f"{alias}.sqlite3"
        source = sqlite3.connect(f"file:{config['NAME']}?mode=ro", uri=True, timeout=30)
        copy = sqlite3.connect(path)
        with source, copy:
            # All pages in one step: stepwise copies start again whenever somebody writes.
            source.backup(copy, pages=-1)
        source.close()
        copy.close()
        return path
    path = folder / f"{alias}.dump"
    subprocess.run(
        ["pg_dump", "--format=custom", "--no-owner", f"--file={path}", postgres_address(config)],
        check=True,
        env=postgres_environment(config),
    )
    return path


def postgres_address(config: dict[str, Any]) -> str:
    """Return a connection string without the password."""
    parts = {"host": "HOST", "port": "PORT", "user": "USER", "dbname": "NAME"}
    return " ".join(f"{key}={config[name]}" for key, name in parts.items() if config.get(name))


def postgres_environment(config: dict[str, Any]) -> dict[str, str]:
    """Hand the password over where other users of the machine cannot read it."""
    import os

    return dict(os.environ) | (
        {"PGPASSWORD": str(config["PASSWORD"])} if config.get("PASSWORD") else {}
    )


def sha256(path: Path) -> str:
    """Return the file's sum."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def remove_expired(folder: Path, *, keep_days: int) -> list[Path]:
    """Remove backups past their date; folders that are not ours are left alone."""
    limit = datetime.now(UTC) - timedelta(days=keep_days)
    removed = []
    for path in sorted(folder.glob("knutepunkt-*")):
        try:
            made = datetime.strptime(path.name, f"knutepunkt-{STAMP}").replace(tzinfo=UTC)
        except ValueError:
            sys.stderr.write(f"{path.name} is not named like a backup; left where it is.\n")
            continue
        if made < limit and (path / MANIFEST).exists():
            shutil.rmtree(path)
            removed.append(path)
    return removed
