"""Does a table of counts come out without a cell that can be worked out?"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from knutepunkt.cli import main

COUNTS = """\
county;municipality;theme;people
North;Fjord;open;30
North;Fjord;grief;3
North;Ness;open;22
North;Ness;grief;14
South;Dale;open;41
South;Dale;grief;17
"""


def _run(folder: Path, text: str, *more: str) -> int:
    (folder / "people.csv").write_text(text, "utf-8")
    return main(
        [
            "protect",
            str(folder / "people.csv"),
            *("--by", "county/municipality", "--by", "theme", "--count", "people"),
            *("--out", str(folder / "safe.csv")),
            *more,
        ]
    )


def test_a_small_cell_and_what_would_give_it_away_are_hidden(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(tmp_path, COUNTS) == 0
    with (tmp_path / "safe.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    people = {(row["municipality"], row["theme"]): row["people"] for row in rows}
    assert people[("Fjord", "grief")] == ""
    assert "" in {people[("Fjord", "open")], people[("Fjord", "Total")]}
    assert people[("Total", "Total")] == "127"
    assert all((row["people"] == "") == (row["shown"] == "no") for row in rows)
    assert "1 of 18 cells hold fewer than 10 people" in capsys.readouterr().out


def test_the_centre_itself_reads_from_five(tmp_path: Path) -> None:
    assert _run(tmp_path, COUNTS.replace("grief;3", "grief;6"), "--audience", "centre") == 0
    assert "no" not in (tmp_path / "safe.csv").read_text("utf-8").replace("North", "")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (COUNTS.replace("people", "persons"), 'no column "people"'),
        (COUNTS.replace(";41", ";-4"), 'Row 6, column "people"'),
        (COUNTS.replace("South;Dale;grief", "West;Dale;grief"), "lies in both South and West"),
    ],
)
def test_a_file_that_cannot_be_used_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, sentence: str
) -> None:
    assert _run(tmp_path, text) == 2
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "safe.csv").exists()


def test_where_everything_is_small_nothing_is_shown(tmp_path: Path) -> None:
    small = "".join(
        line if line.startswith("county") else line.rsplit(";", 1)[0] + ";1\n"
        for line in COUNTS.splitlines(keepends=True)
    )
    assert _run(tmp_path, small) == 3
    assert not (tmp_path / "safe.csv").exists()
