"""What do two rounds look like when it is known who is who?

People in groups of five to eight. A share of them leaves between the rounds and newcomers take their
places; some change group; some lose their card or hold none; some are twins in one group, alike in
everything that comes from home. Every answer about oneself is wrong with an element's own probability,
times a factor. The outcome has standard deviation 1 in both rounds and a true mean change.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knutepunkt.analysis.linking import Trace

#: Number of possible answers, how skewed they are (Zipf's exponent), probability of a wrong answer,
#: and whether twins share it.
ELEMENTS = (
    ("letter of the place of school", 26, 0.9, 0.05, True),
    ("last letter of the first name", 24, 0.9, 0.02, False),
    ("day of birth", 31, 0.0, 0.01, True),
    ("month of birth", 12, 0.0, 0.01, True),
    ("older siblings", 5, 0.7, 0.05, True),
    ("second letter of the family name", 24, 0.9, 0.04, True),
    ("shoe size", 13, 0.5, 0.10, False),
    ("last figure of the house number", 10, 0.2, 0.08, True),
)
WORDS = 1024
TRUE_CHANGE = 0.4


@dataclass(frozen=True)
class World:
    """How people come, go and forget."""

    people: int
    attrition: float
    error: float
    twins: float = 0.02
    switching: float = 0.05
    card_kept: float = 0.6
    card_wrong_word: float = 0.1
    with_elements: bool = True
    unanswered: float = 0.03


@dataclass(frozen=True, eq=False)
class Rounds:
    """Two rounds of traces and outcomes, and the truth: later ref by earlier ref."""

    earlier: list[Trace]
    later: list[Trace]
    truth: dict[str, str]
    outcome: tuple[dict[str, float], dict[str, float]]
    groups: dict[str, str]


def simulate(world: World, rng: np.random.Generator) -> Rounds:
    """Draw two rounds."""
    groups = _groups(world.people, rng)
    selves = _selves(groups, world, rng)
    cards = rng.integers(0, WORDS, (world.people, 7))
    stays = rng.random(world.people) >= world.attrition
    second = np.array(groups)
    moves = rng.random(world.people) < world.switching
    second[moves] = rng.choice(sorted(set(groups)), int(moves.sum()))
    y1 = 0.4 * rng.normal(size=max(groups) + 1)[groups] + np.sqrt(0.84) * rng.normal(
        size=len(groups)
    )
    y2 = TRUE_CHANGE + 0.7 * y1 + 0.15 * rng.normal(size=max(groups) + 1)[second]
    y2 = y2 + np.sqrt(1 - 0.49 - 0.0225) * rng.normal(size=len(groups))
    earlier = [
        Trace(f"a{p}", f"g{groups[p]}", frozenset({_words(cards[p])}), _told(selves[p], world, rng))
        for p in range(world.people)
    ]
    here = [p for p in range(world.people) if stays[p]]
    newcomers = _selves([groups[p] for p in np.flatnonzero(~stays)], world, rng)
    order = rng.permutation(len(here) + len(newcomers))
    later, truth, outcome2, where = [], {}, {}, {}
    for at, name in enumerate(order):
        ref = f"b{at}"
        if name < len(here):
            p = here[name]
            trace = _again(ref, p, int(second[p]), cards[p], selves[p], world, rng)
            truth[f"a{p}"], outcome2[ref] = ref, float(y2[p])
        else:
            person = newcomers[name - len(here)]
            group = groups[np.flatnonzero(~stays)[name - len(here)]]
            own = frozenset({_words(rng.integers(0, WORDS, 7))})
            trace = Trace(ref, f"g{group}", own, _told(person, world, rng))
            outcome2[ref] = float(rng.normal())
        later.append(trace)
        where[ref] = str(trace.group)
    outcome1 = {f"a{p}": float(y1[p]) for p in range(world.people)}
    return Rounds(earlier, later, truth, (outcome1, outcome2), where)


def _again(
    ref: str,
    person: int,
    group: int,
    card: NDArray[np.int64],
    own: list[int],
    world: World,
    rng: np.random.Generator,
) -> Trace:
    cards = {_words(rng.integers(0, WORDS, 7))}
    if rng.random() < world.card_kept:
        typed = card.copy()
        if rng.random() < world.card_wrong_word:
            typed[rng.integers(0, 7)] = rng.integers(0, WORDS)
        cards.add(_words(typed))
    return Trace(ref, f"g{group}", frozenset(cards), _told(own, world, rng))


def _words(card: NDArray[np.int64]) -> tuple[str, ...]:
    return tuple(f"w{word}" for word in card)


def _groups(people: int, rng: np.random.Generator) -> list[int]:
    found: list[int] = []
    while len(found) < people:
        found += [found[-1] + 1 if found else 0] * int(rng.integers(5, 9))
    return found[:people]


def _selves(groups: list[int], world: World, rng: np.random.Generator) -> list[list[int]]:
    selves: list[list[int]] = []
    for at, group in enumerate(groups):
        person = [int(rng.choice(size, p=_shares(size, skew))) for _, size, skew, _, _ in ELEMENTS]
        if at and groups[at - 1] == group and rng.random() < world.twins:
            twin = selves[at - 1]
            person = [twin[k] if ELEMENTS[k][4] else one for k, one in enumerate(person)]
        selves.append(person)
    return selves


def _told(person: list[int], world: World, rng: np.random.Generator) -> tuple[str | None, ...]:
    if not world.with_elements:
        return (None,) * len(ELEMENTS)
    told: list[str | None] = []
    for value, (_, size, skew, error, _) in zip(person, ELEMENTS, strict=True):
        if rng.random() < world.unanswered:
            told.append(None)
        elif rng.random() < error * world.error:
            told.append(str(rng.choice(size, p=_shares(size, skew))))
        else:
            told.append(str(value))
    return tuple(told)


def _shares(size: int, skew: float) -> NDArray[np.float64]:
    raw = (np.arange(size) + 1.0) ** -skew
    found: NDArray[np.float64] = raw / raw.sum()
    return found
