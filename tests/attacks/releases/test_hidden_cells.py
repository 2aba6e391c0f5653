"""A3, A4, A8: working out cells that were not told.

A3: solve for the hidden cells of group by answer from all totals told.
A4: one, two or three members of a group do so with their own answers.
A8: find the counts behind percentages, and with them the answers only a few people gave.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest

from knutepunkt.analysis.disclosure import Audience, Judgement
from tests.attacks.measured import Measured, assert_harmless, assert_succeeds
from tests.attacks.releases.reader import Question, Told, forced, statements
from tests.attacks.releases.world import (
    CODES,
    Centre,
    figure,
    mean,
    plain_figure,
    release,
    remembered,
    table,
)

SATISFIED = (0.02, 0.04, 0.1, 0.42, 0.42)
SPREAD = (0.1, 0.15, 0.2, 0.3, 0.25)
FAVOURABLE = (4, 5)
OTHERS = (1, 2, 3)


def centres(count: int, seed: int) -> Iterator[tuple[Centre, np.random.Generator]]:
    """Centres of very different sizes, half of them with many satisfied people."""
    rng = np.random.default_rng(seed)
    for place in range(count):
        weights = SATISFIED if place % 2 else SPREAD
        yield Centre.drawn(int(rng.integers(25, 180)), weights, rng), rng


def told_by_gate(centre: Centre, *, with_mean: bool) -> list[Told]:
    """A public table, then the centre's table and mean: everything a reader at the centre sees."""
    records = centre.records()
    public = release(table(records), audience=Audience.PUBLIC)
    ledger = remembered(public, audience=Audience.PUBLIC)
    planned = (table(records), mean(records)) if with_mean else (table(records),)
    own = release(*planned, ledger=ledger)
    shown = [
        figure(public.document),
        figure(own.document),
        figure(own.document, table_id="T5"),
    ]
    return [told for one in shown for told in statements(one, centre.people)]


def told_plainly(centre: Centre) -> list[Told]:
    """Group by answer with small cells left out, and all totals: primary suppression alone."""
    found: list[Told] = []
    members = {g: [i for i, x in enumerate(centre.groups) if x == g] for g in set(centre.groups)}
    for cell in (OTHERS, FAVOURABLE):
        total = sum(a in cell for a in centre.answers)
        found.append(Told(frozenset(centre.people), cell, total, total))
        for group in members.values():
            count = sum(centre.answers[i] in cell for i in group)
            if count >= 3:
                names = frozenset(centre.people[i] for i in group)
                found.append(Told(names, cell, count, count))
    return found


def attack(
    centre: Centre, told: list[Told], rng: np.random.Generator, known: int
) -> tuple[int, float, int]:
    """(hits, chance, exact) on one member of one group, for a coalition of ``known`` of them."""
    groups = sorted({g for g in centre.groups if centre.groups.count(g) > known + 1})
    chosen = groups[int(rng.integers(len(groups)))]
    members = [i for i, g in enumerate(centre.groups) if g == chosen]
    coalition = {centre.people[i]: centre.answers[i] for i in members[:known]}
    question = Question(tuple(told), dict(zip(centre.people, centre.groups, strict=True)), CODES)
    others = [centre.people[i] for i in members[known:]]
    low, high = question.bounds(others, FAVOURABLE, coalition)
    truth = centre.answers[members[-1]] in FAVOURABLE
    share = sum(a in FAVOURABLE for a in centre.answers) / len(centre.answers)
    sure = forced(low, high, len(others))
    guess = bool(low) if sure else share >= 0.5
    return int(guess == truth), float((share >= 0.5) == truth), int(sure)


@cache
def readings(plain: bool, tries: int) -> list[tuple[Centre, list[Told]]]:
    """Centres, and all that is told of each; a mean beside a table costs the gate a search."""
    return [
        (c, told_plainly(c) if plain else told_by_gate(c, with_mean=place % 20 == 0))
        for place, (c, _) in enumerate(centres(tries, seed=30))
    ]


def measure(name: str, known: int, *, plain: bool = False, tries: int = 80) -> Measured:
    rng = np.random.default_rng(known)
    rows = [attack(centre, told, rng, known) for centre, told in readings(plain, tries)]
    hits, chance, exact = (sum(column) for column in zip(*rows, strict=True))
    words = {0: "solve for the hidden cells of group by answer"}
    says = words.get(known, f"{known} members solve for the others of their group")
    against = "primary suppression of 1 and 2" if plain else "KP-1"
    return Measured(name, says, tries, int(hits), chance / tries, int(exact), against)


def test_a3_works_against_primary_suppression() -> None:
    assert_succeeds(measure("A3", 0, plain=True, tries=40))


def test_a3_hidden_cells_stay_hidden() -> None:
    assert_harmless(measure("A3", 0))


def test_a4_works_against_primary_suppression() -> None:
    assert_succeeds(measure("A4", 2, plain=True, tries=40))


@pytest.mark.parametrize("members", [1, 2])
def test_a4_coalitions_learn_nothing_of_the_others(members: int) -> None:
    assert_harmless(measure("A4", members))


def test_a4_coalitions_of_three_are_measured() -> None:
    """No promise is made against three; the figure is reported."""
    assert measure("A4", 3).write_down().tries == 80


def counts_behind(shown: dict[str, Any], people: range) -> set[tuple[int, ...]]:
    """Every list of counts that gives exactly these percentages, for some number of people."""
    rows = shown.get("categories", ())
    exact, found = shown.get("exact"), set()
    for n in people if rows else ():
        step = 0.1 if exact else 5.0 if n < 100 else 1.0
        options = [
            [k for k in range(n + 1) if abs(100 * k / n - row["percent"]) <= step / 2 + 1e-9]
            for row in rows
        ]
        found |= {c for c in itertools.product(*options) if sum(c) == n}
        if len(found) > 5_000:
            break
    return found


def few(shown: dict[str, Any], n: int) -> bool:
    """Whether the percentages prove that one to four people stand alone in a cell."""
    told = shown.get("n", n)
    people = range(told, told + 1) if shown.get("exact") or n >= 100 else range(told - 2, told + 3)
    found = counts_behind(shown, people)
    return bool(found) and any(
        all(0 < counts[place] < 5 for counts in found) for place in range(len(next(iter(found))))
    )


def percentages(centre: Centre) -> dict[str, Any]:
    """Percentages to one decimal of every answer given, as many reports print them."""
    cells = [(code,) for code in CODES if code in centre.answers]
    return plain_figure(centre.records(), threshold=1, partition=cells)


def measure_a8(*, plain: bool = False, grouped: bool = True) -> Measured:
    tries = list(centres(60, seed=8))
    found = 0
    for centre, _ in tries:
        records = centre.records() if grouped else centre.records(groups=None)
        judged: Judgement | None = None if plain else release(table(records))
        shown = percentages(centre) if judged is None else figure(judged.document)
        found += few(shown, len(centre.people))
    says = "find the counts behind percentages, and the answers of one to four people"
    against = "percentages to one decimal" if plain else "KP-1"
    return Measured("A8", says, len(tries), found, 0.0, found, against)


def test_a8_works_against_percentages_to_one_decimal() -> None:
    assert_succeeds(measure_a8(plain=True))


@pytest.mark.parametrize("grouped", [True, False])
def test_a8_percentages_tell_no_small_count(grouped: bool) -> None:
    assert_harmless(measure_a8(grouped=grouped))
