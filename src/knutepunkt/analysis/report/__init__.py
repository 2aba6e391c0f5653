"""The evaluation report as data: tables, figures, sentences, each number with its source."""

from knutepunkt.analysis.report.build import build_report, report_of
from knutepunkt.analysis.report.design import (
    Conduct,
    Design,
    DesignFault,
    GroupInvited,
    Measure,
    Norm,
    Protocol,
    RoundDesign,
)
from knutepunkt.analysis.report.notation import NotAReport, from_json, to_json
from knutepunkt.analysis.report.plan import plan
from knutepunkt.analysis.report.structure import Report

__all__ = [
    "Conduct",
    "Design",
    "DesignFault",
    "GroupInvited",
    "Measure",
    "Norm",
    "NotAReport",
    "Protocol",
    "Report",
    "RoundDesign",
    "build_report",
    "from_json",
    "plan",
    "report_of",
    "to_json",
]
