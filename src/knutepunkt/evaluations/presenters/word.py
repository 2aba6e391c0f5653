"""How does a report become a Word file a centre can take into its annual report?"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from functools import cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Emu, Pt, RGBColor

from knutepunkt.analysis.report.sentences import fill
from knutepunkt.analysis.report.structure import Report
from knutepunkt.analysis.report.values import Number, Sentence
from knutepunkt.evaluations.presenters.drawing.draw import alternative_text
from knutepunkt.evaluations.presenters.grid import Grid, GridCell
from knutepunkt.evaluations.presenters.page import Page, Piece, behind, page_of, said
from knutepunkt.evaluations.presenters.printing import png_of

PAGE, MARGIN = (Cm(21), Cm(29.7)), Cm(2.5)
WIDTH = Cm(16)
USUAL, SMALL = 9, 8  # points in the cells of tables
BODY, HEADINGS = "Calibri", "Georgia"
INK, QUIET, RULE = RGBColor(0x2D, 0x2B, 0x29), RGBColor(0x60, 0x5D, 0x59), "B9B2A9"
OFFICE_LANGUAGE = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
BREAKS = re.compile(r"(\t|\r\n|\n|\r)")
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment a zip archive can name


def docx_of(report: Report, language: str, page: Page | None = None) -> bytes:
    """The report as .docx: headings, pictures with their text, a ready caption, tables at the end.

    What is folded on the web page, and the tables behind the figures, stand on pages on their side.
    """
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
        if part.id == "method":
            _turn(document)
        _headed(document, part.heading, 1)
        for piece in part.pieces:
            _piece(document, report, piece, page)
    _headed(document, said("shell.method_tables", language), 1)
    for grid in behind(page):
        _table(document, grid)
    document.add_paragraph(page.dated)
    return _settled(document)


def _turn(document: Any) -> None:
    """From here on the pages lie on their side, as tables with many columns need."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_height, section.page_width = PAGE


def _prepare(document: Any, report: Report, title: str, author: str, language: str) -> None:
    """Language, type, and properties that come from the protocol and never from a clock."""
    moment = datetime(report.dated.year, report.dated.month, report.dated.day)
    properties = document.core_properties
    properties.title, properties.author, properties.language = title, author, language
    properties.created = properties.modified = moment
    properties.last_modified_by = author
    properties.comments = ""
    section = document.sections[0]
    section.page_width, section.page_height = PAGE
    section.left_margin = section.right_margin = MARGIN
    section.top_margin = section.bottom_margin = MARGIN
    mark = OxmlElement("w:lang")
    mark.set(qn("w:val"), OFFICE_LANGUAGE[language])
    document.styles["Normal"].element.get_or_add_rPr().append(mark)
    _dress(document)


def _dress(document: Any) -> None:
    """The report's own type in the styles Word has, so that a centre can change them at once."""
    sizes = {"Normal": 11, "Title": 26, "Heading 1": 17, "Heading 2": 12.5, "Caption": 10}
    for name, size in sizes.items():
        style = document.styles[name]
        family = BODY if name in ("Normal", "Caption") else HEADINGS
        style.font.name, style.font.size, style.font.color.rgb = family, Pt(size), INK
        for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            style.element.get_or_add_rPr().get_or_add_rFonts().attrib.pop(qn(kind), None)
    underline = document.styles["Title"].element.pPr.find(qn("w:pBdr"))
    if underline is not None:
        document.styles["Title"].element.pPr.remove(underline)
    document.styles["Caption"].paragraph_format.keep_with_next = True
    document.styles["Caption"].paragraph_format.space_before = Pt(12)
    document.styles["Heading 1"].paragraph_format.space_before = Pt(22)
    document.styles["Heading 1"].paragraph_format.space_after = Pt(6)
    document.styles["Heading 2"].paragraph_format.space_after = Pt(4)
    _add_styles(document)


def _add_styles(document: Any) -> None:
    """Styles of our own: notes, and what stands in the cells of tables."""
    note = document.styles.add_style("Note", WD_STYLE_TYPE.PARAGRAPH)
    note.base_style = document.styles["Normal"]
    note.paragraph_format.space_before = Pt(3)
    note.font.size, note.font.color.rgb = Pt(9.5), QUIET
    for kind in ("Head", "Cell"):
        for size in (USUAL, SMALL):
            for right in (False, True):
                style = document.styles.add_style(
                    _cell_style(kind, size, right=right), WD_STYLE_TYPE.PARAGRAPH
                )
                style.base_style = document.styles["Normal"]
                style.font.size, style.font.bold = Pt(size), kind == "Head"
                style.paragraph_format.space_after = Pt(1)
                if right:
                    style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT


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
        _figure(document, report, piece, page)
    elif piece.grid is not None:
        _table(document, piece.grid)
    else:
        if piece.heading:
            _headed(document, piece.heading, 2)
        _paragraph(document, piece.text, "List Number" if piece.kind == "finding" else "")
    for note in piece.notes:
        _paragraph(document, note, "Note")


