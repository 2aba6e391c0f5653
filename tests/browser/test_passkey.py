"""Can somebody add a passkey in a browser, and sign in with it and nothing else?

The authenticator is Chromium's own virtual one: it makes real keys and signs real challenges.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from knutepunkt.people.models import Person
from tests.browser import DESK, PHONE
from tests.browser.conftest import Visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "vault"], transaction=True),
]
PASSWORD = "en lang setning om fjord og fjell"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_passkey_is_added_and_opens_the_door(
    visit: Visit, session_of: Callable[[Any], str], live_server: Any, settings: Any, width: int
) -> None:
    # Browsers give passkeys to names, and to this machine under its name alone.
    settings.ALLOWED_HOSTS = ["*"]
    origin = live_server.url.replace("127.0.0.1", "localhost")
    person = Person.objects.create_user(email="marit@example.org", name="Marit", password=PASSWORD)
    seen = visit("/", width=width)
    page, session = seen.page, seen.page.context.new_cdp_session(seen.page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto(origin + reverse("account_login"))
    page.locator("input[name=login]").fill(person.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[name=password]) button").first.click()
    page.wait_for_load_state("networkidle")
    page.goto(origin + reverse("mfa_add_webauthn"))
    if page.locator("input[name=password]").count():
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("form:has(input[name=password]) button").first.click()
        page.wait_for_load_state("networkidle")
    page.screenshot(path=str(seen.keep("passkey-add")), full_page=True)
    passwordless = page.locator("input[name=passwordless]")
    if passwordless.count():
        passwordless.check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: "webauthn/add" not in url)
    seen.keep("passkey-added")
    assert Authenticator.objects.filter(user=person, type="webauthn").count() == 1
    page.context.clear_cookies()
    page.goto(origin + reverse("account_login"))
    seen.keep("passkey-sign-in")
    page.locator("#passkey_login").click()
    page.wait_for_url(lambda url: reverse("account_login") not in url)
    page.goto(origin + reverse("mfa_index"))
    assert page.url.endswith(reverse("mfa_index")), "signed in without a password"
