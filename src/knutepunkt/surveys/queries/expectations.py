"""What will a report be able to say, with so many answers?

The gate itself is asked, about invented answers in which most are content, the pattern centres
usually see. No real answer is looked at, so the page can be shown before anything has been asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import cycle, islice

from knutepunkt.analysis.disclosure import (
    Audience,
    Judgement,
    Kind,
    Ladder,
    Ledger,
    Policy,
    Records,
    Released,
    TableRequest,
    Variable,
    judge,
)

#: Parts of those asked who may answer: few, half, most.
PARTS = (1 / 3, 1 / 2, 4 / 5)
#: From so many on, numbers are told to the nearest five.
ROUND_FROM = 60
#: Shares of five points, least favourable first, in a centre where most are content.
CONTENT = (0.03, 0.05, 0.12, 0.45, 0.35)
#: Shares of five points, "never" first, of something hurtful that a few have met.
HURT = (0.80, 0.12, 0.05, 0.02, 0.01)
FIVE = (1, 2, 3, 4, 5)
NO_HARM_AND_HARM = ((1, 2), (3, 4, 5))


class Telling(StrEnum):
    """In how much detail something can be told."""

    FIVE = "five"
    THREE = "three"
    TWO = "two"
    BAND = "band"
    FIGURE = "figure"
    FEWER = "fewer"
    ONLY_NUMBER = "only_number"
    NOT = "not"


@dataclass(frozen=True)
class Expectation:
    """What so many answers allow: each benefit question, a score, and experiences of harm."""

    answers: int
    benefit: Telling
    score: Telling
    harm: Telling


def expectations(
    group_sizes: Sequence[int], *, policy: Policy, counts: Sequence[int] = ()
) -> tuple[Expectation, ...]:
    """Return what each number of answers allows, spread over the groups by their size.

    Without ``counts``: if few, half or most of those who are asked answer.
    """
    found = counts or expected_counts(sum(group_sizes))
    return tuple(_expectation(count, group_sizes, policy) for count in found)


def expected_counts(members: int) -> tuple[int, ...]:
    """Return how many may answer of so many who are asked, never more than all of them."""
    step = 5 if members >= ROUND_FROM else 1
    counts = (max(1, round(members * part / step) * step) for part in PARTS)
    return tuple(dict.fromkeys(counts))


def _expectation(count: int, group_sizes: Sequence[int], policy: Policy) -> Expectation:
    groups = _groups(count, group_sizes)
    planned = [
        TableRequest(
            "T4",
            "benefit",
            Kind.FREQUENCY,
            (_records("benefit", CONTENT, groups),),
            ladder=Ladder.ordinal(FIVE),
        ),
        TableRequest(
            "T15",
            "harm",
            Kind.FREQUENCY,
            (_records("harm", HURT, groups),),
            always_shown=True,
            ladder=Ladder.of(NO_HARM_AND_HARM),
        ),
        TableRequest("T5", "score", Kind.MEAN, (_records("score", CONTENT, groups),)),
    ]
    judgement = judge(
        planned,
        policy=policy,
        audience=Audience.CENTRE,
        ledger=Ledger((), {}),
    )
    return Expectation(
        answers=count,
        benefit=_telling(judgement, "T4", "benefit"),
        score=_telling(judgement, "T5", "score"),
        harm=_telling(judgement, "T15", "harm"),
    )


def _groups(count: int, sizes: Sequence[int]) -> list[str]:
    """Spread answers over the groups: one to each in turn, while a group has members left."""
    seats = [(turn, place) for place, size in enumerate(sizes) for turn in range(size)]
    order = [f"group-{place}" for _turn, place in sorted(seats)]
    return order[:count] if len(order) >= count else list(islice(cycle(order), count))


def _records(name: str, shares: Sequence[float], groups: Sequence[str]) -> Records:
    count = len(groups)
    codes = [
        code for code, share in zip(FIVE, shares, strict=True) for _ in range(round(share * count))
    ]
    codes = ([FIVE[shares.index(max(shares))]] * max(0, count - len(codes)) + codes)[:count]
    # A fixed stride spreads the few dissatisfied over the groups instead of heaping them in one.
    spread = sorted(range(count), key=lambda place: (place * 7) % max(count, 1))
    values: list[float] = [0.0] * count
    for place, code in zip(spread, codes, strict=True):
        values[place] = float(code)
    return Records.of(
        Variable(name, low=1, high=5),
        "example",
        participants=[f"{name}-{place}" for place in range(count)],
        groups=list(groups),
        values=values,
        with_slip=[True] * count,
        closed=True,
    )


def _telling(judgement: Judgement, table: str, cell: str) -> Telling:
    figure = judgement.figure(table, cell)
    if figure is None:
        return Telling.NOT
    return _by_rung(figure)


def _by_rung(figure: Released) -> Telling:
    if figure.rung == "categories":
        by_count = {5: Telling.FIVE, 3: Telling.THREE, 2: Telling.TWO}
        return by_count.get(len(figure.categories), Telling.TWO)
    return {
        "band": Telling.BAND,
        "figures": Telling.FIGURE,
        "class": Telling.FEWER,
        "only_n": Telling.ONLY_NUMBER,
    }.get(str(figure.rung), Telling.NOT)
