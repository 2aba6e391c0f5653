"""A30: what staff see before a release.

Drafts for every audience, none of them released, read side by side by staff who know a member;
and a draft of a linked subset beside one of the whole round, whose difference is who did not come back.
"""

from __future__ import annotations

import numpy as np

from knutepunkt.analysis.disclosure import Audience, Ledger
from tests.attacks.measured import Measured, assert_harmless, assert_succeeds
from tests.attacks.releases.reader import Question, Told, forced, statements
from tests.attacks.releases.world import (
    CODES,
    Centre,
    figure,
    mean,
    plain_figure,
    release,
    table,
)

FAVOURABLE = (4, 5)
SAYS = "read the drafts for every audience side by side, knowing one member's answer"


def drafts(centre: Centre) -> list[Told]:
    """A draft is judged with all that was released, and nothing was: the ledger is empty."""
    shown = [figure(release(table(centre.records()), audience=a).document) for a in Audience]
    return [told for one in shown for told in statements(one, centre.people)]


def free_drafts(centre: Centre) -> list[Told]:
    """Drafts with a filter of one's own: everyone, and everyone but one group's other members."""
    last = [i for i, g in enumerate(centre.groups) if g == centre.groups[-1]]
    found = statements(plain_figure(centre.records()), centre.people)
    for left_out in last:
        keep = [i != left_out for i in range(len(centre.people))]
        members = [p for p, kept in zip(centre.people, keep, strict=True) if kept]
        found += statements(plain_figure(centre.records(keep)), members)
    return found


def measure_a30(*, free: bool) -> Measured:
    rng = np.random.default_rng(30)
    tries = 12 if free else 60
    hits = exact = 0
    chance = 0.0
    for _ in range(tries):
        weights = (0.03, 0.07, 0.15, 0.4, 0.35)
        centre = Centre.drawn(int(rng.integers(40, 150)), weights, rng)
        groups = dict(zip(centre.people, centre.groups, strict=True))
        question = Question(tuple(free_drafts(centre) if free else drafts(centre)), groups, CODES)
        members = [p for p in centre.people if groups[p] == centre.groups[-1]]
        known = {members[0]: centre.answers[centre.people.index(members[0])]} if members[1:] else {}
        target = members[-1]
        low, high = question.bounds([target], FAVOURABLE, known)
        truth = centre.answers[-1] in FAVOURABLE
        sure = forced(low, high, 1)
        exact += sure
        hits += (bool(low) if sure else True) == truth
        chance += truth
    against = "drafts with filters and a threshold of 5" if free else "KP-1"
    return Measured("A30", SAYS, tries, hits, chance / tries, exact, against)


def test_a30_works_where_drafts_can_be_filtered() -> None:
    assert_succeeds(measure_a30(free=True))


def test_a30_drafts_for_every_audience_tell_nothing_more() -> None:
    assert_harmless(measure_a30(free=False))


LINKED = "read a draft of the whole round beside one of those who came back"


def measure_linked(*, forgotten: bool) -> Measured:
    """One to four people did not come back; the second draft is of everybody else in the first round.

    Whoever makes both subtracts. The product keeps what a draft showed; ``forgotten`` does not.
    """
    rng = np.random.default_rng(301)
    tries = hits = exact = 0
    chance = 0.0
    for _ in range(60):
        weights = (0.1, 0.15, 0.2, 0.3, 0.25)
        centre = Centre.drawn(int(rng.integers(100, 160)), weights, rng)
        n, away = len(centre.people), int(rng.integers(1, 5))
        keep = [i < n - away for i in range(n)]
        first = release(table(centre.records()), mean(centre.records()))
        seen = Ledger() if forgotten else Ledger(previews=tuple(first.contributors.values()))
        linked = centre.records(keep)
        second = release(table(linked), mean(linked), ledger=seen)
        people = centre.people[: n - away]
        told = [
            each
            for judged, members in ((first, centre.people), (second, people))
            for shown in judged.document["figures"]
            for each in statements(shown, members)
        ]
        groups = dict(zip(centre.people, centre.groups, strict=True))
        low, high = Question(tuple(told), groups, CODES).bounds(centre.people[-away:], FAVOURABLE)
        true = sum(answer in FAVOURABLE for answer in centre.answers[-away:])
        share = sum(answer in FAVOURABLE for answer in centre.answers) / n
        usual = round(share * away)
        sure = low == high
        tries += 1
        exact += sure
        hits += (low if sure else usual) == true
        chance += usual == true
    against = "drafts that are not remembered" if forgotten else "KP-1"
    return Measured("A30", LINKED, tries, hits, chance / tries, exact, against)


def test_a30_works_where_a_draft_is_forgotten() -> None:
    assert_succeeds(measure_linked(forgotten=True))


def test_a30_a_draft_of_a_linked_subset_is_judged_with_those_before_it() -> None:
    assert_harmless(measure_linked(forgotten=False))
