"""A9: the same question asked again and again, in the hope that what differs averages out.

P8 has nothing to switch off, because nothing told is perturbed. What draws numbers on the way to a
figure must be a fixed function of the answers too; its mutation draws anew each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest

from knutepunkt.analysis.disclosure.rounding import half_up
from knutepunkt.analysis.models import missing_rounds
from knutepunkt.analysis.models.mediation import SEED as PATHS_SEED
from knutepunkt.analysis.models.mediation import mediation
from knutepunkt.analysis.report.planning.attrition import plan_attrition
from knutepunkt.analysis.report.planning.mechanism import plan_mechanism
from knutepunkt.analysis.report.populations import Answers
from tests.attacks.measured import Measured, assert_harmless, assert_succeeds
from tests.unit.analysis.report.sample import centre

TIMES = 8
Reals = npt.NDArray[np.float64]
SAYS = "ask the same question {n} times and see more than one answer"


def told(seeds: Iterator[int]) -> list[float]:
    """The ends of an interval by bootstrap, and a change with its gaps filled, as they are told."""
    rng = np.random.default_rng(9)
    groups = np.repeat(np.arange(24), 6)
    x, m = rng.normal(size=groups.size), rng.normal(size=groups.size)
    y = 0.3 * m + 0.2 * x + rng.normal(size=groups.size)
    later = np.where(rng.random(groups.size) < 0.4, np.nan, y + rng.normal(0.2, 1, groups.size))
    found = mediation(x, m, y, groups, rounds=(0, 1, 2), draws=100, seed=next(seeds))
    filled = missing_rounds.MissingRounds(
        {"r1": y, "r2": later}, groups, completed=3, seed=next(seeds)
    )
    pooled = filled.change("r2").pooled.estimate
    return [
        half_up(value, 0.01)
        for value in (found.ab.low or 0.0, found.ab.high or 0.0, pooled.low, pooled.high)
    ]


def measure(seeds: Callable[[], Iterator[int]], against: str) -> Measured:
    """How many of the further askings tell something that the first did not."""
    source = seeds()
    first = told(source)
    others = [told(source) for _ in range(TIMES - 1)]
    hits = sum(each != first for each in others)
    return Measured("A9", SAYS.format(n=TIMES), TIMES - 1, hits, 0.0, hits, against)


def fixed() -> Iterator[int]:
    """The seeds the product uses, whoever asks."""
    while True:
        yield PATHS_SEED
        yield missing_rounds.SEED


def fresh() -> Iterator[int]:
    """The mutation: a new seed each time."""
    return count(1)


def test_asking_again_tells_the_same() -> None:
    assert_harmless(measure(fixed, "KP-1"))


def test_with_fresh_draws_it_does_not() -> None:
    assert_succeeds(measure(fresh, "KP-1, bootstrap and imputation without a seed"))


@pytest.mark.parametrize("plan", [plan_attrition, plan_mechanism])
def test_what_is_asked_for_does_not_depend_on_the_order_of_the_answers(
    plan: Callable[[Answers], object],
) -> None:
    """The other way to ask again: the same answers in another order."""
    design, frame = centre(rounds=2, groups=8)
    design = replace(design, attendance="OPP2")

    def numbers(rows: pl.DataFrame) -> list[tuple[str, float]]:
        planned = plan(Answers.of(design, rows))
        return [(n.name, n.value) for r in planned.requests for n in r.numbers]  # type: ignore[attr-defined]

    one, other = numbers(frame), numbers(frame.sample(fraction=1.0, shuffle=True, seed=3))
    assert one
    assert [name for name, _ in one] == [name for name, _ in other]
    np.testing.assert_array_equal([v for _, v in one], [v for _, v in other])
