"""Do the people the pages are made for get through them: eight journeys, looked at?

Each keeps pictures in var/screenshots.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error as PlaywrightError

from knutepunkt.responses import actions as vault
from knutepunkt.responses.models import CoveredAnswer
from tests.answering_case import AskingCentre, asking_centre
from tests.browser import DESK, PHONE
from tests.browser.answering import (
    NOTHING,
    SCRIPT_OF_THE_PAGE,
    AtTheScreen,
    at_the_screen,
    opened,
)
from tests.browser.conftest import Visit
from tests.docs.catalogues import Said
from tests.docs.test_language import bokmal_forms

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "vault"], transaction=True),
]
PARTS = 6
#: An old phone: small, slow to load nothing new, and somebody has made the letters twice as large.
OLD_PHONE = 320
TARGETS = """() => [...document.querySelectorAll(
    '.kp-answering button, .kp-answering .ds-button, .kp-point, .kp-languages a, summary, input.ds-input[type=text]')]
    .filter(e => e.checkVisibility()).map(e => [e.innerText, e.getBoundingClientRect().height])"""


@pytest.fixture(autouse=True)
def _keys_apart(settings: Any, tmp_path: Path) -> None:
    settings.KEY_DIR = tmp_path / "keys"
    settings.TRANSPORT_DIR = tmp_path / "transport"


@pytest.fixture
def centre() -> AskingCentre:
    return asking_centre()


def large_enough(somebody: AtTheScreen) -> None:
    """Fail where something to press is less than 48 pixels high."""
    small = [(name, height) for name, height in somebody.page.evaluate(TARGETS) if height < 47.9]
    assert small == []


def go_on(somebody: AtTheScreen, times: int, name: str = "Gå videre") -> None:
    for _part in range(times):
        somebody.press(name)


@pytest.mark.parametrize(("width", "with_script"), [(PHONE, True), (DESK, False)])
def test_every_kind_of_page_is_sound(
    visit: Visit, centre: AskingCentre, width: int, with_script: bool
) -> None:
    way = "script" if with_script else "plain"
    without = "" if with_script else SCRIPT_OF_THE_PAGE
    somebody = at_the_screen(visit, centre.codes[0], width=width, language="nn", without=without)

    def look(name: str) -> None:
        somebody.seen.is_sound()
        large_enough(somebody)
        somebody.seen.keep(f"answering-{way}-{name}")

    look("about")
    somebody.press("Begynn")
    go_on(somebody, 2, "Gå vidare")
    look("part-3")
    go_on(somebody, 3, "Gå vidare")
    somebody.page.locator("#FRI1").fill("Å bli møtt. " * 110)
    look("part-6")
    somebody.press("Gå vidare")
    look("last")
    somebody.press("Send svaret")
    somebody.page.get_by_text("Vil du kunne angre?").click()
    somebody.page.locator("[data-words]").wait_for()
    look("words")


def test_at_seventy_on_an_old_phone_without_script(visit: Visit, centre: AskingCentre) -> None:
    somebody = at_the_screen(visit, "", width=OLD_PHONE, java_script_enabled=False)
    larger = "document.documentElement.style.fontSize = '200%'"
    somebody.page.evaluate(larger)
    assert somebody.seen.overflow() <= 0
    somebody.page.get_by_label("Koden på lappen").fill(centre.codes[0].lower().replace("-", " "))
    somebody.press("Åpne undersøkelsen")
    somebody.page.evaluate(larger)
    assert somebody.seen.overflow() <= 0
    somebody.seen.keep("journey-seventy-about")
    somebody.press("Begynn")
    for part in range(PARTS):
        somebody.page.evaluate(larger)
        assert somebody.seen.overflow() <= 0, part
        large_enough(somebody)
        if part == 1:
            somebody.choose("BEN1", 4)
            somebody.seen.keep("journey-seventy-part")
        somebody.press("Gå videre")
    # Back by the button, then on again: what was chosen is there.
    go_on(somebody, 5, "Gå tilbake")
    assert somebody.page.locator('input[name="BEN1"][value="4"]').is_checked()
    go_on(somebody, 5)
    somebody.page.evaluate(larger)
    somebody.seen.keep("journey-seventy-last")
    somebody.press("Send svaret")
    assert somebody.heading() == "Takk! Svaret ditt er levert."
    assert opened(centre)[0]["answers"] == {"BEN1": 4}


@pytest.mark.parametrize("with_script", [False, True])
def test_by_keyboard_alone(visit: Visit, centre: AskingCentre, with_script: bool) -> None:
    somebody = at_the_screen(visit, centre.codes[0], java_script_enabled=with_script)
    keys = somebody.page.keyboard
    visited: list[str] = []

    def tab_to(words: str) -> None:
        for _press in range(60):
            keys.press("Tab")
            name = str(somebody.page.evaluate("document.activeElement.innerText || ''"))
            visited.append(name)
            outlined = somebody.page.evaluate(
                "(e => { const s = getComputedStyle(e), p = getComputedStyle(e.parentElement);"
                " return [s, p].some(x => x.outlineStyle !== 'none' || x.boxShadow !== 'none') })"
                "(document.activeElement)"
            )
            assert outlined, (
                f"no visible focus on {name or somebody.page.evaluate('document.activeElement.outerHTML')[:90]}"
            )
            if name.strip() == words:
                return
        raise AssertionError(f"Tab never came to {words}: {visited[-8:]}")

    tab_to("Begynn")
    keys.press("Enter")
    somebody.page.locator("#OPP1").wait_for()
    assert somebody.page.evaluate("document.activeElement.localName") in ("h1", "body")
    somebody.page.locator('input[name="OPP1"]').first.focus()
    keys.press("Space")
    keys.press("ArrowDown")
    assert somebody.page.locator('input[name="OPP1"][value="2"]').is_checked()
    somebody.page.locator('input[name="OPP3"]').first.focus()
    for part in range(1, PARTS + 1):
        somebody.page.get_by_text(f"Del {part} av {PARTS}").locator("visible=true").wait_for()
        tab_to("Gå videre")
        keys.press("Enter")
    somebody.named("Send svaret").wait_for()
    tab_to("Send svaret")
    keys.press("Enter")
    somebody.page.get_by_role("heading", name="Takk! Svaret ditt er levert.").wait_for()
    tab_to("Vil du kunne angre?")
    keys.press("Enter")
    somebody.page.locator("[data-words]").wait_for()
    assert opened(centre)[0]["answers"] == {"OPP1": 2}


def test_with_a_screen_reader(visit: Visit, centre: AskingCentre) -> None:
    somebody = at_the_screen(visit, centre.codes[0])
    assert somebody.page.title() == "Undersøkelse"
    start = somebody.page.locator("body").aria_snapshot()
    for told in ("main", 'heading "Hva har gruppa gitt deg?" [level=1]', 'button "Begynn"'):
        assert told in start
    somebody.press("Begynn")
    somebody.press("Gå videre")
    assert somebody.page.title() == "Del 2 av 6 – Undersøkelse"
    assert somebody.page.evaluate("document.activeElement.textContent") == "Slik er det nå"
    heard = somebody.page.locator("main").aria_snapshot()
    assert 'heading "Slik er det nå" [level=1]' in heard
    # Every scale is a group whose name is what it is about, and every point has its words.
    group = 'group "Nå, sammenlignet med før du kom med i gruppa: Hvordan jeg har det i hverdagen"'
    assert group in heard
    for point in ("Mye verre", "Omtrent som før", "Mye bedre", "Passer ikke", "Vil ikke svare"):
        assert f'radio "{point}"' in heard
    assert 'radio ""' not in heard
    assert somebody.page.get_by_role("group", name="Hvordan jeg har det i hverdagen").count() == 1
    go_on(somebody, 5)
    heard = somebody.page.locator("main").aria_snapshot()
    assert 'button "Endre Slik er det nå"' in heard
    assert somebody.page.get_by_role("status").count() == 1


def test_an_error_is_told_first_and_leads_to_its_field(visit: Visit, centre: AskingCentre) -> None:
    for with_script in (True, False):
        without = "" if with_script else SCRIPT_OF_THE_PAGE
        somebody = at_the_screen(visit, centre.codes[0], width=360, without=without)
        somebody.press("Begynn")
        go_on(somebody, 5)
        text = somebody.page.locator("#FRI1")
        text.evaluate("e => e.removeAttribute('maxlength')")
        text.fill("x" * 1501)
        somebody.press("Gå videre")
        summary = somebody.page.get_by_role("alert")
        summary.wait_for()
        assert "Teksten er lengre enn 1500 tegn" in summary.inner_text()
        assert text.input_value() == "x" * 1501
        somebody.seen.said.clear()
        somebody.seen.is_sound()
        somebody.seen.keep(f"answering-error-{'script' if with_script else 'plain'}")
        if with_script:
            assert somebody.page.evaluate("document.activeElement.getAttribute('role')") == "alert"
        summary.get_by_role("link").click()
        assert somebody.page.evaluate("document.activeElement.id") == "FRI1"
        told = text.get_attribute("aria-describedby")
        assert "1500 tegn" in somebody.page.locator(f"#{told}").inner_text()


def test_one_who_reads_only_nynorsk(visit: Visit, centre: AskingCentre) -> None:
    for with_script in (True, False):
        somebody = at_the_screen(
            visit, centre.codes[int(with_script)], language="nn", java_script_enabled=with_script
        )
        read = [somebody.page.locator("body").inner_text()]
        somebody.press("Begynn")
        for _part in range(PARTS):
            read.append(somebody.page.locator("body").inner_text())
            somebody.press("Gå vidare")
        read.append(somebody.page.locator("body").inner_text())
        somebody.press("Send svaret")
        somebody.page.get_by_text("Vil du kunne angre?").click()
        somebody.page.locator("[data-words]").wait_for()
        words = somebody.page.locator("[data-words]").inner_text()
        read.append(somebody.page.locator("body").inner_text().replace(words, ""))
        somebody.page.goto(f"{somebody.seen.origin}/angre/?lang=nn")
        read.append(somebody.page.locator("body").inner_text())
        for text in read:
            ours = text.replace("senter for selvhjelp", "")  # the centre's own name
            assert bokmal_forms([Said("page", "nn", "", ours)]) == []


def test_one_who_fears_being_recognised(visit: Visit, centre: AskingCentre) -> None:
    somebody = at_the_screen(visit, centre.codes[0], width=360)
    gone: list[str] = []

    def weather(route: Any) -> None:
        gone.append(route.request.headers.get("referer", ""))
        route.fulfill(body="<title>Vêr</title>", content_type="text/html")

    somebody.page.route("https://www.yr.no/**", weather)
    text = somebody.page.locator("body").inner_text()
    for promise in ("Vi lagrer ikke navn", "kan noen kjenne deg igjen", "Du kan trekke svaret"):
        assert promise in text
    somebody.press("Begynn")
    go_on(somebody, 5)
    # What cannot be protected is said again where one writes.
    assert "kan noen kjenne deg igjen" in somebody.page.locator("main").inner_text()
    somebody.page.locator("#FRI2").fill("noe bare jeg vet")
    somebody.page.wait_for_function("localStorage.length === 1")
    for _press in range(3):
        somebody.page.keyboard.press("Shift")
    somebody.page.wait_for_url("https://www.yr.no/**")
    assert gone == [""]
    # Somebody else takes the phone and presses back.
    somebody.page.go_back()
    somebody.page.wait_for_load_state("networkidle")
    assert "noe bare jeg vet" not in somebody.page.content()
    assert not somebody.named("Gå videre der du slapp").is_visible()
    assert somebody.kept() == NOTHING
    somebody.seen.keep("journey-recognised-after-leaving")
    # She answers after all, keeps the words, and takes the answer back the next day.
    somebody.press("Begynn")
    go_on(somebody, PARTS)
    somebody.press("Send svaret")
    somebody.page.get_by_text("Vil du kunne angre?").click()
    somebody.page.locator("[data-words]").wait_for()
    words = somebody.page.locator("[data-words]").inner_text()
    somebody.page.goto(f"{somebody.seen.origin}/angre/?lang=nb")
    somebody.page.locator("#words").fill(words.upper().replace(" ", ", "))
    somebody.press("Slett svaret mitt")
    somebody.seen.keep("journey-recognised-withdrawn")
    assert opened(centre) == []


def still(somebody: AtTheScreen) -> str:
    """Return the page once it no longer changes: a page that comes back may load itself anew."""
    for _attempt in range(40):
        with contextlib.suppress(PlaywrightError):
            somebody.page.wait_for_load_state("networkidle", timeout=4000)
            return str(somebody.page.content())
        somebody.page.wait_for_timeout(100)
    raise AssertionError("the page never came to rest")


@pytest.mark.parametrize("with_script", [False, True])
def test_at_a_computer_in_a_library(visit: Visit, centre: AskingCentre, with_script: bool) -> None:
    somebody = at_the_screen(visit, centre.codes[0], java_script_enabled=with_script)
    secret = "det skal ingen andre lese"
    somebody.press("Begynn")
    go_on(somebody, 5)
    somebody.page.locator("#FRI1").fill(secret)
    somebody.press("Gå videre")
    somebody.press("Send svaret")
    somebody.page.get_by_text("Vil du kunne angre?").click()
    somebody.page.locator("[data-words]").wait_for()
    words = somebody.page.locator("[data-words]").inner_text()
    # The next person finds the browser open, and goes back and forth in it.
    somebody.page.goto(f"{somebody.seen.origin}/s/?lang=nb")
    for step in ("go_back", "go_back", "go_back", "go_forward", "go_forward", "go_back"):
        # A page that was posted is "confirm form resubmission", a page of the browser's own.
        with contextlib.suppress(PlaywrightError):
            getattr(somebody.page, step)()
        shown = still(somebody)
        assert secret not in shown, step
        assert words not in shown, step
        assert 'checked=""' not in shown, step
    assert somebody.page.context.cookies() == []
    somebody.page.goto(f"{somebody.seen.origin}/s/{centre.codes[0]}")
    assert "Denne lappen er brukt" in somebody.page.content()
    assert somebody.kept() == NOTHING


@pytest.mark.parametrize("with_script", [False, True])
def test_a_code_typed_in_a_library_stands_in_no_history(
    visit: Visit, centre: AskingCentre, with_script: bool
) -> None:
    """Typed instead of scanned: the whole visit goes by, and no address of it names the slip."""
    somebody = at_the_screen(visit, "", java_script_enabled=with_script)
    code = centre.codes[0]
    somebody.page.locator("#code").fill(code.lower())
    somebody.press("Åpne undersøkelsen")
    somebody.page.get_by_text("Bruker andre denne enheten?").first.click()
    somebody.page.get_by_text("Da står ikke lappen i nettleserens historikk").wait_for()
    somebody.seen.keep(f"library-typed-{'script' if with_script else 'plain'}")
    somebody.press("Begynn")
    somebody.choose("OPP1", 1)
    somebody.press("Nynorsk")
    somebody.page.get_by_text("Kor lenge har du vore").wait_for()
    go_on(somebody, 6, "Gå vidare")
    somebody.press("Send svaret")
    somebody.page.get_by_role("heading", name="Takk! Svaret ditt er levert.").wait_for()
    history = somebody.page.context.new_cdp_session(somebody.page).send("Page.getNavigationHistory")
    addresses = [entry["url"] for entry in history["entries"]]
    bare = code.replace("-", "")
    assert addresses
    assert not [one for one in addresses if bare in one.upper().replace("-", "")]
    assert opened(centre)[0]["answers"] == {"OPP1": 1}
    assert somebody.kept() == NOTHING


def test_one_who_needs_easy_words(visit: Visit, centre: AskingCentre) -> None:
    """Chosen on the first page, on a phone; everything around the questions stays bokmål."""
    somebody = at_the_screen(visit, centre.codes[0], width=PHONE)
    somebody.press("Bytt til lettlest")
    somebody.page.get_by_text("Spørsmålene er lettleste.").wait_for()
    somebody.seen.is_sound()
    somebody.seen.keep("easy-first")
    somebody.press("Begynn")
    somebody.page.get_by_text("Hvor lenge er eller var du med?").first.wait_for()
    somebody.choose("OPP1", 2)
    somebody.press("Gå videre")
    somebody.page.get_by_text("Noe førte meg til gruppa.").first.wait_for()
    somebody.seen.is_sound()
    somebody.seen.keep("easy-questions")
    go_on(somebody, 5)
    somebody.press("Send svaret")
    somebody.page.get_by_role("heading", name="Takk! Svaret ditt er levert.").wait_for()
    (content,) = opened(centre)
    assert (content["language"], content["answers"]) == ("nb-x-lett", {"OPP1": 2})


def test_no_field_remembers(visit: Visit, centre: AskingCentre) -> None:
    somebody = at_the_screen(visit, centre.codes[0], all_at_once=True, java_script_enabled=False)
    written = somebody.page.locator("form")
    assert {form.get_attribute("autocomplete") for form in written.all()} == {"off"}
    for path in ("/s/", "/angre/"):
        somebody.page.goto(somebody.seen.origin + path)
        assert somebody.page.locator("form").first.get_attribute("autocomplete") == "off"
    assert CoveredAnswer.objects.count() == 0


def test_the_second_of_two_who_share_a_wall_code_is_not_told_it_is_used(
    visit: Visit, centre: AskingCentre
) -> None:
    (wall,) = vault.hand_out(round_ref=centre.ref, group_ref=centre.groups[0], count=1, kind="wall")
    for value in (2, 4):
        somebody = at_the_screen(visit, wall, width=360)
        somebody.press("Begynn")
        somebody.choose("OPP1", value)
        go_on(somebody, PARTS)
        somebody.press("Send svaret")
        somebody.page.get_by_role("heading", name="Takk! Svaret ditt er levert.").wait_for()
    assert sorted(content["answers"]["OPP1"] for content in opened(centre)) == [2, 4]
