"""Do the privacy papers say what the survey is set up to do, in three languages, and the label too?"""

from __future__ import annotations

import dataclasses
import io

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from knutepunkt.analysis.instruments import ItemKind, OwnQuestion, Texts
from knutepunkt.surveys.actions.planning import plan_survey
from knutepunkt.surveys.actions.rounds import open_round
from knutepunkt.surveys.presenters.papers import PAPERS
from knutepunkt.surveys.presenters.papers.attacks import attack_figures
from knutepunkt.surveys.queries.consent import consent_hash
from knutepunkt.surveys.queries.label import label_now, label_of
from knutepunkt.surveys.vocabulary import Channel, KeyHolding, Label

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)


def asked(text: str) -> OwnQuestion:
    return OwnQuestion(kind=ItemKind.FREE_TEXT, texts=Texts(nb=text, nn=text, en=text))


def text_of(kind: str, survey, language: str = "nb") -> str:
    with translation.override(language):
        paper = PAPERS[kind].make(survey)
        said = [paper.title, paper.lead]
        for section in paper.sections:
            said += [section.heading, *section.sentences, *section.header]
            said += [cell for row in section.rows for cell in row]
    return "\n".join(said)


@pytest.fixture
def survey(centre, coordinator, plan):
    return plan_survey(organisation=centre, plan=plan, by=coordinator).survey


def test_the_label_follows_the_set_up_and_nothing_else(centre, coordinator, plan):
    plain = plan_survey(organisation=centre, plan=plan, by=coordinator)
    assert label_of(plain.survey) is Label.ANONYMOUS
    assert label_now(open_round(asked_round=plain, by=coordinator)) is Label.PSEUDONYMOUS
    followed = dataclasses.replace(plan, follows_people=True, planned_rounds=2)
    assert label_of(plan_survey(organisation=centre, plan=followed, by=coordinator).survey) is (
        Label.PSEUDONYMOUS
    )
    nosy = dataclasses.replace(plan, own_questions=(asked("Hva er telefonnummeret eller navnet?"),))
    assert label_of(plan_survey(organisation=centre, plan=nosy, by=coordinator).survey) is (
        Label.IDENTIFIABLE
    )
    harmless = dataclasses.replace(plan, own_questions=(asked("Hva vil du si om lokalet?"),))
    assert label_of(plan_survey(organisation=centre, plan=harmless, by=coordinator).survey) is (
        Label.ANONYMOUS
    )


@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_every_paper_speaks_each_language_all_through(survey, kind):
    said = {each: text_of(kind, survey, each) for each in ("nb", "nn", "en")}
    english = set(said["en"].splitlines())
    for language in ("nb", "nn"):
        same = {
            line
            for line in said[language].splitlines()
            if line in english and len(line.split()) > 2 and "sildrehus" not in line.lower()
        }
        assert same == set()
    assert said["nb"] != said["nn"]


def test_the_papers_change_with_the_set_up(centre, coordinator, plan):
    walls = dataclasses.replace(
        plan, groups_get=Channel.WALL, own_questions=(asked("Hva mer?"),), follows_people=True
    )
    survey = plan_survey(organisation=centre, plan=walls, by=coordinator).survey
    draft = text_of("vurdering", survey)
    assert "koden på veggen" in draft
    assert "ber om fritekst" in draft
    assert "flere runder forteller mer" in draft
    assert "Hva mer?" in text_of("protokoll", survey)
    assert "finner kortet ditt fortsatt svaret" in text_of("informasjon", survey)
    survey.key_holding = KeyHolding.OFFLINE
    assert "ikke på serveren" in text_of("protokoll", survey)
    assert "leser svar etter lukkingen" not in text_of("vurdering", survey)
    plain = plan_survey(organisation=centre, plan=plan, by=coordinator).survey
    assert "koden på veggen" not in text_of("vurdering", plain)
    assert "så det kan ikke slettes" in text_of("informasjon", plain)


