"""How will participants see a centre's own questions, and how risky is each?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knutepunkt.analysis.instruments import OwnQuestion
from knutepunkt.surveys.actions.instruments import questionnaire_with
from knutepunkt.surveys.policies.risk import RISK_SENTENCES, risk_of
from knutepunkt.surveys.presenters.answering import Question, page_of


@dataclass(frozen=True)
class AskedQuestion:
    """An own question as participants will see it, and how easily its answer points to one."""

    question: Question
    risk: str
    risk_in_words: str
    what_it_means: str


def own_questions_as_asked(
    questions: Sequence[OwnQuestion], language: str
) -> tuple[AskedQuestion, ...]:
    """Return the questions as the answering pages will show them, each with its risk."""
    if not questions:
        return ()
    instrument = questionnaire_with(questions)
    number = next(
        place
        for place, part in enumerate(instrument.parts, start=1)
        if any(item.own for item in instrument.items_in(part.id))
    )
    shown = page_of(instrument, number, language, answers={})
    return tuple(_rated(asked, own) for asked, own in zip(shown.questions, questions, strict=True))


def _rated(asked: Question, own: OwnQuestion) -> AskedQuestion:
    risk = risk_of(own)
    return AskedQuestion(asked, str(risk), str(risk.label), str(RISK_SENTENCES[risk]))
