"""Which rows of cells does an uploaded .xlsx or CSV file hold?

A file is read in memory, never kept. Encoding and separator of CSV are found out: lists from
Norwegian offices come as Windows-1252 with semicolons as often as UTF-8 with commas.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from knutepunkt.shared.errors import Refusal

LARGEST_FILE = 2 * 1024 * 1024
LARGEST_UNPACKED = 50 * 1024 * 1024
MOST_ROWS = 2000
MOST_COLUMNS = 100
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
SEPARATORS = ";\t,|"


class FileNotRead(Refusal):
    """The file is no list of rows that can be read."""


@dataclass(frozen=True)
class Row:
    """One row with the number a person sees in the spreadsheet, and its cells as text."""

    number: int
    cells: tuple[str, ...]


def read_rows(content: bytes, filename: str) -> list[Row]:
    """Return the rows that hold anything, the first being the names of columns.

    Raises ``FileNotRead`` with what is wrong and what to do.
    """
    if len(content) > LARGEST_FILE:
        raise FileNotRead(
            _("The file is larger than 2 MB. Divide the list and upload it in parts.")
        )
    if content.startswith(b"PK"):
        rows = list(_rows_of_workbook(content))
    elif filename.lower().endswith((".xls", ".ods", ".pdf", ".doc", ".docx")) or _is_binary(
        content
    ):
        raise FileNotRead(
            _(
                "We cannot read this kind of file. Save the list as .xlsx or CSV and upload it again."
            )
        )
    else:
        rows = list(_rows_of_csv(content))
    rows = [row for row in rows if any(row.cells)]
    if len(rows) < 2:
        raise FileNotRead(
            _("The file has no rows. Write names of columns in the first row and groups below it.")
        )
    if len(rows) - 1 > MOST_ROWS:
        raise FileNotRead(
            _("The file has more than 2,000 rows. Divide the list and upload it in parts.")
        )
    return rows


def _is_binary(content: bytes) -> bool:
    return b"\0" in content and not content.startswith(_UTF_16)


def decode(content: bytes) -> str:
    """Return the text, whichever of the usual encodings it has."""
    if content.startswith(_UTF_16):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def find_separator(text: str) -> str:
    """Return the separator that parts the first line into most cells."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(SEPARATORS, key=lambda mark: len(next(csv.reader([first], delimiter=mark), [])))


def _rows_of_csv(content: bytes) -> Iterator[Row]:
    text = decode(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=find_separator(text))
    number = 1
    try:
        for cells in reader:
            yield Row(number, tuple(cell.strip() for cell in cells[:MOST_COLUMNS]))
            number = reader.line_num + 1
    except csv.Error as error:
        raise FileNotRead(
            _("We cannot read row {row} of the file. Save the list anew as .xlsx or CSV.").format(
                row=number
            )
        ) from error


def _rows_of_workbook(content: bytes) -> Iterator[Row]:
    broken = _("We cannot open the file. Save the list anew as .xlsx or CSV and upload it again.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > LARGEST_UNPACKED:
            raise FileNotRead(_("The file is too large when unpacked. Save only the list anew."))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS, values_only=True)
        for number, cells in enumerate(rows, start=1):
            yield Row(number, tuple(_as_text(cell) for cell in cells))
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError) as error:
        raise FileNotRead(broken) from error


def _as_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
