"""Does a coding sheet come back as it was filled in, and does each fault have its row and column?"""

from __future__ import annotations

import pytest

from knutepunkt.analysis.coding import (
    CodedText,
    OpenText,
    SheetFaults,
    columns_of,
    differences,
    read_codebook,
    read_sheet,
    settled_codes,
    sheet_rows,
)
from knutepunkt.analysis.coding.texts import coding_from_json, coding_to_json

BOOK = read_codebook("hope: Håp\ntime: Tid\n")
TEXTS = (
    OpenText("b7", "FRI1", "=2+2 er ikke svaret", may_quote=True),
    OpenText("a4", "FRI2", "Litt lite tid."),
)
QUESTIONS = {"FRI1": "Hva har betydd mest?", "FRI2": "Hva var vanskelig?"}


def filled(
    *rows: tuple[str, ...], columns: tuple[str, ...] | None = None
) -> list[tuple[int, tuple[str, ...]]]:
    return list(enumerate((columns or columns_of(BOOK), *rows), start=1))


def row(
    text_id: str, hope: str = "", time: str = "", who: str = "", fit: str = ""
) -> tuple[str, ...]:
    return (text_id, "", "", "", hope, time, who, fit)


def test_texts_stand_in_the_order_of_their_ids_and_no_text_is_a_formula() -> None:
    rows = sheet_rows(TEXTS, BOOK, QUESTIONS)
    assert [each[0] for each in rows] == ["a4", "b7"]
    assert rows[1][2] == "'=2+2 er ikke svaret"
    assert [each[3] for each in rows] == ["no", "yes"]


def test_a_sheet_comes_back_as_it_went_out() -> None:
    coding = {"a4": CodedText(frozenset({"time"}), identifies=True), "b7": CodedText(fit=True)}
    rows = sheet_rows(TEXTS, BOOK, QUESTIONS, coding)
    assert read_sheet(filled(*rows), TEXTS, BOOK) == coding
    assert coding_from_json(coding_to_json(coding)) == coding


def test_columns_may_stand_in_another_order_and_marks_may_be_words() -> None:
    columns = ("fit_to_quote", "time", "hope", "identifies_somebody", "id")
    sheet = filled(("ja", "0", "X", "", "b7"), ("", "1", "nei", "ja", "a4"), columns=columns)
    found = read_sheet(sheet, TEXTS, BOOK)
    assert found["b7"] == CodedText(frozenset({"hope"}), fit=True)
    assert found["a4"] == CodedText(frozenset({"time"}), identifies=True)


@pytest.mark.parametrize(
    ("sheet", "fault"),
    [
        (
            filled(row("a4"), row("b7"), columns=columns_of(BOOK)[:-1]),
            (1, "fit_to_quote", "no_column"),
        ),
        (filled(row("a4"), columns=(*columns_of(BOOK), "joy")), (1, "joy", "unknown_column")),
        (filled(row("a4"), columns=(*columns_of(BOOK), "time")), (1, "time", "column_twice")),
        (filled(row("zz")), (2, "id", "unknown_text")),
        (filled(row("a4"), row("a4"), row("b7")), (3, "id", "text_twice")),
        (filled(row("a4")), (0, "id", "text_missing")),
        (filled(row("a4", hope="kanskje"), row("b7")), (2, "hope", "not_a_mark")),
        (filled(row("a4", fit="x"), row("b7")), (2, "fit_to_quote", "fit_without_consent")),
        (filled(row("a4"), row("b7", who="x", fit="x")), (3, "fit_to_quote", "fit_and_identifies")),
        ([], (1, "id", "no_column")),
    ],
)
def test_each_fault_has_its_row_and_column(
    sheet: list[tuple[int, tuple[str, ...]]], fault: tuple[int, str, str]
) -> None:
    with pytest.raises(SheetFaults) as refused:
        read_sheet(sheet, TEXTS, BOOK)
    assert fault in [(each.row, each.column, each.kind) for each in refused.value.faults]


def test_empty_rows_are_passed_over() -> None:
    assert len(read_sheet(filled(row("a4"), ("",) * 8, row("b7")), TEXTS, BOOK)) == 2


def test_codes_differ_where_one_gave_what_the_other_did_not() -> None:
    first = {"a4": CodedText(frozenset({"time", "hope"})), "b7": CodedText(fit=True)}
    second = {"a4": CodedText(frozenset({"time"})), "b7": CodedText(identifies=True)}
    [found] = differences(TEXTS, first, second)
    assert found.text.id == "a4"
    assert found.in_dispute == {"hope"}
    assert settled_codes("a4", first, second, {}) == {"time"}
    assert settled_codes("a4", first, None, {}) == {"time", "hope"}
    assert settled_codes("a4", first, second, {"a4": CodedText(frozenset({"hope"}))}) == {"hope"}
