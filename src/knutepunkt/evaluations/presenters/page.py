"""What stands on the page of a report in one language, ready for a template to write?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from knutepunkt.analysis.report.sentences import fill
from knutepunkt.analysis.report.structure import (
    Block,
    Figure,
    FigureHere,
    Finding,
    MarginNote,
    Paragraph,
    Report,
    Section,
    TableHere,
)
from knutepunkt.analysis.report.values import Day, Sentence, Verbatim
from knutepunkt.evaluations.presenters.drawing.draw import NARROW, draw, draw_small
from knutepunkt.evaluations.presenters.grid import Grid, grid_of

Address = Callable[[str, str], str]
"""From a name ("T4-BEN", "F1") and a format ("csv", "svg") to where it can be fetched."""

TABLE_FORMATS = ("csv", "json")
FIGURE_FORMATS = ("png", "svg")


@dataclass(frozen=True)
class Download:
    """A link to one format: what is read, what a screen reader is told, and where it leads."""

    format: str
    name: str
    address: str


@dataclass(frozen=True)
class Piece:
    """One block of a section; `kind` says which of the other fields are filled.

    `notes` stand in the margin beside it.
    """

    kind: str
    text: str = ""
    heading: str = ""
    id: str = ""
    wide: str = ""
    narrow: str = ""
    grid: Grid | None = None
    downloads: tuple[Download, ...] = ()
    notes: tuple[str, ...] = ()
    folded: bool = False


@dataclass(frozen=True)
class Part:
    """One section with its pieces."""

    id: str
    heading: str
    folded: bool
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Page:
    """The whole page as text, in one language."""

    language: str
    title: str
    organisation: str
    period: str
    who_answered: str
    dated: str
    example: str
    parts: tuple[Part, ...]
    words: dict[str, str] = field(default_factory=dict)
    drawn: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def drawing(self, figure: Figure) -> str:
        """The figure as the printed formats use it, drawn once for all of them."""
        if figure.id not in self.drawn:
            self.drawn[figure.id] = draw(figure, self.language)
        return self.drawn[figure.id]


def page_of(report: Report, language: str, *, address: Address | None = None) -> Page:
    """The page of a report; without `address` there are no downloads."""
    return Page(
        language=language,
        title=report.title.in_language(language),
        organisation=report.organisation.in_language(language),
        period=fill(report.period, language),
        who_answered=fill(report.who_answered, language),
        dated=fill(Sentence("shell.dated", {"day": Day(report.dated)}), language),
        example=said("shell.example_note", language) if report.example else "",
        parts=tuple(_part(report, section, language, address) for section in report.sections),
        words={
            name: said(f"shell.{name}", language)
            for name in (
                "as_table",
                "download",
                "contents",
                "made_with",
                "example",
                "show_all",
                "calibrate",
            )
        },
    )


def pieces_of(report: Report, section: str, language: str) -> tuple[Piece, ...]:
    """The pieces of one section alone, without downloads; none where the report has no such section."""
    found = (each for each in report.sections if each.id == section)
    return tuple(piece for each in found for piece in _part(report, each, language, None).pieces)


def said(message: str, language: str, **parameters: Any) -> str:
    """A message of the catalogue with plain text filled in."""
    return fill(
        Sentence(message, {key: Verbatim(str(value)) for key, value in parameters.items()}),
        language,
    )


def _part(report: Report, section: Section, language: str, address: Address | None) -> Part:
    pieces: list[Piece] = []
    for block in section.blocks:
        if isinstance(block, MarginNote) and pieces:
            text = " ".join(fill(sentence, language) for sentence in block.sentences)
            pieces[-1] = replace(pieces[-1], notes=(*pieces[-1].notes, text))
        else:
            pieces.append(_piece(report, block, language, address))
    return Part(section.id, fill(section.heading, language), section.folded, tuple(pieces))


def _piece(report: Report, block: Block, language: str, address: Address | None) -> Piece:
    if isinstance(block, FigureHere):
        return _figure(report, report.figure(block.id), language, address)
    if isinstance(block, TableHere):
        return _table(report, block, language, address)
    if isinstance(block, Finding):
        return _finding(report, block, language)
    text = " ".join(fill(sentence, language) for sentence in block.sentences)
    if isinstance(block, MarginNote):
        return Piece("note", text)
    return Piece("paragraph", text, _heading(block, language))


def _heading(block: Paragraph, language: str) -> str:
    return fill(block.heading, language) if block.heading is not None else ""


def _finding(report: Report, block: Finding, language: str) -> Piece:
    drawing = ""
    if block.figure is not None and block.line is not None:
        drawing = draw_small(report.figure(block.figure), block.line, language, width=300)
    return Piece("finding", fill(block.sentence, language), wide=_safe(drawing))


def _figure(report: Report, figure: Figure, language: str, address: Address | None) -> Piece:
    names = _downloads("figure", figure.id, FIGURE_FORMATS, language, address)
    names += _downloads("table", figure.table, TABLE_FORMATS, language, address)
    return Piece(
        "figure",
        fill(figure.title, language),
        id=figure.id,
        wide=_safe(draw(figure, language, css="kp-wide")),
        narrow=_safe(draw(figure, language, width=NARROW, css="kp-narrow")),
        grid=grid_of(report.table(figure.table), language),
        downloads=names,
    )


def _table(report: Report, block: TableHere, language: str, address: Address | None) -> Piece:
    return Piece(
        "table",
        text=fill(report.table(block.id).caption, language),
        id=block.id,
        grid=grid_of(report.table(block.id), language),
        downloads=_downloads("table", block.id, TABLE_FORMATS, language, address),
        folded=block.folded,
    )


def _downloads(
    kind: str, name: str, formats: tuple[str, ...], language: str, address: Address | None
) -> tuple[Download, ...]:
    if address is None:
        return ()
    return tuple(
        Download(
            each.upper(),
            said(f"shell.download_{kind}", language, **{kind: name, "format": each.upper()}),
            address(name, each),
        )
        for each in formats
    )


def _safe(drawing: str) -> SafeString:
    """A drawing of ours: every text in it was escaped when it was drawn."""
    return mark_safe(drawing)  # noqa: S308


def behind(page: Page) -> list[Grid]:
    """The tables behind the figures that stand nowhere else, once each: the end of a printed report."""
    shown = {p.grid.id for part in page.parts for p in part.pieces if p.kind == "table" and p.grid}
    found: dict[str, Grid] = {}
    for part in page.parts:
        for piece in part.pieces:
            if piece.kind == "figure" and piece.grid and piece.grid.id not in shown:
                found.setdefault(piece.grid.id, piece.grid)
    return list(found.values())
