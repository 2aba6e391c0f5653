"""What is wrong with an instrument, where, and what would mend it?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One fault of an instrument: the path to it, what is wrong, and the remedy."""

    path: str
    what: str
    remedy: str

    @property
    def sentence(self) -> str:
        """The three in one line."""
        return f"{self.path}: {self.what} {self.remedy}"


class InstrumentRefused(ValueError):
    """The instrument cannot be used as it stands; `problems` lists every reason found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.sentence for problem in self.problems))
