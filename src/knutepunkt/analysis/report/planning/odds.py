"""What is planned to be told about one question over rounds, as odds (T6-odds)?

A mean of ordered answers treats the steps between them as equal. Beside it stands how the odds of an
answer further along changed, from a logistic or cumulative-logit mixed model, in the categories that
the table of the question itself was told in.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import polars as pl

from knutepunkt.analysis.disclosure.ladder import Ladder, LadderError, Partition
from knutepunkt.analysis.disclosure.statements import (
    Kind,
    ModelSize,
    Number,
    NumberKind,
    TableRequest,
)
from knutepunkt.analysis.instruments.items import Item, ItemKind
from knutepunkt.analysis.instruments.scales import Scale, ScaleRole
from knutepunkt.analysis.models.inference import Estimate
from knutepunkt.analysis.models.policy import LEAST_TO_GENERALISE
from knutepunkt.analysis.models.refusals import ModelRefusal
from knutepunkt.analysis.models.reported import Flag, ReportedModel
from knutepunkt.analysis.models.round_odds import odds_change_for_report
from knutepunkt.analysis.report.ladders import ladder_of
from knutepunkt.analysis.report.planning.courses import Course, course_of, followed_scales
from knutepunkt.analysis.report.planning.flat import unknown
from knutepunkt.analysis.report.planning.kinds import Part, items_of, table_of
from knutepunkt.analysis.report.planning.planned import Place, Plan, Planned
from knutepunkt.analysis.report.populations import Answers

TABLE: Final = "T6-odds"


def plan_odds(answers: Answers) -> Plan:
    """One figure per single question asked in several rounds.

    Nothing where fewer than six groups were asked, which are described and not generalised from, and
    nothing where nobody is followed and there are no groups, so that no model can be fitted.
    """
    if answers.design.is_single:
        return Plan()
    return Plan(
        tuple(figure for item in followed_items(answers) for figure in _odds(answers, item))
    )


def followed_items(answers: Answers) -> Iterator[Item]:
    """Questions read one by one: those in no scale, and those that are a followed scale alone."""
    instrument = answers.design.instrument
    alone = [
        instrument.item(scale.items[0])
        for scale in followed_scales(answers)
        if len(scale.items) == 1
    ]
    for item in (*alone, *items_of(instrument, Part.OTHER)):
        if item.kind is ItemKind.SCALE and answers.asked(item):
            yield item


def towards(ladder: Ladder, partition: Partition) -> Partition:
    """The categories in order, those a band of the question would speak about last."""
    rising = tuple(sorted(partition))
    return rising if max(ladder.codes) in ladder.spoken else rising[::-1]


def _odds(answers: Answers, item: Item) -> list[Planned]:
    try:
        ladder = ladder_of(answers.design.instrument, item)
    except LadderError:
        return []
    course = _course_of(answers, item)
    if course is None or not _has_model(answers, course):
        return []
    place = Place(TABLE, item.id, item.id, course.planned_ids)
    table = table_of(answers.design.instrument, item)
    request = TableRequest(
        TABLE,
        item.id,
        Kind.ODDS,
        tuple(answers.item_records(item, each) for each in course.rounds),
        model=_size(course, ladder),
        within_groups=answers.design.has_groups,
        told_in=tuple((table, f"{item.id}@{name}") for name in course.ids),
        numbers_of=lambda partition: _numbers(course, towards(ladder, partition)),
    )
    return [Planned(place, request)]


def _has_model(answers: Answers, course: Course) -> bool:
    if answers.design.has_groups:
        return course.asked >= LEAST_TO_GENERALISE
    return course.follows


def _course_of(answers: Answers, item: Item) -> Course | None:
    """The codes of a question over the rounds; what is no option counts as no answer."""
    options = answers.design.instrument.response_set_of(item)
    name = f"{item.id}:code"
    codes = pl.col(item.id).cast(pl.Float64)
    known = codes.is_in([float(code) for code in options.codes])
    frame = answers.frame.with_columns(pl.when(known).then(codes).alias(name))
    alone = Scale(
        name, item.texts, (item.id,), ScaleRole.OUTCOME, low=options.low, high=options.high
    )
    return course_of(replace(answers, frame=frame), alone)


def _size(course: Course, ladder: Ladder) -> ModelSize:
    """The most coefficients the model may have, so that the limit says nothing of the categories."""
    cuts = len(ladder.partitions[0]) - 1
    return ModelSize(
        course.rows.height,
        cuts + len(course.rounds) - 1,
        (course.groups > 0) + course.linked,
        course.groups or course.people.n_unique(),
    )


def _numbers(course: Course, categories: Partition) -> tuple[Number, ...]:
    """The odds of each later round against the first; no numbers where no model can be fitted."""
    found = _fitted(course, categories)
    estimates = {} if found is None else dict(zip(course.ids[1:], found.estimates, strict=True))
    none = unknown("", math.nan)
    told = [
        number
        for name in course.planned_ids[1:]
        for number in _of_round(name, estimates.get(name, none))
    ]
    singular = found is not None and Flag.SINGULAR in found.flags
    told.append(Number(str(Flag.SINGULAR), float(singular), NumberKind.TRAIT))
    return tuple(replace(number, beside=course.changes) for number in told)


def _of_round(name: str, found: Estimate) -> list[Number]:
    ends = {"": found.value, "_low": found.low, "_high": found.high}
    return [
        *(
            Number(f"odds{end}@{name}", _ratio(value), NumberKind.COEFFICIENT)
            for end, value in ends.items()
        ),
        Number(f"p@{name}", found.p_value, NumberKind.P_VALUE),
        Number(f"df@{name}", found.df, NumberKind.DEGREES),
    ]


def _ratio(log_odds: float) -> float:
    """The ratio of odds; no number where it is beyond all numbers."""
    try:
        return math.exp(log_odds)
    except OverflowError:
        return math.nan


def _fitted(course: Course, categories: Partition) -> ReportedModel | None:
    if not course.is_modelled:
        return None
    places = {float(code): float(at) for at, cell in enumerate(categories) for code in cell}
    y = course.rows["y"].replace_strict(places, return_dtype=pl.Float64).to_numpy()
    try:
        return odds_change_for_report(
            y,
            course.column("wave"),
            course.people.to_numpy(),
            course.column("group") if course.groups else None,
            ordered=len(categories) > 2,
            order=course.ids,
        )
    except ModelRefusal:
        return None
