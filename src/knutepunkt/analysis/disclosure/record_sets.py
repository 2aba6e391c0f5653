"""Which people does a published statement rest on, and how is that kept?"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from knutepunkt.analysis.disclosure.ladder import Cell


@dataclass(frozen=True)
class RecordSet:
    """A published set of records; the vault keeps it under ``key`` as long as the answers live.

    Attributes:
        key: "sequence:table:cell:part", says nothing about the members.
        variable: name of the variable.
        round: opaque id of the round.
        codes: the cell's codes; None for the whole population of a figure.
        audience: the audience it was shown to.
        participants: everyone in the set (for a band: everyone the band speaks about).
        without_slip: those of them whose answer came without a slip.
        low, high: the number of slip participants in the set as the reader can bound it; equal when
            the count may be taken as known, apart when only a band was told.
        groups: the group of each participant; empty where the design has no groups.
        mean: for a population whose mean was told, the bounds the reader knows it within.
        span: lowest and highest possible value of the variable.
        components: for a scale, its items and whether each is reversed.
    """

    key: str
    variable: str
    round: str
    codes: Cell | None
    audience: str
    participants: AbstractSet[str] = field(repr=False)
    without_slip: AbstractSet[str] = field(repr=False)
    low: int = field(repr=False)
    high: int = field(repr=False)
    groups: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    mean: tuple[float, float] | None = field(default=None, repr=False)
    span: tuple[float, float] = (0.0, 0.0)
    components: tuple[tuple[str, bool], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The set as the vault stores it; members in the order of their ids."""
        return {
            **self.facts(),
            "participants": sorted(self.participants),
            "without_slip": sorted(self.without_slip),
            "groups": dict(sorted(self.groups.items())),
        }

    def facts(self) -> dict[str, Any]:
        """All but the people, as data."""
        return {
            "key": self.key,
            "variable": self.variable,
            "round": self.round,
            "codes": None if self.codes is None else list(self.codes),
            "audience": self.audience,
            "low": self.low,
            "high": self.high,
            "mean": None if self.mean is None else list(self.mean),
            "span": list(self.span),
            "components": [list(component) for component in self.components],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> RecordSet:
        """The set as it was before ``as_json``."""
        people, without = (frozenset(stored[name]) for name in ("participants", "without_slip"))
        return cls.of_facts(stored, people, without, stored["groups"])

    @classmethod
    def of_facts(
        cls,
        stored: Mapping[str, Any],
        participants: AbstractSet[str],
        without_slip: AbstractSet[str],
        groups: Mapping[str, str],
    ) -> RecordSet:
        """The set as it was before ``facts``, with its people."""
        codes, mean = stored["codes"], stored["mean"]
        return cls(
            key=stored["key"],
            variable=stored["variable"],
            round=stored["round"],
            codes=None if codes is None else tuple(codes),
            audience=stored["audience"],
            participants=participants,
            without_slip=without_slip,
            low=stored["low"],
            high=stored["high"],
            groups=groups,
            mean=None if mean is None else (mean[0], mean[1]),
            span=(stored["span"][0], stored["span"][1]),
            components=tuple((item, backwards) for item, backwards in stored["components"]),
        )

    @property
    def figure(self) -> str:
        """The figure the set belongs to: the key without its last part."""
        return self.key.rsplit(":", 1)[0]

    @property
    def exact(self) -> bool:
        """Whether the count, and so the set itself, is taken as known."""
        return self.low == self.high
