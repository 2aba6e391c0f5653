"""Which figures does this study ask for, and in which order of importance?"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from knutepunkt.analysis.report.design import Design
from knutepunkt.analysis.report.planning.alikeness import plan_alikeness
from knutepunkt.analysis.report.planning.attendance import plan_attendance
from knutepunkt.analysis.report.planning.attrition import plan_attrition
from knutepunkt.analysis.report.planning.change import plan_change
from knutepunkt.analysis.report.planning.individual import plan_individual
from knutepunkt.analysis.report.planning.kinds import Part
from knutepunkt.analysis.report.planning.links import plan_links
from knutepunkt.analysis.report.planning.mechanism import plan_mechanism
from knutepunkt.analysis.report.planning.odds import plan_odds
from knutepunkt.analysis.report.planning.organisations import plan_organisations
from knutepunkt.analysis.report.planning.pairs import plan_pairs, plan_retest
from knutepunkt.analysis.report.planning.participation import plan_participation
from knutepunkt.analysis.report.planning.places import plan_places
from knutepunkt.analysis.report.planning.planned import Plan
from knutepunkt.analysis.report.planning.scales import plan_scales
from knutepunkt.analysis.report.planning.shares import plan_shares
from knutepunkt.analysis.report.planning.texts import plan_texts
from knutepunkt.analysis.report.planning.trend import plan_trend
from knutepunkt.analysis.report.planning.variance import plan_variance
from knutepunkt.analysis.report.populations import Answers

Tell = Callable[[str], None]
"""Hears what is being worked on, for whoever waits."""


def silent(_what: str) -> None:
    """Nobody waits long enough to be told."""


def _shares_of(*parts: Part) -> Callable[[Answers], Plan]:
    """The frequencies of some parts of the questionnaire, one part after the other."""

    def planned(answers: Answers) -> Plan:
        plan = Plan()
        for part in parts:
            plan = plan.joined(plan_shares(answers, part))
        return plan

    return planned


STEPS: tuple[tuple[str, Callable[[Answers], Plan]], ...] = (
    ("who answered", plan_participation),
    ("places", plan_places),
    ("shares", _shares_of(Part.HARM, Part.PERCEIVED, Part.OUTCOME, Part.MECHANISM)),
    ("change between rounds", plan_change),
    ("individual change", plan_individual),
    ("scales", plan_scales),
    ("course over time", plan_trend),
    ("variation", plan_variance),
    ("further shares", _shares_of(Part.OTHER, Part.BACKGROUND)),
    ("odds of single questions", plan_odds),
    ("those who left", plan_attrition),
    ("attendance", plan_attendance),
    ("mechanisms", plan_mechanism),
    ("links between rounds", plan_links),
    ("the same people twice", plan_pairs),
    ("retest", plan_retest),
    ("likeness in groups", plan_alikeness),
    ("organisations", plan_organisations),
    ("open answers", plan_texts),
)


def plan_report(answers: Answers, tell: Tell = silent) -> Plan:
    """The planned figures, most important first.

    The order is fixed and the same for every study: who answered, harm, what people say they
    gained, what happens in the meetings, change, scales, the background, then what is for the
    methods reader: odds of single questions, those who left, attendance, mechanisms, the same people twice, how alike
    groups answer; last the open answers. The gate
    judges each figure given those before it, so that a background question never costs a finding.
    """
    plan = Plan()
    for name, planned in STEPS:
        tell(name)
        plan = plan.joined(planned(answers))
    return plan


def plan(design: Design, frame: pl.DataFrame) -> Plan:
    """The planned figures of a study from its design and its answers.

    `frame` is described in `Design`. Raises `DesignFault` when the two do not fit.
    """
    return plan_report(Answers.of(design, frame))
