"""Which columns of a large table are group, person, round and items?"""

from __future__ import annotations

from dataclasses import dataclass

from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode


@dataclass(frozen=True)
class ScaleItems:
    """A scale: its name and the columns of its items, reversed ones already turned."""

    name: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """A table with one row per person and round.

    Attributes:
        group, person, round: names of the columns.
        rounds: the earlier and the later round to compare, as they stand in the column.
        scales: the scales, two items or more each.
        codes: the codes an item may have; others are counted and left out.
    """

    group: str
    person: str
    round: str
    rounds: tuple[str | int, str | int]
    scales: tuple[ScaleItems, ...]
    codes: tuple[int, ...]

    def checked(self, columns: list[str]) -> Layout:
        """Return the layout if the table bears it.

        Raises:
            ModelRefusal: ``unknown_column``; ``bad_argument`` for scales of one item, rounds that
                are the same, or fewer than two codes.
        """
        wanted = [self.group, self.person, self.round]
        wanted += [item for scale in self.scales for item in scale.items]
        unknown = [name for name in wanted if name not in columns]
        if unknown:
            raise ModelRefusal(RefusalCode.UNKNOWN_COLUMN, ", ".join(unknown))
        if self.rounds[0] == self.rounds[1]:
            raise ModelRefusal(RefusalCode.BAD_ARGUMENT, "the two rounds are the same")
        if len(set(self.codes)) < 2 or any(len(scale.items) < 2 for scale in self.scales):
            raise ModelRefusal(RefusalCode.BAD_ARGUMENT, "two codes and two items are needed")
        return self
