"""How much does it tell that two people gave the same eight elements, or not the same?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from knutepunkt.analysis.linking.traces import ELEMENTS, Trace

Reals = NDArray[np.float64]
Codes = NDArray[np.int64]
Patterns = NDArray[np.int16]

#: What is believed of an element before the data: answered alike by the same person nine times in
#: ten, with the weight of twenty pairs.
PRIOR_ALIKE, PRIOR_WEIGHT = 0.9, 20.0
#: No element is trusted beyond this: everybody can mistype.
LEAST_ERROR = 0.002
_DIFFER, _UNKNOWN, _ALIKE = 0, 1, 2
#: Every pattern of eight elements that differ, are unknown or are alike, shape (3**8, 8).
_PATTERNS = np.array(list(product((_DIFFER, _UNKNOWN, _ALIKE), repeat=ELEMENTS)), dtype=np.int8)
ALIKE: Reals = (_PATTERNS == _ALIKE).astype(np.float64)
DIFFER: Reals = (_PATTERNS == _DIFFER).astype(np.float64)


@dataclass(frozen=True, eq=False)
class Coded:
    """Elements of one round as numbers.

    Attributes:
        codes: shape (n, 8), codes shared by both rounds, -1 for no answer.
        rarity: shape (n, 8), -log of the share of the given answer among all; 0 for no answer.
    """

    codes: Codes
    rarity: Reals


@dataclass(frozen=True, eq=False)
class Material:
    """Both rounds, coded alike.

    Attributes:
        earlier, later: the two rounds.
        chance: P(two strangers give the same answer) per element, shape (8,): the sum over answers
            of their squared shares.
    """

    earlier: Coded
    later: Coded
    chance: Reals


def coded(earlier: Sequence[Trace], later: Sequence[Trace]) -> Material:
    """Return both rounds' elements as codes with the rarity of each answer.

    The share of an answer is taken over both rounds, with half a person added to every answer that
    occurs, so that an answer given once is rare but not impossible by chance.
    """
    size = len(earlier)
    codes = np.full((size + len(later), ELEMENTS), -1, dtype=np.int64)
    rarity = np.zeros(codes.shape)
    chance = np.full(ELEMENTS, 0.5)
    for k in range(ELEMENTS):
        texts = [trace.elements[k] for trace in (*earlier, *later)]
        given = [text for text in texts if text is not None]
        if not given:
            continue
        levels, inverse, counts = np.unique(
            np.array(given, dtype=str), return_inverse=True, return_counts=True
        )
        rows = np.array([text is not None for text in texts])
        codes[rows, k] = inverse
        shares = (counts + 0.5) / (len(given) + 0.5 * levels.size + 0.5)
        rarity[rows, k] = -np.log(shares)[inverse]
        chance[k] = float(((counts / counts.sum()) ** 2).sum())
    first, second = Coded(codes[:size], rarity[:size]), Coded(codes[size:], rarity[size:])
    return Material(first, second, np.clip(chance, 1e-6, 0.999))


@dataclass(frozen=True, eq=False)
class Comparison:
    """How pairs compare, in any shape.

    Attributes:
        pattern: which of the 3**8 patterns of like, unlike and unknown elements.
        rarity: -log of how common the shared answers are, summed.
    """

    pattern: Patterns
    rarity: Reals


def compare(material: Material, i: Codes, j: Codes) -> Comparison:
    """Compare people ``i`` of the earlier round with ``j`` of the later; shapes broadcast."""
    shape = np.broadcast_shapes(i.shape, j.shape)
    pattern = np.zeros(shape, dtype=np.int16)
    rarity = np.zeros(shape)
    for k in range(ELEMENTS):
        a, b = material.earlier.codes[i, k], material.later.codes[j, k]
        known = (a >= 0) & (b >= 0)
        same = known & (a == b)
        state = np.where(same, _ALIKE, np.where(known, _DIFFER, _UNKNOWN))
        pattern = (pattern * 3 + state).astype(np.int16)
        rarity += np.where(same, material.later.rarity[j, k], 0.0)
    return Comparison(pattern, rarity)


def weights(compared: Comparison, same: Reals, chance: Reals) -> Reals:
    """Return log likelihood ratios of pairs, in the shape of the comparison.

    Fellegi and Sunter (1969): log(m / p_v) for a shared answer v, log((1 - m) / (1 - u)) for
    different ones, 0 where one did not answer; elements count as independent given the truth.

    Args:
        compared: the pairs.
        same: m, P(alike | same person) per element, shape (8,).
        chance: u, P(alike | strangers) per element, shape (8,).
    """
    table = ALIKE @ np.log(same) + DIFFER @ (np.log1p(-same) - np.log1p(-chance))
    found: Reals = table[compared.pattern] + compared.rarity
    return found


def same_person_rates(patterns: Reals) -> Reals:
    """Return P(alike | same person) per element, shape (8,), with the prior.

    Args:
        patterns: expected number of linked pairs of every pattern, shape (3**8,).
    """
    alike, compared = patterns @ ALIKE, patterns @ (ALIKE + DIFFER)
    rates = (alike + PRIOR_ALIKE * PRIOR_WEIGHT) / (compared + PRIOR_WEIGHT)
    found: Reals = np.clip(rates, 0.5, 1.0 - LEAST_ERROR)
    return found


def counted(compared: Comparison, probabilities: Reals | None = None) -> Reals:
    """Return how many pairs of every pattern there are, each with its probability; (3**8,)."""
    shares = None if probabilities is None else probabilities.ravel()
    found: Reals = np.bincount(
        compared.pattern.ravel(), weights=shares, minlength=len(_PATTERNS)
    ).astype(np.float64)
    return found
