"""How many people are found again, how many wrongly, and what does that do to the mean change?

Run: python benchmarks/linking_rounds.py [repetitions]

Two rounds with known truth (`linking_world.py`): N people in groups of five to eight, attrition with
newcomers in the empty places, wrong answers times a factor, 2 % twins, 5 % who change group, 40 % who
lost their card, one card in ten with a wrong word. Printed per setting: recall (true pairs found of
those who answered twice), false links of all links, the false links the probabilities foretell, bias
of the mean change in standard deviations of the outcome, and coverage of its 95 % interval, by the
links as used and with the doubt about links. For N = 1000 a tenth of the repetitions.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np

from benchmarks.linking_world import TRUE_CHANGE, World, simulate
from knutepunkt.analysis.linking import LinkRefused, link_rounds, link_sensitivity


@dataclass
class Tally:
    """Sums over repetitions."""

    pairs: int = 0
    links: int = 0
    right: int = 0
    foretold: float = 0.0
    bias: list[float] = field(default_factory=list)
    covered: list[tuple[bool, bool]] = field(default_factory=list)

    def add(self, world: World, rng: np.random.Generator) -> None:
        """Link one simulated pair of rounds and judge it by the truth."""
        rounds = simulate(world, rng)
        linkage = link_rounds(rounds.earlier, rounds.later)
        self.pairs += len(rounds.truth)
        self.links += len(linkage.links)
        self.right += sum(rounds.truth.get(link.earlier) == link.later for link in linkage.links)
        self.foretold += linkage.expected_false
        try:
            found = link_sensitivity(linkage, *rounds.outcome, rounds.groups)
        except LinkRefused:
            return
        self.bias.append(found.used.value - TRUE_CHANGE)
        spans = ((one.low, one.high) for one in (found.used, found.uncertain))
        inside = [low <= TRUE_CHANGE <= high for low, high in spans]
        self.covered.append((inside[0], inside[1]))

    @property
    def recall(self) -> float:
        """True pairs found, of all."""
        return self.right / max(self.pairs, 1)

    @property
    def false(self) -> float:
        """Links that join two people, of all links."""
        return (self.links - self.right) / max(self.links, 1)

    def row(self) -> str:
        """The figures of a setting."""
        covered = np.array(self.covered).mean(axis=0) if self.covered else (np.nan, np.nan)
        bias = float(np.mean(self.bias)) if self.bias else np.nan
        spread = float(np.std(self.bias)) / max(len(self.bias), 1) ** 0.5 if self.bias else np.nan
        return (
            f"{self.recall:.3f}  {self.false:.4f}  {self.foretold / max(self.links, 1):.4f}  "
            f"{bias:+.3f} ({spread:.3f})  {covered[0]:.3f} {covered[1]:.3f}"
        )


def measured(world: World, repetitions: int, seed: int) -> Tally:
    """Return the tally of a setting."""
    tally = Tally()
    rng = np.random.default_rng(seed)
    for _ in range(repetitions):
        tally.add(world, rng)
    return tally


def main() -> None:
    """Print the table."""
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    print("  N    attr err | recall  false  foretold  bias (se)  coverage used, uncertain")
    for n, attrition, error in product((40, 120, 1000), (0.1, 0.3, 0.5), (0.5, 1.0, 2.0)):
        world = World(n, attrition, error)
        tally = measured(world, repetitions // (10 if n == 1000 else 1), seed=n)
        print(f"{n:5d}  {attrition:.1f}  {error:.1f} | {tally.row()}", flush=True)
    plain = World(120, 0.3, 2.0)
    others = {
        "cards only": replace(plain, with_elements=False),
        "all cards kept": replace(plain, card_kept=1.0),
        "no cards": replace(plain, card_kept=0.0),
        "no cards, usual error": replace(plain, card_kept=0.0, error=1.0),
        "every tenth a twin": replace(plain, twins=0.1),
        "one in five changes group": replace(plain, switching=0.2),
    }
    for name, world in others.items():
        print(f"{name:>26} | {measured(world, repetitions, seed=7).row()}", flush=True)


if __name__ == "__main__":
    main()
