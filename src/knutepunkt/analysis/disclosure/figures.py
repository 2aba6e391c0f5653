"""How much may a mean, a model, a flow or a response rate say?"""

from __future__ import annotations

import math

from knutepunkt.analysis.disclosure.hearing import Hearing, Ruling
from knutepunkt.analysis.disclosure.ladder import Rung
from knutepunkt.analysis.disclosure.likeness import told_of_groups
from knutepunkt.analysis.disclosure.released import CountClass, Released, ResponseClass
from knutepunkt.analysis.disclosure.rounding import (
    ReleasedNumber,
    half_up,
    released_number,
    rounded_n,
)
from knutepunkt.analysis.disclosure.spread import (
    Room,
    Spread,
    spread_of,
    told_with,
)
from knutepunkt.analysis.disclosure.statements import (
    Count,
    GroupResponse,
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
    return with_numbers(request, hearing, Ruling(only_n(request, hearing), populations), own)


def judge_model(request: TableRequest, hearing: Hearing) -> Ruling | None:
    """The numbers of a model or a comparison of rounds, where enough observations are to spare."""
    populations = hearing.populations(request)
    if not hearing.supports(request, populations):
        return None
    return with_numbers(request, hearing, Ruling(only_n(request, hearing), populations), [])


def only_n(request: TableRequest, hearing: Hearing) -> Released:
    """How many answered, and nothing else."""
    n = min(int(records.valid.sum()) for records in request.records)
    told = rounded_n(n, hearing.policy)
    return Released(request.table, request.cell, str(request.kind), Rung.ONLY_N, told)


def with_numbers(
    request: TableRequest, hearing: Hearing, bare: Ruling, own: list[Number]
) -> Ruling:
    """The figure with those of its numbers that may be told; as it is bare where none may."""
    means = tuple(_mean_told(records, hearing) for records in request.records)
    told = _told(request, hearing, [*own, *request.numbers], means)
    sets = bare.sets
    if any(number.kind == NumberKind.MEAN for number in told):
        sets = hearing.populations(request, means)
        pairs = zip(request.records, means, strict=True)
        if not all(_hides(records, mean, hearing) for records, mean in pairs):
            return bare
    if not told or not hearing.withstands(request, sets):
        return bare
    shown = bare.released
    released = Released(shown.table, shown.cell, shown.kind, Rung.FIGURES, shown.n, numbers=told)
    return Ruling(released, sets)


def _told(
    request: TableRequest,
    hearing: Hearing,
    candidates: list[Number],
    means: tuple[tuple[float, float], ...],
) -> tuple[ReleasedNumber, ...]:
    """The numbers as P6 and the rule on spread let them out."""
    n = min(int(records.valid.sum()) for records in request.records)
    spreads = [
        spread_of(records, mean, hearing.crowd(records), hearing.policy)
        for records, mean in zip(request.records, means, strict=True)
    ]
    narrowest = min(spreads, key=lambda spread: spread.room)
    kept = _told_beside(told_with(narrowest, candidates), hearing)
    if hearing.policy.applies("P3"):
        kept = told_of_groups(
            kept,
            request.records,
            lambda records: _mean_told(records, hearing),
            within_groups=request.within_groups,
        )
    told = [released_number(number, n, hearing.policy, request.model) for number in kept]
    has_class = narrowest.room < Room.PLENTY and n >= hearing.policy.deviation_from
    asked = any(number.name == "sd" for number in candidates)
    classes = [narrowest.as_class] if has_class and asked else []
    return (*(number for number in told if number is not None), *classes)


def _told_beside(candidates: list[Number], hearing: Hearing) -> list[Number]:
    """The numbers whose further records leave room as well; see `Number.beside`."""
    rooms: dict[Records, Spread] = {}

    def spread(records: Records) -> Spread:
        if records not in rooms:
            mean = _mean_told(records, hearing)
            rooms[records] = spread_of(records, mean, hearing.crowd(records), hearing.policy)
        return rooms[records]

    return [
        number
        for number in candidates
        if all(told_with(spread(records), [number]) for records in number.beside)
    ]


def _mean_told(records: Records, hearing: Hearing) -> tuple[float, float]:
    """The bounds within which the reader knows the mean of the slips, once it is told.

    What is told is the mean of all; whoever gave answers without a slip knows those.
    """
    step = 10.0**-hearing.policy.mean_decimals
    values = records.values[records.valid]
    span = (records.variable.low, records.variable.high)
    if not values.size:
        return span
    told = half_up(float(values.mean()), step)
    low, high = max(span[0], told - step / 2), min(span[1], told + step / 2)
    slips = int(records.counted.sum())
    if slips == values.size:
        return low, high
    without = float(records.values[records.valid & ~records.with_slip].sum())
    own = [(end * values.size - without) / slips for end in (low, high)]
    return max(span[0], own[0]), min(span[1], own[1])


def _hides(records: Records, mean: tuple[float, float], hearing: Hearing) -> bool:
    """Whether the mean, as it is told, leaves room for everyone (P3, P5)."""
    span = (records.variable.low, records.variable.high)
    return hearing.crowd(records).hides_mean(*mean, span, hearing.policy)


def judge_flow(request: TableRequest, hearing: Hearing) -> Ruling | None:
    """The course of a round: small counts, and small remainders of a known total, as classes.

    Where the request names the records behind the counts, two releases with few people between them
    cannot both tell how many answered (P4). Nothing at all is then told of the round: which of its
    questions still could be would tell which ones those few had skipped.
    """
    populations = hearing.populations(request)
    if hearing.published.would_single_out(populations):
        hearing.shut |= {records.round for records in request.records}
        return None
    told = tuple(
        _flow_count(count, hearing) for count in request.counts if _may_be_counted(count, hearing)
    )
    return Ruling(
        Released(request.table, request.cell, str(request.kind), Rung.FIGURES, counts=told),
        populations,
    )


def _may_be_counted(count: Count, hearing: Hearing) -> bool:
    """Whether a count may be told at all: of fewer than 2t either class would say too much."""
    if count.public or count.of is None:
        return True
    return _fewest(count, count.of, hearing) >= 2 * hearing.threshold


def _fewest(count: Count, of: int, hearing: Hearing) -> int:
    """The fewest that the total of a count can be for a reader, who was told it rounded.

    Were the total itself used, a class, or that there is none, would tell it.
    """
    policy = hearing.policy
    if count.of_is_public or of >= policy.coarse_below:
        return of
    return math.ceil(rounded_n(of, policy) - policy.coarse_step / 2)


def _flow_count(count: Count, hearing: Hearing) -> ReleasedNumber | CountClass:
    t = hearing.threshold
    if count.public:
        return ReleasedNumber(count.name, float(count.value), kind="public")
    if count.value < t:
        return CountClass(count.name, t, None)
    if count.of is not None and count.of - count.value < t:
        return CountClass(count.name, None, _fewest(count, count.of, hearing) - t + 1)
    return ReleasedNumber(count.name, float(rounded_n(count.value, hearing.policy)))


def judge_participation(request: TableRequest, hearing: Hearing) -> Ruling | None:
    """P2: response per group, below or from the class cut; wider audiences get numbers of groups.

    A group smaller than the centre's threshold and a coalition is left out: of six, "below half" is
    two at most, and two who answered would know that nobody else did.
    """
    if not hearing.policy.applies("P2"):
        return _participation(request, [_as_counted(r) for r in request.responses])
    cut = hearing.policy.class_cut
    least = hearing.policy.threshold_centre + hearing.policy.coalition
    large = [r for r in request.responses if r.asked >= least]
    classes = [
        ResponseClass(r.group, *((cut, 1.0) if r.used / r.asked >= cut else (0.0, cut)))
        for r in large
    ]
    if hearing.audience.breadth > 0:
        bounds = sorted({(c.low, c.high) for c in classes})
        classes = [
            ResponseClass(None, low, high, sum((c.low, c.high) == (low, high) for c in classes))
            for low, high in bounds
        ]
    return _participation(request, classes)


def _participation(request: TableRequest, classes: list[ResponseClass]) -> Ruling | None:
    shown = Released(
        request.table, request.cell, str(request.kind), Rung.FIGURES, responses=tuple(classes)
    )
    return Ruling(shown) if classes else None


def _as_counted(response: GroupResponse) -> ResponseClass:
    """A group's response as it is; reached only where the suite has switched P2 off."""
    share = response.used / response.asked
    return ResponseClass(response.group, share, share)
