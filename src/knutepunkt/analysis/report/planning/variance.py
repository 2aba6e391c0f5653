"""What is planned to be told about where the variation lies (T8)?"""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Final

from knutepunkt.analysis.disclosure.statements import (
    Kind,
    ModelSize,
    Number,
    NumberKind,
    Records,
    TableRequest,
)
from knutepunkt.analysis.instruments.scales import Scale
from knutepunkt.analysis.models.policy import Method, choose
from knutepunkt.analysis.models.refusals import ModelRefusal
from knutepunkt.analysis.models.reported import ReportedModel
from knutepunkt.analysis.models.round_mean import mean_for_report
from knutepunkt.analysis.report.planning.courses import Course
from knutepunkt.analysis.report.planning.planned import Fitted, Place, Plan, Planned, traits
from knutepunkt.analysis.report.populations import Answers

SHARE: Final = ("icc", "icc_low", "icc_high")
OF_A_ROUND: Final = ("group_variance", "residual_variance", *SHARE, "design_effect")
MIDDLE: Final = ("middle_low", "middle_high")
"""Where the middle eight of ten groups lie around the mean of all, as the model has it."""
LEAST_FOR_SPREAD: Final = 12
EIGHT_OF_TEN: Final = 1.2815515594457415
"""The normal distribution's 90th percentile, in standard deviations."""
OF_PERSONS: Final = ("person_variance", "residual_variance")


def course_variances(course: Course, found: ReportedModel) -> tuple[Planned, ...]:
    """The variances of a model of change; nothing where it is too small a design to have any."""
    if course.row.method is Method.GROUPS_AS_FIXED or not (course.asked or course.follows):
        return ()
    names: tuple[str, ...] = ("group_variance", *SHARE) if course.asked else ()
    names += OF_PERSONS if course.follows else ("residual_variance",)
    names += MIDDLE if course.asked >= LEAST_FOR_SPREAD else ()
    size = ModelSize(
        found.n_rows,
        len(course.rounds),
        1 + (course.asked > 0) + course.linked,
        found.n_groups or found.n_persons,
    )
    place = Place("T8", course.scale.id, course.scale.id, course.planned_ids)
    numbers = _numbers(found, names, course.changes)
    return (_planned(place, course.records, numbers, size, course.asked),)


def plan_variance(answers: Answers) -> Plan:
    """How alike members of a group are, scale by scale, in a study of a single round."""
    if not answers.design.is_single or not answers.design.has_groups:
        return Plan()
    last = answers.design.last
    groups = answers.in_round(last.id)["group"].cast(str).to_numpy()
    return Plan(
        tuple(
            figure
            for scale in answers.design.instrument.scales
            for figure in _of_a_round(answers, scale, groups)
        )
    )


def _of_a_round(answers: Answers, scale: Scale, groups: object) -> tuple[Planned, ...]:
    last = answers.design.last
    records = answers.scale_records(scale, last)
    known = records.valid
    counted = len(set(records.groups[known])) if records.groups is not None else 0
    asked, n = answers.groups_asked((last,)), int(known.sum())
    row = choose(asked, n)
    if row.method is Method.GROUPS_AS_FIXED or not answers.asked_in(last, *scale.items):
        return ()
    try:
        scores = answers.scores(scale, last.id)
        is_row = counted > 0 and choose(counted, n).method is row.method
        found = mean_for_report(scores, groups) if is_row else None  # type: ignore[arg-type]
    except ModelRefusal:
        found = None
    size = ModelSize(n, 1, 2, counted)
    place = Place("T8", scale.id, scale.id, (last.id,))
    names = (*OF_A_ROUND, *(MIDDLE if asked >= LEAST_FOR_SPREAD else ()))
    return (_planned(place, (records,), _numbers(found, names), size, asked),)


def _planned(
    place: Place,
    records: tuple[Records, ...],
    numbers: list[Number],
    size: ModelSize,
    groups: int,
) -> Planned:
    request = TableRequest(
        "T8", place.cell, Kind.MODEL, records, numbers=tuple(numbers), model=size
    )
    return Planned(place, request, Fitted.of(groups, size.observations))


def _numbers(
    found: ReportedModel | None, names: Collection[str], beside: tuple[Records, ...] = ()
) -> list[Number]:
    """The variances asked for, whether the model has them or not: what lacks is no number."""
    known = {} if found is None else _known(found)
    told = [Number(name, known.get(name, math.nan), NumberKind.VARIANCE, beside) for name in names]
    return [*told, *traits(() if found is None else found.flags, beside)]


def _known(found: ReportedModel) -> dict[str, float]:
    known = {f"{share.level}_variance": share.variance for share in found.variances}
    group = next((share for share in found.variances if share.level == "group"), None)
    if group is not None and group.share is not None:
        known["icc"] = group.share
    if group is not None:
        reach = EIGHT_OF_TEN * math.sqrt(max(group.variance, 0.0))
        known |= dict(zip(MIDDLE, (-reach, reach), strict=True))
    if group is not None and group.interval is not None:
        known |= {"icc_low": group.interval.low, "icc_high": group.interval.high}
    if found.design_effect is not None:
        known["design_effect"] = found.design_effect
    return known
