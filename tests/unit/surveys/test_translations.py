"""Can a centre's survey get one more language from files, and is a half finished one never shown?"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from knutepunkt.analysis.instruments import (
    PARTICIPANT_SURVEY,
    Instrument,
    InstrumentRefused,
    ItemKind,
    OwnQuestion,
    Texts,
    languages_of,
    pieces,
    read_catalogue,
    with_translations,
)
from knutepunkt.analysis.instruments.translations import blank_file
from knutepunkt.cli import main
from knutepunkt.responses import actions as vault
from knutepunkt.responses import queries as vault_queries
from knutepunkt.surveys.actions.instruments import questionnaire_with
from knutepunkt.surveys.queries.translations import translations_folder
from tests.answering_case import Participant, asking_centre

#: Not a translation: letters of Northern Sámi in front of the bokmål, so that it can be recognised.
SAMI = "ČŠŽ đŋŧ "


@pytest.fixture
def survey() -> Instrument:
    return read_catalogue()[PARTICIPANT_SURVEY]


def filled(survey: Instrument) -> dict[str, str]:
    files = {}
    for piece in pieces(survey):
        blank = blank_file(piece, "se")
        head, _mark, tail = blank.partition("[translation]")
        for key, text in tomllib.loads(blank)["bokmal"].items():
            tail = tail.replace(f'"{key}" = ""', f'"{key}" = "{SAMI}{text}"')
        files[piece.name] = f"{head}[translation]{tail}"
    return files


def test_a_file_per_question_makes_a_new_version(survey: Instrument) -> None:
    files = filled(survey)
    assert {f"question.{item.id}" for item in survey.items} < set(files)
    made = with_translations(survey, {"se": files})
    assert languages_of(survey) == ("nb", "nn", "en")
    assert languages_of(made) == ("nb", "nn", "en", "se")
    assert made.item("BEN1").texts.in_language("se") == SAMI + survey.item("BEN1").texts.nb
    assert made.item("BEN1").texts.in_language("nn") == survey.item("BEN1").texts.nn
    assert made.hash != survey.hash
    assert made.based_on == survey.hash
    assert Instrument.from_json(made.to_json()) == made
    other = with_translations(survey, {"pl": files, "se": files})
    assert languages_of(other) == ("nb", "nn", "en", "pl", "se")
    assert Instrument.from_json(other.to_json()).hash == other.hash


def test_what_is_missing_or_out_of_date_is_named(survey: Instrument) -> None:
    files = filled(survey)
    del files["question.BEN1"]
    files["question.BEN2"] = files["question.BEN2"].replace(survey.item("BEN2").texts.nb, "Før", 1)
    files["question.BEN3"] = blank_file(pieces(survey)[1], "se")
    files["opening"] = "title ="
    with pytest.raises(InstrumentRefused) as refused:
        with_translations(survey, {"se": files})
    told = {problem.path.split(".toml")[0] for problem in refused.value.problems}
    assert told == {"question.BEN1", "question.BEN2", "question.BEN3", "opening"}


@pytest.mark.parametrize("code", ["nb", "", "sami", "S1"])
def test_only_a_further_language_has_files(survey: Instrument, code: str) -> None:
    with pytest.raises(InstrumentRefused):
        with_translations(survey, {code: filled(survey)})


def test_the_command_writes_blank_files_and_says_what_is_left(
    survey: Instrument, settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DATA_DIR = tmp_path
    assert main(["translate", "se"]) == 1
    folder = translations_folder(survey) / "se"
    assert (folder / "question.BEN1.toml").exists()
    assert "There is no translation." in capsys.readouterr().out
    assert questionnaire_with() == survey
    for name, text in filled(survey).items():
        (folder / f"{name}.toml").write_text(text, "utf-8")
    assert main(["translate", "se"]) == 0
    own = OwnQuestion(ItemKind.FREE_TEXT, Texts("Hva nå?", "Kva no?", "What now?"))
    for made in (questionnaire_with(), questionnaire_with([own])):
        assert "se" in languages_of(made)
    assert main(["translate", "nn"]) == 2


@pytest.mark.django_db(databases=["default", "vault"], transaction=True)
def test_a_participant_answers_in_the_further_language(
    survey: Instrument, settings: Any, tmp_path: Path
) -> None:
    settings.KEY_DIR, settings.TRANSPORT_DIR = tmp_path / "keys", tmp_path / "transport"
    centre = asking_centre(instrument=with_translations(survey, {"se": filled(survey)}))
    first = Client().get(f"/s/{centre.codes[0]}?lang=nb").content.decode()
    assert 'hreflang="se" lang="se">Davvisámegiella</a>' in first
    participant = Participant(centre.codes[0], lang="se")
    participant.start()
    # The page around the questions is in bokmål, and says so to a screen reader.
    assert '<html lang="nb"' in participant.text
    assert f'<legend lang="se" dir="auto">{SAMI}' in participant.text
    assert "Gå videre" in participant.text
    participant.press("part-9", OPP1="2")
    participant.press("send")
    vault.close_round(round_ref=centre.ref)
    (answer,) = vault_queries.opened_answers(centre.ref).answers
    assert answer.content["language"] == "se"
    assert answer.content["answers"] == {"OPP1": 2}


@pytest.mark.django_db(databases=["default", "vault"], transaction=True)
def test_other_surveys_offer_three_languages(settings: Any, tmp_path: Path) -> None:
    settings.KEY_DIR, settings.TRANSPORT_DIR = tmp_path / "keys", tmp_path / "transport"
    centre = asking_centre()
    shown = Client().get(f"/s/{centre.codes[0]}?lang=se").content.decode()
    assert shown.count("hreflang=") == 2
    assert 'lang="se"' not in shown
