"""What do intervals and variances say where groups are alike?"""

from __future__ import annotations

import numpy as np
import pytest

from knutepunkt.analysis.disclosure import (
    Audience,
    Kind,
    Ledger,
    ModelSize,
    Number,
    NumberKind,
    Records,
    Released,
    TableRequest,
    judge,
    kp1,
)
from knutepunkt.analysis.disclosure.likeness import (
    Inside,
    interval_told,
    scores_differ,
    share_differs,
)
from knutepunkt.analysis.disclosure.rooms import Rooms
from knutepunkt.analysis.measurement.frequencies import share_interval
from tests.unit.analysis.disclosure.centres import BENEFIT, records

KNOWN = 2


def release(*requests: TableRequest) -> tuple[Released, ...]:
    return judge(requests, policy=kp1(), audience=Audience.CENTRE, ledger=Ledger()).released


def in_groups(values: list[int], size: int = 6) -> Records:
    return records(values, group_size=size, seed=None)


def interval(members: np.ndarray, groups: np.ndarray) -> tuple[float, float]:
    _, places = np.unique(groups.astype(str), return_inverse=True)
    found = share_interval(np.bincount(places, weights=members), np.bincount(places))[0]
    return found.low, found.high


def centre(chosen: list[int], sizes: list[int]) -> tuple[np.ndarray, np.ndarray]:
    groups = np.repeat([f"g{place:02}" for place in range(len(sizes))], sizes).astype(object)
    members = [np.arange(size) < yes for yes, size in zip(chosen, sizes, strict=True)]
    return np.concatenate(members), groups


def interval_of(chosen: list[int], sizes: list[int]) -> tuple[float, float]:
    return interval_told(interval, *centre(chosen, sizes), KNOWN)


SIXES = [6] * 10


def test_groups_of_one_mind_and_nearly_so_have_one_interval() -> None:
    alike = [
        [6] * 5 + [0] * 5,
        [6] * 4 + [5, 1] + [0] * 4,
        [5] * 5 + [1] * 5,
    ]
    told = {interval_of(chosen, SIXES) for chosen in alike}
    assert told == {interval(*centre(alike[0], SIXES))}


def test_groups_like_each_other_have_that_of_a_centre_with_one_group_apart() -> None:
    like_each_other = [2] * 6 + [3] * 4
    told = {interval_of(chosen, SIXES) for chosen in (like_each_other, [2] * 8 + [4] * 2)}
    [(low, high)] = told
    assert (low, high) == pytest.approx(interval(*centre([6] + [2] * 9, SIXES)))
    assert low < interval(*centre(like_each_other, SIXES))[0]


def test_between_them_the_interval_is_its_own() -> None:
    chosen = [5, 5, 5, 4, 4, 3, 1, 1, 1, 1]
    assert interval_of(chosen, SIXES) == interval(*centre(chosen, SIXES))


@pytest.mark.parametrize("seed", range(20))
def test_what_is_told_is_never_surer_than_the_interval_itself(seed: int) -> None:
    """But for a hair where sizes do not add up to the share in any way (a hundredth at most)."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(5, 9, int(rng.integers(5, 15))).tolist()
    chosen = [int(rng.binomial(size, rng.beta(3, 3))) for size in sizes]
    low, high = interval_of(chosen, sizes)
    own = interval(*centre(chosen, sizes))
    assert low <= own[0] + 0.01
    assert high >= own[1] - 0.01


def test_other_ways_to_spread_people_keep_the_count_and_the_sizes() -> None:
    _, groups = centre([0] * 4, [5, 8, 6, 7])
    rooms = Rooms.of(groups)
    for found, per_group in zip(
        [*rooms.of_one_mind(11), *rooms.one_apart(11)],
        ([5, 0, 6, 0], [0, 8, 0, 3], [3, 0, 4, 4], [1, 8, 1, 1]),
        strict=True,
    ):
        assert [int(found[groups == f"g{g:02}"].sum()) for g in range(4)] == per_group


def test_a_largest_group_that_cannot_be_of_one_mind_is_not_made_so() -> None:
    _, groups = centre([0] * 3, [4, 9, 4])
    assert [int(f.sum()) for f in Rooms.of(groups).one_apart(3)] == [3]
    assert [int(f.sum()) for f in Rooms.of(groups).one_apart(12)] == [12]


def test_how_much_must_differ_by_hand() -> None:
    """Five of ten groups of six: 60 x .25 = 15 in all, by chance 15 x 50 / 59 inside groups."""
    inside = Inside.of(*centre([5] * 5 + [1] * 5, SIXES))
    assert inside.found == pytest.approx(10 * 5 / 6)
    assert inside.by_lot == pytest.approx(15 * 50 / 59)
    assert not share_differs(inside, KNOWN)  # 8.33 < 0.75 x 12.71 = 9.53
    assert scores_differ(inside, farthest=2.0)  # 8.33 >= max(4, 6.36)
    assert not scores_differ(inside, farthest=3.0)


NUMBERS = (
    Number("mean", 3.0, NumberKind.MEAN),
    Number("d", 0.2, NumberKind.COEFFICIENT),
    Number("low", 2.5, NumberKind.LIMIT),
    Number("p", 0.2, NumberKind.P_VALUE),
    Number("df", 11.0, NumberKind.DEGREES),
    Number("d_low", 0.1, NumberKind.COEFFICIENT, of_groups=True),
    Number("icc", 0.9, NumberKind.VARIANCE),
    Number("singular", 0.0, NumberKind.TRAIT),
)


def names(values: list[int], *, within: bool = False, beside: tuple[Records, ...] = ()) -> set[str]:
    size = ModelSize(72, 1, 2, 12)
    numbers = tuple(Number(n.name, n.value, n.kind, beside, of_groups=n.of_groups) for n in NUMBERS)
    data = in_groups(values)
    request = TableRequest(
        "T8", "BEN", Kind.MODEL, (data,), numbers=numbers, model=size, within_groups=within
    )
    return {number.name for number in release(request)[0].numbers}


ALIKE = [1 + g % 5 for g in range(12) for _ in range(6)]
MIXED = [1 + i % 5 for i in range(72)]


def test_where_every_group_answered_as_one_a_model_tells_its_estimates_alone() -> None:
    """Each group of six gave one answer: a member who reads "residual 0.00" knows the other five."""
    assert names(ALIKE) == {"mean", "d"}
    assert names(ALIKE, within=True) == set()
    assert names(MIXED) == names(MIXED, within=True) == {number.name for number in NUMBERS}


def test_the_same_holds_for_what_stands_beside_the_numbers() -> None:
    assert names(MIXED, beside=(in_groups(ALIKE),)) == {"mean", "d"}


def test_without_groups_nobody_is_alike_within_one() -> None:
    data = Records.of(
        BENEFIT,
        "autumn",
        participants=[f"p{i}" for i in range(72)],
        groups=None,
        values=MIXED,
        closed=True,
    )
    size = ModelSize(72, 1, 2, 72)
    request = TableRequest("T8", "BEN", Kind.MODEL, (data,), numbers=NUMBERS, model=size)
    assert len(release(request)[0].numbers) == len(NUMBERS)
