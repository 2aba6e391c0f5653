"""How does a test walk every page a person can reach, without a browser?"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

#: Files, other languages of the same page, and the way out are not pages to walk.
NOT_WALKED = re.compile(
    r"^/(sprak|static)/|^/konto/logout/|/fil/|/papir/|/mal\.xlsx$|/liste\.|\?lang=|"
    r"/konto/2fa/recovery-codes/download/"
)
#: Where a walk begins, for those who have signed in and for everybody.
FIRST_FOR_STAFF = ("/min-side/", "/min-konto/")
FIRST_FOR_ALL = ("/", "/angre/", "/konto/login/", "/finnes-ikke/", "/konto/signup/")
#: Pages of one kind that are looked at; more of the same kind look the same.
OF_EACH_KIND = 2
UNIQUE = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Z0-9]{3}-[A-Z0-9]{3}-[A-Z0-9]{3}|\d+"
)
#: A paper has its language in its address, whatever the language of the site.
OWN_LANGUAGE = re.compile(r"(?<=/)(nb|nn|en)/$")
FILLED = re.compile(r'<(?:a|button) class="ds-button"(?![^>]*data-variant)[^>]*>')
LANGUAGE = re.compile(r'<html lang="(\w+)"')


class Links(HTMLParser):
    """Collects the addresses a page leads to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the address of a link."""
        held = dict(attrs)
        if tag == "a" and held.get("href"):
            self.addresses.append(held["href"] or "")


def kind_of(address: str) -> str:
    """Return the address without what makes it one page among many."""
    return OWN_LANGUAGE.sub("*/", UNIQUE.sub("*", address))


@dataclass
class Walk:
    """Every page reachable from some first ones, found without a browser."""

    client: Client
    #: Kinds of pages that may be answered with something else than 200, and with what.
    expected: dict[str, int] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    #: What else is wrong with a page, by whoever looks closer: a browser, for one.
    look_closer: Callable[[str, Any], list[str]] | None = None

    def from_(self, *first: str) -> Walk:
        """Follow links until nothing new turns up; a link that leads nowhere is a problem."""
        waiting, counted = list(first), dict[str, int]()
        while waiting:
            address = waiting.pop(0)
            kind = kind_of(address)
            if address in self.found or counted.get(kind, 0) >= OF_EACH_KIND:
                continue
            counted[kind] = counted.get(kind, 0) + 1
            waiting += self._links_of(address)
        return self

    def _links_of(self, address: str) -> list[str]:
        answer = self.client.get(address, follow=True)
        if answer.status_code != self.expected.get(address, 200):
            self.problems.append(f"{address} answers {answer.status_code}")
        if not answer["Content-Type"].startswith("text/html"):
            return []
        links = Links(answer.text)
        self.problems += [f"{address}: {line}" for line in wrong_with(address, answer.text)]
        if self.look_closer is not None:
            self.problems += [f"{address}: {line}" for line in self.look_closer(address, answer)]
        self.found.append(address)
        return [whole for link in links.addresses if (whole := _inside(link, address))]


def _inside(link: str, page: str) -> str:
    """Return the address a link leads to on this site, or nothing for other links."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or link.startswith("#"):
        return ""
    path = parts.path or urlsplit(page).path
    whole = f"{path}?{parts.query}" if parts.query else path
    return "" if NOT_WALKED.search(whole) else whole


def wrong_with(address: str, page: str) -> list[str]:
    """Return what is wrong with a page that can be seen in its text, a line each."""
    own = OWN_LANGUAGE.search(address)
    language = LANGUAGE.search(page)
    body = page[page.index("<main") :]
    found = [
        (len(FILLED.findall(page)) > 1, "more than one filled button"),
        (body.count("<h1") != 1, "not one first heading"),
        ("<a " not in page.partition("</a>")[2], "no way on"),
        (" style=" in page or " onclick=" in page, "what our own policy forbids"),
        (
            language is None or language.group(1) != (own.group(1) if own else "nb"),
            "another language",
        ),
    ]
    return [line for is_wrong, line in found if is_wrong]
