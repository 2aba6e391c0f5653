"""Can a coordinator, an approver from outside and a researcher do their work in a real browser?

Each signs in by the form, so the check against forged forms is met as a browser meets it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from knutepunkt.directory.models import Group, Theme
from knutepunkt.evaluations import actions as evaluations
from knutepunkt.evaluations.models import Release
from knutepunkt.people.models import Membership, Organisation, Person
from knutepunkt.people.vocabulary import OrganisationKind, Role
from knutepunkt.surveys.models import Round
from tests.browser import HEIGHT, WIDTHS
from tests.browser.conftest import Seen, Visit
from tests.unit.evaluations.conftest import closed_round

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "vault"], transaction=True),
]
PASSWORD = "fire-ville-ender-i-regn"


@pytest.fixture(autouse=True)
def _keys_apart(settings: Any, tmp_path: Path) -> None:
    settings.KEY_DIR = tmp_path / "keys"
    settings.TRANSPORT_DIR = tmp_path / "transport"


@pytest.fixture
def centre() -> Organisation:
    return Organisation.objects.create(
        name="Sildrehuset, senter for selvhjelp og mestring",
        short_name="Sildrehuset",
        slug="sildrehuset",
        kind=OrganisationKind.CENTRE,
        email="post@sildrehuset.example",
    )


@pytest.fixture
def person(centre: Organisation) -> Callable[[str, Role], Person]:
    """Return a function that makes somebody with a role and a password."""

    def make(name: str, role: Role) -> Person:
        made = Person.objects.create_user(f"{name.lower()}@example.org", PASSWORD, name=name)
        Membership.objects.create(
            person=made, organisation=centre, role=role, since=dt.date(2024, 1, 1)
        )
        return made

    return make


def sign_in(seen: Seen, name: str) -> None:
    """Type address and password, and press Enter."""
    seen.page.get_by_label("E-post").first.fill(f"{name.lower()}@example.org")
    seen.page.get_by_label("Passord").first.fill(PASSWORD)
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_url(re.compile(r"^[^?]*/min-side/$"))


def sound_at_both_widths(seen: Seen) -> None:
    """Look at the page as it stands on a phone and on a desk."""
    for width in WIDTHS:
        seen.page.set_viewport_size({"width": width, "height": HEIGHT})
        seen.width = width
        seen.is_sound()


def press(seen: Seen, name: str) -> None:
    """Press the button with this name and wait for the page it leads to."""
    with seen.page.expect_navigation():
        seen.page.get_by_role("button", name=name, exact=True).click()


def heading(seen: Seen) -> str:
    """Return the page's first heading."""
    return seen.page.locator("h1").inner_text()


def test_a_coordinator_plans_opens_and_types_paper(
    visit: Visit, centre: Organisation, person: Callable[[str, Role], Person]
) -> None:
    person("Samir", Role.COORDINATOR)
    theme = Theme.objects.get_or_create(slug="open", defaults={"name_nb": "Åpent"})[0]
    for number in range(3):
        Group.objects.create(
            organisation=centre,
            name=f"Gruppe {number}",
            theme=theme,
            state="running",
            started_on=dt.date(2025, 1, 1),
            members=8,
        )
    seen = visit("/min-side/")
    sound_at_both_widths(seen)
    sign_in(seen, "Samir")
    sound_at_both_widths(seen)
    seen.page.get_by_role("link", name="Undersøkelser").first.click()
    assert heading(seen) == "Undersøkelser"
    sound_at_both_widths(seen)
    press(seen, "Planlegg en undersøkelse")
    assert heading(seen) == "Hvilke grupper spør dere?"
    sound_at_both_widths(seen)
    seen.keep("plan-groups")
    press(seen, "Gå videre")
    assert heading(seen) == "Hvordan får folk undersøkelsen?"
    sound_at_both_widths(seen)
    seen.page.get_by_label("Papirskjema").check()
    press(seen, "Gå videre")
    assert heading(seen) == "Har dere egne spørsmål?"
    press(seen, "Legg til et spørsmål")
    seen.page.get_by_label("Spørsmålet på bokmål").fill("Passer lokalet?")
    press(seen, "Vis hvordan de ser ut")
    assert seen.page.get_by_text("Slik ser deltakerne dem").is_visible()
    sound_at_both_widths(seen)
    seen.keep("plan-questions")
    press(seen, "Gå videre")
    assert heading(seen) == "Når er undersøkelsen åpen?"
    sound_at_both_widths(seen)
    press(seen, "Gå videre")
    assert heading(seen) == "Hva kan dere få vite?"
    sound_at_both_widths(seen)
    seen.keep("plan-outlook")
    press(seen, "Lag undersøkelsen")
    press(seen, "Åpne undersøkelsen")
    sound_at_both_widths(seen)
    seen.keep("round-open")
    assert Round.objects.get().is_open
    with seen.page.expect_download() as printed:
        seen.page.get_by_role("button", name="Skriv ut lappene").click()
    assert printed.value.suggested_filename.endswith(".pdf")
    seen.page.get_by_role("link", name="Tekst til e-post").click()
    sound_at_both_widths(seen)
    seen.page.go_back()
    seen.page.get_by_role("link", name="Skriv inn et svar fra papir").click()
    assert heading(seen) == "Skriv inn et svar fra papir"
    sound_at_both_widths(seen)
    seen.page.get_by_label("Koden på lappen").fill("AAA-AAA-AAA")
    press(seen, "Gå videre")
    assert seen.page.get_by_text("Vi finner ingen ubrukt lapp").first.is_visible()
    sound_at_both_widths(seen)


