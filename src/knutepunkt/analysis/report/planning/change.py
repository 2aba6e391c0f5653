"""What is planned to be told about change between rounds, and where the variation lies (T6, T8)?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from knutepunkt.analysis.disclosure.rounding import half_up
from knutepunkt.analysis.disclosure.statements import (
    Kind,
    ModelSize,
    Number,
    NumberKind,
    Records,
    TableRequest,
)
from knutepunkt.analysis.instruments.scales import Scale, ScaleRole
from knutepunkt.analysis.measurement.change import standardised
from knutepunkt.analysis.measurement.intervals import Interval
from knutepunkt.analysis.measurement.refusals import MeasurementRefused
from knutepunkt.analysis.models.inference import Estimate
from knutepunkt.analysis.models.policy import Check, Method
from knutepunkt.analysis.models.refusals import ModelRefusal
from knutepunkt.analysis.models.reported import ReportedModel
from knutepunkt.analysis.models.round_change import change_for_report
from knutepunkt.analysis.report.design import RoundDesign
from knutepunkt.analysis.report.planning.flat import flat_model, unknown
from knutepunkt.analysis.report.planning.planned import Fitted, Place, Plan, Planned, Refused
from knutepunkt.analysis.report.planning.variance import variance_figure
from knutepunkt.analysis.report.populations import Answers
from knutepunkt.analysis.report.values import Sentence, Value


@dataclass(frozen=True)
class Course:
    """One outcome over the rounds in which anybody has a score.

    `rows` has one row per score: y, wave (the round's id), participant, and group where there are
    groups.
    """

    scale: Scale
    rounds: tuple[RoundDesign, ...]
    records: tuple[Records, ...]
    rows: pl.DataFrame

    @property
    def ids(self) -> tuple[str, ...]:
        """The rounds' ids, in order."""
        return tuple(each.id for each in self.rounds)

    def scores(self, index: int) -> np.ndarray:
        """The scores of one of the rounds."""
        return self.rows.filter(pl.col("wave") == self.ids[index])["y"].to_numpy()

    @property
    def is_flat(self) -> bool:
        """Whether nobody differs from anybody in any round."""
        return all(float(np.ptp(self.scores(index))) < 1e-9 for index in range(len(self.rounds)))

    def column(self, name: str) -> np.ndarray:
        """One column of the rows as an array."""
        return self.rows[name].to_numpy()


def followed_scales(answers: Answers) -> tuple[Scale, ...]:
    """The scales that are followed over rounds.

    What people say when they look back ("perceived change") is asked anew each round and never
    compared. An instrument without outcomes is followed on all its other scales.
    """
    scales = answers.design.instrument.scales
    outcomes = tuple(s for s in scales if s.role is ScaleRole.OUTCOME)
    return outcomes or tuple(s for s in scales if s.role is not ScaleRole.PERCEIVED_CHANGE)


def course_of(answers: Answers, scale: Scale) -> Course | None:
    """An outcome over the rounds; None where fewer than two rounds have any score."""
    found = [(each, answers.scale_records(scale, each)) for each in answers.design.rounds]
    held = [(each, records) for each, records in found if records.valid.any()]
    if len(held) < 2:
        return None
    rounds = tuple(each for each, _ in held)
    group = [pl.col("group").cast(pl.String)] if answers.design.has_groups else []
    frames = [
        answers.in_round(each.id).select(
            pl.col(scale.id).cast(pl.Float64).alias("y"),
            pl.lit(each.id).alias("wave"),
            pl.col("participant").cast(pl.String),
            *group,
        )
        for each in rounds
    ]
    rows = pl.concat(frames).filter(pl.col("y").is_not_null())
    return Course(scale, rounds, tuple(records for _, records in held), rows)


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
    scale = course.scale
    place = Place("T6", scale.id, scale.id, course.ids)
    group = course.column("group") if answers.design.has_groups else None
    try:
        found = change_for_report(
            course.column("y"),
            course.column("wave"),
            course.column("participant"),
            group,
            order=course.ids,
        )
    except ModelRefusal:
        if course.is_flat:
            return _planned(course, place, flat(course))
        # Why a model refuses can depend on the answers, so nothing more is said.
        words: dict[str, Value] = {"scale": scale.texts, "reason": Sentence("reason.other")}
        return Plan(refused=(Refused(place, Sentence("method.change_refused", words)),))
    return _planned(course, place, found)


def _planned(course: Course, place: Place, found: ReportedModel) -> Plan:
    request = TableRequest(
        "T6",
        place.cell,
        Kind.MODEL,
        course.records,
        numbers=tuple(_numbers(course, found)),
        model=size_of(found, len(course.rounds)),
    )
    model = fitted(found)
    spread = variance_figure(course.scale, course.ids, course.records, found, len(course.rounds))
    return Plan((Planned(place, request, model), *spread))


def flat(course: Course) -> ReportedModel:
    """What stands for a model where nobody differs."""
    means = [float(course.scores(index).mean()) for index in range(len(course.rounds))]
    groups = course.rows["group"].n_unique() if "group" in course.rows.columns else 0
    persons = course.rows["participant"].n_unique()
    return flat_model(course.ids, means, groups=groups, persons=persons, rows=course.rows.height)


def size_of(found: ReportedModel, coefficients: int) -> ModelSize:
    """What the gate asks about a model; without groups the persons are its clusters."""
    return ModelSize(
        found.n_rows,
        coefficients + (found.n_groups - 1 if is_described(found) else 0),
        max(1, len(found.variances)),
        found.n_groups or found.n_persons,
    )


def fitted(found: ReportedModel) -> Fitted:
    """What the report mentions about a model."""
    flags = tuple(str(flag) for flag in found.flags)
    return Fitted(found.row.id, found.formula, str(found.row.check), flags)


def is_described(found: ReportedModel) -> bool:
    """Whether so few groups took part that nothing is inferred: means and differences alone."""
    return found.row.method is Method.GROUPS_AS_FIXED


def _numbers(course: Course, found: ReportedModel) -> list[Number]:
    """Model means per round, each later round against the first, and the row's check."""
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
    for each, check in zip(course.ids[1:], _checks(found), strict=False):
        told += interval_numbers("check", each, check, alone=False)
    return told


def _checks(found: ReportedModel) -> Sequence[Estimate]:
    """The row's check; without a number where it could not be made, so that its place is there."""
    if is_described(found) or found.row.check is Check.NONE:
        return ()
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
    return Number(name, half_up(value, 0.1), NumberKind.COEFFICIENT)


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
        Number(f"{name}@{at}", value, NumberKind.COEFFICIENT)
        for name, value in zip(names, told, strict=True)
    ]
