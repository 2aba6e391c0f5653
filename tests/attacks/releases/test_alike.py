"""A5, A6, A7: what a mean, a deviation or a share near the end says about everybody.

A5: one person's large number stands out of a mean.
A6: everyone answered the same, and the report says so.
A7: list every set of answers that gives the n, mean and deviation told.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from knutepunkt.analysis.disclosure import Kind, Ladder, Policy, Records, TableRequest, Variable
from tests.attacks.measured import Measured, assert_harmless, assert_succeeds
from tests.attacks.releases.weakened import without
from tests.attacks.releases.world import CODES, Centre, figure, mean, release, table

HARM = Ladder.of(((1,), (2,), (3, 4, 5)), ((1, 2), (3, 4, 5)))
SIZES = (24, 40, 60, 99, 130)


def alike(n: int, answer: int, others: int, *, both_sides: bool = False) -> Records:
    """n people, all but ``others`` of whom gave one answer; the others gave one next to it."""
    down, up = max(answer - 1, 1), min(answer + 1, 5)
    beside = [up if both_sides and i % 2 else down if answer > 1 else 2 for i in range(others)]
    centre = Centre(
        tuple(f"p{i:03}" for i in range(n)),
        tuple(f"g{i // 6:02}" for i in range(n)),
        tuple([answer] * (n - others) + beside),
    )
    return centre.records()


def harm(records: Records) -> TableRequest:
    return TableRequest("T15", "BEN1", Kind.FREQUENCY, (records,), ladder=HARM, always_shown=True)


def documents(records: Records, policy: Policy | None) -> list[dict[str, Any]]:
    return [
        release(request, policy=policy).document["figures"]
        for request in (table(records), mean(records), harm(records))
    ]


def measure_a6(policy: Policy | None, name: str) -> Measured:
    """Everyone the same: is there a told figure that proves at most two answered otherwise?

    The reader runs the published rules on every kind of centre in which three or more did.
    """
    tries = proofs = 0
    for n in SIZES:
        kinds = itertools.product((1, 3, 4, 5), (3, 6, 9, 12, n // 3), (False, True))
        rivals = [documents(alike(n, a, k, both_sides=b), policy) for a, k, b in kinds]
        for answer, others in itertools.product((1, 3, 4, 5), (0, 1)):
            truth = documents(alike(n, answer, others), policy)
            for place in range(3):
                tries += 1
                proofs += bool(truth[place]) and all(truth[place] != r[place] for r in rivals)
    says = "everyone answered the same: a figure only such a centre can give"
    return Measured("A6", says, tries, proofs, 0.0, proofs, name)


def test_a6_nobody_can_prove_that_everyone_answered_the_same() -> None:
    assert_harmless(measure_a6(None, "KP-1"))


def test_a6_works_without_p3() -> None:
    assert_succeeds(measure_a6(without("P3"), "KP-1 without P3"))


def histograms(n: int) -> npt.NDArray[np.int_]:
    """Every way n people can be spread over five answers, shape (ways, 5)."""
    bars = np.array(list(itertools.combinations(range(n + 4), 4)))
    edges = np.hstack([np.full((len(bars), 1), -1), bars, np.full((len(bars), 1), n + 4)])
    return np.diff(edges, axis=1) - 1


def consistent(n: int, told: dict[str, float]) -> npt.NDArray[np.int_]:
    """The histograms of n answers that give these numbers, as rounded."""
    ways = histograms(n)
    sums = ways @ np.array(CODES)
    keep = np.abs(sums / n - told["mean"]) <= 0.05 + 1e-9
    if "sd" in told:
        squares = ways @ np.array(CODES) ** 2
        deviation = np.sqrt(np.maximum(0, (squares - sums**2 / n) / (n - 1)))
        keep &= np.abs(deviation - told["sd"]) <= 0.05 + 1e-9
    return ways[keep]


def plain_numbers(answers: list[int]) -> dict[str, float]:
    """Mean and deviation to one decimal, told of any five people or more."""
    return {
        "mean": round(float(np.mean(answers)), 1),
        "sd": round(float(np.std(answers, ddof=1)), 1),
    }


def guess_code(ways: npt.NDArray[np.int_]) -> int:
    return int(np.argmax(ways.sum(axis=0))) + 1


def measure_a7(*, plain: bool, policy: Policy | None = None, sizes: tuple[int, ...]) -> Measured:
    """The answers of everybody a figure speaks about; one member is guessed."""
    rng = np.random.default_rng(7)
    hits = exact = tries = 0
    chance = 0.0
    for n in sizes * 12:
        centre = Centre.drawn(n, (0.02, 0.04, 0.14, 0.4, 0.4), rng)
        answers = list(centre.answers)
        shown = release(mean(centre.records()), policy=policy).document["figures"]
        told = {x["name"]: x["value"] for f in shown for x in f["numbers"] if "value" in x}
        told = plain_numbers(answers) if plain else told
        ways = consistent(n, told) if "mean" in told else np.array([[0, 0, 0, 1, 0]])
        usual = max(CODES, key=answers.count)
        tries += n
        chance += answers.count(usual)
        hits += answers.count(guess_code(ways) if "mean" in told else usual)
        exact += "mean" in told and len(ways) == 1
    says = "list every set of answers with the n, mean and deviation told"
    against = "n, mean, deviation of five or more" if plain else "KP-1"
    return Measured("A7", says, tries, hits, chance / tries, exact, against)


def test_a7_works_against_means_of_small_groups() -> None:
    assert_succeeds(measure_a7(plain=True, sizes=(5, 6, 8)))


def test_a7_numbers_fix_nobody() -> None:
    assert_harmless(measure_a7(plain=False, sizes=(15, 20, 26, 34)))


@pytest.mark.parametrize("n", [20, 26, 34])
def test_a7_a_told_deviation_never_puts_everyone_on_one_answer(n: int) -> None:
    """Even where a mean is told, some histogram leaves five people off every single answer."""
    rng = np.random.default_rng(n)
    for _ in range(20):
        centre = Centre.drawn(n, (0.05, 0.1, 0.5, 0.25, 0.1), rng)
        shown = figure(release(mean(centre.records())).document, table_id="T5")
        told = {x["name"]: x["value"] for x in shown["numbers"] if "value" in x}
        if "mean" in told:
            ways = consistent(n, told)
            assert ((n - ways).max(axis=0) >= 5).all()


HOURS = Variable("HOURS", 0, 40)


def hours_told(values: list[float], policy: Policy | None, *, plain: bool) -> float | None:
    """The mean that is told of so many hours; None where it stays behind."""
    n = len(values)
    if plain:
        return round(float(np.mean(values)), 1)
    records = Records.of(
        HOURS,
        "autumn",
        participants=[f"p{i}" for i in range(n)],
        groups=[f"g{i // 6}" for i in range(n)],
        values=values,
        closed=True,
    )
    shown = figure(release(mean(records), policy=policy).document, table_id="T5")
    return next((x["value"] for x in shown["numbers"] if x["name"] == "mean"), None)


def measure_a5(*, plain: bool, policy: Policy | None = None) -> Measured:
    """The second largest knows his own, and bounds the largest by what is left of the sum."""
    rng = np.random.default_rng(5)
    hits = tries = 0
    for _ in range(150):
        n = int(rng.integers(25, 60))
        largest = float(rng.integers(20, 41))
        values = [float(x) for x in rng.integers(0, 2, n - 1)] + [largest]
        told = hours_told(values, policy, plain=plain)
        tries += 1
        if told is not None:
            own = sorted(values)[-2]
            bound = n * (told + 0.05) - own
            hits += bound - largest <= 0.5 * largest and bound < HOURS.high
    says = "bound the largest of a few hours, money or meetings from their mean"
    against = "a mean of five or more" if plain else "KP-1"
    return Measured("A5", says, tries, hits, 0.0, hits, against)


def test_a5_works_against_a_plain_mean() -> None:
    assert_succeeds(measure_a5(plain=True))


def test_a5_nobody_dominates_a_mean() -> None:
    assert_harmless(measure_a5(plain=False))


def test_a_mean_is_told_where_nobody_dominates() -> None:
    """The gate is not merely silent about numbers."""
    rng = np.random.default_rng(6)
    assert hours_told([float(x) for x in rng.integers(0, 30, 60)], None, plain=False) is not None
