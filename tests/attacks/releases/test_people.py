"""A11, A24, A28, A29: attackers who choose, or bring, the people a figure rests on.

A11: filters that together leave one person.
A24: attendance, and who of the group answered, joined with the response that was told.
A28: a question asked once more in other words, which one person is led to skip (in the same words
it cannot be planned).
A29: false members whose answers fill the threshold.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from knutepunkt.analysis.disclosure import (
    Count,
    GroupResponse,
    Kind,
    Ladder,
    Ledger,
    Policy,
    Records,
    TableRequest,
    Variable,
    kp1,
)
from knutepunkt.analysis.instruments.texts import Texts
from knutepunkt.analysis.report.design import GroupInvited, RoundDesign
from knutepunkt.analysis.report.planning.participation import participation_of
from tests.attacks.measured import Measured, assert_harmless, assert_succeeds
from tests.attacks.releases.reader import Question, Told, forced, statements
from tests.attacks.releases.world import (
    CODES,
    Centre,
    counts_within,
    figure,
    plain_figure,
    release,
    remembered,
    table,
)

NAME = Texts(nb="Høsten", nn="Hausten", en="Autumn")
SATISFIED = (0.02, 0.05, 0.13, 0.4, 0.4)
FAVOURABLE = (4, 5)


def measure_a11(*, plain: bool) -> Measured:
    """Trackers: everyone with A, then everyone with A but not B, where one person has both."""
    rng = np.random.default_rng(11)
    # Fewer worlds are searched before the gate gives up and withholds: the same rules, sooner.
    hasty = kp1().stricter(witnesses=100)
    tries = hits = exact = 0
    chance = 0.0
    for _ in range(25):
        centre = Centre.drawn(int(rng.integers(100, 160)), SATISFIED, rng)
        n = len(centre.people)
        is_a = rng.random(n) < 0.8
        target = int(rng.choice(np.flatnonzero(is_a)))
        filters = [np.ones(n, bool), is_a, is_a & (np.arange(n) != target)]
        filters.append(~is_a | (np.arange(n) == target))
        ledger, told = Ledger(), []
        judged: list[Any] = []
        for chosen in filters:
            records = centre.records(chosen.tolist())
            if plain:
                shown = plain_figure(records)
            else:
                judged.append(release(table(records), ledger=ledger, policy=hasty))
                shown = figure(judged[-1].document)
                ledger = remembered(*judged)
            told += statements(shown, [centre.people[i] for i in np.flatnonzero(chosen)])
        question = Question(tuple(told), dict.fromkeys(centre.people, "all"), CODES)
        low, high = question.bounds([centre.people[target]], FAVOURABLE)
        truth = centre.answers[target] in FAVOURABLE
        tries += 1
        chance += truth
        exact += forced(low, high, 1)
        hits += (bool(low) if forced(low, high, 1) else True) == truth
    says = "filters (tables for parts of the people) that together leave one person"
    against = "plain threshold of 5" if plain else "KP-1"
    return Measured("A11", says, tries, hits, chance / tries, exact, against)


def test_a11_works_against_a_plain_threshold() -> None:
    assert_succeeds(measure_a11(plain=True))


def test_a11_filters_single_out_nobody() -> None:
    assert_harmless(measure_a11(plain=False))


def participation(
    used: list[int], sizes: list[int], policy: Policy | None = None
) -> list[dict[str, Any]]:
    responses = tuple(
        GroupResponse(f"g{i}", u, s) for i, (u, s) in enumerate(zip(used, sizes, strict=True))
    )
    counts = (
        Count("handed_out", sum(sizes), public=True),
        Count("used", sum(used), of=sum(sizes), of_is_public=True),
    )
    judged = release(
        TableRequest("T1", "autumn", Kind.FLOW, counts=counts),
        TableRequest("T2", "autumn", Kind.PARTICIPATION, responses=responses),
        policy=policy,
    )
    return list(judged.document["figures"])


def group_bounds(
    figures: list[dict[str, Any]], place: int, used: list[int], sizes: list[int], *, plain: bool
) -> tuple[int, int]:
    """How many of a group answered, as the reader can bound it."""
    if plain:
        return used[place], used[place]
    low, high = 0, sizes[place]
    for shown in figures:
        for row in shown["responses"]:
            if row["group"] == f"g{place}" and row["low"] == row["high"]:
                low = high = round(row["low"] * sizes[place])
            elif row["group"] == f"g{place}":
                share = sizes[place] * row["low"], sizes[place] * row["high"]
                low = max(low, int(np.ceil(share[0])))
                high = min(high, sizes[place] if row["high"] >= 1 else int(np.ceil(share[1])) - 1)
        for count in shown["counts"]:
            if count["name"] == "used" and count.get("at_least") is not None:
                low = max(low, count["at_least"] - (sum(sizes) - sizes[place]))
    return low, high


def measure_a24(*, plain: bool, policy: Policy | None = None, members: int = 2) -> Measured:
    """Two who know each other's part ask of a third: did she answer? Chance knows the classes."""
    rng = np.random.default_rng(24)
    tries = hits = exact = 0
    chance = 0.0
    for _ in range(400):
        sizes = [int(x) for x in rng.integers(5, 11, int(rng.integers(1, 14)))]
        rate = float(rng.uniform(0.3, 0.95))
        answered = [rng.random(s) < rate for s in sizes]
        used = [int(a.sum()) for a in answered]
        shown = participation(used, sizes, policy)
        place = int(rng.integers(len(sizes)))
        low, high = group_bounds(shown, place, used, sizes, plain=plain)
        known = int(answered[place][:members].sum())
        left = sizes[place] - members
        low, high = max(0, low - known), min(left, high - known)
        truth = bool(answered[place][-1])
        below = any(
            row["group"] == f"g{place}" and row["high"] < 1 for f in shown for row in f["responses"]
        )
        usual = rate >= 0.5 and not below
        sure = forced(low, high, left)
        tries += 1
        exact += sure
        hits += (bool(low) if sure else usual) == truth
        chance += usual == truth
    says = "attendance joined with who is told to have answered"
    against = "used slips per group" if plain else "KP-1, told response"
    return Measured("A24", says, tries, hits, chance / tries, exact, against)


