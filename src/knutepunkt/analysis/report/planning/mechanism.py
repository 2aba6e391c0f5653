"""What is planned to be told about attendance, mechanism and outcome together (T11)?"""

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
from knutepunkt.analysis.instruments.scales import Scale, ScaleRole
from knutepunkt.analysis.models.mediation import LEAST_CLUSTERS, Mediation, Path, mediation
from knutepunkt.analysis.models.refusals import ModelRefusal
from knutepunkt.analysis.report.design import Design, RoundDesign
from knutepunkt.analysis.report.planning.attendance import attendance_item, steps_up
from knutepunkt.analysis.report.planning.courses import followed_scales
from knutepunkt.analysis.report.planning.planned import Place, Plan, Planned
from knutepunkt.analysis.report.populations import Answers, Reals

TABLE: Final = "T11"
PATHS: Final = ("a", "b", "ab", "direct")
SKEWED: Final = ("bca_low", "bca_high")


def plan_mechanism(answers: Answers) -> Plan:
    """Attendance -> mechanism -> outcome, from three linked rounds in order; else covariation.

    Where rounds are not linked, or there are fewer than three, all three come from the last round
    and the table is titled covariation. Intervals by cluster bootstrap from twenty groups.
    """
    item = attendance_item(answers)
    mechanisms = [s for s in answers.design.instrument.scales if s.role is ScaleRole.MECHANISM]
    if item is None or not mechanisms:
        return Plan()
    rounds = _rounds(answers)
    outcomes = [s for s in followed_scales(answers) if s.role is ScaleRole.OUTCOME]
    figures = [
        figure
        for scale in outcomes
        for figure in _mechanism(answers, item, mechanisms[0], scale, rounds)
    ]
    return Plan(tuple(figures))


def in_order(design: Design) -> bool:
    """Whether three rounds in order bear the paths."""
    return design.linked and len(design.rounds) >= 3


def _rounds(answers: Answers) -> tuple[RoundDesign, RoundDesign, RoundDesign]:
    rounds = answers.design.rounds
    if in_order(answers.design):
        return rounds[0], rounds[1], rounds[2]
    return (answers.design.last,) * 3


def _mechanism(
    answers: Answers,
    item: Item,
    mechanism: Scale,
    outcome: Scale,
    rounds: tuple[RoundDesign, RoundDesign, RoundDesign],
) -> list[Planned]:
    first, second, third = rounds
    numbers = {each.id: place for place, each in enumerate(answers.design.rounds)}
    rows = answers.in_round(third.id)
    people = rows["participant"].cast(str).to_list()
    cluster = rows["group" if answers.design.has_groups else "participant"].cast(str).to_numpy()
    columns = (
        _of(answers, first, steps_up(answers, item, first.id), people),
        _of(answers, second, answers.scores(mechanism, second.id), people),
        answers.scores(outcome, third.id),
    )
    known = np.isfinite(np.vstack(columns)).all(axis=0)
    try:
        found = mediation(
            *columns,
            cluster,
            rounds=(numbers[first.id], numbers[second.id], numbers[third.id]),
            with_skewed=True,
        )
    except ModelRefusal:
        found = None
    place = Place(TABLE, outcome.id, outcome.id, (third.id,))
    clusters = len(set(cluster[known]))
    asked = answers.groups_asked((first, second, third)) or clusters
    request = TableRequest(
        TABLE,
        place.cell,
        Kind.MODEL,
        (
            answers.scale_records(outcome, third),
            answers.scale_records(mechanism, second),
            answers.item_records(item, first),
        ),
        numbers=_numbers(found, with_ends=asked >= LEAST_CLUSTERS),
        model=ModelSize(int(known.sum()), 3, 1, clusters),
    )
    return [Planned(place, request)]


def _of(answers: Answers, each: RoundDesign, values: Reals, people: list[str]) -> Reals:
    """Values of a round in the order of the people of another, NaN for who is not there."""
    ids = answers.in_round(each.id)["participant"].cast(str).to_list()
    known = dict(zip(ids, values.tolist(), strict=True))
    return np.array([known.get(person, np.nan) for person in people], dtype=np.float64)


def _numbers(found: Mediation | None, *, with_ends: bool) -> tuple[Number, ...]:
    """The paths, and their ends where there are groups enough; no numbers where there is no model."""
    told = []
    skewed = dict(zip(PATHS, () if found is None else found.skewed, strict=False))
    for name in PATHS:
        path = Path(math.nan, None, None) if found is None else getattr(found, name)
        told.append(Number(name, path.value, NumberKind.COEFFICIENT))
        ends = {"low": path.low, "high": path.high}
        ends |= dict(zip(SKEWED, skewed.get(name, (None, None)), strict=True))
        if with_ends:
            told += [
                Number(
                    f"{name}_{end}",
                    math.nan if value is None else value,
                    NumberKind.COEFFICIENT,
                    of_groups=True,
                )
                for end, value in ends.items()
            ]
    return tuple(told)
