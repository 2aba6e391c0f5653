"""What is planned to be told about change between rounds, and where the variation lies (T6, T8)?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from knutepunkt.analysis.disclosure.rounding import half_up
from knutepunkt.analysis.disclosure.statements import (
    Kind,
    ModelSize,
    Number,
    NumberKind,
    TableRequest,
)
from knutepunkt.analysis.measurement.change import standardised
from knutepunkt.analysis.measurement.intervals import Interval
from knutepunkt.analysis.measurement.refusals import MeasurementRefused
from knutepunkt.analysis.models.inference import Estimate
from knutepunkt.analysis.models.policy import Method
from knutepunkt.analysis.models.refusals import ModelRefusal
from knutepunkt.analysis.models.reported import ReportedModel
from knutepunkt.analysis.models.round_change import change_for_report
from knutepunkt.analysis.report.planning.courses import Course, course_of, followed_scales
from knutepunkt.analysis.report.planning.flat import flat_model, unknown
from knutepunkt.analysis.report.planning.planned import Fitted, Place, Plan, Planned, traits
from knutepunkt.analysis.report.planning.variance import course_variances
from knutepunkt.analysis.report.populations import Answers


def plan_change(answers: Answers) -> Plan:
    """One figure of change and one of variance per outcome; nothing for a single round."""
    plan = Plan()
    if answers.design.is_single:
        return plan
    for scale in followed_scales(answers):
        course = course_of(answers, scale)
        if course is not None:
            plan = plan.joined(_change(answers, course))
    return plan


def _change(answers: Answers, course: Course) -> Plan:
    """The figure of change, without a model's numbers where the model refuses.

    Why a model refuses can depend on the answers: that nobody differs, or that nobody changed. The
    figure is then planned as any other; the gate decides as everywhere.
    """
    group = course.column("group") if answers.design.has_groups else None
    try:
        found = change_for_report(
            course.column("y"),
            course.column("wave"),
            course.people.to_numpy(),
            group,
            order=course.ids,
            in_full=True,
        )
    except ModelRefusal:
        found = flat(course)
    place = Place("T6", course.scale.id, course.scale.id, course.ids)
    model = Fitted.of(course.groups, course.rows.height)
    request = TableRequest(
        "T6",
        place.cell,
        Kind.MODEL,
        course.records,
        numbers=tuple(_numbers(course, found, model)),
        model=size_of(course, found),
    )
    return Plan((Planned(place, request, model), *course_variances(course, found)))


def flat(course: Course) -> ReportedModel:
    """What stands for a model where there is none: the means alone."""
    means = [float(course.scores(index).mean()) for index in range(len(course.rounds))]
    persons = course.people.n_unique()
    return flat_model(
        course.ids, means, groups=course.groups, persons=persons, rows=course.rows.height
    )


def size_of(course: Course, found: ReportedModel) -> ModelSize:
    """What the gate asks about a model; without groups the persons are its clusters."""
    levels = 1 + (course.groups > 0) + course.linked
    slopes = len(course.rounds) - 1 if course.groups else 0
    return ModelSize(
        found.n_rows,
        len(course.rounds) + (found.n_groups - 1 if is_described(found) else 0),
        levels + slopes,  # the most the row may hold, so that the limit says nothing of the fit
        found.n_groups or found.n_persons,
    )


def is_described(found: ReportedModel) -> bool:
    """Whether so few groups took part that nothing is inferred: means and differences alone."""
    return found.row.method is Method.GROUPS_AS_FIXED


def _numbers(course: Course, found: ReportedModel, model: Fitted) -> list[Number]:
    """Model means per round, each later round against the first, and the row's check.

    Which numbers are asked for follows from the design alone; what could not be estimated is asked
    for all the same, and is no number.
    """
    told: list[Number] = []
    for each, mean in zip(course.ids, found.means, strict=True):
        told += interval_numbers("mean", each, mean, alone=is_described(found))
    for index, (each, gap) in enumerate(zip(course.ids[1:], found.estimates, strict=True), 1):
        told += interval_numbers("difference", each, gap, alone=is_described(found))
        if is_described(found):
            continue
        told.append(Number(f"df@{each}", gap.df, NumberKind.DEGREES))
        told.append(Number(f"p@{each}", gap.p_value, NumberKind.P_VALUE))
        told += _effect(course, each, gap, index)
    if is_described(found):
        return told
    if model.check != "none":
        for each, check in zip(course.ids[1:], _checks(found), strict=True):
            told += interval_numbers("check", each, check, alone=False)
    if found.row.flips:
        flipped = found.flipped or (np.nan,) * len(found.estimates)
        told += [
            Number(f"flipped@{each}", p, NumberKind.P_VALUE)
            for each, p in zip(course.ids[1:], flipped, strict=True)
        ]
    return [replace(n, beside=course.changes) for n in (*told, *traits(found.flags))]


def _checks(found: ReportedModel) -> Sequence[Estimate]:
    """The row's check; without a number where it could not be made, so that its place is there."""
    return found.checks or [unknown(gap.name, gap.value) for gap in found.estimates]


def interval_numbers(name: str, at: str, found: Estimate, *, alone: bool) -> list[Number]:
    """An estimate and the ends of its interval; the estimate alone where nothing is inferred.

    A check of an estimate goes where its interval goes.
    """
    kind = NumberKind.LIMIT if name == "check" else NumberKind.MEAN
    told = [Number(f"{name}@{at}", found.value, kind)]
    if alone:
        return told
    return [
        *told,
        Number(f"{name}_low@{at}", found.low, NumberKind.LIMIT),
        Number(f"{name}_high@{at}", found.high, NumberKind.LIMIT),
    ]


def told_difference(name: str, value: float) -> Number:
    """A mean difference among some of the people, already rounded as P6 rounds a mean.

    It tells no mean of theirs, so it is no statement about one.
    """
    rounded = half_up(value, 0.1) if np.isfinite(value) else np.nan
    return Number(name, rounded, NumberKind.COEFFICIENT)


def difference_numbers(name: str, at: str, found: Estimate) -> list[Number]:
    """Such a difference with the ends of its interval."""
    return [
        told_difference(f"{name}{at}", found.value),
        told_difference(f"{name}_low{at}", found.low),
        told_difference(f"{name}_high{at}", found.high),
    ]


def _effect(course: Course, at: str, gap: Estimate, index: int) -> list[Number]:
    interval = Interval(gap.low, gap.high, gap.level, gap.method)
    try:
        effect = standardised(gap.value, interval, course.scores(0), course.scores(index))
        told = (effect.d, effect.g, effect.g_interval.low, effect.g_interval.high)
    except MeasurementRefused:
        told = (np.nan,) * 4
    names = ("d_av", "g", "g_low", "g_high")
    return [
        Number(f"{name}@{at}", value, NumberKind.COEFFICIENT, of_groups=name in names[2:])
        for name, value in zip(names, told, strict=True)
    ]
