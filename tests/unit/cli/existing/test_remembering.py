"""Does `knutepunkt evaluate` remember what it told of a file, so that nothing can be subtracted?"""

from __future__ import annotations

import json
import stat
from pathlib import Path

import polars as pl
import pytest

from knutepunkt.cli import parser
from knutepunkt.cli.existing.problems import BadInput
from knutepunkt.cli.existing.remembering import Memory
from tests.unit.cli.existing.answers import DESIGN, invented


def run(folder: Path, answers: pl.DataFrame, out: str, *more: str) -> int:
    answers.write_csv(folder / "answers.csv")
    (folder / "design.toml").write_text(DESIGN, encoding="utf-8")
    given = ["evaluate", str(folder / "answers.csv"), "--design", str(folder / "design.toml")]
    options = parser().parse_args([*given, "--out", str(folder / out), "--language", "en", *more])
    return int(options.run(options))


def cells(folder: Path) -> set[str]:
    """The figures about answers that were told."""
    document = json.loads((folder / "release.json").read_text("utf-8"))
    return {f"{each['table']}/{each['cell']}" for each in document["figures"] if each["n"]}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a report."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_second_report_with_one_person_more_is_not_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    everyone = invented()
    without_one = everyone.filter(pl.col("who") != "p00-0")
    assert run(tmp_path, without_one, "first") == 0
    assert "keep it with the answers" in capsys.readouterr().out
    ledger = tmp_path / "answers.csv.ledger"
    assert stat.S_IMODE(ledger.stat().st_mode) == 0o600
    assert cells(tmp_path / "first")
    assert run(tmp_path, everyone, "second") == 3
    assert not cells(tmp_path / "second")
    # The same answers again tell nothing new: the same report to the last byte, remembered once.
    assert run(tmp_path, without_one, "third") == 0
    assert contents(tmp_path / "third") == contents(tmp_path / "first")
    entries = Memory.of(None, tmp_path / "answers.csv").entries
    assert [entry.sequence for entry in entries] == [1, 2]
    # Nothing of it stands in a folder that is handed on.
    assert b"p00-1" in ledger.read_bytes()
    handed_on = b"".join(p.read_bytes() for p in (tmp_path / "third").rglob("*.*") if p.is_file())
    assert b"p00-1" not in handed_on


def test_a_ledger_that_was_changed_or_cut_tells_nothing(tmp_path: Path) -> None:
    assert run(tmp_path, invented(), "first", "--ledger", str(tmp_path / "told")) == 0
    whole = (tmp_path / "told").read_text("utf-8")
    for damaged in (whole.replace('"centre"', '"public"', 1), whole[:-40], "[]\n"):
        (tmp_path / "told").write_text(damaged, encoding="utf-8")
        with pytest.raises(BadInput, match="cannot be read"):
            Memory.of(tmp_path / "told", tmp_path / "answers.csv")
    assert run(tmp_path, invented(), "again", "--ledger", str(tmp_path / "told")) == 2
    assert not (tmp_path / "again").exists()


def test_where_nothing_can_be_remembered_nothing_is_told(tmp_path: Path) -> None:
    assert run(tmp_path, invented(), "out", "--ledger", str(tmp_path / "no" / "told")) == 2
    assert not (tmp_path / "out").exists()


def test_answers_that_lie_read_only_are_remembered_beside_the_report(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    invented().write_csv(kept / "answers.csv")
    (tmp_path / "design.toml").write_text(DESIGN, encoding="utf-8")
    kept.chmod(0o555)
    options = parser().parse_args(
        [
            "evaluate",
            str(kept / "answers.csv"),
            "--design",
            str(tmp_path / "design.toml"),
            "--out",
            str(tmp_path / "report"),
        ]
    )
    assert options.run(options) == 0
    kept.chmod(0o755)
    assert [each.name for each in kept.iterdir()] == ["answers.csv"]
    assert (tmp_path / "answers.csv.ledger").exists()
    assert not (tmp_path / "report" / "answers.csv.ledger").exists()
