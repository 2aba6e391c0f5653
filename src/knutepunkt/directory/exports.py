"""How does an organisation take its own list of groups with it, and what does the template hold?"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

import xlsxwriter
from django.utils.translation import gettext

from knutepunkt.directory.group_list import column_names
from knutepunkt.directory.lifecycle import PAUSED
from knutepunkt.directory.models import Group
from knutepunkt.directory.vocabulary import EventKind, Form
from knutepunkt.shared.wording import reader_language

Cell = str | int | date | None
#: What a spreadsheet would take for a formula at the start of a cell.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def rows_of(groups: Iterable[Group]) -> list[list[Cell]]:
    """Return one row per group with the columns of ``group_list``, so that it can be read again."""
    return [
        [
            group.name,
            str(group.theme),
            str(Form(group.form).label),
            group.started_on,
            _paused_on(group),
            group.ended_on,
            group.members,
            group.place,
            group.house.name if group.house else "",
            group.contact.email if group.contact else "",
            group.confirmed_on,
            gettext("yes") if group.address_withheld else "",
        ]
        for group in groups
    ]


def as_csv(rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return the list as CSV that Norwegian spreadsheets open: semicolons, UTF-8 with a mark."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow(column_names(reader_language()))
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + target.getvalue().encode("utf-8")


def as_workbook(rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return the list as .xlsx; text is always text, never a formula or a link."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(target, options)
    sheet = workbook.add_worksheet(gettext("Groups"))
    bold, day = (
        workbook.add_format({"bold": True}),
        workbook.add_format({"num_format": "dd.mm.yyyy"}),
    )
    names = column_names(reader_language())
    sheet.write_row(0, 0, names, bold)
    for number, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(number, place, cell, day)
            elif isinstance(cell, int):
                sheet.write_number(number, place, cell)
            elif cell:
                sheet.write_string(number, place, cell)
    sheet.set_column(0, len(names) - 1, 22)
    sheet.freeze_panes(1, 0)
    workbook.close()
    return target.getvalue()


def _paused_on(group: Group) -> date | None:
    if group.state != PAUSED:
        return None
    pauses = [e.happened_on for e in group.events.all() if e.kind == EventKind.PAUSED]
    return pauses[-1] if pauses else None


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.strftime("%d.%m.%Y")
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
