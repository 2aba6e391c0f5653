"""Does every kind of bad answers end in a sentence, and never in a fault of the program?"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import polars as pl
import pytest

from knutepunkt.analysis.disclosure import Ledger, policy_for
from knutepunkt.analysis.models import optimum
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.report import DesignFault, build_report
from knutepunkt.analysis.report.sentences import fill
from knutepunkt.analysis.report.structure import Report
from knutepunkt.analysis.report.values import Band, Number, Range, Unit, Withheld
from knutepunkt.analysis.report.walk import everything_in, sentences_of
from tests.unit.analysis.report.sample import centre, survey

ITEMS = sorted({item for scale in survey().scales for item in scale.items})


def made(frame: pl.DataFrame) -> Report:
    design, _ = centre(rounds=2)
    return build_report(design, frame, Ledger(), policy_for())[0]


@pytest.fixture(scope="module")
def frame() -> pl.DataFrame:
    return centre(rounds=2)[1]


def everywhere(frame: pl.DataFrame, value: int | None) -> pl.DataFrame:
    return frame.with_columns(pl.lit(value, pl.Int8).alias(item) for item in ITEMS)


CASES: dict[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
    "everybody answers alike": lambda rows: everywhere(rows, 3),
    "nobody answers": lambda rows: everywhere(rows, None),
    "one group": lambda rows: rows.filter(pl.col("group") == rows["group"][0]),
    "one person": lambda rows: rows.filter(pl.col("participant") == rows["participant"][0]),
    "no rows": lambda rows: rows.clear(),
    "one constant item": lambda rows: rows.with_columns(pl.lit(2, pl.Int8).alias(ITEMS[0])),
}


@pytest.mark.parametrize("name", CASES)
def test_the_report_is_made_and_says_no_number_that_means_nothing(
    name: str, frame: pl.DataFrame
) -> None:
    report = made(CASES[name](frame))
    change_rows = {table.id: table for table in report.tables}.get("T6")
    if name in ("everybody answers alike", "nobody answers", "one person", "no rows"):
        assert change_rows is None or not any(
            type(cell).__name__ == "Range" for row in change_rows.rows for cell in row.cells
        )
    assert list(sentences_of(report))
    assert_numbers_mean_something(report)


def assert_numbers_mean_something(report: Report) -> None:
    """Every number is finite and every interval the right way round, also in words."""
    for each in everything_in(report):
        if isinstance(each, Number):
            assert math.isfinite(each.value), each
        if isinstance(each, Range):
            ends = [end for end in (each.low, each.high) if end is not None]
            assert all(math.isfinite(end) for end in ends), each
            assert ends == sorted(ends), each
    for language in ("nb", "nn", "en"):
        said = [fill(sentence, language) for sentence in sentences_of(report)]
        assert not [text for text in said if re.search(r"\b(nan|NaN|inf)\b|(?<!\. )\bNone\b", text)]


def test_of_an_item_all_answer_alike_the_report_tells_a_band_and_no_reliability(
    frame: pl.DataFrame,
) -> None:
    item, scale = ITEMS[0], "BEN"
    report = made(CASES["one constant item"](frame))
    rows = [row for row in report.table(f"T4-{scale}").rows if row.key.startswith(f"{item}@")]
    assert [row.key for row in rows] == [f"{item}@r1#band", f"{item}@r2#band"]
    for row in rows:
        [band] = [cell for cell in row.cells if isinstance(cell, Band)]
        # Everybody answered "a little worse"; the reader learns: at most two in ten.
        assert (band.percent, band.at_least) == (20, False)
        assert not [cell for cell in row.cells if getattr(cell, "unit", None) is Unit.PERCENT]
    table = report.table("T5")
    names = [column.id for column in table.columns]
    for row in table.rows:
        cells = dict(zip(names, row.cells, strict=True))
        told = isinstance(cells["alpha"], Number), isinstance(cells["omega"], Number)
        if row.key.startswith(f"{scale}@"):
            assert isinstance(cells["mean"], Number)
            assert told == (False, False)
            # An alpha at all would say that the item varies; silence has one form.
            for name in ("alpha", "alpha_interval", "omega", "sem", "sdc"):
                assert isinstance(cells[name], Withheld)
        else:
            assert told[0]


def test_a_code_outside_the_options_is_named(frame: pl.DataFrame) -> None:
    spoiled = frame.with_columns(
        pl.when(pl.int_range(pl.len()) < 3)
        .then(99)
        .otherwise(pl.col(ITEMS[0]))
        .cast(pl.Int8)
        .alias(ITEMS[0])
    )
    with pytest.raises(DesignFault, match=f"{ITEMS[0]} holds a code that is no option"):
        made(spoiled)


def test_the_same_person_twice_in_a_round_is_named(frame: pl.DataFrame) -> None:
    with pytest.raises(DesignFault, match="A person stands twice in one round"):
        made(pl.concat([frame, frame.head(1)]))


def test_the_order_of_rows_and_rounds_in_the_file_changes_nothing(frame: pl.DataFrame) -> None:
    plain, turned = (made(rows) for rows in (frame, frame.reverse()))
    tables = ({table.id: table for table in report.tables} for report in (plain, turned))
    first, second = (table["T6"] for table in tables)
    assert [row.cells for row in first.rows] == [row.cells for row in second.rows]


def test_of_a_model_that_does_not_converge_the_means_alone_are_told(
    frame: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stuck(search: optimum.Search) -> None:
        raise ModelRefusal(RefusalCode.NOT_CONVERGED, "no start reaches a stationary point")

    monkeypatch.setattr("knutepunkt.analysis.models.mixed.least", stuck)
    table = made(frame).table("T6")
    names = [column.id for column in table.columns]
    for row in table.rows:
        cells = dict(zip(names, row.cells, strict=True))
        assert isinstance(cells["from_mean"], Number)
        assert isinstance(cells["interval"], Withheld)
