"""A13: what intervals tell, by being there or by not being there, of groups that answered as one.

The reader knows every rule and who is in which group. For each figure he lists every centre that
could have given it, and asks what all of them have in common.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable
from functools import cache

import numpy as np

from knutepunkt.analysis.disclosure import (
    Kind,
    ModelSize,
    Policy,
    TableRequest,
    Variable,
    kp1,
)
from knutepunkt.analysis.models.refusals import ModelRefusal
from knutepunkt.analysis.models.round_change import change_for_report
from knutepunkt.analysis.report.planning.change import interval_numbers
from knutepunkt.analysis.report.planning.flat import unknown
from tests.attacks.measured import Measured, assert_harmless, assert_succeeds
from tests.attacks.releases.test_models import as_records, with_interval
from tests.attacks.releases.weakened import without
from tests.attacks.releases.world import figure, release

GROUPS, SIZE, T, COALITION = 6, 6, 5, 2
YES, NO = 5, 2
UNNAMED = 1
"""That one group among six is of one mind, nobody knows which, may follow from how numbers are rounded."""
Minds = tuple[int, ...]
"""How many of each group said yes."""


@cache
def read(minds: Minds, policy: Policy) -> str:
    """The figure as it is read, of a centre in which so many of each group said yes."""
    y = np.array([[YES] * yes + [NO] * (SIZE - yes) for yes in minds])
    return str(figure(release(with_interval(y), policy=policy).document))


def share_alone(seen: str) -> str:
    """The same figure without its interval."""
    return str([part for part in seen.split(",") if "'low'" not in part and "'high'" not in part])


@cache
def centres() -> tuple[Minds, ...]:
    """Every centre of six groups of six that has an interval; a mirror image is told alike."""
    every = itertools.combinations_with_replacement(range(SIZE + 1), GROUPS)
    return tuple(minds for minds in every if 15 <= sum(minds) <= 18)


def of_one_mind(minds: Iterable[int]) -> int:
    return sum(yes in (0, SIZE) for yes in minds)


def measure(policy: Policy, against: str) -> tuple[Measured, Measured]:
    """What all centres of one figure have in common, that those of its share alone have not.

    That more groups are of one mind than that an unnamed one is; and for a coalition of none, one or two, whatever they answered,
    that nobody or somebody of the others said yes.
    """
    alike: dict[str, list[Minds]] = defaultdict(list)
    shares: dict[str, list[Minds]] = defaultdict(list)
    for minds in centres():
        seen = read(minds, policy)
        alike[seen].append(minds)
        shares[share_alone(seen)].append(minds)
    minded = members = 0
    for seen, worlds in alike.items():
        known = min(map(of_one_mind, shares[share_alone(seen)]))
        minded += min(map(of_one_mind, worlds)) > known + UNNAMED
        answers = {yes for minds in worlds for yes in minds}
        members += any(
            own not in answers or not any(yes - own >= min(T, SIZE - size) for yes in answers)
            for size in range(COALITION + 1)
            for own in range(size + 1)
        )
    tries = len(alike)
    return (
        Measured("A13", "prove from an interval that two groups are of one mind", tries, minded, 0.0,
                 minded, against),
        Measured("A13", "bound the others of a group from an interval, up to two members", tries,
                 members, 0.0, members, against),
    )  # fmt: skip


def test_a13_an_interval_proves_nothing_of_any_group() -> None:
    for measured in measure(kp1(), "KP-1, intervals"):
        assert_harmless(measured)


def test_a13_it_does_where_every_interval_is_told_as_it_is() -> None:
    for measured in measure(without("P3"), "KP-1 without P3"):
        assert_succeeds(measured)


def test_a13_a_share_always_has_an_interval() -> None:
    """Also where every group is of one mind; so nothing can be read in its absence."""
    told = [read(minds, kp1()) for minds in centres()]
    assert any("'categories': [{" in seen for seen in told)
    assert not any("'low': None" in seen for seen in told)


SCORE = Variable("MES", 1, 5)
DIFFERENT, MANY = (0.0, 0.05, 0.1), 12


def scores_of(own: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores of two rounds; ``own`` is the part that people do not share with their group."""
    rng = np.random.default_rng(seed)
    rounds = []
    for lift in (0.0, 0.5):
        mood = rng.normal(0, 1.1, (MANY, 1)) + np.sqrt(own) * rng.normal(0, 1.1, (MANY, SIZE))
        rounds.append(np.clip(np.round((3.0 + lift + mood) * 5) / 5, 1, 5))
    return rounds[0], rounds[1]


def numbers_told(own: float, seed: int, policy: Policy) -> frozenset[str]:
    """Which numbers of a change a report has, after the model or the refusal of one."""
    first, later = scores_of(own, seed)
    y = np.concatenate([first.ravel(), later.ravel()])
    waves = np.repeat(["r1", "r2"], first.size)
    groups = np.tile(np.repeat([f"g{g:02}" for g in range(MANY)], SIZE), 2)
    people = np.array([f"p{i:03}" for i in range(y.size)])
    try:
        gap = change_for_report(y, waves, people, groups, order=("r1", "r2")).estimates[0]
    except ModelRefusal:
        gap = unknown("r2 - r1", float(later.mean() - first.mean()))
    request = TableRequest(
        "T6",
        "MES",
        Kind.MODEL,
        tuple(as_records(SCORE, each) for each in (first, later)),
        numbers=tuple(interval_numbers("difference", "r2", gap, alone=False)),
        model=ModelSize(y.size, 2, 2, MANY),
    )
    shown = figure(release(request, policy=policy).document, "MES", "T6")
    return frozenset(number["name"] for number in shown.get("numbers", ()))


def measure_models(policy: Policy, against: str) -> Measured:
    """Is it only where every group is of one mind that a change has no interval?"""
    seeds = range(8)
    found = sum(
        numbers_told(0.0, seed, policy)
        not in {numbers_told(own, seed, policy) for own in DIFFERENT[1:]}
        for seed in seeds
    )
    says = "see in a model that has no interval that every group is of one mind"
    return Measured("A13", says, len(seeds), found, 0.0, found, against)


def test_a13_a_model_without_interval_proves_nothing_either() -> None:
    assert_harmless(measure_models(kp1(), "KP-1, intervals"))


def test_a13_it_does_where_it_is_missing_only_then() -> None:
    assert_succeeds(measure_models(without("P3"), "KP-1 without P3"))


def test_a13_groups_that_differ_have_the_interval_of_their_change() -> None:
    """The gate is not merely silent."""
    assert "difference_low@r2" in numbers_told(6.0, 1, kp1())
