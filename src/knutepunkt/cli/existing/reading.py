"""How does a CSV, Excel, SPSS, Stata or Parquet file become one frame of columns?"""

from __future__ import annotations

import csv
import io
import warnings
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from knutepunkt.cli.existing.problems import BadInput, Place

#: Largest file that is read whole; bigger ones are a sign of the wrong file.
LARGEST = 2 * 1024**3
ENCODINGS = ("utf-8-sig", "utf-16", "cp1252")
SEPARATORS = (",", ";", "\t", "|")
SNIFFED = 64 * 1024
ROW = "_row"
#: Rows are counted as a spreadsheet counts them: the heading is row 1.
FIRST_ROW = 2


@dataclass(frozen=True)
class Table:
    """The file's columns as they are, with the labels that SPSS and Stata files carry.

    Beside them stands `_row`, the row's number in the file.
    """

    file: str
    frame: pl.DataFrame
    value_labels: dict[str, dict[float, str]] = field(default_factory=dict)
    column_labels: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The names the file itself gives its columns."""
        return tuple(name for name in self.frame.columns if name != ROW)


def file_bytes(path: Path) -> bytes:
    """What stands in a file. Raises BadInput where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as problem:
        raise BadInput(Place(path.name), "The file cannot be read.", "Check its name.") from problem


def read_table(path: Path) -> Table:
    """Read the file by its ending.

    Raises:
        BadInput: the file is missing, empty, too large, of an unknown kind, or broken.
    """
    place = Place(path.name)
    if not path.is_file():
        raise BadInput(place, "There is no such file.", "Check the path.")
    if path.stat().st_size == 0:
        raise BadInput(place, "The file is empty.", "Export the answers again.")
    if path.stat().st_size > LARGEST:
        raise BadInput(place, "The file is larger than 2 GB.", "Save it as Parquet, or split it.")
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(sorted(_READERS))
        raise BadInput(place, f"Files ending in {path.suffix!r} are not read.", f"Use {known}.")
    try:
        table: Table = reader(path)
    except BadInput:
        raise
    except Exception as problem:  # a broken file makes each library raise its own kind
        raise BadInput(
            place, f"The file could not be read ({problem}).", "Open it, save it anew, try again."
        ) from problem
    return _numbered(table)


def _numbered(table: Table) -> Table:
    """The table with each row's number as a spreadsheet counts it; empty rows are left out."""
    if ROW in table.frame.columns:
        raise BadInput(Place(table.file, 1, ROW), "This name is taken.", "Rename the column.")
    frame = table.frame.with_row_index(ROW, offset=FIRST_ROW)
    frame = frame.filter(pl.any_horizontal(pl.exclude(ROW).is_not_null()))
    if frame.height == 0:
        raise BadInput(
            Place(table.file),
            "The file has a heading and no rows.",
            "Export the answers again.",
        )
    return replace(table, frame=frame)


def _read_csv(path: Path) -> Table:
    content = path.read_bytes()
    text, encoding = decode(content, path.name)
    separator = detect_separator(text)
    _check_rows(text, separator, path.name)
    frame = pl.read_csv(
        io.StringIO(text),
        separator=separator,
        infer_schema_length=None,
        null_values=["", "NA", "."],
        truncate_ragged_lines=False,
    )
    frame = _decimal_commas(frame)
    name = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}[separator]
    return Table(path.name, frame, notes=(f"encoding {encoding}", f"separator {name}"))


def decode(content: bytes, name: str) -> tuple[str, str]:
    """Return the text and its encoding: UTF-8, UTF-16 with a mark, else Windows-1252."""
    for encoding in ENCODINGS:
        if encoding == "utf-16" and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        try:
            return content.decode(encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise BadInput(Place(name), "The letters cannot be read.", "Save the file as CSV in UTF-8.")


def detect_separator(text: str) -> str:
    """Return the separator that gives the most columns, the same number in the first lines."""
    lines = [line for line in text[:SNIFFED].splitlines() if line.strip()][:20]

    def columns(separator: str) -> tuple[bool, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=separator)]
        return (len(set(counts)) == 1 and counts[0] > 1, counts[0])

    return max(SEPARATORS, key=columns) if lines else ","