def test_somebody_from_outside_comes_by_a_link_reads_and_approves(
    visit: Visit, centre: Organisation, person: Callable[[str, Role], Person]
) -> None:
    marit = person("Marit", Role.COORDINATOR)
    asked_round = closed_round(centre, marit, groups=8, seed=3)
    report = evaluations.make_evaluation(
        survey=asked_round.survey, rounds=[asked_round], audience="centre", by=marit
    )
    evaluations.invite_reviewer(evaluation=report, email="styret@example.org", by=marit)
    link = str(mail.outbox[-1].body).strip().split()[-1]
    seen = visit("/" + link.split("/", 3)[3])
    assert heading(seen) == "Du er bedt om å godkjenne en rapport"
    sound_at_both_widths(seen)
    seen.keep("review-invited")
    seen.page.get_by_label("Navnet ditt").fill("Bjørn Tveiten")
    seen.page.get_by_label("Et passord").fill(PASSWORD)
    press(seen, "Les rapporten")
    sound_at_both_widths(seen)
    seen.keep("review-check")
    # Whoever has read it needs not scroll past the whole report to find the buttons.
    seen.page.get_by_role("link", name="Gå til de to knappene").click()
    seen.page.wait_for_function("scrollY > innerHeight")
    assert seen.page.get_by_role("heading", name="Godkjenn eller send tilbake").is_visible()
    press(seen, "Godkjenn rapporten")
    assert Release.objects.get().approved_by == Person.objects.get(email="styret@example.org")
    sound_at_both_widths(seen)
    seen.page.goto(seen.origin + "/min-side/")
    sound_at_both_widths(seen)


def test_a_researcher_makes_a_report_and_finds_the_papers(
    visit: Visit, centre: Organisation, person: Callable[[str, Role], Person]
) -> None:
    elin, marit = person("Elin", Role.RESEARCHER), person("Marit", Role.DIRECTOR)
    closed_round(centre, marit, groups=8, seed=4)
    assert elin.name == "Elin"
    seen = visit("/min-side/")
    sign_in(seen, "Elin")
    sound_at_both_widths(seen)
    seen.page.get_by_role("link", name="Senteret").first.click()
    sound_at_both_widths(seen)
    seen.page.get_by_role("link", name="Papirer om personvern").click()
    sound_at_both_widths(seen)
    seen.keep("papers")
    seen.page.get_by_role("link", name="Nynorsk").nth(1).click()
    assert heading(seen) == "Til deg som blir spurd"
    sound_at_both_widths(seen)
    seen.page.goto(seen.origin + "/rapporter/")
    sound_at_both_widths(seen)
    seen.page.get_by_role("link", name="Lag en rapport").first.click()
    sound_at_both_widths(seen)
    press(seen, "Lag rapporten")
    sound_at_both_widths(seen)
    seen.keep("report-made")


def test_by_keyboard_alone_a_coordinator_signs_in_and_begins_a_plan(
    visit: Visit, person: Callable[[str, Role], Person]
) -> None:
    person("Samir", Role.COORDINATOR)
    seen = visit("/min-side/")
    tab_to(seen, "login")
    seen.page.keyboard.type("samir@example.org")
    tab_to(seen, "password")
    seen.page.keyboard.type(PASSWORD)
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_url(re.compile(r"^[^?]*/min-side/$"))
    tab_to(seen, "Undersøkelser")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_url("**/undersokelser/")
    tab_to(seen, "Planlegg en undersøkelse")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_url("**/groups/")
    assert heading(seen) == "Hvilke grupper spør dere?"


def tab_to(seen: Seen, wanted: str) -> None:
    """Press Tab until the field or word has focus, and see that focus can be seen."""
    for _each in range(60):
        seen.page.keyboard.press("Tab")
        here = seen.page.evaluate(
            "(() => { const e = document.activeElement; const s = getComputedStyle(e);"
            "return [e.name || '', e.innerText || '', s.outlineStyle, s.boxShadow]; })()"
        )
        if wanted in (here[0], here[1].strip()):
            assert here[2] != "none" or here[3] != "none", f"no focus to see at {wanted}"
            return
    raise AssertionError(f"Tab never reached {wanted}")
