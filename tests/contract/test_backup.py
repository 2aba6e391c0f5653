"""Does a backup made while answers arrive hold both databases whole, and does restoring lose nothing?

The real commands, on the engine under test, while visits keep arriving. What was acknowledged before
the backup began is in it; what arrived later may be; nothing is there twice or in part.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from knutepunkt.cli import backing_up, restoring
from knutepunkt.responses.models import CoveredAnswer, SealedAnswer, SlipMark
from knutepunkt.surveys.models import Round
from tests.answering_case import asking_centre
from tests.asked_round import Visit, numbers
from tests.engines import Engine


def arriving(visits: list[Visit], acknowledged: list[int], stop: threading.Event) -> None:
    """Let visits arrive one after the other until told to stop."""
    for at, visit in enumerate(visits):
        if stop.is_set():
            break
        visit.send()
        acknowledged.append(at)
    connections.close_all()


def test_a_backup_while_answers_arrive_is_whole_and_can_be_put_back(
    engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if engine.cluster and shutil.which("pg_dump") is None:
        pytest.skip("no pg_dump: install PostgreSQL's client programs")
    case = asking_centre(groups=3, slips=40)
    visits = [Visit(code, {"answers": {"NUM": at}}) for at, code in enumerate(case.codes)]
    acknowledged: list[int] = []
    stop = threading.Event()
    crowd = threading.Thread(target=arriving, args=(visits, acknowledged, stop))
    crowd.start()
    while len(acknowledged) < 10:
        assert crowd.is_alive()
    before = list(acknowledged)
    made = backing_up.make_backup(tmp_path / "backups")
    stop.set()
    crowd.join()
    assert restoring.problem_with(made) == ""

    assert restoring.run(argparse.Namespace(backup=made)) == 0
    assert "Restored" in capsys.readouterr().out
    kept = CoveredAnswer.objects.count()
    assert len(before) <= kept <= len(acknowledged)
    assert SlipMark.objects.filter(is_used=True).count() == kept
    assert Round.objects.filter(pk=case.ref).exists(), "both databases are back"

    # Life goes on from the backup: whoever was not in it sends again, and the round closes.
    repeats = [visits[at].send().is_repeat for at in acknowledged]
    assert repeats.count(True) == kept
    from knutepunkt.responses import actions

    actions.close_round(round_ref=case.ref)
    assert sorted(numbers(case.ref)) == sorted(acknowledged)


def test_a_backup_of_an_open_round_joins_and_opens_nothing(engine: Engine, tmp_path: Path) -> None:
    """No transport key and no key that opens closed rounds lies in a backup."""
    if engine.cluster and shutil.which("pg_dump") is None:
        pytest.skip("no pg_dump: install PostgreSQL's client programs")
    case = asking_centre(groups=1, slips=3)
    Visit(case.codes[0], {"answers": {"NUM": 1}}).send()
    made = backing_up.make_backup(tmp_path / "backups")
    names = sorted(path.name for path in made.iterdir())
    end = "dump" if engine.cluster else "sqlite3"
    assert names == [f"default.{end}", backing_up.MANIFEST, f"vault.{end}"]
    held = b"".join(_plain(path) for path in made.iterdir())
    assert case.ref.bytes.hex().encode() in held.replace(b"-", b"")
    assert b"AGE-SECRET-KEY-" not in held
    assert not SealedAnswer.objects.exists()


def _plain(path: Path) -> bytes:
    """Return a backup's file as it can be read: a dump is compressed."""
    if path.suffix != ".dump":
        return path.read_bytes()
    done: Any = subprocess.run(["pg_restore", "-f", "-", path], capture_output=True, check=True)
    return bytes(done.stdout)
