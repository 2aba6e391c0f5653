"""Which figures tell who was asked and who answered (T1, T2)?"""

from __future__ import annotations

import polars as pl

from knutepunkt.analysis.disclosure.statements import (
    Count,
    GroupResponse,
    Kind,
    Records,
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
    figures += _linked(answers)
    figures += [participation_of(each) for each in answers.design.rounds if each.groups]
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
    counts.append(Count("used", by_slip, of=handed, of_is_public=True))
    if _may_lack_slips(answers, by_slip, rows.height):
        counts.append(Count("without_slip", rows.height - by_slip))
    place = Place("T1", each.id, each.id, (each.id,))
    # Who answered goes along, so that two reports cannot be subtracted to find one who withdrew.
    records = (answered_records(answers, each),)
    request = TableRequest("T1", each.id, Kind.FLOW, records, counts=tuple(counts))
    return Planned(place, request)


def _may_lack_slips(answers: Answers, by_slip: int, all_answers: int) -> bool:
    """Whether answers without a slip are counted: where a code for all hung on a wall.

    Of existing data nobody knows how they were asked; there it is whether any such answer came.
    """
    conduct = answers.design.conduct
    return all_answers > by_slip if conduct is None else "wall" in conduct.channels


def answered_records(answers: Answers, each: RoundDesign) -> Records:
    """Who answered in a round."""
    height = answers.in_round(each.id).height
    return answers.records_of(ANSWERED, each, pl.Series([1.0] * height, dtype=pl.Float64))


def _linked(answers: Answers) -> list[Planned]:
    """How many of the last round also answered in the first; told of both rounds or not at all."""
    design = answers.design
    if not design.linked or design.is_single:
        return []
    ends = (design.rounds[0], design.last)
    first, last = (set(answers.in_round(each.id)["participant"].to_list()) for each in ends)
    by_slip = int(answers.in_round(design.last.id)["with_slip"].sum())
    place = Place("T1", f"{design.last.id}-linked", design.last.id, (design.last.id,))
    records = tuple(answered_records(answers, each) for each in ends)
    counts = (Count("linked", len(first & last), of=by_slip),)
    return [Planned(place, TableRequest("T1", place.cell, Kind.FLOW, records, counts=counts))]


def participation_of(each: RoundDesign) -> Planned:
    """How the groups of a round answered, each as a share of its members who were asked."""
    responses = tuple(
        GroupResponse(group.id, group.used, group.members or group.handed_out)
        for group in each.groups
        if group.handed_out > 0
    )
    place = Place("T2", each.id, each.id, (each.id,))
    return Planned(place, TableRequest("T2", each.id, Kind.PARTICIPATION, responses=responses))
