"""Do the pages of those who run a survey lead from a plan to paper answers that two have typed?"""

from __future__ import annotations

import dataclasses
import json
import re

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from knutepunkt.analysis.disclosure import kp1
from knutepunkt.analysis.instruments import ItemKind
from knutepunkt.responses.models import CoveredAnswer
from knutepunkt.surveys.actions.planning import plan_survey
from knutepunkt.surveys.actions.rounds import open_round
from knutepunkt.surveys.actions.slips import print_slips
from knutepunkt.surveys.forms.own_questions import (
    KIND_WORDS,
    OwnQuestionsForm,
    with_one_more,
    without,
)
from knutepunkt.surveys.models import PaperEntry, Round, SurveyDraft
from knutepunkt.surveys.presenters.email import email_texts
from knutepunkt.surveys.presenters.outlook import examples_of
from knutepunkt.surveys.presenters.own_questions import own_questions_as_asked
from knutepunkt.surveys.queries.expectations import expectations, expected_counts
from knutepunkt.surveys.queries.instruments import instrument_of
from knutepunkt.surveys.vocabulary import Channel

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)


def signed_in(person) -> Client:
    client = Client(headers={"accept-language": "nb"})
    client.force_login(person)
    return client


def typed_questions(**fields: str) -> dict[str, list[str]]:
    return {name.replace("_", "-"): [value] for name, value in fields.items()}


def test_own_questions_are_added_shown_rated_and_asked(coordinator, centre, groups):
    client = signed_in(coordinator)
    client.post(reverse("surveys:plan-start"))
    draft = SurveyDraft.objects.get()
    pages = {
        name: reverse("surveys:plan-page", args=[draft.pk, name])
        for name in ("groups", "delivery", "questions", "dates", "outlook")
    }
    assert "error-summary" not in (first := client.get(pages["groups"]).text)
    assert "ds-validation-message" not in first, "nothing is wrong before anything is typed"
    chosen = {"started_from": "2024-01-01", "started_until": "31.12.2026"}
    for group in groups:
        chosen |= {f"ask-{group.pk}": "on", f"members-{group.pk}": "20"}
    chosen["shown"] = [str(group.pk) for group in groups]
    client.post(pages["groups"], chosen)
    client.post(pages["delivery"], {"groups_get": "slips", "ended_groups_get": "letter"})
    answer = client.post(pages["questions"], {"count": "0", "_add": "1"})
    assert "Spørsmål 1" in answer.text
    # What has just been added is empty by design, and nobody is told to mend it.
    assert "ting å rette" not in answer.text
    assert "Skriv spørsmålet, eller ta det bort." not in answer.text
    assert "Spørsmålet på engelsk" in answer.text
    own = {
        "count": "2",
        "kind-1": "one",
        "text-nb-1": "Passer møtetiden?",
        "options-nb-1": "Ja\nNei",
        "kind-2": "text",
        "text-nb-2": "Hva er yrket ditt?",
    }
    shown = client.post(pages["questions"], own | {"_again": "1"}).text
    assert "Slik ser deltakerne dem" in shown
    assert "Liten fare for å bli kjent igjen" in shown
    assert "Stor fare for å bli kjent igjen" in shown
    assert client.post(pages["questions"], own)["Location"] == pages["dates"]
    client.post(
        pages["dates"],
        {
            "title": "Høst",
            "opens_on": "2027-01-01",
            "closes_on": "2027-02-01",
            "report_expected_on": "2027-03-01",
            "planned_rounds": "1",
        },
    )
    seen = client.get(pages["outlook"])
    assert seen.context["small"] == 5
    groups[0].theme.is_sensitive = True
    groups[0].theme.save()
    assert client.get(pages["outlook"]).context["small"] == 10
    outlook = seen.text
    assert all(f"Hvis {number} svarer" in outlook for number in expected_counts(20 * len(groups)))
    assert "kp-grey-line" in outlook
    client.post(pages["outlook"])
    made = Round.objects.get()
    asked = [item for item in instrument_of(made.survey).items if item.own]
    assert [item.kind for item in asked] == [ItemKind.SINGLE_CHOICE, ItemKind.FREE_TEXT]
    assert asked[0].texts.nn == "Passer møtetiden?"


