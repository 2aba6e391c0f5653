"""How does a table of the report become CSV and JSON, its columns documented?"""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from knutepunkt.analysis.report.sentences import cell, fill
from knutepunkt.analysis.report.structure import Column, Table
from knutepunkt.analysis.report.values import (
    AtLeast,
    Band,
    Below,
    NotMade,
    Number,
    Range,
    Sentence,
    Value,
    Withheld,
)

BOUNDS = ("_from", "_to")
ENDINGS = {
    "_from": "tables.csv_from",
    "_to": "tables.csv_to",
    "_state": "tables.csv_state",
}
STATES = {Withheld: "withheld", NotMade: "not_made"}


def csv_of(table: Table, language: str) -> str:
    """The table as CSV (comma, UTF-8): one line of column ids, numbers with a decimal point.

    An interval or a band stands in two columns, `_from` and `_to`; `_state` says "withheld" or
    "not_made" where there is no number.
    """
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\n")
    lines.writerow(["row", *(name for column in table.columns for name in _names(column))])
    for row in table.rows:
        pairs = zip(table.columns, row.cells, strict=True)
        cells = [text for column, value in pairs for text in _cells(column, value, language)]
        lines.writerow([row.key, *cells])
    return written.getvalue()


def _names(column: Column) -> tuple[str, ...]:
    if not column.numeric:
        return (column.id,)
    return (column.id, *(f"{column.id}{end}" for end in BOUNDS), f"{column.id}_state")


def _cells(column: Column, value: Value, language: str) -> tuple[str, ...]:
    if not column.numeric:
        return (cell(value, language),)
    low, high = _bounds(value)
    middle = _digits(value.value, value.decimals) if isinstance(value, Number) else ""
    return (middle, low, high, STATES.get(type(value), ""))


def _digits(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}"


def _bounds(value: Value) -> tuple[str, str]:
    """The two ends of what is known; empty where an end is open or the value is a number."""
    if isinstance(value, Range):
        return _digits(value.low, value.decimals), _digits(value.high, value.decimals)
    if isinstance(value, Band):
        edge = _digits(value.percent, 0)
        return (edge, "100") if value.at_least else ("0", edge)
    if isinstance(value, Below):
        return "0", str(value.threshold - 1)
    return (str(value.threshold), "") if isinstance(value, AtLeast) else ("", "")


def json_of(table: Table, language: str) -> str:
    """The table as JSON: caption, columns with their descriptions, rows, and notes.

    `endings` says what the further columns of the CSV file hold.
    """
    found: dict[str, Any] = {
        "id": table.id,
        "language": language,
        "caption": fill(table.caption, language),
        "columns": [
            {
                "id": column.id,
                "heading": fill(column.heading, language),
                "description": fill(column.description, language),
            }
            for column in table.columns
        ],
        "endings": {
            ending: fill(Sentence(message), language) for ending, message in ENDINGS.items()
        },
        "rows": [
            {
                "row": row.key,
                **{
                    column.id: _plain(value, language)
                    for column, value in zip(table.columns, row.cells, strict=True)
                },
            }
            for row in table.rows
        ],
        "notes": [fill(note, language) for note in table.notes],
    }
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _plain(value: Value, language: str) -> Any:
    if isinstance(value, Number):
        return round(value.value, value.decimals)
    if isinstance(value, Withheld | NotMade):
        return {"state": STATES[type(value)]}
    low, high = _bounds(value)
    if low or high:
        return {"from": float(low), "to": float(high) if high else None}
    return cell(value, language) or None
