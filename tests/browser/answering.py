"""What do browser tests of answering share: a round that asks, and a participant at a screen?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator

from knutepunkt.responses import actions as vault
from knutepunkt.responses import queries as vault_queries
from tests.answering_case import AskingCentre
from tests.browser.conftest import Seen, Visit

#: For ``without``: the page's own way, but with a browser that axe can run in.
SCRIPT_OF_THE_PAGE = "**/answering/built/answering.js"
#: What a browser can keep of a visit beside cookies.
KEPT = """async () => ({
    local: Object.keys(localStorage), session: Object.keys(sessionStorage),
    caches: self.caches ? await caches.keys() : [],
    databases: indexedDB.databases ? (await indexedDB.databases()).map(d => d.name) : [],
    workers: navigator.serviceWorker
        ? (await navigator.serviceWorker.getRegistrations()).length : 0,
    cookies: document.cookie,
})"""
NOTHING = {
    "local": [], "session": [], "caches": [], "databases": [], "workers": 0, "cookies": "",
}  # fmt: skip


def opened(centre: AskingCentre) -> list[dict[str, Any]]:
    """Close the round and return what was in it."""
    vault.close_round(round_ref=centre.ref)
    return [dict(answer.content) for answer in vault_queries.opened_answers(centre.ref).answers]


@dataclass
class AtTheScreen:
    """A participant who has opened a slip's address."""

    seen: Seen
    posted: list[str]

    @property
    def page(self) -> Any:
        """The page."""
        return self.seen.page

    def press(self, name: str) -> None:
        """Press the button or link with this name."""
        self.named(name).first.click()

    def named(self, name: str) -> Locator:
        """Return the visible buttons and links with this name."""
        found = self.page.get_by_role("button", name=name, exact=True)
        return found.or_(self.page.get_by_role("link", name=name, exact=True))

    def choose(self, item: str, value: int) -> None:
        """Choose an answer by pressing its row."""
        self.page.locator(f'label:has(input[name="{item}"][value="{value}"])').click()

    def heading(self) -> str:
        """Return the heading a screen reader would read first."""
        return str(self.page.get_by_role("heading", level=1).first.inner_text())

    def kept(self) -> dict[str, Any]:
        """Return what the browser keeps of this site."""
        found: dict[str, Any] = self.page.evaluate(KEPT)
        return found


def at_the_screen(
    visit: Visit, code: str, *, language: str = "nb", all_at_once: bool = False, **options: Any
) -> AtTheScreen:
    """Open a slip's address; what the page posts is noted."""
    posted: list[str] = []
    address = f"/s/{code}?lang={language}" + ("&vis=alt" if all_at_once else "")
    seen = visit(address, language=language, **options)
    seen.page.set_default_timeout(8000)
    seen.page.on("request", lambda r: posted.append(r.post_data or "") if r.method == "POST" else 0)
    return AtTheScreen(seen, posted)
