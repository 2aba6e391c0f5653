"""What does the database itself refuse to do with the release ledger, whoever asks?

Triggers, not rights: an installation has one database user. They are put in place after every
migration, because SQLite drops a table's triggers when it rebuilds the table. Only the two links to
rows that may be deleted (the evaluation and the person) can be cleared; everything the chain covers
stays as it was written.
"""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "evaluations_release"
#: Columns whose rows elsewhere may be deleted; they may become empty and nothing else.
LINKS = ("evaluation_id", "approved_by_id")
REFUSED = "the release ledger is append-only"
NAMES = ("release_ledger_change", "release_ledger_relink", "release_ledger_delete")
EMPTYING = "release_ledger_truncate"


def lock_ledger(sender: Any = None, using: str = "default", **_kwargs: Any) -> None:
    """Put the triggers in place where the table is; done twice is done once."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return
    unlock_ledger(using)
    statements = _postgres if connection.vendor == "postgresql" else _sqlite
    with connection.cursor() as cursor:
        for statement in statements(_kept_columns(connection)):
            cursor.execute(statement)


def unlock_ledger(using: str = "default") -> None:
    """Take the triggers away: for tests that empty every table, and for nobody else."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return
    where = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in (*NAMES, EMPTYING):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{where}")


def is_locked(using: str = "default") -> bool:
    """Say whether the database refuses to change the ledger."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        question = "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'release_ledger%'"
    else:
        question = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(question)
        found = {row[0] for row in cursor.fetchall()}
    return set(NAMES) <= found


def _kept_columns(connection: BaseDatabaseWrapper) -> list[str]:
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, TABLE)
    return [column.name for column in described if column.name not in LINKS]


def _relinked() -> str:
    return " OR ".join(f"NEW.{link} IS NOT NULL AND OLD.{link} IS NULL" for link in LINKS) + (
        " OR " + " OR ".join(f"NEW.{link} <> OLD.{link}" for link in LINKS)
    )


def _sqlite(columns: list[str]) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    change, relink, delete = NAMES
    return [
        f"CREATE TRIGGER {change} BEFORE UPDATE OF {', '.join(columns)} ON {TABLE} {refuse}",
        f"CREATE TRIGGER {relink} BEFORE UPDATE OF {', '.join(LINKS)} ON {TABLE} "
        f"WHEN {_relinked()} {refuse}",
        f"CREATE TRIGGER {delete} BEFORE DELETE ON {TABLE} {refuse}",
    ]


def _postgres(columns: list[str]) -> list[str]:
    change, relink, delete = NAMES
    refuse = "EXECUTE FUNCTION release_ledger_refuses()"
    return [
        "CREATE OR REPLACE FUNCTION release_ledger_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = '23000'; END $$",
        f"CREATE TRIGGER {change} BEFORE UPDATE OF {', '.join(columns)} ON {TABLE} "
        f"FOR EACH ROW {refuse}",
        f"CREATE TRIGGER {relink} BEFORE UPDATE OF {', '.join(LINKS)} ON {TABLE} "
        f"FOR EACH ROW WHEN ({_relinked()}) {refuse}",
        f"CREATE TRIGGER {delete} BEFORE DELETE ON {TABLE} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER {EMPTYING} BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT {refuse}",
    ]
