"""What is planned to be told of the same people twice: their change (T6-pairs), a retest (T5-retest)?"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from knutepunkt.analysis.disclosure.statements import (
    Kind,
    ModelSize,
    Number,
    NumberKind,
    Reals,
    TableRequest,
)
from knutepunkt.analysis.instruments.scales import Scale
from knutepunkt.analysis.measurement.agreement import retest_reliability
from knutepunkt.analysis.measurement.change import paired_change
from knutepunkt.analysis.measurement.refusals import MeasurementRefused
from knutepunkt.analysis.report.design import RoundDesign
from knutepunkt.analysis.report.planning.courses import (
    both_scores,
    followed_scales,
    moved_records,
)
from knutepunkt.analysis.report.planning.planned import Place, Plan, Planned
from knutepunkt.analysis.report.planning.scales import LEAST_FOR_RELIABILITY
from knutepunkt.analysis.report.populations import Answers

CHANGE: Final = "T6-pairs"
RETEST: Final = "T5-retest"
D_Z_ENDS: Final = ("d_z_low", "d_z_high")
SIZES: Final = {
    "correlation": NumberKind.COEFFICIENT,
    "sd_change": NumberKind.DEVIATION,
    "d_z": NumberKind.COEFFICIENT,
}
AGAIN: Final = {
    **dict.fromkeys(("r", "r_low", "r_high"), NumberKind.COEFFICIENT),
    **dict.fromkeys(("icc_a", "icc_a_low", "icc_a_high", "icc_c"), NumberKind.COEFFICIENT),
    **dict.fromkeys(("sem", "sdc"), NumberKind.DEVIATION),
}
Told = Callable[[Reals, Reals], tuple[float, ...]]


def plan_pairs(answers: Answers) -> Plan:
    """How people who answered both changed, outcome by outcome: what a collection of studies needs.

    The correlation of the two rounds, the SD of the changes and d_z. Where people sit in groups d_z
    has no interval: it would take them for independent. T6 has the interval of the change.
    """
    design = answers.design
    if design.is_single or not design.linked:
        return Plan()
    kinds = SIZES if design.has_groups else {**SIZES, **dict.fromkeys(D_Z_ENDS, SIZES["d_z"])}
    first = design.rounds[0]
    return Plan(
        tuple(
            _figure(answers, CHANGE, scale, (first, later), kinds, _change)
            for scale in followed_scales(answers)
            for later in design.rounds[1:]
        )
    )


def plan_retest(answers: Answers) -> Plan:
    """How alike two rounds are between which nobody was expected to change, scale by scale.

    Only where the design names two such rounds and people are linked.
    """
    design = answers.design
    if design.retest is None or not design.linked:
        return Plan()
    ends = (design.round(design.retest[0]), design.round(design.retest[1]))
    return Plan(
        tuple(
            _figure(answers, RETEST, scale, ends, AGAIN, _again)
            for scale in design.instrument.scales
            if all(answers.asked_in(each, *scale.items) for each in ends)
        )
    )


def _figure(
    answers: Answers,
    table: str,
    scale: Scale,
    ends: tuple[RoundDesign, RoundDesign],
    kinds: dict[str, NumberKind],
    told: Told,
) -> Planned:
    """The figure of two rounds, with its numbers or with none where they cannot be had."""
    first, later = ends
    both = both_scores(answers, scale, first, later)
    people = both["participant"].to_list()
    before, after = both["first"].to_numpy(), both["y"].to_numpy()
    try:
        values: Sequence[float] = told(before, after)
    except MeasurementRefused:
        values = (math.nan,) * len(AGAIN)
    gaps = both.select("participant", gap=pl.col("y") - pl.col("first"))
    moved = moved_records(answers, scale, later, gaps)
    numbers = tuple(
        replace(Number(name, value, kind), beside=(moved,))
        for (name, kind), value in zip(kinds.items(), values, strict=False)
    )
    place = Place(table, f"{scale.id}@{later.id}", scale.id, (first.id, later.id))
    linked = frozenset(people)
    records = tuple(answers.linked_records(scale, each, linked) for each in ends)
    groups = records[1].groups
    counted = len(people) if groups is None else len(set(groups[records[1].valid].tolist()))
    request = TableRequest(
        table,
        place.cell,
        Kind.MODEL,
        records,
        numbers=numbers,
        model=ModelSize(len(people), 2, 1, counted),
    )
    return Planned(place, request)


def _change(before: Reals, after: Reals) -> tuple[float, ...]:
    found = paired_change(before, after)
    ends = found.d_z.interval
    return (found.correlation, found.sd_difference, found.d_z.d, ends.low, ends.high)


def _again(before: Reals, after: Reals) -> tuple[float, ...]:
    found = retest_reliability(before, after, least=LEAST_FOR_RELIABILITY)
    r, agreement = found.correlation_interval, found.agreement.interval
    return (
        *(found.correlation, r.low, r.high),
        *(found.agreement.icc, agreement.low, agreement.high),
        found.consistency.icc,
        *(found.sem, found.sdc),
    )
