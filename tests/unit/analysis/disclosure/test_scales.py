"""When does a scale's mean take away the room that its items' bands left?"""

from __future__ import annotations

import numpy as np

from knutepunkt.analysis.disclosure import (
    Audience,
    Component,
    Judgement,
    Kind,
    Ledger,
    Rung,
    TableRequest,
    Variable,
    judge,
    kp1,
)
from tests.unit.analysis.disclosure.centres import frequency, records

ITEMS = [Variable("A", 1, 5), Variable("B", 1, 5)]
SCALE = Variable("AB", 1, 5, (Component("A"), Component("B", reversed=True)))


def release(a: list[int], b: list[int], *, scale_first: bool = False) -> Judgement:
    """Two items and the scale they make, B reversed, for sixty people in groups of six."""
    scores = [(x + 6 - y) / 2 for x, y in zip(a, b, strict=True)]
    columns = [
        records(values, variable=variable, seed=None)
        for values, variable in zip((a, b, scores), (*ITEMS, SCALE), strict=True)
    ]
    planned = [
        frequency(columns[0], cell="A"),
        frequency(columns[1], cell="B"),
        TableRequest("T5", "AB", Kind.MEAN, (columns[2],)),
    ]
    if scale_first:
        planned = planned[::-1]
    return judge(planned, policy=kp1(), audience=Audience.CENTRE, ledger=Ledger())


def rungs(judged: Judgement) -> list[str]:
    return sorted(f"{figure.cell} {figure.rung}" for figure in judged.released)


def test_a_mean_in_the_middle_leaves_room_for_the_bands() -> None:
    rng = np.random.default_rng(1)
    a = [int(v) for v in rng.choice([3, 4, 5], 60, p=[0.05, 0.7, 0.25])]
    b = [6 - v for v in a]
    assert rungs(release(a, b)) == ["A band", "AB figures", "B band"]


def test_a_mean_that_needs_every_five_shuts_the_band() -> None:
    """B is split evenly between 1-3 and 4-5, so the mean needs A to be nearly all fives.

    By hand: B's counts are known, 30 in 1-3 and 30 in 4-5, so B reversed sums to at most
    30 x 5 + 30 x 2 = 210. The mean, 4.25, is told as 4.3 and asks for at least 4.25 x 120 = 510 in
    all, so A must sum to 300 of 300. With eight people below 4, as the band promises is possible, A
    reaches at most 52 x 5 + 8 x 3 = 284.
    """
    a = [5] * 60
    b = [1] * 30 + [4] * 30
    mean = (5 + (5 * 30 + 2 * 30) / 60) / 2
    assert mean == 4.25
    assert rungs(release(a, b)) == ["A band", "AB only_n", "B categories"]


def test_the_order_of_the_figures_does_not_matter_to_their_safety() -> None:
    a = [5] * 60
    b = [1] * 30 + [4] * 30
    assert "A band" not in rungs(release(a, b, scale_first=True))
    assert Rung.FIGURES in {figure.rung for figure in release(a, b, scale_first=True).released}
