"""Do the shell's pages say what they should, in three languages, without a cookie?"""

from __future__ import annotations

from datetime import date

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from knutepunkt.people.models import Membership, Organisation, Person
from knutepunkt.people.vocabulary import OrganisationKind, Role

PUBLIC = ["home", "protection", "accessibility", "privacy", "contact"]


@pytest.mark.django_db
@pytest.mark.parametrize("page", PUBLIC)
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_public_pages_open_without_a_cookie(client: Client, page: str, language: str) -> None:
    answer = client.get(reverse(f"site:{page}"), headers={"accept-language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text
    assert answer.text.count("<h1") == 1
    assert not answer.cookies


@pytest.mark.django_db
def test_the_same_sentence_about_protection_in_each_language(client: Client) -> None:
    sentences = {
        "nb": "Svaret ditt låses før det lagres.",
        "nn": "Svaret ditt blir låst før det blir lagra.",
        "en": "Your answer is locked before it is stored.",
    }
    for language, sentence in sentences.items():
        answer = client.get("/", headers={"accept-language": language})
        assert sentence in answer.text


def test_the_only_centre_is_the_sender(client: Client, centre: Organisation) -> None:
    assert centre.name in client.get("/").text
    assert centre.email in client.get(reverse("site:contact")).text


def test_with_two_centres_neither_is_the_sender(client: Client, centre: Organisation) -> None:
    Organisation.objects.create(
        name="Naustet", short_name="Naustet", slug="naustet", kind=OrganisationKind.CENTRE
    )
    page = client.get("/").text
    assert centre.name not in page
    assert "Naustet" not in page


@pytest.mark.django_db
def test_choosing_a_language_comes_back_to_the_page_and_is_remembered(client: Client) -> None:
    page = client.get("/kontakt/?a=1", headers={"accept-language": "nb"}).text
    assert "/sprak/nn/?til=%2Fkontakt%2F%3Fa%3D1" in page
    answer = client.get("/sprak/nn/?til=%2Fkontakt%2F%3Fa%3D1")
    assert answer.status_code == 302
    assert answer["Location"] == "/kontakt/?a=1"
    assert '<html lang="nn"' in client.get("/kontakt/", headers={"accept-language": "nb"}).text


@pytest.mark.django_db
@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:x"])
def test_choosing_a_language_never_leads_elsewhere(client: Client, elsewhere: str) -> None:
    assert client.get("/sprak/nn/", {"til": elsewhere})["Location"] == "/"


@pytest.mark.django_db
def test_an_unknown_language_is_not_found(client: Client) -> None:
    assert client.get("/sprak/xx/").status_code == 404


@pytest.mark.django_db
def test_a_page_that_is_not_there_is_said_in_our_voice(client: Client) -> None:
    answer = client.get("/finnes-ikke/", headers={"accept-language": "nn"})
    assert answer.status_code == 404
    assert "Vi finn ikkje denne sida" in answer.text


def test_my_page_asks_for_sign_in_and_names_organisation_and_role(
    client: Client, marit: Person, centre: Organisation
) -> None:
    assert client.get("/min-side/").status_code == 302
    client.force_login(marit)
    page = client.get("/min-side/", headers={"accept-language": "nb"}).text
    assert centre.name in page
    assert "Min side" in page


def test_somebody_with_two_roles_chooses_one_in_the_header(
    client: Client, marit: Person, centre: Organisation
) -> None:
    hub = Organisation.objects.create(
        name="Vestmarka høgskole", short_name="Vestmarka", slug="hub", kind=OrganisationKind.HUB
    )
    other = Membership.objects.create(
        person=marit, organisation=hub, role=Role.APPROVER, since=date(2024, 1, 1)
    )
    client.force_login(marit)
    assert f'value="{other.pk}"' in client.get("/min-side/").text
    client.post("/rolle/", {"hat": str(other.pk)})
    page = client.get("/min-side/")
    assert f'value="{other.pk}"' not in page.text
    assert '<span class="kp-name">Vestmarka høgskole</span>' in page.text


def test_a_role_somebody_else_holds_cannot_be_chosen(
    client: Client, marit: Person, centre: Organisation
) -> None:
    samir = Person.objects.create_user("samir@example.org", "et-langt-passord", name="Samir")
    hub = Organisation.objects.create(
        name="Knutepunktet", short_name="K", slug="hub", kind=OrganisationKind.HUB
    )
    theirs = Membership.objects.create(
        person=samir, organisation=hub, role=Role.DIRECTOR, since=date(2024, 1, 1)
    )
    client.force_login(marit)
    client.post("/rolle/", {"hat": str(theirs.pk)})
    assert '<span class="kp-name">Sildrehuset' in client.get("/min-side/").text


@pytest.mark.django_db
def test_the_page_of_components_is_for_builders_only(client: Client) -> None:
    # Tests run with DEBUG off, as a production start does.
    assert client.get("/stil/").status_code == 404


@pytest.mark.django_db
def test_the_page_of_components_shows_mistakes_with_links_to_their_fields(
    client: Client, settings: object
) -> None:
    settings.DEBUG = True  # type: ignore[attr-defined]
    page = client.get("/stil/", headers={"accept-language": "nb"}).text
    assert 'href="#id_again-name"' in page
    assert 'href="#id_again-form_0"' in page
    assert 'id="id_again-form_0"' in page
    assert "Navn på gruppa: Fyll ut dette feltet." in page
    assert "Fire ting å rette før du kan gå videre" in page
    assert client.get("/stil/?svar").status_code == 200


@pytest.mark.django_db
def test_a_code_typed_on_the_front_page_opens_the_survey_page(client: Client) -> None:
    page = client.get("/").text
    assert f'action="{reverse("answering-code")}?lang=' in page
    answer = client.post(reverse("answering-code") + "?lang=nb", {"code": "nothing like a code"})
    assert "nothing like a code" in answer.text
    assert not answer.cookies


def test_a_demonstration_says_so_on_public_pages(client: Client, centre: Organisation) -> None:
    Organisation.objects.create(
        name="Naustet", short_name="Naustet", slug="naustet", kind=OrganisationKind.CENTRE
    )
    mark = "kp-example"
    assert mark not in client.get("/").text
    Organisation.objects.update(is_example=True)
    assert mark in client.get("/").text


@pytest.mark.django_db
@pytest.mark.parametrize("template", ["400.html", "403_csrf.html", "429.html", "500.html"])
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_error_pages_stand_alone_say_what_to_do_and_lead_on(template: str, language: str) -> None:
    # Rendered as Django does when nothing else works: without a request.
    with override(language):
        page = render_to_string(template)
    assert f'<html lang="{language}"' in page
    assert page.count("<h1") == 1
    assert page.count('<a href="/">') == 1
    assert "Knutepunkt</a>" in page


@pytest.mark.django_db
def test_too_many_attempts_get_a_page_in_the_readers_language(
    client: Client, settings: object
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}  # type: ignore[attr-defined]
    form = {"login": "nobody@example.org", "password": "feil"}
    answers = [
        client.post(reverse("account_login"), form, headers={"accept-language": "nn"})
        for _each in range(2)
    ]
    assert answers[-1].status_code == 429
    assert "Vent nokre minutt og prøv igjen." in answers[-1].text


def test_where_there_are_several_centres_each_says_how_to_reach_it(
    client: Client, centre: Organisation
) -> None:
    for slug, email in (("naustet", "post@naustet.example"), ("stille", "")):
        Organisation.objects.create(
            name=slug.title(),
            short_name=slug,
            slug=slug,
            kind=OrganisationKind.CENTRE,
            email=email,
        )
    page = client.get(reverse("site:contact")).text
    assert "mailto:post@naustet.example" in page
    assert f"mailto:{centre.email}" in page
    assert "Stille" not in page
