"""Are the easy words easy, of the same questions, and unseen from outside?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from knutepunkt.analysis.instruments import PARTICIPANT_SURVEY, Instrument, Texts, read_catalogue
from knutepunkt.responses import actions as vault
from knutepunkt.responses import queries as vault_queries
from knutepunkt.responses.models import CoveredAnswer
from knutepunkt.surveys.presenters import easy_words
from knutepunkt.surveys.presenters.easy_words import easy_languages, said
from tests.answering_case import Participant, asking_centre
from tests.docs.catalogues import Said
from tests.docs.test_language import bokmal_forms

MOST_WORDS = 8


@pytest.fixture(scope="module")
def survey() -> Instrument:
    return read_catalogue()[PARTICIPANT_SURVEY]


def asked_texts(survey: Instrument) -> list[Texts]:
    leads = [each.lead for each in survey.response_sets if each.lead is not None]
    return [survey.intro, *(item.texts for item in survey.items), *leads]


def test_every_wording_stands_in_for_one_of_the_survey(survey: Instrument) -> None:
    usual = {texts.nb for texts in asked_texts(survey)}
    assert set(easy_words._wordings()) <= usual
    assert easy_languages(survey) == ("nb-x-lett", "nn-x-lett", "en-x-lett")


@pytest.mark.parametrize("language", ["nb-x-lett", "nn-x-lett", "en-x-lett"])
def test_every_line_has_eight_words_or_fewer(survey: Instrument, language: str) -> None:
    lines = [line for texts in asked_texts(survey) for line in said(texts, language).splitlines()]
    assert len(lines) > len(survey.items)
    assert [line for line in lines if len(line.split()) > MOST_WORDS] == []


def test_nynorsk_is_nynorsk() -> None:
    for texts in easy_words._wordings().values():
        assert bokmal_forms([Said("surveys", "nn", "easy words", texts.nn)]) == []
        assert texts.nn != texts.nb


@pytest.mark.django_db(databases=["default", "vault"], transaction=True)
def test_easy_words_are_chosen_on_the_first_page_and_show_nowhere(
    settings: Any, tmp_path: Path
) -> None:
    """Without script, without a cookie; the sealed answer has the length of every other one."""
    settings.KEY_DIR, settings.TRANSPORT_DIR = tmp_path / "keys", tmp_path / "transport"
    centre = asking_centre(groups=1, slips=2)
    usual = Participant(centre.codes[0], lang="nn")
    assert 'href="?lang=nn-x-lett"' in usual.text
    usual.start()
    assert "Kor lenge har du vore, eller var du, med i gruppa?" in usual.text
    usual.press("part-9")
    usual.press("send")
    easy = Participant(centre.codes[1], lang="nn-x-lett")
    assert "Kva har gruppa betydd for deg?<br>" in easy.text
    assert "Slik vernar vi deg" in easy.text, "around the questions stands nynorsk"
    assert '<html lang="nn"' in easy.text
    easy.start()
    assert "Kor lenge er eller var du med?" in easy.text
    assert "eller var du, med i gruppa" not in easy.text
    easy.press("part-9", OPP1="2")
    easy.press("send")
    assert "Takk!" in easy.text
    assert not easy.client.cookies
    assert len({len(row.sealed) for row in CoveredAnswer.objects.all()}) == 1
    vault.close_round(round_ref=centre.ref)
    found = {
        str(answer.content["language"]): answer.content
        for answer in vault_queries.opened_answers(centre.ref).answers
    }
    assert set(found) == {"nn", "nn-x-lett"}
    assert found["nn"]["instrument"] == found["nn-x-lett"]["instrument"]
    assert found["nn-x-lett"]["answers"] == {"OPP1": 2}
