"""Can a participant answer, change, send, send again, regret and come too late, with a browser that
runs no script and keeps no cookie?"""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from knutepunkt.analysis.instruments import Instrument
from knutepunkt.responses import actions as vault
from knutepunkt.responses import queries as vault_queries
from knutepunkt.responses.models import CoveredAnswer
from knutepunkt.surveys.queries.answering import forget_asked_rounds
from tests.answering_case import AskingCentre, Participant, asking_centre

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)


@pytest.fixture(autouse=True)
def _keys_apart(settings: Any, tmp_path: Path) -> None:
    settings.KEY_DIR = tmp_path / "keys"
    settings.TRANSPORT_DIR = tmp_path / "transport"


@pytest.fixture
def centre() -> AskingCentre:
    return asking_centre()


def opened(centre: AskingCentre) -> list[dict[str, Any]]:
    vault.close_round(round_ref=centre.ref)
    return [dict(answer.content) for answer in vault_queries.opened_answers(centre.ref).answers]


def test_the_whole_way_without_script_or_cookie(centre: AskingCentre) -> None:
    participant = Participant(centre.codes[0])
    assert participant.page.status_code == 200
    assert "Sildrehuset" in participant.text
    thanks = participant.answer_everything(text="Å bli møtt – og 🙂")
    assert thanks.status_code == 200
    assert len(participant.words.split()) == 7
    assert not participant.client.cookies
    (content,) = opened(centre)
    assert content["instrument"] == centre.round.survey.instrument_id
    assert content["language"] == "nb"
    assert content["answers"]["BEN1"] == 3
    assert content["answers"]["FRI1"] == {"text": "Å bli møtt – og 🙂", "may_quote": False}


def test_everything_on_one_page_is_one_get_and_one_more_page(centre: AskingCentre) -> None:
    participant = Participant(centre.codes[0])
    participant.page = participant.client.get(participant.address + "&vis=alt")
    participant.press("next", BEN1="4", FRI1="Trygghet", FRI1__may_quote="yes")
    assert "Klar" in participant.text or 'id="send"' in participant.text
    participant.press("send")
    (content,) = opened(centre)
    assert content["answers"] == {"BEN1": 4, "FRI1": {"text": "Trygghet", "may_quote": True}}


def test_a_second_visit_with_the_same_slip_is_refused_kindly(centre: AskingCentre) -> None:
    first, second = Participant(centre.codes[0]), Participant(centre.codes[0])
    second.start()
    first.answer_everything()
    questions = second.page
    refused = second.press("next", OPP1="1")
    assert refused.status_code == 409
    assert "Du trenger ikke si hvorfor" in second.text
    second.page = questions
    assert second.press("send").status_code == 409
    assert Participant(centre.codes[0]).page.status_code == 409
    assert CoveredAnswer.objects.count() == 1


def test_the_same_send_twice_thanks_twice_with_the_same_words(centre: AskingCentre) -> None:
    participant = Participant(centre.codes[0])
    participant.start()
    participant.press("part-9")
    ready = participant.page
    participant.press("send")
    words = participant.words
    participant.page = ready
    participant.press("send")
    assert participant.words == words
    assert CoveredAnswer.objects.count() == 1


def test_who_goes_back_after_sending_sees_no_answers(centre: AskingCentre) -> None:
    participant = Participant(centre.codes[0])
    participant.start()
    participant.press("part-6", OPP1="2")
    written = participant.page
    participant.press("next", FRI1="bare mitt")
    summary = participant.page
    participant.press("send")
    participant.page = written
    again = participant.press("next", FRI1="bare mitt")
    assert again.status_code == 409
    participant.page = summary
    assert participant.press("part-6").status_code == 409
    assert "bare mitt" not in participant.text


def test_answers_can_be_changed_from_the_last_page_and_are_kept_going_back(
    centre: AskingCentre,
) -> None:
    participant = Participant(centre.codes[0])
    participant.start()
    participant.press("next", OPP1="2")
    participant.press("back", BEN1="5")
    assert 'name="OPP1" value="2" checked' in participant.text
    participant.press("next", OPP1="1")
    assert 'name="BEN1" value="5" checked' in participant.text
    participant.press("part-1")
    participant.press("part-6", OPP1="3")
    participant.press("next", FRI1="Ro")
    participant.press("part-6")
    assert ">Ro</textarea>" in participant.text
    participant.press("next", FRI1="")
    participant.press("send")
    (content,) = opened(centre)
    assert content["answers"] == {"OPP1": 3}


