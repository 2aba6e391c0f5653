"""Which files does a report consist of, in one language or in all?"""

from __future__ import annotations

from collections.abc import Iterable

from knutepunkt.analysis.report.notation import to_json
from knutepunkt.analysis.report.structure import Report
from knutepunkt.analysis.report.wording import LANGUAGES
from knutepunkt.evaluations.presenters.drawing.draw import draw
from knutepunkt.evaluations.presenters.page import page_of
from knutepunkt.evaluations.presenters.printing import (
    methods_pdf_of,
    pdf_of,
    png_of,
    summary_pdf_of,
)
from knutepunkt.evaluations.presenters.tables import csv_of, json_of
from knutepunkt.evaluations.presenters.web import web_file
from knutepunkt.evaluations.presenters.word import docx_of


def beside(name: str, kind: str) -> str:
    """Where a table or a figure lies, seen from the page in the same folder."""
    return f"{'tables' if kind in ('csv', 'json') else 'figures'}/{name}.{kind}"


def files_of(report: Report, language: str) -> dict[str, bytes]:
    """Every format in one language, by path below one folder."""
    page = page_of(report, language)
    found = {
        "report.html": web_file(report, language, address=beside).encode(),
        "report.pdf": pdf_of(report, language, page),
        "methods.pdf": methods_pdf_of(report, language, page),
        "report.docx": docx_of(report, language, page),
        "summary.pdf": summary_pdf_of(report, language, page),
    }
    for table in report.tables:
        found[beside(table.id, "csv")] = csv_of(table, language).encode()
        found[beside(table.id, "json")] = json_of(table, language).encode()
    for figure in report.figures:
        drawing = draw(figure, language)
        found[beside(figure.id, "svg")] = drawing.encode()
        found[beside(figure.id, "png")] = png_of(drawing)
    return found


def every_file(report: Report, languages: Iterable[str] = LANGUAGES) -> dict[str, bytes]:
    """The report as data, and every format in every language below a folder named for it."""
    found = {"report.json": to_json(report).encode()}
    for language in languages:
        for path, content in files_of(report, language).items():
            found[f"{language}/{path}"] = content
    return found
