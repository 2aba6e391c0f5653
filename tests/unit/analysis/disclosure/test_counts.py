"""Can the hidden cells of a table of counts be worked out, and are as few as possible hidden?"""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knutepunkt.analysis.disclosure.counts import (
    TOTAL,
    CountTable,
    Demand,
    TableFault,
    TooLarge,
    could_be,
    suppress,
    table_of,
)


def _rows(counts: list[list[int]]) -> list[dict[str, object]]:
    return [
        {"group": f"G{i}", "answer": f"a{j}", "people": value}
        for i, row in enumerate(counts)
        for j, value in enumerate(row)
    ]


def _table(counts: list[list[int]]) -> CountTable:
    return table_of(_rows(counts), by=[("group",), ("answer",)], count="people")


def _worlds(table: CountTable, hidden: np.ndarray) -> list[np.ndarray]:
    """Every table of whole numbers a reader must think possible, found by trying them all."""
    inner = [i for i, key in enumerate(table.keys) if TOTAL not in key]
    top = int(table.counts.max())
    found = []
    for values in product(
        *(range(top + 1) if hidden[i] else [int(table.counts[i])] for i in inner)
    ):
        world = np.zeros_like(table.counts)
        world[inner] = values
        for i, key in enumerate(table.keys):
            if TOTAL in key:
                world[i] = sum(
                    world[j]
                    for j in inner
                    if all(k in (TOTAL, c) for k, c in zip(key, table.keys[j], strict=True))
                )
        if np.all(hidden | (world == table.counts)):
            found.append(world)
    return found


def test_totals_add_up_over_nested_levels() -> None:
    rows = [
        {"org": org, "group": group, "answer": answer, "people": people}
        for org, group, answer, people in [
            ("A", "G1", "yes", 4),
            ("A", "G2", "yes", 2),
            ("B", "G3", "yes", 1),
            ("B", "G3", "no", 7),
        ]
    ]
    table = table_of(rows, by=[("org", "group"), ("answer",)], count="people")
    people = dict(zip(table.keys, table.counts.tolist(), strict=True))
    assert people[("A", "yes")] == 6
    assert people[("B", TOTAL)] == 8
    assert people[(TOTAL, "no")] == 7
    assert people[("G1", "no")] == 0
    assert people[(TOTAL, TOTAL)] == 14
    assert not np.any(table.sums @ table.counts)


def test_subtraction_finds_a_lone_hidden_cell_and_not_ours() -> None:
    table = _table([[1, 9, 8], [7, 8, 9], [9, 7, 6]])
    demand = Demand(threshold=3, reach=3)
    lone = demand.small(table)
    place = int(np.flatnonzero(lone)[0])
    assert could_be(table, lone, place) == (1, 1)
    found = suppress(table, demand, seconds=5.0)
    low, high = could_be(table, found.hidden, place)
    assert low == 0
    assert high >= 3
    assert found.is_smallest
    assert found.hidden.sum() == 4


@settings(max_examples=12, deadline=None)
@given(st.lists(st.lists(st.integers(0, 3), min_size=2, max_size=2), min_size=2, max_size=2))
def test_against_every_table_and_every_choice(counts: list[list[int]]) -> None:
    """The oracle tries all worlds and all smaller choices of hidden cells."""
    table = _table(counts)
    demand = Demand(threshold=2, reach=1)
    small = demand.small(table)
    if np.any(small & np.array([key[1] == TOTAL for key in table.keys])):
        return  # a group of one: sizes are known, nothing about its cell can stay open

    def safe(hidden: np.ndarray) -> bool:
        worlds = _worlds(table, hidden)
        return all(
            any(world[i] == 0 for world in worlds)
            and any(world[i] >= min(1, table.size_above(int(i))) for world in worlds)
            for i in np.flatnonzero(small)
        )

    try:
        found = suppress(table, demand, seconds=5.0)
    except TooLarge:
        assert not safe(np.ones(len(table.keys), dtype=bool))
        return
    assert safe(found.hidden)
    others = np.flatnonzero(~small)
    fewer = int(found.hidden.sum() - small.sum()) - 1
    for chosen in combinations(others, fewer) if fewer >= 0 else ():
        hidden = small.copy()
        hidden[list(chosen)] = True
        assert not safe(hidden)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "no rows"),
        ([{"group": "G1", "people": 3}], 'no column "answer"'),
        ([{"group": "G1", "answer": "a", "people": 2.5}], 'Row 2, column "people"'),
        ([{"group": "G1", "answer": "a", "people": -1}], "zero or more"),
        ([{"group": TOTAL, "answer": "a", "people": 1}], "cannot be a code"),
        ([{"group": "", "answer": "a", "people": 1}], "cannot be a code"),
    ],
)
def test_what_is_no_table_is_told_with_its_place(
    rows: list[dict[str, object]], sentence: str
) -> None:
    with pytest.raises(TableFault, match=sentence):
        table_of(rows, by=[("group",), ("answer",)], count="people")


def test_a_group_in_two_organisations_is_refused() -> None:
    rows = [
        {"org": "A", "group": "G1", "people": 3},
        {"org": "B", "group": "G1", "people": 3},
    ]
    with pytest.raises(TableFault, match=r"Row 3.*both A and B"):
        table_of(rows, by=[("org", "group")], count="people")


def test_out_of_time_shows_nothing() -> None:
    with pytest.raises(TooLarge):
        suppress(_table([[1, 9, 8], [7, 8, 9], [9, 7, 6]]), Demand(3, 3), seconds=-1.0)