def _check_rows(text: str, separator: str, name: str) -> None:
    rows = csv.reader(io.StringIO(text), delimiter=separator)
    heading = next(rows)
    for position, title in enumerate(heading):
        if title.strip() and title in heading[:position]:
            raise BadInput(
                Place(name, 1, title), "Two columns have this name.", "Rename one of them."
            )
    for row in rows:
        if row and len(row) != len(heading):
            raise BadInput(
                Place(name, rows.line_num),
                f"The row has {len(row)} values and the heading {len(heading)} names.",
                "Put text that holds the separator in quotation marks.",
            )


def _decimal_commas(frame: pl.DataFrame) -> pl.DataFrame:
    """Read 3,5 as a number where a whole column is written so."""
    number = r"^\s*-?\d+(,\d+)?\s*$"
    changed = []
    for column in frame.columns:
        if frame[column].dtype != pl.String:
            continue
        values = frame[column].drop_nulls()
        if len(values) and values.str.contains(number).all() and values.str.contains(",").any():
            changed.append(pl.col(column).str.strip_chars().str.replace(",", ".").cast(pl.Float64))
    return frame.with_columns(changed)


def _read_excel(path: Path) -> Table:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    sheet = book.worksheets[0]
    rows = sheet.iter_rows(values_only=True)
    heading = [str(title).strip() if title is not None else "" for title in next(rows, ())]
    while heading and not heading[-1]:
        heading.pop()
    for position, title in enumerate(heading):
        if not title:
            raise BadInput(
                Place(path.name, 1), f"Column {position + 1} has no name.", "Give it one."
            )
        if title in heading[:position]:
            raise BadInput(
                Place(path.name, 1, title), "Two columns have this name.", "Rename one of them."
            )
    kept: list[list[Any]] = []
    for row in rows:
        kept.append([value if value != "" else None for value in row[: len(heading)]])
    columns = {
        title: [row[i] if i < len(row) else None for row in kept] for i, title in enumerate(heading)
    }
    data = {title: _one_type(values) for title, values in columns.items()}
    return Table(path.name, pl.DataFrame(data, strict=False), notes=(f"sheet {sheet.title}",))


def _one_type(values: list[Any]) -> list[Any]:
    """Keep numbers as numbers; a column that mixes kinds becomes text, so that nothing is lost."""
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int, float}:
        return values
    if len(kinds) == 1:
        return values
    return [None if value is None else str(value) for value in values]


def _read_spss(path: Path) -> Table:
    return _with_labels(path, "read_sav")


def _read_stata(path: Path) -> Table:
    return _with_labels(path, "read_dta")


def _with_labels(path: Path, reader: str) -> Table:
    import pyreadstat

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        columns, meta = getattr(pyreadstat, reader)(str(path), output_format="dict")
    frame = pl.DataFrame({name: _clean(values) for name, values in columns.items()}, strict=False)
    labels = {
        column: {
            float(value): text for value, text in labels.items() if isinstance(value, int | float)
        }
        for column, labels in meta.variable_value_labels.items()
    }
    titles = {name: label for name, label in meta.column_names_to_labels.items() if label}
    return Table(path.name, frame, labels, titles)


def _clean(values: Any) -> list[Any]:
    return [None if value is None or value != value or value == "" else value for value in values]


def _read_parquet(path: Path) -> Table:
    return Table(path.name, pl.read_parquet(path))


_READERS = {
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".txt": _read_csv,
    ".xlsx": _read_excel,
    ".sav": _read_spss,
    ".zsav": _read_spss,
    ".dta": _read_stata,
    ".parquet": _read_parquet,
}
