"""What may a centre ask beside the shipped questions, and how risky is each question?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from knutepunkt.analysis.instruments.items import Item, ItemKind, Part
from knutepunkt.analysis.instruments.problems import InstrumentRefused, Problem
from knutepunkt.analysis.instruments.response_sets import ResponseOption, ResponseSet
from knutepunkt.analysis.instruments.texts import Texts

MOST_OWN_QUESTIONS = 5
MOST_OPTIONS = 7
OWN_PART = "OWN"
OWN_KINDS = frozenset(
    {ItemKind.SINGLE_CHOICE, ItemKind.SCALE, ItemKind.MULTIPLE_CHOICE, ItemKind.FREE_TEXT}
)


class QuestionRisk(StrEnum):
    """How easily the answer to an own question could point to one person."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True)
class OwnQuestion:
    """A centre's own question. `scale` names a response set of the instrument ("AGREEMENT")."""

    kind: ItemKind
    texts: Texts
    options: tuple[Texts, ...] = ()
    scale: str | None = None

    @property
    def risk(self) -> QuestionRisk:
        """High: the participant's own words. Medium: many options, so few behind each. Else low."""
        if self.kind is ItemKind.FREE_TEXT:
            return QuestionRisk.HIGH
        if self.kind is ItemKind.MULTIPLE_CHOICE or len(self.options) > 3:
            return QuestionRisk.MEDIUM
        return QuestionRisk.LOW


def own_part() -> Part:
    """The page the own questions stand on."""
    return Part(
        OWN_PART,
        Texts(
            nb="Spørsmål fra senteret",
            nn="Spørsmål frå senteret",
            en="Questions from the centre",
        ),
    )


def written_as_items(
    questions: Sequence[OwnQuestion],
) -> tuple[tuple[Item, ...], tuple[ResponseSet, ...]]:
    """The questions as items OWN1.. and the response sets they need.

    Raises `InstrumentRefused` naming each unfit question.
    """
    problems = [*_number_of(questions)]
    for number, question in enumerate(questions, start=1):
        problems += _unfit(number, question)
    if problems:
        raise InstrumentRefused(problems)
    items, response_sets = [], []
    for number, question in enumerate(questions, start=1):
        item_id = f"OWN{number}"
        response_set = question.scale
        if question.options:
            response_set = item_id
            options = tuple(
                ResponseOption(code, texts) for code, texts in enumerate(question.options, start=1)
            )
            response_sets.append(ResponseSet(item_id, options, ordered=False))
        items.append(
            Item(
                id=item_id,
                kind=question.kind,
                part=OWN_PART,
                texts=question.texts,
                response_set=response_set,
                own=True,
                consent_to_quote=question.kind is ItemKind.FREE_TEXT,
            )
        )
    return tuple(items), tuple(response_sets)


def _number_of(questions: Sequence[OwnQuestion]) -> list[Problem]:
    if 1 <= len(questions) <= MOST_OWN_QUESTIONS:
        return []
    return [
        Problem(
            "own questions",
            f"There are {len(questions)}; a survey holds from one to {MOST_OWN_QUESTIONS}.",
            "Choose the ones that matter most." if questions else "Use the version as it stands.",
        )
    ]


def _unfit(number: int, question: OwnQuestion) -> list[Problem]:
    path = f"own question {number}"
    if question.kind not in OWN_KINDS:
        return [
            Problem(
                path,
                f"An own question cannot be of the kind {question.kind.value}.",
                "Choose a list, a scale, several choices or free text.",
            )
        ]
    if question.kind is ItemKind.FREE_TEXT:
        if question.options or question.scale:
            return [Problem(path, "Free text has no options.", "Remove the options.")]
        return []
    if question.kind is ItemKind.SCALE:
        if question.options or not question.scale:
            return [Problem(path, "A scale question names one scale.", "Choose one of the scales.")]
        return []
    if question.scale or not 2 <= len(question.options) <= MOST_OPTIONS:
        return [
            Problem(
                path,
                f"A list has from two to {MOST_OPTIONS} options of its own.",
                "Write them, in all three languages.",
            )
        ]
    return []
