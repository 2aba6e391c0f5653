"""What is planned to be told about an even course over time, where rounds have a time (T6-trend)?"""

from __future__ import annotations

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
from knutepunkt.analysis.models.policy import Method, PolicyRow, choose
from knutepunkt.analysis.models.refusals import ModelRefusal
from knutepunkt.analysis.report.planning.change import (
    Course,
    course_of,
    followed_scales,
    interval_numbers,
)
from knutepunkt.analysis.report.planning.planned import Fitted, Place, Plan, Planned
from knutepunkt.analysis.report.populations import Answers

TABLE = "T6-trend"
LEAST_ROUNDS = 3
START, STEP = np.array([1.0, 0.0]), np.array([0.0, 1.0])
METHODS = {
    Method.KENWARD_ROGER: SmallSample.KENWARD_ROGER,
    Method.SATTERTHWAITE: SmallSample.SATTERTHWAITE,
}


def plan_trend(answers: Answers) -> Plan:
    """Per outcome the level at time zero and the change per unit of time, one straight line.

    y ~ time + (1 | group/person), without the levels the design does not have. Nothing where a
    round has no time, or where there are fewer than three rounds; nothing where no row of the policy
    table gives such a model its degrees of freedom (few groups, or CR2).
    """
    rounds = answers.design.rounds
    if len(rounds) < LEAST_ROUNDS or any(each.at is None for each in rounds):
        return Plan()
    figures = []
    for scale in followed_scales(answers):
        course = course_of(answers, scale)
        if course is None or len(course.rounds) < LEAST_ROUNDS:
            continue
        figures += _trend(answers, course)
    return Plan(tuple(figures))


def _trend(answers: Answers, course: Course) -> list[Planned]:
    times = {each.id: float(each.at or 0.0) for each in course.rounds}
    rows = course.rows.with_columns(
        pl.col("wave").replace_strict(times, return_dtype=pl.Float64).alias("time")
    )
    groups = rows["group"].n_unique() if answers.design.has_groups else 0
    formula = f"y ~ time + {_random(answers)}"
    try:
        fit = fit_mixed(formula, rows)
        row = choose(groups, rows.height, singular=fit.singular)
        numbers = _numbers(fit, row)
    except ModelRefusal:
        return []  # T6 has the outcome's row and says that the answers are not sufficient
    place = Place(TABLE, course.scale.id, course.scale.id, course.ids)
    clusters = groups or rows["participant"].n_unique()
    size = ModelSize(fit.n_rows, 2, len(fit.terms) + 1, clusters)
    request = TableRequest(
        TABLE, place.cell, Kind.MODEL, course.records, numbers=tuple(numbers), model=size
    )
    flags = ("singular_fit",) if fit.singular else ()
    return [Planned(place, request, Fitted(row.id, formula, flags=flags))] if numbers else []


def _random(answers: Answers) -> str:
    if not answers.design.has_groups:
        return "(1 | participant)"
    return "(1 | group/participant)" if answers.design.linked else "(1 | group)"


def _numbers(fit: MixedFit, row: PolicyRow) -> list[Number]:
    method = METHODS.get(row.method)
    if method is None:
        return []
    inference = Inference(fit)
    start = inference.estimate(START, method=method)
    step = inference.estimate(STEP, method=method)
    return [
        *interval_numbers("start", "0", start, alone=False),
        *interval_numbers("step", "1", step, alone=False),
        Number("df@1", step.df, NumberKind.DEGREES),
        Number("p@1", step.p_value, NumberKind.P_VALUE),
    ]
