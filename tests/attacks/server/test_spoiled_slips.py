"""A15, A24: a slip whose code is known is declared spoiled, so that the counts tell whether it was used."""

from __future__ import annotations

import random

import pytest

from knutepunkt.responses import actions, queries
from tests.asked_round import Asked, ask
from tests.attacks.measured import Measured, assert_harmless

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)


def counted(asked: Asked) -> list[tuple[int, int]]:
    """What is kept of a closed round's slips, group by group."""
    tallies = queries.slip_tallies(asked.ref)
    return [(tallies[group].handed_out, tallies[group].used) for group in asked.codes]


def test_a_spoiled_slip_does_not_show_whether_it_had_been_used() -> None:
    """As many answered in both cases; the code he knows was used in one of them."""
    chance, hits, tries, used = random.Random(15), 0, 8, 0
    for _ in range(tries):
        asked = ask(groups=2, slips=4)
        is_used = chance.random() < 0.5
        asked.visit(slip=0 if is_used else 1).send()
        known = asked.visit(slip=0).code
        actions.void(code=known)
        actions.close_round(round_ref=asked.ref)
        [(handed_out, _), _] = counted(asked)
        # Four were made; where fewer are counted, the one he declared spoiled had not been used.
        hits += (handed_out == 4) == is_used
        used += is_used
    says = "see in how many slips were handed out whether a spoiled one had been used"
    assert_harmless(Measured("A15", says, tries, hits, max(used, tries - used) / tries, 0))
