"""What is a report made of: sections, paragraphs, tables, figures, and nothing a page adds?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knutepunkt.analysis.instruments.texts import Texts
from knutepunkt.analysis.report.values import Sentence, Value


class Standing(StrEnum):
    """How a result stands to the protocol that was locked before the answers were read."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    EXPLORATORY = "exploratory"
    DESCRIPTIVE = "descriptive"


@dataclass(frozen=True)
class Column:
    """One column: `id` is its name in CSV and JSON, `description` what a reader may rely on."""

    id: str
    heading: Sentence
    description: Sentence
    numeric: bool = False


@dataclass(frozen=True)
class Row:
    """One line of a table. `key` is stable over languages (an item, a scale, a round)."""

    key: str
    cells: tuple[Value, ...]
    standing: Standing = Standing.DESCRIPTIVE


@dataclass(frozen=True)
class Table:
    """One of the tables T1-T16 with its stable id; each row has one cell per column."""

    id: str
    caption: Sentence
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[Sentence, ...] = ()


class FigureKind(StrEnum):
    """The drawings that exist."""

    FLOW = "flow"
    DIVERGING = "diverging"
    TRAJECTORY = "trajectory"
    FOREST = "forest"
    SPREAD = "spread"
    TILES = "tiles"


@dataclass(frozen=True)
class Mark:
    """One drawn thing: a segment of a bar, a point with its interval, or a box of a flow.

    `tone` runs from -2 (least favourable) to 2 (most favourable) and chooses colour and hatching.
    `named`: its label is written on it, since the legend says something else.
    `label` names it, `value` is a released number, band or withheld, `interval` goes with a point.
    """

    key: str
    label: Value
    value: Value
    interval: Value | None = None
    tone: int = 0
    named: bool = False


@dataclass(frozen=True)
class Line:
    """One line of a figure: a question, an outcome, a round."""

    key: str
    label: Value
    marks: tuple[Mark, ...]
    note: Sentence | None = None


@dataclass(frozen=True)
class Figure:
    """One of the figures: its title is a sentence, `table` the id of the table behind it.

    `low` and `high` are the ends of the axis, fixed by the instrument and never by the answers;
    `reference` is a line drawn across (no change, as before). `alternative` is the text for
    those who do not see the drawing.
    """

    id: str
    kind: FigureKind
    title: Sentence
    lines: tuple[Line, ...]
    table: str
    alternative: tuple[Sentence, ...]
    low: float = 0.0
    high: float = 100.0
    reference: float | None = None
    legend: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """Sentences that are read together."""

    sentences: tuple[Sentence, ...]
    heading: Sentence | None = None


@dataclass(frozen=True)
class MarginNote:
    """A note beside the text on wide pages and after the paragraph on narrow ones."""

    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class FigureHere:
    """The place of a figure in the text."""

    id: str


@dataclass(frozen=True)
class TableHere:
    """The place of a table in the text; `folded`: closed on a web page, last in print."""

    id: str
    folded: bool = False


@dataclass(frozen=True)
class Finding:
    """One of the three findings: a sentence, and the figure line that shows it small."""

    sentence: Sentence
    figure: str | None = None
    line: str | None = None


Block = Paragraph | MarginNote | FigureHere | TableHere | Finding


@dataclass(frozen=True)
class Section:
    """One heading and what stands under it. `folded`: closed on a web page until asked for."""

    id: str
    heading: Sentence
    blocks: tuple[Block, ...]
    folded: bool = False


@dataclass(frozen=True)
class Report:
    """The whole report, in no language yet: what every format is written from.

    `dated` comes from the protocol, never from a clock. `example` marks invented content.
    """

    title: Texts
    organisation: Texts
    period: Sentence
    who_answered: Sentence
    dated: date
    rounds: int
    audience: str
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    figures: tuple[Figure, ...]
    certificate: str
    example: bool = False
    format_version: str = "1"

    def table(self, table_id: str) -> Table:
        """The table with this id; KeyError when the report has none."""
        return {table.id: table for table in self.tables}[table_id]

    def figure(self, figure_id: str) -> Figure:
        """The figure with this id; KeyError when the report has none."""
        return {figure.id: figure for figure in self.figures}[figure_id]

    def section(self, section_id: str) -> Section:
        """The section with this id; KeyError when the report has none."""
        return {section.id: section for section in self.sections}[section_id]
