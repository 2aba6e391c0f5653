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
from typing import Any

import numpy as np
import numpy.typing as npt

from knutepunkt.analysis.disclosure.ladder import Partition
from knutepunkt.analysis.disclosure.statements import (
    Flags,
    IntervalOfShare,
    Number,
    NumberKind,
    Reals,
    Records,
)

Labels = npt.NDArray[Any]

#: Parts of the variation inside groups that there would be if people were spread over them by lot.
#: Where there is less, a share is told with the interval of groups of one mind, a model with none.
OF_SHARES, OF_NUMBERS = 3 / 4, 1 / 2

VARIANCES = frozenset({NumberKind.VARIANCE, NumberKind.TRAIT})
TELLING = VARIANCES | {NumberKind.LIMIT, NumberKind.P_VALUE, NumberKind.DEGREES}
"""Kinds of numbers from which it can be seen how alike the members of groups are."""


def placed(groups: Labels) -> Labels:
    """The place of each label among all labels, in order; places themselves are left as they are.

    By hashing: sorting every person's label anew took most of the time of a large table.
    """
    if groups.dtype.kind in "iu":
        return groups
    labels = [str(label) for label in groups.tolist()]
    places = {label: place for place, label in enumerate(sorted(set(labels)))}
    found: Labels = np.array([places[label] for label in labels], dtype=np.int64)
    return found


@dataclass(frozen=True)
class Inside:
    """How much values differ inside groups: the sum of squares there, and what chance would give."""

    found: float
    by_lot: float
    groups: int

    @classmethod
    def of(cls, values: Flags | Reals, groups: Labels) -> Inside:
        """Of values, or of whether each lies in a cell; shapes (n,)."""
        numbers = np.asarray(values, dtype=float)
        _, places = np.unique(placed(groups), return_inverse=True)
        counts = np.bincount(places)
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
    inside = [Inside.of(each, records.groups[valid]) for each in cells]
    return all(each.found >= max(1.0 + known, OF_NUMBERS * each.by_lot) for each in inside)


def scores_differ(inside: Inside, farthest: float) -> bool:
    """Whether people in groups differ so much in a score that what a model says of it may be told.

    Below that there is room for one person ``farthest`` from everybody else in the group.
    """
    return inside.found >= max(farthest**2, OF_NUMBERS * inside.by_lot)


def interval_told(
    interval_of: IntervalOfShare, members: Flags, groups: Labels, known: int
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
    groups = placed(groups)
    rooms = Rooms.of(groups)
    count = int(members.sum())
    narrow = [members, *rooms.one_apart(count)]
    if all(share_differs(Inside.of(each, groups), known) for each in narrow):
        told = narrow
    else:
        told = rooms.of_one_mind(count)
    ends = [interval_of(each, groups) for each in told]
    return min(low for low, _ in ends), max(high for _, high in ends)


@dataclass(frozen=True)
class Rooms:
    """Which group each person is in, and how large each is: other ways to spread answers over them."""

    places: npt.NDArray[np.int_]
    sizes: npt.NDArray[np.int_]

    @classmethod
    def of(cls, groups: Labels) -> Rooms:
        """From the group of each person, shape (n,)."""
        _, places, sizes = np.unique(placed(groups), return_inverse=True, return_counts=True)
        return cls(places, sizes)

    def of_one_mind(self, count: int) -> list[Flags]:
        """Who would be in a cell of so many if groups answered as one, but for a single group.

        Twice: the largest groups are in it, or the smallest. Of all ways to spread so many people
        over these groups, one of the two has its groups farthest apart, or very nearly so.
        """
        order = np.argsort(self.sizes, kind="stable")
        return [self._flags(self._filled(count, each)) for each in (order, order[::-1])]

    def one_apart(self, count: int) -> list[Flags]:
        """Who would be in it if the largest group were of one mind, and the others alike.

        Twice: all of the largest group are in the cell, or none of it; as far as the count allows.
        """
        largest = int(np.argmax(self.sizes))
        others = np.delete(np.arange(self.sizes.size), largest)
        rest = int(self.sizes[others].sum())
        found = []
        for inside in (0, int(self.sizes[largest])):
            if 0 <= count - inside <= rest:
                chosen = np.zeros(self.sizes.size, dtype=np.int_)
                chosen[largest] = inside
                chosen[others] = _evenly(count - inside, self.sizes[others])
                found.append(self._flags(chosen))
        return found

    def _filled(self, count: int, order: npt.NDArray[np.int_]) -> npt.NDArray[np.int_]:
        """How many of each group are in the cell when groups fill up one after the other."""
        before = np.cumsum(self.sizes[order]) - self.sizes[order]
        chosen = np.zeros(self.sizes.size, dtype=np.int_)
        chosen[order] = np.clip(count - before, 0, self.sizes[order])
        return chosen

    def _flags(self, chosen: npt.NDArray[np.int_]) -> Flags:
        """So many of each group, whoever they are."""
        order = np.argsort(self.places, kind="stable")
        rank = np.empty(order.size, dtype=np.int_)
        starts = np.cumsum(self.sizes) - self.sizes
        rank[order] = np.arange(order.size) - starts[self.places[order]]
        inside: Flags = rank < chosen[self.places]
        return inside


def _evenly(count: int, sizes: npt.NDArray[np.int_]) -> npt.NDArray[np.int_]:
    """So many people over groups in proportion to their sizes, largest remainders first."""
    wanted = sizes * (count / sizes.sum())
    whole: npt.NDArray[np.int_] = np.floor(wanted).astype(np.int_)
    behind = np.argsort(whole - wanted, kind="stable")[: count - int(whole.sum())]
    whole[behind] += 1
    return whole


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
    return scores_differ(Inside.of(records.values[valid], records.groups[valid]), farthest)
