"""What is planned to be told about attendance and outcome, within groups and between them (T10)?"""

from __future__ import annotations

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
from knutepunkt.analysis.models.refusals import ModelRefusal
from knutepunkt.analysis.models.within_between import WithinBetween, within_between
from knutepunkt.analysis.report.planning.change import followed_scales
from knutepunkt.analysis.report.planning.planned import Fitted, Place, Plan, Planned, Refused
from knutepunkt.analysis.report.populations import Answers, Reals
from knutepunkt.analysis.report.values import Sentence

TABLE: Final = "T10"


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
    last = answers.design.last
    place = Place(TABLE, scale.id, scale.id, (last.id,))
    groups = answers.in_round(last.id)["group"].cast(str).to_numpy()
    try:
        found = within_between(
            answers.scores(scale, last.id), steps_up(answers, item, last.id), groups
        )
    except ModelRefusal:
        refused = Refused(place, Sentence("note.attendance_refused", {"scale": scale.texts}))
        return Plan(refused=(refused,))
    request = TableRequest(
        TABLE,
        place.cell,
        Kind.MODEL,
        (answers.scale_records(scale, last), answers.item_records(item, last)),
        numbers=_numbers(found),
        model=ModelSize(found.n_rows, 3, 2, found.n_groups),
    )
    flags = tuple(str(flag) for flag in found.flags)
    return Plan((Planned(place, request, Fitted(found.row.id, found.formula, flags=flags)),))


def _numbers(found: WithinBetween) -> tuple[Number, ...]:
    parts = {"within": found.within, "between": found.between, "contextual": found.contextual}
    return tuple(
        number
        for name, part in parts.items()
        if part is not None
        for number in coefficient(name, part)
    )


def coefficient(name: str, found: Estimate) -> list[Number]:
    """A coefficient and the ends of its interval."""
    return [
        Number(name, found.value, NumberKind.COEFFICIENT),
        Number(f"{name}_low", found.low, NumberKind.COEFFICIENT),
        Number(f"{name}_high", found.high, NumberKind.COEFFICIENT),
    ]
