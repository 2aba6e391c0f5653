"""What did a shared report find, for a page that shows nothing else of it?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from knutepunkt.analysis.report.sentences import fill
from knutepunkt.evaluations.models import Evaluation
from knutepunkt.evaluations.presenters.downloads import report_of
from knutepunkt.evaluations.presenters.page import Piece, pieces_of

SECTION = "findings"


@dataclass(frozen=True)
class Findings:
    """Who answered, and the sentences with their small figures."""

    who_answered: str
    pieces: tuple[Piece, ...]


@lru_cache(maxsize=64)
def findings_of(evaluation: Evaluation, language: str) -> Findings:
    """Return the findings of a report that has been shared: its figures never change."""
    report = report_of(evaluation)
    return Findings(fill(report.who_answered, language), pieces_of(report, SECTION, language))