def measure_more_slips(*, counts_slips: bool) -> Measured:
    """He makes slips until the class of a group tells that everybody in it, or nobody, answered."""
    tries = exact = 0
    for members, extra in itertools.product(range(3, 11), (0, 2, 5, 10)):
        classes: dict[str, set[int]] = defaultdict(set)
        for used in range(members + 1):
            known = None if counts_slips else members
            group = GroupInvited("g0", members + extra, used, members=known)
            each = RoundDesign("autumn", NAME, groups=(group,))
            judged = release(participation_of(each).request)
            classes[str(judged.document["figures"])].add(used)
        tries += 1
        exact += any(len(alike) <= 2 and alike & {0, members} for alike in classes.values())
    says = "make slips until the class of a group tells that all of it answered"
    against = "classes of the slips handed out" if counts_slips else "KP-1"
    return Measured("A24", says, tries, exact, 0.0, exact, against)


def test_a24_more_slips_do_not_move_the_class_of_a_group() -> None:
    assert_harmless(measure_more_slips(counts_slips=False))


def test_a24_they_do_where_slips_are_counted() -> None:
    assert_succeeds(measure_more_slips(counts_slips=True))


def test_a24_works_against_counts_per_group() -> None:
    assert_succeeds(measure_a24(plain=True))


def test_a24_classes_tell_nobody_apart() -> None:
    assert_harmless(measure_a24(plain=False))


def asked_twice(centre: Centre, target: int, steady: float, rng: np.random.Generator) -> Centre:
    """The answers when the question comes again: most people repeat themselves, some do not."""
    answers = list(centre.answers)
    for i in range(len(answers)):
        if rng.random() > steady:
            answers[i] = int(np.clip(answers[i] + rng.choice([-1, 1]), 1, 5))
    return replace(centre, answers=tuple(answers))


