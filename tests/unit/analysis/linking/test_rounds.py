"""Are the same people found again, and nobody else?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.linking_world import World, simulate
from knutepunkt.analysis.linking import By, LinkFault, LinkRefused, Note, Trace, link_rounds

CARD = ("fjell", "bok", "sol", "regn", "vei", "tre", "lys")
OTHER = ("sag", "nål", "hest", "kopp", "dør", "vind", "snø")
SELF = ("b", "n", "17", "5", "1", "e", "40", "3")


def test_a_card_finds_its_holder_in_another_group() -> None:
    before = [Trace("a1", "g1", frozenset({CARD})), Trace("a2", "g1", frozenset({OTHER}))]
    after = [Trace("b1", "g2", frozenset({CARD})), Trace("b2", "g1")]
    (link,) = link_rounds(before, after).links
    assert (link.earlier, link.later, link.by) == ("a1", "b1", By.CARD)


@pytest.mark.parametrize("wrong", [1, 2])
def test_one_or_two_wrong_words_are_forgiven(wrong: int) -> None:
    typed = (*CARD[: 7 - wrong], *OTHER[:wrong])
    assert link_rounds(
        [Trace("a", "g", frozenset({CARD}))], [Trace("b", "g", frozenset({typed}))]
    ).links


def test_three_wrong_words_are_another_card() -> None:
    typed = (*CARD[:4], *OTHER[:3])
    assert not link_rounds(
        [Trace("a", "g", frozenset({CARD}))], [Trace("b", "g", frozenset({typed}))]
    ).links


def test_a_card_two_people_typed_links_neither_without_elements() -> None:
    after = [Trace("b1", "g", frozenset({CARD})), Trace("b2", "g", frozenset({CARD}))]
    linkage = link_rounds([Trace("a", "g", frozenset({CARD}))], after)
    assert linkage.links == ()
    assert linkage.notes == (Note.CARD_SHARED,)
    assert [round(one.probability, 1) for one in linkage.candidates] == [0.5, 0.5]


def test_elements_tell_who_of_a_couple_holds_the_card() -> None:
    stranger = ("k", "a", "2", "11", "0", "o", "37", "8")
    after = [
        Trace("b1", "g", frozenset({CARD}), stranger),
        Trace("b2", "g", frozenset({CARD}), SELF),
    ]
    linkage = link_rounds([Trace("a", "g", frozenset({CARD}), SELF)], after)
    assert [(one.earlier, one.later) for one in linkage.links] == [("a", "b2")]


def crowd(size: int, seed: int) -> list[tuple[str, ...]]:
    rng = np.random.default_rng(seed)
    return [tuple(str(value) for value in rng.integers(0, 12, 8)) for _ in range(size)]


def test_elements_link_within_the_group_despite_mistakes() -> None:
    people = crowd(18, 1)
    before = [Trace(f"a{p}", f"g{p // 6}", elements=one) for p, one in enumerate(people)]
    after = [
        Trace(f"b{p}", f"g{p // 6}", elements=("other", *one[1:7], None))
        for p, one in enumerate(people)
    ]
    linkage = link_rounds(before, after)
    assert {(one.earlier, one.later) for one in linkage.links} == {
        (f"a{p}", f"b{p}") for p in range(18)
    }
    assert {one.by for one in linkage.links} == {By.ELEMENTS}
    assert linkage.same_rates[0] < 0.6 < linkage.same_rates[1]


def test_who_changed_group_is_found_by_the_second_pass() -> None:
    people = crowd(18, 2)
    before = [Trace(f"a{p}", f"g{p // 6}", elements=one) for p, one in enumerate(people)]
    after = [replace(trace, ref=f"b{p}") for p, trace in enumerate(before)]
    after[0] = replace(after[0], group="g2")
    by_ref = {one.later: one for one in link_rounds(before, after).links}
    assert (by_ref["b0"].earlier, by_ref["b0"].by) == ("a0", By.OTHER_GROUP)
    assert len(by_ref) == 18


def test_twins_who_cannot_be_told_apart_are_not_linked() -> None:
    before = [Trace("a1", "g", elements=SELF), Trace("a2", "g", elements=SELF)]
    after = [Trace("b1", "g", elements=SELF), Trace("b2", "g", elements=SELF)]
    linkage = link_rounds(before, after)
    assert linkage.links == ()
    assert len(linkage.candidates) == 4


def test_newcomers_are_not_linked_and_silence_links_nobody() -> None:
    before = [Trace(f"a{p}", "g", elements=one) for p, one in enumerate(crowd(6, 3))]
    after = [Trace(f"b{p}", "g", elements=one) for p, one in enumerate(crowd(6, 4))]
    assert link_rounds(before, after).links == ()
    assert link_rounds([Trace("a", "g")], [Trace("b", "g")]).candidates == ()
    assert link_rounds([], []).links == ()


def test_the_order_of_the_rows_does_not_matter() -> None:
    rounds = simulate(World(60, 0.3, 2.0), np.random.default_rng(5))
    there = link_rounds(rounds.earlier, rounds.later)
    back = link_rounds(rounds.earlier[::-1], rounds.later[::-1])
    assert [(one.earlier, one.later) for one in there.links] == [
        (one.earlier, one.later) for one in back.links
    ]


def test_a_design_without_groups_is_one_block() -> None:
    rounds = simulate(World(80, 0.3, 1.0, card_kept=0.0), np.random.default_rng(6))
    before = [replace(trace, group=None) for trace in rounds.earlier]
    after = [replace(trace, group=None) for trace in rounds.later]
    links = link_rounds(before, after).links
    right = sum(rounds.truth.get(one.earlier) == one.later for one in links)
    assert right >= 0.9 * len(rounds.truth)
    assert len(links) - right <= 1


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ([Trace("a", "g"), Trace("a", "g")], [], LinkFault.TWICE_IN_A_ROUND),
        ([Trace("a", "g", elements=("x",))], [], LinkFault.WRONG_LENGTH),
        ([Trace("a", "g")], [Trace("b")], LinkFault.GROUPS_IN_ONE_ROUND),
    ],
)
def test_bad_traces_are_refused_by_name(
    before: list[Trace], after: list[Trace], fault: LinkFault
) -> None:
    with pytest.raises(LinkRefused) as refused:
        link_rounds(before, after)
    assert refused.value.code is fault


def test_a_threshold_that_would_take_anybody_is_refused() -> None:
    with pytest.raises(LinkRefused, match=r"between \.5 and 1"):
        link_rounds([], [], least=0.4)


def test_a_trace_never_prints_what_was_answered() -> None:
    shown = repr(Trace("a", "g", frozenset({CARD}), SELF))
    assert "fjell" not in shown
    assert "'40'" not in shown
