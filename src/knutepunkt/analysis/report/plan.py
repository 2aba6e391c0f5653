"""Which figures does this study ask for, and in which order of importance?"""

from __future__ import annotations

import polars as pl

from knutepunkt.analysis.report.design import Design
from knutepunkt.analysis.report.planning.attendance import plan_attendance
from knutepunkt.analysis.report.planning.attrition import plan_attrition
from knutepunkt.analysis.report.planning.change import plan_change
from knutepunkt.analysis.report.planning.individual import plan_individual
from knutepunkt.analysis.report.planning.kinds import Part
from knutepunkt.analysis.report.planning.links import plan_links
from knutepunkt.analysis.report.planning.mechanism import plan_mechanism
from knutepunkt.analysis.report.planning.odds import plan_odds
from knutepunkt.analysis.report.planning.organisations import plan_organisations
from knutepunkt.analysis.report.planning.participation import plan_participation
from knutepunkt.analysis.report.planning.places import plan_places
from knutepunkt.analysis.report.planning.planned import Plan
from knutepunkt.analysis.report.planning.scales import plan_scales
from knutepunkt.analysis.report.planning.shares import plan_shares
from knutepunkt.analysis.report.planning.texts import plan_texts
from knutepunkt.analysis.report.planning.trend import plan_trend
from knutepunkt.analysis.report.planning.variance import plan_variance
from knutepunkt.analysis.report.populations import Answers


def plan_report(answers: Answers) -> Plan:
    """The planned figures, most important first.

    The order is fixed and the same for every study: who answered, harm, what people say they
    gained, what happens in the meetings, change, scales, the background, then what is for the
    methods reader: odds of single questions, those who left, attendance, mechanisms; last the open answers. The gate
    judges each figure given those before it, so that a background question never costs a finding.
    """
    plan = plan_participation(answers).joined(plan_places(answers))
    for part in (Part.HARM, Part.PERCEIVED, Part.OUTCOME, Part.MECHANISM):
        plan = plan.joined(plan_shares(answers, part))
    plan = plan.joined(plan_change(answers)).joined(plan_individual(answers))
    plan = plan.joined(plan_scales(answers))
    plan = plan.joined(plan_trend(answers)).joined(plan_variance(answers))
    for part in (Part.OTHER, Part.BACKGROUND):
        plan = plan.joined(plan_shares(answers, part))
    plan = plan.joined(plan_odds(answers))
    plan = plan.joined(plan_attrition(answers)).joined(plan_attendance(answers))
    plan = plan.joined(plan_mechanism(answers)).joined(plan_links(answers))
    plan = plan.joined(plan_organisations(answers))
    return plan.joined(plan_texts(answers))


def plan(design: Design, frame: pl.DataFrame) -> Plan:
    """The planned figures of a study from its design and its answers.

    `frame` is described in `Design`. Raises `DesignFault` when the two do not fit.
    """
    return plan_report(Answers.of(design, frame))
