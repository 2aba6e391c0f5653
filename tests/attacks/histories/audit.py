"""What could readers and coalitions work out from a whole history? No code of the gate is used.

For every question, every circle of readers and coalitions of up to two (and, for the record, three)
members of one group: is somebody's answer certain, and may none, and may enough, of the other
members lie in each cell that was told?
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tests.attacks.histories.life import CODES, Life, Shown
from tests.attacks.releases.reader import Question, Told, forced, statements

THRESHOLD = {"centre": 5, "public": 10}
SEARCHES = 2


@dataclass
class Found:
    """What an audit looked at, and what it found; ``three`` is about coalitions of three."""

    looked_at: int = 0
    exact: list[str] = field(default_factory=list)
    bounds: list[str] = field(default_factory=list)
    three: int = 0
    three_of: int = 0

    @property
    def is_safe(self) -> bool:
        """Nothing certain, and the bound holds for coalitions of up to two."""
        return not self.exact and not self.bounds


@dataclass(frozen=True)
class View:
    """One question as one circle of readers sees it."""

    name: str
    threshold: int
    told: tuple[Told, ...]
    groups: dict[str, str]
    answers: dict[str, float]


def told_by(shown: Shown) -> list[Told]:
    """A figure's statements; means of a model are named by round."""
    figure = dict(shown.figure)
    wanted = ("mean", f"mean@{shown.round}")
    figure["numbers"] = [
        {**n, "name": "mean"} for n in figure["numbers"] if n["name"] in wanted and "value" in n
    ]
    return statements(figure, shown.members)


def views(life: Life) -> Iterator[View]:
    for key, answers in life.answers.items():
        for audience, threshold in THRESHOLD.items():
            read = [
                s
                for s in life.shown
                if (s.variable, s.round) == key and (audience == "centre" or s.audience == audience)
            ]
            told = tuple(dict.fromkeys(t for s in read for t in told_by(s)))
            people = frozenset().union(*(t.population for t in told))
            groups = {p: g for p, g in life.groups[key].items() if p in people}
            if told:
                name = f"{audience} {'/'.join(key)}"
                yield View(name, threshold, simplest(told), groups, answers)


def simplest(told: tuple[Told, ...]) -> tuple[Told, ...]:
    """The same, with bounds on one cell put together and sums of told cells left out."""
    joined: dict[tuple[frozenset[str], Any], tuple[float, float]] = {}
    for one in told:
        low, high = joined.get((one.population, one.codes), (-np.inf, np.inf))
        joined[one.population, one.codes] = max(low, one.low), min(high, one.high)
    found = [Told(p, c, low, high) for (p, c), (low, high) in joined.items()]
    return tuple(one for one in found if not _is_sum(one, found))


def _is_sum(one: Told, others: list[Told]) -> bool:
    if one.codes is None:
        return False
    inside = [
        set(o.codes)
        for o in others
        if o.codes
        and o.population == one.population
        and o.low == o.high
        and set(o.codes) < set(one.codes)
    ]
    return set().union(*inside) == set(one.codes) if inside else False


def is_single(view: View) -> bool:
    """One table of disjoint cells on one population: bounds follow without a search."""
    cells = [c for t in view.told for c in t.codes or ()]
    return (
        len({t.population for t in view.told}) == 1
        and all(t.codes for t in view.told)
        and len(cells) == len(set(cells))
    )


def audit(life: Life, seed: int) -> Found:
    found, rng = Found(), np.random.default_rng([seed, 2])
    for view in views(life):
        for told in view.told:
            check_truth(view, told)
        if is_single(view):
            look_closely(view, found)
        else:
            search(view, found, rng)
    return found


def check_truth(view: View, told: Told) -> None:
    """What was told is true; otherwise the audit would look at the wrong thing."""
    inside = [view.answers[p] for p in told.population]
    value = sum(a in told.codes for a in inside) if told.codes else sum(inside)
    assert told.low - 1e-6 <= value <= told.high + 1e-6 or told.codes is None, (view.name, told)


def look_closely(view: View, found: Found) -> None:
    """Every group, every cell, and the coalitions whose answers bound it most."""
    [population] = {t.population for t in view.told}
    for group in sorted(set(view.groups.values())):
        members = [p for p in population if view.groups[p] == group]
        for told in view.told:
            for k in range(min(4, len(members))):
                inside = sum(view.answers[p] in (told.codes or ()) for p in members)
                for known in {min(k, inside), k - min(k, len(members) - inside)}:
                    m = len(members) - k
                    rest = len(population) - len(members)
                    low = max(0, int(np.ceil(told.low)) - known - rest)
                    high = min(m, int(told.high) - known)
                    judge_block(view, told, (low, high), m, k, found, group)


def judge_block(
    view: View, told: Told, ends: tuple[int, int], m: int, k: int, found: Found, group: str
) -> None:
    if m < 1:
        return
    found.looked_at += 1
    # P3 lets a table of harm say "fewer than t": that few were harmed is told, who was is not.
    is_class = told.codes == (3, 4, 5) and told.low < told.high
    broken = ends[0] > 0 or (ends[1] < min(view.threshold, m) and not is_class)
    if is_class and ends[1] == 0:
        return
    where = f"{view.name} {group} {told.codes} {ends} of {m}, coalition of {k}"
    if k == 3:
        found.three_of += 1
        found.three += broken
    elif forced(*ends, m):
        found.exact.append(where)
    elif broken:
        found.bounds.append(where)


def search(view: View, found: Found, rng: np.random.Generator) -> None:
    """Overlapping tables or a mean: look for the worlds, for some groups and for some people."""
    question = Question(view.told, view.groups, CODES)
    # A mean speaks about the ends of its scale.
    ends_of = [t.population for t in view.told if t.codes is None]
    cells = [t for t in view.told if t.codes]
    cells += [Told(p, (c,), 0, len(p)) for p in ends_of for c in (CODES[0], CODES[-1])]
    often = [p for p in view.groups if any(p not in t.population for t in view.told)]
    groups = sorted(set(view.groups.values()))
    for _ in range(SEARCHES if cells else 0):
        told = cells[int(rng.integers(len(cells)))]
        group = groups[int(rng.integers(len(groups)))]
        if often:
            group = view.groups[often[int(rng.integers(len(often)))]]
        members = sorted(p for p in told.population if view.groups[p] == group)
        k = int(rng.choice([0, 1, 2, 2, 3]))
        if len(members) <= k:
            continue
        known = {p: int(view.answers[p]) for p in rng.choice(members, k, replace=False)}
        ends = question.bounds([p for p in members if p not in known], told.codes or (), known)
        judge_block(view, told, ends, len(members) - k, k, found, group)
        alone = sorted((set(often) & set(view.groups)) - set(known))
        if alone and k < 3:
            person = alone[int(rng.integers(len(alone)))]
            if forced(*question.bounds([person], told.codes or (), known), 1):
                found.exact.append(f"{view.name} {person} {told.codes}, coalition of {k}")
