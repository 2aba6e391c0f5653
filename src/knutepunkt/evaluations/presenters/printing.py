"""How are a report's PDF and pictures set, with typst and the fonts that come along?"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from importlib import resources
from typing import Any, cast

import typst

from knutepunkt.analysis.report.sentences import fill
from knutepunkt.analysis.report.structure import Finding, Report, Section
from knutepunkt.evaluations.presenters.drawing.draw import alternative_text, draw_small
from knutepunkt.evaluations.presenters.grid import Grid
from knutepunkt.evaluations.presenters.page import Page, Part, behind, page_of, said
from knutepunkt.shared.typefaces import TYPEFACES

PICTURE = b'#set page(width: auto, height: auto, margin: 12pt, fill: white)\n#image("f.svg")\n'
PIXELS_PER_INCH = 192.0
CENTRE, METHODS = "centre", "methods"


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(TYPEFACES)]
    )


@cache
def _template(name: str) -> bytes:
    folder = resources.files("knutepunkt.evaluations.presenters") / "typesetting"
    return (folder / name).read_bytes()


def _compiled(files: dict[str, bytes], **options: Any) -> bytes:
    return cast(bytes, typst.compile(files, font_paths=_fonts(), **options))


@lru_cache(maxsize=64)
def png_of(drawing: str) -> bytes:
    """A drawing as PNG, the same bytes every time."""
    files = {"main.typ": PICTURE, "f.svg": drawing.encode()}
    return _compiled(files, format="png", ppi=PIXELS_PER_INCH)


def pdf_of(report: Report, language: str, page: Page | None = None) -> bytes:
    """The centre's report as PDF/UA-1: tagged, titled, every figure with its text.

    Method, certificate and the tables behind the figures are in the methods report. `page` saves
    making it again, here and below.
    """
    return _edition(report, page or page_of(report, language), CENTRE)


def methods_pdf_of(report: Report, language: str, page: Page | None = None) -> bytes:
    """The full methods report as PDF/UA-1: everything, and every table."""
    return _edition(report, page or page_of(report, language), METHODS)


def _edition(report: Report, page: Page, edition: str) -> bytes:
    language = page.language
    content = _content(report, page, language)
    content |= {
        "edition": edition,
        "edition_title": said("shell.methods_title", language) if edition == METHODS else "",
        "ending": said("shell.methods_elsewhere", language) if edition == CENTRE else "",
    }
    if edition == CENTRE:
        content["parts"] = [_unfolded(part) for part in content["parts"] if part["centre"]]
        content["tables"] = []
    drawn = {piece.get("file") for part in content["parts"] for piece in part["pieces"]}
    files = {
        f"{figure.id}.svg": page.drawing(figure).encode()
        for figure in report.figures
        if f"{figure.id}.svg" in drawn
    }
    files |= {name: drawing.encode() for name, drawing in _small(report, language)}
    return _set("report.typ", content, files)


def _unfolded(part: dict[str, Any]) -> dict[str, Any]:
    """A part without the tables that are closed on the web page."""
    kept = [piece for piece in part["pieces"] if not piece.get("folded")]
    return {**part, "pieces": kept}


def summary_pdf_of(report: Report, language: str, page: Page | None = None) -> bytes:
    """One page in large print for those who answered."""
    page = page or page_of(report, language)
    words = ("summary_title", "summary_thanks", "summary_help")
    content = {
        **_content(report, page, language),
        **{name: said(f"shell.{name}", language) for name in words},
    }
    small = {name: drawing.encode() for name, drawing in _small(report, language)}
    return _set("summary.typ", content, small)


def _set(template: str, content: dict[str, Any], files: dict[str, bytes]) -> bytes:
    sources = {
        "main.typ": _template(template),
        "content.json": json.dumps(content, ensure_ascii=False).encode(),
        **files,
    }
    return _compiled(sources, format="pdf", pdf_standards=["ua-1"])


def _small(report: Report, language: str) -> list[tuple[str, str]]:
    """The small drawings beside the findings, by file name."""
    found = []
    for index, block in enumerate(report.section("findings").blocks):
        if isinstance(block, Finding) and block.figure and block.line:
            figure = report.figure(block.figure)
            drawing = draw_small(figure, block.line, language, width=300)
            found.append((f"small-{index}.svg", drawing))
    return [each for each in found if each[1]]


def _content(report: Report, page: Page, language: str) -> dict[str, Any]:
    small = {name for name, _ in _small(report, language)}
    return {
        "language": language,
        "title": page.title,
        "organisation": page.organisation,
        "lead": f"{page.who_answered} {page.period}",
        "dated": page.dated,
        "made_with": page.words["made_with"],
        "example": page.example,
        "date": [report.dated.year, report.dated.month, report.dated.day],
        "tables_heading": said("shell.method_tables", language),
        "parts": [
            _part(report, section, part, language, small)
            for section, part in zip(report.sections, page.parts, strict=True)
        ],
        "tables": [_laid(grid) for grid in behind(page)],
    }


def _part(
    report: Report, section: Section, part: Part, language: str, small: set[str]
) -> dict[str, Any]:
    pieces = []
    for index, piece in enumerate(part.pieces):
        found: dict[str, Any] = {"kind": piece.kind, "text": piece.text, "heading": piece.heading}
        found |= {"beside": list(piece.notes), "folded": piece.folded}
        if piece.kind == "figure":
            found |= {"file": f"{piece.id}.svg", "id": piece.id}
            found["alt"] = alternative_text(report.figure(piece.id), language)
        if piece.kind == "table":
            found |= _laid(piece.grid) if piece.grid else {}
        if piece.kind == "finding" and f"small-{index}.svg" in small:
            found |= {"file": f"small-{index}.svg", "alt": piece.text}
        pieces.append(found)
    return {
        "id": section.id,
        "heading": fill(section.heading, language),
        "centre": not section.folded or section.id == "withheld",
        "pieces": pieces,
    }


def _laid(grid: Grid) -> dict[str, Any]:
    return {
        "id": grid.id,
        "caption": f"{grid.id} {grid.caption}",
        "widths": grid.widths,
        "wide": grid.is_wide,
        "heads": [{"text": head.text, "numeric": head.numeric} for head in grid.heads],
        "rows": [
            [
                {
                    "text": each.text,
                    "numeric": each.numeric,
                    "lines": each.lines,
                    "lang": each.lang,
                }
                for each in row
            ]
            for row in grid.rows
        ],
        "notes": list(grid.notes),
    }
