"""How much may a mean, a model, a flow or a response rate say?"""

from __future__ import annotations

import numpy as np

from knutepunkt.analysis.disclosure.hearing import Hearing, Ruling
from knutepunkt.analysis.disclosure.ladder import Rung
from knutepunkt.analysis.disclosure.released import CountClass, Released, ResponseClass
from knutepunkt.analysis.disclosure.rounding import (
    ReleasedNumber,
    half_up,
    released_number,
    rounded_n,
)
from knutepunkt.analysis.disclosure.statements import (
    Count,
    Number,
    NumberKind,
    Records,
    TableRequest,
)


def judge_mean(request: TableRequest, hearing: Hearing) -> Ruling | None:
    """n, mean, standard deviation and what belongs to them; only n where the mean tells too much.

    The mean ("mean") and the standard deviation ("sd", unbiased) are computed here from the first
    set of records, so that the statement that is remembered is the statement that was made.
    """
    records = request.records[0]
    populations = hearing.populations(request)
    if not hearing.supports(request, populations):
        return None
    values = records.values[records.valid]
    own = [Number("mean", float(values.mean()), NumberKind.MEAN)]
    if values.size > 1:
        own.append(Number("sd", float(values.std(ddof=1)), NumberKind.DEVIATION))
    return _figures(request, hearing, Ruling(_only_n(request, hearing), populations), own)


def judge_model(request: TableRequest, hearing: Hearing) -> Ruling | None:
    """The numbers of a model or a comparison of rounds, where enough observations are to spare."""
    populations = hearing.populations(request)
    if not hearing.supports(request, populations):
        return None
    return _figures(request, hearing, Ruling(_only_n(request, hearing), populations), [])


def _only_n(request: TableRequest, hearing: Hearing) -> Released:
    n = min(int(records.valid.sum()) for records in request.records)
    told = rounded_n(n, hearing.policy)
    return Released(request.table, request.cell, str(request.kind), Rung.ONLY_N, told)


def _figures(request: TableRequest, hearing: Hearing, only_n: Ruling, own: list[Number]) -> Ruling:
    n = min(int(records.valid.sum()) for records in request.records)
    candidates = [*own, *request.numbers]
    told = [released_number(number, n, hearing.policy, request.model) for number in candidates]
    numbers = tuple(number for number in told if number is not None)
    sets = only_n.sets
    if not all(_varies(records, hearing) for records in request.records):
        return only_n
    if any(number.kind is NumberKind.MEAN for number in candidates):
        means = tuple(_mean_told(records, hearing) for records in request.records)
        sets = hearing.populations(request, means)
        pairs = zip(request.records, means, strict=True)
        if not all(_hides(records, mean, hearing) for records, mean in pairs):
            return only_n
    if not numbers or not hearing.withstands(request, sets):
        return only_n
    shown = only_n.released
    released = Released(shown.table, shown.cell, shown.kind, Rung.FIGURES, shown.n, numbers=numbers)
    return Ruling(released, sets)


def _mean_told(records: Records, hearing: Hearing) -> tuple[float, float]:
    """The bounds within which the reader knows the mean, once it is told."""
    step = 10.0**-hearing.policy.mean_decimals
    told = half_up(float(np.mean(records.values[records.counted])), step)
    span = (records.variable.low, records.variable.high)
    return max(span[0], told - step / 2), min(span[1], told + step / 2)


def _hides(records: Records, mean: tuple[float, float], hearing: Hearing) -> bool:
    """Whether the mean, as it is told, leaves room for everyone (P3, P5)."""
    span = (records.variable.low, records.variable.high)
    return hearing.crowd(records).hides_mean(*mean, span, hearing.policy)


def _varies(records: Records, hearing: Hearing) -> bool:
    """Whether people differ enough for a spread, or what is made of one, to be told (P3).

    A standard deviation, a variance, a standard error or a standardised difference tells alike; and
    a mean whose spread stayed behind would tell that it was small. So all of them wait.
    """
    values = records.values[records.counted]
    if values.size < 2:
        return False
    step = 10.0**-hearing.policy.mean_decimals
    told = half_up(float(values.std(ddof=1)), step)
    width = records.variable.high - records.variable.low
    return hearing.crowd(records).hides_spread(told + step / 2, width, hearing.policy)


def judge_flow(request: TableRequest, hearing: Hearing) -> Ruling:
    """The course of a round: small counts, and small remainders of a known total, as classes."""
    told = tuple(_flow_count(count, hearing) for count in request.counts if _told(count, hearing))
    return Ruling(
        Released(request.table, request.cell, str(request.kind), Rung.FIGURES, counts=told)
    )


def _told(count: Count, hearing: Hearing) -> bool:
    """Whether a count may be told at all: of fewer than 2t either class would say too much."""
    return count.public or count.of is None or count.of >= 2 * hearing.threshold


def _flow_count(count: Count, hearing: Hearing) -> ReleasedNumber | CountClass:
    t = hearing.threshold
    if count.public:
        return ReleasedNumber(count.name, float(count.value))
    if count.value < t:
        return CountClass(count.name, t, None)
    if count.of is not None and count.of - count.value < t:
        return CountClass(count.name, None, count.of - t + 1)
    return ReleasedNumber(count.name, float(rounded_n(count.value, hearing.policy)))


def judge_participation(request: TableRequest, hearing: Hearing) -> Ruling | None:
    """P2: response per group, below or from the class cut; wider audiences get numbers of groups.

    A group smaller than the centre's threshold and a coalition is left out: of six, "below half" is
    two at most, and two who answered would know that nobody else did.
    """
    cut = hearing.policy.class_cut
    least = hearing.policy.threshold_centre + hearing.policy.coalition
    large = [r for r in request.responses if r.handed_out >= least]
    classes = [
        ResponseClass(r.group, *((cut, 1.0) if r.used / r.handed_out >= cut else (0.0, cut)))
        for r in large
    ]
    if hearing.audience.breadth > 0:
        bounds = sorted({(c.low, c.high) for c in classes})
        classes = [
            ResponseClass(None, low, high, sum((c.low, c.high) == (low, high) for c in classes))
            for low, high in bounds
        ]
    if not classes:
        return None
    return Ruling(
        Released(
            request.table,
            request.cell,
            str(request.kind),
            Rung.FIGURES,
            responses=tuple(classes),
        )
    )
