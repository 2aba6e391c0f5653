"""What is planned to be told about change between rounds, and where the variation lies (T6, T8)?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

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
from knutepunkt.analysis.models.round_change import LEAST_ROUNDS, change_for_report
from knutepunkt.analysis.models.round_mean import mean_for_report
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
    found = _found(answers, course)
    place = Place("T6", course.scale.id, course.scale.id, course.planned_ids)
    model = Fitted.of(course.asked, course.rows.height)
    request = TableRequest(
        "T6",
        place.cell,
        Kind.MODEL,
        course.records,
        numbers=tuple(_numbers(course, found, model)),
        model=size_of(course, found),
    )
    return Plan((Planned(place, request, model), *course_variances(course, found)))


def _found(answers: Answers, course: Course) -> ReportedModel:
    if not course.is_modelled:
        return flat(course)
    group = course.column("group") if answers.design.has_groups else None
    try:
        return change_for_report(
            course.column("y"),
            course.column("wave"),
            course.people.to_numpy(),
            group,
            order=course.ids,
            asked=course.asked,
            in_full=True,
        )
    except ModelRefusal:
        return flat(course)


def flat(course: Course) -> ReportedModel:
    """What stands for a model where there is none: each round's own mean, with its interval.

    Where nobody changed there is no model of change, and the means have their intervals all the same.
    """
    found = [_mean_of(course, index) for index in range(len(course.rounds))]
    model = flat_model(
        course.ids,
        [each.value for each in found],
        groups=course.asked,
        persons=course.people.n_unique(),
        rows=course.rows.height,
    )
    return replace(model, means=tuple(found))


def _mean_of(course: Course, index: int) -> Estimate:
    scores, groups = course.scores(index), None
    if "group" in course.rows.columns:
        groups = course.rows.filter(pl.col("wave") == course.ids[index])["group"].to_numpy()
    try:
        if course.is_modelled:
            return mean_for_report(scores, groups).means[0]
    except ModelRefusal:
        pass
    return unknown(course.ids[index], float(scores.mean()) if scores.size else np.nan)


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
    none = unknown("", np.nan)
    means = dict(zip(course.ids, found.means, strict=True))
    gaps = dict(zip(course.ids[1:], found.estimates, strict=True))
    checks = dict(zip(course.ids[1:], _checks(found), strict=True))
    alone = is_described(found)
    of_rounds: list[Number] = []
    for each in course.planned_ids:
        of_rounds += interval_numbers("mean", each, means.get(each, none), alone=alone)
    told: list[Number] = []
    for each in course.planned_ids[1:]:
        gap = gaps.get(each, none)
        told += interval_numbers("difference", each, gap, alone=alone)
        if not alone:
            told.append(Number(f"df@{each}", gap.df, NumberKind.DEGREES))
            told.append(Number(f"p@{each}", gap.p_value, NumberKind.P_VALUE))
            told += _effect(course, each, gap)
        if model.check != "none":
            told += interval_numbers("check", each, checks.get(each, none), alone=False)
    if alone:
        return [*of_rounds, *told]
    if found.row.flips:
        flipped = found.flipped or (np.nan,) * len(found.estimates)
        flips = dict(zip(course.ids[1:], flipped, strict=True))
        told += [
            Number(f"flipped@{each}", flips.get(each, np.nan), NumberKind.P_VALUE)
            for each in course.planned_ids[1:]
        ]
    if len(course.planned_ids) >= LEAST_ROUNDS:
        told += _together(course, found)
    # A mean of one round tells nothing of how differently people changed.
    of_change = [replace(n, beside=course.changes) for n in (*told, *traits(found.flags))]
    return [*of_rounds, *of_change]


def _together(course: Course, found: ReportedModel) -> list[Number]:
    """The F test of all changes at once, of every round that asked; no numbers where one lacks."""
    tested = found.together if course.ids == course.planned_ids else None
    f, df, p = (np.nan,) * 3 if tested is None else (tested.f, tested.df2, tested.p_value)
    return [
        Number("f", f, NumberKind.COEFFICIENT, of_groups=True),
        Number("f_df", df, NumberKind.DEGREES),
        Number("f_p", p, NumberKind.P_VALUE),
    ]


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


def _effect(course: Course, at: str, gap: Estimate) -> list[Number]:
    interval = Interval(gap.low, gap.high, gap.level, gap.method)
    try:
        later = course.scores(course.ids.index(at)) if at in course.ids else np.array([])
        effect = standardised(gap.value, interval, course.scores(0), later)
        told = (effect.d, effect.g, effect.g_interval.low, effect.g_interval.high)
    except MeasurementRefused:
        told = (np.nan,) * 4
    names = ("d_av", "g", "g_low", "g_high")
    return [
        Number(f"{name}@{at}", value, NumberKind.COEFFICIENT, of_groups=name in names[2:])
        for name, value in zip(names, told, strict=True)
    ]
