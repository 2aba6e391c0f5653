"""Does every clause carry weight? Without it, an attack that fails against KP-1 succeeds.

One clause is switched off at a time; all others stay in force. What succeeds then is an attack of
this suite, or one that only this clause stands against.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from knutepunkt.analysis.disclosure import (
    Kind,
    Ladder,
    Ledger,
    Policy,
    Quotation,
    Records,
    TableRequest,
    Variable,
    kp1,
)
from tests.attacks.measured import Measured, assert_harmless, assert_succeeds
from tests.attacks.releases.reader import Question, forced, statements
from tests.attacks.releases.test_alike import measure_a6
from tests.attacks.releases.test_models import measure_a13
from tests.attacks.releases.test_people import measure_a24
from tests.attacks.releases.test_rungs import measure_a31
from tests.attacks.releases.weakened import without
from tests.attacks.releases.world import (
    CODES,
    Centre,
    counts_within,
    figure,
    mean,
    release,
    remembered,
    table,
)

SPREAD = (0.1, 0.15, 0.2, 0.3, 0.25)
Attack = Callable[[Policy], Measured]


def named(policy: Policy) -> str:
    return "KP-1" if policy == kp1() else f"KP-1 without {getattr(policy, 'missing', '')}"


def one_group_prevails(policy: Policy) -> Measured:
    """P1. One group is nearly the whole population, so that its mean is the mean that is told.

    Small cells have P4 against them as well; that a figure must rest on several groups has not.
    """
    rng = np.random.default_rng(1)
    tries = hits = 0
    for _ in range(20):
        sizes = (24, 2, 2)
        groups = tuple(f"g{g}" for g, size in enumerate(sizes) for _ in range(size))
        answers = tuple(int(a) for a in rng.choice(CODES, len(groups), p=(0.2, 0.2, 0.2, 0.2, 0.2)))
        centre = Centre(tuple(f"p{i:02}" for i in range(len(groups))), groups, answers)
        shown = figure(release(mean(centre.records()), policy=policy).document, table_id="T5")
        told = [x["value"] for x in shown.get("numbers", ()) if x["name"] == "mean"]
        tries += 1
        hits += bool(told) and abs(told[0] - float(np.mean(answers[:24]))) <= 0.2
    says = "read one group's mean where it is nearly everybody"
    return Measured("A5", says, tries, hits, 0.0, hits, named(policy))


def response_per_group(policy: Policy) -> Measured:
    """P2. How many of each group answered, for two who know of each other."""
    return replace(measure_a24(plain=False, policy=policy), against=named(policy))


def everyone_alike(policy: Policy) -> Measured:
    """P3. A figure only a centre can give in which everyone answered alike."""
    return measure_a6(policy, named(policy))


def roster_remainder(policy: Policy) -> Measured:
    """P4. The roster's totals are known: what is told of those who answered leaves a few who did not."""
    rng = np.random.default_rng(4)
    sex = Variable("SEX", 1, 2)
    tries = hits = 0
    for missing in [1, 2, 3] * 5:
        n = int(rng.integers(110, 150))
        values = rng.integers(1, 3, n + missing)
        values[-missing:] = 1
        totals = tuple((code, int((values == code).sum())) for code in (1, 2))
        centre = Centre(
            tuple(f"p{i}" for i in range(n)),
            tuple(f"g{i // 8}" for i in range(n)),
            tuple(int(v) for v in values[:n]),
        )
        records = replace(centre.records(), variable=sex)
        request = TableRequest(
            "T3", "SEX", Kind.FREQUENCY, (records,), ladder=Ladder.of(((1,), (2,))), roster=totals
        )
        shown = figure(release(request, policy=policy).document, "SEX", "T3")
        told = counts_within(shown, n).get((1,))
        tries += 1
        hits += told is not None and told == (totals[0][1] - missing,) * 2
    says = "subtract those who answered from the roster, and be left with a few"
    return Measured("A2", says, tries, hits, 0.0, hits, named(policy))


def mean_at_the_end(policy: Policy) -> Measured:
    """P5. Two who hold all of what a mean leaves open know that everybody else is at the end."""
    tries = hits = 0
    for n in (48, 54, 60, 66):
        answers = [3, 4] + [5] * (n - 2)
        centre = Centre(
            tuple(f"p{i:03}" for i in range(n)),
            tuple(f"g{i // 6:02}" for i in range(n)),
            tuple(answers),
        )
        shown = figure(release(mean(centre.records()), policy=policy).document, table_id="T5")
        question = Question(
            tuple(statements(shown, centre.people)),
            dict(zip(centre.people, centre.groups, strict=True)),
            CODES,
        )
        others = centre.people[2:6]
        tries += 1
        hits += forced(*question.bounds(others, (5,), {"p000": 3, "p001": 4}), len(others))
    says = "two members solve for their group from a mean at the end of its scale"
    return Measured("A4", says, tries, hits, 0.0, hits, named(policy))


