"""Does `knutepunkt evaluate` go from a file to a folder, and say how it ended?"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pytest

from knutepunkt.analysis.report.plan import STEPS
from knutepunkt.cli import evaluating, parser
from tests.unit.cli.existing.answers import DESIGN, invented

WHOLE = {
    "report.html",
    "report.pdf",
    "report.docx",
    "methods.pdf",
    "summary.pdf",
    "certificate.json",
}


def _run(folder: Path, *, design: str = DESIGN, groups: int = 12, size: int = 8) -> int:
    invented(groups, size).write_csv(folder / "answers.csv")
    (folder / "design.toml").write_text(design, encoding="utf-8")
    names = ["answers.csv", "--design", "design.toml", "--out", "out", "--language", "en"]
    given = [str(folder / name) if name[0] != "-" and name != "en" else name for name in names]
    options = parser().parse_args(["evaluate", *given])
    return int(options.run(options))


def test_a_file_becomes_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(tmp_path) == 0
    out = tmp_path / "out"
    assert {each.name for each in out.iterdir() if each.is_file()} >= WHOLE
    certificate = json.loads((out / "certificate.json").read_text("utf-8"))
    assert certificate["seal"]
    assert "figures released" in capsys.readouterr().out
    tables = sorted(each.stem for each in (out / "tables").glob("*.csv"))
    assert {"T1", "T4-hope", "T5", "T6", "T7", "T8", "T16"} <= set(tables)
    for name in tables:
        _documented(out / "tables", name)


def test_whoever_waits_for_a_large_file_is_told_what_is_being_worked_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _run(tmp_path) == 0
    assert "working on" not in capsys.readouterr().err
    monkeypatch.setattr(evaluating, "LONG", 150)
    again = tmp_path / "again"
    again.mkdir()
    assert _run(again) == 0
    said = capsys.readouterr().err.splitlines()
    answers = invented(12, 8).height
    assert "compared over rounds take longest: 1 here, about 1 minute in all" in said[0]
    assert said[1] == f"{answers:,} answers: working on who answered"
    assert said[-1] == f"{answers:,} answers: working on the report"
    assert len(said) == 1 + len(STEPS) + 2


def _documented(folder: Path, name: str) -> None:
    """Every column of a CSV is described, in the JSON beside it or by its ending."""
    described = json.loads((folder / f"{name}.json").read_text("utf-8"))
    known = {column["id"] for column in described["columns"]}
    assert all(column["description"].strip() for column in described["columns"])
    with (folder / f"{name}.csv").open(encoding="utf-8") as opened:
        heading = next(csv.reader(opened))
    endings = described["endings"]
    for column in heading:
        stem = next((column.removesuffix(end) for end in endings if column.endswith(end)), column)
        assert column in known or column == "row" or stem in known, column


def test_made_again_every_file_is_the_same(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        folder.mkdir()
        assert _run(folder) == 0
    names = [each.relative_to(first) for each in (first / "out").rglob("*") if each.is_file()]
    assert names
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_everything_withheld_is_an_exit_of_its_own(tmp_path: Path) -> None:
    assert _run(tmp_path, groups=2, size=4) == 3
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "There are not enough answers to show anything" in page
    everything = b"".join(each.read_bytes() for each in (tmp_path / "out").rglob("*.*"))
    assert b"ring-0" not in everything


def test_bad_input_is_an_exit_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(tmp_path, design=DESIGN.replace("hope2", "hops")) == 2
    said = capsys.readouterr().err
    assert "answers.csv, row 1, column 'hops'" in said
    assert not (tmp_path / "out").exists()


def test_rounds_with_numbers_for_names_tell_an_even_course(tmp_path: Path) -> None:
    frame = invented()
    named = frame.with_columns(when=frame["when"].replace({"before": "0", "after": "6"}))
    third = named.filter(pl.col("when") == "6").with_columns(when=pl.lit("12"))
    design = DESIGN.replace('rounds_in_order = ["before", "after"]', "")
    (tmp_path / "design.toml").write_text(design, encoding="utf-8")
    pl.concat([named, third]).write_csv(tmp_path / "answers.csv")
    given = ["--design", str(tmp_path / "design.toml"), "--out", str(tmp_path / "out")]
    options = parser().parse_args(["evaluate", str(tmp_path / "answers.csv"), *given])
    assert options.run(options) == 0
    table = json.loads((tmp_path / "out" / "tables" / "T6-trend.json").read_text("utf-8"))
    [row] = table["rows"]
    assert row["interval"]["from"] <= row["per_time"] <= row["interval"]["to"]
