"""Which cells and totals does a table of counts have, and which of them add up to which?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

#: The code of a total along a dimension.
TOTAL = "Total"

Key = tuple[str, ...]
#: A dimension: names of its levels from coarse to fine, ("organisation", "group") or ("answer",).
Dimension = tuple[str, ...]


class TableFault(ValueError):
    """The counts do not make a table; says what and where."""


@dataclass(frozen=True, eq=False)
class CountTable:
    """Counts with all their totals.

    Attributes:
        dimensions: names of the finest level of each dimension, in the order of a key.
        keys: one code per dimension for every cell, totals included; length C.
        counts: whole numbers of people, shape (C,).
        sums: signed incidence, shape (R, C): each row is the parts of a total (+1) minus the
            total (-1), so that ``sums @ counts`` is zero.
    """

    dimensions: tuple[str, ...]
    keys: tuple[Key, ...]
    counts: NDArray[np.int64]
    sums: NDArray[np.float64]

    def size_above(self, place: int) -> int:
        """People in the smallest total along the first dimension that holds this cell.

        The sizes of the groups somebody belongs to are what everyone knows.
        """
        wanted = (self.keys[place][0], *(TOTAL,) * (len(self.dimensions) - 1))
        return int(self.counts[self.keys.index(wanted)])


def table_of(
    rows: Iterable[Mapping[str, object]], *, by: Sequence[Dimension], count: str
) -> CountTable:
    """The table with every total, from counts of its innermost cells.

    Args:
        rows: one mapping per row of the data: codes by level name, and the count.
        by: the dimensions; several levels of one dimension stand from coarse to fine, and each
            fine code must lie in one coarse code.
        count: the name of the column of counts.

    Returns:
        The table. Cells that no row names have count zero.

    Raises:
        TableFault: a column is missing, a count is not a whole number of at least zero, a code is
            reserved, or a fine code lies in two coarse ones.
    """
    dimensions = tuple(levels[-1] for levels in by)
    inner: dict[Key, int] = {}
    parents: list[dict[str, Key]] = [{} for _ in by]
    for number, row in enumerate(rows, start=2):
        key = tuple(_code(row, levels[-1], number) for levels in by)
        for place, levels in enumerate(by):
            chain = tuple(_code(row, level, number) for level in levels[:-1])
            known = parents[place].setdefault(key[place], chain)
            if known != chain:
                raise TableFault(
                    f'Row {number}: "{key[place]}" lies in both {" / ".join(known)} and '
                    f"{' / '.join(chain)}. Each {levels[-1]} must lie in one {levels[-2]}."
                )
        inner[key] = inner.get(key, 0) + _count(row, count, number)
    if not inner:
        raise TableFault("The file has no rows to count.")
    steps = [_steps(found) for found in parents]
    keys = tuple(product(*(list(found) for found in steps)))
    counts = _with_totals(keys, inner, parents)
    return CountTable(dimensions, keys, counts, _sums(keys, steps))


def _code(row: Mapping[str, object], name: str, number: int) -> str:
    if name not in row:
        raise TableFault(f'The file has no column "{name}". Its columns are: {", ".join(row)}.')
    text = str(row[name] if row[name] is not None else "").strip()
    if text in {"", TOTAL}:
        raise TableFault(
            f'Row {number}, column "{name}": "{text}" cannot be a code. '
            f'Give every row a code; totals are worked out, so leave rows with "{TOTAL}" out.'
        )
    return text


def _count(row: Mapping[str, object], name: str, number: int) -> int:
    if name not in row:
        raise TableFault(f'The file has no column "{name}". Its columns are: {", ".join(row)}.')
    try:
        value = float(str(row[name]).replace(",", "."))
    except ValueError:
        value = -1.0
    if value < 0 or value != int(value):
        raise TableFault(
            f'Row {number}, column "{name}": "{row[name]}" is not a number of people. '
            "Write a whole number, zero or more."
        )
    return int(value)


def _steps(parents: Mapping[str, Key]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Every code of a dimension with the ways it is a sum: total first, then coarse, then fine."""
    fine = tuple(parents)
    above: dict[str, tuple[str, ...]] = {}
    for depth in range(len(next(iter(parents.values())))):
        for code, chain in parents.items():
            below = chain[depth + 1] if depth + 1 < len(chain) else code
            kept = above.setdefault(chain[depth], ())
            if below not in kept:
                above[chain[depth]] = (*kept, below)
    tops = tuple(dict.fromkeys(chain[0] if chain else code for code, chain in parents.items()))
    steps = {TOTAL: (tops,)}
    steps |= {coarse: (parts,) for coarse, parts in above.items()}
    return steps | dict.fromkeys(fine, ())


def _with_totals(
    keys: Sequence[Key], inner: Mapping[Key, int], parents: Sequence[Mapping[str, Key]]
) -> NDArray[np.int64]:
    place = {key: index for index, key in enumerate(keys)}
    counts = np.zeros(len(keys), dtype=np.int64)
    for key, value in inner.items():
        levels = [(code, *parents[dimension][code], TOTAL) for dimension, code in enumerate(key)]
        for total in product(*levels):
            counts[place[total]] += value
    return counts


def _sums(
    keys: Sequence[Key], steps: Sequence[Mapping[str, tuple[tuple[str, ...], ...]]]
) -> NDArray[np.float64]:
    place = {key: index for index, key in enumerate(keys)}
    rows = []
    for key in keys:
        for dimension, code in enumerate(key):
            for parts in steps[dimension][code]:
                row = np.zeros(len(keys))
                row[place[key]] = -1.0
                for part in parts:
                    row[place[(*key[:dimension], part, *key[dimension + 1 :])]] += 1.0
                rows.append(row)
    return np.array(rows) if rows else np.zeros((0, len(keys)))
