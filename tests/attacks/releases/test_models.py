"""A13: inverting group effects, and reading how alike groups are out of intervals and variances."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from knutepunkt.analysis.disclosure import (
    Kind,
    ModelSize,
    Number,
    NumberKind,
    Policy,
    Records,
    TableRequest,
    Variable,
)
from knutepunkt.analysis.measurement.frequencies import share_interval
from tests.attacks.measured import Measured, assert_harmless, assert_succeeds
from tests.attacks.releases.weakened import without
from tests.attacks.releases.world import ITEM, figure, release, table

SCORE = Variable("MES", 1, 5)
GROUPS, SIZE = 12, 8


def scores(rng: np.random.Generator, likeness: float) -> np.ndarray:
    """Scores of groups, in thirds of a point; ``likeness`` is the share that lies between groups."""
    mood = rng.normal(0, np.sqrt(likeness), (GROUPS, 1))
    raw = 3.4 + 0.9 * (mood + rng.normal(0, np.sqrt(1 - likeness), (GROUPS, SIZE)))
    return np.clip(np.round(raw * 3) / 3, 1, 5)


def components(y: np.ndarray) -> tuple[float, float]:
    """Variance between groups and within them, by analysis of variance (equal groups)."""
    within = float(y.var(axis=1, ddof=1).mean())
    return max(0.0, float(y.mean(axis=1).var(ddof=1)) - within / SIZE), within


def planned(y: np.ndarray) -> TableRequest:
    """A model's numbers, predicted group effects among them."""
    between, within = components(y)
    weight = SIZE * between / (SIZE * between + within)
    effects = weight * (y.mean(axis=1) - y.mean())
    numbers = [
        Number("group_variance", between, NumberKind.VARIANCE),
        Number("residual_variance", within, NumberKind.VARIANCE),
        *(Number(f"u{g}", float(u), NumberKind.GROUP_EFFECT) for g, u in enumerate(effects)),
    ]
    size = ModelSize(y.size, 1, 2, GROUPS)
    return TableRequest(
        "T8", "MES", Kind.MODEL, (as_records(SCORE, y),), numbers=tuple(numbers), model=size
    )


def as_records(variable: Variable, y: np.ndarray) -> Records:
    return Records.of(
        variable,
        "autumn",
        participants=[f"p{i:03}" for i in range(y.size)],
        groups=[f"g{i // y.shape[1]:02}" for i in range(y.size)],
        values=y.ravel().tolist(),
        closed=True,
    )


def measure_a13(policy: Policy | None, against: str) -> Measured:
    """Undo the shrinkage of each predicted effect; a group's mean to within a tenth is a hit."""
    rng = np.random.default_rng(13)
    tries = hits = 0
    for _ in range(20):
        y = scores(rng, 0.15)
        shown = figure(release(planned(y), policy=policy).document, "MES", "T8")
        told = {n["name"]: n["value"] for n in shown.get("numbers", ()) if "value" in n}
        for group in range(GROUPS):
            tries += 1
            effect = told.get(f"u{group}")
            if effect is None or not told["group_variance"]:
                continue
            between, within = told["group_variance"], told["residual_variance"]
            weight = SIZE * between / (SIZE * between + within)
            hits += abs(effect / weight + y.mean() - y[group].mean()) < 0.1
    says = "undo the shrinkage of predicted group effects, for the mean of each group"
    return Measured("A13", says, tries, hits, 0.0, hits, against)


def test_a13_works_without_p6() -> None:
    assert_succeeds(measure_a13(without("P6"), "KP-1 without P6"))


def test_a13_group_effects_are_never_told() -> None:
    assert_harmless(measure_a13(None, "KP-1"))


def clustered(members: Any, groups: Any) -> tuple[float, float]:
    _, places = np.unique(groups.astype(str), return_inverse=True)
    found = share_interval(np.bincount(places, weights=members), np.bincount(places))[0]
    return found.low, found.high


def likeness_told(shown: dict[str, Any]) -> float | None:
    """How alike groups are, from the width of the interval of the favourable share."""
    for row in shown.get("categories", ()):
        if 5 in row["codes"] and row["low"] is not None:
            share, n = row["percent"] / 100, GROUPS * SIZE
            plain = 2.2 * np.sqrt(max(share * (1 - share), 0.01) / n)
            effect = ((row["high"] - row["low"]) / 200 / plain) ** 2
            return float(np.clip((effect - 1) / (SIZE - 1), 0, 1))
    return None


def with_interval(y: Any) -> TableRequest:
    """A planned row of the benefit table, with the interval that counts groups as clusters."""
    return replace(table(as_records(ITEM, y)), interval_of=clustered)


def measure_likeness(draw: Any, says: str, tries: int) -> Measured:
    """A member infers a fellow member's side from her own and from how alike groups seem to be."""
    rng = np.random.default_rng(130)
    hits = exact = 0
    chance = 0.0
    for _ in range(tries):
        y = draw(rng)
        shown = figure(release(with_interval(y)).document)
        favourable = y >= 4
        share = favourable.mean()
        # She is in the first group; what she sees is her own answer, what she asks is another's.
        own, truth = bool(favourable[0, 0]), bool(favourable[0, 1])
        for known, column in ((likeness_told(shown), "told"), (0.1, "before")):
            alike = 0.1 if known is None else known
            mine = share if own else 1 - share
            right = (own if alike + (1 - alike) * mine >= 0.5 else not own) == truth
            if column == "told":
                hits += right
                exact += known is not None and known > 0.95
            else:
                chance += right
    return Measured("A13", says, tries, hits, chance / tries, exact, "KP-1, intervals")


def usual(rng: np.random.Generator) -> np.ndarray:
    return np.clip(np.rint(scores(rng, float(rng.choice([0.0, 0.05, 0.1, 0.2])))), 1, 5)


def of_one_mind(rng: np.random.Generator) -> np.ndarray:
    """Every group answers as one, but for a coalition's worth of people."""
    y = np.repeat(rng.permutation([2] * 6 + [5] * 6)[:, None], SIZE, axis=1)
    for _ in range(int(rng.integers(0, 3))):
        y[int(rng.integers(GROUPS)), int(rng.integers(2, SIZE))] = 4
    return y


def test_a13_intervals_of_usual_groups_help_nobody() -> None:
    says = "guess a fellow member from one's own answer and the width of an interval"
    assert_harmless(measure_likeness(usual, says, 400))


def test_a13_groups_of_one_mind_are_not_seen_in_an_interval() -> None:
    says = "see in an interval that every group answered as one"
    measured = measure_likeness(of_one_mind, says, 60)
    assert_harmless(measured)
