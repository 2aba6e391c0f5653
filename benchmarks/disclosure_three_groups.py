"""What does "from at least three groups" cost when it is decided on sizes, and what does it buy?

Run: python -m benchmarks.disclosure_three_groups [repetitions]

A cell of a table must hold participants from three groups (P1). The gate decides that on sizes: the
cell is larger than the two largest groups together. The alternative looks at who is in the cell. For
benefit questions as in ``disclosure_usefulness`` this prints the share told as categories under each
rule, and how often the second rule refuses a table although both cells are large enough: then the
coarser form that is told instead says that a cell lies in two groups, which exposes both.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence

import numpy as np

from benchmarks.disclosure_usefulness import groups_of, item
from knutepunkt.analysis.disclosure import Ladder, kp1
from knutepunkt.analysis.disclosure.interval import Crowd
from knutepunkt.analysis.disclosure.ladder import band_cuts, band_of

LADDER = Ladder.ordinal((1, 2, 3, 4, 5))
T = kp1().threshold_centre


def outcome(groups: Sequence[str], answers: Sequence[float | None], *, by_sizes: bool) -> str:
    """The form a question is told in under one of the two rules; "betrayed" names the leak."""
    policy = kp1()
    sizes = tuple(sorted(Counter(groups).values(), reverse=True))
    told = [(g, a) for g, a in zip(groups, answers, strict=True) if a is not None]
    crowd = Crowd(len(told), sizes, T)
    spoken = sum(a in LADDER.spoken for _, a in told)
    cuts = band_cuts(crowd.total, sizes, T, policy)
    if band_of(spoken, crowd.total, LADDER.spoken, cuts[:1]):
        return "band"
    betrayed = False
    for partition in LADDER.partitions:
        members = [[g for g, a in told if a in cell] for cell in partition]
        counts = tuple(len(each) for each in members)
        if min(counts) < T or not crowd.hides_cells(counts, policy):
            continue
        if by_sizes and not all(crowd.supports_cell(count, policy) for count in counts):
            continue
        if not by_sizes and min(len(set(each)) for each in members) < policy.groups:
            betrayed = len(partition) == 2
            continue
        return "categories"
    if betrayed:
        return "betrayed"
    return "band" if band_of(spoken, crowd.total, LADDER.spoken, cuts) else "only_n"


def main() -> None:
    """Print one line per size and share of satisfied participants."""
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    rng = np.random.default_rng(20260902)
    print("| N | satisfied | rule | categories | band | only n | betrayed |")
    print("|---|---|---|---|---|---|---|")
    for n in (30, 60, 120, 250):
        for favourable in (0.6, 0.8, 0.9):
            tallies: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
            for _ in range(repetitions):
                groups = groups_of(n, rng)
                answers = item(groups, favourable, rng)
                for by_sizes, tally in tallies.items():
                    tally[outcome(groups, answers, by_sizes=by_sizes)] += 1
            for by_sizes, tally in tallies.items():
                shares = [
                    f"{100 * tally[name] / repetitions:.1f} %"
                    for name in ("categories", "band", "only_n", "betrayed")
                ]
                rule = "sizes" if by_sizes else "members"
                print(f"| {n} | {favourable:.0%} | {rule} | {' | '.join(shares)} |")


if __name__ == "__main__":
    main()
