"""A centre through four rounds: who is there, who is not real, what they answer, what is released.

Everything follows from a `History`: the same history gives the same centre, the same events and the
same releases. Leaving events or rounds out (``skipped``, ``rounds``) makes a shorter history.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from knutepunkt.analysis.disclosure import (
    Audience,
    Kind,
    Ladder,
    Ledger,
    ModelSize,
    Number,
    NumberKind,
    Policy,
    Records,
    TableRequest,
    Variable,
    append,
    judge,
)

CODES = (1, 2, 3, 4, 5)
ITEM, HARM, SCORE = Variable("BEN1", 1, 5), Variable("NEG1", 1, 5), Variable("MES", 1, 5)
HARM_LADDER = Ladder.of(((1,), (2,), (3, 4, 5)), ((1, 2), (3, 4, 5)))
TURNOVER = 0.2
EVENTS = ("centre", "public", "linked", "correction")
#: How often an event is left out. Linked rounds make the gate search, so they are rarer.
RARE = {"centre": 0.0, "public": 0.5, "linked": 0.8, "correction": 0.5}


@dataclass(frozen=True)
class History:
    """One course of events; ``skipped`` names events by their number."""

    seed: int
    groups: int = 0
    rounds: int = 4
    skipped: tuple[int, ...] = ()


@dataclass(frozen=True)
class Answered:
    """One round's answers: person -> (group, item, harm, score); groups may be no part of the design."""

    number: int
    rows: dict[str, tuple[str, int, int, float]]
    has_groups: bool


@dataclass(frozen=True)
class Shown:
    """A released figure as its readers see it, and the population it is known to speak about."""

    audience: str
    variable: str
    round: str
    members: tuple[str, ...]
    figure: dict[str, Any]


@dataclass
class Life:
    """The centre as it was, and everything released about it."""

    answers: dict[tuple[str, str], dict[str, float]] = field(default_factory=dict)
    groups: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    shown: list[Shown] = field(default_factory=list)
    entries: tuple[Any, ...] = ()
    contributors: dict[str, Any] = field(default_factory=dict)


def rounds_of(history: History) -> list[Answered]:
    """Who answered what in each round; a fifth of the members are new each time."""
    rng = np.random.default_rng(history.seed)
    count = int(rng.integers(4, 13))
    count = min(count, history.groups) if history.groups else count
    level = float(rng.choice([3.2, 3.8, 4.3]))
    members: dict[str, list[str]] = {
        f"g{g:02}": [f"p{g:02}-{i}" for i in range(int(rng.integers(5, 11)))] for g in range(count)
    }
    moods = {g: float(rng.normal(0, 0.3)) for g in members}
    found = []
    for number in range(1, history.rounds + 1):
        rows: dict[str, tuple[str, int, int, float]] = {}
        for group, people in members.items():
            if number > 1:
                people[:] = [f"{p}'{number}" if rng.random() < TURNOVER else p for p in people]
            false = [f"false-{group}-{number}-{i}" for i in range(int(rng.random() < 0.1) * 2)]
            for person in [*people, *false]:
                own = np.random.default_rng([history.seed, *person.encode()])
                mood = level + moods[group] + own.normal(0, 0.8)
                if person in false:
                    rows[person] = (group, 1, 4, 1.0)
                elif own.random() < 0.85:
                    item = int(np.clip(np.rint(mood + rng.normal(0, 0.6)), 1, 5))
                    score = float(np.clip(np.rint(mood + rng.normal(0, 0.4)), 1, 5))
                    rows[person] = (group, item, 1 + int(own.random() < 0.08) * 3, score)
        found.append(Answered(number, rows, has_groups=history.seed % 8 != 7))
    return found


def records(variable: Variable, place: int, answered: Answered, keep: set[str]) -> Records:
    """One variable of one round; those left out, or who skipped it, have no answer but are there."""
    people = sorted(answered.rows)
    skipped = {p for p in people if zlib.crc32(f"{variable.name}{p}".encode()) % 40 == 0}
    return Records.of(
        variable,
        f"r{answered.number}",
        participants=people,
        groups=[answered.rows[p][0] for p in people] if answered.has_groups else None,
        values=[answered.rows[p][place] if p in keep - skipped else None for p in people],
        closed=True,
    )


