"""What is planned to be told about those who left between linked rounds (T12, F8, F9)?"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from knutepunkt.analysis.disclosure.statements import (
    Count,
    Kind,
    ModelSize,
    Number,
    NumberKind,
    Records,
    TableRequest,
)
from knutepunkt.analysis.instruments.scales import Scale
from knutepunkt.analysis.models.missing_rounds import POINTS, MissingRounds
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.report.planning.change import difference_numbers
from knutepunkt.analysis.report.planning.courses import Course, course_of, followed_scales
from knutepunkt.analysis.report.planning.flat import unknown
from knutepunkt.analysis.report.planning.participation import answered_records
from knutepunkt.analysis.report.planning.planned import Place, Plan, Planned
from knutepunkt.analysis.report.populations import Answers, Reals

Labels = npt.NDArray[np.object_]

FLOW: Final = "T12-flow"
TABLE: Final = "T12"
COMPLETED: Final = 20
_UNKNOWN: Final = unknown("", math.nan)


def plan_attrition(answers: Answers) -> Plan:
    """Who of the first round answered later, and what the missing would have to have answered.

    Gaps are filled by two-level chained equations and pooled by Rubin's rules; the tipping point is
    how much worse than foreseen the missing must have answered for the interval to hold zero.
    """
    if answers.design.is_single or not answers.design.linked:
        return Plan()
    plan = plan_returns(answers)
    for scale in followed_scales(answers):
        course = course_of(answers, scale)
        if course is not None:
            plan = plan.joined(Plan(tuple(_imputed(answers, scale, course))))
    return plan


def plan_returns(answers: Answers) -> Plan:
    """How many of the first round came back in each later one, and how many were new there."""
    design = answers.design
    first = set(answers.in_round(design.rounds[0].id)["participant"].to_list())
    figures = []
    for each in design.rounds[1:]:
        here = set(answers.in_round(each.id)["participant"].to_list())
        counts = (
            Count("of_first", len(first & here), of=len(first)),
            Count("new", len(here - first), of=len(here)),
        )
        place = Place(FLOW, each.id, each.id, (each.id,))
        # Where somebody has left one of the two rounds, who came back is not told anew.
        records = (answered_records(answers, design.rounds[0]), answered_records(answers, each))
        request = TableRequest(FLOW, each.id, Kind.FLOW, records, counts=counts)
        figures.append(Planned(place, request))
    return Plan(tuple(figures))


def _imputed(answers: Answers, scale: Scale, course: Course) -> list[Planned]:
    if not course.is_told or course.rounds[-1] is not course.planned[-1]:
        return [_not_told(answers, scale, course)]
    wide = course.rows.pivot("wave", index="participant", values="y").sort("participant")
    group = None
    if answers.design.has_groups:
        places = course.rows.select("participant", "group").unique("participant", keep="first")
        group = wide.join(places, on="participant").sort("participant")["group"].to_numpy()
    rounds = {name: wide[name].cast(pl.Float64).fill_null(np.nan).to_numpy() for name in course.ids}
    later = course.ids[-1]
    both = np.isfinite(rounds[course.ids[0]]) & np.isfinite(rounds[later])
    place = Place(TABLE, scale.id, scale.id, (course.ids[0], later))
    clusters = len(set(group.tolist())) if group is not None else wide.height
    request = TableRequest(
        TABLE,
        place.cell,
        Kind.MODEL,
        (course.records[0], course.records[-1], *_linked(answers, scale, course)),
        numbers=_numbers(rounds, group, later, course.changes),
        model=ModelSize(int(both.sum()), 1, 2, clusters),
    )
    return [Planned(place, request)]


def _not_told(answers: Answers, scale: Scale, course: Course) -> Planned:
    """The figure where too few answered in its first round or its last: asked for, without numbers."""
    ends = (course.planned[0], course.planned[-1])
    place = Place(TABLE, scale.id, scale.id, (ends[0].id, ends[1].id))
    records = tuple(answers.scale_records(scale, each) for each in ends)
    size = ModelSize(0, 1, 2, 0)
    numbers = _numbers({}, None, ends[1].id, ())
    request = TableRequest(TABLE, place.cell, Kind.MODEL, records, numbers=numbers, model=size)
    return Planned(place, request)


def _numbers(
    rounds: dict[str, Reals], group: Labels | None, later: str, beside: tuple[Records, ...]
) -> tuple[Number, ...]:
    """The change, the filled gaps and the tipping point; asked for also where there is no model.

    Were the row missing, it would say that everyone was alike.
    """
    both, pooled, curve, falls = _UNKNOWN, _UNKNOWN, (_UNKNOWN,) * POINTS, math.nan
    try:
        if not rounds:
            raise ModelRefusal(RefusalCode.TOO_FEW_ROWS, "too few answered in one of the rounds")
        missing = MissingRounds(rounds, group, completed=COMPLETED)
        change, point = missing.change(later), missing.tipping_point(later)
    except ModelRefusal:
        pass
    else:
        both, pooled = change.both, change.pooled.estimate
        curve = tuple(estimate for _, estimate in point.points)
        if point.falls_at is not None and point.spread > 0:
            falls = point.falls_at / point.spread
    told = [
        *difference_numbers("both", "", both),
        *difference_numbers("pooled", "", pooled),
        Number("tipping", falls, NumberKind.COEFFICIENT),
    ]
    for index, estimate in enumerate(curve):
        told += difference_numbers("curve", f"@{index}", estimate)
    return tuple(replace(number, beside=beside, of_groups=True) for number in told)


def _linked(answers: Answers, scale: Scale, course: Course) -> tuple[Records, ...]:
    """The subset of the first and the last round who answered both."""
    ends = (course.rounds[0], course.rounds[-1])
    names = [
        set(course.rows.filter(pl.col("wave") == each.id)["participant"].to_list()) for each in ends
    ]
    both = frozenset(names[0] & names[1])
    return tuple(answers.linked_records(scale, each, both) for each in ends)
