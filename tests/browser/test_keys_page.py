"""Does a coordinator find, understand and get through the page that decides who can open the answers?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.urls import reverse

from knutepunkt.people.vocabulary import Role
from knutepunkt.surveys.models import Survey
from tests.architecture.samples import build_centre
from tests.browser import DESK, PHONE
from tests.browser.conftest import Visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "vault"], transaction=True),
]


@pytest.mark.parametrize(("width", "language"), [(PHONE, "nn"), (DESK, "nb")])
def test_a_key_is_chosen_and_the_survey_s_page_says_so(
    visit: Visit,
    session_of: Callable[[Any], str],
    settings: Any,
    tmp_path: Path,
    width: int,
    language: str,
) -> None:
    settings.KEY_DIR, settings.TRANSPORT_DIR = tmp_path / "keys", tmp_path / "transport"
    made = build_centre("Fjord")
    asked: Any = made.objects["round"]
    signed_in = session_of(made.people[Role.COORDINATOR])
    address = reverse("surveys:round-detail", args=[asked.pk])
    seen = visit(address, width=width, language=language, signed_in=signed_in)
    key_page = reverse("surveys:round-key", args=[asked.pk])
    seen.page.locator(f'a[href="{key_page}"]').first.click()
    seen.is_sound()
    seen.keep("keys")
    seen.page.locator("textarea").fill("age1tull")
    seen.page.locator("main form button").first.click()
    seen.page.locator('[aria-invalid="true"]').first.wait_for()
    seen.is_sound()
    seen.keep("keys-mistyped")
    public = str(pyrage.x25519.Identity.generate().to_public())
    seen.page.locator("textarea").fill(public)
    seen.page.locator("main form button").first.click()
    seen.page.wait_for_url(lambda url: url.split("?")[0].endswith(address))
    seen.is_sound()
    seen.keep("keys-chosen")
    survey = Survey.objects.get(pk=made.objects["survey"].pk)  # type: ignore[attr-defined]
    assert survey.key_recipients == [public]
