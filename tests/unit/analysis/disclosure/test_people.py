"""Do people held as numbers answer as sets of their ids would?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from knutepunkt.analysis.disclosure import (
    Audience,
    Kind,
    Ledger,
    RecordSet,
    TableRequest,
    append,
    judge,
    kp1,
)
from knutepunkt.analysis.disclosure.people import (
    Homes,
    Members,
    Roster,
    closed_up,
    largest_group,
)
from knutepunkt.analysis.disclosure.places import Places, divided, holds, without
from tests.unit.analysis.disclosure.centres import answers, frequency, records

PEOPLE = [f"p{number:02}" for number in range(40)]


def some_of(rng: np.random.Generator) -> tuple[Roster, np.ndarray]:
    """A roster of some people in an order of its own, and which of them are in a set."""
    chosen = rng.permutation(PEOPLE)[: int(rng.integers(1, 40))].tolist()
    groups = [f"g{int(person[1:]) % 7}" for person in chosen]
    return Roster.of(chosen, groups), rng.random(len(chosen)) < 0.6


def record_set(members: object, groups: object) -> RecordSet:
    common = {"variable": "v", "round": "r", "codes": None, "audience": "centre"}
    return RecordSet(
        key="1:T:c:population-0",
        participants=members,  # type: ignore[arg-type]
        without_slip=frozenset(),
        low=0,
        high=0,
        groups=groups,  # type: ignore[arg-type]
        **common,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("seed", range(20))
def test_sets_of_different_rosters_are_compared_as_their_ids_would_be(seed: int) -> None:
    rng = np.random.default_rng(seed)
    held = [Members(*some_of(rng)) for _ in range(4)]
    plain = [frozenset(members) for members in held]
    sets = [record_set(members, Homes(members)) for members in held]
    sets += [record_set(people, {}) for people in plain]
    places = Places(sets)
    bits = [places.bits(members) for members in held]
    assert bits == [places.bits(people) for people in plain]
    assert held == plain
    assert [hash(members) for members in held] == [hash(people) for people in plain]
    for a, one in zip(bits, plain, strict=True):
        assert a.bit_count() == len(one)
        for b, other in zip(bits, plain, strict=True):
            assert holds(a, b) == (other <= one)
            assert without(a, b) == places.bits(one - other)
    in_order = sorted(set(plain), key=sorted)
    assert places.in_order(bits) == [places.bits(people) for people in in_order]


@pytest.mark.parametrize("seed", range(10))
def test_groups_of_people_are_the_same_by_number_and_by_name(seed: int) -> None:
    rng = np.random.default_rng(seed)
    members = Members(*some_of(rng))
    homes = Homes(members)
    named = {person: f"g{int(person[1:]) % 7}" for person in members}
    assert dict(homes) == named == dict(homes.items())
    assert len(homes) == len(named)
    assert largest_group(homes) == largest_group(named)
    numbered, spelt = record_set(members, homes), record_set(frozenset(members), named)
    places = Places([numbered, spelt])
    inside = places.flags(places.bits(members))
    assert places.homes(numbered)[inside].tolist() == places.homes(spelt)[inside].tolist()


def test_who_has_no_group_is_a_group_of_their_own() -> None:
    roster = Roster.of(["a", "b", "c"], None)
    alone = record_set(Members(roster, np.array([True, True, False])), {})
    alone = replace(alone, groups=Homes(alone.participants))  # type: ignore[arg-type]
    assert dict(alone.groups) == {}
    places = Places([alone])
    assert len(set(places.homes(alone)[:2].tolist())) == 2
    assert roster.group_sizes == ()


def test_blocks_are_cut_in_two_by_a_set() -> None:
    blocks = divided({(): 0b1111}, 0b0110)
    assert blocks == {(True,): 0b0110, (False,): 0b1001}
    assert divided(blocks, 0b0110) == {(True, True): 0b0110, (False, False): 0b1001}


def test_labels_are_closed_up_in_their_order() -> None:
    assert closed_up(np.array([7, 3, 7, 900])).tolist() == [1, 0, 1, 2]
    assert closed_up(np.array([10**12, 5])).tolist() == [1, 0]
    assert closed_up(np.array(["b", "a", "b"], dtype=object)).tolist() == [1, 0, 1]


def test_people_who_stand_twice_are_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        Roster.of(["a", "a"], None)


def test_a_ledger_read_from_texts_judges_as_the_one_in_memory() -> None:
    """Sets that were stored as lists of ids meet sets that are held as numbers."""
    data = records(answers([25, 20, 15, 20, 20]))
    mean = TableRequest("T5", "BEN1", Kind.MEAN, (data,))
    first = judge([frequency(data)], policy=kp1(), audience=Audience.CENTRE, ledger=Ledger())
    entry = append(
        (),
        release="one",
        audience="centre",
        policy_hash=kp1().hash,
        statements=first.statements,
        seal=first.certificate["seal"],
    )
    stored = {key: RecordSet.from_json(each.as_json()) for key, each in first.contributors.items()}
    fewer = records(answers([25, 20, 15, 20, 18]))
    for again in ([mean], [frequency(data), mean], [frequency(fewer)]):
        judged = [
            judge(again, policy=kp1(), audience=Audience.CENTRE, ledger=Ledger((entry,), known))
            for known in (first.contributors, stored)
        ]
        assert judged[0].certificate == judged[1].certificate
        assert [w.cause for w in judged[0].withheld] == [w.cause for w in judged[1].withheld]
