"""How are the record sets of a release written down, each roster of people once?

A set is one bit per person of its roster, so a release about half a million people and a thousand
sets takes a hundred megabytes and not twenty gigabytes. Sets written person by person
(`RecordSet.as_json`) are read as well: ledgers made before hold those.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np

from knutepunkt.analysis.disclosure.people import Homes, Members, Roster
from knutepunkt.analysis.disclosure.record_sets import RecordSet

_PEOPLE = ("participants", "without_slip")


def packed(sets: Iterable[RecordSet]) -> dict[str, Any]:
    """The sets, and the rosters they are of, as data."""
    rosters: dict[int, tuple[int, Roster]] = {}

    def bits(people: AbstractSet[str]) -> dict[str, Any]:
        assert isinstance(people, Members)
        place, _ = rosters.setdefault(id(people.roster), (len(rosters), people.roster))
        return {"roster": place, "bits": base64.b64encode(people.packed).decode("ascii")}

    written = []
    for each in sets:
        if not _is_numbered(each):
            written.append(each.as_json())
            continue
        told = each.facts()
        told |= {name: bits(getattr(each, name)) for name in _PEOPLE}
        written.append(told)
    return {"rosters": [_roster(each) for _, each in rosters.values()], "contributors": written}


def unpacked(stored: Mapping[str, Any]) -> dict[str, RecordSet]:
    """The sets by key, as they were before ``packed``.

    Raises:
        ValueError, KeyError, TypeError, IndexError: the data are damaged.
    """
    rosters = [_read_roster(each) for each in stored.get("rosters", ())]
    found = {}
    for each in stored["contributors"]:
        if isinstance(each["participants"], Mapping):
            members, without = (_read_members(each[name], rosters) for name in _PEOPLE)
            found[each["key"]] = RecordSet.of_facts(each, members, without, Homes(members))
        else:
            found[each["key"]] = RecordSet.from_json(each)
    return found


def _is_numbered(record_set: RecordSet) -> bool:
    """Whether people and groups are those of a roster."""
    people, groups = record_set.participants, record_set.groups
    return (
        isinstance(people, Members)
        and isinstance(record_set.without_slip, Members)
        and isinstance(groups, Homes)
        and groups.members == people
    )


def _roster(roster: Roster) -> dict[str, Any]:
    return {
        "participants": roster.participants.tolist(),
        "labels": None if roster.groups is None else roster.labels,
        "groups": None if roster.groups is None else roster.codes.tolist(),
    }


def _read_roster(stored: Mapping[str, Any]) -> Roster:
    labels, codes = stored["labels"], stored["groups"]
    return Roster.of(
        stored["participants"],
        None if labels is None else [labels[code] for code in codes],
    )


def _read_members(stored: Mapping[str, Any], rosters: Sequence[Roster]) -> Members:
    roster = rosters[stored["roster"]]
    bits = np.frombuffer(base64.b64decode(stored["bits"], validate=True), dtype=np.uint8)
    size = roster.participants.size
    if bits.size != (size + 7) // 8:
        raise ValueError("a set does not fit its roster")
    return Members(roster, np.unpackbits(bits, count=size, bitorder="little").view(np.bool_))