def _figure(document: Any, report: Report, piece: Piece, page: Page) -> None:
    figure = report.figure(piece.id)
    _headed(document, piece.text, 2)
    picture = document.add_picture(io.BytesIO(png_of(page.drawing(figure))), width=WIDTH)
    described = picture._inline.docPr
    described.set("descr", alternative_text(figure, page.language))
    described.set("title", piece.text)


def _table(document: Any, grid: Grid) -> None:
    """A table with a header row that is repeated on every page, as wide as its words ask for."""
    _paragraph(document, f"{grid.id} {grid.caption}", "Caption")
    made = document.add_table(rows=0, cols=len(grid.heads))
    _rule(made)
    section = document.sections[-1]
    room = section.page_width - section.left_margin - section.right_margin
    size = SMALL if grid.is_wide else USUAL
    widths = _widths(grid, room, size)
    made.autofit = False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    twips = [Emu(width).twips for width in widths]
    heads = [_content(head, "Head", size) for head in grid.heads]
    lines = [_line("tblHeader", heads, twips)]
    for row in grid.rows:
        # A lead that reaches over several lines stands on the first of them; below it, cells are
        # empty, and no higher than the line.
        cells = [_content(GridCell(""), "Cell", size)] * len(twips)
        for each in row:
            cells[each.column] = _content(each, "Cell", size)
        lines.append(_line("cantSplit", cells, twips))
    for line in parse_xml(f"<w:tbl {nsdecls('w')}>{''.join(lines)}</w:tbl>"):
        made._tbl.append(line)
    for note in grid.notes:
        _paragraph(document, note, "Note")


def _widths(grid: Grid, room: int, size: float) -> list[int]:
    """The width of each column: what it asks for, or less where its text can be broken."""
    asked = [Pt(size * 0.66 * (width + 2)) for width in grid.widths]
    if sum(asked) <= room:
        return [int(width) for width in asked]
    least = [Pt(size * 0.66 * (width + 1)) for width in grid.least]
    least = [min(pair) for pair in zip(least, asked, strict=True)]
    left, wanted = room - sum(least), sum(asked) - sum(least)
    if left < 0 or wanted == 0:
        return [int(width * room / sum(asked)) for width in asked]
    return [int(few + (many - few) * left / wanted) for few, many in zip(least, asked, strict=True)]


def _line(kind: str, cells: list[str], twips: list[int]) -> str:
    """One row as XML; python-docx would look every element up by its name, cell by cell."""
    inside = "".join(
        f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{width}"/></w:tcPr><w:p>{content}</w:p></w:tc>'
        for content, width in zip(cells, twips, strict=True)
    )
    return f"<w:tr><w:trPr><w:{kind}/></w:trPr>{inside}</w:tr>"


def _content(cell: GridCell, kind: str, size: float) -> str:
    """What stands in a cell's paragraph: its style, and its text in one run.

    A participant's words are marked with their language, for spelling and for reading aloud.
    """
    style = _cell_style(kind, size, right=cell.numeric).replace(" ", "")
    mark = ""
    if cell.lang:
        language = OFFICE_LANGUAGE.get(cell.lang, cell.lang)
        mark = f"<w:rPr><w:lang w:val={quoteattr(language)}/></w:rPr>"
    pieces = BREAKS.split(cell.text)
    return (
        f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r>{mark}{"".join(map(_run, pieces))}</w:r>'
    )


def _run(piece: str) -> str:
    """A piece of text, or the break between two."""
    if piece in ("\t", "\n", "\r", "\r\n"):
        return "<w:tab/>" if piece == "\t" else "<w:br/>"
    if not piece:
        return ""
    kept = "" if piece == piece.strip() else ' xml:space="preserve"'
    return f"<w:t{kept}>{escape(piece)}</w:t>"


def _cell_style(kind: str, size: float, *, right: bool) -> str:
    return f"{kind} {size:g}{' right' if right else ''}"


def _headed(document: Any, text: str, level: int) -> None:
    _paragraph(document, text, f"Heading {level}" if level else "Title")


def _paragraph(document: Any, text: str, style: str) -> None:
    """A paragraph by the style's id: looking a style up by name searches the whole document."""
    made = document.add_paragraph(text)
    if style:
        made._p.style = _style_ids().get(style, style)


@cache
def _style_ids() -> dict[str, str]:
    """The ids of the styles in the template that comes with python-docx, by name."""
    return {style.name: style.style_id for style in Document().styles}


def _rule(table: Any) -> None:
    """Thin lines between the rows and none between the columns."""
    borders = OxmlElement("w:tblBorders")
    for side, width in (("top", 8), ("bottom", 8), ("insideH", 4)):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", str(width)), ("color", RULE)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)


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
