"""What is planned to be told about each scale in each round (T5)?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from knutepunkt.analysis.disclosure.statements import Kind, Number, NumberKind, TableRequest
from knutepunkt.analysis.instruments.scales import Scale
from knutepunkt.analysis.measurement.omega import mcdonald_omega
from knutepunkt.analysis.measurement.refusals import MeasurementRefused, RefusalCode
from knutepunkt.analysis.measurement.reliability import Alpha, cronbach_alpha, precision
from knutepunkt.analysis.report.design import Design, RoundDesign
from knutepunkt.analysis.report.planning.kinds import is_measured
from knutepunkt.analysis.report.planning.planned import Place, Plan, Planned, Refused
from knutepunkt.analysis.report.populations import Answers, Reals
from knutepunkt.analysis.report.values import Number as Told
from knutepunkt.analysis.report.values import Sentence, Source, Unit, Value

LEAST_FOR_RELIABILITY = 50
TOO_FEW = (RefusalCode.TOO_FEW, RefusalCode.NO_OVERLAP, RefusalCode.ALL_MISSING)
"""Nobody is few as well: a sentence for the one and none for the other would tell them apart."""


def plan_scales(answers: Answers) -> Plan:
    """Mean, spread and reliability of every scale, the last round first."""
    plan = Plan()
    for scale in answers.design.instrument.scales:
        for each in reversed(answers.design.rounds):
            if answers.asked_in(each, *scale.items):
                plan = plan.joined(_scale(answers, scale, each))
    return plan


def _scale(answers: Answers, scale: Scale, each: RoundDesign) -> Plan:
    records = answers.scale_records(scale, each)
    place = Place("T5", f"{scale.id}@{each.id}", scale.id, (each.id,))
    numbers, refused = _reliability(answers, scale, each, place)
    request = TableRequest("T5", place.cell, Kind.MEAN, (records,), numbers=numbers)
    return Plan((Planned(place, request),), refused)


def _reliability(
    answers: Answers, scale: Scale, each: RoundDesign, place: Place
) -> tuple[tuple[Number, ...], tuple[Refused, ...]]:
    if is_measured(answers.design.instrument, scale) or len(scale.items) < 2:
        return (), ()
    if answers.people_asked(each) < LEAST_FOR_RELIABILITY:
        return (), (Refused(place, not_estimated(answers.design, scale)),)
    items = answers.turned_items(scale, each.id)
    try:
        alpha = cronbach_alpha(items, least=LEAST_FOR_RELIABILITY)
    except MeasurementRefused:
        # Withheld, whether few answered or all alike: either would tell of what was answered.
        return (), ()
    told = (
        *_alpha_numbers(alpha),
        *_omega(answers, each, items),
        *_precision(answers, scale, each, alpha),
    )
    # Without them it would be told that no item was answered alike by all.
    beside = tuple(
        answers.item_records(answers.design.instrument.item(name), each) for name in scale.items
    )
    return tuple(replace(number, beside=beside) for number in told), ()


def _alpha_numbers(alpha: Alpha) -> tuple[Number, ...]:
    return (
        Number("alpha", alpha.alpha, NumberKind.COEFFICIENT),
        Number("alpha_low", alpha.interval.low, NumberKind.COEFFICIENT),
        Number("alpha_high", alpha.interval.high, NumberKind.COEFFICIENT),
    )


def _omega(answers: Answers, each: RoundDesign, items: Reals) -> tuple[Number, ...]:
    """Omega with its interval where the one-factor model stands; two items bear no such model.

    The interval is summed up over groups, so it tells how alike their members are.
    """
    if items.shape[1] < 3:
        return ()
    has_groups = answers.design.has_groups
    groups = answers.in_round(each.id)["group"].cast(str).to_numpy() if has_groups else None
    try:
        omega = mcdonald_omega(items, groups=groups, least=LEAST_FOR_RELIABILITY)
    except MeasurementRefused:
        return ()
    found = [Number("omega", omega.omega, NumberKind.COEFFICIENT)]
    if omega.interval is not None:
        ends = {"omega_low": omega.interval.low, "omega_high": omega.interval.high}
        found += [
            Number(name, value, NumberKind.COEFFICIENT, of_groups=has_groups)
            for name, value in ends.items()
        ]
    return tuple(found)


def _precision(
    answers: Answers, scale: Scale, each: RoundDesign, alpha: Alpha
) -> tuple[Number, ...]:
    """SEM and smallest detectable change; nothing where alpha says there is no reliability."""
    scores = answers.scores(scale, each.id)
    known = scores[~np.isnan(scores)]
    if not 0 <= alpha.alpha <= 1 or known.size < 2:
        return ()
    found = precision(float(known.std(ddof=1)), alpha.alpha)
    return (
        Number("sem", found.sem, NumberKind.DEVIATION),
        Number("sdc", found.sdc, NumberKind.DEVIATION),
    )


def not_estimated(design: Design, scale: Scale) -> Sentence:
    """What it takes to estimate reliability, and the one the protocol names instead."""
    least = Told(LEAST_FOR_RELIABILITY, Unit.COUNT, Source("rule.least_for_reliability"))
    words: dict[str, Value] = {"scale": scale.texts, "least": least}
    measure = design.protocol.measure(scale.id)
    if measure.reliability is None:
        return Sentence("method.alpha_refused", words)
    known = Told(measure.reliability, Unit.RELIABILITY, Source("protocol.measures"), 2)
    words |= {"reliability": known}
    if measure.source is None:
        return Sentence("method.alpha_known", words)
    return Sentence("method.alpha_known_from", {**words, "source": measure.source})