def group_effects(policy: Policy) -> Measured:
    """P6. Predicted group effects, and numbers at full precision."""
    return measure_a13(policy, named(policy))


def open_round(policy: Policy) -> Measured:
    """P7. Previews of a round that is still open, one before and one after somebody answered."""
    rng = np.random.default_rng(7)
    tries = hits = 0
    for _ in range(20):
        centre = Centre.drawn(int(rng.integers(110, 150)), SPREAD, rng)
        n = len(centre.people)
        before, after = (
            figure(release(table(centre.records(keep, closed=False)), policy=policy).document)
            for keep in ([True] * (n - 1) + [False], [True] * n)
        )
        first, second = counts_within(before, n - 1), counts_within(after, n)
        grown = [c for c in first.keys() & second.keys() if second[c][0] > first[c][1]]
        tries += 1
        hits += any(centre.answers[-1] in cell for cell in grown)
    says = "look at a round while it is open, before and after somebody answered"
    return Measured("A15", says, tries, hits, 0.0, hits, named(policy))


def ledger_with_holes(policy: Policy) -> Measured:
    """P11. Somebody removed from the vault who an earlier report rests on; then one person less."""
    rng = np.random.default_rng(11)
    tries = hits = 0
    for _ in range(20):
        centre = Centre.drawn(int(rng.integers(110, 150)), SPREAD, rng)
        n = len(centre.people)
        first = release(table(centre.records()))
        holes = Ledger(remembered(first).entries, {})
        keep = [i != 0 for i in range(n)]
        second = release(table(centre.records(keep)), policy=policy, ledger=holes)
        whole = counts_within(figure(first.document), n)
        part = counts_within(figure(second.document), n - 1)
        shrunk = [c for c in whole.keys() & part.keys() if part[c][1] < whole[c][0]]
        tries += 1
        hits += any(centre.answers[0] in cell for cell in shrunk)
    says = "one report more after the memory of earlier ones was damaged"
    return Measured("A1", says, tries, hits, 0.0, hits, named(policy))


def words_of_one(policy: Policy) -> Measured:
    """P9. Quotations offered without consent, with a place, or from the only one with that code."""
    good = Quotation(
        code="hope",
        words="Jeg fikk det bedre.",
        has_consent=True,
        readers=frozenset({"a", "b"}),
        people_of_code=frozenset({"p1", "p2"}),
    )
    offered = [
        replace(good, words="Uten samtykke.", has_consent=False),
        replace(good, words="Vi fra Ytterøya.", names_group_or_place=True),
        replace(good, words="Bare jeg sa dette.", people_of_code=frozenset({"p1"})),
        replace(good, words="Lest av én.", readers=frozenset({"a"})),
    ]
    ladder = Ladder.of(((0,), (1,)))
    records = Records.of(
        Variable("code:hope", 0, 1),
        "r1",
        participants=[f"p{i}" for i in range(60)],
        groups=[f"g{i % 6}" for i in range(60)],
        values=[float(i < 24) for i in range(60)],
        closed=True,
    )
    number = TableRequest("T13", "hope", Kind.FREQUENCY, (records,), ladder=ladder)
    planned = [
        TableRequest(
            "T14", f"hope-{at}", Kind.QUOTATION, (records,), ladder=ladder, quotations=(each,)
        )
        for at, each in enumerate((good, *offered))
    ]
    document = json.dumps(release(number, *planned, policy=policy).document, ensure_ascii=False)
    assert good.words in document
    found = sum(each.words in document for each in offered)
    says = "recognise somebody by words that were quoted"
    return Measured("A21", says, len(offered), found, 0.0, found, named(policy))


CLAUSES: dict[str, Attack] = {
    "P1": one_group_prevails,
    "P2": response_per_group,
    "P3": everyone_alike,
    "P4": roster_remainder,
    "P5": mean_at_the_end,
    "P6": group_effects,
    "P7": open_round,
    "P9": words_of_one,
    "P11": ledger_with_holes,
}


@pytest.mark.parametrize("clause", CLAUSES)
def test_without_the_clause_an_attack_succeeds(clause: str) -> None:
    assert_succeeds(CLAUSES[clause](without(clause)))


@pytest.mark.parametrize("clause", CLAUSES)
def test_with_the_clause_it_fails(clause: str) -> None:
    assert_harmless(CLAUSES[clause](kp1()))


def test_the_ladder_must_be_fixed() -> None:
    """A ladder chosen to fit the answers lets the rung tell (A31)."""
    assert measure_a31(chosen=True).exact > 0


def test_every_clause_asked_of_the_gate_is_here() -> None:
    """P10 is about storage. P8 is about noise: none is used, and `test_asking_again` is its mutation."""
    asked = {f"P{number}" for number in range(1, 12)} - {"P10"}
    assert asked - {"P8"} == set(CLAUSES)
    assert kp1().perturbation == "none"


def test_only_one_clause_is_off_at_a_time() -> None:
    for off, asked in itertools.product(CLAUSES, CLAUSES):
        assert without(off).applies(asked) == (off != asked)
