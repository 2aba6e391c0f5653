"""What is planned to be told about how many changed more than the measure's error (T7)?"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from knutepunkt.analysis.disclosure.ladder import Ladder
from knutepunkt.analysis.disclosure.statements import Kind, Records, TableRequest, Variable
from knutepunkt.analysis.instruments.scales import Scale
from knutepunkt.analysis.measurement.refusals import MeasurementRefused
from knutepunkt.analysis.measurement.reliability import cronbach_alpha
from knutepunkt.analysis.measurement.reliable_change import reliable_change_index
from knutepunkt.analysis.report.design import Measure, RoundDesign
from knutepunkt.analysis.report.planning.courses import both_scores, followed_scales
from knutepunkt.analysis.report.planning.kinds import is_measured
from knutepunkt.analysis.report.planning.planned import Place, Plan, Planned, Refused
from knutepunkt.analysis.report.planning.scales import LEAST_FOR_RELIABILITY, TOO_FEW
from knutepunkt.analysis.report.populations import Answers, Reals
from knutepunkt.analysis.report.values import Sentence

TABLE: Final = "T7"
DETERIORATED, UNCHANGED, IMPROVED, RECOVERED = 1, 2, 3, 4
BEYOND_ERROR: Final = 1.96
SMALLEST_SPREAD: Final = 1e-12
LARGEST_RELIABILITY: Final = 0.999


def plan_individual(answers: Answers) -> Plan:
    """Per outcome and later round: how many score lower, and how many higher, beyond error.

    Only people who answered both rounds, so only in a linked study. Deterioration comes first and is
    always told, as "fewer than" where it is rare; then improvement (and recovery, where the protocol
    names a cut-off). Without a known reliability, or 50 answers to estimate it, a sentence stands
    instead. Source: Jacobson and Truax (1991); see `measurement.reliable_change`.
    """
    design = answers.design
    plan = Plan()
    if design.is_single or not design.linked:
        return plan
    for scale in followed_scales(answers):
        for later in design.rounds[1:]:
            plan = plan.joined(_individual(answers, scale, later))
    return plan


def _individual(answers: Answers, scale: Scale, later: RoundDesign) -> Plan:
    first = answers.design.rounds[0]
    measure = answers.design.protocol.measure(scale.id)
    place = Place(TABLE, f"{scale.id}@{later.id}", scale.id, (first.id, later.id))
    reliability = measure.reliability
    if reliability is None:
        reliability = _estimated(answers, scale, first)
    if reliability is None:
        sentence = Sentence("note.no_reliability", {"scale": scale.texts})
        return Plan(refused=(Refused(place, sentence),))
    both = both_scores(answers, scale, first, later)
    classes = classes_of(both["first"].to_numpy(), both["y"].to_numpy(), reliability, measure)
    told = both.select("participant", pl.Series("class", classes))
    records = _records(answers, scale, first, later, told)
    better = Place(TABLE, f"{place.cell}#better", scale.id, place.rounds)
    return Plan(
        (
            Planned(place, _request(answers, place, records, WORSE_LADDER, harm=True)),
            Planned(better, _request(answers, better, records, _better_ladder(measure))),
        )
    )


def _estimated(answers: Answers, scale: Scale, first: RoundDesign) -> float | None:
    """Alpha in the first round, where enough answered; None follows from how many did alone.

    Answers that do not vary, or an alpha below zero, bear no reliability: the error is as large as
    it can be. Were a sentence told instead, it would say so.
    """
    if is_measured(answers.design.instrument, scale) or len(scale.items) < 2:
        return None
    try:
        alpha = cronbach_alpha(answers.turned_items(scale, first.id), least=LEAST_FOR_RELIABILITY)
    except MeasurementRefused as refusal:
        return None if refusal.code in TOO_FEW else 0.0
    return min(max(alpha.alpha, 0.0), LARGEST_RELIABILITY)


def classes_of(before: Reals, after: Reals, reliability: float, measure: Measure) -> Reals:
    """Each person's class as a code.

    Where nobody differs before, the error has no size, and every change lies beyond it.
    """
    spread = float(before.std(ddof=1)) if before.size > 1 else 0.0
    sign = -1.0 if measure.lower_is_better else 1.0
    if spread > SMALLEST_SPREAD:
        index = sign * reliable_change_index(after - before, spread, reliability)
    else:
        index = 2 * BEYOND_ERROR * sign * np.sign(np.round(after - before, 9))
    classes = np.full(before.size, float(UNCHANGED))
    classes[index < -BEYOND_ERROR] = DETERIORATED
    classes[index > BEYOND_ERROR] = IMPROVED
    if measure.cutoff is not None:
        cut = sign * measure.cutoff
        crossed = (sign * before < cut) & (sign * after >= cut)
        classes[(index > BEYOND_ERROR) & crossed] = RECOVERED
    return classes


def _records(
    answers: Answers,
    scale: Scale,
    first: RoundDesign,
    later: RoundDesign,
    classes: pl.DataFrame,
) -> tuple[Records, ...]:
    """The classes by participant, and the linked subset of each round they were made from."""
    variable = Variable(f"{scale.id}:change:{first.id}", DETERIORATED, RECOVERED)
    people = answers.in_round(later.id).select(pl.col("participant").cast(pl.String))
    values = people.join(classes, on="participant", how="left", maintain_order="left")["class"]
    linked = frozenset(classes["participant"].to_list())
    return (
        answers.records_of(variable, later, values),
        answers.linked_records(scale, first, linked),
        answers.linked_records(scale, later, linked),
    )


# The last cell of a ladder is what a band or a class speaks about.
WORSE_LADDER: Final = Ladder((((UNCHANGED, IMPROVED, RECOVERED), (DETERIORATED,)),))


def _better_ladder(measure: Measure) -> Ladder:
    if measure.cutoff is None:
        return Ladder((((DETERIORATED, UNCHANGED), (IMPROVED, RECOVERED)),))
    finest = ((DETERIORATED, UNCHANGED), (IMPROVED,), (RECOVERED,))
    return Ladder((finest, ((DETERIORATED, UNCHANGED), (IMPROVED, RECOVERED))))


def _request(
    answers: Answers,
    place: Place,
    records: tuple[Records, ...],
    ladder: Ladder,
    *,
    harm: bool = False,
) -> TableRequest:
    return TableRequest(
        TABLE,
        place.cell,
        Kind.FREQUENCY,
        records,
        ladder=ladder,
        always_shown=harm,
        interval_of=answers.interval_of_share(),
    )
