"""Which shares of answers are planned, question by question (T3, T4, T15)?"""

from __future__ import annotations

from knutepunkt.analysis.disclosure.ladder import LadderError
from knutepunkt.analysis.disclosure.statements import Kind, TableRequest
from knutepunkt.analysis.instruments.items import Item
from knutepunkt.analysis.report.design import RoundDesign
from knutepunkt.analysis.report.ladders import ladder_of
from knutepunkt.analysis.report.planning.kinds import Part, items_of, part_of, table_of
from knutepunkt.analysis.report.planning.planned import Place, Plan, Planned
from knutepunkt.analysis.report.populations import Answers


def plan_shares(answers: Answers, part: Part) -> Plan:
    """One figure per question of a part and round, the last round first."""
    design = answers.design
    figures = []
    for item in items_of(design.instrument, part):
        if not answers.asked(item):
            continue
        for each in reversed(design.rounds):
            figure = _share(answers, item, each) if answers.asked_in(each, item.id) else None
            if figure is not None:
                figures.append(figure)
    return Plan(tuple(figures))


def _share(answers: Answers, item: Item, each: RoundDesign) -> Planned | None:
    """The figure of one question in one round, however few answered; None where it has no ladder."""
    instrument = answers.design.instrument
    try:
        ladder = ladder_of(instrument, item)
    except LadderError:
        return None
    records = answers.item_records(item, each)
    table = table_of(instrument, item)
    request = TableRequest(
        table,
        f"{item.id}@{each.id}",
        Kind.FREQUENCY,
        (records,),
        ladder=ladder,
        always_shown=part_of(instrument, item) is Part.HARM,
        interval_of=answers.interval_of_share(),
        roster=tuple(sorted(answers.design.roster.get(item.id, {}).items())),
    )
    return Planned(Place(table, request.cell, item.id, (each.id,)), request)
