"""A9, A31: asking again, and inferring from which rung was taken.

A9: ask for the same table again and again, and average.
A31: run the published rules on every centre there could be, and keep those that give the same report.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from knutepunkt.analysis.disclosure import Audience, Kind, Ladder, TableRequest
from tests.attacks.measured import Measured, assert_harmless, assert_succeeds
from tests.attacks.releases.world import CODES, Centre, figure, release, table

THRESHOLD, COALITION = 5, 2
CENTRES = ((30, 6), (48, 6), (60, 8), (90, 8))


def centre_of(counts: Sequence[int], group_size: int) -> Centre:
    answers = tuple(c for c, k in zip(CODES, counts, strict=True) for _ in range(k))
    n = len(answers)
    return Centre(
        tuple(f"p{i:03}" for i in range(n)),
        tuple(f"g{i // group_size:02}" for i in range(n)),
        answers,
    )


def spreads(n: int, step: int) -> Iterator[tuple[int, ...]]:
    """How n people may lie on the unfavourable, the middle and the favourable side."""
    for low, mid in itertools.product(range(0, n + 1, step), repeat=2):
        if low + mid <= n:
            high = n - low - mid
            yield (low // 2, low - low // 2, mid, high // 2, high - high // 2)


def the_report(counts: Sequence[int], size: int, *, chosen: bool = False) -> str:
    """What is printed. With ``chosen`` the split is picked to fit the answers, not fixed before."""
    centre = centre_of(counts, size)
    if not chosen:
        request = table(centre.records())
    else:
        n = sum(counts)
        splits = [(CODES[:k], CODES[k:]) for k in range(1, 5)]
        even = min(splits, key=lambda s: abs(2 * sum(counts[c - 1] for c in s[0]) - n))
        request = TableRequest(
            "T4", "BEN1", Kind.FREQUENCY, (centre.records(),), ladder=Ladder.of(even)
        )
    return json.dumps(release(request).document["figures"])


def measure_a31(*, chosen: bool) -> Measured:
    """P5 asked anew of the set of centres that give this very report: is anything ruled out?

    For the favourable answers and for the others: could a whole group and a coalition be missing,
    and could enough of them and a coalition be there?
    """
    tries = proofs = 0
    for n, size in CENTRES[:2] if chosen else CENTRES:
        by_report: dict[str, list[tuple[int, ...]]] = {}
        for counts in spreads(n, n // 30):
            by_report.setdefault(the_report(counts, size, chosen=chosen), []).append(counts)
        for alike in by_report.values():
            favourable = [c[3] + c[4] for c in alike]
            for reach in (favourable, [n - f for f in favourable]):
                tries += 1
                none = n - min(reach) >= size + COALITION
                enough = max(reach) >= min(THRESHOLD, size) + COALITION
                proofs += not (none and enough)
    says = "infer from the rung taken: which centres could give this very report"
    against = "a split chosen to fit the answers" if chosen else "KP-1"
    return Measured("A31", says, tries, proofs, 0.0, proofs, against)


def test_a31_works_when_the_split_is_chosen_to_fit() -> None:
    assert_succeeds(measure_a31(chosen=True))


def test_a31_the_rung_rules_nothing_out() -> None:
    assert_harmless(measure_a31(chosen=False))


def asked_again(times: int, truth: int, n: int, rng: np.random.Generator, *, fresh: bool) -> bool:
    """Whether averaging tells the exact count: with fresh noise each time, or as the gate answers."""
    if fresh:
        noisy = [truth + int(rng.integers(-2, 3)) for _ in range(times)]
        return round(float(np.mean(noisy))) == truth
    counts = [0, truth // 2, truth - truth // 2, (n - truth) // 2, (n - truth) - (n - truth) // 2]
    shown = [figure(release(table(centre_of(counts, 6).records())).document) for _ in range(3)]
    assert shown[0] == shown[1] == shown[2]
    told = {
        p for s in shown for row in s["categories"] if 3 in row["codes"] for p in [row["percent"]]
    }
    # All he can average is one number; he proves the count if no other count gives that number.
    fitting = [k for k in range(n + 1) if told and abs(100 * k / n - min(told)) <= 2.5]
    return fitting == [truth]


def measure_a9(*, fresh: bool) -> Measured:
    rng = np.random.default_rng(9)
    tries = 100
    hits = sum(
        asked_again(200, int(rng.integers(18, 30)), 66, rng, fresh=fresh) for _ in range(tries)
    )
    against = "fresh noise of at most two" if fresh else "KP-1"
    says = "ask for one table 200 times and average"
    return Measured("A9", says, tries, hits, 0.0, hits, against)


def test_a9_works_against_fresh_noise() -> None:
    assert_succeeds(measure_a9(fresh=True))


def test_a9_asking_again_gives_the_same_answer() -> None:
    assert_harmless(measure_a9(fresh=False))


@pytest.mark.parametrize("audience", list(Audience))
def test_a9_the_order_of_people_changes_nothing(audience: Audience) -> None:
    rng = np.random.default_rng(90)
    centre = Centre.drawn(90, (0.1, 0.2, 0.2, 0.3, 0.2), rng)
    documents = []
    for _ in range(5):
        order = rng.permutation(90)
        mixed = Centre(*(tuple(x[i] for i in order) for x in vars(centre).values()))
        judged = release(table(mixed.records()), audience=audience)
        documents.append((judged.document, judged.certificate))
    assert all(each == documents[0] for each in documents)
