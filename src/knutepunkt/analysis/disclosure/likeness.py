"""How alike may the members of a group be seen to be?

Whoever knows that every group answered as one knows from their own answer what everybody else in
their group said; whoever knows that no group did knows something of each. What tells it is whatever
is adjusted for groups: variances, and the ends of intervals, which grow with how alike people in a
group are. That such a number is not there tells it as well. So a share always has an interval, the
same for all centres in which groups are rather alike; and where the numbers of a model stay behind,
so they do for a wide class of centres.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from knutepunkt.analysis.disclosure.ladder import Partition
from knutepunkt.analysis.disclosure.people import Flags, Labels
from knutepunkt.analysis.disclosure.rooms import Rooms
from knutepunkt.analysis.disclosure.statements import (
    IntervalOfShare,
    Number,
    NumberKind,
    Reals,
    Records,
)

#: Parts of the variation inside groups that there would be if people were spread over them by lot.
#: Where there is less, a share is told with the interval of groups of one mind, a model with none.
OF_SHARES, OF_NUMBERS = 3 / 4, 1 / 2

VARIANCES = frozenset({NumberKind.VARIANCE, NumberKind.TRAIT})
TELLING = VARIANCES | {NumberKind.LIMIT, NumberKind.P_VALUE, NumberKind.DEGREES}
"""Kinds of numbers from which it can be seen how alike the members of groups are."""


@dataclass(frozen=True)
class Inside:
    """How much values differ inside groups: the sum of squares there, and what chance would give."""

    found: float
    by_lot: float
    groups: int

    @classmethod
    def of(cls, values: Flags | Reals, groups: Labels | Rooms) -> Inside:
        """Of values, or of whether each lies in a cell; shapes (n,)."""
        numbers = np.asarray(values, dtype=float)
        rooms = groups if isinstance(groups, Rooms) else Rooms.of(groups)
        places, counts = rooms.places, rooms.sizes
        means = np.bincount(places, weights=numbers) / counts
        total = float(((numbers - numbers.mean()) ** 2).sum())
        by_lot = total * (numbers.size - counts.size) / max(numbers.size - 1, 1)
        return cls(float(((numbers - means[places]) ** 2).sum()), by_lot, counts.size)


def share_differs(inside: Inside, known: int) -> bool:
    """Whether people in groups differ so much on a category that its own interval may be told.

    Below that there is room for one who differs from everybody else in each group, and one more (as
    far as the share itself has room for them), and for one opposite to a whole group beside a
    coalition of ``known``: nobody can prove that any group is of one mind.
    """
    one_in_each = min(inside.groups + 1.0, OF_SHARES * inside.by_lot)
    return inside.found >= max(1.0 + known, one_in_each)


def cells_differ(records: Records, partition: Partition, known: int) -> bool:
    """Whether people in groups differ so much on every cell that a comparison of them may be told.

    Where groups are of one mind on a cell no odds can be found, and that there are none would say so.
    """
    if records.groups is None:
        return True
    valid = records.valid
    cells = [records.in_cell(cell)[valid] for cell in partition]
    rooms = Rooms.of(records.roster.codes[valid])
    inside = [Inside.of(each, rooms) for each in cells]
    return all(each.found >= max(1.0 + known, OF_NUMBERS * each.by_lot) for each in inside)


def scores_differ(inside: Inside, farthest: float) -> bool:
    """Whether people in groups differ so much in a score that what a model says of it may be told.

    Below that there is room for one person ``farthest`` from everybody else in the group.
    """
    return inside.found >= max(farthest**2, OF_NUMBERS * inside.by_lot)


def interval_told(
    interval_of: IntervalOfShare, members: Flags, groups: Labels | Rooms, known: int
) -> tuple[float, float]:
    """The interval of a share as it may be told: never as narrow or as wide as alike groups make it.

    Where people are rather alike inside groups, it is the interval of groups of one mind, about the
    widest there is for this share and these groups. Where groups are rather like each other, it is
    the interval of a centre in which the largest group is of one mind and all others are like each
    other: a narrower one would prove of every group that it is not. Both hold the true share at
    least as often as they should, and a reader learns no more than that groups may be of one mind.

    Args:
        interval_of: see ``TableRequest.interval_of``.
        members: shape (n,), who is in the cell.
        groups: shape (n,), the group of each.
        known: members of a coalition, whose answers take room.
    """
    rooms = groups if isinstance(groups, Rooms) else Rooms.of(groups)
    count = int(members.sum())
    narrow = [members, *rooms.one_apart(count)]
    if all(share_differs(Inside.of(each, rooms), known) for each in narrow):
        told = narrow
    else:
        told = rooms.of_one_mind(count)
    ends = [interval_of(each, rooms.places) for each in told]
    return min(low for low, _ in ends), max(high for _, high in ends)


def told_of_groups(
    candidates: list[Number],
    records: tuple[Records, ...],
    mean_of: Callable[[Records], tuple[float, float]],
    *,
    within_groups: bool,
) -> list[Number]:
    """The numbers that may be told given how alike the members of groups are.

    Args:
        candidates: the numbers asked for.
        records: what they rest on.
        mean_of: the bounds within which a reader knows the mean of some records.
        within_groups: whether every number rests on differences inside groups.
    """
    rooms: dict[tuple[Records, bool], bool] = {}

    def leaves_room(each: Records, *, whole: bool) -> bool:
        if (each, whole) not in rooms:
            rooms[each, whole] = _leaves_room(each, mean_of(each), whole=whole)
        return rooms[each, whole]

    def may_be_told(number: Number) -> bool:
        whole = within_groups or number.kind in VARIANCES
        if not (whole or number.of_groups or number.kind in TELLING):
            return True
        # Of changes, room for one who moved as far as they are looked at: half of the scale.
        return all(leaves_room(each, whole=whole) for each in records) and all(
            leaves_room(each, whole=False) for each in number.beside
        )

    return [number for number in candidates if may_be_told(number)]


def _leaves_room(records: Records, mean: tuple[float, float], *, whole: bool) -> bool:
    """Room for one person at the far end of the scale: from its other end, or from the mean."""
    if records.groups is None:
        return True
    low, high = records.variable.low, records.variable.high
    farthest = high - low if whole else max(abs(end - m) for end in (low, high) for m in mean)
    valid = records.valid
    return scores_differ(Inside.of(records.values[valid], records.roster.codes[valid]), farthest)