def measure_a28(steady: float) -> Measured:
    """The target skips the repetition; what is missing there speaks for or against her answer."""
    rng = np.random.default_rng(28)
    again = Variable("OWN1", 1, 5)
    tries = hits = exact = 0
    chance = 0.0
    for _ in range(150):
        centre = Centre.drawn(int(rng.integers(100, 160)), (0.1, 0.15, 0.2, 0.3, 0.25), rng)
        n, target = len(centre.people), int(rng.integers(100))
        second = asked_twice(centre, target, steady, rng)
        keep = [i != target for i in range(n)]
        records = replace(second.records(keep), variable=again)
        judged = release(
            table(centre.records()),
            TableRequest("T4", "OWN1", Kind.FREQUENCY, (records,), ladder=Ladder.ordinal(CODES)),
        )
        whole = counts_within(figure(judged.document), n)
        part = counts_within(figure(judged.document, "OWN1"), n - 1)
        share = sum(a in FAVOURABLE for a in centre.answers) / n
        odds = share / (1 - share)
        if whole.get(FAVOURABLE) and part.get(FAVOURABLE):
            gap = whole[FAVOURABLE][0] - part[FAVOURABLE][0]
            noise = n * (1 - steady) * 0.3  # about how many cross the middle when asked again
            odds *= np.exp((gap - 0.5) / noise) if noise else 1e9 if gap == 1 else 1e-9
            exact += steady == 1 and gap in (0, 1)
        truth = centre.answers[target] in FAVOURABLE
        tries += 1
        hits += (odds >= 1) == truth
        chance += (share >= 0.5) == truth
    says = f"an own question repeats another; one skips it; {steady:.0%} answer as before"
    return Measured("A28", says, tries, hits, chance / tries, exact, "KP-1, no promise made")


def test_a28_works_where_everyone_repeats_the_same_answer() -> None:
    """The policy compares no two questions: this is the residual, at its worst."""
    assert_succeeds(measure_a28(1.0))


def test_a28_a_question_asked_again_is_measured() -> None:
    """People are not that steady, so that nothing is exact; what is left is reported."""
    assert measure_a28(0.85).write_down().exact == 0


def with_false(centre: Centre, false: int, answer: int, group: str) -> Centre:
    """The centre with members who do not exist, whose slips the attacker used."""
    return Centre(
        (*centre.people, *(f"false{i}" for i in range(false))),
        (*centre.groups, *([group] * false)),
        (*centre.answers, *([answer] * false)),
    )


def measure_a29(false: int, *, plain: bool, policy: Policy | None = None) -> Measured:
    """False members give the rare answer, so that the cell is told; he then takes them away."""
    rng = np.random.default_rng(29)
    tries = hits = exact = 0
    chance = 0.0
    for _ in range(60):
        real = Centre.drawn(int(rng.integers(14, 60)), (0.0, 0.01, 0.03, 0.46, 0.5), rng)
        centre = with_false(real, false, 1, real.groups[-1])
        records: Records = centre.records()
        judged = None if plain else release(table(records), policy=policy)
        shown = plain_figure(records) if judged is None else figure(judged.document)
        groups = dict(zip(centre.people, centre.groups, strict=True))
        question = Question(tuple(statements(shown, centre.people)), groups, CODES)
        own = {p: 1 for p in centre.people if p.startswith("false")}
        block = [p for p in real.people if groups[p] == real.groups[0]]
        low, high = question.bounds(block, FAVOURABLE, own)
        sure = forced(low, high, len(block))
        truth = real.answers[0] in FAVOURABLE
        tries += 1
        exact += sure
        hits += (bool(low) if sure else True) == truth
        chance += truth
    says = f"{false} false members fill the threshold and are taken away again"
    against = "plain threshold of 5" if plain else "KP-1"
    return Measured("A29", says, tries, hits, chance / tries, exact, against)


def test_a29_works_against_a_plain_threshold() -> None:
    assert_succeeds(measure_a29(5, plain=True))


@pytest.mark.parametrize("false", [1, 2])
def test_a29_false_members_up_to_the_coalition_learn_nothing(false: int) -> None:
    assert_harmless(measure_a29(false, plain=False))


@pytest.mark.parametrize("false", [3, 5])
def test_a29_more_false_members_are_measured(false: int) -> None:
    """No promise is made against three or more who act as one; the figure is reported."""
    assert measure_a29(false, plain=False).write_down().tries == 60


def test_told_is_what_is_compared() -> None:
    """The plain table of the A29 centre does tell a count, so there is something to take away."""
    shown = plain_figure(Centre(("a",) * 1, ("g",), (5,)).records(), threshold=0)
    assert [Told(frozenset("a"), (4, 5), 1, 1)] == statements(shown, ["a"])[1:]
