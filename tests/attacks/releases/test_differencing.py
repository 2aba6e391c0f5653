"""A1, A2: subtracting what was told twice.

A1: two reports with one joiner, leaver or late answer between them; the attacker knows who it was.
A2: a report on everybody and one on everybody but a few; the attacker knows who the few are.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import polars as pl
import pytest

from knutepunkt.analysis.disclosure import Audience, Judgement, Ledger, Policy, judge, kp1
from knutepunkt.analysis.disclosure.rounding import ReleasedNumber
from knutepunkt.analysis.report import Design
from knutepunkt.analysis.report.planning.attrition import plan_returns
from knutepunkt.analysis.report.planning.participation import plan_participation
from knutepunkt.analysis.report.populations import Answers
from tests.attacks.measured import Measured, assert_harmless, assert_succeeds
from tests.attacks.releases.weakened import without
from tests.attacks.releases.world import (
    Centre,
    counts_within,
    figure,
    plain_figure,
    release,
    remembered,
    table,
)
from tests.unit.analysis.report.sample import centre as study_of

WEIGHTS = (0.1, 0.15, 0.2, 0.3, 0.25)
TRIES = 150


def number_of_the_few_in(
    larger: dict[str, Any], smaller: dict[str, Any], n: int, few: int
) -> dict[tuple[int, ...], tuple[int, int]]:
    """How many of the few lie in each cell told for both populations, within bounds."""
    whole, part = counts_within(larger, n), counts_within(smaller, n - few)
    return {
        cell: (max(0, whole[cell][0] - part[cell][1]), min(few, whole[cell][1] - part[cell][0]))
        for cell in whole.keys() & part.keys()
    }


def attack(policy: Policy | None, few: int, name: str, seed: int, tries: int = TRIES) -> Measured:
    """Try to learn the few's cells; without a policy the reports follow a plain threshold."""
    rng = np.random.default_rng(seed)
    hits, exact, favourable = 0, 0, 0
    for _ in range(tries):
        centre = Centre.drawn(int(rng.integers(100, 160)), WEIGHTS, rng)
        n = len(centre.people)
        chosen = set(rng.choice(n, few, replace=False).tolist())
        keep = [i not in chosen for i in range(n)]
        whole, part = centre.records(), centre.records(keep)
        if policy is None:
            shown = [plain_figure(part), plain_figure(whole)]
        else:
            first = release(table(part), policy=policy)
            second = release(table(whole), policy=policy, ledger=remembered(first))
            shown = [figure(first.document), figure(second.document)]
        told = number_of_the_few_in(shown[1], shown[0], n, few)
        certain = [cell for cell, (low, high) in told.items() if low == high in (0, few)]
        truth = [centre.answers[i] >= 4 for i in chosen]
        # He says what he is certain of; otherwise he guesses what most people answered.
        guess = told[4, 5][0] == few if (4, 5) in certain else True
        hits += sum(t == guess for t in truth)
        favourable += sum(truth)
        exact += bool(certain)
    against = {None: "plain threshold of 5"}.get(policy, "KP-1" if policy == kp1() else "weakened")
    total = tries * few
    return Measured(name, DESCRIPTION[name], total, hits, favourable / total, exact, against)


DESCRIPTION = {
    "A1": "two reports, one joiner, leaver or late answer between them",
    "A2": "a report on all, and one on all but three",
}


def test_a1_works_against_a_plain_threshold() -> None:
    measured = attack(None, few=1, name="A1", seed=1).write_down()
    assert measured.exact > 0.9 * TRIES
    assert measured.advantage > 0.3


def test_a1_one_joiner_leaver_or_late_answer() -> None:
    assert_harmless(attack(kp1(), few=1, name="A1", seed=1))


def test_a1_works_without_p4() -> None:
    class WithoutP4AndP5(type(without("P4"))):  # type: ignore[misc]
        """P5 sees some of these leaks too; it is off here so that P4 stands alone."""

        def applies(self, clause: str) -> bool:
            return clause not in {"P4", "P5"}

    weak = WithoutP4AndP5(**vars(without("P4")))
    assert attack(weak, few=1, name="A1", seed=1, tries=40).exact > 10


def test_a2_works_against_a_plain_threshold() -> None:
    assert attack(None, few=3, name="A2", seed=2).write_down().exact > 0.2 * TRIES


def test_a2_all_minus_a_subset() -> None:
    assert_harmless(attack(kp1(), few=3, name="A2", seed=2))


@pytest.mark.parametrize("few", [1, 2, 3, 4])
def test_a_leaver_of_a_correction_is_no_better(few: int) -> None:
    """The later report is the smaller one: people withdrew, or a correction left them out."""
    rng = np.random.default_rng(few)
    centre = Centre.drawn(140, WEIGHTS, rng)
    first = release(table(centre.records()))
    keep = [i >= few for i in range(140)]
    second = release(table(centre.records(keep)), ledger=remembered(first))
    assert figure(first.document)
    assert not figure(second.document)


def test_an_answer_changed_between_reports_is_not_subtracted() -> None:
    """The same people, one of whom corrected the answer: the cells differ by one."""
    rng = np.random.default_rng(9)
    centre = Centre.drawn(140, WEIGHTS, rng)
    first = release(table(centre.records()))
    changed = replace(centre, answers=(6 - centre.answers[0] or 1, *centre.answers[1:]))
    before = figure(first.document)
    after = figure(release(table(changed.records()), ledger=remembered(first)).document)
    assert before["categories"]
    assert not after.get("categories") or changed.answers[0] == centre.answers[0]


def returned(frame: pl.DataFrame, policy: Policy, ledger: Ledger) -> tuple[Judgement, list[int]]:
    """What is told of how many came back: all that is exact, in order."""
    answers = Answers.of(two_rounds()[0], frame)
    planned = plan_participation(answers).joined(plan_returns(answers))
    judged = judge(planned.requests, policy=policy, audience=Audience.CENTRE, ledger=ledger)
    told = [
        int(count.value)
        for each in judged.released
        if each.table == "T12-flow" or each.cell.endswith("-linked")
        for count in each.counts
        if isinstance(count, ReleasedNumber) and count.value is not None and count.value >= 100
    ]
    return judged, told


@cache
def two_rounds() -> tuple[Design, pl.DataFrame]:
    return study_of(groups=22, rounds=2, response=0.9)


def measure_returns(policy: Policy, against: str) -> Measured:
    """One person leaves one of the two rounds; had he answered the other as well?"""
    _, frame = two_rounds()
    first, told = returned(frame, policy, Ledger())
    ledger = remembered(first)
    places = (0, 40, 80, frame.height - 1, frame.height - 30)
    exact = 0
    for place in places:
        left = frame.filter(pl.int_range(pl.len()) != place)
        _, again = returned(left, policy, ledger)
        exact += bool(again) and len(told) == len(again) and told != again
    says = "see from how many came back whether one who left a round had answered another"
    return Measured("A1", says, len(places), exact, 0.0, exact, against)


def test_a1_who_came_back_is_not_told_anew_when_one_has_left() -> None:
    assert_harmless(measure_returns(kp1(), "KP-1"))


def test_a1_it_is_learnt_without_p4() -> None:
    assert_succeeds(measure_returns(without("P4"), "KP-1 without P4"))


def test_how_many_came_back_is_told_once() -> None:
    _, told = returned(two_rounds()[1], kp1(), Ledger())
    assert len(told) >= 2
