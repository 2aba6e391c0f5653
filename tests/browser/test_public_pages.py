"""Can everyone read the public pages, at two widths and in three languages?"""

from __future__ import annotations

import pytest

from tests.browser import LANGUAGES, PHONE, WIDTHS
from tests.browser.conftest import Visit

ADDRESSES = {
    "home": "/",
    "protection": "/slik-verner-vi-svarene/",
    "accessibility": "/tilgjengelighet/",
    "privacy": "/personvern/",
    "contact": "/kontakt/",
    "sign-in": "/konto/login/",
    "not-found": "/finnes-ikke/",
}
#: The whole answering page with its styles, compressed.
HEAVIEST_ANSWERING_PAGE = 60_000

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_public_pages_are_sound(visit: Visit, width: int, language: str) -> None:
    for name, address in ADDRESSES.items():
        seen = visit(address, width=width, language=language)
        if name == "not-found":
            # The browser itself remarks on the status.
            seen.said.clear()
        seen.is_sound()
        seen.keep(name)


def test_an_unsound_page_is_noticed(visit: Visit) -> None:
    seen = visit("/", width=PHONE)
    assert seen.violations() == []
    seen.page.evaluate(
        "document.querySelector('main').innerHTML = "
        '\'<img src="/static/site/mark.svg"><p class="wide">x</p>\''
    )
    seen.page.evaluate("document.querySelector('.wide').style.minWidth = '2000px'")
    assert any(line.startswith("image-alt") for line in seen.violations())
    assert seen.overflow() > 1000


def test_the_first_tab_leads_to_the_content(visit: Visit) -> None:
    page = visit("/", width=PHONE).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#innhold"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0


def test_a_page_at_320_pixels_needs_no_sideways_scrolling(visit: Visit) -> None:
    for address in ADDRESSES.values():
        assert visit(address, width=320, language="nn").overflow() <= 0, address


def test_changing_language_keeps_the_page(visit: Visit) -> None:
    page = visit("/personvern/").page
    page.get_by_role("link", name="Nynorsk").click()
    assert page.url.endswith("/personvern/")
    assert page.locator("html").get_attribute("lang") == "nn"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_components_are_sound(visit: Visit, settings: object, width: int, scheme: str) -> None:
    settings.DEBUG = True  # type: ignore[attr-defined]
    seen = visit("/stil/", width=width, color_scheme=scheme)
    seen.is_sound()
    seen.keep(f"components-{scheme}")
    answering = visit("/stil/?svar", width=width, color_scheme=scheme)
    answering.is_sound()
    answering.keep(f"answering-components-{scheme}")


def test_what_is_to_be_mended_has_the_focus(visit: Visit, settings: object) -> None:
    settings.DEBUG = True  # type: ignore[attr-defined]
    page = visit("/stil/").page
    assert page.evaluate("document.activeElement.className") == "ds-error-summary"


def test_an_answering_page_is_light_and_fetches_no_font(visit: Visit, settings: object) -> None:
    settings.DEBUG = True  # type: ignore[attr-defined]
    seen = visit("/stil/?svar", width=PHONE)
    assert 10_000 < seen.weight() <= HEAVIEST_ANSWERING_PAGE
    assert not [r.url for r in seen.responses if "woff" in r.url]
    assert not seen.page.context.cookies()


def test_targets_are_large_enough_for_a_thumb(visit: Visit, settings: object) -> None:
    settings.DEBUG = True  # type: ignore[attr-defined]
    page = visit("/stil/?svar", width=PHONE).page
    heights = page.eval_on_selector_all(
        ".kp-point, .ds-button, summary",
        "all => all.filter(e => e.offsetParent).map(e => e.getBoundingClientRect().height)",
    )
    assert len(heights) > 10
    assert min(heights) >= 48


def test_three_times_shift_leaves_an_answering_page(visit: Visit, settings: object) -> None:
    settings.DEBUG = True  # type: ignore[attr-defined]
    page = visit("/stil/?svar").page
    left: list[str] = []
    page.route("https://www.yr.no/**", lambda route: (left.append("yr"), route.abort()))
    for _ in range(2):
        page.keyboard.press("Shift")
    page.wait_for_timeout(100)
    assert left == []
    page.keyboard.press("Shift")
    page.wait_for_timeout(300)
    assert left == ["yr"]
