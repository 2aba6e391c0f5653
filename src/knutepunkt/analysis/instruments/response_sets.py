"""Which answers can be chosen, in which order, and how may they be merged when few have answered?"""

from __future__ import annotations

from dataclasses import dataclass

from knutepunkt.analysis.instruments.texts import Texts


@dataclass(frozen=True)
class ResponseOption:
    """One answer that can be chosen. `always_merged`: never a category of its own in a table."""

    code: int
    texts: Texts
    always_merged: bool = False


@dataclass(frozen=True)
class MergedCategory:
    """Several options read as one, with the words for the union.

    `said`: what those who chose one of them did or lived through, to follow "7 of 10" in a sentence.
    """

    codes: tuple[int, ...]
    texts: Texts
    said: Texts | None = None


@dataclass(frozen=True)
class ResponseSet:
    """The answers of one or more closed items, in the order they are shown.

    `ordered` sets run from least to most favourable of what the item states. `merges` are the
    coarser readings, finest first, each a partition of all codes: the steps of the merge ladder.
    `lead` is what every item with these answers is asked about ("The last four meetings ...").
    """

    id: str
    options: tuple[ResponseOption, ...]
    ordered: bool = True
    lead: Texts | None = None
    merges: tuple[tuple[MergedCategory, ...], ...] = ()

    @property
    def codes(self) -> tuple[int, ...]:
        """The codes of the options in the order they are shown."""
        return tuple(option.code for option in self.options)

    @property
    def low(self) -> int:
        """The smallest code."""
        return min(self.codes)

    @property
    def high(self) -> int:
        """The largest code."""
        return max(self.codes)

    def option(self, code: int) -> ResponseOption:
        """The option with this code; KeyError when there is none."""
        for option in self.options:
            if option.code == code:
                return option
        raise KeyError(f"{self.id} has no option with code {code}")

    def ladder(self) -> tuple[tuple[MergedCategory, ...], ...]:
        """All readings from the finest to the coarsest, the unmerged one first."""
        plain = tuple(MergedCategory((option.code,), option.texts) for option in self.options)
        return (plain, *self.merges)
