"""How does a judgement become the report: one data structure that every format is written from?"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from knutepunkt.analysis.coding.coded import CodedAnswers
from knutepunkt.analysis.disclosure import Judgement, Ledger, Policy, judge
from knutepunkt.analysis.report.building.alikeness import alikeness_table
from knutepunkt.analysis.report.building.attendance import (
    attendance_figure,
    attendance_table,
    mechanism_table,
)
from knutepunkt.analysis.report.building.attrition import (
    attrition_figure,
    attrition_table,
    missing_table,
    tipping_figure,
)
from knutepunkt.analysis.report.building.bars import bars
from knutepunkt.analysis.report.building.calibration import calibration_table
from knutepunkt.analysis.report.building.change import change_table
from knutepunkt.analysis.report.building.checklists import checklists
from knutepunkt.analysis.report.building.courses import forest_figures, trajectory_figure
from knutepunkt.analysis.report.building.individual import individual_table
from knutepunkt.analysis.report.building.lead import period, who_answered
from knutepunkt.analysis.report.building.links import link_table
from knutepunkt.analysis.report.building.material import Material
from knutepunkt.analysis.report.building.odds import odds_table
from knutepunkt.analysis.report.building.organisations import organisation_table
from knutepunkt.analysis.report.building.pairs import pair_table, retest_table
from knutepunkt.analysis.report.building.participation import (
    flow_figure,
    flow_table,
    response_table,
)
from knutepunkt.analysis.report.building.places import place_figure, place_table
from knutepunkt.analysis.report.building.privacy import privacy_table
from knutepunkt.analysis.report.building.scales import scale_table
from knutepunkt.analysis.report.building.sections import Drawn, sections
from knutepunkt.analysis.report.building.shares import share_table
from knutepunkt.analysis.report.building.spread import spread_figure
from knutepunkt.analysis.report.building.texts import code_table, coder_table, joint_table
from knutepunkt.analysis.report.building.together import together_table
from knutepunkt.analysis.report.building.trend import trend_table
from knutepunkt.analysis.report.building.variance import variance_table
from knutepunkt.analysis.report.calibration import calibrate, shape_of
from knutepunkt.analysis.report.causal import guard
from knutepunkt.analysis.report.design import Design
from knutepunkt.analysis.report.plan import Tell, plan_report, silent
from knutepunkt.analysis.report.planning.kinds import Part, items_of
from knutepunkt.analysis.report.planning.planned import Plan
from knutepunkt.analysis.report.populations import Answers
from knutepunkt.analysis.report.structure import Figure, Report, Table
from knutepunkt.analysis.report.values import Sentence
from knutepunkt.analysis.report.walk import sentences_of


def build_report(
    design: Design,
    frame: pl.DataFrame,
    ledger: Ledger,
    policy: Policy,
    *,
    calibrations: int = 0,
    coded: CodedAnswers | None = None,
    tell: Tell = silent,
) -> tuple[Report, Judgement]:
    """The report of a study, and the judgement it rests on.

    Args:
        design: everything but the answers; see `Design`, which also describes `frame`.
        frame: one row per answer.
        ledger: all earlier releases, with the contributor sets the vault still holds.
        policy: KP-1 or stricter; a sensitive theme in the design makes it the stricter set by itself.
        coded: what was said in open answers, by code; None where nobody coded them.
        calibrations: how many studies of the same shape to simulate, for K1; 0 for none.
        tell: hears what is being worked on; of answers it hears nothing.

    Returns:
        The report holds nothing about answers that the judgement does not release.

    Raises:
        DesignFault: the design and the answers do not fit.
        CausalClaim: a sentence would claim a cause (a fault of the catalogue, never of answers).
    """
    policy = policy.for_theme(sensitive=design.sensitive_theme)
    if coded is not None:
        design = replace(design, codebook=coded.codebook, coders=coded.coders)
    least = policy.threshold(design.audience)
    answers = Answers.of(design, frame, least=least, coded=coded)
    planned = plan_report(answers, tell)
    tell("what may be told")
    judgement = judge(planned.requests, policy=policy, audience=design.audience, ledger=ledger)
    tell("the report")
    return report_of(design, planned, judgement, policy, calibrations), judgement


def report_of(
    design: Design,
    planned: Plan,
    judgement: Judgement,
    policy: Policy,
    calibrations: int = 0,
) -> Report:
    """The report from the design, the plan and the judgement alone; the answers are not needed."""
    material = Material(design, planned, judgement, policy)
    tables = _tables(material)
    tables = (*tables, *_calibrated(design, tables[0], calibrations))
    tables = (*tables, *checklists(material, {table.id for table in tables}))
    figures = _figures(material, {table.id for table in tables})
    report = Report(
        title=design.title,
        organisation=design.organisation,
        period=period(design),
        who_answered=who_answered(material),
        dated=design.protocol.dated,
        rounds=len(design.rounds),
        audience=design.audience.value,
        sections=sections(material, Drawn(tables, figures)),
        tables=tables,
        figures=figures,
        certificate=str(judgement.certificate["seal"]),
        example=design.example,
    )
    for sentence in sentences_of(report):
        guard(sentence, rounds=report.rounds)
    return report


def _calibrated(design: Design, flow: Table, replications: int) -> tuple[Table, ...]:
    """K1, simulated from what T1 tells; none where nothing is asked for or can be inferred."""
    shape = shape_of(flow, has_groups=design.has_groups) if replications else None
    found = calibrate(shape, replications=replications) if shape is not None else None
    return () if shape is None or found is None else (calibration_table(shape, found),)


def _tables(material: Material) -> tuple[Table, ...]:
    scales = material.instrument.scales
    shares = [
        share_table(material, f"T4-{scale.id}", Sentence("table.T4", {"name": scale.texts}))
        for scale in scales
    ]
    found = [
        flow_table(material),
        response_table(material),
        place_table(material),
        share_table(material, "T3", Sentence("table.T3_plain")),
        *shares,
        share_table(material, "T4-other", Sentence("table.T4_other")),
        scale_table(material),
        retest_table(material),
        change_table(material),
        together_table(material),
        trend_table(material),
        odds_table(material),
        pair_table(material),
        link_table(material),
        individual_table(material),
        variance_table(material),
        alikeness_table(material),
        organisation_table(material),
        attendance_table(material),
        mechanism_table(material),
        attrition_table(material),
        missing_table(material),
        code_table(material),
        coder_table(material),
        joint_table(material),
        share_table(material, "T15", Sentence("table.T15")),
        privacy_table(material),
    ]
    return tuple(table for table in found if table is not None)


def _figures(material: Material, tables: set[str]) -> tuple[Figure, ...]:
    instrument = material.instrument
    found: list[Figure | None] = [
        flow_figure(material),
        place_figure(material),
        trajectory_figure(material),
        *forest_figures(material),
        spread_figure(material),
        attendance_figure(material),
        attrition_figure(material),
        tipping_figure(material),
    ]
    for scale in instrument.scales:
        items = [instrument.item(name) for name in scale.items]
        table = f"T4-{scale.id}"
        if table in tables:
            found.append(bars(material, f"F3-{scale.id}", table, items, scale.texts))
    other = items_of(instrument, Part.OTHER)
    found.append(bars(material, "F3-other", "T4-other", other, Sentence("table.other")))
    harm = items_of(instrument, Part.HARM)
    found.append(bars(material, "F3-harm", "T15", harm, Sentence("table.T15")))
    return tuple(figure for figure in found if figure is not None)
