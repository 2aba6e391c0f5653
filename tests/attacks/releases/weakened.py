"""KP-1 with one clause switched off: for this suite only, to see that the clause carries weight."""

from __future__ import annotations

from dataclasses import dataclass, fields

from knutepunkt.analysis.disclosure import Policy, kp1


@dataclass(frozen=True)
class WithoutClause(Policy):
    """A policy whose named clause is not applied."""

    missing: str = ""

    def applies(self, clause: str) -> bool:
        """Every clause but the missing ones."""
        return clause not in self.missing.split()


def without(clause: str) -> WithoutClause:
    """KP-1 without one clause, or without several with a space between them."""
    numbers = {item.name: getattr(kp1(), item.name) for item in fields(Policy)}
    return WithoutClause(**numbers, missing=clause)
