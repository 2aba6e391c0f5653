"""How does a privacy paper become a PDF, to be filed, sent or handed out?"""

from __future__ import annotations

from dataclasses import asdict

from django.utils.translation import gettext as _

from knutepunkt.surveys.presenters.papers.paper import Paper
from knutepunkt.surveys.presenters.typesetting import typeset


def paper_pdf(paper: Paper, centre: str) -> bytes:
    """Return the paper as PDF/UA in the language that is active; the same each time."""
    content = {
        "centre": centre,
        "lead": paper.lead,
        "page_word": _("Page"),
        "sections": [asdict(section) for section in paper.sections],
    }
    return typeset("paper", content, title=paper.title)
