"""What would the example's participants answer? Mostly content people, as real centres meet."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from knutepunkt.analysis.instruments import (
    DOES_NOT_APPLY,
    PREFER_NOT_TO_SAY,
    Instrument,
    Item,
    ItemKind,
)
from knutepunkt.cli.example.writing import writes

#: Share of answers in each of five categories, from the least favourable to the most.
SHARES = {
    "BEN": (0.02, 0.05, 0.17, 0.43, 0.33),
    "MES": (0.03, 0.08, 0.19, 0.42, 0.28),
    "TIL": (0.03, 0.07, 0.14, 0.40, 0.36),
    "KOM": (0.03, 0.08, 0.19, 0.42, 0.28),
    "MEK": (0.01, 0.03, 0.14, 0.42, 0.40),
    "TJE": (0.04, 0.08, 0.22, 0.36, 0.30),
    "NEG": (0.01, 0.02, 0.06, 0.14, 0.77),
}
LOADING = 0.7
GROUP_SPREAD = 0.25
SKIPPED, NOT_APPLICABLE, DECLINED = 0.03, 0.02, 0.01


@dataclass(frozen=True)
class Member:
    """Somebody in a group: how well things go (latent, standard normal), and in which language."""

    wellbeing: float
    language: str


def members(count: int, rng: np.random.Generator) -> list[Member]:
    """Return the members of one group; they share a little of how things go."""
    shared = rng.normal(0, GROUP_SPREAD)
    own = np.sqrt(1 - GROUP_SPREAD**2)
    return [
        Member(float(shared + rng.normal(0, own)), str(rng.choice(["nb", "nb", "nb", "nn", "en"])))
        for _ in range(count)
    ]


def answers_of(
    member: Member, instrument: Instrument, rng: np.random.Generator, *, gain: float = 0.0
) -> dict[str, Any]:
    """Return one participant's answers; ``gain`` moves outcomes up, in standard deviations."""
    given: dict[str, Any] = {}
    for item in instrument.items_in_order:
        value = _answer(item, member, instrument, rng, gain)
        if value is not None:
            given[item.id] = value
    return given


def _answer(
    item: Item, member: Member, instrument: Instrument, rng: np.random.Generator, gain: float
) -> Any:
    if item.kind is ItemKind.FREE_TEXT:
        return writes(item.id, member.language, rng)
    if not item.is_closed:
        return None
    chance = rng.random()
    if chance < SKIPPED:
        return None
    if chance < SKIPPED + NOT_APPLICABLE and item.does_not_apply:
        return DOES_NOT_APPLY
    if chance < SKIPPED + NOT_APPLICABLE + DECLINED and item.prefer_not_to_say:
        return PREFER_NOT_TO_SAY
    codes = instrument.response_set_of(item).codes
    shares = SHARES.get(item.id[:3])
    if shares is None or len(codes) != len(shares):
        return int(rng.choice(codes))
    return _on_scale(item, member, codes, shares, rng, gain)


def _on_scale(
    item: Item,
    member: Member,
    codes: tuple[int, ...],
    shares: tuple[float, ...],
    rng: np.random.Generator,
    gain: float,
) -> int:
    """Cut a latent normal at the shares; harm and reversed items count from the other end."""
    moved = gain if item.id[:3] in {"MES", "TIL", "KOM"} else 0.0
    latent = LOADING * (member.wellbeing + moved) + np.sqrt(1 - LOADING**2) * rng.normal()
    cuts = [NormalDist().inv_cdf(float(each)) for each in np.cumsum(shares)[:-1]]
    place = int(np.searchsorted(cuts, latent))
    turned = item.reversed or item.id.startswith("NEG")
    return codes[len(codes) - 1 - place] if turned else codes[place]
