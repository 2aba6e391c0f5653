"""Is the same file read alike, however it was saved?"""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pyreadstat
import pytest

from knutepunkt.cli.existing.problems import BadInput
from knutepunkt.cli.existing.reading import FIRST_ROW, ROW, read_table
from tests.unit.cli.existing.answers import invented

PLAIN = invented(groups=3)


def _csv(path: Path, encoding: str, separator: str) -> Path:
    path.write_bytes(PLAIN.write_csv(separator=separator).encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encoding_and_separator_are_found(tmp_path: Path, encoding: str, separator: str) -> None:
    table = read_table(_csv(tmp_path / "a.csv", encoding, separator))
    assert table.frame.drop(ROW).equals(PLAIN)


def test_norwegian_letters_survive_windows(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("gruppe;svar\nBlåbær;3,5\nØy;4,25\n".encode("cp1252"))
    frame = read_table(tmp_path / "a.csv").frame
    assert frame["gruppe"].to_list() == ["Blåbær", "Øy"]
    assert frame["svar"].to_list() == [3.5, 4.25]


def _excel(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(PLAIN.columns)
    for row in PLAIN.iter_rows():
        sheet.append(row)
    book.save(path)
    return path


def test_every_format_gives_the_same_columns(tmp_path: Path) -> None:
    PLAIN.write_parquet(tmp_path / "a.parquet")
    pyreadstat.write_sav(PLAIN, tmp_path / "a.sav")
    pyreadstat.write_dta(PLAIN, tmp_path / "a.dta")
    _excel(tmp_path / "a.xlsx")
    for ending in ("parquet", "sav", "dta", "xlsx"):
        table = read_table(tmp_path / f"a.{ending}")
        assert table.columns == tuple(PLAIN.columns), ending
        for name in PLAIN.columns:
            assert table.frame[name].to_list() == PLAIN[name].to_list(), (ending, name)


def test_labels_of_spss_come_along(tmp_path: Path) -> None:
    labels = {"hope1": {1: "never", 5: "always"}}
    pyreadstat.write_sav(
        PLAIN,
        tmp_path / "a.sav",
        column_labels={"hope1": "I look forward"},
        variable_value_labels=labels,
    )
    table = read_table(tmp_path / "a.sav")
    assert table.column_labels["hope1"] == "I look forward"
    assert table.value_labels["hope1"] == {1.0: "never", 5.0: "always"}


def test_rows_keep_the_number_a_spreadsheet_gives_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["who", "answer"], ["a", 1], [None, None], ["b", 2]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    assert read_table(tmp_path / "a.xlsx").frame[ROW].to_list() == [FIRST_ROW, FIRST_ROW + 2]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"a,b\n", "no rows"),
        (b"a,a\n1,2\n", "Two columns have this name"),
        (b"a,b\n1,2\n1,2,3\n", "row 3"),
    ],
)
def test_a_broken_file_is_named_with_a_remedy(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(BadInput, match=says) as refused:
        read_table(tmp_path / "a.csv")
    assert refused.value.remedy.endswith(".")


def test_an_unknown_ending_names_those_that_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.doc").write_bytes(b"x")
    with pytest.raises(BadInput, match=r"\.sav"):
        read_table(tmp_path / "a.doc")
