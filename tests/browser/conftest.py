"""What do browser tests share: a browser, a server, pages at two widths, axe, screenshots?

A test asks for ``visit`` and gets a page in a language and at a width, on a live server:

    @pytest.mark.browser
    def test_something(visit: Visit) -> None:
        seen = visit("/", width=360, language="nn")
        seen.page.get_by_role("link", name="Logg inn").click()
        seen.is_sound()          # axe, no overflow, no console message, no other host
        seen.keep("sign-in")     # var/screenshots/sign-in-360-nn.png
"""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

from tests.browser import DEFAULT_WIDTH, HEIGHT

REPOSITORY = Path(__file__).resolve().parents[2]
SCREENSHOTS = REPOSITORY / "var" / "screenshots"
REQUIRED = {word.strip() for word in os.environ.get("KNUTEPUNKT_REQUIRE", "").split(",")}
#: Playwright refuses to run where an event loop is; Django refuses where it suspects one.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def chromium() -> str | None:
    """Return the path of a Chromium on this machine."""
    named = os.environ.get("KNUTEPUNKT_CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return named or next((found for name in names if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a running Chromium; skip by name where there is none, unless it is required."""
    path = chromium()
    if path is None:
        reason = "no Chromium: install chromium, or name one in KNUTEPUNKT_CHROMIUM"
        if "browser" in REQUIRED:
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield running
        running.close()


@dataclass
class Seen:
    """One page as a reader sees it, and what it loaded on the way."""

    page: Page
    width: int
    language: str
    origin: str
    responses: list[Response] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def foreign_requests(self) -> list[str]:
        """Return addresses on other hosts that the page asked for."""
        here = urlsplit(self.origin).netloc
        return [r.url for r in self.responses if urlsplit(r.url).netloc not in {here, ""}]

    def violations(self) -> list[str]:
        """Return what axe finds against WCAG 2.2 A and AA and good practice, a line each."""
        # An animation half done has colours that nobody reads.
        self.page.wait_for_function(
            "document.getAnimations().every(a => a.playState !== 'running')"
        )
        # What keeps the rules need not be told: that takes as long as finding what does not.
        ran = Axe().run(self.page, options={"resultTypes": ["violations"]})
        found: list[dict[str, Any]] = ran.response["violations"]
        return [
            f"{one['id']}: {node['html'][:160]} ({node.get('failureSummary', '')[:200]})"
            for one in found
            for node in one["nodes"]
        ]

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))

    def weight(self) -> int:
        """Return the bytes of the page and everything it loaded, compressed as a server would."""
        return sum(len(gzip.compress(r.body(), 6)) for r in self.responses if r.ok)

    def is_sound(self) -> None:
        """Fail with what is wrong: accessibility, width, console messages, other hosts."""
        assert self.violations() == []
        assert self.overflow() <= 0
        assert self.said == []
        assert self.foreign_requests() == []

    def keep(self, name: str) -> Path:
        """Write a picture of the whole page to var/screenshots, to be looked at."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        path = SCREENSHOTS / f"{name}-{self.width}-{self.language}.png"
        self.page.screenshot(path=str(path), full_page=True)
        return path


Visit = Callable[..., Seen]


@pytest.fixture
def visit(browser: Browser, live_server: Any, transactional_db: None) -> Iterator[Visit]:
    """Return a function that opens an address of the live server in a fresh browser context."""
    contexts: list[BrowserContext] = []

    def open_page(
        address: str,
        *,
        width: int = DEFAULT_WIDTH,
        language: str = "nb",
        signed_in: str | None = None,
        without: str = "",
        **options: Any,
    ) -> Seen:
        context = browser.new_context(
            viewport={"width": width, "height": HEIGHT},
            locale=language,
            extra_http_headers={"Accept-Language": language},
            **options,
        )
        contexts.append(context)
        if without:  # a script that never comes, in a browser that could run it: axe needs one
            context.route(without, lambda route: route.fulfill(content_type="text/javascript"))
        if signed_in is not None:
            context.add_cookies([{"name": "sessionid", "value": signed_in, "url": live_server.url}])
        seen = Seen(context.new_page(), width, language, live_server.url)
        seen.page.on("response", lambda response: seen.responses.append(response))
        seen.page.on("console", lambda message: seen.said.append(message.text))
        seen.page.on("pageerror", lambda error: seen.said.append(str(error)))
        seen.page.goto(live_server.url + address)
        return seen

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def session_of() -> Callable[[Any], str]:
    """Return a function that signs a person in and gives the session's key for ``signed_in``."""
    from django.test import Client

    def sign_in(person: Any) -> str:
        client = Client()
        client.force_login(person)
        return client.cookies["sessionid"].value

    return sign_in
