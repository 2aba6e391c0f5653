"""Can somebody with an account sign in through an OpenID provider, and nobody else?

The provider is real: a library's own server on this machine, asked over HTTP.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from django.test import Client
from django.urls import reverse

from knutepunkt.config.environment import oidc_apps
from knutepunkt.people.models import Person

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import oidc_provider_mock
    from oidc_provider_mock import User

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Provider:
    """A running provider, and how one signs in there."""

    address: str

    def sign_in(self, client: Client, sub: str, *, path: str | None = None) -> Any:
        """Go to the provider, be ``sub`` there, and come back; return the last page."""
        begun = client.get(path or reverse("openid_connect_login", args=["feide"]))
        assert begun.status_code == 302, begun.text
        assert begun["Location"].startswith(self.address)
        assert "code_challenge=" in begun["Location"]
        there = requests.post(
            begun["Location"], data={"sub": sub}, allow_redirects=False, timeout=10
        )
        back = re.sub(r"^https?://[^/]+", "", there.headers["Location"])
        return client.get(back, follow=True)


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    """Start the provider with three people; two have an address that it vouches for."""
    people = (
        User(sub="marit", claims={"email": "Marit@example.org", "email_verified": True}),
        User(sub="stranger", claims={"email": "ukjent@example.org", "email_verified": True}),
        User(sub="liar", claims={"email": "marit@example.org", "email_verified": False}),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with oidc_provider_mock.run_server_in_thread(user_claims=people) as server:
            address = f"http://localhost:{server.server_port}"
            apps = oidc_apps(
                '[{"id": "feide", "name": "Feide", "client_id": "k", "secret": "s", '
                f'"server_url": "{address}"}}]'
            )
            settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": apps}}
            yield Provider(address)


@pytest.fixture
def marit() -> Person:
    """Return somebody with an account."""
    return Person.objects.create_user("marit@example.org", "fire-ville-ender-i-regn", name="Marit")


def test_the_sign_in_page_offers_the_provider(client: Client, provider: Provider) -> None:
    page = client.get(reverse("account_login"), headers={"accept-language": "nn"}).text
    assert "Eller logg inn med" in page
    assert ">Feide</a>" in page


def test_the_account_with_the_address_is_signed_in(
    client: Client, provider: Provider, marit: Person
) -> None:
    page = provider.sign_in(client, "marit")
    assert page.redirect_chain[-1][0] == reverse("site:start")
    assert client.get(reverse("people:account")).context["person"] == marit
    # The next time the identity is known, whatever address it comes with.
    marit.email = "ny@example.org"
    marit.save()
    again = Client()
    provider.sign_in(again, "marit")
    assert again.get(reverse("people:account")).context["person"] == marit


def test_nobody_gets_an_account_by_signing_in(
    client: Client, provider: Provider, marit: Person
) -> None:
    page = provider.sign_in(client, "stranger")
    assert "Kontoer kommer med invitasjon" in page.text
    assert Person.objects.count() == 1
    assert client.get(reverse("people:account")).status_code == 302


def test_an_address_the_provider_does_not_vouch_for_opens_nothing(
    client: Client, provider: Provider, marit: Person
) -> None:
    provider.sign_in(client, "liar")
    assert client.get(reverse("people:account")).status_code == 302


def test_whoever_is_signed_in_can_connect_an_identity_without_address(
    client: Client, provider: Provider, marit: Person
) -> None:
    client.force_login(marit)
    page = client.get(reverse("socialaccount_connections")).text
    path = re.search(r'href="(/konto/oidc/feide/login/[^"]+)"', page)
    assert path is not None
    provider.sign_in(client, "nameless", path=path.group(1).replace("&amp;", "&"))
    fresh = Client()
    provider.sign_in(fresh, "nameless")
    assert fresh.get(reverse("people:account")).context["person"] == marit


def test_who_says_no_at_the_provider_comes_back_to_a_sentence(
    client: Client, provider: Provider
) -> None:
    begun = client.get(reverse("openid_connect_login", args=["feide"]))
    there = requests.post(
        begun["Location"], data={"action": "deny"}, allow_redirects=False, timeout=10
    )
    back = re.sub(r"^https?://[^/]+", "", there.headers["Location"])
    page = client.get(back, follow=True, headers={"accept-language": "nb"}).text
    assert "Innloggingen" in page
