"""Does a refusal reach the reader as its own sentence, and does an error stay an error?"""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from knutepunkt.shared.errors import NotNow, NotPermitted, Refusal


class RoundClosed(NotNow):
    """A state, for these tests."""


def refuse(request: HttpRequest, kind: str) -> HttpResponse:
    """Refuse in the way asked for."""
    raise {
        "permission": NotPermitted("Siden er for koordinatorer."),
        "now": RoundClosed("Undersøkelsen er lukket."),
        "other": Refusal("Filen er for stor."),
        "error": ValueError("secret detail"),
    }[kind]


urlpatterns = [path("nekt/<str:kind>/", refuse), path("", include("knutepunkt.config.urls"))]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "status", "sentence"),
    [
        ("permission", 403, "Siden er for koordinatorer."),
        ("now", 409, "Undersøkelsen er lukket."),
        ("other", 422, "Filen er for stor."),
    ],
)
def test_a_refusal_is_a_page_with_its_sentence(
    client: Client, kind: str, status: int, sentence: str
) -> None:
    with override_settings(ROOT_URLCONF=__name__):
        answer = client.get(f"/nekt/{kind}/")
    assert answer.status_code == status
    assert sentence in answer.text


@pytest.mark.django_db
def test_an_error_is_a_page_in_our_voice_that_tells_nothing(client: Client) -> None:
    client.raise_request_exception = False
    with override_settings(ROOT_URLCONF=__name__):
        answer = client.get("/nekt/error/", headers={"accept-language": "nb"})
    assert answer.status_code == 500
    assert "Noe har stoppet hos oss" in answer.text
    assert "secret detail" not in answer.text


@pytest.mark.django_db
def test_a_form_left_open_too_long_is_explained() -> None:
    answer = Client(enforce_csrf_checks=True).post(
        "/konto/login/", {"login": "x"}, headers={"accept-language": "nb"}
    )
    assert answer.status_code == 403
    assert "Siden hadde stått åpen for lenge" in answer.text


@pytest.mark.django_db
def test_what_is_too_large_gets_a_sentence_and_a_way_on() -> None:
    client = Client(headers={"accept-language": "nb"}, enforce_csrf_checks=True)
    client.get("/konto/login/")
    answer = client.post(
        "/konto/login/", b"x" * 3_000_000, content_type="application/x-www-form-urlencoded"
    )
    assert client.get("/for-stort/").status_code == 413
    for page in (answer, client.get("/for-stort/")):
        assert (page.status_code, "opptil 2 MB" in page.text) == (413, True)
