"""Who of the later round is who of the earlier one?

Cards first, then eight elements within the group, then eight elements across groups for those who
changed group. What the first step settled is not asked again by the next.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.special import expit

from knutepunkt.analysis.linking.blocks import (
    LARGEST_BLOCK,
    Rates,
    Shelf,
    estimate_rates,
    log_odds,
    shelve,
)
from knutepunkt.analysis.linking.cards import Pair, pairs_by_card
from knutepunkt.analysis.linking.comparison import (
    Material,
    Reals,
    coded,
    compare,
    counted,
    same_person_rates,
    weights,
)
from knutepunkt.analysis.linking.matching import best_matching, pair_probabilities
from knutepunkt.analysis.linking.traces import LinkFault, LinkRefused, Trace, check_traces

#: A typed card is its holder's in 995 of 1,000 cases: now and then a couple keeps one card.
CARD_LOG_ODDS = float(np.log(0.995 / 0.005))
LEAST_PROBABILITY = 0.9
#: Pairs less probable than this are forgotten.
LEAST_CANDIDATE = 0.01
#: Believed beforehand: half of those without a card return to their group, one in twenty of the rest
#: turns up in another.
SAME_GROUP, OTHER_GROUP = (1.0, 1.0), (1.0, 19.0)


class By(StrEnum):
    """What a link rests on."""

    CARD = "card"
    ELEMENTS = "elements"
    OTHER_GROUP = "elements_in_another_group"


class Note(StrEnum):
    """What must be said about a linkage."""

    CARD_SHARED = "card_typed_by_several"
    TOO_LARGE = "too_many_people_to_compare"
    NOT_CONVERGED = "error_rates_not_settled"


@dataclass(frozen=True)
class Link:
    """A pair of answers by one person: refs of both, what it rests on, and how sure it is."""

    earlier: str
    later: str
    by: By
    probability: float


@dataclass(frozen=True)
class Linkage:
    """Two rounds, linked.

    Attributes:
        links: one-to-one, in the order of the earlier round.
        candidates: every pair of probability .01 and more, the links included; over one later person
            the probabilities sum to at most one. For the sensitivity analysis.
        same_rates: estimated P(an element is answered alike | same person), shape (8,).
        returning: estimated share of those without a card link who return to their group.
        n_earlier, n_later: people in the rounds.
        notes: what must be said.
    """

    links: tuple[Link, ...]
    candidates: tuple[Link, ...]
    same_rates: tuple[float, ...]
    returning: float
    n_earlier: int
    n_later: int
    notes: tuple[Note, ...]

    @property
    def expected_false(self) -> float:
        """How many of the links are expected to join two different people."""
        return float(sum(1.0 - link.probability for link in self.links))


def link_rounds(
    earlier: Sequence[Trace], later: Sequence[Trace], *, least: float = LEAST_PROBABILITY
) -> Linkage:
    """Link two rounds of traces.

    Args:
        earlier: people of the earlier round, or everybody met so far.
        later: people of the later round.
        least: smallest probability of a link that is used; the rest stays as candidates.

    Returns:
        The same linkage for the same traces, in whatever order they come.

    Raises:
        LinkRefused: see :func:`check_traces`; ``bad_threshold`` unless .5 < least < 1.
    """
    if not 0.5 < least < 1.0:
        raise LinkRefused(LinkFault.BAD_THRESHOLD, "the least probability lies between .5 and 1")
    check_traces(earlier, later)
    work = _Work(sorted(earlier, key=_ref), sorted(later, key=_ref), least)
    work.link_cards()
    work.link_within_groups()
    work.link_across_groups()
    return work.linkage()


def _ref(trace: Trace) -> str:
    return trace.ref


class _Work:
    """The three steps, and who is still without a link."""

    def __init__(self, earlier: list[Trace], later: list[Trace], least: float) -> None:
        self.earlier, self.later, self.least = earlier, later, least
        self.material: Material = coded(earlier, later)
        self.found: dict[Pair, tuple[By, float]] = {}
        self.candidates: dict[Pair, tuple[By, float]] = {}
        self.notes: set[Note] = set()
        self.known: Reals = np.zeros(3**8)
        self.rates = Rates(same_person_rates(self.known), 0.5, converged=True)

    def link_cards(self) -> None:
        """Link who share a card, unless the elements speak strongly against it."""
        pairs = pairs_by_card(self.earlier, self.later)
        if not pairs:
            return
        i, j = np.array(pairs, dtype=np.int64).T
        compared = compare(self.material, i, j)
        odds = CARD_LOG_ODDS + weights(compared, self.rates.same, self.material.chance)
        probabilities = self._with_rivals(pairs, odds)
        self._keep(pairs, probabilities, By.CARD)
        sure = probabilities >= self.least
        self.known = counted(compared, sure.astype(np.float64))

    def _with_rivals(self, pairs: tuple[Pair, ...], odds: Reals) -> Reals:
        """Probabilities of card pairs; where several typed one card they compete."""
        rows, columns = (Counter(pair[side] for pair in pairs) for side in (0, 1))
        alone = np.array([rows[i] == 1 and columns[j] == 1 for i, j in pairs])
        found: Reals = expit(odds)
        if not alone.all():
            self.notes.add(Note.CARD_SHARED)
            rivals = [pair for pair, one in zip(pairs, alone, strict=True) if not one]
            at = {i: place for place, i in enumerate(sorted({i for i, _ in rivals}))}
            to = {j: place for place, j in enumerate(sorted({j for _, j in rivals}))}
            matrix = np.full((len(at), len(to)), -np.inf)
            places = tuple(np.array([[at[i], to[j]] for i, j in rivals]).T)
            matrix[places] = odds[~alone]
            found[~alone] = pair_probabilities(matrix)[places]
        return found

    def link_within_groups(self) -> None:
        """Compare elements inside each group; estimate the error rates there."""
        free = self._free()
        by_group: dict[str | None, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for side, traces in enumerate((self.earlier, self.later)):
            for place in free[side]:
                by_group[traces[place].group][side].append(place)
        blocks = [by_group[name] for name in sorted(by_group, key=str)]
        shelves = shelve(self.material, [block for block in blocks if self._fits(*block)])
        rates = estimate_rates(self.material, shelves, self.known, prior=SAME_GROUP)
        self.rates = rates
        if not rates.converged:
            self.notes.add(Note.NOT_CONVERGED)
        for shelf in shelves:
            self._settle(shelf, rates, By.ELEMENTS)

    def link_across_groups(self) -> None:
        """Compare elements of those who are left with everybody in other groups."""
        rows, columns = self._free()
        groups = [self.earlier[i].group for i in rows], [self.later[j].group for j in columns]
        if not rows or not columns or groups[0][0] is None or not self._fits(rows, columns):
            return
        same_group = np.array(groups[0])[:, None] == np.array(groups[1])[None, :]
        shelves = shelve(self.material, [(rows, columns)], same_group)
        # Who changed group makes mistakes as everybody does: only the share of those who turn up
        # elsewhere is estimated anew.
        rates = estimate_rates(
            self.material, shelves, self.known, prior=OTHER_GROUP, same=self.rates.same
        )
        for shelf in shelves:
            self._settle(shelf, rates, By.OTHER_GROUP)

    def linkage(self) -> Linkage:
        """Return what was found."""
        return Linkage(
            links=self._named(self.found),
            candidates=self._named(self.candidates),
            same_rates=tuple(float(rate) for rate in self.rates.same),
            returning=self.rates.returning,
            n_earlier=len(self.earlier),
            n_later=len(self.later),
            notes=tuple(sorted(self.notes)),
        )

    def _named(self, pairs: dict[Pair, tuple[By, float]]) -> tuple[Link, ...]:
        return tuple(
            Link(self.earlier[i].ref, self.later[j].ref, by, probability)
            for (i, j), (by, probability) in sorted(pairs.items())
        )

    def _fits(self, rows: Sequence[int], columns: Sequence[int]) -> bool:
        if len(rows) * len(columns) <= LARGEST_BLOCK:
            return True
        self.notes.add(Note.TOO_LARGE)
        return False

    def _free(self) -> tuple[list[int], list[int]]:
        """Who has elements and no link yet, in both rounds."""
        taken = [{pair[side] for pair in self.found} for side in (0, 1)]
        return tuple(  # type: ignore[return-value]
            [k for k, trace in enumerate(traces) if trace.has_elements and k not in taken[side]]
            for side, traces in enumerate((self.earlier, self.later))
        )

    def _keep(self, pairs: Sequence[Pair], probabilities: Reals, by: By) -> None:
        for pair, probability in zip(pairs, probabilities, strict=True):
            if probability >= LEAST_CANDIDATE:
                self.candidates[pair] = (by, float(probability))
            if probability >= self.least:
                self.found[pair] = (by, float(probability))

    def _settle(self, shelf: Shelf, rates: Rates, by: By) -> None:
        """Choose the best matching of every block; keep the other candidates with their chances."""
        odds = log_odds(self.material, shelf, rates)
        probabilities = pair_probabilities(odds)
        for at in range(len(shelf.sizes)):
            i, j = np.nonzero(probabilities[at] >= LEAST_CANDIDATE)
            for row, column in zip(i, j, strict=True):
                pair = (int(shelf.rows[at, row]), int(shelf.columns[at, column]))
                self.candidates[pair] = (by, float(probabilities[at, row, column]))
            for row, column in best_matching(odds[at], probabilities[at], self.least):
                pair = (int(shelf.rows[at, row]), int(shelf.columns[at, column]))
                self.found[pair] = (by, float(probabilities[at, row, column]))
