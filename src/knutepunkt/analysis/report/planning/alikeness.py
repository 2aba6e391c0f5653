"""What is planned to be told about how alike members of a group answer (T8-groups)?"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from knutepunkt.analysis.disclosure.statements import (
    Kind,
    ModelSize,
    Number,
    NumberKind,
    Records,
    TableRequest,
)
from knutepunkt.analysis.instruments.scales import Scale
from knutepunkt.analysis.measurement.agreement import group_icc, within_group_agreement
from knutepunkt.analysis.measurement.refusals import MeasurementRefused
from knutepunkt.analysis.models.policy import Method, choose
from knutepunkt.analysis.report.planning.kinds import is_measured
from knutepunkt.analysis.report.planning.planned import Place, Plan, Planned
from knutepunkt.analysis.report.populations import Answers

TABLE: Final = "T8-groups"
ICC: Final = ("icc1", "icc1_low", "icc1_high", "icc2")
AGREED: Final = "rwg"


def plan_alikeness(answers: Answers) -> Plan:
    """Per scale, in the last round: ICC1, ICC2 and the mean of r_wg(j) over groups.

    ICC1 and ICC2 by analysis of variance say how far groups differ from each other, r_wg(j) how far
    the members of one agree, whatever other groups answer. Its median is not asked for: with an odd
    number of groups it is one group's own. Nothing where there are no groups, or so few that nothing
    is inferred of them.
    """
    last = answers.design.last
    asked = answers.groups_asked((last,))
    if not answers.design.has_groups or choose(asked, 1).method is Method.GROUPS_AS_FIXED:
        return Plan()
    return Plan(
        tuple(
            _figure(answers, scale)
            for scale in answers.design.instrument.scales
            if answers.asked_in(last, *scale.items)
        )
    )


def _figure(answers: Answers, scale: Scale) -> Planned:
    """The figure, asked for whatever was answered; what cannot be had is no number."""
    last = answers.design.last
    scored = answers.scale_records(scale, last)
    numbers = [Number(name, value, NumberKind.VARIANCE) for name, value in _iccs(scored)]
    if not is_measured(answers.design.instrument, scale):
        beside = tuple(
            answers.item_records(answers.design.instrument.item(name), last) for name in scale.items
        )
        agreed = _agreed(answers, scale)
        numbers.append(Number(AGREED, agreed, NumberKind.VARIANCE, beside, of_groups=True))
    assert scored.groups is not None
    counted = len(set(scored.groups[scored.valid].tolist()))
    place = Place(TABLE, f"{scale.id}@{last.id}", scale.id, (last.id,))
    request = TableRequest(
        TABLE,
        place.cell,
        Kind.MODEL,
        (scored,),
        numbers=tuple(numbers),
        model=ModelSize(int(scored.valid.sum()), 1, 2, counted),
        within_groups=True,
    )
    return Planned(place, request)


def _iccs(scored: Records) -> list[tuple[str, float]]:
    try:
        found = group_icc(scored.values, scored.groups)
    except MeasurementRefused:
        return [(name, math.nan) for name in ICC]
    icc2 = math.nan if found.icc2 is None else found.icc2
    ends = found.icc1_interval
    return list(zip(ICC, (found.icc1, ends.low, ends.high, icc2), strict=True))


def _agreed(answers: Answers, scale: Scale) -> float:
    last = answers.design.last
    instrument = answers.design.instrument
    options = instrument.response_set_of(instrument.item(scale.items[0]))
    groups = answers.in_round(last.id)["group"].cast(str).to_numpy()
    items = answers.turned_items(scale, last.id)
    try:
        return within_group_agreement(np.asarray(items), groups, points=len(options.codes)).mean
    except MeasurementRefused:
        return math.nan
