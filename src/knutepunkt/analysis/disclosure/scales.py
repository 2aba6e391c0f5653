"""Do a scale's mean and its items' bands still leave each other room (P5 across questions)?

A table whose counts are known is safe beside any mean: exchanging whole participants changes
neither. A band is safe because its total may be another than it is; then the items' sums change, and
the scale's mean, as it was told, must still be possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knutepunkt.analysis.disclosure.people import largest_group
from knutepunkt.analysis.disclosure.policy import Policy
from knutepunkt.analysis.disclosure.record_sets import RecordSet

Range = tuple[float, float]


@dataclass(frozen=True)
class _Item:
    """What is known of one item: its people, its range, and each told cell with its bounds."""

    people: int
    span: Range
    cells: tuple[RecordSet, ...]

    def sums(self, narrowed: RecordSet | None = None, bounds: tuple[int, int] = (0, 0)) -> Range:
        """The lowest and highest possible sum of answers; a cell may be narrowed further."""
        low, high, left = 0.0, 0.0, self.people
        named = [code for cell in self.cells for code in cell.codes or ()]
        if not self.cells or len(named) != len(set(named)):
            return self.people * self.span[0], self.people * self.span[1]
        rest = sorted(set(range(round(self.span[0]), round(self.span[1]) + 1)) - set(named))
        if all(cell.exact for cell in self.cells):
            for cell in self.cells:
                codes = cell.codes or ()
                low, high = low + cell.low * min(codes), high + cell.low * max(codes)
                left -= cell.low
            return low + left * self.span[0], high + left * self.span[1]
        [cell, *_] = self.cells
        fewest, most = bounds if cell is narrowed else (cell.low, cell.high)
        codes, others = cell.codes or (), rest or list(cell.codes or ())
        ends = [
            (
                count * min(codes) + (left - count) * min(others),
                count * max(codes) + (left - count) * max(others),
            )
            for count in (fewest, most)
        ]
        return min(e[0] for e in ends), max(e[1] for e in ends)


def scales_leave_room(
    everything: Iterable[RecordSet], proposed: Sequence[RecordSet], policy: Policy
) -> bool:
    """Whether every scale whose mean is told agrees with each of its items' bands taken widely.

    Args:
        everything: all published and proposed sets.
        proposed: the proposed ones; only scales they touch are looked at.
        policy: the policy in force.
    """
    sets = list(everything)
    touched = {(s.variable, s.round) for s in proposed}
    scales = [s for s in sets if s.mean is not None and s.components]
    return all(
        _scale_leaves_room(scale, sets, policy)
        for scale in scales
        if touched & {(name, scale.round) for name in (scale.variable, *dict(scale.components))}
    )


def _scale_leaves_room(scale: RecordSet, sets: Sequence[RecordSet], policy: Policy) -> bool:
    items = {name: _item(name, scale, sets) for name, _ in scale.components}
    reverse = dict(scale.components)
    low, high = scale.mean or scale.span
    answered = sum(item.people for item in items.values())
    expected = scale.low * len(items)
    slack = abs(expected - answered) * scale.span[1]
    target = (expected * low - slack, expected * high + slack)
    for name, item in items.items():
        for cell in (c for c in item.cells if not c.exact):
            for bounds in _worlds(cell, item, scale, policy):
                ranges = [
                    _as_scored(
                        other.sums(cell, bounds) if key == name else other.sums(),
                        other,
                        backwards=reverse[key],
                    )
                    for key, other in items.items()
                ]
                total = (sum(r[0] for r in ranges), sum(r[1] for r in ranges))
                if total[0] > target[1] or total[1] < target[0]:
                    return False
    return True


def _item(name: str, scale: RecordSet, sets: Sequence[RecordSet]) -> _Item:
    """The latest table of an item in the scale's round."""
    own = [s for s in sets if (s.variable, s.round) == (name, scale.round)]
    cells = [s for s in own if s.codes is not None]
    figure = cells[-1].figure if cells else None
    populations = [s for s in own if s.codes is None and s.figure == figure]
    people = populations[-1].low if populations else scale.low
    return _Item(people, scale.span, tuple(s for s in cells if s.figure == figure))


def _worlds(
    cell: RecordSet, item: _Item, scale: RecordSet, policy: Policy
) -> Iterable[tuple[int, int]]:
    """The worlds a band promises: a whole group on its small side, and enough of them."""
    needed = largest_group(scale.groups) + policy.coalition
    if cell.low <= item.people - needed <= cell.high:
        yield cell.low, item.people - needed
    if cell.low <= needed <= cell.high:
        yield needed, cell.high


def _as_scored(sums: Range, item: _Item, *, backwards: bool) -> Range:
    if not backwards:
        return sums
    mirror = item.people * (item.span[0] + item.span[1])
    return mirror - sums[1], mirror - sums[0]
