"""Is a question that is asked already kept from being asked once more?"""

from __future__ import annotations

import pytest
from django.utils import translation

from knutepunkt.analysis.instruments import ItemKind, OwnQuestion, Texts
from knutepunkt.surveys.actions.instruments import questionnaire_with
from knutepunkt.surveys.forms.own_questions import OwnQuestionsForm
from knutepunkt.surveys.policies.refusals import UnfitQuestions
from knutepunkt.surveys.policies.repeating import REPEATED, asked_texts


def own(text: str) -> OwnQuestion:
    return OwnQuestion(ItemKind.SCALE, Texts(nb=text, nn=text, en=text), scale="AGREEMENT")


@pytest.mark.parametrize("turned", [str, str.upper, lambda text: f"  {text.rstrip('.?')} ! "])
def test_a_question_of_the_survey_is_not_asked_again(turned: object) -> None:
    asked = asked_texts()[4][0]
    with translation.override("en"), pytest.raises(UnfitQuestions, match="asked already"):
        questionnaire_with([own(turned(asked))])  # type: ignore[operator]


def test_nor_is_an_own_question_asked_twice() -> None:
    with pytest.raises(UnfitQuestions):
        questionnaire_with([own("Lokalet er lett å finne"), own("lokalet er LETT å finne.")])
    made = questionnaire_with([own("Lokalet er lett å finne"), own("Kaffen er god")])
    assert sum(item.own for item in made.items) == 2


def test_the_page_says_so_beside_the_question() -> None:
    asked = asked_texts()[4][0]
    typed = {"count": ["1"], "kind-1": ["AGREEMENT"], "text-nb-1": [asked]}
    form = OwnQuestionsForm(typed)
    assert form.errors["text-nb-1"] == [REPEATED]
    form = OwnQuestionsForm({**typed, "text-nb-1": ["Kaffen er god"]})
    assert form.is_valid()
