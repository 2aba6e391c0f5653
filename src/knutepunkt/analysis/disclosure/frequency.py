"""How much may a table of categories say?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from knutepunkt.analysis.disclosure.hearing import Hearing, Ruling
from knutepunkt.analysis.disclosure.interval import Crowd
from knutepunkt.analysis.disclosure.ladder import (
    Band,
    Cell,
    Ladder,
    Partition,
    Rung,
    band_cuts,
    band_of,
)
from knutepunkt.analysis.disclosure.likeness import interval_told
from knutepunkt.analysis.disclosure.people import Flags
from knutepunkt.analysis.disclosure.released import CountClass, Released, ReleasedCell
from knutepunkt.analysis.disclosure.rounding import (
    ReleasedNumber,
    released_number,
    rounded_interval,
    rounded_n,
    rounded_percent,
)
from knutepunkt.analysis.disclosure.statements import (
    IntervalOfShare,
    Records,
    TableRequest,
)


def judge_frequency(request: TableRequest, hearing: Hearing) -> Ruling | None:
    """The finest rung of the ladder that exposes nobody; None when not even n may be told.

    The order of the rungs is fixed and known: a share beyond the nearest cut is banded whatever its
    value; else the partitions from finest to coarsest; else the further cuts; else, where the
    figure must always be there, a class; else only n.

    Raises:
        ValueError: the request has no ladder, or answers lie outside its codes.
    """
    records = request.records[0]
    ladder = _ladder_of(request, records)
    populations = hearing.populations(request)
    if not hearing.supports(request, populations):
        return None
    for ruling in _rungs(request, hearing, records, ladder):
        sets = (*populations, *ruling.sets)
        if hearing.withstands(request, sets):
            return Ruling(ruling.released, sets)
    return None


def _ladder_of(request: TableRequest, records: Records) -> Ladder:
    ladder = request.ladder
    if ladder is None or not set(np.unique(records.values[records.valid])) <= set(ladder.codes):
        raise ValueError("a frequency needs a ladder that holds every answer")
    return ladder


def _rungs(
    request: TableRequest, hearing: Hearing, records: Records, ladder: Ladder
) -> Iterator[Ruling]:
    """Every rung that P1, P3 and P5 allow, in the order they are tried."""
    crowd = hearing.crowd(records)
    spoken = _counted(records, ladder.spoken)
    cuts = band_cuts(crowd.total, crowd.sizes, crowd.threshold, hearing.policy)
    # Two classes of different people could be subtracted: one group more or less, and "fewer than
    # five" became "five or more". So a class is told of one set of people only.
    has_class = request.always_shown and not hearing.told_of_others(records)
    if has_class and spoken < crowd.threshold:
        yield _as_class(request, hearing, records, ladder, crowd)
        return
    nearest = band_of(spoken, crowd.total, ladder.spoken, cuts[:1])
    if nearest is not None:
        yield from _as_band(request, hearing, records, crowd, nearest)
    else:
        for partition in ladder.partitions:
            yield from _as_categories(request, hearing, records, crowd, partition)
        further = band_of(spoken, crowd.total, ladder.spoken, cuts)
        if further is not None:
            yield from _as_band(request, hearing, records, crowd, further)
    if has_class:
        yield _as_class(request, hearing, records, ladder, crowd)
    yield Ruling(_shown(request, hearing, records, Rung.ONLY_N))


def _counted(records: Records, cell: Cell) -> int:
    return int((records.in_cell(cell) & records.with_slip).sum())


def _shown(
    request: TableRequest,
    hearing: Hearing,
    records: Records,
    rung: Rung,
    *,
    categories: tuple[ReleasedCell, ...] = (),
    numbers: tuple[ReleasedNumber, ...] = (),
    band: Band | None = None,
    count_class: CountClass | None = None,
) -> Released:
    return Released(
        request.table,
        request.cell,
        str(request.kind),
        rung,
        rounded_n(int(records.valid.sum()), hearing.policy),
        categories=categories,
        numbers=numbers,
        band=band,
        count_class=count_class,
    )


def _as_categories(
    request: TableRequest,
    hearing: Hearing,
    records: Records,
    crowd: Crowd,
    partition: Partition,
) -> Iterator[Ruling]:
    counts = tuple(_counted(records, cell) for cell in partition)
    cells = tuple(_released_cell(request, hearing, records, cell) for cell in partition)
    if (
        all(crowd.supports_cell(count, hearing.policy) for count in counts)
        and crowd.hides_cells(counts, hearing.policy)
        and _inhomogeneous(hearing, cells)
        and _roster_agrees(request, records, partition, hearing)
    ):
        sets = tuple(
            hearing.record_set(request, records, f"cell-{'-'.join(map(str, cell))}", cell=cell)
            for cell in partition
        )
        told = _numbers_beside(request, records, hearing)
        shown = _shown(request, hearing, records, Rung.CATEGORIES, categories=cells, numbers=told)
        yield Ruling(shown, sets)


def _numbers_beside(
    request: TableRequest, records: Records, hearing: Hearing
) -> tuple[ReleasedNumber, ...]:
    """Numbers about the categories (how far coders agree), rounded as P6 says."""
    n = int(records.valid.sum())
    told = (released_number(number, n, hearing.policy) for number in request.numbers)
    return tuple(number for number in told if number is not None)


def _inhomogeneous(hearing: Hearing, cells: tuple[ReleasedCell, ...]) -> bool:
    """P3: no category at 0 or 100 %, not even by rounding."""
    return not hearing.policy.applies("P3") or all(0 < cell.percent < 100 for cell in cells)


def _released_cell(
    request: TableRequest, hearing: Hearing, records: Records, cell: Cell
) -> ReleasedCell:
    valid = records.valid
    n = int(valid.sum())
    members = records.in_cell(cell)[valid]
    percent = rounded_percent(float(members.mean()), n, hearing.policy)
    if request.interval_of is None:
        return ReleasedCell(cell, percent)
    low, high = _interval(request.interval_of, records, members, hearing)
    return ReleasedCell(cell, percent, *rounded_interval(low, high, n, hearing.policy))


def _interval(
    interval_of: IntervalOfShare, records: Records, members: Flags, hearing: Hearing
) -> tuple[float, float]:
    valid = records.valid
    if records.groups is None:
        return interval_of(members, records.participants[valid])
    rooms, policy = hearing.rooms(records), hearing.policy
    if not policy.applies("P3"):
        return interval_of(members, rooms.places)
    return interval_told(interval_of, members, rooms, policy.coalition)


def _roster_agrees(
    request: TableRequest, records: Records, partition: Partition, hearing: Hearing
) -> bool:
    """P4 for roster totals: those who did not answer are nobody, or at least t, in each cell."""
    if not request.roster or not hearing.policy.applies("P4"):
        return True
    totals = dict(request.roster)
    missing = [
        sum(totals.get(code, 0) for code in cell) - _counted(records, cell) for cell in partition
    ]
    return all(gap == 0 or gap >= hearing.threshold for gap in missing)


def _as_band(
    request: TableRequest, hearing: Hearing, records: Records, crowd: Crowd, band: Band
) -> Iterator[Ruling]:
    policy = hearing.policy
    large_side = band.within[0] if band.at_least else crowd.total - band.within[1]
    if crowd.hides_band(band, policy) and crowd.supports_cell(large_side, policy):
        low, high = band.within
        # Harm that were less than t would have been told as that.
        within = (max(low, crowd.threshold), high) if request.always_shown else band.within
        sets = (hearing.record_set(request, records, "band", cell=band.codes, within=within),)
        yield Ruling(_shown(request, hearing, records, Rung.BAND, band=band), sets)


def _as_class(
    request: TableRequest, hearing: Hearing, records: Records, ladder: Ladder, crowd: Crowd
) -> Ruling:
    """Harm is never silent: "fewer than t", zero included, or "t or more"."""
    t = crowd.threshold
    few = _counted(records, ladder.spoken) < t
    within = (0, t - 1) if few else (t, crowd.total)
    told = CountClass(request.cell, t if few else None, None if few else t, ladder.spoken)
    shown = _shown(request, hearing, records, Rung.CLASS, count_class=told)
    spoken = hearing.record_set(request, records, "class", cell=ladder.spoken, within=within)
    return Ruling(shown, (spoken,))
