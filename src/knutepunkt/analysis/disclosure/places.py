"""One place per person in a judgement: a set of people is a whole number with one bit per place.

A union, a difference and a question whether one set holds another are then one machine operation
per 64 people, and people are looked up by their text once per round.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

import numpy as np

from knutepunkt.analysis.disclosure.people import Flags, Homes, Members, Numbers, Roster
from knutepunkt.analysis.disclosure.record_sets import RecordSet


class Places:
    """Everybody whom a judgement is about, in the order of their ids."""

    def __init__(self, sets: Iterable[RecordSet], rosters: Iterable[Roster] = ()) -> None:
        known = {id(each): each for each in rosters}
        people: dict[str, None] = {}
        plain: dict[str, None] = {}
        for each in sets:
            for members in (each.participants, each.without_slip):
                if isinstance(members, Members):
                    known.setdefault(id(members.roster), members.roster)
                else:
                    plain |= dict.fromkeys(members)
        for roster in known.values():
            people |= dict.fromkeys(roster.participants.tolist())
        ordered = sorted(people | plain)
        self._places = {person: place for place, person in enumerate(ordered)}
        self.size = len(ordered)
        self._coded: dict[AbstractSet[str] | tuple[int, bytes], int] = {}
        self._rosters: dict[int, tuple[Roster, Numbers, bool]] = {}
        self._homes: dict[int, Numbers] = {}
        self._labels: dict[str, int] = {}

    def bits(self, people: AbstractSet[str]) -> int:
        """A set of people as a whole number; figures about the same people ask once."""
        if isinstance(people, Members):
            return self._of_members(people)
        plain = people if isinstance(people, frozenset) else frozenset(people)
        if plain not in self._coded:
            places = np.array([self._places[person] for person in plain], dtype=np.int64)
            self._coded[plain] = self._whole(places)
        return self._coded[plain]

    def slips(self, record_set: RecordSet) -> int:
        """The people of a record set whose answers came with a slip."""
        return without(self.bits(record_set.participants), self.bits(record_set.without_slip))

    def flags(self, bits: int) -> Flags:
        """Which places a whole number names, shape (people,)."""
        packed = np.frombuffer(bits.to_bytes((self.size + 7) // 8, "little"), dtype=np.uint8)
        return np.unpackbits(packed, count=self.size, bitorder="little").view(np.bool_)

    def homes(self, record_set: RecordSet) -> Numbers:
        """A number for each person's group as a record set tells it, shape (people,).

        Somebody in no group is a group of their own. What stands at places outside the set is of no
        meaning.
        """
        people, groups = record_set.participants, record_set.groups
        if isinstance(people, Members) and isinstance(groups, Homes):
            roster = people.roster
            if roster is groups.members.roster:
                return self._homes_of_roster(roster)
        found = np.zeros(self.size, dtype=np.int64)
        for person in people:
            found[self._places[person]] = self._label(groups.get(person, person))
        return found

    @property
    def labels(self) -> int:
        """How many groups have been given a number."""
        return len(self._labels)

    def in_order(self, sets: Iterable[int]) -> list[int]:
        """Different sets in the order in which lists of their people's ids would be sorted."""
        return sorted(set(sets), key=functools.cmp_to_key(_compared))

    def _label(self, group: str) -> int:
        return self._labels.setdefault(group, len(self._labels))

    def _of_members(self, members: Members) -> int:
        roster, places, is_whole = self._roster(members.roster)
        if is_whole:
            return int.from_bytes(members.packed, "little")
        key = (id(roster), members.packed)
        if key not in self._coded:
            self._coded[key] = self._whole(places[members.flags])
        return self._coded[key]

    def _roster(self, roster: Roster) -> tuple[Roster, Numbers, bool]:
        if id(roster) not in self._rosters:
            known = self._places
            places = np.array([known[p] for p in roster.participants.tolist()], dtype=np.int64)
            is_whole = bool(np.array_equal(places, np.arange(self.size)))
            self._rosters[id(roster)] = (roster, places, is_whole)
        return self._rosters[id(roster)]

    def _homes_of_roster(self, roster: Roster) -> Numbers:
        if id(roster) not in self._homes:
            _, places, _ = self._roster(roster)
            found = np.zeros(self.size, dtype=np.int64)
            if roster.groups is None:
                found[places] = [self._label(p) for p in roster.participants.tolist()]
            else:
                numbers = np.array([self._label(name) for name in roster.labels], dtype=np.int64)
                found[places] = numbers[roster.codes] if numbers.size else 0
            self._homes[id(roster)] = found
        return self._homes[id(roster)]

    def _whole(self, places: Numbers) -> int:
        flags = np.zeros(self.size, dtype=bool)
        flags[places] = True
        return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")


def without(people: int, others: int) -> int:
    """The people who are not among the others."""
    return people ^ (people & others) if others else people


def holds(people: int, others: int) -> bool:
    """Whether all the others are among the people."""
    return people & others == others


def divided(blocks: Mapping[tuple[object, ...], int], part: int) -> dict[tuple[object, ...], int]:
    """Blocks of people, each cut in two: whoever is in a set, and whoever is not."""
    found: dict[tuple[object, ...], int] = {}
    for signature, people in blocks.items():
        inside = people & part
        for flag, some in ((True, inside), (False, people ^ inside)):
            if some:
                found[(*signature, flag)] = some
    return found


def _compared(one: int, other: int) -> int:
    """Which of two sets comes first, as lists of places: -1, 0 or 1."""
    differing = one ^ other
    if not differing:
        return 0
    first = differing & -differing
    if one & first:
        return -1 if other > first else 1
    return 1 if one > first else -1
