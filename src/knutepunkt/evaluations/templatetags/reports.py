"""What may pages of other rooms show of a shared report: its findings, and its rounds in words?"""

from __future__ import annotations

from django import template

from knutepunkt.evaluations.models import Evaluation
from knutepunkt.evaluations.presenters.findings import Findings, findings_of
from knutepunkt.evaluations.presenters.naming import rounds_of
from knutepunkt.shared.wording import reader_language

register = template.Library()


@register.filter
def findings(report: Evaluation) -> Findings:
    """Return what the report found, in the reader's language."""
    return findings_of(report, reader_language())


@register.filter
def rounds(report: Evaluation) -> str:
    """Return what the report is made of: "Round 1"."""
    return rounds_of(report)
