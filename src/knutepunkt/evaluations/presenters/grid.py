"""How is a table of the report laid out for reading: rows of text, repeated leads joined?"""

from __future__ import annotations

from dataclasses import dataclass

from knutepunkt.analysis.report.sentences import cell, fill
from knutepunkt.analysis.report.structure import Row, Table
from knutepunkt.analysis.report.values import Quoted

LEADS = frozenset({"question", "outcome", "round", "answers", "theme", "theme_share"})
"""Columns whose value is the same for all lines of one question, outcome or theme, and round."""


@dataclass(frozen=True)
class GridCell:
    """One cell: its text, its column, over how many lines it reaches, and how it is set.

    `lang` is the language of words that are quoted, "" for the report's own.
    """

    text: str
    numeric: bool = False
    header: bool = False
    lines: int = 1
    column: int = 0
    lang: str = ""


@dataclass(frozen=True)
class Grid:
    """A table in one language."""

    id: str
    caption: str
    heads: tuple[GridCell, ...]
    rows: tuple[tuple[GridCell, ...], ...]
    notes: tuple[str, ...]

    @property
    def widths(self) -> tuple[int, ...]:
        """The room each column asks for, in characters: its longest word, and text up to a line."""
        line = LINE if len(self.heads) > FEW else LONG_LINE
        return tuple(
            max(
                _longest_word(head.text) + 1,
                *(_asked(cell, line) for row in self.rows for cell in row if cell.column == place),
                3,
            )
            for place, head in enumerate(self.heads)
        )

    @property
    def least(self) -> tuple[int, ...]:
        """The room below which a column would break a word or a number, in characters."""
        return tuple(
            max(
                _longest_word(head.text) + 1,
                *(_unbroken(cell) for row in self.rows for cell in row if cell.column == place),
                3,
            )
            for place, head in enumerate(self.heads)
        )

    @property
    def stacks(self) -> bool:
        """Whether its lines stand below each other on a phone: words that are quoted need the room."""
        return any(cell.lang for row in self.rows for cell in row)

    @property
    def is_wide(self) -> bool:
        """Whether the table needs a page on its side, and on the web smaller letters."""
        return len(self.heads) > 8


FEW, LINE, LONG_LINE = 3, 28, 56
"""Characters of running text in one line of a cell, many columns or few; longer text is broken."""


def _longest_word(text: str) -> int:
    return max((len(word) for word in text.replace("-", "- ").split(" ")), default=0)


def _asked(cell: GridCell, line: int) -> int:
    return len(cell.text) if cell.numeric else min(len(cell.text), line)


def _unbroken(cell: GridCell) -> int:
    return len(cell.text) if cell.numeric else _longest_word(cell.text)


def grid_of(table: Table, language: str) -> Grid:
    """The table as text; the first cell of a line is its header."""
    heads = tuple(
        GridCell(fill(column.heading, language), column.numeric, header=True)
        for column in table.columns
    )
    return Grid(
        table.id,
        fill(table.caption, language),
        heads,
        tuple(_line(table, index, language) for index in range(len(table.rows))),
        tuple(fill(note, language) for note in table.notes),
    )


def _line(table: Table, index: int, language: str) -> tuple[GridCell, ...]:
    row = table.rows[index]
    reach = _reach(table.rows, index)
    cells = []
    for place, (column, value) in enumerate(zip(table.columns, row.cells, strict=True)):
        joined = column.id in LEADS
        if joined and reach == 0:
            continue
        text = capitalised(cell(value, language), place)
        lines = reach if joined else 1
        lang = value.language if isinstance(value, Quoted) else ""
        cells.append(GridCell(text, column.numeric, place == 0, lines, place, lang))
    return tuple(cells)


def capitalised(text: str, place: int) -> str:
    """The first cell of a line begins with a capital."""
    return text[:1].upper() + text[1:] if place == 0 else text


def subject_of(row: Row) -> str:
    """What a line is about: its key without the part after "#"."""
    return row.key.partition("#")[0] if "#" in row.key else row.key


def _reach(rows: tuple[Row, ...], index: int) -> int:
    """How many lines a lead reaches over; 0 where an earlier line's lead already covers this."""
    subject = subject_of(rows[index])
    if "#" not in rows[index].key:
        return 1
    if index and subject_of(rows[index - 1]) == subject:
        return 0
    count = 0
    for row in rows[index:]:
        if subject_of(row) != subject:
            break
        count += 1
    return count
