"""What does a person leave in a round so that the same person can be found in the next one?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

ELEMENTS = 8
#: A card of seven words is the same card when five of them are.
ALIKE_WORDS = 5

Card = tuple[str, ...]
Elements = tuple[str | None, ...]
UNANSWERED: Elements = (None,) * ELEMENTS


class LinkFault(StrEnum):
    """Every reason for which rounds cannot be linked. The texts live with the report."""

    TWICE_IN_A_ROUND = "twice_in_a_round"
    WRONG_LENGTH = "wrong_length"
    GROUPS_IN_ONE_ROUND = "groups_in_one_round"
    BAD_THRESHOLD = "bad_threshold"
    NOTHING_LINKED = "nothing_linked"


class LinkRefused(ValueError):
    """Traces that cannot be linked, or a change that cannot be judged.

    Attributes:
        code: the reason, for programs and for the sentence in the report.
        detail: what in particular is wrong, in English; never a word of a card or an element.
    """

    def __init__(self, code: LinkFault, detail: str) -> None:
        super().__init__(f"{code.value}: {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Trace:
    """What one participant left in one round, or one person in all rounds so far.

    Attributes:
        ref: opaque id, unique in the round.
        group: opaque id of the group; None where the design has no groups.
        cards: cards the person is known by: the one given and the one typed again, as words.
        elements: the eight elements as text, None where one was not answered.
    """

    ref: str
    group: str | None = None
    cards: frozenset[Card] = field(default=frozenset(), repr=False)
    elements: Elements = field(default=UNANSWERED, repr=False)

    @property
    def has_elements(self) -> bool:
        """Whether anything about oneself was answered."""
        return any(one is not None for one in self.elements)


def check_traces(earlier: Sequence[Trace], later: Sequence[Trace]) -> None:
    """Refuse traces that cannot be compared.

    Raises:
        LinkRefused: ``twice_in_a_round`` where a ref stands twice in a round, ``wrong_length`` where
            there are not eight elements, ``groups_in_one_round`` where one round has groups and the
            other has none, or where some of a round's people have a group and others do not.
    """
    for name, traces in (("earlier", earlier), ("later", later)):
        if len({trace.ref for trace in traces}) != len(traces):
            raise LinkRefused(LinkFault.TWICE_IN_A_ROUND, f"somebody stands twice in the {name}")
        if any(len(trace.elements) != ELEMENTS for trace in traces):
            raise LinkRefused(LinkFault.WRONG_LENGTH, f"{ELEMENTS} elements are expected")
    if len({trace.group is None for trace in (*earlier, *later)}) > 1:
        raise LinkRefused(LinkFault.GROUPS_IN_ONE_ROUND, "some traces have a group, some have none")
