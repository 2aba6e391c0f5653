"""Which files does a report consist of, in one language or in all?"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor

from knutepunkt.analysis.report.notation import to_json
from knutepunkt.analysis.report.structure import Report
from knutepunkt.analysis.report.wording import LANGUAGES
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

# Typst works without holding the interpreter, so documents are set beside the rest of the work.
TYPESETTERS = 2


def beside(name: str, kind: str) -> str:
    """Where a table or a figure lies, seen from the page in the same folder."""
    return f"{'tables' if kind in ('csv', 'json') else 'figures'}/{name}.{kind}"


def files_of(report: Report, language: str) -> dict[str, bytes]:
    """Every format in one language, by path below one folder."""
    with ThreadPoolExecutor(TYPESETTERS) as typesetters:
        return _finished(_begun(report, language, typesetters))


def every_file(report: Report, languages: Iterable[str] = LANGUAGES) -> dict[str, bytes]:
    """The report as data, and every format in every language below a folder named for it."""
    found = {"report.json": to_json(report).encode()}
    with ThreadPoolExecutor(TYPESETTERS) as typesetters:
        begun = {language: _begun(report, language, typesetters) for language in languages}
        for language, files in begun.items():
            found |= {f"{language}/{path}": each for path, each in _finished(files).items()}
    return found


def _begun(
    report: Report, language: str, typesetters: ThreadPoolExecutor
) -> dict[str, bytes | Future[bytes]]:
    """The files of one language; those that typst sets are under way while the others are made."""
    page = page_of(report, language)
    set_by = {"report.pdf": pdf_of, "methods.pdf": methods_pdf_of, "summary.pdf": summary_pdf_of}
    found: dict[str, bytes | Future[bytes]] = {}
    for figure in report.figures:
        drawing = page.drawing(figure)
        found[beside(figure.id, "svg")] = drawing.encode()
        found[beside(figure.id, "png")] = typesetters.submit(png_of, drawing)
    for path, edition in set_by.items():
        found[path] = typesetters.submit(edition, report, language, page)
    found["report.html"] = web_file(report, language, address=beside).encode()
    for table in report.tables:
        found[beside(table.id, "csv")] = csv_of(table, language).encode()
        found[beside(table.id, "json")] = json_of(table, language).encode()
    found["report.docx"] = docx_of(report, language, page)
    return found


def _finished(files: dict[str, bytes | Future[bytes]]) -> dict[str, bytes]:
    return {
        path: each if isinstance(each, bytes) else each.result() for path, each in files.items()
    }
