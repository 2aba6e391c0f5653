"""Does a backup hold both databases whole, and does putting it back lose nothing?"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from knutepunkt.cli import backing_up, restoring


def config(path: Path) -> dict[str, Any]:
    """Return a database's settings as Django keeps them."""
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}


def filled(path: Path, rows: int) -> Path:
    """Make a database with some rows, the last of them still in the write-ahead log."""
    connection = sqlite3.connect(path)
    connection.execute("pragma journal_mode=wal")
    connection.execute("create table answer (n integer)")
    with connection:
        connection.executemany("insert into answer values (?)", [(n,) for n in range(rows)])
    connection.close()
    return path


def count(path: Path) -> int:
    """Count the rows."""
    connection = sqlite3.connect(path)
    (found,) = connection.execute("select count(*) from answer").fetchone()
    connection.close()
    return int(found)


def test_a_copy_holds_what_was_committed_while_another_writes(tmp_path: Path) -> None:
    source = filled(tmp_path / "live.sqlite3", 100)
    writer = sqlite3.connect(source)
    writer.execute("begin immediate")
    writer.execute("insert into answer values (-1)")
    copied = backing_up.copy_database(config(source), "vault", tmp_path)
    writer.rollback()
    writer.close()
    assert count(copied) == 100


def test_putting_back_keeps_what_was_there_and_no_old_log_is_replayed(tmp_path: Path) -> None:
    live = filled(tmp_path / "live.sqlite3", 10)
    copy = backing_up.copy_database(config(live), "vault", tmp_path)
    later = sqlite3.connect(live)
    later.execute("pragma journal_mode=wal")
    with later:
        later.execute("insert into answer values (99)")
    kept = restoring.put_sqlite_back(copy, live)
    later.close()
    assert count(live) == 10
    assert any(path.name.endswith("live.sqlite3") for path in kept)
    assert all(path.exists() or path.name.endswith(("-wal", "-shm")) for path in kept)


def a_backup(folder: Path, stamp: str) -> Path:
    """Lay a backup's folder out by hand."""
    made = folder / f"knutepunkt-{stamp}"
    made.mkdir(parents=True)
    files = {}
    for name in ("default.sqlite3", "vault.sqlite3"):
        filled(made / name, 3)
        files[name] = backing_up.sha256(made / name)
    manifest = {"vendor": "sqlite", "files": files}
    (made / backing_up.MANIFEST).write_text(json.dumps(manifest))
    return made


def test_a_changed_or_partial_backup_is_refused_with_the_file_named(tmp_path: Path) -> None:
    made = a_backup(tmp_path, "20260101T000000Z")
    assert restoring.problem_with(made) == ""
    (made / "vault.sqlite3").write_bytes(b"something else")
    assert "vault.sqlite3 has changed" in restoring.problem_with(made)
    (made / "vault.sqlite3").unlink()
    assert "vault.sqlite3 is missing" in restoring.problem_with(made)
    (made / backing_up.MANIFEST).unlink()
    assert "not a whole backup" in restoring.problem_with(made)


def test_only_our_own_backups_past_their_date_are_removed(tmp_path: Path) -> None:
    old = a_backup(tmp_path, "20200101T000000Z")
    fresh = a_backup(tmp_path, "29990101T000000Z")
    foreign = tmp_path / "knutepunkt-notes"
    foreign.mkdir()
    assert backing_up.remove_expired(tmp_path, keep_days=30) == [old]
    assert fresh.exists()
    assert foreign.exists()


@pytest.mark.parametrize("broken", ["default", "vault"])
def test_a_failed_copy_leaves_no_half_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fail(_config: dict[str, Any], alias: str, folder: Path) -> Path:
        (folder / f"{alias}.sqlite3").write_bytes(b"x")
        if alias == broken:
            raise OSError("disk full")
        return folder / f"{alias}.sqlite3"

    monkeypatch.setattr(backing_up, "copy_database", fail)
    with pytest.raises(OSError, match="disk full"):
        backing_up.make_backup(tmp_path)
    assert list(tmp_path.iterdir()) == []
