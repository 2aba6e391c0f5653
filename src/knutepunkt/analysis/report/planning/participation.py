"""Which figures tell who was asked and who answered (T1, T2)?"""

from __future__ import annotations

import polars as pl

from knutepunkt.analysis.disclosure.statements import (
    Count,
    GroupResponse,
    Kind,
    TableRequest,
    Variable,
)
from knutepunkt.analysis.report.design import RoundDesign
from knutepunkt.analysis.report.planning.planned import Place, Plan, Planned
from knutepunkt.analysis.report.populations import Answers

#: That somebody answered at all, as a variable of its own.
ANSWERED = Variable("answered", 0, 1)


def plan_participation(answers: Answers) -> Plan:
    """T1 for every round; T2 where the design has groups with slips."""
    figures = [_flow(answers, each) for each in answers.design.rounds]
    figures += [_response(each) for each in answers.design.rounds if each.groups]
    return Plan(tuple(figures))


def _flow(answers: Answers, each: RoundDesign) -> Planned:
    rows = answers.in_round(each.id)
    by_slip = int(rows["with_slip"].sum())
    counts = []
    if each.group_count is not None:
        counts.append(Count("groups", each.group_count, public=True))
    handed = each.handed_out
    if handed is not None:
        name = "handed_out" if each.groups else "invited"
        counts.append(Count(name, handed, public=True))
    counts.append(Count("used", by_slip, of=handed))
    if rows.height > by_slip:
        counts.append(Count("without_slip", rows.height - by_slip))
    linked = _linked(answers, each)
    if linked is not None:
        counts.append(Count("linked", linked, of=by_slip))
    place = Place("T1", each.id, each.id, (each.id,))
    # Who answered goes along, so that two reports cannot be subtracted to find one who withdrew.
    answered = answers.records_of(ANSWERED, each, pl.Series([1.0] * rows.height, dtype=pl.Float64))
    request = TableRequest("T1", each.id, Kind.FLOW, (answered,), counts=tuple(counts))
    return Planned(place, request)


def _linked(answers: Answers, each: RoundDesign) -> int | None:
    """How many of the last round also answered in the first; told once, in the last round."""
    design = answers.design
    if not design.linked or design.is_single or each != design.last:
        return None
    first = set(answers.in_round(design.rounds[0].id)["participant"].to_list())
    return len(first & set(answers.in_round(each.id)["participant"].to_list()))


def _response(each: RoundDesign) -> Planned:
    responses = tuple(
        GroupResponse(group.id, group.used, group.handed_out)
        for group in each.groups
        if group.handed_out > 0
    )
    place = Place("T2", each.id, each.id, (each.id,))
    return Planned(place, TableRequest("T2", each.id, Kind.PARTICIPATION, responses=responses))