def test_the_draft_holds_the_attack_suites_own_figures(survey):
    figures = attack_figures()
    assert {"A1", "A2", "A4", "A6", "A7", "A8"} <= {each.attack for each in figures}
    draft = text_of("vurdering", survey)
    for each in figures:
        assert each.attack in draft
        # An attack is told in words, not by its number alone.
        assert each.words != each.attack
        assert each.tries > 0
    assert "Sist målt" in draft
    # What nothing is promised about is not hidden behind what is.
    assert any(not each.is_promised and each.exact > 0 for each in figures)
    assert "(uten løfte)" in draft
    assert all(each.exact == 0 for each in figures if each.is_promised)


def test_a_round_keeps_the_words_of_consent_its_participants_read(
    centre, coordinator, plan, survey
):
    opened = open_round(asked_round=survey.rounds.get(), by=coordinator)
    content = opened.consent.content
    assert opened.consent.pk == consent_hash(content)
    assert set(content) == {"survey", "quotation"}
    assert content["survey"]["nn"].startswith("Når du sender svaret, seier du ja")
    followed = dataclasses.replace(plan, follows_people=True, planned_rounds=2)
    second = open_round(
        asked_round=plan_survey(organisation=centre, plan=followed, by=coordinator), by=coordinator
    )
    assert set(second.consent.content) == {"survey", "quotation", "following"}
    assert second.consent.pk != opened.consent.pk
    assert content["survey"]["nb"] in text_of("informasjon", survey)


def test_the_pages_under_the_centre(survey, coordinator, starter, neighbour):
    client = Client(headers={"accept-language": "nb"})
    client.force_login(coordinator)
    page = client.get(reverse("surveys:paper-list")).text
    assert "Anonym" in page
    assert "Låste svar og nøkkelen til dem" in page
    for kind in PAPERS:
        for language in ("nb", "nn", "en"):
            answer = client.get(reverse("surveys:paper", args=[survey.pk, kind, language]))
            assert f'<html lang="{language}"' in answer.text
    assert client.get(f"/senteret/personvern/{survey.pk}/annet/nb/").status_code == 404
    client.force_login(starter)
    assert client.get(reverse("surveys:paper-list")).status_code == 403


def test_participants_read_the_notice_without_account_or_cookie(survey, coordinator, client):
    asked_round = survey.rounds.get()
    address = reverse("surveys:notice", args=[asked_round.pk, "informasjon", "nn"])
    assert client.get(address).status_code == 404  # not opened yet
    open_round(asked_round=asked_round, by=coordinator)
    answer = client.get(address)
    assert "Til deg som blir spurd" in answer.text
    assert not answer.cookies
    assert answer["Referrer-Policy"] == "no-referrer"
    for kind in ("protokoll", "vurdering"):
        hidden = reverse("surveys:notice", args=[asked_round.pk, kind, "nn"])
        assert client.get(hidden).status_code == 404


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_easy_words_are_short_lines(survey, language):
    with translation.override(language):
        paper = PAPERS["lettlest"].make(survey)
    lines = [each for section in paper.sections for each in (section.heading, *section.sentences)]
    assert len(lines) > 12
    assert [line for line in lines if len(line.split()) > 8] == []
    assert all(line.count(".") <= 2 for line in lines)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_paper_is_a_file_that_says_the_same(survey, coordinator, language):
    """PDF/UA, with every sentence and every cell of the page, for those who run the survey."""
    client = Client()
    client.force_login(coordinator)
    for kind in PAPERS:
        address = reverse("surveys:paper", args=[survey.pk, kind, language])
        assert "?som=pdf" in client.get(address).content.decode()
        answer = client.get(f"{address}?som=pdf")
        assert answer["Content-Type"] == "application/pdf"
        document = PdfReader(io.BytesIO(answer.content))
        assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
        assert document.trailer["/Root"]["/Lang"] == language
        printed = flat("".join(page.extract_text() for page in document.pages))
        for line in text_of(kind, survey, language).split("\n"):
            assert flat(line) in printed, (kind, line)


def flat(text: str) -> str:
    """Return a text without what lines and pages do to it."""
    return "".join(text.split()).replace("\u00ad", "").replace("-", "").replace("\u2010", "")
