"""Does somebody who answers for the second time get through the page of the card, at both widths?

The card and what is told about oneself are sealed in the browser: the server never reads them. Keeps
pictures in var/screenshots.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from knutepunkt.people.models import Membership, Organisation, Person
from knutepunkt.people.vocabulary import OrganisationKind, Role
from knutepunkt.responses import actions as vault
from knutepunkt.responses.queries.following import opened_cards
from knutepunkt.responses.receipts import words_of
from knutepunkt.surveys.actions.planning import start_draft
from tests.answering_case import AskingCentre, asking_centre
from tests.browser import DESK, PHONE
from tests.browser.answering import SCRIPT_OF_THE_PAGE, AtTheScreen, at_the_screen
from tests.browser.conftest import Visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "vault"], transaction=True),
]
CARD = words_of(bytes(range(8)))
PARTS = 6


@pytest.fixture(autouse=True)
def _keys_apart(settings: Any, tmp_path: Path) -> None:
    settings.KEY_DIR = tmp_path / "keys"
    settings.TRANSPORT_DIR = tmp_path / "transport"


@pytest.fixture
def centre() -> AskingCentre:
    return asking_centre(number=2, planned_rounds=3, follows_people=True, asks_about_oneself=True)


def at_the_card(visit: Visit, centre: AskingCentre, **options: Any) -> AtTheScreen:
    somebody = at_the_screen(visit, centre.codes[0], **options)
    somebody.page.locator("[name=go][value=start]").click()
    # On a busy machine the first page may still stand there; its button would take the next click.
    somebody.page.locator("input[type=radio]:visible").first.wait_for()
    for _part in range(PARTS):
        somebody.page.locator("button.ds-button:visible:not([data-back])").first.click()
    return somebody


def tell(somebody: AtTheScreen) -> None:
    somebody.page.locator("#card").fill(" ".join(CARD).upper())
    somebody.page.locator("label:has([name=agrees])").click()
    somebody.page.locator("#about-1").select_option("A")
    somebody.page.locator("#about-3").select_option("17")


def opened(centre: AskingCentre) -> Any:
    vault.close_round(round_ref=centre.ref)
    (card,) = opened_cards(centre.round.survey_id, centre.ref, elements=8).values()
    return card


@pytest.mark.parametrize(("width", "language"), [(PHONE, "nb"), (DESK, "nn")])
def test_the_browser_seals_the_card_on_its_own(
    visit: Visit, centre: AskingCentre, width: int, language: str
) -> None:
    somebody = at_the_card(visit, centre, width=width, language=language)
    somebody.seen.is_sound()
    somebody.seen.keep("card")
    tell(somebody)
    somebody.page.locator("button.ds-button:visible:not([data-back])").first.click()
    somebody.seen.keep("card-summary")
    somebody.page.locator("[data-summary] button.ds-button:not([data-back])").first.click()
    somebody.page.locator("[data-words]").wait_for(state="attached")
    somebody.page.locator("summary").first.click()
    somebody.seen.is_sound()
    somebody.seen.keep("card-thanks")
    sent = "".join(somebody.posted)
    assert CARD[0] not in sent
    card = opened(centre)
    assert CARD in card.cards
    assert len(card.cards) == 2
    assert card.about == ("A", None, "17", None, None, None, None, None)


def test_words_that_are_no_card_get_a_second_look_and_then_go(
    visit: Visit, centre: AskingCentre
) -> None:
    somebody = at_the_card(visit, centre, width=PHONE, language="nb")
    somebody.page.locator("#card").fill("bare tre ord")
    somebody.page.locator("button.ds-button:visible:not([data-back])").first.click()
    assert "Se en gang til" in somebody.page.locator(".ds-error-summary").inner_text()
    somebody.seen.is_sound()
    somebody.seen.keep("card-second-look")
    somebody.page.locator("[data-buttons] button.ds-button:not([data-back])").first.click()
    assert somebody.page.locator("[data-summary]").is_visible()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_without_the_script_the_page_is_as_sound(
    visit: Visit, centre: AskingCentre, width: int
) -> None:
    somebody = at_the_card(visit, centre, width=width, language="nb", without=SCRIPT_OF_THE_PAGE)
    somebody.seen.is_sound()
    somebody.seen.keep("card-plain")
    tell(somebody)
    somebody.page.locator("[name=go][value=next]").click()
    somebody.page.locator("[name=go][value=send]").click()
    assert CARD in opened(centre).cards


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_planning_asks_whether_people_are_followed(
    visit: Visit, session_of: Callable[[Person], str], width: int
) -> None:
    organisation = Organisation.objects.create(
        name="Sildrehuset", short_name="Sildrehuset", slug="s", kind=OrganisationKind.CENTRE
    )
    marit = Person.objects.create_user("marit@example.org", "et-langt-passord", name="Marit H")
    Membership.objects.create(
        person=marit, organisation=organisation, role=Role.COORDINATOR, since=dt.date(2024, 1, 1)
    )
    draft = start_draft(organisation=organisation, by=marit)
    address = reverse("surveys:plan-page", args=[draft.pk, "dates"])
    seen = visit(address, width=width, language="nb", signed_in=session_of(marit))
    seen.is_sound()
    seen.keep("plan-following")
    seen.page.locator("input[name=following][value=card]").check()
    seen.page.locator("form.kp-form button.ds-button").first.click()
    assert "Dere kan bare følge noen hvis dere spør flere ganger." in seen.page.content()
    seen.is_sound()