def one_question_leads_to_another() -> Instrument:
    words = {"nb": "Ord", "nn": "Orda", "en": "Word"}
    scale = {"kind": "scale", "part": "P", "texts": words, "response_set": "S"}
    source = {
        "id": "small", "version": "1", "title": words, "intro": words, "licence": "MIT",
        "source": "own", "parts": [{"id": "P", "texts": words}],
        "items": [{"id": one, **scale} for one in ("A1", "A2", "A3")],
        "response_sets": [
            {"id": "S", "options": [{"code": code, "texts": words} for code in (1, 2, 3)]}
        ],
        "skip_rules": [{"item": "A1", "operator": "in", "values": [1], "show": ["A2"]}],
    }  # fmt: skip
    return Instrument.from_json(json.dumps(source))


def test_a_question_that_an_answer_on_the_page_calls_for_stands_on_the_page() -> None:
    """Nobody who watches the line sees an extra page; what is not asked for is left out."""
    centre = asking_centre(instrument=one_question_leads_to_another())
    participant = Participant(centre.codes[0])
    participant.start()
    assert 'name="A2"' in participant.text
    participant.press("next", A1="1", A2="3", A3="2")
    participant.press("send")
    changed = Participant(centre.codes[1])
    changed.start()
    changed.press("next", A1="2", A2="3")
    changed.press("send")
    found = sorted((content["answers"] for content in opened(centre)), key=lambda one: one["A1"])
    assert found == [{"A1": 1, "A2": 3, "A3": 2}, {"A1": 2}]


def test_the_language_changes_in_the_middle_without_losing_anything(centre: AskingCentre) -> None:
    participant = Participant(centre.codes[0])
    participant.start()
    participant.press("", OPP1="2", lang="nn")
    assert 'lang="nn"' in participant.text
    assert "Kor lenge har du vore" in participant.text
    assert 'name="OPP1" value="2" checked' in participant.text


def test_words_take_the_answer_back_until_the_close(centre: AskingCentre) -> None:
    keep, regret = Participant(centre.codes[0]), Participant(centre.codes[1])
    keep.answer_everything(1)
    regret.answer_everything(5)
    client = Client()
    assert client.post("/angre/", {"words": "sol hus båt"}).status_code == 422
    taken_back = client.post("/angre/?lang=nn", {"words": regret.words.upper()})
    assert "blir sletta når undersøkinga blir lukka" in taken_back.content.decode()
    assert [content["answers"]["BEN1"] for content in opened(centre)] == [1]
    late = client.post("/angre/", {"words": keep.words})
    assert late.status_code == 422
    assert not client.cookies


def test_too_late_says_the_deadline(centre: AskingCentre) -> None:
    participant = Participant(centre.codes[0])
    participant.start()
    centre.round.closes_on = timezone.localdate() - dt.timedelta(days=1)
    centre.round.save()
    forget_asked_rounds()
    late = participant.press("send")
    assert late.status_code == 410
    assert "Undersøkelsen er lukket. Fristen var" in participant.text
    opened(centre)
    assert Participant(centre.codes[1]).page.status_code == 410


def test_a_code_is_typed_as_people_type(centre: AskingCentre) -> None:
    client = Client()
    code = centre.codes[0]
    found = client.post("/s/?lang=en", {"code": f" {code.lower().replace('-', ' ')} "})
    assert found.status_code == 200
    assert "What has the group given you?" in found.content.decode()
    assert client.post("/s/", {"code": "tull"}).status_code == 422
    assert client.get("/s/K7M-4PX-222").status_code == 404
    assert client.get("/s/").status_code == 200


@pytest.mark.parametrize("all_at_once", [False, True])
def test_whoever_types_the_code_leaves_it_in_no_address(
    centre: AskingCentre, all_at_once: bool
) -> None:
    """What a history keeps of a whole visit names no slip; the answer counts like any other."""
    code = centre.codes[0]
    typed = Participant(code)
    typed.address = "/s/?lang=nb"
    typed.page = typed.client.post(typed.address, {"code": code})
    asked_for = [typed.page.request["PATH_INFO"]]
    assert "står ikke lappen i nettleserens historikk" in typed.text
    links = re.findall(r'(?:href|action)="([^"]*)"', typed.text)
    assert not [link for link in links if code.replace("-", "") in link]
    typed.press("", lang="nn")
    assert "Kva har gruppa gitt deg?" in typed.text
    if all_at_once:
        typed.press("alt")
        assert typed.text.count("<fieldset") > 20
        typed.press("next", BEN1="3")
    else:
        typed.start()
        asked_for.append(typed.page.request["PATH_INFO"])
        typed.press("part-2")
        typed.press("next", BEN1="3")
    typed.press("send")
    assert "Takk" in typed.text
    asked_for.append(typed.page.request["PATH_INFO"])
    assert set(asked_for) == {"/s/"}
    assert opened(centre)[0]["answers"] == {"BEN1": 3}
    assert typed.client.post("/s/", {"slip": code}).status_code == 410


