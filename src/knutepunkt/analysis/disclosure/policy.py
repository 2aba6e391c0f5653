"""Which numbers decide whether a figure may be shown, and for whom?"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any


class Audience(StrEnum):
    """Who reads a release, from the narrowest circle to the widest."""

    CENTRE = "centre"
    FUNDER = "funder"
    PUBLIC = "public"

    @property
    def breadth(self) -> int:
        """Position in the order: a wider audience has a higher number."""
        return list(Audience).index(self)

    def narrower_of(self, other: Audience) -> Audience:
        """The narrower of two audiences: the readers who see what both were given."""
        return self if self.breadth <= other.breadth else other


class PolicyBelowFloor(ValueError):
    """A policy asked for less protection than KP-1 gives."""


# +1: a higher number protects more; -1: a lower number does.
STRICTER_DIRECTION: dict[str, int] = {
    "threshold_centre": 1,
    "threshold_wide": 1,
    "groups": 1,
    "largest_share": -1,
    "disjoint_subsets": 1,
    "comparisons": -1,
    "coalition": 1,
    "group_size": 1,
    "solver_seconds": -1,
    "witnesses": -1,
    "coarse_below": 1,
    "coarse_step": 1,
    "mean_decimals": -1,
    "deviation_from": 1,
    "p_classes_below": 1,
    "spare_observations": 1,
    "variance_groups": 1,
    "quotation_readers": 1,
    "quotation_people": 1,
}
# What no organisation may choose for itself: everybody must know these to judge a release.
FIXED = ("class_cut", "p_class_cuts", "band_tenths", "perturbation")


@dataclass(frozen=True)
class Policy:
    """The named numbers of one disclosure policy; see ``policies/kp-1.toml`` for their meaning."""

    version: str
    threshold_centre: int
    threshold_wide: int
    groups: int
    largest_share: float
    disjoint_subsets: int
    comparisons: int
    coalition: int
    group_size: int
    solver_seconds: float
    witnesses: int
    class_cut: float
    coarse_below: int
    coarse_step: int
    mean_decimals: int
    deviation_from: int
    p_classes_below: int
    p_class_cuts: tuple[float, ...]
    spare_observations: int
    variance_groups: int
    band_tenths: tuple[float, ...]
    perturbation: str
    quotation_readers: int
    quotation_people: int
    sensitive_theme: bool = False

    def threshold(self, audience: Audience) -> int:
        """The threshold t of P1, P3, P4 and P5 for an audience."""
        if self.sensitive_theme or audience is not Audience.CENTRE:
            return max(self.threshold_wide, self.threshold_centre)
        return self.threshold_centre

    def for_theme(self, *, sensitive: bool) -> Policy:
        """This policy, with the stricter threshold for every audience where the theme asks for it.

        A policy that is strict already stays so.
        """
        return replace(self, sensitive_theme=self.sensitive_theme or sensitive)

    def applies(self, clause: str) -> bool:
        """Whether a clause is in force: always.

        The suite overrides this in a class of its own to show that each clause carries weight;
        nothing in the product does.
        """
        return bool(clause)

    def as_json(self) -> dict[str, Any]:
        """The policy as plain values, in the order of its fields."""
        return {
            item.name: list(value) if isinstance(value, tuple) else value
            for item in fields(self)
            for value in [getattr(self, item.name)]
        }

    @property
    def hash(self) -> str:
        """SHA-256 of the policy's canonical JSON."""
        text = json.dumps(self.as_json(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def stricter(self, **numbers: float) -> Policy:
        """This policy with some numbers made stricter.

        Raises:
            PolicyBelowFloor: a number is unknown, of another type, or would protect less than now.
        """
        for name, value in numbers.items():
            if name not in STRICTER_DIRECTION or not _fits(value, getattr(self, name)):
                raise PolicyBelowFloor(name)
            if (value - getattr(self, name)) * STRICTER_DIRECTION[name] < 0:
                raise PolicyBelowFloor(name)
        return replace(self, **numbers)  # type: ignore[arg-type]

    def check_floor(self) -> None:
        """Raise ``PolicyBelowFloor`` naming the first number laxer than KP-1."""
        floor = kp1()
        for name, direction in STRICTER_DIRECTION.items():
            if (getattr(self, name) - getattr(floor, name)) * direction < 0:
                raise PolicyBelowFloor(name)
        for name in FIXED:
            if getattr(self, name) != getattr(floor, name):
                raise PolicyBelowFloor(name)


def _fits(value: object, now: float) -> bool:
    """Whether a value is a number of the kind that stands there: whole where it is whole."""
    wanted = int if isinstance(now, int) else (int, float)
    return isinstance(value, wanted) and not isinstance(value, bool)


def read_policy(text: str) -> Policy:
    """A policy from TOML text: one ``version`` and tables of named numbers."""
    document = tomllib.loads(text)
    numbers: dict[str, Any] = {"version": document.pop("version")}
    for section in document.values():
        numbers |= {k: tuple(v) if isinstance(v, list) else v for k, v in section.items()}
    return Policy(**numbers)


@cache
def kp1() -> Policy:
    """The policy every installation starts from and none may fall below."""
    source = resources.files("knutepunkt.analysis.disclosure") / "policies" / "kp-1.toml"
    return read_policy(source.read_text(encoding="utf-8"))


def policy_for(*, sensitive_theme: bool = False) -> Policy:
    """KP-1, with the stricter threshold for every audience when the survey's theme is sensitive.

    The audience picks its own threshold inside the policy: see ``Policy.threshold``.
    """
    return kp1().for_theme(sensitive=sensitive_theme)