def test_an_unfit_question_keeps_the_page_and_says_what_to_do(coordinator, centre):
    for fields, sentence in (
        ({"kind-1": "AGREEMENT"}, "Skriv spørsmålet, eller ta det bort."),
        ({"kind-1": "one", "text-nb-1": "Hva?", "options-nb-1": "Ja"}, "fra to til sju svar"),
        (
            {
                "kind-1": "several",
                "text-nb-1": "Hva?",
                "options-nb-1": "Ja\nNei",
                "options-en-1": "Yes",
            },
            "like mange svar på hvert språk",
        ),
    ):
        client = signed_in(coordinator)
        client.post(reverse("surveys:plan-start"))
        draft = SurveyDraft.objects.first()
        page = reverse("surveys:plan-page", args=[draft.pk, "questions"])
        answer = client.post(page, {"count": "1", **fields})
        assert answer.status_code == 200
        assert sentence in answer.text


def test_questions_are_added_up_to_five_and_taken_away_in_between():
    typed = typed_questions(
        count="2", text_nb_1="Første", kind_1="AGREEMENT", text_nb_2="Andre", kind_2="FREQUENCY"
    )
    left = without(typed, 1)
    form = OwnQuestionsForm(left)
    assert form.is_valid()
    assert [each.texts.nb for each in form.questions()] == ["Andre"]
    assert form.questions()[0].scale == "FREQUENCY"
    for _each in range(9):
        typed = with_one_more(typed)
    assert typed["count"] == ["5"]


@pytest.mark.parametrize("kind", [kind for kind, _words in KIND_WORDS])
def test_every_way_of_answering_makes_a_question_that_can_be_asked(kind):
    typed = {"count": ["1"], "kind-1": [kind], "text-nn-1": ["Høver lokalet?"]}
    if kind in ("one", "several"):
        typed["options-nn-1"] = ["Ja\nNei"]
    form = OwnQuestionsForm(typed)
    assert form.is_valid(), form.errors
    (shown,) = own_questions_as_asked(form.questions(), "nb")
    assert shown.question.text == "Høver lokalet?"
    assert (shown.question.choices == ()) is (kind == "text")


def test_the_example_reports_draw_what_the_gate_says_and_nothing_else():
    (few, many) = examples_of(expectations([8] * 20, policy=kp1(), counts=(15, 120)))
    told = {line.about: line.telling for line in few.lines}
    more = {line.about: line.telling for line in many.lines}
    assert told != more
    by_about = {line.about: len(line.pieces) for line in many.lines}
    assert by_about["benefit"] >= max(len(line.pieces) for line in few.lines)


def test_a_small_count_is_told_by_the_threshold_of_the_survey():
    for small, words in ((5, "fem"), (10, "ti")):
        told = render_to_string("surveys/parts/telling.html", {"telling": "fewer", "small": small})
        assert f"som «færre enn {words}» eller «{words} eller flere»" in told


@pytest.fixture
def opened(centre, coordinator, plan):
    plan = dataclasses.replace(plan, groups_get=Channel.PAPER)
    return open_round(
        asked_round=plan_survey(organisation=centre, plan=plan, by=coordinator), by=coordinator
    )


@pytest.fixture
def code(opened, coordinator) -> str:
    return print_slips(asked_round=opened, by=coordinator)[0].codes[0]


def test_two_people_type_a_paper_see_where_they_differ_and_seal_it(
    opened, code, coordinator, colleague
):
    page = reverse("surveys:round-paper-entry", args=[opened.pk])
    first, second = signed_in(coordinator), signed_in(colleague)
    assert "Hva står på papiret?" in first.post(page, {"slip_code": code}).text
    typed = {"slip_code": code, "typed": "1", "BEN1": "4", "FRI1": "Kaffe"}
    assert "Nå skriver en kollega" in first.post(page, typed).text
    again = first.post(page, typed).text
    assert "Du skrev inn dette svaret første gang" in again
    other = second.post(page, {**typed, "BEN1": "3"}).text
    assert "Dere to har skrevet noe forskjellig" in other
    assert "Den første skrev noe annet." in other
    assert "Litt bedre. Hva" not in other, "what the first person typed is not shown"
    assert 'name="looked_at" value="BEN1"' in other
    assert not CoveredAnswer.objects.exists()
    # Something else typed differently the second time is said, not passed over.
    moved = {**typed, "BEN1": "4", "BEN2": "1", "looked_at": "BEN1"}
    assert 'name="looked_at" value="BEN2"' in second.post(page, moved).text
    assert not CoveredAnswer.objects.exists()
    done = second.post(page, {**typed, "BEN1": "4", "looked_at": "BEN1"}).text
    assert "Svaret er låst" in done
    assert CoveredAnswer.objects.count() == 1
    assert not PaperEntry.objects.exists()


