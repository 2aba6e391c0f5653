"""Is every page of every role sound for axe, and narrow enough for a phone?

The pages are fetched as in the walk without a browser, and shown to one browser from memory: no
server, and each page is loaded once. A page built of the same pieces as one already seen is the
same page to axe, whoever it belongs to, and is not looked at twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, Route

from tests.browser import HEIGHT, PHONE
from tests.populated import people_in_every_role
from tests.unit.site.walking import FIRST_FOR_ALL, FIRST_FOR_STAFF, Walk, kind_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "vault"]),
]
HOST = "http://knutepunkt.example"
#: What a page is built of, for axe: its elements with class, role and kind; not what they say.
PIECE = re.compile(r'<(\w+)((?:\s+(?:class|role|type)="[^"]*")*)')
#: Kinds of page that must have been looked at; fewer means that the walk stopped early.
FEWEST = 60


@dataclass
class Phone:
    """A browser as wide as a phone, shown one page after the other."""

    page: Page
    address: str = ""
    answer: Any = None
    seen: set[tuple[str, frozenset[tuple[str, str]]]] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)

    def look(self, address: str, answer: Any) -> list[str]:
        """Show a page, and return what is wrong with it; nothing where its like has been seen."""
        kind = kind_of(address)
        pieces = frozenset(PIECE.findall(answer.text))
        if (kind, pieces) in self.seen:
            return []
        self.seen.add((kind, pieces))
        self.kinds.add(kind)
        self.address, self.answer = address, answer
        self.page.goto(HOST + address)
        wider = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        found = Axe().run(self.page).response["violations"]
        wrong = [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]
        return wrong + ([f"{wider} pixels wider than a phone"] if wider > 0 else [])

    def give(self, route: Route) -> None:
        """Answer the browser: the page it is shown, a static file, or nothing."""
        asked = urlsplit(route.request.url)
        if route.request.is_navigation_request():
            headers = dict(self.answer.items())
            route.fulfill(status=200, headers=headers, body=self.answer.content)
        elif found := finders.find(asked.path.removeprefix("/static/")):
            route.fulfill(path=found)
        else:
            route.fulfill(status=404, body="")


@pytest.fixture
def phone(browser: Browser) -> Any:
    context = browser.new_context(
        viewport={"width": PHONE, "height": HEIGHT}, reduced_motion="reduce"
    )
    phone = Phone(context.new_page())
    context.route("**/*", phone.give)
    yield phone
    context.close()


def test_every_page_of_every_role_is_sound_on_a_phone(
    phone: Phone, settings: Any, tmp_path: Path
) -> None:
    settings.KEY_DIR, settings.TRANSPORT_DIR = tmp_path / "keys", tmp_path / "transport"
    wrong: list[str] = []
    for person in (None, *people_in_every_role().values()):
        client = Client(headers={"accept-language": "nb"})
        if person is not None:
            client.force_login(person)
        walk = Walk(client, expected={"/finnes-ikke/": 404}, look_closer=phone.look)
        walk.from_(*(FIRST_FOR_STAFF if person else FIRST_FOR_ALL))
        wrong += [f"{person or 'public'}: {line}" for line in walk.problems]
    assert not wrong, "\n".join(wrong)
    assert len(phone.kinds) >= FEWEST, sorted(phone.kinds)


def test_a_planted_fault_is_found(phone: Phone) -> None:
    text = (
        '<html lang="nb"><title>Prøve</title><main><h1>Prøve</h1><img src="/static/site/mark.svg">'
        '<div style="min-width: 2000px">Bred</div></main></html>'
    )
    headers = {"Content-Type": "text/html; charset=utf-8"}
    page = SimpleNamespace(text=text, content=text.encode(), items=headers.items)
    wrong = phone.look("/prove/", page)
    assert any(line.startswith("image-alt") for line in wrong), wrong
    assert any(line.endswith("wider than a phone") for line in wrong), wrong
    assert phone.look("/prove/", page) == []
