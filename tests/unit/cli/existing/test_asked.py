"""Is a question that was asked in one round alone told of in that round alone?"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from knutepunkt.analysis.disclosure import Ledger, kp1
from knutepunkt.analysis.report import build_report
from knutepunkt.cli.existing.description import Description, read_description
from knutepunkt.cli.existing.preparing import Prepared, prepare
from knutepunkt.cli.existing.problems import BadInput
from knutepunkt.cli.existing.reading import read_table
from knutepunkt.cli.existing.study import design_of
from tests.unit.cli.existing.answers import DESIGN, invented

DAY = dt.date(2026, 3, 1)
SAID = DESIGN.replace('column = "again"', 'column = "again"\nrounds = [" after"]')


def laid_out(folder: Path, frame: pl.DataFrame, design: str) -> tuple[Prepared, Description]:
    frame.write_csv(folder / "answers.csv")
    (folder / "design.toml").write_text(design, encoding="utf-8")
    description = read_description(folder / "design.toml")
    return prepare(read_table(folder / "answers.csv"), description), description


def asked_afterwards() -> pl.DataFrame:
    again = pl.when(pl.col("when") == "after").then(pl.col("again"))
    return invented().with_columns(again.alias("again"))


def rows_told(prepared: Prepared, description: Description) -> set[str]:
    design = design_of(prepared, description, day=DAY, design_hash="d" * 64)
    report, _ = build_report(design, prepared.frame, Ledger(), kp1())
    lines = {row.key for table in report.tables if table.id.startswith("T4") for row in table.rows}
    return {key for key in lines if "again" in key}


def test_where_the_design_says_so_other_rounds_have_no_line(tmp_path: Path) -> None:
    prepared, description = laid_out(tmp_path, asked_afterwards(), SAID)
    assert prepared.remarks == ()
    told = rows_told(prepared, description)
    assert told
    assert all("after" in key for key in told)


def test_an_empty_column_is_never_taken_for_a_question_that_was_not_asked(tmp_path: Path) -> None:
    """That all who were asked skipped it must not be told; whoever has the file is asked."""
    prepared, description = laid_out(tmp_path, asked_afterwards(), DESIGN)
    assert any("before" in key for key in rows_told(prepared, description))
    (remark,) = prepared.remarks
    assert remark.startswith("The column 'again' is empty in 'before'.")
    assert "rounds = [...]" in remark


@pytest.mark.parametrize(
    ("design", "what"),
    [
        (SAID, "There is an answer in 'before', where the design says it was not asked."),
        (SAID.replace(" after", "later"), "asked in 'later', and the file has no such round."),
    ],
)
def test_a_design_and_a_file_that_do_not_agree(tmp_path: Path, design: str, what: str) -> None:
    with pytest.raises(BadInput) as refused:
        laid_out(tmp_path, invented(), design)
    assert what in str(refused.value)
    assert refused.value.place.column == "again"


def test_columns_beside_each_other_name_their_rounds_themselves(tmp_path: Path) -> None:
    wide = invented(groups=4).filter(pl.col("when") == "before").drop("when")
    design = (
        DESIGN.split("[[scales]]")[0].replace('round = "when"\n', "").replace('rounds_in_order = ["before", "after"]\n', "")
        + '[[scores]]\nid = "one"\nname = "One"\nlow = 1\nhigh = 5\n'
        + 'columns = { before = "hope1", after = "hope3" }\n'
        + '[[scores]]\nid = "two"\nname = "Two"\nlow = 1\nhigh = 5\ncolumns = { before = "hope3" }\n'
    )  # fmt: skip
    prepared, description = laid_out(tmp_path, wide, design)
    first, second = design_of(prepared, description, day=DAY, design_hash="d" * 64).rounds
    assert (first.asked, second.asked) == ({"i_one", "i_two"}, {"i_one"})
    with pytest.raises(BadInput, match="leave rounds out"):
        laid_out(tmp_path, wide, design + 'rounds = ["before"]\n')