def test_a_text_that_is_too_long_is_kept_and_pointed_at(centre: AskingCentre) -> None:
    participant = Participant(centre.codes[0])
    participant.start()
    participant.press("part-6")
    refused = participant.press("next", FRI1="x" * 1501, FRI2="dette også")
    assert refused.status_code == 422
    assert "x" * 1501 in participant.text
    assert 'href="#FRI1"' in participant.text
    assert ">dette også</textarea>" in participant.text


@pytest.mark.parametrize(
    "fields",
    [
        {"BEN1": "9"},
        {"BEN1": "abc"},
        {"BEN1": ["1", "2"]},
        {"UNKNOWN": "1"},
        {"FRI1": "\x00\x01"},
    ],
)
def test_what_no_page_sends_is_never_stored(centre: AskingCentre, fields: dict[str, Any]) -> None:
    participant = Participant(centre.codes[0])
    participant.page = participant.client.get(participant.address + "&vis=alt")
    participant.press("next", **fields)
    assert participant.page.status_code in (200, 422)
    if participant.page.status_code == 200:
        participant.press("send")
        assert opened(centre)[0]["answers"] == {}


def test_a_hidden_field_from_another_slip_or_made_up_is_not_read(centre: AskingCentre) -> None:
    one, other = Participant(centre.codes[0]), Participant(centre.codes[1])
    one.start()
    other.page = one.page
    assert other.press("send").status_code == 422
    made_up = one.client.post(one.address, {"state": "AAAA", "page": "1", "go": "send"})
    assert made_up.status_code == 422
    assert not CoveredAnswer.objects.exists()


@pytest.mark.parametrize("body", ["[" * 5000, '{"letter": {}}', "[]", "null", "{", "\x00"])
def test_what_no_browser_of_ours_sends_is_refused_in_a_word(
    centre: AskingCentre, body: str
) -> None:
    address = Participant(centre.codes[0]).address
    answer = Client().post(address, body, content_type="application/json")
    assert (answer.status_code, answer.json()["outcome"]) == (422, "refused")
    assert not CoveredAnswer.objects.exists()


def test_nothing_remembers_a_visit(centre: AskingCentre, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    participant = Participant(centre.codes[0])
    participant.answer_everything(text="helt spesielt ord")
    Participant("K7M-4PX-222")
    Client().post("/angre/", {"words": participant.words})
    Client().get("/s/ikke/noe/sted")
    for response in (participant.page, Client().get("/s/"), Client().get("/s/tull")):
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "no-referrer"
        assert "script-src 'self'" in response["Content-Security-Policy"]
        assert not {"Set-Cookie", "ETag", "Last-Modified", "Vary"} & set(response.headers)
    bare = centre.codes[0].replace("-", "")
    written = " ".join(record.getMessage() for record in caplog.records)
    for secret in (centre.codes[0], bare, "helt spesielt ord", "/s/", "/angre", "127.0.0.1"):
        assert secret not in written


def test_an_error_in_our_code_says_so_and_logs_no_content(
    centre: AskingCentre, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    participant = Participant(centre.codes[0])
    participant.start()
    monkeypatch.setattr(
        "knutepunkt.surveys.views.answering_visit.summary_of",
        lambda *_: (_ for _ in ()).throw(ValueError("somebody's words")),
    )
    failed = participant.press("part-9")
    assert failed.status_code == 500
    assert "ikke sendt" in participant.text
    assert "somebody's words" not in caplog.text
    assert "ValueError" in caplog.text


def test_too_much_is_refused_before_it_is_read(centre: AskingCentre) -> None:
    refused = Client().post(f"/s/{centre.codes[0]}", {"state": "x" * 300_000})
    assert refused.status_code == 413
