"""Whenever the gate calls a question open, a search through every world agrees.

The oracle knows nothing of blocks, patterns or solvers: it lists every way in which twelve people
may have answered, keeps those that agree with what was published, and asks, for every group and
every coalition of one or two of its members or another group's, with whatever they answered,
whether nobody and whether enough of the other members can lie in the cell.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from knutepunkt.analysis.disclosure import Policy, RecordSet, kp1
from knutepunkt.analysis.disclosure.interval import Crowd
from knutepunkt.analysis.disclosure.witness import Budget, stays_open

PEOPLE = [f"p{i:02}" for i in range(12)]
GROUPS = {person: f"g{i // 3}" for i, person in enumerate(PEOPLE)}
THRESHOLD, COALITION = 2, 1
POLICY: Policy = replace(
    kp1(), threshold_centre=THRESHOLD, coalition=COALITION, witnesses=100_000, solver_seconds=10.0
)
WORLDS: npt.NDArray[np.int_] = np.array(list(itertools.product((0, 1), repeat=12)))

Published = list[tuple[frozenset[str], int, int]]


def sets_of(published: Published, answers: list[int]) -> list[RecordSet]:
    """Each population with a count of ones known within bounds, as the gate remembers it."""
    sets: list[RecordSet] = []
    for place, (members, low, high) in enumerate(published):
        ones = frozenset(p for p in members if answers[PEOPLE.index(p)] == 1)
        common = {
            "variable": "v",
            "round": "r",
            "audience": "centre",
            "without_slip": frozenset(),
            "span": (0, 1),
        }
        groups = {p: GROUPS[p] for p in members}
        sets.append(
            RecordSet(
                key=f"1:T:{place}:population-0",
                codes=None,
                participants=members,
                low=len(members),
                high=len(members),
                groups=groups,
                **common,  # type: ignore[arg-type]
            )
        )
        spans = [((1,), ones, low, high)]
        if low == high:
            rest = len(members) - low
            spans.append(((0,), members - ones, rest, rest))
        for codes, inside, lowest, highest in spans:
            sets.append(
                RecordSet(
                    key=f"1:T:{place}:cell-{codes[0]}",
                    codes=codes,
                    participants=inside,
                    low=lowest,
                    high=highest,
                    groups={p: GROUPS[p] for p in inside},
                    **common,  # type: ignore[arg-type]
                )
            )
    return sets


def coalitions() -> Iterator[tuple[int, ...]]:
    for size in range(COALITION + 1):
        for members in itertools.combinations(range(12), size):
            if len({GROUPS[PEOPLE[i]] for i in members}) <= 1:
                yield members


def open_by_enumeration(published: Published) -> bool:
    """The definition of P5, by listing every world."""
    worlds = WORLDS
    for members, low, high in published:
        places = [PEOPLE.index(p) for p in members]
        counts = worlds[:, places].sum(axis=1)
        worlds = worlds[(counts >= low) & (counts <= high)]
    for known in coalitions():
        for answers in {tuple(w) for w in worlds[:, known].tolist()}:
            left = worlds[(worlds[:, known] == answers).all(axis=1)]
            for (members, _, _), group, code in itertools.product(
                published, sorted(set(GROUPS.values())), (0, 1)
            ):
                others = [
                    i
                    for i, p in enumerate(PEOPLE)
                    if p in members and GROUPS[p] == group and i not in known
                ]
                if not others:
                    continue
                inside = (left[:, others] == code).sum(axis=1)
                if inside.min() > 0 or inside.max() < min(THRESHOLD, len(others)):
                    return False
    return True


@st.composite
def publications(draw: st.DrawFn) -> tuple[Published, list[int]]:
    answers = draw(st.lists(st.integers(0, 1), min_size=12, max_size=12))
    populations = [frozenset(PEOPLE)]
    if draw(st.booleans()):
        left_out = draw(st.sets(st.sampled_from(PEOPLE), min_size=1, max_size=6))
        populations.append(frozenset(PEOPLE) - left_out)
    published: Published = []
    for members in populations:
        count = sum(answers[PEOPLE.index(p)] for p in members)
        slack = draw(st.sampled_from([0, 0, 2, 4]))
        low = max(0, count - draw(st.integers(0, slack)))
        published.append((members, low, min(len(members), low + slack)))
    published = [
        (m, low, high if high >= sum(answers[PEOPLE.index(p)] for p in m) else len(m))
        for m, low, high in published
    ]
    return published, answers


@settings(max_examples=60, deadline=None)
@given(publications())
def test_what_the_gate_calls_open_is_open_in_every_world(
    publication: tuple[Published, list[int]],
) -> None:
    published, answers = publication
    budget = Budget(100_000, 10.0)
    one_table = len(published) == 1
    if one_table:
        (members, low, high) = published[0]
        crowd = Crowd(len(members), (3, 3, 3, 3), THRESHOLD)
        verdict = crowd.hides_range(low, high, POLICY) and crowd.hides_range(
            12 - high, 12 - low, POLICY
        )
    else:
        verdict = stays_open(sets_of(published, answers), POLICY, budget)
    if verdict:
        assert open_by_enumeration(published)


def test_the_gate_is_not_merely_strict() -> None:
    """On single tables the closed form and the enumeration agree exactly."""
    for count in range(13):
        crowd = Crowd(12, (3, 3, 3, 3), THRESHOLD)
        verdict = crowd.hides_cells((count, 12 - count), POLICY)
        assert verdict == open_by_enumeration([(frozenset(PEOPLE), count, count)]), count


def test_a_leak_between_overlapping_tables_is_seen() -> None:
    """Six of twelve said yes, and so did six of the nine that are left without the last group."""
    answers = [1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 0, 0]
    whole, part = frozenset(PEOPLE), frozenset(PEOPLE[:9])
    published: Published = [(whole, 6, 6), (part, 6, 6)]
    assert not open_by_enumeration(published)
    assert not stays_open(sets_of(published, answers), POLICY, Budget(10_000, 10.0))


def test_overlapping_tables_with_room_stay_open() -> None:
    answers = [1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 0]
    whole = frozenset(PEOPLE)
    part = whole - {PEOPLE[0], PEOPLE[4], PEOPLE[8], PEOPLE[10]}
    published: Published = [(whole, 6, 6), (part, 2, 6)]
    assert open_by_enumeration(published)
    assert stays_open(sets_of(published, answers), POLICY, Budget(10_000, 10.0))
