"""What is planned to be told about an even course over time, where rounds have a time (T6-trend)?"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import polars as pl

from knutepunkt.analysis.disclosure.statements import (
    Kind,
    ModelSize,
    Number,
    NumberKind,
    TableRequest,
)
from knutepunkt.analysis.models.fit import MixedFit
from knutepunkt.analysis.models.inference import Inference, SmallSample
from knutepunkt.analysis.models.mixed import fit_mixed
from knutepunkt.analysis.models.policy import LARGEST_KENWARD_ROGER, Method, choose
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.models.reported import Flag
from knutepunkt.analysis.report.planning.change import interval_numbers
from knutepunkt.analysis.report.planning.courses import Course, course_of, followed_scales
from knutepunkt.analysis.report.planning.flat import unknown
from knutepunkt.analysis.report.planning.planned import Fitted, Place, Plan, Planned, traits
from knutepunkt.analysis.report.populations import Answers

TABLE = "T6-trend"
LEAST_ROUNDS = 3
OWN_SLOPES = " + (0 + course || group)"
START, STEP = np.array([1.0, 0.0]), np.array([0.0, 1.0])
METHODS = {
    Method.KENWARD_ROGER: SmallSample.KENWARD_ROGER,
    Method.SATTERTHWAITE: SmallSample.SATTERTHWAITE,
}


def plan_trend(answers: Answers) -> Plan:
    """Per outcome the level at time zero and the change per unit of time, one straight line.

    y ~ time + (1 | group/person), without the levels the design does not have, and with slopes of
    the groups where the policy lets them change in their own way. Nothing where a
    round has no time, or where there are fewer than three rounds; nothing where no row of the policy
    table gives such a model its degrees of freedom (few groups, or CR2).
    """
    rounds = answers.design.rounds
    if len(rounds) < LEAST_ROUNDS or any(each.at is None for each in rounds):
        return Plan()
    figures = []
    for scale in followed_scales(answers):
        course = course_of(answers, scale)
        if course is None or len(course.planned) < LEAST_ROUNDS:
            continue
        figures += _trend(answers, course)
    return Plan(tuple(figures))


def _trend(answers: Answers, course: Course) -> list[Planned]:
    method = METHODS.get(course.row.method)
    if method is None:
        return []
    times = {each.id: float(each.at or 0.0) for each in course.rounds}
    rows = course.rows.with_columns(
        course.people.alias("participant"),
        pl.col("wave").replace_strict(times, return_dtype=pl.Float64).alias("time"),
    )
    terms, formula = random_terms(course.asked, rows.height, linked=course.linked)
    if not course.is_modelled or len(course.rounds) < LEAST_ROUNDS:
        formula = ""
    place = Place(TABLE, course.scale.id, course.scale.id, course.planned_ids)
    size = ModelSize(rows.height, 2, terms + 1, course.groups or rows["participant"].n_unique())
    request = TableRequest(
        TABLE,
        place.cell,
        Kind.MODEL,
        course.records,
        numbers=tuple(
            replace(number, beside=course.changes, of_groups=True)
            for number in _numbers(rows, formula, method)
        ),
        model=size,
    )
    return [Planned(place, request, Fitted.of(course.asked, rows.height))]


def random_terms(groups: int, height: int, *, linked: bool) -> tuple[int, str]:
    """The variances and the model that the sizes alone ask for, whatever was answered.

    Where the policy lets groups change in their own way, each has a slope of its own beside the
    common one (decision 21).
    """
    if not groups:
        return 1, "y ~ time + (1 | participant)"
    terms, plain = 1, "y ~ time + (1 | group)"
    if linked:
        terms, plain = 2, "y ~ time + (1 | group/participant)"
    if choose(groups, height).slope:
        return terms + 1, f"{plain}{OWN_SLOPES}"
    return terms, plain


def straight_line(
    rows: pl.DataFrame, formula: str, method: SmallSample
) -> tuple[MixedFit, SmallSample]:
    """Fit an even course over time, and say by which method its degrees of freedom are found.

    A variance that is estimated as zero stays in the model, with Kenward and Roger's degrees of
    freedom; beyond the rows that method is for, such a zero is believed and groups share one slope.

    Args:
        rows: y, time, participant, and group where there are groups.
        formula: see :func:`random_terms`.
        method: what the policy has for fits that are not singular.

    Raises:
        ModelRefusal: what the model refuses.
    """
    centred = rows.with_columns((pl.col("time") - pl.col("time").mean()).alias("course"))
    fit = fit_mixed(formula, centred)
    if not fit.singular:
        return fit, method
    if rows.height <= LARGEST_KENWARD_ROGER:
        return fit, SmallSample.KENWARD_ROGER
    return fit_mixed(formula.removesuffix(OWN_SLOPES), rows), method


def _numbers(rows: pl.DataFrame, formula: str, method: SmallSample) -> list[Number]:
    """What is asked for; where no model can be fitted its numbers are none, and it is asked still.

    `formula`: empty where too few answered for one.
    """
    try:
        if not formula:
            raise ModelRefusal(RefusalCode.TOO_FEW_ROWS, "too few answered in some round")
        fit, method = straight_line(rows, formula, method)
        inference = Inference(fit)
        start, step = (inference.estimate(each, method=method) for each in (START, STEP))
        flags = (Flag.SINGULAR,) if fit.singular else ()
    except ModelRefusal:
        start, step, flags = unknown("start", math.nan), unknown("step", math.nan), ()
    return [
        *interval_numbers("start", "0", start, alone=False),
        *interval_numbers("step", "1", step, alone=False),
        Number("df@1", step.df, NumberKind.DEGREES),
        Number("p@1", step.p_value, NumberKind.P_VALUE),
        *traits(flags),
    ]
