"""A20 and the headers of every page: what may a cache, another site or a shared browser keep?

Every address of the resolver is asked, as a visitor and in three roles, so that a new page is tested
from the day it is written. The attacker of A20 is a cache that stores whatever it is allowed to.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

from knutepunkt.people.vocabulary import Role
from tests.answering_case import AskingCentre, asking_centre
from tests.architecture.samples import Centre, build_centre
from tests.architecture.test_two_centres import VISITOR, addresses, client_of
from tests.attacks.measured import Measured, assert_harmless, assert_succeeds

pytestmark = pytest.mark.django_db(databases=["default", "vault"])

ROLES = [Role.COORDINATOR, Role.OPERATOR, Role.APPROVER]


@pytest.fixture
def centre() -> Centre:
    """Return a centre with something behind every address."""
    return build_centre("Fjord")


@pytest.fixture
def asked() -> AskingCentre:
    """Return an open round with slips."""
    return asking_centre(groups=2, slips=4)


def policy_of(response: Any) -> dict[str, list[str]]:
    """Return the content security policy, by directive."""
    parts = response["Content-Security-Policy"].split(";")
    return {words[0]: words[1:] for part in parts if (words := part.split())}


def assert_sound(response: Any, where: str, *, tells: str = "same-origin") -> None:
    """Fail where a page lets anything in from elsewhere, or tells others where it was.

    Staff's forms need to say to this server that they come from it; no other host is told anything.
    """
    assert response["Referrer-Policy"] in ("no-referrer", tells), where
    assert response["X-Content-Type-Options"] == "nosniff", where
    if response.status_code >= 300 or "html" not in response.get("Content-Type", ""):
        return
    policy = policy_of(response)
    assert policy["default-src"] == ["'none'"], where
    assert policy["script-src"] == ["'self'"], where
    assert policy["base-uri"] == policy["frame-ancestors"] == ["'none'"], where
    sources = {source for allowed in policy.values() for source in allowed}
    assert sources <= {"'self'", "'none'", "data:", "blob:"}, where
    assert "data:" not in policy["script-src"] + policy.get("style-src", []), where
    assert response["X-Frame-Options"] == "DENY", where
    page = response.content.decode()
    for script in re.findall(r"<script[^>]*>", page):
        assert "src=" in script or 'type="application/json"' in script, f"{where}: inline script"
    assert not re.search(r"<[^>]+\son[a-z]+=", page), f"{where}: inline handler"


@pytest.mark.parametrize("role", [*ROLES, VISITOR])
def test_every_page_is_strict_and_keeps_to_itself(centre: Centre, role: str) -> None:
    client, seen = client_of(centre, role), 0
    for address in addresses():
        response = client.get(address.filled(centre))
        where = f"{address.name} as {role}"
        assert_sound(response, where)
        signed_in = role != VISITOR and response.status_code == 200
        if signed_in and address.name != "account_logout":
            assert "no-store" in response.get("Cache-Control", ""), where
        seen += response.status_code == 200
    assert seen >= 3


def answering_responses(asked: AskingCentre, client: Client) -> Iterator[tuple[str, Any]]:
    """Yield every kind of page a participant can meet."""
    code, other = asked.codes[:2]
    unknown = uuid.uuid4().hex
    for path in ("/s/", f"/s/{code}", f"/s/{code}?vis=alt", f"/s/{unknown}", "/angre/", "/s/x/y/z"):
        yield f"GET {path[:4]}", client.get(path)
        yield f"HEAD {path[:4]}", client.head(path)
        yield f"POST {path[:4]}", client.post(path, {"code": other, "words": "sol", "go": "start"})
        yield f"PUT {path[:4]}", client.put(path)
    yield "too large", client.post(f"/s/{code}", b"x" * 300_000, content_type="application/json")
    yield "nonsense", client.post(f"/s/{code}", b"{", content_type="application/json")


def test_every_answering_page_is_strict_sets_no_cookie_and_is_kept_nowhere(
    asked: AskingCentre,
) -> None:
    client = Client()
    for where, response in answering_responses(asked, client):
        assert_sound(response, where, tells="no-referrer")
        assert "no-store" in response["Cache-Control"], where
        assert "noindex" in response["X-Robots-Tag"], where
        assert not response.cookies, where
        assert response["Cross-Origin-Resource-Policy"] == "same-origin", where
    assert not client.cookies


@override_settings(SECURE_HSTS_SECONDS=31536000, SECURE_HSTS_INCLUDE_SUBDOMAINS=True)
def test_a_browser_is_told_to_come_back_by_https_alone(asked: AskingCentre) -> None:
    client = Client()
    for path in ("/", "/s/", f"/s/{asked.codes[0]}", "/angre/", "/finnes-ikke/"):
        response = client.get(path, secure=True)
        assert response["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains", path


def may_be_stored(response: HttpResponse) -> bool:
    """Say what RFC 9111, section 3, lets a cache store, and 4.3 lets it ask about again."""
    control = response.get("Cache-Control", "").lower()
    if "no-store" in control:
        return False
    return any(name in response for name in ("ETag", "Last-Modified", "Expires", "Cache-Control"))


def test_a20_no_cache_may_store_an_answering_page(asked: AskingCentre) -> None:
    tries = hits = 0
    for _where, response in answering_responses(asked, Client()):
        hits += may_be_stored(response) or "ETag" in response or "Last-Modified" in response
        tries += 1
    says = "store or ask again about a participant's page in a cache"
    assert_harmless(Measured("A20", says, tries, hits, 0.0, hits))


def test_a20_a_conditional_request_tells_nothing(asked: AskingCentre) -> None:
    """He asks again with every condition a cache may use; "not modified" would tell of a visit."""
    client, told, tries = Client(), 0, 0
    for code in asked.codes:
        first = client.get(f"/s/{code}")
        for name in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE"):
            value = "Wed, 25 Nov 2099 00:00:00 GMT" if "SINCE" in name else "*"
            again = client.get(f"/s/{code}", **{name: value})
            told += (again.status_code, again.content) != (first.status_code, first.content)
            tries += 1
    says = "learn from conditional requests whether somebody was there"
    assert_harmless(Measured("A20", says, tries, told, 0.0, told))


def test_a20_has_teeth_against_a_page_with_an_ordinary_etag() -> None:
    plain = HttpResponse("spørsmål")
    plain["ETag"], plain["Cache-Control"] = '"1"', "private, max-age=60"
    stored = may_be_stored(plain)
    says = "store or ask again about a participant's page in a cache"
    assert_succeeds(Measured("A20", says, 1, stored, 0.0, stored, "a page with an ETag"))


def test_static_files_carry_no_mark_of_a_visitor(asked: AskingCentre) -> None:
    """A25: a file's ETag or date could follow a browser; two visitors must get the same ones."""
    page = Client().get(f"/s/{asked.codes[0]}").content.decode()
    loaded = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert loaded
    for address in loaded:
        first, second = Client().get(address), Client().get(address)
        for name in ("ETag", "Last-Modified", "Set-Cookie"):
            assert first.get(name) == second.get(name), address
    assert reverse("answering-code") == "/s/"
