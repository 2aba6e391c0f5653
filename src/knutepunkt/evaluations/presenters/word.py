"""How does a report become a Word file a centre can take into its annual report?"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from functools import cache
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from knutepunkt.analysis.report.sentences import fill
from knutepunkt.analysis.report.structure import Report
from knutepunkt.analysis.report.values import Number, Sentence
from knutepunkt.evaluations.presenters.drawing.draw import alternative_text
from knutepunkt.evaluations.presenters.grid import Grid
from knutepunkt.evaluations.presenters.page import Page, Piece, page_of, said
from knutepunkt.evaluations.presenters.printing import png_of

WIDTH = Cm(16)
OFFICE_LANGUAGE = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment a zip archive can name


def docx_of(report: Report, language: str, page: Page | None = None) -> bytes:
    """The report as .docx: headings, tables, pictures with their text, and a ready caption."""
    page = page or page_of(report, language)
    document = Document()
    _prepare(document, report, page.title, page.organisation, language)
    document.add_paragraph(page.organisation)
    _headed(document, page.title, 0)
    if page.example:
        document.add_paragraph(page.example)
    document.add_paragraph(f"{page.who_answered} {page.period}")
    _caption(document, report, language)
    for part in page.parts:
        _headed(document, part.heading, 1)
        for piece in part.pieces:
            _piece(document, report, piece, page)
            for note in piece.notes:
                document.add_paragraph(note)
    document.add_paragraph(page.dated)
    return _settled(document)


def _prepare(document: Any, report: Report, title: str, author: str, language: str) -> None:
    """Language, type, and properties that come from the protocol and never from a clock."""
    moment = datetime(report.dated.year, report.dated.month, report.dated.day)
    properties = document.core_properties
    properties.title, properties.author, properties.language = title, author, language
    properties.created = properties.modified = moment
    properties.last_modified_by = author
    properties.comments = ""
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    mark = OxmlElement("w:lang")
    mark.set(qn("w:val"), OFFICE_LANGUAGE[language])
    normal.element.get_or_add_rPr().append(mark)


def _caption(document: Any, report: Report, language: str) -> None:
    """Text ready for the annual report, with who answered and what the figures are about."""
    _headed(document, said("shell.caption_heading", language), 1)
    words = {"title": report.title, "organisation": report.organisation}
    told = report.who_answered.parameters
    n, handed = told.get("n"), told.get("handed")
    if isinstance(n, Number) and isinstance(handed, Number):
        about = Sentence("caption.annual", {**words, "n": n, "handed": handed})
    else:
        about = Sentence("caption.annual_plain", words)
    guard = Sentence("caption.annual_guard")
    document.add_paragraph(f"{fill(about, language)} {fill(guard, language)}")


def _piece(document: Any, report: Report, piece: Piece, page: Page) -> None:
    if piece.kind == "figure":
        figure = report.figure(piece.id)
        _headed(document, piece.text, 2)
        drawing = io.BytesIO(png_of(page.drawing(figure)))
        picture = document.add_picture(drawing, width=WIDTH)
        described = picture._inline.docPr
        described.set("descr", alternative_text(figure, page.language))
        described.set("title", piece.text)
    if piece.grid is not None:
        _table(document, piece.grid)
        return
    if piece.heading:
        _headed(document, piece.heading, 2)
    _paragraph(document, piece.text, "List Number" if piece.kind == "finding" else "")


def _table(document: Any, grid: Grid) -> None:
    """A table with a header row that is repeated on every page."""
    _paragraph(document, f"{grid.id} {grid.caption}", "Caption")
    made = document.add_table(rows=1 + len(grid.rows), cols=len(grid.heads), style="Light List")
    first, *others = made.rows
    first._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell, head in zip(first._tr.tc_lst, grid.heads, strict=True):
        _write(cell, head.text)
    for line, row in zip(others, grid.rows, strict=True):
        cells = line._tr.tc_lst
        # A lead that reaches over several lines stands on the first of them.
        for each in row:
            _write(cells[each.column], each.text)
    for note in grid.notes:
        document.add_paragraph(note)


def _write(cell: Any, text: str) -> None:
    """Text in a new cell, which has one empty paragraph; `cell.text` would make it anew."""
    cell.p_lst[0].add_r().text = text


def _headed(document: Any, text: str, level: int) -> None:
    _paragraph(document, text, f"Heading {level}" if level else "Title")


def _paragraph(document: Any, text: str, style: str) -> None:
    """A paragraph by the style's id: looking a style up by name searches the whole document."""
    made = document.add_paragraph(text)
    if style:
        made._p.style = _style_ids()[style]


@cache
def _style_ids() -> dict[str, str]:
    """The ids of the styles in the template that comes with python-docx, by name."""
    return {style.name: style.style_id for style in Document().styles}


def _settled(document: Any) -> bytes:
    """The file with every member dated alike."""
    raw, settled = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as given, zipfile.ZipFile(settled, "w") as kept:
        for name in given.namelist():
            info = zipfile.ZipInfo(name, EARLIEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(info, given.read(name))
    return settled.getvalue()
