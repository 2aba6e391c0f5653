"""Which items does a participant see, given what has been answered so far?

A rule is small data, the same for the server and the browser: when its condition holds, the items
it names are shown. An item named by no rule is always shown; one named by several is shown when
any of them holds. A hidden item counts as unanswered for the rules below it. A rule looks only at
items that stand before those it shows, so one pass in the order of the questionnaire settles all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Operator(StrEnum):
    """How an answer is compared with the values of a rule."""

    IN = "in"
    NOT_IN = "not_in"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ANSWERED = "answered"
    NOT_ANSWERED = "not_answered"


@dataclass(frozen=True)
class SkipRule:
    """Show `show` when the answer to `item` stands in `operator` to `values`.

    `in`: the answer, or one of several chosen, is among the values. `not_in`: there is an answer
    and it is not. `at_least`/`at_most`: an option or number from/to the one value; the answers
    outside the options ("does not apply", "prefer not to say") satisfy neither. `answered` and
    `not_answered` take no values; an answer outside the options is an answer.
    """

    item: str
    operator: Operator
    show: tuple[str, ...]
    values: tuple[float, ...] = ()

    def holds(self, answer: Any) -> bool:
        """Whether the condition holds for this answer; None, "" and () are no answer."""
        answered = answer is not None and answer not in ("", [], ())
        if self.operator is Operator.NOT_ANSWERED:
            return not answered
        if not answered or self.operator is Operator.ANSWERED:
            return answered
        chosen = answer if isinstance(answer, list | tuple) else (answer,)
        if self.operator is Operator.IN:
            return any(one in self.values for one in chosen)
        if self.operator is Operator.NOT_IN:
            return all(one not in self.values for one in chosen)
        return any(self._compares(one) for one in chosen)

    def _compares(self, answer: Any) -> bool:
        if isinstance(answer, int) and answer < 0 and self.values[0] >= 0:
            return False
        if self.operator is Operator.AT_LEAST:
            return bool(answer >= self.values[0])
        return bool(answer <= self.values[0])


def visible_items(
    order: Iterable[str], rules: Sequence[SkipRule], answers: Mapping[str, Any]
) -> tuple[str, ...]:
    """The ids of the items to show, in questionnaire order.

    `order` holds all item ids, `answers` what has been answered so far by item id.
    """
    asked: dict[str, list[SkipRule]] = {}
    for rule in rules:
        for shown in rule.show:
            asked.setdefault(shown, []).append(rule)
    visible: dict[str, None] = {}
    for item in order:
        governing = asked.get(item, [])
        if not governing or any(
            rule.holds(answers.get(rule.item) if rule.item in visible else None)
            for rule in governing
        ):
            visible[item] = None
    return tuple(visible)
