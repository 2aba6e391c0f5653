"""What is planned to be told about attendance and outcome, within groups and between them (T10)?"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from knutepunkt.analysis.disclosure.statements import (
    Kind,
    ModelSize,
    Number,
    NumberKind,
    TableRequest,
)
from knutepunkt.analysis.instruments.items import Item
from knutepunkt.analysis.instruments.scales import Scale
from knutepunkt.analysis.models.inference import Estimate
from knutepunkt.analysis.models.policy import choose
from knutepunkt.analysis.models.refusals import ModelRefusal
from knutepunkt.analysis.models.within_between import WithinBetween, within_between
from knutepunkt.analysis.report.planning.courses import followed_scales
from knutepunkt.analysis.report.planning.flat import unknown
from knutepunkt.analysis.report.planning.planned import Fitted, Place, Plan, Planned, traits
from knutepunkt.analysis.report.populations import Answers, Reals

TABLE: Final = "T10"
PARTS: Final = ("within", "between", "contextual")


def plan_attendance(answers: Answers) -> Plan:
    """One figure per outcome in the last round, where the design names a question of attendance.

    The question goes with the outcome among people of one group, and group means of the one with
    group means of the other; neither is an effect. Source: Mundlak (1978).
    """
    item = attendance_item(answers)
    if item is None or not answers.design.has_groups:
        return Plan()
    plan = Plan()
    for scale in followed_scales(answers):
        plan = plan.joined(_attendance(answers, scale, item))
    return plan


def attendance_item(answers: Answers) -> Item | None:
    """The question the design names, where anybody was asked it."""
    design = answers.design
    if design.attendance is None:
        return None
    item = design.instrument.item(design.attendance)
    return item if answers.asked(item) else None


def steps_up(answers: Answers, item: Item, round_id: str) -> Reals:
    """Attendance as steps, most often highest: options stand from most often to least."""
    options = answers.design.instrument.response_set_of(item)
    codes = answers.in_round(round_id)[item.id].cast(float).fill_null(np.nan).to_numpy()
    inside = np.where((codes >= options.low) & (codes <= options.high), codes, np.nan)
    return options.low + options.high - inside


def _attendance(answers: Answers, scale: Scale, item: Item) -> Plan:
    """The figure, asked for whether the model could be fitted or not: attendance may not vary."""
    last = answers.design.last
    place = Place(TABLE, scale.id, scale.id, (last.id,))
    groups = answers.in_round(last.id)["group"].cast(str).to_numpy()
    records = (answers.scale_records(scale, last), answers.item_records(item, last))
    known = records[0].valid & records[1].valid
    rows, counted = int(known.sum()), len(set(groups[known]))
    asked = answers.groups_asked((last,))
    try:
        found = None
        if counted and choose(counted, rows).method is choose(asked, rows).method:
            scores = answers.scores(scale, last.id)
            found = within_between(scores, steps_up(answers, item, last.id), groups)
    except ModelRefusal:
        found = None
    request = TableRequest(
        TABLE,
        place.cell,
        Kind.MODEL,
        records,
        numbers=_numbers(found),
        model=ModelSize(rows, 3, 2, counted),
        within_groups=True,
    )
    return Plan((Planned(place, request, Fitted.of(asked, rows)),))


def _numbers(found: WithinBetween | None) -> tuple[Number, ...]:
    none = unknown("", math.nan)
    numbers = [
        number
        for name in PARTS
        for number in coefficient(name, (found and getattr(found, name)) or none)
    ]
    return (*numbers, *traits(() if found is None else found.flags))


def coefficient(name: str, found: Estimate) -> list[Number]:
    """A coefficient and the ends of its interval."""
    return [
        Number(name, found.value, NumberKind.COEFFICIENT),
        Number(f"{name}_low", found.low, NumberKind.COEFFICIENT),
        Number(f"{name}_high", found.high, NumberKind.COEFFICIENT),
    ]
