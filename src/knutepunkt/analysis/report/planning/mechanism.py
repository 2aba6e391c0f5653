"""What is planned to be told about attendance, mechanism and outcome together (T11)?"""

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
from knutepunkt.analysis.instruments.scales import Scale, ScaleRole
from knutepunkt.analysis.models.mediation import Mediation, mediation
from knutepunkt.analysis.models.refusals import ModelRefusal
from knutepunkt.analysis.report.design import RoundDesign
from knutepunkt.analysis.report.planning.attendance import attendance_item, steps_up
from knutepunkt.analysis.report.planning.change import followed_scales
from knutepunkt.analysis.report.planning.planned import Fitted, Place, Plan, Planned
from knutepunkt.analysis.report.populations import Answers, Reals

TABLE: Final = "T11"
PATHS: Final = ("a", "b", "ab", "direct")
IN_ORDER: Final = "in_order"


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


def _rounds(answers: Answers) -> tuple[RoundDesign, RoundDesign, RoundDesign]:
    rounds = answers.design.rounds
    if answers.design.linked and len(rounds) >= 3:
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
    people = answers.in_round(third.id)["participant"].cast(str).to_list()
    cluster = "group" if answers.design.has_groups else "participant"
    try:
        found = mediation(
            _of(answers, first, steps_up(answers, item, first.id), people),
            _of(answers, second, answers.scores(mechanism, second.id), people),
            answers.scores(outcome, third.id),
            answers.in_round(third.id)[cluster].cast(str).to_numpy(),
            rounds=(numbers[first.id], numbers[second.id], numbers[third.id]),
        )
    except ModelRefusal:
        return []  # T4 and T5 have the questions' own rows
    place = Place(TABLE, outcome.id, outcome.id, (third.id,))
    request = TableRequest(
        TABLE,
        place.cell,
        Kind.MODEL,
        (
            answers.scale_records(outcome, third),
            answers.scale_records(mechanism, second),
            answers.item_records(item, first),
        ),
        numbers=_numbers(found),
        model=ModelSize(found.n_rows, 3, 1, found.n_clusters),
    )
    flags = (IN_ORDER,) if found.in_order else ()
    return [Planned(place, request, Fitted("", "", flags=flags))]


def _of(answers: Answers, each: RoundDesign, values: Reals, people: list[str]) -> Reals:
    """Values of a round in the order of the people of another, NaN for who is not there."""
    ids = answers.in_round(each.id)["participant"].cast(str).to_list()
    known = dict(zip(ids, values.tolist(), strict=True))
    return np.array([known.get(person, np.nan) for person in people], dtype=np.float64)


def _numbers(found: Mediation) -> tuple[Number, ...]:
    told = []
    for name in PATHS:
        path = getattr(found, name)
        told.append(Number(name, path.value, NumberKind.COEFFICIENT))
        if path.low is not None and path.high is not None:
            told.append(Number(f"{name}_low", path.low, NumberKind.COEFFICIENT))
            told.append(Number(f"{name}_high", path.high, NumberKind.COEFFICIENT))
    return tuple(told)
