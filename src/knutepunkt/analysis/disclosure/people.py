"""Who is in a set, and in which group, held as numbers and read as texts where somebody asks?"""

from __future__ import annotations

from collections.abc import ItemsView, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]
Labels = npt.NDArray[Any]
Numbers = npt.NDArray[np.int64]


def placed(groups: Labels) -> Labels:
    """The place of each label among all labels, in order; places themselves are left as they are.

    By hashing: sorting every person's label anew took most of the time of a large table.
    """
    if groups.dtype.kind in "iu":
        return groups
    labels = [str(label) for label in groups.tolist()]
    places = {label: place for place, label in enumerate(sorted(set(labels)))}
    found: Labels = np.array([places[label] for label in labels], dtype=np.int64)
    return found


def closed_up(groups: Labels) -> Numbers:
    """The place of each label among those that are there, from 0, in order; shape as given."""
    codes = placed(groups)
    if not codes.size or codes.min() < 0 or codes.max() > 4 * codes.size + 1024:
        found: Numbers = np.unique(codes, return_inverse=True)[1].astype(np.int64)
        return found
    there = np.bincount(codes) > 0
    places: Numbers = (np.cumsum(there) - 1)[codes]
    return places


@dataclass(frozen=True, eq=False)
class Roster:
    """The people who answered a round: who, in which group, with a slip or without; shapes (n,).

    All questions of a round share one, so that people and groups are coded once. ``groups`` is None
    where the design has none.
    """

    participants: Texts
    groups: Texts | None
    with_slip: Flags

    @classmethod
    def of(
        cls,
        participants: Iterable[str],
        groups: Iterable[str] | None,
        with_slip: Iterable[bool] | None = None,
    ) -> Roster:
        """From plain columns; without ``with_slip`` everybody came by a slip.

        Raises:
            ValueError: the columns differ in length, or a participant stands twice.
        """
        ids = np.array([str(p) for p in participants], dtype=object)
        slips = np.ones(ids.size, bool) if with_slip is None else np.array(list(with_slip), bool)
        places = None if groups is None else np.array([str(g) for g in groups], dtype=object)
        if {ids.size} != {slips.size, ids.size if places is None else places.size}:
            raise ValueError("columns differ in length")
        if len(set(ids.tolist())) != ids.size:
            raise ValueError("a participant stands twice in a round")
        return cls(ids, places, slips)

    @cached_property
    def codes(self) -> Numbers:
        """The place of each person's group among all labels, in order; nothing without groups."""
        if self.groups is None:
            return np.zeros(0, dtype=np.int64)
        return placed(self.groups)

    @cached_property
    def labels(self) -> list[str]:
        """The labels of the groups, in the order of ``codes``."""
        return [] if self.groups is None else sorted({str(each) for each in self.groups.tolist()})

    @cached_property
    def group_sizes(self) -> tuple[int, ...]:
        """Participants with a slip per group, largest first; empty without groups."""
        if self.groups is None:
            return ()
        counts = np.bincount(self.codes[self.with_slip])
        return tuple(sorted((int(c) for c in counts if c), reverse=True))

    @cached_property
    def place_of(self) -> dict[str, int]:
        """Where each person stands."""
        return {person: place for place, person in enumerate(self.participants.tolist())}

    def holds(self, participants: Texts, groups: Texts | None, with_slip: Flags) -> bool:
        """Whether these are the very columns of the roster."""
        own = (self.participants, self.groups, self.with_slip)
        given = (participants, groups, with_slip)
        return all(one is other for one, other in zip(own, given, strict=True))


class Members(AbstractSet[str]):
    """Some of the people of a roster, one bit each; a set of texts to whoever looks in."""

    __slots__ = ("packed", "roster")

    def __init__(self, roster: Roster, flags: Flags) -> None:
        self.roster = roster
        self.packed = np.packbits(flags, bitorder="little").tobytes()

    @classmethod
    def _from_iterable(cls, people: Iterable[Any]) -> frozenset[Any]:
        return frozenset(people)

    @property
    def flags(self) -> Flags:
        """Which people of the roster are in the set."""
        bits = np.frombuffer(self.packed, dtype=np.uint8)
        size = self.roster.participants.size
        return np.unpackbits(bits, count=size, bitorder="little").view(np.bool_)

    def __contains__(self, person: object) -> bool:
        place = self.roster.place_of.get(person)  # type: ignore[call-overload]
        return place is not None and bool(self.packed[place >> 3] >> (place & 7) & 1)

    def __iter__(self) -> Iterator[str]:
        return iter(self.roster.participants[self.flags].tolist())

    def __len__(self) -> int:
        return int.from_bytes(self.packed, "little").bit_count()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Members) and other.roster is self.roster:
            return self.packed == other.packed
        return AbstractSet.__eq__(self, other)

    def __hash__(self) -> int:
        return self._hash()

    def __repr__(self) -> str:
        return f"{len(self)} people"


class Homes(Mapping[str, str]):
    """The group of each of some people of a roster; nothing where the design has no groups."""

    __slots__ = ("_largest", "members")

    def __init__(self, members: Members) -> None:
        self.members = members
        self._largest = -1

    def __getitem__(self, person: str) -> str:
        groups = self.members.roster.groups
        if groups is None or person not in self.members:
            raise KeyError(person)
        return str(groups[self.members.roster.place_of[person]])

    def __iter__(self) -> Iterator[str]:
        return iter(()) if self.members.roster.groups is None else iter(self.members)

    def __len__(self) -> int:
        return 0 if self.members.roster.groups is None else len(self.members)

    def items(self) -> ItemsView[str, str]:
        """Everybody with their group, looked up once."""
        groups, flags = self.members.roster.groups, self.members.flags
        if groups is None:
            return dict[str, str]().items()
        people = self.members.roster.participants[flags].tolist()
        return dict(zip(people, map(str, groups[flags].tolist()), strict=True)).items()

    def __repr__(self) -> str:
        return f"groups of {len(self)} people"

    @property
    def largest(self) -> int:
        """Members of the largest group; 0 without groups."""
        if self._largest < 0:
            roster = self.members.roster
            inside = roster.codes[self.members.flags] if roster.groups is not None else roster.codes
            self._largest = int(np.bincount(inside).max(initial=0))
        return self._largest


def largest_group(groups: Mapping[str, str]) -> int:
    """Members of the largest group; 0 without groups."""
    if isinstance(groups, Homes):
        return groups.largest
    tally: dict[str, int] = {}
    for group in groups.values():
        tally[group] = tally.get(group, 0) + 1
    return max(tally.values(), default=0)
