"""Which files does a report come as, and what is in each?"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from knutepunkt.analysis.disclosure.ledger import LedgerEntry
from knutepunkt.analysis.report import Report, from_json, to_json
from knutepunkt.evaluations.models import Evaluation
from knutepunkt.evaluations.presenters.checking import checking_archive, json_of_proof
from knutepunkt.evaluations.presenters.drawing.draw import draw
from knutepunkt.evaluations.presenters.printing import (
    methods_pdf_of,
    pdf_of,
    png_of,
    summary_pdf_of,
)
from knutepunkt.evaluations.presenters.tables import csv_of, json_of
from knutepunkt.evaluations.presenters.web import web_file
from knutepunkt.evaluations.presenters.word import docx_of

LANGUAGES = ("nb", "nn", "en")
#: The whole report in one file; shown on the report's page.
FILES = {
    "report.pdf": _("The report as PDF"),
    "methods.pdf": _("The full methods report, with every table (PDF)"),
    "report.docx": _("The report for Word, with a text for the annual report"),
    "summary.pdf": _("One page in large print, for participants (PDF)"),
    "report.html": _("The report as one web page"),
    "release.json": _("All shared figures as data"),
}
#: For whoever checks the report without seeing an answer; there once the report is shared.
FOR_CHECKERS = {
    "certificate.json": _("The certificate alone"),
}
KINDS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "zip": "application/zip",
    "py": "text/x-python; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
}


def report_of(evaluation: Evaluation) -> Report:
    """Return the stored report."""
    return from_json(json.dumps(evaluation.report))


def file_of(evaluation: Evaluation, language: str, name: str) -> tuple[bytes, str] | None:
    """Return one file of an evaluation's report and its media type; None where there is none."""
    release = getattr(evaluation, "release", None)
    entry = None if release is None else release.as_entry()
    return report_file(report_of(evaluation), evaluation.judged, language, name, entry)


def report_file(
    report: Report,
    judged: dict[str, Any],
    language: str,
    name: str,
    entry: LedgerEntry | None = None,
) -> tuple[bytes, str] | None:
    """Return one file and its media type; every number in it has been released."""
    stem, _dot, ending = name.rpartition(".")
    whole: dict[str, Callable[[], bytes]] = {
        "report.pdf": lambda: pdf_of(report, language),
        "methods.pdf": lambda: methods_pdf_of(report, language),
        "report.docx": lambda: docx_of(report, language),
        "summary.pdf": lambda: summary_pdf_of(report, language),
        "report.html": lambda: web_file(report, language).encode(),
        "certificate.json": lambda: json_of_proof(judged["certificate"]),
        "release.json": lambda: json_of_proof(judged["document"]),
        "report.json": lambda: to_json(report).encode(),
    }
    if entry is not None:
        whole["entry.json"] = lambda: json_of_proof(entry.as_json())
        whole["check.zip"] = lambda: checking_archive(report, judged, entry, language)
    if name in whole:
        return whole[name](), KINDS[ending]
    content = _table_or_figure(report, language, stem, ending)
    return None if content is None else (content, KINDS[ending])


def _table_or_figure(report: Report, language: str, stem: str, ending: str) -> bytes | None:
    tables = {table.id: table for table in report.tables}
    figures = {figure.id: figure for figure in report.figures}
    if stem in tables and ending in ("csv", "json"):
        made = csv_of if ending == "csv" else json_of
        return made(tables[stem], language).encode()
    if stem in figures and ending in ("svg", "png"):
        drawing = draw(figures[stem], language)
        return drawing.encode() if ending == "svg" else png_of(drawing)
    return None