def test_whoever_knows_the_code_and_not_the_paper_learns_nothing(
    opened, code, coordinator, colleague
):
    """He types guesses: neither what was typed nor which of them are right is said."""
    page = reverse("surveys:round-paper-entry", args=[opened.pk])
    first, second = signed_in(coordinator), signed_in(colleague)
    items = [f"BEN{i}" for i in range(1, 6)] + [f"MES{i}" for i in range(1, 6)]
    paper = {"slip_code": code, "typed": "1", **dict.fromkeys(items, "4"), "FRI1": "Kaffe og ro"}
    first.post(page, paper)
    seen = set()
    for guessed in ("1", "2", "3"):
        guesses = {**dict.fromkeys(items, guessed), items[0]: "4"}
        told = second.post(page, {"slip_code": code, "typed": "1", **guesses}).text
        assert "Mye er annerledes" in told
        assert "Kaffe og ro" not in told
        assert "noe annet. Hva står" not in told
        seen.add(tuple(re.findall(r'name="looked_at" value="([^"]+)"', told)))
    assert len(seen) == 1, "every question is to be looked at, the right guess as well"
    assert not CoveredAnswer.objects.exists()
    # Whoever does hold the paper looks at all of it, and stands by.
    done = second.post(page, {**paper, "looked_at": list(seen.pop())}).text
    assert "Svaret er låst" in done


def test_a_code_is_never_in_an_address_and_a_wrong_one_is_said(opened, code, coordinator):
    client = signed_in(coordinator)
    page = reverse("surveys:round-paper-entry", args=[opened.pk])
    answer = client.post(page, {"slip_code": code})
    assert "no-store" in answer["Cache-Control"]
    assert f"{code}" not in answer.request["PATH_INFO"] + answer.request["QUERY_STRING"]
    wrong = client.post(page, {"slip_code": "AAA-AAA-AAA"}).text
    assert "Vi finner ingen ubrukt lapp" in wrong
    too_high = client.post(page, {"slip_code": code, "typed": "1", "BEN1": "9"}).text
    assert "Velg ett av alternativene" in too_high
    assert not PaperEntry.objects.exists()


def test_paper_is_typed_only_while_the_survey_is_open(centre, coordinator, starter, plan):
    planned = plan_survey(organisation=centre, plan=plan, by=coordinator)
    page = reverse("surveys:round-paper-entry", args=[planned.pk])
    assert signed_in(coordinator).get(page).status_code == 409
    assert signed_in(starter).get(page).status_code == 403


@pytest.mark.parametrize("sheet", ["vanlig", "stor", "paminnelse", "konvolutt"])
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_sheets_without_codes_come_in_three_languages(opened, coordinator, sheet, language):
    address = reverse("surveys:round-paper", args=[opened.pk, sheet])
    answer = signed_in(coordinator).get(address, {"lang": language})
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_a_sheet_that_does_not_exist_is_not_found(opened, coordinator):
    address = reverse("surveys:round-paper", args=[opened.pk, "hemmelig"])
    assert signed_in(coordinator).get(address).status_code == 404


def test_the_text_for_email_names_no_group_and_holds_no_code(opened, code, coordinator, groups):
    texts = email_texts(opened)
    assert {each.language for each in texts} == {"nb", "nn", "en"}
    everything = json.dumps([dataclasses.asdict(each) for each in texts], ensure_ascii=False)
    assert code not in everything
    assert not any(group.name in everything for group in groups)
    assert "Spørjeundersøking frå Sildrehuset" in everything
    page = signed_in(coordinator).get(reverse("surveys:round-email", args=[opened.pk])).text
    assert "Survey from Sildrehuset" in page
