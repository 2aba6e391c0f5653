"""What are the sums per group of a change, however far those who are missing are moved?

With c the change and g whether it was filled in: the sum of c + delta g is that of c plus delta times
how many are filled in, and its squares follow likewise. The rows are summed once for each completed
table, and not again for every delta.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from knutepunkt.analysis.models.arrays import Flags, Floats, Integers
from knutepunkt.analysis.models.moments import GroupMoments, moments_from_sums


@dataclass(frozen=True, eq=False)
class ChangeSums:
    """Sums per group, shape (G,), of every completed table, shape (m, G).

    ``sums`` and ``squares`` are those of the change less ``origin``, ``filled`` the part of ``sums``
    that is filled in; ``rows`` and ``gaps`` count people, and those who are filled in.
    """

    rows: Floats
    gaps: Floats
    sums: Floats
    squares: Floats
    filled: Floats
    origin: float

    @classmethod
    def of(cls, changes: Iterator[Floats], gaps: Flags, group: Integers) -> ChangeSums:
        """Of the changes of each table in turn, shape (n,); ``group`` has codes from 0."""
        groups = int(group.max()) + 1
        origin, found = 0.0, []
        for at, change in enumerate(changes):
            origin = float(change.mean()) if at == 0 else origin
            less = change - origin
            weights = (less, less * less, less[gaps])
            places = (group, group, group[gaps])
            found.append([np.bincount(p, w, groups) for p, w in zip(places, weights, strict=True)])
        sums, squares, filled = np.array(found).swapaxes(0, 1)
        counted = [np.bincount(each, minlength=groups) for each in (group, group[gaps])]
        rows, missing = (each.astype(np.float64) for each in counted)
        return cls(rows, missing, sums, squares, filled, origin)

    def moved(self, delta: float) -> list[GroupMoments]:
        """The sums of each table where those who are filled in are moved by delta."""
        sums = self.sums + delta * self.gaps
        squares = self.squares + 2.0 * delta * self.filled + delta**2 * self.gaps
        return [
            moments_from_sums(
                self.rows,
                self.rows[:, None, None],
                xy[:, None],
                yy,
                names=("(Intercept)",),
                y_origin=self.origin,
            )
            for xy, yy in zip(sums, squares, strict=True)
        ]