def frequency(data: Records, cell: str, *, harm: bool = False) -> TableRequest:
    ladder = HARM_LADDER if harm else Ladder.ordinal(CODES)
    return TableRequest(
        "T15" if harm else "T4", cell, Kind.FREQUENCY, (data,), ladder=ladder, always_shown=harm
    )


def events(
    history: History, found: list[Answered]
) -> Iterator[tuple[Audience, list[TableRequest]]]:
    """Every release that is asked for, in order."""
    rng = np.random.default_rng([history.seed, 1])
    number = 0
    for answered in found:
        everyone = set(answered.rows)
        late = set(rng.choice(sorted(everyone), int(rng.integers(0, 8)), replace=False).tolist())
        late = late if rng.random() < 0.5 else set()
        order = list(EVENTS) if rng.random() < 0.7 else [EVENTS[1], EVENTS[0], *EVENTS[2:]]
        for event in order:
            chance = rng.random()
            number += 1
            if number in history.skipped or chance < RARE[event]:
                continue
            if event in ("centre", "public"):
                yield Audience(event), single(answered, everyone - late)
            elif event == "linked" and answered.number > 1:
                yield Audience.CENTRE, linked(found[0], answered)
            elif event == "correction":
                kind, k = int(rng.integers(3)), int(rng.integers(1, 8))
                gone = set(rng.choice(sorted(everyone), k, replace=False).tolist())
                group = next(iter(answered.rows.values()))[0]
                whole = {p for p, row in answered.rows.items() if row[0] == group}
                kept = [everyone, everyone - late - gone, everyone - late - whole][kind]
                yield Audience.CENTRE, single(answered, kept)


def single(answered: Answered, keep: set[str]) -> list[TableRequest]:
    """One round's report: a benefit question, a question about harm, a scale."""
    return [
        frequency(records(ITEM, 1, answered, keep), "BEN1"),
        frequency(records(HARM, 2, answered, keep), "NEG1", harm=True),
        TableRequest("T5", "MES", Kind.MEAN, (records(SCORE, 3, answered, keep),)),
    ]


def linked(first: Answered, last: Answered) -> list[TableRequest]:
    """Two rounds of those who answered both: a table of the last, and the means of both."""
    both = first.rows.keys() & last.rows.keys()
    data = tuple(records(SCORE, 3, each, both) for each in (first, last))
    if len(both) < 2:
        return []
    numbers = tuple(
        Number(f"mean@r{each.number}", float(np.nanmean(d.values)), NumberKind.MEAN)
        for each, d in zip((first, last), data, strict=True)
    )
    size = ModelSize(2 * len(both), 2, 2, len({row[0] for row in last.rows.values()}))
    return [
        TableRequest("T6", "MES", Kind.MODEL, data, numbers=numbers, model=size),
        frequency(records(ITEM, 1, last, both), "BEN1 linked"),
    ]


def lived(history: History, policy: Policy) -> Life:
    """The whole history, released through the gate."""
    found, life = rounds_of(history), Life()
    for audience, requests in events(history, found):
        for request in requests:
            for data in request.records:
                note(life, data)
        ledger = Ledger(life.entries, life.contributors)
        judged = judge(requests, policy=policy, audience=audience, ledger=ledger)
        entry = append(
            life.entries,
            release=f"x{len(life.entries)}",
            audience=audience,
            policy_hash=policy.hash,
            statements=judged.statements,
        )
        life.entries = (*life.entries, entry)
        life.contributors |= judged.contributors
        told = {(f["table"], f["cell"]): f for f in judged.document["figures"]}
        for request in requests:
            figure = told.get((request.table, request.cell))
            if figure is not None:
                life.shown += [shown(str(audience), data, figure) for data in request.records]
    return life


def note(life: Life, data: Records) -> None:
    """Remember the true answers and groups behind a set of records."""
    key = (data.variable.name, data.round)
    answers, groups = life.answers.setdefault(key, {}), life.groups.setdefault(key, {})
    places = data.participants if data.groups is None else data.groups
    rows = zip(data.participants, places, data.values, strict=True)
    for person, group, value in rows:
        groups[person] = group
        if not np.isnan(value):
            answers[person] = float(value)


def shown(audience: str, data: Records, figure: dict[str, Any]) -> Shown:
    members = tuple(str(p) for p in data.participants[data.valid])
    return Shown(audience, data.variable.name, data.round, members, figure)
