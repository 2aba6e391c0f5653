"""Does a table minus published tables of parts of it leave people who all answered alike (P3)?

A linked subset may leave twenty people of sixty over. If the category holds as many in the subset
as in the whole, those twenty are nought per cent in it: P4 is content with a difference of nobody,
but the remainder is homogeneous, and whoever knows who was left over knows their answer.
"""

from __future__ import annotations

import functools
import itertools
import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knutepunkt.analysis.disclosure.difference import TooManyComparisons
from knutepunkt.analysis.disclosure.ladder import Cell
from knutepunkt.analysis.disclosure.places import Places, holds, without
from knutepunkt.analysis.disclosure.policy import Policy
from knutepunkt.analysis.disclosure.record_sets import RecordSet


@dataclass(frozen=True)
class _Table:
    """A published table whose counts are known: its people, and who lies in each cell.

    People are bits: see `Places`.
    """

    people: int
    cells: tuple[tuple[Cell, int], ...]
    fresh: bool

    def within(self, codes: Cell) -> int | None:
        """Who lies in these codes; None where the cells do not tell."""
        inside = [(cell, members) for cell, members in self.cells if set(cell) <= set(codes)]
        if sum(len(cell) for cell, _ in inside) != len(codes):
            return None
        return functools.reduce(operator.or_, (members for _, members in inside), 0)


def leaves_people_alike(
    sets: Sequence[RecordSet], proposed: Sequence[RecordSet], policy: Policy, places: Places
) -> bool:
    """Whether a whole minus up to three disjoint parts leaves a category at 0 or 100 %.

    Args:
        sets: every published and proposed set of one variable in one round.
        proposed: the proposed ones; only remainders that need one of them are looked at.
        policy: the policy in force; its ``disjoint_subsets`` and ``comparisons`` apply.
        places: everybody in them.

    Raises:
        TooManyComparisons: there are more remainders than the policy allows to look at.
    """
    if not policy.applies("P3"):
        return False
    tables = _tables(sets, {s.key for s in proposed}, places)
    looked_at = 0
    for whole in tables:
        parts = [t for t in tables if t.people != whole.people and holds(whole.people, t.people)]
        for chosen in _disjoint(parts, policy.disjoint_subsets):
            looked_at += 1
            if looked_at > policy.comparisons:
                raise TooManyComparisons
            if not (whole.fresh or any(t.fresh for t in chosen)):
                continue
            left = functools.reduce(without, (t.people for t in chosen), whole.people).bit_count()
            # Fewer than t are P4's to find.
            if left >= policy.threshold_centre and _alike(whole, chosen, left):
                return True
    return False


def _tables(sets: Sequence[RecordSet], fresh: set[str], places: Places) -> list[_Table]:
    figures: dict[str, list[RecordSet]] = {}
    for each in sets:
        figures.setdefault(each.figure, []).append(each)
    found: dict[tuple[object, ...], _Table] = {}
    for figure in figures.values():
        cells = tuple((s.codes, places.slips(s)) for s in figure if s.codes is not None and s.exact)
        for population in (s for s in figure if s.codes is None):
            people = places.slips(population)
            is_fresh = population.key in fresh
            if cells:
                found.setdefault((people, cells), _Table(people, cells, is_fresh))
    return list(found.values())


def _disjoint(parts: Sequence[_Table], most: int) -> Iterator[tuple[_Table, ...]]:
    for size in range(1, most + 1):
        for chosen in itertools.combinations(parts, size):
            if not any(a.people & b.people for a, b in itertools.combinations(chosen, 2)):
                yield chosen


def _alike(whole: _Table, parts: Sequence[_Table], left: int) -> bool:
    for codes, members in whole.cells:
        inside = [part.within(codes) for part in parts]
        if any(each is None for each in inside):
            continue
        remaining = members.bit_count() - sum((each or 0).bit_count() for each in inside)
        if remaining in (0, left):
            return True
    return False
