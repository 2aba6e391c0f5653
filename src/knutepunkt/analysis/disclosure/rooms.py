"""How large are the groups, and how else could answers lie in them?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from knutepunkt.analysis.disclosure.people import Flags, Labels, closed_up


@dataclass(frozen=True)
class Rooms:
    """Which group each person is in, and how large each is: other ways to spread answers over them."""

    places: npt.NDArray[np.int_]
    sizes: npt.NDArray[np.int_]

    @classmethod
    def of(cls, groups: Labels) -> Rooms:
        """From the group of each person, shape (n,)."""
        places = closed_up(groups)
        return cls(places, np.bincount(places))

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
        inside: Flags = self._rank < chosen[self.places]
        return inside

    @cached_property
    def _rank(self) -> npt.NDArray[np.int_]:
        """The place of each person in their group, from 0."""
        order = np.argsort(self.places, kind="stable")
        rank = np.empty(order.size, dtype=np.int_)
        starts = np.cumsum(self.sizes) - self.sizes
        rank[order] = np.arange(order.size) - starts[self.places[order]]
        return rank


def _evenly(count: int, sizes: npt.NDArray[np.int_]) -> npt.NDArray[np.int_]:
    """So many people over groups in proportion to their sizes, largest remainders first."""
    wanted = sizes * (count / sizes.sum())
    whole: npt.NDArray[np.int_] = np.floor(wanted).astype(np.int_)
    behind = np.argsort(whole - wanted, kind="stable")[: count - int(whole.sum())]
    whole[behind] += 1
    return whole
