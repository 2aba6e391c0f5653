"""How does a report become one HTML file that needs nothing beside it?"""

from __future__ import annotations

from functools import cache
from importlib import resources

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from knutepunkt.analysis.report.structure import Report
from knutepunkt.evaluations.presenters.page import Address, page_of


@cache
def _styles() -> str:
    folder = resources.files("knutepunkt.evaluations") / "static" / "evaluations"
    names = ("report-file.css", "report.css")
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in names)


def web_file(report: Report, language: str, *, address: Address | None = None) -> str:
    """The report as a page of its own, styles inside, nothing fetched from anywhere.

    `address` gives links to tables and figures that lie beside the file.
    """
    return render_to_string(
        "evaluations/report_file.html",
        {
            "page": page_of(report, language, address=address),
            "styles": mark_safe(_styles()),  # noqa: S308 - files of ours
        },
    )
