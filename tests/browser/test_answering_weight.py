"""How much does a participant download, from where, and under which rules?

Measured as a browser with an empty cache does: every response of the visit, compressed. `pytest -s`
prints the figures.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.answering_case import AskingCentre, asking_centre
from tests.browser.answering import SCRIPT_OF_THE_PAGE, at_the_screen
from tests.browser.conftest import Seen, Visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "vault"], transaction=True),
]
HEAVIEST_PAGE = 60_000
#: Both pages and the script, which the design does not count in the page.
HEAVIEST_WITH_SCRIPT = 70_000


@pytest.fixture(autouse=True)
def _keys_apart(settings: Any, tmp_path: Path) -> None:
    settings.KEY_DIR = tmp_path / "keys"
    settings.TRANSPORT_DIR = tmp_path / "transport"


@pytest.fixture
def centre() -> AskingCentre:
    return asking_centre()


def told(what: str, seen: Seen) -> int:
    weight = seen.weight()
    kinds = {urlsplit(each.url).path.rsplit(".", 1)[-1] for each in seen.responses}
    line = f"{what}: {weight} bytes compressed, {len(seen.responses)} responses, {sorted(kinds)}"
    sys.stdout.write(line + "\n")
    return weight


@pytest.mark.parametrize("all_at_once", [False, True])
def test_a_page_with_its_styles_is_light(
    visit: Visit, centre: AskingCentre, all_at_once: bool
) -> None:
    """The page, its styles, its icon and the small script for leaving; no font file."""
    somebody = at_the_screen(
        visit, centre.codes[0], all_at_once=all_at_once, without=SCRIPT_OF_THE_PAGE
    )
    somebody.page.wait_for_load_state("networkidle")
    assert told("page", somebody.seen) <= HEAVIEST_PAGE
    assert not any(each.url.endswith(".woff2") for each in somebody.seen.responses)


def test_the_whole_visit_with_its_script_is_light_and_asks_no_other_host(
    visit: Visit, centre: AskingCentre
) -> None:
    """The first page, its script, and all the questions, which the script fetches meanwhile."""
    somebody = at_the_screen(visit, centre.codes[0])
    asked: list[str] = []
    somebody.page.context.on("request", lambda request: asked.append(request.url))
    somebody.page.wait_for_load_state("networkidle")
    assert told("page, script and questions", somebody.seen) <= HEAVIEST_WITH_SCRIPT
    before = len(somebody.seen.responses)
    somebody.press("Begynn")
    for _part in range(6):
        somebody.press("Gå videre")
    # Nothing is fetched for a part: what somebody skips or reads shows in no request.
    fetched = [each.url for each in somebody.seen.responses[before:] if "icon-" not in each.url]
    assert fetched == []
    somebody.press("Send svaret")
    somebody.page.get_by_role("heading", name="Takk! Svaret ditt er levert.").wait_for()
    assert somebody.seen.foreign_requests() == []
    here = urlsplit(somebody.seen.origin).netloc
    assert {urlsplit(each).netloc for each in asked} <= {here}


def test_the_rules_forbid_what_the_pages_do_not_do(visit: Visit, centre: AskingCentre) -> None:
    somebody = at_the_screen(visit, centre.codes[0])
    page = next(each for each in somebody.seen.responses if "/s/" in each.url)
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert page.headers["cache-control"].startswith("no-store")
    inline = somebody.page.evaluate(
        "[...document.querySelectorAll('script:not([src]), style, [style], [onclick], [onload]')].length"
    )
    assert inline == 0
    # The policy is kept, not only sent: a script written into the page does not run.
    ran = somebody.page.evaluate(
        """() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';
            document.body.append(s); return window.ran === 1 }"""
    )
    assert not ran
