"""Does linking reach its target where the truth is known, and does it say how unsure it is?"""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.linking_rounds import measured
from benchmarks.linking_world import TRUE_CHANGE, World, simulate
from knutepunkt.analysis.linking import (
    LinkFault,
    LinkRefused,
    Trace,
    link_rounds,
    link_sensitivity,
)

REPETITIONS = {40: 24, 120: 10, 1000: 1}


@pytest.mark.parametrize("people", [40, 120, 1000])
def test_at_doubled_error_nearly_all_are_found_and_hardly_anybody_wrongly(people: int) -> None:
    tally = measured(World(people, 0.3, 2.0), REPETITIONS[people], seed=11)
    assert tally.recall >= 0.95
    assert tally.false <= 0.005
    # The true change is the mean over everybody who could have stayed; its own standard error is
    # taken off what is left to linking.
    noise = 2 * float(np.std(tally.bias)) / len(tally.bias) ** 0.5 if len(tally.bias) > 1 else 0.05
    assert abs(float(np.mean(tally.bias))) < 0.05 + noise


def test_wrong_links_are_about_as_many_as_foretold() -> None:
    tally = measured(World(120, 0.5, 2.0, card_kept=0.0, twins=0.1), 12, seed=12)
    wrong = tally.links - tally.right
    assert abs(wrong - tally.foretold) <= 3 * max(tally.foretold, 1.0) ** 0.5 + 1


def test_doubt_about_links_widens_the_interval_and_hardly_moves_the_mean() -> None:
    rounds = simulate(World(120, 0.3, 2.0, card_kept=0.0), np.random.default_rng(3))
    linkage = link_rounds(rounds.earlier, rounds.later)
    found = link_sensitivity(linkage, *rounds.outcome, rounds.groups)
    again = link_sensitivity(linkage, *rounds.outcome, rounds.groups)
    assert found == again
    assert found.n_links == len(linkage.links)
    assert abs(found.shift) < 0.05
    assert 0.9 < found.widening < 1.5
    assert found.used.low < TRUE_CHANGE < found.used.high
    assert abs(found.weighted - found.used.value) < 0.1


def test_sure_links_leave_the_mean_change_as_it_is() -> None:
    cards = [tuple(f"{p}-{w}" for w in range(7)) for p in range(30)]
    before = [Trace(f"a{p}", None, frozenset({card})) for p, card in enumerate(cards)]
    after = [Trace(f"b{p}", None, frozenset({card})) for p, card in enumerate(cards)]
    values = np.random.default_rng(1).normal(size=(2, 30))
    outcome = [
        {f"{side}{p}": float(values[at, p]) for p in range(30)} for at, side in enumerate("ab")
    ]
    found = link_sensitivity(link_rounds(before, after), outcome[0], outcome[1])
    change = values[1] - values[0]
    assert found.used.value == pytest.approx(change.mean())
    assert found.used.se == pytest.approx(change.std(ddof=1) / 30**0.5)
    assert abs(found.shift) < 0.02


def test_too_few_linked_people_give_no_judgement() -> None:
    card = tuple("abcdefg")
    linkage = link_rounds(
        [Trace("a", None, frozenset({card}))], [Trace("b", None, frozenset({card}))]
    )
    with pytest.raises(LinkRefused) as refused:
        link_sensitivity(linkage, {"a": 1.0}, {"b": 2.0})
    assert refused.value.code is LinkFault.NOTHING_LINKED
