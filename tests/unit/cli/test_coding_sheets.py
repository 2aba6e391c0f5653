"""Can open answers in a file be coded by two people and come into the report?"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from knutepunkt.cli import main

DESIGN = """
names = ["Mandagsgruppa"]
[study]
title = "Et forsøk"
[columns]
person = "id"
group = "g"
[[scales]]
id = "S"
name = "Skala"
items = ["q"]
low = 1
high = 5
[[texts]]
id = "why"
name = "Hvorfor?"
column = "why"
may_quote = "ok"
language = "nb"
"""
SAID = ("Jeg er ikke alene.", "Møtene var for korte.", "Mandagsgruppa er best.")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    rows = [
        (
            f"p{i}",
            f"g{i % 9}",
            1 + i % 5,
            "" if i % 7 == 0 else SAID[i % 3],
            "ja" if i % 2 else "nei",
        )
        for i in range(90)
    ]
    with (tmp_path / "answers.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("id", "g", "q", "why", "ok"), *rows])
    (tmp_path / "design.toml").write_text(DESIGN, encoding="utf-8")
    (tmp_path / "codes.txt").write_text("alone: Alene\nlength: Lengde\n", encoding="utf-8")
    return tmp_path


def evaluate(study: Path, *more: str) -> int:
    data, design, codes = (str(study / n) for n in ("answers.csv", "design.toml", "codes.txt"))
    return main(["evaluate", data, "--design", design, "--codebook", codes, *more])


def fill(study: Path, coder: str) -> str:
    """Fill in one coder's sheet by what the texts say."""
    sheet = study / "sheets" / f"{coder}-coder.csv"
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file, delimiter=";")
    assert head[4:6] == ["Alene", "Lengde"]
    for row in rows:
        row[4] = "x" if "alene" in row[2] or "best" in row[2] else ""
        row[5] = "x" if "korte" in row[2] else ""
        row[7] = "x" if row[3] == "ja" else ""
    with sheet.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([head, *rows])
    return str(sheet)


def test_sheets_go_out_come_back_and_stand_in_the_report(study: Path) -> None:
    assert evaluate(study, "--coding-sheets", str(study / "sheets")) == 0
    sheets = [fill(study, coder) for coder in ("first", "second")]
    assert evaluate(study, "--coding", *sheets, "--out", str(study / "report")) == 0
    told = (study / "report" / "report.json").read_text("utf-8")
    assert "Jeg er ikke alene." in told
    assert "Mandagsgruppa" not in told
    tables = study / "report" / "tables"
    rows = json.loads((tables / "T13.json").read_text("utf-8"))["rows"]
    assert [row["theme"] for row in rows] == ["Alene", "Lengde"]
    assert [row["agreement"] for row in rows] == [1.0, 1.0]
    release = str(study / "report")
    assert main(["verify", f"{release}/certificate.json", "--release", release]) == 0


def test_one_sheet_gives_numbers_and_no_words(study: Path) -> None:
    assert evaluate(study, "--coding-sheets", str(study / "sheets")) == 0
    assert evaluate(study, "--coding", fill(study, "first"), "--out", str(study / "one")) == 0
    assert "Jeg er ikke alene." not in (study / "one" / "report.json").read_text("utf-8")


def test_what_is_wrong_in_a_sheet_is_said(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(study, "--coding-sheets", str(study / "sheets")) == 0
    sheet = Path(fill(study, "first"))
    head, first, *rest = sheet.read_text("utf-8").splitlines()
    sheet.write_text("\n".join([head, first, first, *rest]), encoding="utf-8")
    assert evaluate(study, "--coding", str(sheet), "--out", str(study / "report")) == 2
    assert "Row 3, column “id”" in capsys.readouterr().err
    assert not (study / "report").exists()
