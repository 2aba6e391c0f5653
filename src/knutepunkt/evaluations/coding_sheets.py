"""How is a coding sheet written as .xlsx or CSV, and read back as rows of cells?

A file is handled in memory, never kept. Encoding and separator of CSV are found out.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from knutepunkt.analysis.coding import Codebook, Coding, OpenText, headings_of, sheet_rows
from knutepunkt.shared.errors import Refusal

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 60
WIDTHS = {1: 18, 2: 30, 3: 60}
SEPARATORS = ";\t,|"
KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
Rows = list[tuple[int, tuple[str, ...]]]


class SheetNotRead(Refusal):
    """The file is no sheet that can be read."""


def sheet_file(
    kind: str,
    texts: Iterable[OpenText],
    codebook: Codebook,
    questions: dict[str, str],
    coding: Coding,
    language: str,
) -> bytes:
    """Return the sheet as "xlsx" or "csv", with what has been marked so far."""
    rows = [
        headings_of(codebook, language),
        *sheet_rows(texts, codebook, questions, coding, language),
    ]
    return _workbook(rows) if kind == "xlsx" else _csv(rows)


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=";").writerows(rows)
    return written.getvalue().encode("utf-8-sig")


def _workbook(rows: Sequence[Sequence[str]]) -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for number, cells in enumerate(rows, start=1):
        for column, text in enumerate(cells, start=1):
            cell = sheet.cell(number, column)
            cell.value = text.removeprefix("'") if number > 1 and column == 3 else text
            cell.data_type = "s"  # a text that begins with "=" stays a text
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=number == 1)
    for column in range(1, len(rows[0]) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = WIDTHS.get(column, 16)
    sheet.freeze_panes = "D2"
    packed = io.BytesIO()
    workbook.save(packed)
    return packed.getvalue()


def rows_of(content: bytes) -> Rows:
    """Return row number and cells of every row; raise ``SheetNotRead`` with what to do."""
    if len(content) > LARGEST_FILE:
        raise SheetNotRead(_("The file is larger than 20 MB. Save only the coding sheet anew."))
    if content.startswith(b"PK"):
        rows = _rows_of_workbook(content)
    elif b"\0" in content[:1000]:
        raise SheetNotRead(
            _("We cannot read this kind of file. Save the sheet as .xlsx or CSV and try again.")
        )
    else:
        rows = _rows_of_csv(content)
    if len(rows) < 2:
        raise SheetNotRead(_("The sheet has no rows. Upload the sheet you downloaded here."))
    return rows


def _rows_of_csv(content: bytes) -> Rows:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = next((line for line in text.splitlines() if line.strip()), "")
    mark = max(SEPARATORS, key=lambda each: len(next(csv.reader([first], delimiter=each), [])))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        return [
            (number, tuple(cell.strip() for cell in cells[:MOST_COLUMNS]))
            for number, cells in enumerate(reader, start=1)
        ]
    except csv.Error as error:
        raise SheetNotRead(
            _("We cannot read the file as CSV. Save the sheet anew as .xlsx or CSV.")
        ) from error


def _rows_of_workbook(content: bytes) -> Rows:
    broken = _("We cannot open the file. Save the sheet anew as .xlsx or CSV and try again.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
                raise SheetNotRead(broken)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(
            max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True
        )
        return [
            (number, tuple(_as_text(cell) for cell in cells))
            for number, cells in enumerate(rows, start=1)
        ]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError) as error:
        raise SheetNotRead(broken) from error


def _as_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
