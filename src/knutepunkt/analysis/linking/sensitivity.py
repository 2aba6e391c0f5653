"""How much does it matter for the mean change that some links may be wrong?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knutepunkt.analysis.linking.rounds import Linkage
from knutepunkt.analysis.linking.traces import LinkFault, LinkRefused
from knutepunkt.analysis.models.inference import Estimate
from knutepunkt.analysis.models.refusals import ModelRefusal
from knutepunkt.analysis.models.round_mean import mean_for_report
from knutepunkt.analysis.models.rubin import pool

Reals = NDArray[np.float64]
DRAWS = 40
SEED = 20_041_026
LEAST_LINKED = 10


@dataclass(frozen=True)
class LinkSensitivity:
    """The mean change by the links that are used, and when every possible link has its say.

    Attributes:
        used: mean change over the links that are used, interval as if they were certain.
        weighted: mean change over all candidates, each with its probability as weight; a point
            value, because the weights are no sample.
        uncertain: pooled over drawn linkages, so that its interval also holds the doubt about links.
        shift: uncertain minus used, on the outcome's scale: what wrong links may do to the mean.
        widening: width of the uncertain interval over that of the used one.
        expected_false: share of the used links that is expected to join two different people.
        n_links: links used with both values known.
    """

    used: Estimate
    weighted: float
    uncertain: Estimate
    shift: float
    widening: float
    expected_false: float
    n_links: int


def link_sensitivity(
    linkage: Linkage,
    earlier: Mapping[str, float],
    later: Mapping[str, float],
    groups: Mapping[str, str] | None = None,
    *,
    level: float = 0.95,
    draws: int = DRAWS,
    seed: int = SEED,
) -> LinkSensitivity:
    """Judge the mean change given the doubt that is left about who is who.

    Linkages are drawn from the probabilities of the candidates, one-to-one; the mean change of each
    is found as the policy table has it, and the results are pooled by Rubin's rules, as multiple
    imputation of a missing key (Goldstein, Harron and Wade 2012). The seed is fixed, so that the same
    linkage gives the same figures.

    Args:
        linkage: of :func:`link_rounds`.
        earlier, later: the outcome by ref; people without a value are left out.
        groups: group by ref of the later round; None where the design has no groups.
        level: confidence level.
        draws: number of linkages drawn, at least two.
        seed: of the draws.

    Raises:
        LinkRefused: ``nothing_linked`` below ten links with both values known, and where the change
            has no interval (all changes equal).
    """
    case = _Case(linkage, earlier, later, groups, level)
    pairs = [(a, b) for a, b, _ in case.links]
    if len(pairs) < LEAST_LINKED:
        raise LinkRefused(LinkFault.NOTHING_LINKED, f"{len(pairs)} linked people with both values")
    used = case.mean(pairs)
    rng = np.random.default_rng(seed)
    # Where nearly all links are sure the same linkage is drawn again and again: one fit serves them.
    linkages = [tuple(case.draw(rng)) for _ in range(draws)]
    fitted = {one: case.mean(list(one)) for one in dict.fromkeys(linkages)}
    drawn = [fitted[one] for one in linkages]
    values, errors = [one.value for one in drawn], [one.se for one in drawn]
    uncertain = pool(values, errors, used.df, name="change", level=level).estimate
    return LinkSensitivity(
        used=used,
        weighted=case.weighted_mean(),
        uncertain=uncertain,
        shift=uncertain.value - used.value,
        widening=(uncertain.high - uncertain.low) / (used.high - used.low),
        expected_false=float(np.mean([1.0 - probability for *_, probability in case.links])),
        n_links=len(pairs),
    )


class _Case:
    """Candidates with both values known, by later person."""

    def __init__(
        self,
        linkage: Linkage,
        earlier: Mapping[str, float],
        later: Mapping[str, float],
        groups: Mapping[str, str] | None,
        level: float,
    ) -> None:
        self.earlier, self.later, self.groups, self.level = earlier, later, groups, level
        self.links = [
            (link.earlier, link.later, link.probability)
            for link in linkage.links
            if self._known(link.earlier, link.later)
        ]
        # A later person's candidates all take part in the draw, also those whose value is missing:
        # they may be the right one.
        self.candidates: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for link in linkage.candidates:
            self.candidates[link.later].append((link.earlier, link.probability))

    def _known(self, a: str, b: str) -> bool:
        first, second = self.earlier.get(a, np.nan), self.later.get(b, np.nan)
        return bool(np.isfinite(first) and np.isfinite(second))

    def mean(self, pairs: list[tuple[str, str]]) -> Estimate:
        """The mean change of these pairs."""
        if len(pairs) < 2:
            raise LinkRefused(LinkFault.NOTHING_LINKED, f"{len(pairs)} linked people in a draw")
        changes = np.array([self.later[b] - self.earlier[a] for a, b in pairs])
        groups = None if self.groups is None else np.array([self.groups[b] for _, b in pairs])
        try:
            return mean_for_report(changes, groups, name="change", level=self.level).estimates[0]
        except ModelRefusal as refusal:
            raise LinkRefused(LinkFault.NOTHING_LINKED, refusal.detail) from refusal

    def weighted_mean(self) -> float:
        """The mean change over all candidates, weighted by probability."""
        rows = [
            (self.later[later] - self.earlier[earlier], probability)
            for later, options in self.candidates.items()
            for earlier, probability in options
            if self._known(earlier, later)
        ]
        changes, shares = np.array(rows).T
        return float(np.average(changes, weights=shares))

    def draw(self, rng: np.random.Generator) -> list[tuple[str, str]]:
        """One linkage: later people in random order choose among candidates nobody has taken."""
        taken: set[str] = set()
        pairs = []
        people = sorted(self.candidates)
        for place in rng.permutation(len(people)):
            later = people[place]
            ticket = rng.random()
            for earlier, probability in self.candidates[later]:
                ticket -= probability
                if ticket < 0.0:
                    if earlier not in taken:
                        taken.add(earlier)
                        pairs.append((earlier, later))
                    break
        return sorted((a, b) for a, b in pairs if self._known(a, b))
