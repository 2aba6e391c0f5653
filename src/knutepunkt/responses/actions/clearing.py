"""How is what a close has deleted cleared from the files of the database?

A deleted row is not gone: SQLite keeps it in free pages, in the slack of pages that were split and
in the write-ahead log; PostgreSQL keeps it, with the number of its transaction, until the table is
rewritten. Only the small tables of open rounds are rewritten here, so that a close takes as long in
a vault of a million answers as in an empty one.

PostgreSQL also samples tables to plan its queries, and keeps the values it saw. Of what joins it
keeps none (``keep_no_samples``).

What stays in PostgreSQL's own log, and in file blocks the system has not used again, are covers
without a transport key: random bytes that belong to nobody.
"""

from __future__ import annotations

import time
from typing import Any

from django.db import OperationalError, connections, models

from knutepunkt.responses.models import CoveredAnswer, SealedRound, SlipMark

VAULT = "vault"
_CHECKPOINT_TRIES = 50
_CHECKPOINT_PAUSE = 0.2


def renew_slips() -> None:
    """Write the slips of other open rounds anew, in random order. Runs inside the close.

    On SQLite a deleted slip can stay readable in the slack of a page; emptying the whole table
    overwrites each of its pages (``secure_delete``). PostgreSQL does it afterwards (``clear``).
    """
    connection = connections[VAULT]
    if connection.vendor != "sqlite":
        return
    table = connection.ops.quote_name(SlipMark._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE kept_slips AS SELECT * FROM {table}")  # noqa: S608
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608
        cursor.execute(f"INSERT INTO {table} SELECT * FROM kept_slips ORDER BY random()")  # noqa: S608
        cursor.execute("DROP TABLE kept_slips")


def clear(*tables: type[models.Model]) -> bool:
    """Clear what was deleted from these tables; say whether it was done. Outside a transaction."""
    try:
        if connections[VAULT].vendor == "sqlite":
            return _truncate_log()
        return _rewrite(tables)
    except OperationalError:
        return False


def keep_no_samples() -> None:
    """Let PostgreSQL keep no values of slips and waiting answers; done after each migration.

    ``ANALYZE``, which runs by itself, copies up to a hundred values of each column into a table of
    the system's that no close of ours can clear. Rows are found by unique keys, so that nothing is
    planned worse without them.
    """
    connection = connections[VAULT]
    if connection.vendor != "postgresql":
        return
    quote = connection.ops.quote_name
    kinds: tuple[Any, ...] = (CoveredAnswer, SlipMark)
    with connection.cursor() as cursor:
        for kind in kinds:
            none = (
                f"ALTER COLUMN {quote(field.column)} SET STATISTICS 0"
                for field in kind._meta.concrete_fields
            )
            cursor.execute(f"ALTER TABLE {quote(kind._meta.db_table)} {', '.join(none)}")


def clear_open_tables() -> bool:
    """Clear the tables that hold what joins while a round is open."""
    return clear(CoveredAnswer, SlipMark, SealedRound)


def _truncate_log() -> bool:
    with connections[VAULT].cursor() as cursor:
        for _try in range(_CHECKPOINT_TRIES):
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            is_busy, *_pages = cursor.fetchone()
            if not is_busy:
                return True
            time.sleep(_CHECKPOINT_PAUSE)
    return False


def _rewrite(tables: tuple[Any, ...]) -> bool:
    quote = connections[VAULT].ops.quote_name
    with connections[VAULT].cursor() as cursor:
        for kind in tables:
            cursor.execute(f"VACUUM (FULL) {quote(kind._meta.db_table)}")
    return True
