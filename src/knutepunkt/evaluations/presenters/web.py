"""How does a report become one HTML file that needs nothing beside it?"""

from __future__ import annotations

import base64
from functools import cache
from importlib import resources
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from knutepunkt.analysis.report.structure import Report
from knutepunkt.evaluations.presenters.page import Address, page_of

# The site's own fonts: text, and headings. They travel inside the file, which then looks the same
# everywhere and fetches nothing.
TYPEFACES = {
    "Source Sans 3": "site/fonts/source-sans-3-latin-wght-normal.woff2",
    "Source Serif 4": "site/fonts/source-serif-4-latin-wght-normal.woff2",
}


@cache
def _styles() -> str:
    folder = resources.files("knutepunkt.evaluations") / "static" / "evaluations"
    names = ("report-file.css", "report.css")
    sheets = [(folder / name).read_text(encoding="utf-8") for name in names]
    return "\n".join([*(_face(name, path) for name, path in TYPEFACES.items()), *sheets])


def _face(family: str, path: str) -> str:
    found = finders.find(path)
    if not isinstance(found, str):
        return ""  # a site that serves its own theme; the file falls back on the reader's fonts
    content = base64.b64encode(Path(found).read_bytes()).decode("ascii")
    return (
        f'@font-face {{ font-family: "{family}"; font-weight: 200 900; font-display: swap; '
        f"src: url(data:font/woff2;base64,{content}) format('woff2'); }}"
    )


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
