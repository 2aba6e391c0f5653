"""When does a standard deviation, or how alike groups are, say what somebody answered?"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np
import pytest

from knutepunkt.analysis.disclosure import (
    Audience,
    Component,
    Kind,
    Ledger,
    ModelSize,
    Number,
    NumberKind,
    Records,
    Released,
    TableRequest,
    Variable,
    judge,
    kp1,
)
from tests.unit.analysis.disclosure.centres import answers, records

EXTRAS = (
    Number("sem", 0.31, NumberKind.DEVIATION),
    Number("alpha", 0.81, NumberKind.COEFFICIENT),
)


def told(data: Records, *extras: Number) -> dict[str, object]:
    [shown] = release(TableRequest("T5", "BEN", Kind.MEAN, (data,), numbers=extras))
    return {n.name: n.value if n.value is not None else (n.low, n.high) for n in shown.numbers}


def release(*requests: TableRequest) -> tuple[Released, ...]:
    return judge(requests, policy=kp1(), audience=Audience.CENTRE, ledger=Ledger()).released


def test_sixty_who_all_answered_four_are_not_given_away_by_no_spread() -> None:
    shown = told(records([4] * 60), *EXTRAS)
    assert shown == {"mean": 4.0, "sd": (0.0, pytest.approx(0.9))}


def test_the_class_is_the_same_whatever_the_small_spread() -> None:
    spreads = [answers([0, 0, k, 60 - 2 * k, k]) for k in range(0, 9)]
    assert all(told(records(values))["sd"] == (0.0, 0.9) for values in spreads)


def test_an_ordinary_spread_is_told_with_what_belongs_to_it() -> None:
    assert told(records(answers([6, 8, 10, 20, 16])), *EXTRAS) == {
        "mean": 3.5,
        "sd": 1.3,
        "sem": 0.3,
        "alpha": 0.81,
    }


def test_a_moderately_small_spread_keeps_the_reliability() -> None:
    """A score of five questions for sixty: known to be less than 0.9, yet not so small as 0.5."""
    items = tuple(Component(f"B{i}") for i in range(5))
    scores = [3.4, 3.6, 3.8, 4.0, 4.2, 4.4, 4.6, 4.8, 5.0, 3.0] * 6
    shown = told(records(scores, variable=Variable("BEN", 1, 5, items)), *EXTRAS)
    assert shown["alpha"] == 0.81
    assert shown["sd"] == (0.0, 0.9)
    assert "sem" not in shown


def test_nearly_all_at_the_two_ends_is_a_class_too() -> None:
    low, high = told(records(answers([30, 0, 0, 0, 30])))["sd"]  # type: ignore[misc]
    assert high is None
    assert low < 2.0


def worlds(n: int, mean: float, upper: float) -> Iterator[tuple[int, ...]]:
    """Every way n people can spread over five points with that mean and at most that deviation."""
    for counts in itertools.product(range(n + 1), repeat=4):
        last = n - sum(counts)
        if last < 0:
            continue
        people = np.repeat([1, 2, 3, 4, 5], [*counts, last])
        if abs(people.mean() - mean) <= 0.05 and people.std(ddof=1) < upper - 0.05:
            yield (*counts, last)


@pytest.mark.parametrize("values", [[3] * 20, [3] * 19 + [4], [3] * 10 + [4] * 10])
def test_every_end_stays_open_in_the_class_by_listing_every_world(values: list[int]) -> None:
    """Twenty people in groups of four: with two known at either end, a third may be there too."""
    data = records(values, group_size=4)
    shown = told(data)
    low, upper = shown["sd"]  # type: ignore[misc]
    assert low == 0.0
    found = list(worlds(20, float(shown["mean"]), upper))  # type: ignore[arg-type]
    for code in (0, 4):
        assert any(world[code] >= 3 for world in found)
    for code in range(5):
        assert any(world[code] + 2 <= 20 - 4 for world in found)


def test_a_model_of_people_who_all_answered_alike_tells_its_mean_alone() -> None:
    """The mean is what T5 tells of them too; the ends of its interval would tell the spread."""
    numbers = (
        Number("mean@a", 4.0, NumberKind.MEAN),
        Number("mean_low@a", 4.0, NumberKind.LIMIT),
        Number("p@a", 0.5, NumberKind.P_VALUE),
    )
    size = ModelSize(120, 2, 2, 10)
    alike = TableRequest("T6", "BEN", Kind.MODEL, (records([4] * 60),), numbers=numbers, model=size)
    assert [number.name for number in release(alike)[0].numbers] == ["mean@a"]
    data = records(answers([6, 8, 10, 20, 16]))
    varied = TableRequest("T6", "BEN", Kind.MODEL, (data,), numbers=numbers, model=size)
    assert len(release(varied)[0].numbers) == 3


def test_the_limit_by_hand() -> None:
    """n = 60, groups of 6, mean 4.0 told, a single question.

    Three at the far end: 3 x (3.05)^2 = 27.9; six a step off and two at the end: 6 + 18.6 = 24.6.
    Times 60 / 52, plus what a mean of 3.95 or 4.05 needs on whole answers, 0.0475 x 60 = 2.85,
    gives 35.0; over 59 and the root: 0.771; with half a step 0.821, on the grid: 0.9 at most.
    """
    needed = 27.9075 * 60 / 52 + 2.85
    limit = math.ceil((math.sqrt(needed / 59) + 0.05) * 10 - 1e-9) / 10
    assert told(records([4] * 60))["sd"] == (0.0, pytest.approx(limit))
